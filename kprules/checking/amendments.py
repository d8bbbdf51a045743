"""Amendments: a finished text, changed by label, in the order written.

Guarantee: `widen` and `narrow` keep the former form whole, as `L (before)`; every mistake is
reported with both places, and leaves the text as it was. What an amendment does not touch stays the
same object. A line in here touches trees as written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import assert_never

from kprules.checking.limits import NESTING
from kprules.checking.places import Change, Places, Roots, added, changed, ways, ways_in
from kprules.checking.room import BEFORE
from kprules.checking.walk import DEEPENS, Measures, Parts, clauses_in, stripped
from kprules.checking.words import help_for
from kprules.diagnostics import Problems
from kprules.source import Span
from kprules.syntax import tree


@dataclass(frozen=True, slots=True)
class Finished:
    """A definition's text after its amendments; every clause says who wrote it (`origin`)."""

    captures: tree.Clause
    exceptions: tuple[tree.Clause, ...] = ()

    def clauses(self) -> Iterator[tree.Clause]:
        """Yield every labelled clause, in the order read."""
        for clause in (self.captures, *self.exceptions):
            yield clause
            yield from clauses_in(clause.form)


@dataclass(slots=True)
class Amended:
    """A finished text, and what is needed to amend it further."""

    text: Finished
    removed: dict[str, tuple[Span, str]] = field(default_factory=dict)
    """Labels that are gone: where they were removed, and by what."""
    measures: Measures = field(default_factory=Measures, compare=False)
    """What was measured of the text, and of those that it was made from."""


def amend(base: Amended, definition: tree.Definition, problems: Problems) -> Amended:
    """Return the text of a definition that amends another."""
    work = _Work(base.text, dict(base.removed), definition, problems, base.measures)
    for amendment in definition.amendments:
        work.apply(amendment)
    return Amended(work.text, work.removed, base.measures)


@dataclass(slots=True)
class _Work:
    """A text in the midst of being amended."""

    text: Finished
    removed: dict[str, tuple[Span, str]]
    definition: tree.Definition
    problems: Problems
    measures: Measures
    places: Places = field(init=False)

    def __post_init__(self) -> None:
        """Look where the clauses stand."""
        self.places = Places(self._roots())

    def apply(self, amendment: tree.Amendment) -> None:
        """Change the text, or report why it cannot be."""
        match amendment:
            case tree.Replace():
                self._replace(amendment)
            case tree.Remove():
                self._remove(amendment)
            case tree.Change(verb="extend"):
                self._extend(amendment)
            case tree.Change():
                self._join(amendment)
            case tree.Except(clause=clause):
                former = self.text.exceptions
                for same in self.measures.like(former, clause.form):
                    self._no_effect(amendment, "the exception is there already", same.span)
                if stripped(clause.form) == tree.Truth(clause.span, False):
                    self._no_effect(amendment, "it never applies", None)
                self.places.brought(ways(clause, (1, len(former))))
                self.text = replace(self.text, exceptions=(*former, clause))
                self.measures.lengthened(former, self.text.exceptions)
            case _:
                assert_never(amendment)

    # --- each kind --------------------------------------------------------------------------------

    def _replace(self, amendment: tree.Replace) -> None:
        def change(clause: tree.Clause, _: int, depth: int) -> tree.Clause | None:
            if self._too_deep(amendment, depth, amendment.form):
                return clause
            words = clause.words if amendment.words is None else amendment.words
            if self.measures.same(clause.form, amendment.form) and words == clause.words:
                self._no_effect(amendment, "the clause reads so already", clause.span)
            self._gone(clauses_in(clause.form), amendment.span, "replaced")
            return replace(
                clause,
                span=amendment.span,
                words=words,
                form=amendment.form,
                origin=self.definition.id.text,
            )

        self._at(amendment.label, change)

    def _remove(self, amendment: tree.Remove) -> None:
        def change(clause: tree.Clause, siblings: int, _: int) -> tree.Clause | None:
            label = clause.label.text
            if siblings == 1:
                whole = clause is self.text.captures
                why = "a definition captures something" if whole else "it is all of its group"
                around = "" if whole else "remove the clause around it, or "
                self.problems.report(
                    "empty-group",
                    f"`{label}` cannot be removed: {why}",
                    amendment.label.span,
                    label="nothing would be left",
                    help=f"{around}write `replace {label} with …`",
                    also=((clause.label.span, "the only clause"),),
                )
                return clause
            self._gone((clause, *clauses_in(clause.form)), amendment.span, "removed")
            return None

        self._at(amendment.label, change)

    def _join(self, amendment: tree.Change) -> None:
        """Widen or narrow: the former form, or and the clause."""
        kind: tree.Group = tree.Group(
            amendment.span, "any" if amendment.verb == "widen" else "all", ()
        )
        new = amendment.clause

        def change(clause: tree.Clause, _: int, depth: int) -> tree.Clause | None:
            if self._too_deep(amendment, depth + 1, new.form, clause.form):
                return clause
            self._warn_if_idle(amendment, clause.form, kind.kind == "all")
            former = f"{clause.label.text}{BEFORE}"
            form = clause.form
            if (
                isinstance(form, tree.Group)
                and form.kind == kind.kind
                and form.clauses
                and form.clauses[0].label.text == former
            ):
                joined = replace(form, clauses=(*form.clauses, new))
                self.measures.grown(form, joined)
                return replace(clause, form=joined)
            before = tree.Clause(
                clause.span, tree.Name(clause.label.span, former), None, form, clause.origin
            )
            return replace(clause, form=replace(kind, clauses=(before, new)))

        self._at(amendment.label, change, new)

    def _extend(self, amendment: tree.Change) -> None:
        def change(clause: tree.Clause, _: int, depth: int) -> tree.Clause | None:
            form = self._grown(clause.form, amendment, depth)
            if form is None:
                label = clause.label.text
                self.problems.report(
                    "no-group",
                    f"`{label}` is no group: there is nothing for the clause to join",
                    amendment.label.span,
                    label="has no clauses of its own",
                    help=f"write `narrow {label} with …` (and) or `widen {label} with …` (or)",
                    also=((clause.span, "the clause"),),
                )
                return clause
            return replace(clause, form=form)

        self._at(amendment.label, change, amendment.clause)

    def _grown(self, form: tree.Form, amendment: tree.Change, depth: int) -> tree.Form | None:
        """Return a form whose group has one clause more, inside any quantifier on it."""
        depth += isinstance(form, DEEPENS)
        match form:
            case tree.Group(clauses=clauses) | tree.ReadingOf(clauses=clauses):
                if self._too_deep(amendment, depth, amendment.clause.form):
                    return form
                more = (*clauses, amendment.clause)
                if isinstance(form, tree.Group):
                    self._warn_if_idle(amendment, form, form.kind == "all", joined=clauses)
                    self.measures.lengthened(clauses, more)
                return replace(form, clauses=more)
            case tree.Quantified(has=has):
                grown = self._grown(has, amendment, depth)
                return None if grown is None else replace(form, has=grown)
            case tree.Parenthesised(part=part):
                grown = self._grown(part, amendment, depth)
                return None if grown is None else replace(form, part=grown)
            case _:
                return None

    # --- finding the clause -----------------------------------------------------------------------

    def _at(self, label: tree.Name, change: Change, joined: tree.Clause | None = None) -> None:
        """Change the clause that bears a label, or report that none does.

        `joined`: the clause that is put last into it, or None where all in it is new.
        """
        text = self.text
        way = self.places.find(label.text, self._roots())
        if way is None:
            self._unknown(label)
            return
        kept: list[tree.Clause] = []

        def noted(clause: tree.Clause, siblings: int, depth: int) -> tree.Clause | None:
            new = change(clause, siblings, depth)
            kept.extend(() if new is None or new is clause else (new,))
            return new

        root, *rest = way
        if root == 0:
            clauses = changed((text.captures,), tuple(rest), noted, self.measures)
            self.text = replace(text, captures=clauses[0])
        else:
            clauses = changed(text.exceptions, tuple(rest), noted, self.measures, alone=False)
            self.text = replace(text, exceptions=clauses)
        self.places.moved()
        for clause in kept:
            if joined is None:
                self.places.brought(ways_in(clause.form, way))
            elif (its_way := added(clause.form, joined, way)) is not None:
                self.places.brought(ways(joined, its_way))

    def _roots(self) -> Roots:
        return ((self.text.captures,), self.text.exceptions)

    def _unknown(self, label: tree.Name) -> None:
        assert self.definition.amends is not None  # noqa: S101 - only such a one is amended
        base = self.definition.amends
        gone = self.removed.get(label.text)
        if gone is not None:
            place, how = gone
            self.problems.report(
                "unknown-label",
                f"`{label.text}` is no longer there to amend",
                label.span,
                label=f"{how} before",
                help="amend before it goes, or leave the earlier amendment out",
                also=((place, f"{how} here"),),
            )
            return
        labels = [c.label.text for c in self.text.clauses() if not c.label.text.endswith(BEFORE)]
        listed = ", ".join(f"`{known}`" for known in labels)
        self.problems.report(
            "unknown-label",
            f"no clause of `{base.text}` is called `{label.text}`",
            label.span,
            label="not a label of the finished text",
            help=help_for(label.text, labels, otherwise=f"its labels are {listed}"),
            also=((self.text.captures.span, f"the text of `{base.text}`"),),
        )

    def _gone(
        self, clauses: Iterator[tree.Clause] | tuple[tree.Clause, ...], span: Span, how: str
    ) -> None:
        for clause in clauses:
            self.removed[clause.label.text] = (span, how)

    # --- warnings and limits ----------------------------------------------------------------------

    def _warn_if_idle(
        self,
        amendment: tree.Change,
        form: tree.Form,
        conjoined: bool,
        joined: tuple[tree.Clause, ...] = (),
    ) -> None:
        """Warn where the clause is there already, or decides nothing beside the others."""
        added = stripped(amendment.clause.form)
        former = stripped(form)
        if isinstance(added, tree.Truth) and added.value is conjoined:
            word = "and true" if conjoined else "or false"
            self._no_effect(amendment, f"`{word}` adds nothing", None)
            return
        if isinstance(former, tree.Truth) and former.value is not conjoined:
            word = "false and" if conjoined else "true or"
            self._no_effect(amendment, f"`{word}` decides it already", former.span)
            return
        if not joined and self.measures.same(former, added):
            self._no_effect(amendment, "the text says so already", former.span)
            return
        for part in self.measures.like(joined or _joined(former, conjoined), added)[:1]:
            self._no_effect(amendment, "the text says so already", part.span)

    def _no_effect(self, amendment: tree.Amendment, why: str, place: Span | None) -> None:
        self.problems.warn(
            "no-effect",
            f"this amendment changes nothing: {why}",
            amendment.span,
            label="without effect",
            also=() if place is None else ((place, "here"),),
        )

    def _too_deep(self, amendment: tree.Amendment, depth: int, *forms: tree.Form) -> bool:
        if depth + max(map(self.measures.height, forms)) <= NESTING:
            return False
        self.problems.report(
            "too-deep",
            f"with this amendment, forms are nested more than {NESTING} deep",
            amendment.span,
            label="here it goes past the limit",
        )
        return True


def _joined(form: tree.Form, conjoined: bool) -> Parts:
    """Return what a form joins by `and` (or, not conjoined, by `or`)."""
    match form:
        case tree.Group(kind=kind, clauses=clauses) if kind == ("all" if conjoined else "any"):
            return clauses
        case tree.And(parts=parts) if conjoined:
            return parts
        case tree.Or(parts=parts) if not conjoined:
            return parts
        case _:
            return ()


def duplicate_labels(text: Finished, definition: tree.Definition, problems: Problems) -> None:
    """Report a label that two clauses bear, if this definition brought one of them."""
    labels: dict[str, tree.Clause] = {}
    own = definition.id.text
    for clause in text.clauses():
        label = clause.label.text
        first = labels.setdefault(label, clause)
        if first is clause or label.endswith(BEFORE):
            continue
        late, early = (clause, first) if clause.origin == own else (first, clause)
        if late.origin == own:
            problems.report(
                "duplicate-label",
                f"two clauses of `{own}` are called `{label}`",
                late.label.span,
                label="the second" if early.origin == own else "taken already",
                help="a label is unique in the finished text: give this clause another",
                also=((early.label.span, "the first"),),
            )
