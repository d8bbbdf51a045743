"""Where the clauses of a text stand, by their labels, and a clause changed where it stands.

Guarantee: the clause is the first that bears the label, in the order read; what is not changed
stays the same object. A text that is amended a thousand times is not gone through as often: ways
are kept, and looked for anew where they lead elsewhere. A line in here touches trees as written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from kprules.checking.walk import DEEPENS, Measures, children
from kprules.syntax import tree

Way = tuple[int, ...]
"""Which of the clauses, or of the forms in a form, to take at each step; the last is a clause."""

Roots = tuple[tuple[tree.Clause, ...], ...]
"""Clauses that stand in no other: a way begins with which of these to take."""

Change = Callable[[tree.Clause, int, int], tree.Clause | None]
"""Takes a clause, the number of clauses in its group, and its depth; None where it goes."""


class Places:
    """The ways to the clauses of one text; each of its labels is among them."""

    def __init__(self, roots: Roots) -> None:
        """Look for the ways to all."""
        self._searched: set[str] = set()
        # Labels that may be on two clauses, which is a mistake: the first is looked for each time.
        self._look(roots)

    def _look(self, roots: Roots) -> None:
        self._ways: dict[str, Way] = {}
        for label, way in _every(roots):
            if self._ways.setdefault(label, way) is not way:
                self._searched.add(label)
        self._all = True  # these are all, and lead where they say

    def find(self, label: str, roots: Roots) -> Way | None:
        """Return the way to the clause that bears a label; None where none does."""
        if label in self._searched:
            return next((way for known, way in _every(roots) if known == label), None)
        way = self._ways.get(label)
        if way is not None:
            clauses = _beside(roots, way)
            if way[-1] < len(clauses) and clauses[way[-1]].label.text == label:
                return way
            for place, clause in enumerate(clauses):  # one before it went
                if clause.label.text == label:
                    self._ways[label] = found = (*way[:-1], place)
                    return found
        if not self._all:
            self._look(roots)
            return self.find(label, roots)
        return None

    def moved(self) -> None:
        """Note that the text has changed, and ways may lead elsewhere."""
        self._all = False

    def brought(self, clauses: Iterator[tuple[str, Way]]) -> None:
        """Note clauses that are new in the text."""
        self._all = False
        for label, way in clauses:
            if self._ways.setdefault(label, way) is not way:
                self._searched.add(label)


def added(form: tree.Form, clause: tree.Clause, way: Way) -> Way | None:
    """Return the way to a clause that was put last into a form, to which `way` leads."""
    parts = form.clauses if isinstance(form, tree.Group | tree.ReadingOf) else children(form)
    if not parts:
        return None
    last = parts[-1]
    here = (*way, len(parts) - 1)
    if isinstance(last, tree.Clause):
        return here if last is clause else None
    return added(last, clause, here)


def changed(
    clauses: tuple[tree.Clause, ...],
    way: Way,
    change: Change,
    measures: Measures,
    depth: int = 0,
    *,
    alone: bool = True,
) -> tuple[tree.Clause, ...]:
    """Return clauses with the one changed to which a way leads; `alone`: they must not all go."""
    place, *rest = way
    clause = clauses[place]
    if rest:
        form = _form(clause.form, tuple(rest), change, measures, depth)
        new: tree.Clause | None = clause if form is clause.form else replace(clause, form=form)
    else:
        new = change(clause, len(clauses) if alone else len(clauses) + 1, depth)
    more = (*clauses[:place], *(() if new is None else (new,)), *clauses[place + 1 :])
    measures.exchanged(clauses, more, place)
    return more


def _form(form: tree.Form, way: Way, change: Change, measures: Measures, depth: int) -> tree.Form:
    """Return the form with the clause changed to which a way leads."""
    depth += isinstance(form, DEEPENS)
    if isinstance(form, tree.Group | tree.ReadingOf):
        return replace(form, clauses=changed(form.clauses, way, change, measures, depth))
    place, *rest = way
    part = _form(children(form)[place], tuple(rest), change, measures, depth)
    match form:
        case tree.Quantified(where=where):
            is_where = where is not None and place == 0
            return replace(form, where=part) if is_where else replace(form, has=part)
        case tree.Or(parts=parts) | tree.And(parts=parts):
            return replace(form, parts=(*parts[:place], part, *parts[place + 1 :]))
        case tree.Not() | tree.Parenthesised():
            return replace(form, part=part)
        case _:
            raise AssertionError("no form is inside it")


def _beside(roots: Roots, way: Way) -> tuple[tree.Clause, ...]:
    """Return the clauses of which the last step of a way takes one; none where it leads nowhere."""
    clauses = roots[way[0]]
    form: tree.Form | None = None
    for step in way[1:-1]:
        if form is not None and not isinstance(form, tree.Group | tree.ReadingOf):
            parts = children(form)
            if step >= len(parts):
                return ()
            form = parts[step]
        else:
            clauses = clauses if form is None else form.clauses
            if step >= len(clauses):
                return ()
            form = clauses[step].form
    if form is None:
        return clauses
    return form.clauses if isinstance(form, tree.Group | tree.ReadingOf) else ()


def _every(roots: Roots) -> Iterator[tuple[str, Way]]:
    """Yield the labels of all clauses, in the order read, each with its way."""
    for number, clauses in enumerate(roots):
        for place, clause in enumerate(clauses):
            yield from ways(clause, (number, place))


def ways(clause: tree.Clause, way: Way) -> Iterator[tuple[str, Way]]:
    """Yield the labels of a clause and of those in it, in the order read, each with its way."""
    yield clause.label.text, way
    yield from ways_in(clause.form, way)


def ways_in(form: tree.Form, way: Way) -> Iterator[tuple[str, Way]]:
    """Yield the labels of the clauses in a form, in the order read, each with its way."""
    if isinstance(form, tree.Group | tree.ReadingOf):
        for place, clause in enumerate(form.clauses):
            yield from ways(clause, (*way, place))
    else:
        for place, part in enumerate(children(form)):
            yield from ways_in(part, (*way, place))
