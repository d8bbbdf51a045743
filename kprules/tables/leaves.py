"""Facts of many records at once, each kind in the form that answers its questions fastest.

Guarantee: a leaf answers only what a fact *is*; where it is unknown, or not there (beyond a
reference that is none), its answers may be anything, and `known` and `there` say so. A line in here
touches arrays of one shape; the bits of its planes lie along the last axis.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any, Final, Literal, Self

import numpy as np
import numpy.typing as npt

from kprules.formula.nodes import Op, Value
from kprules.tables.arrow import Gather
from kprules.tables.planes import Plane, also, ones, pack, room, unpack
from kprules.tables.quantities import HOLDS, Quantities, Truths

Shape = tuple[int, ...]
EPOCH: Final = date(1970, 1, 1).toordinal()
OPEN: Final = 1
"""The bit of a set that may include what is not listed."""
UNKNOWN_SET: Final = 2
"""The bit of a set of which nothing is known."""
FIRST_MEMBER: Final = 2
"""The first bit that stands for a member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """What all leaves have: the shape, and where the fact is known, and there (`None`: all)."""

    shape: Shape
    known: Plane | None = None
    there: Plane | None = None

    def taken(self, gather: Gather) -> Self:
        """Return the leaf in the frame that a gather takes it into."""
        return replace(
            self,
            shape=gather.shape,
            known=_taken(self.known, gather),
            there=_taken(self.there, gather),
        )

    def beyond(self, gone: Plane | None, lost: Plane | None) -> Self:
        """Return the leaf beyond a reference: not there where `gone`, unknown where `lost`."""
        if gone is None and lost is None:
            return self
        known, there = self.known, self.there
        if lost is not None:
            known = also(known, ~lost)
        if gone is not None:
            known = None if known is None else known | gone
            there = also(there, ~gone)
        return replace(self, known=known, there=there)

    def all(self) -> Plane:
        """Return a plane of this shape that is so everywhere."""
        return ones(self.shape)

    def complete(self) -> Plane:
        """Return where a list or set has no more in it."""
        raise AssertionError(f"{type(self).__name__} is neither list nor set")

    def one_of(self, values: Iterable[Any]) -> Plane:
        """Return where the fact is one of some values."""
        raise AssertionError(f"{type(self).__name__} is compared with {values}")

    def beside_constant(self, op: Op, constant: Any, edge: str) -> Plane:
        """Return where the fact compares so with a constant."""
        raise AssertionError(f"{type(self).__name__} {op} {constant} ({edge})")

    def beside(self, op: Op, other: Leaf, edges: tuple[str, str]) -> Plane:
        """Return where the fact compares so with another."""
        raise AssertionError(f"{type(self).__name__} {op} {type(other).__name__} {edges}")

    def includes(self, how: Literal["any", "all"], values: Iterable[Any]) -> Plane:
        """Return where any, or all, of some values are listed."""
        raise AssertionError(f"{type(self).__name__} includes {how} {values}")


def _taken(plane: Plane | None, gather: Gather) -> Plane | None:
    return None if plane is None else pack(gather(unpack(plane, gather.source)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence(Leaf):
    """A record inside another: known or not, and no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag(Leaf):
    """A boolean."""

    so: Plane

    def taken(self, gather: Gather) -> Flag:
        """Take value and whether it is known at once."""
        codes = unpack(self.so, gather.source)
        if self.known is not None:
            codes |= unpack(self.known, gather.source) << 1
        codes = gather(codes)
        known = None if self.known is None else pack((codes & 2).astype(np.uint8))
        return Flag(
            shape=gather.shape,
            known=known,
            there=_taken(self.there, gather),
            so=pack((codes & 1).astype(np.uint8)),
        )

    def one_of(self, values: Iterable[Any]) -> Plane:
        """Return where the fact is one of some values."""
        found = set(values)
        if len(found) > 1:
            return self.all()
        return self.so if True in found else ~self.so if found else ~self.all()

    def beside(self, op: Op, other: Leaf, edges: tuple[str, str]) -> Plane:
        """Return where both are the same."""
        del op, edges
        assert isinstance(other, Flag)  # noqa: S101 - checked definitions compare like with like
        return ~(self.so ^ other.so)


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded(Leaf):
    """An enumerated value or a text: a code each, and the codes that stand for a value."""

    codes: npt.NDArray[Any]
    natives: Mapping[Any, Sequence[int]]
    common: npt.NDArray[Any] | None = None
    """For codes beside those of another leaf: the code that both would use, by code."""

    def taken(self, gather: Gather) -> Coded:
        """Take codes, with one more code for what is unknown."""
        if self.known is None:
            codes, known = gather(self.codes), None
        else:
            blank = np.iinfo(self.codes.dtype).max
            marked = np.where(unpack(self.known, gather.source), self.codes, blank)
            codes = gather(marked)
            known = pack(codes != blank) if gather.source else _taken(self.known, gather)
        return replace(
            self, shape=gather.shape, known=known, there=_taken(self.there, gather), codes=codes
        )

    def one_of(self, values: Iterable[Any]) -> Plane:
        """Return where the fact is one of some values."""
        natives = [code for value in values for code in self.natives.get(value, ())]
        if not natives:
            return ~self.all()
        return pack(_among(self.codes, natives))

    def beside(self, op: Op, other: Leaf, edges: tuple[str, str]) -> Plane:
        """Return where both are the same."""
        del op, edges
        assert isinstance(other, Coded)  # noqa: S101 - checked definitions compare like with like
        return pack(self.in_common() == other.in_common())

    def in_common(self) -> npt.NDArray[Any]:
        """Return the codes that leaves of one type have in common."""
        if self.common is None:
            return self.codes
        return self.common.take(self.codes, mode="clip")


def _among(codes: npt.NDArray[Any], natives: Sequence[int]) -> Truths:
    kind = codes.dtype.type
    found, more = room(codes.shape, 0), room(codes.shape, 1)
    np.equal(codes, kind(natives[0]), out=found)
    for native in natives[1:]:
        np.equal(codes, kind(native), out=more)
        np.logical_or(found, more, out=found)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Leaf):
    """A number."""

    numbers: Quantities

    def taken(self, gather: Gather) -> Number:
        """Return the numbers in the frame that a gather takes them into."""
        return replace(
            Leaf.taken(self, gather),
            numbers=replace(self.numbers, values=gather(self.numbers.values)),
        )

    def one_of(self, values: Iterable[Any]) -> Plane:
        """Return where the fact is one of some values."""
        found = [pack(self.numbers.beside_constant("is", value)) for value in values]
        return reduce(np.bitwise_or, found) if found else ~self.all()

    def beside_constant(self, op: Op, constant: Any, edge: str) -> Plane:
        """Return where the fact compares so with a constant."""
        del edge
        return pack(self.numbers.beside_constant(op, constant))

    def beside(self, op: Op, other: Leaf, edges: tuple[str, str]) -> Plane:
        """Return where the fact compares so with another."""
        del edges
        assert isinstance(other, Number)  # noqa: S101 - checked definitions compare like with like
        return pack(self.numbers.beside(op, other.numbers))


Days = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Day(Leaf):
    """A date: its first and last day, as days since 1970; the same array where all are whole."""

    first: Days
    last: Days

    def taken(self, gather: Gather) -> Day:
        """Return the dates in the frame that a gather takes them into."""
        first = gather(self.first)
        last = first if self.last is self.first else gather(self.last)
        return replace(Leaf.taken(self, gather), first=first, last=last)

    def one_of(self, values: Iterable[Any]) -> Plane:
        """Return where the fact is exactly one of some days."""
        found = [(self.first == days_of(value)) & (self.last == days_of(value)) for value in values]
        return pack(reduce(np.logical_or, found)) if found else ~self.all()

    def beside_constant(self, op: Op, constant: Any, edge: str) -> Plane:
        """Return where the fact compares so with a constant."""
        days = self.edge(edge)
        return pack(HOLDS[op](days, np.int32(days_of(constant)), room(days.shape, 0)))

    def beside(self, op: Op, other: Leaf, edges: tuple[str, str]) -> Plane:
        """Return where the fact compares so with another."""
        assert isinstance(other, Day)  # noqa: S101 - checked definitions compare like with like
        return pack(HOLDS[op](self.edge(edges[0]), other.edge(edges[1])))

    def edge(self, edge: str) -> Days:
        """Return the first or last day of each date."""
        return self.first if edge == "earliest" else self.last


def days_of(value: date) -> int:
    """Return a date as days since 1970."""
    return value.toordinal() - EPOCH


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Leaf):
    """A set: a bit for each member that definitions mention, in one or more banks of bits."""

    banks: tuple[npt.NDArray[Any], ...]
    places: Mapping[Value, tuple[int, int]]
    """The bank and bit of each member."""

    def taken(self, gather: Gather) -> Listing:
        """Return the sets in the frame that a gather takes them into."""
        banks = tuple(gather(bank) for bank in self.banks)
        if self.known is None:
            known = None
        elif gather.source:
            known = pack((banks[0] & banks[0].dtype.type(UNKNOWN_SET)) == 0)
        else:
            known = _taken(self.known, gather)
        return replace(
            self, shape=gather.shape, known=known, there=_taken(self.there, gather), banks=banks
        )

    def complete(self) -> Plane:
        """Return where the set is known and lists all that it includes."""
        closed = pack((self.banks[0] & self.banks[0].dtype.type(OPEN)) == 0)
        if self.there is not None:
            closed |= ~self.there
        return closed if self.known is None else closed & self.known

    def includes(self, how: Literal["any", "all"], values: Iterable[Any]) -> Plane:
        """Return where any, or all, of some values are listed."""
        wanted: dict[int, int] = {}
        for value in values:
            bank, bit = self.places[value]
            wanted[bank] = wanted.get(bank, 0) | 1 << bit
        tests = []
        for bank, mask in wanted.items():
            kind = self.banks[bank].dtype.type
            found = self.banks[bank] & kind(mask)
            tests.append(pack(found == kind(mask) if how == "all" else found != 0))
        return reduce(np.bitwise_and if how == "all" else np.bitwise_or, tests)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link(Leaf):
    """A reference: which record of a map, or a record inlined; `none` where it is none."""

    none: Plane | None = None
    target: npt.NDArray[Any] | None = None
    """The number of the record in the map, where it is one."""
    ids: npt.NDArray[Any] | None = None
    """A number each for the ids of one map; equal ids, equal numbers."""

    def taken(self, gather: Gather) -> Link:
        """Return the references in the frame that a gather takes them into."""
        return replace(
            Leaf.taken(self, gather),
            none=_taken(self.none, gather),
            target=None if self.target is None else gather(self.target),
            ids=None if self.ids is None else gather(self.ids),
        )

    def one_of(self, values: Iterable[Any]) -> Plane:
        """Return where the reference is none: no other value is asked for."""
        return ~self.all() if self.none is None or not list(values) else self.none

    def beside(self, op: Op, other: Leaf, edges: tuple[str, str]) -> Plane:
        """Return where both name the same record, or both none."""
        del op, edges
        assert isinstance(other, Link)  # noqa: S101 - checked definitions compare like with like
        if self.ids is None or other.ids is None:
            return ~self.all()
        return pack(self.ids == other.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entries(Leaf):
    """A list: where its entries begin among all entries, and how many it has."""

    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    incomplete: Plane | None = None

    def taken(self, gather: Gather) -> Entries:
        """Return the lists in the frame that a gather takes them into."""
        return replace(
            Leaf.taken(self, gather),
            starts=gather(self.starts),
            lengths=gather(self.lengths),
            incomplete=_taken(self.incomplete, gather),
        )

    def counted(self) -> npt.NDArray[np.int64]:
        """Return how many entries each list has; an unknown one, and one not there, has none."""
        has = also(self.known, self.there)
        if has is None:
            return self.lengths
        return self.lengths * unpack(has, self.shape[-1])

    def complete(self) -> Plane:
        """Return where the list is known and has no entry that may be missing."""
        complete = self.all() if self.incomplete is None else ~self.incomplete
        if self.there is not None:
            complete = complete | ~self.there
        return complete if self.known is None else complete & self.known
