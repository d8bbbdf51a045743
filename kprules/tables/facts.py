"""Atoms of expressions as planes: what `known`, `compare`, `member` and `includes` mean on columns.

Guarantee: beyond a reference that is none nothing compares; where a fact is unknown a comparison
may say anything, and the program joins it with what is known. A line in here walks paths; how
entries of lists are laid out is the layout's business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, assert_never

from kprules.formula.expressions import (
    Atom,
    Compared,
    CompleteFact,
    KnownFact,
    Lists,
    Loop,
    OneOf,
    Place,
)
from kprules.records.shape import Reference
from kprules.tables.arrow import Gather
from kprules.tables.leaves import Leaf, Link
from kprules.tables.planes import Plane
from kprules.tables.rows import Rows


@dataclass(frozen=True, slots=True)
class Spot:
    """Records as a frame sees them: which of them, and where a reference before led to none."""

    rows: Rows
    gather: Gather | None = None
    """Which record stands where; `None`: each in its own place."""
    gone: Plane | None = None
    lost: Plane | None = None
    """Where it is not known which record."""

    def leaf(self, name: str) -> Leaf:
        """Return a field of the records, in the frame."""
        leaf = self.rows.leaf(name)
        if self.gather is not None:
            leaf = leaf.taken(self.gather)
        return leaf.beyond(self.gone, self.lost)


class Layout(Protocol):
    """How rows and entries of lists lie in planes. A frame is a set of loops, as bits."""

    def spot(self, loop: Loop | None, /) -> Spot:
        """Return the entries of a loop in its own frame; the judged records where there is none."""
        ...

    def frame(self, loop: Loop | None, /) -> int:
        """Return the frame of a loop's entries."""
        ...

    def lifted(self, leaf: Leaf, frame: int, to: int, /) -> Leaf:
        """Return a leaf of one frame in a larger one."""
        ...


class Facts:
    """The facts of one block in one layout, each fetched once."""

    def __init__(self, layout: Layout) -> None:
        """Begin with nothing fetched."""
        self.layout = layout
        self._leaves: dict[Place, Leaf] = {}
        self._by_identity: dict[int, Leaf] = {}
        """The same again: a program holds each place once, so that this is asked first."""
        self._spots: dict[tuple[Loop | None, tuple[str, ...]], Spot] = {}

    def leaf(self, place: Place) -> Leaf:
        """Return the fact at a place, in the frame of its scope."""
        leaf = self._by_identity.get(id(place))
        if leaf is None:
            leaf = self._leaves.get(place)
            if leaf is None:
                *above, name = place.path.fields
                leaf = self._leaves[place] = self.spot(place.scope, tuple(above)).leaf(name)
            self._by_identity[id(place)] = leaf
        return leaf

    def spot(self, scope: Loop | None, fields: tuple[str, ...]) -> Spot:
        """Return the records that fields lead to."""
        key = (scope, fields)
        spot = self._spots.get(key)
        if spot is None:
            spot = self._spots[key] = (
                self._step(self.spot(scope, fields[:-1]), fields[-1])
                if fields
                else self.layout.spot(scope)
            )
        return spot

    def _step(self, above: Spot, name: str) -> Spot:
        rows = above.rows
        if not isinstance(rows.shape.fields[name].type, Reference):
            return Spot(rows.inner(name), above.gather, above.gone, above.lost)
        link = above.leaf(name)
        assert isinstance(link, Link)  # noqa: S101 - the leaf of a reference
        gone = None if link.there is None else ~link.there
        if link.none is not None:
            none = link.none if link.known is None else link.none & link.known
            gone = none if gone is None else gone | none
        there = rows.linked(name)
        if link.target is None:  # a record inlined says itself what is known of it
            return Spot(there, above.gather, gone, above.lost)
        lost = None if link.known is None else ~link.known
        return Spot(there, Gather(link.target, there.domain.count), gone, lost)

    # --- atoms ------------------------------------------------------------------------------------

    def atom(self, node: Atom) -> Plane:
        """Return where an atom is so: of a comparison, where its facts are known."""
        match node:
            case KnownFact(place):
                leaf = self.leaf(place)
                return leaf.all() if leaf.known is None else leaf.known
            case CompleteFact(place):
                return self.leaf(place).complete()
            case OneOf(place, values):
                leaf = self.leaf(place)
                return _there(leaf.one_of(values), leaf)
            case Lists(place, how, values):
                leaf = self.leaf(place)
                return _there(leaf.includes(how, values), leaf)
            case Compared(left, op, Place() as right, edges):
                leaf, other = self._beside(left, right)
                return _there(leaf.beside(op, other, edges), leaf, other)
            case Compared(left, op, right, edges):
                leaf = self.leaf(left)
                return _there(leaf.beside_constant(op, right, edges[0]), leaf)
            case _:
                assert_never(node)

    def _beside(self, left: Place, right: Place) -> tuple[Leaf, Leaf]:
        """Return two facts in one frame."""
        frames = self.layout.frame(left.scope), self.layout.frame(right.scope)
        both = frames[0] | frames[1]
        first, second = self.leaf(left), self.leaf(right)
        return self.layout.lifted(first, frames[0], both), self.layout.lifted(
            second, frames[1], both
        )


def _there(so: Plane, *leaves: Leaf) -> Plane:
    """Return what is so of facts that are there."""
    for leaf in leaves:
        if leaf.there is not None:
            so = so & leaf.there
    return so
