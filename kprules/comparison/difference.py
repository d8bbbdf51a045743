"""What a variant changes: clause by clause in the authors' words, and case by case.

Guarantee: the clause changes, applied to the base text, give the variant's; each case change names
the outcome before and after, which are the matrix's. A line in here touches texts and outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kprules.checking.amendments import Finished
from kprules.checking.walk import stripped
from kprules.comparison.conditions import Conditions
from kprules.comparison.matrix import Subject, matrix, result_of
from kprules.evaluation.outcome import Result
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Definition, choose
from kprules.proof.relations import Relation, relate
from kprules.syntax import tree

Kind = Literal[
    "kept", "reworded", "replaced", "removed", "added", "widened", "narrowed", "changed inside"
]
"""`changed inside`: the clause stays as it is but for changes to the clauses that it holds."""
_BEFORE = " (before)"


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """What became of one clause: the clause before, the clause after, and the changes inside it."""

    kind: Kind
    label: str
    before: tree.Clause | None
    after: tree.Clause | None
    inside: tuple[ClauseChange, ...] = ()
    exception: bool = False

    def walk(self) -> Iterator[ClauseChange]:
        """Yield this change and all inside it."""
        yield self
        for change in self.inside:
            yield from change.walk()


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case whose outcome differs."""

    subject: Subject
    before: Outcome
    after: Outcome
    reasons: tuple[Result, Result]
    """The outcomes before and after, with their reasons."""

    @property
    def kind(self) -> Literal["gained", "lost", "settled", "unsettled"]:
        """Gained and lost are between captured and not; the others leave or reach undetermined."""
        if self.after is Outcome.UNDETERMINED:
            return "unsettled"
        if self.before is Outcome.UNDETERMINED:
            return "settled"
        return "gained" if self.after is Outcome.CAPTURED else "lost"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two definitions beside each other."""

    base: Definition
    variant: Definition
    clauses: tuple[ClauseChange, ...]
    """What became of `captures`, then of each exception."""
    cases: tuple[CaseChange, ...]
    same: int
    """How many cases have the same outcome under both."""
    conditions: Conditions
    relation: Relation | None = None
    """How the two lie to each other over all possible cases, where that was asked for."""


def difference(
    base: Definition,
    variant: Definition,
    texts: tuple[Finished, Finished],
    subjects: Iterable[Subject],
    conditions: Conditions,
    *,
    prove: bool = False,
) -> Difference:
    """Set two definitions, with their finished texts, beside each other on some cases.

    `prove` asks besides how they relate over all possible cases, under the readings asked for.
    """
    rows = tuple(subjects)
    cases = []
    if rows:
        before = matrix([base], rows, conditions).outcomes
        after = matrix([variant], rows, conditions).outcomes
        cases = [
            CaseChange(
                row,
                before[row.id][0],
                after[row.id][0],
                (
                    result_of(base, row.record, conditions),
                    result_of(variant, row.record, conditions),
                ),
            )
            for row in sorted(rows, key=lambda r: r.id)
            if before[row.id] != after[row.id]
        ]
    changes = tuple(clause_changes(*texts))
    relation = None
    if prove:
        sides = [choose(side, conditions.reading) for side in (base, variant)]
        relation = relate(*sides)
    same = len(rows) - len(cases)
    return Difference(base, variant, changes, tuple(cases), same, conditions, relation)


def clause_changes(before: Finished, after: Finished) -> Iterator[ClauseChange]:
    """Yield what became of `captures`, then of the exceptions of both texts."""
    yield _changed(before.captures, after.captures)
    for change in _matched(before.exceptions, after.exceptions):
        yield replace(change, exception=True)


def parts(
    change: ClauseChange, *, before: bool = True, after: bool = True
) -> tuple[ClauseChange, ...]:
    """Return the changes to the clauses inside one.

    Of a clause that is gone, new or has another form, they are those of the sides asked for.
    """
    if change.kind not in {"removed", "added", "replaced"}:
        return change.inside
    old, new = change.before if before else None, change.after if after else None
    return tuple(_matched(_held(old), _held(new)))


def _held(clause: tree.Clause | None) -> tuple[tree.Clause, ...]:
    found = None if clause is None else _clauses(clause.form)
    return () if found is None else found[1]


def _matched(before: Iterable[tree.Clause], after: Iterable[tree.Clause]) -> Iterator[ClauseChange]:
    """Pair clauses by their labels: those of the text before in its order, then what is new."""
    new = {clause.label.text: clause for clause in after}
    old = {clause.label.text for clause in before}
    for clause in before:
        found = new.get(clause.label.text)
        if found is None:
            yield ClauseChange("removed", clause.label.text, clause, None)
        else:
            yield _changed(clause, found)
    for label, clause in new.items():
        if label not in old:
            yield ClauseChange("added", label, None, clause)


def _changed(before: tree.Clause, after: tree.Clause) -> ClauseChange:
    label = before.label.text
    same_words = _words(before) == _words(after)
    if before.form == after.form:
        return ClauseChange("kept" if same_words else "reworded", label, before, after)
    widened = _around(before, after)
    if widened is not None:
        return widened
    first, second = _clauses(before.form), _clauses(after.form)
    if first is not None and second is not None and first[0] == second[0]:
        inside = tuple(_matched(first[1], second[1]))
        return ClauseChange("changed inside", label, before, after, inside)
    return ClauseChange("replaced", label, before, after)


def _around(before: tree.Clause, after: tree.Clause) -> ClauseChange | None:
    """Return the change where the variant keeps the former form beside new clauses."""
    form = stripped(after.form)
    label = before.label.text
    if not isinstance(form, tree.Group) or form.kind == "none" or not form.clauses:
        return None
    former, *more = form.clauses
    if former.label.text != label + _BEFORE:
        return None
    kept = _changed(before, replace(former, label=before.label, words=before.words))
    added = [ClauseChange("added", clause.label.text, None, clause) for clause in more]
    kind: Kind = "widened" if form.kind == "any" else "narrowed"
    inside = (
        kept.inside if kept.kind == "changed inside" else () if kept.kind == "kept" else (kept,)
    )
    return ClauseChange(kind, label, before, after, (*inside, *added))


def _clauses(form: tree.Form) -> tuple[object, tuple[tree.Clause, ...]] | None:
    """Return the clauses that a form holds, and all of it that is not clauses."""
    match stripped(form):
        case tree.Group(kind=kind, clauses=clauses):
            return kind, clauses
        case tree.ReadingOf(clauses=clauses):
            return "reading", clauses
        case tree.Quantified(how=how, variable=variable, over=over, where=where, has=has):
            inner = _clauses(has)
            if inner is None:
                return None
            return (how, variable, over, where, inner[0]), inner[1]
        case _:
            return None


def _words(clause: tree.Clause) -> str | None:
    return None if clause.words is None else clause.words.text
