"""Walks over trees as written: clauses, terms applied, how deep forms go.

Guarantee: every clause and application is met once, in the order written. A line in here reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from kprules.syntax import tree


def children(form: tree.Form) -> tuple[tree.Form, ...]:
    """Return the forms directly inside a form."""
    match form:
        case tree.Group(clauses=clauses) | tree.ReadingOf(clauses=clauses):
            return tuple([clause.form for clause in clauses])
        case tree.Quantified(where=where, has=has):
            return (has,) if where is None else (where, has)
        case tree.Or(parts=parts) | tree.And(parts=parts):
            return parts
        case tree.Not(part=part) | tree.Parenthesised(part=part):
            return (part,)
        case (
            tree.Compare()
            | tree.Member()
            | tree.Between()
            | tree.Includes()
            | tree.Overlaps()
            | tree.Known()
            | tree.Apply()
            | tree.Truth()
            | tree.Path()
        ):
            return ()
        case _:
            assert_never(form)


def clauses_in(form: tree.Form) -> Iterator[tree.Clause]:
    """Yield the labelled clauses inside a form."""
    if isinstance(form, tree.Group | tree.ReadingOf):
        for clause in form.clauses:
            yield clause
            yield from clauses_in(clause.form)
    else:
        for part in children(form):
            yield from clauses_in(part)


def applications(form: tree.Form) -> Iterator[tree.Apply]:
    """Yield the terms that a form applies."""
    if isinstance(form, tree.Apply):
        yield form
    for part in children(form):
        yield from applications(part)


DEEPENS = (tree.Group, tree.Quantified, tree.ReadingOf, tree.Not, tree.Parenthesised)
"""Forms that count as a level of nesting, as the parser counts them."""


Part = tree.Clause | tree.Form
Parts = tuple[tree.Clause, ...] | tuple[tree.Form, ...]


def form_of(part: Part) -> tree.Form:
    """Return the form of a clause; a form is its own."""
    return part.form if isinstance(part, tree.Clause) else part


class Measures:
    """What is measured of forms again and again, each form once: texts grow by amendments."""

    def __init__(self) -> None:
        """Begin with nothing measured."""
        self._heights: dict[int, tuple[tree.Form, int]] = {}
        self._signs: dict[int, tuple[tree.Form, tuple[object, ...]]] = {}
        self._by_sign: dict[int, tuple[Parts, dict[tuple[object, ...], list[Part]]]] = {}
        # With the forms, which keeps them alive, so that their numbers stay their own.

    def height(self, form: tree.Form) -> int:
        """Return how deep forms are nested in a form, itself included."""
        known = self._heights.get(id(form))
        if known is None:
            inner = max(map(self.height, children(form)), default=0)
            known = self._heights[id(form)] = form, isinstance(form, DEEPENS) + inner
        return known[1]

    def same(self, one: tree.Form, other: tree.Form) -> bool:
        """Return whether two forms say the same, whatever parentheses are around them."""
        if self._sign(one) != self._sign(other):
            return False
        return stripped(one) == stripped(other)

    def like(self, parts: Parts, form: tree.Form) -> list[Part]:
        """Return those of some parts that say the same as a form, in their order."""
        known = self._by_sign.get(id(parts))
        if known is None:
            known = self._by_sign[id(parts)] = parts, {}
            for part in parts:
                known[1].setdefault(self._sign(form_of(part)), []).append(part)
        return [p for p in known[1].get(self._sign(form), ()) if self.same(form_of(p), form)]

    def lengthened(self, parts: Parts, more: Parts) -> None:
        """Take over what was measured of some parts to them and one more."""
        known = self._by_sign.pop(id(parts), None)
        if known is not None:
            known[1].setdefault(self._sign(form_of(more[-1])), []).append(more[-1])
            self._by_sign[id(more)] = more, known[1]

    def exchanged(self, parts: Parts, more: Parts, place: int) -> None:
        """Take over what was measured of some parts to them with one changed, or gone."""
        known = self._by_sign.pop(id(parts), None)
        if known is None:
            return
        was = known[1][self._sign(form_of(parts[place]))]
        was[:] = [part for part in was if part is not parts[place]]
        if len(parts) == len(more):
            alike = known[1].setdefault(self._sign(form_of(more[place])), [])
            if alike:
                return  # in which order they stand is to be seen
            alike.append(more[place])
        self._by_sign[id(more)] = more, known[1]

    def grown(self, form: tree.Group, more: tree.Group) -> None:
        """Take over what was measured of a group to the one that has a clause more."""
        deeper = isinstance(more, DEEPENS) + self.height(more.clauses[-1].form)
        self._heights[id(more)] = more, max(self.height(form), deeper)
        self.lengthened(form.clauses, more.clauses)

    def _sign(self, form: tree.Form) -> tuple[object, ...]:
        """Return what two forms that say the same have in common, and few others have."""
        known = self._signs.get(id(form))
        if known is None:
            bare = stripped(form)
            if isinstance(bare, tree.Group | tree.ReadingOf):
                inside = len(bare.clauses)
                first = bare.clauses[0].form if inside else None
            else:
                parts = children(bare)
                inside, first = len(parts), parts[0] if parts else None
            sign = type(bare), inside, hash(bare) if first is None else self._sign(first)
            known = self._signs[id(form)] = form, sign
        return known[1]


def stripped(form: tree.Form) -> tree.Form:
    """Return a form without parentheses around it."""
    while isinstance(form, tree.Parenthesised):
        form = form.part
    return form
