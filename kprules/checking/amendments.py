"""Amendments: a finished text, changed by label, in the order written.

Guarantee: `widen` and `narrow` keep the former form whole, as `L (before)`; every mistake is
reported with both places, and leaves the text as it was. What an amendment does not touch stays the
same object. A line in here touches trees as written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import assert_never

from kprules.checking.limits import NESTING
from kprules.checking.room import BEFORE
from kprules.checking.walk import DEEPENS, Measures, clauses_in, stripped
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


Change = Callable[[tree.Clause, int, int], tree.Clause | None]
"""Takes a clause, the number of clauses in its group, and its depth; None where it goes."""


def amend(base: Amended, definition: tree.Definition, problems: Problems) -> Amended:
    """Return the text of a definition that amends another."""
    work = _Work(base.text, dict(base.removed), definition, problems)
    for amendment in definition.amendments:
        work.apply(amendment)
    return Amended(work.text, work.removed)


@dataclass(slots=True)
class _Work:
    """A text in the midst of being amended."""

    text: Finished
    removed: dict[str, tuple[Span, str]]
    definition: tree.Definition
    problems: Problems
    measures: Measures = field(default_factory=Measures)

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
                for former in self.text.exceptions:
                    if self.measures.same(former.form, clause.form):
                        self._no_effect(amendment, "the exception is there already", former.span)
                if stripped(clause.form) == tree.Truth(clause.span, False):
                    self._no_effect(amendment, "it never applies", None)
                self.text = replace(self.text, exceptions=(*self.text.exceptions, clause))
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
        added = amendment.clause

        def change(clause: tree.Clause, _: int, depth: int) -> tree.Clause | None:
            if self._too_deep(amendment, depth + 1, added.form, clause.form):
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
                joined = replace(form, clauses=(*form.clauses, added))
                return replace(clause, form=joined)
            before = tree.Clause(
                clause.span, tree.Name(clause.label.span, former), None, form, clause.origin
            )
            return replace(clause, form=replace(kind, clauses=(before, added)))

        self._at(amendment.label, change)

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

        self._at(amendment.label, change)

    def _grown(self, form: tree.Form, amendment: tree.Change, depth: int) -> tree.Form | None:
        """Return a form whose group has one clause more, inside any quantifier on it."""
        depth += isinstance(form, DEEPENS)
        match form:
            case tree.Group(clauses=clauses) | tree.ReadingOf(clauses=clauses):
                if self._too_deep(amendment, depth, amendment.clause.form):
                    return form
                if isinstance(form, tree.Group):
                    self._warn_if_idle(amendment, form, form.kind == "all", joined=clauses)
                return replace(form, clauses=(*clauses, amendment.clause))
            case tree.Quantified(has=has):
                grown = self._grown(has, amendment, depth)
                return None if grown is None else replace(form, has=grown)
            case tree.Parenthesised(part=part):
                grown = self._grown(part, amendment, depth)
                return None if grown is None else replace(form, part=grown)
            case _:
                return None

    # --- finding the clause -----------------------------------------------------------------------

    def _at(self, label: tree.Name, change: Change) -> None:
        """Change the clause that bears a label, or report that none does."""
        edit = _Edit(label.text, change)
        captures = edit.clauses((self.text.captures,), 0)
        if edit.found:
            self.text = replace(self.text, captures=captures[0])
            return
        exceptions = edit.clauses(self.text.exceptions, 0, alone=False)
        if edit.found:
            self.text = replace(self.text, exceptions=exceptions)
            return
        self._unknown(label)

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
        joined: Sequence[tree.Clause] = (),
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
        for part in joined or _joined(former, conjoined):
            there = part.form if isinstance(part, tree.Clause) else part
            if self.measures.same(there, added):
                self._no_effect(amendment, "the text says so already", part.span)
                return

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


@dataclass(slots=True)
class _Edit:
    """The search for a clause by its label, and the text with that clause changed."""

    label: str
    change: Change
    found: bool = False

    def clauses(
        self, clauses: tuple[tree.Clause, ...], depth: int, *, alone: bool = True
    ) -> tuple[tree.Clause, ...]:
        """Return the clauses, one of them changed if it or one beneath it bears the label."""
        for place, clause in enumerate(clauses):
            if clause.label.text == self.label:
                self.found = True
                siblings = len(clauses) if alone else len(clauses) + 1
                new = self.change(clause, siblings, depth)
                kept = () if new is None else (new,)
                return (*clauses[:place], *kept, *clauses[place + 1 :])
            form = self.form(clause.form, depth)
            if self.found:
                inside = clause if form is clause.form else replace(clause, form=form)
                return (*clauses[:place], inside, *clauses[place + 1 :])
        return clauses

    def form(self, form: tree.Form, depth: int) -> tree.Form:
        """Return the form, changed where a clause beneath it bears the label."""
        depth += isinstance(form, DEEPENS)
        match form:
            case tree.Group(clauses=clauses) | tree.ReadingOf(clauses=clauses):
                changed = self.clauses(clauses, depth)
                return replace(form, clauses=changed) if self.found else form
            case tree.Quantified(where=where, has=has):
                if where is not None:
                    changed_where = self.form(where, depth)
                    if self.found:
                        return replace(form, where=changed_where)
                changed_has = self.form(has, depth)
                return replace(form, has=changed_has) if self.found else form
            case tree.Or(parts=parts) | tree.And(parts=parts):
                for place, part in enumerate(parts):
                    changed_part = self.form(part, depth)
                    if self.found:
                        new = (*parts[:place], changed_part, *parts[place + 1 :])
                        return replace(form, parts=new)
                return form
            case tree.Not(part=part) | tree.Parenthesised(part=part):
                changed_part = self.form(part, depth)
                return replace(form, part=changed_part) if self.found else form
            case _:
                return form


def _joined(form: tree.Form, conjoined: bool) -> tuple[tree.Form | tree.Clause, ...]:
    """Return what a form already joins by `and` (or, not conjoined, by `or`): itself, its parts."""
    match form:
        case tree.Group(kind=kind, clauses=clauses) if kind == ("all" if conjoined else "any"):
            return (form, *clauses)
        case tree.And(parts=parts) if conjoined:
            return (form, *parts)
        case tree.Or(parts=parts) if not conjoined:
            return (form, *parts)
        case _:
            return (form,)


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
