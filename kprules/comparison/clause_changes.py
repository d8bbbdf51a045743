"""What becomes of each clause of a text in another text.

Guarantee: the changes, applied to the one text, give the other; of a clause that was widened or
narrowed they tell what was put beside the form it had. A line in here touches texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from kprules.checking.amendments import Finished
from kprules.checking.walk import stripped
from kprules.syntax import tree

Kind = Literal[
    "kept", "reworded", "replaced", "removed", "added", "widened", "narrowed",
    "no longer widened", "no longer narrowed", "changed inside",
]  # fmt: skip
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
    return tuple(_matched(held(old), held(new)))


def held(clause: tree.Clause | None) -> tuple[tree.Clause, ...]:
    """Return the clauses inside one."""
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
    older, newer = _layers(before), _layers(after)
    if newer > older:
        return _around(before, after)
    if older > newer:
        return _within(before, after)
    first, second = _clauses(before.form), _clauses(after.form)
    if first is not None and second is not None and first[0] == second[0]:
        inside = tuple(_matched(first[1], second[1]))
        if older:
            return _beside(before, after, inside)
        return ClauseChange("changed inside", label, before, after, inside)
    if older:  # the one widened, the other narrowed
        return _around(before, after)
    return ClauseChange("replaced", label, before, after)


def _former(clause: tree.Clause) -> tuple[tree.Clause, tuple[tree.Clause, ...]] | None:
    """Return a clause as it was before it was widened or narrowed, and what was put beside that."""
    form = stripped(clause.form)
    if not isinstance(form, tree.Group) or form.kind == "none" or not form.clauses:
        return None
    former, *more = form.clauses
    if former.label.text != clause.label.text + _BEFORE:
        return None
    return replace(former, label=clause.label, words=clause.words), tuple(more)


def _layers(clause: tree.Clause) -> int:
    """Count the former forms that a clause keeps, one within the other."""
    found = _former(clause)
    return 0 if found is None else 1 + _layers(found[0])


def _around(before: tree.Clause, after: tree.Clause) -> ClauseChange:
    """Return the change where the variant keeps the former form beside new clauses."""
    former, more = _former(after) or (after, ())
    kept = _changed(before, replace(former, words=before.words))
    added = [ClauseChange("added", clause.label.text, None, clause) for clause in more]
    kind: Kind = "widened" if _is_any(after) else "narrowed"
    return ClauseChange(kind, before.label.text, before, after, (*_inside(kept), *added))


def _within(before: tree.Clause, after: tree.Clause) -> ClauseChange:
    """Return the change where the base keeps a former form beside clauses that now are gone."""
    former, more = _former(before) or (before, ())
    kept = _changed(replace(former, words=after.words), after)
    gone = [ClauseChange("removed", clause.label.text, clause, None) for clause in more]
    kind: Kind = "no longer widened" if _is_any(before) else "no longer narrowed"
    return ClauseChange(kind, before.label.text, before, after, (*gone, *_inside(kept)))


def _beside(
    before: tree.Clause, after: tree.Clause, inside: tuple[ClauseChange, ...]
) -> ClauseChange:
    """Return the change where both sides keep the former form, each beside clauses of its own."""
    changed = tuple(change for change in inside if change.kind != "kept")
    kinds = {change.kind for change in changed}
    kind: Kind = "changed inside"
    if kinds == {"added"}:
        kind = "widened" if _is_any(after) else "narrowed"
    elif kinds == {"removed"}:
        kind = "no longer widened" if _is_any(after) else "no longer narrowed"
    elif inside[0].kind == "kept":
        changed = inside[1:]
    else:
        changed = inside
    return ClauseChange(kind, before.label.text, before, after, changed)


def _inside(kept: ClauseChange) -> tuple[ClauseChange, ...]:
    """Return what to tell of a former form: nothing where it was kept."""
    match kept.kind:
        case "changed inside":
            return kept.inside
        case "kept":
            return ()
        case _:
            return (kept,)


def _is_any(clause: tree.Clause) -> bool:
    form = stripped(clause.form)
    return isinstance(form, tree.Group) and form.kind == "any"


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
