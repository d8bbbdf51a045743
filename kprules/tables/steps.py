"""What a program is made of: pieces of work on planes, each with its registers.

Guarantee: frozen data, but for the lists of a program while it is planned. A line in here touches
numbers of registers and loops.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias, assert_never

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
from kprules.formula.nodes import Share

FALSE: Final = 0
TRUE: Final = 1


@dataclass(frozen=True, slots=True)
class Join:
    """Both, or either, of two planes."""

    how: Literal["and", "or"]
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Invert:
    """Where a plane is not so."""

    part: int


@dataclass(frozen=True, slots=True)
class Count:
    """Where at least so many entries of a loop are so."""

    loop: int
    least: int
    body: int


@dataclass(frozen=True, slots=True)
class Proportion:
    """Where the entries for come to a share of those for and against."""

    loop: int
    share: Share
    pro: int
    contra: int


@dataclass(frozen=True, slots=True)
class Fetch:
    """An atom; a comparison may be so or not where its facts are unknown."""

    atom: Atom


@dataclass(frozen=True, slots=True)
class Fixed:
    """True or false in every row."""

    value: bool


Work: TypeAlias = Join | Invert | Count | Proportion | Fetch | Fixed


@dataclass(frozen=True, slots=True)
class Step:
    """One piece of work: where its planes lie, where the result goes, in which frames."""

    work: Work
    into: int
    sources: tuple[int, ...]
    frames: tuple[int, ...]
    """The frames of the sources."""
    frame: int


@dataclass(frozen=True, slots=True)
class Emit:
    """A judgement's two planes are ready."""

    number: int
    certain: int
    possible: int


@dataclass(slots=True)
class Program:
    """What to do for each block, in order."""

    loops: list[Loop] = field(default_factory=list)
    closures: list[int] = field(default_factory=list)
    """For each loop its own frame: itself and the loops that its list lies in."""
    axes: list[int] = field(default_factory=list)
    """For each loop a number that no loop in a frame with it has: few, however many loops."""
    fetches: list[Step] = field(default_factory=list)
    steps: list[Step | Emit] = field(default_factory=list)
    registers: list[int] = field(default_factory=list)
    """The frame of each register."""
    writable: list[bool] = field(default_factory=list)
    """Whether a register is written by joining: the others hold what was fetched."""

    def emitted(self) -> int:
        """Return how many judgements there are."""
        return sum(isinstance(step, Emit) for step in self.steps)


def places_of(atom: Atom) -> tuple[Place, ...]:
    """Return the facts that an atom looks at."""
    match atom:
        case KnownFact(place) | CompleteFact(place) | OneOf(place) | Lists(place):
            return (place,)
        case Compared(left, _, right):
            return (left, right) if isinstance(right, Place) else (left,)
        case _:
            assert_never(atom)


def sources(work: Work) -> tuple[int, ...]:
    """Return the planes that a piece of work needs."""
    match work:
        case Join(_, first, second) | Proportion(_, _, first, second):
            return (first, second)
        case Invert(part) | Count(_, _, part):
            return (part,)
        case Fetch() | Fixed():
            return ()
        case _:
            assert_never(work)
