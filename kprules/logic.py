"""Truth in three values, carried as two ordinary booleans.

Guarantee: `certain` implies `possible`; possible and not certain is *unknown*. The connectives are
strong Kleene's (Kleene 1952, section 64). A line in here touches booleans of an unnamed kind: a
Python bool, a plane of bits, a text of SQL, a solver's literal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Truth(Generic[B]):
    """What is certainly so, and what is possibly so."""

    certain: B
    possible: B


class Booleans(Protocol[B]):
    """What an engine's booleans can do. Two values: an engine never meets an unknown."""

    def const(self, value: bool, /) -> B:
        """Return true or false."""
        ...

    def both(self, items: list[B], /) -> B:
        """Return whether all of one or more are so."""
        ...

    def either(self, items: list[B], /) -> B:
        """Return whether any of one or more is so."""
        ...

    def negate(self, item: B, /) -> B:
        """Return whether it is not so."""
        ...


def constant(on: Booleans[B], value: bool) -> Truth[B]:
    """Certainly so, or certainly not."""
    return Truth(on.const(value), on.const(value))


def conjunction(on: Booleans[B], truths: Iterable[Truth[B]]) -> Truth[B]:
    """Certain where all are certain, possible where all are possible. Nothing to meet is met."""
    all_of = list(truths)
    if not all_of:
        return constant(on, True)
    return Truth(on.both([t.certain for t in all_of]), on.both([t.possible for t in all_of]))


def disjunction(on: Booleans[B], truths: Iterable[Truth[B]]) -> Truth[B]:
    """Certain where any is certain, possible where any is possible."""
    any_of = list(truths)
    if not any_of:
        return constant(on, False)
    return Truth(on.either([t.certain for t in any_of]), on.either([t.possible for t in any_of]))


def negation(on: Booleans[B], truth: Truth[B]) -> Truth[B]:
    """Certainly not, where it was not even possible; possibly not, where it was not certain."""
    return Truth(certain=on.negate(truth.possible), possible=on.negate(truth.certain))


def given(on: Booleans[B], known: B, so: Truth[B]) -> Truth[B]:
    """Certain where known and surely so; possible where unknown, or where it may be so."""
    return Truth(
        certain=on.both([known, so.certain]), possible=on.either([on.negate(known), so.possible])
    )
