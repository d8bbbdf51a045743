"""The closed set of nodes that a checked definition is made of.

Guarantee: frozen data. Two nodes are equal where they mean the same; labels, words and places
(`said`) never count. A node computes nothing: `kprules.formula.meaning` gives it its meaning.
Terms, sets, amendments and overloads are settled before; `Reading` is settled by `choose`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal, TypeAlias

from kprules.records.shape import Type
from kprules.source import Span

Value: TypeAlias = bool | str | int | Decimal | date
Op = Literal["is", "<", "<=", ">", ">="]


class NoneThere:
    """The right-hand side of `reference is none`."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Spell it as definitions do."""
        return "none"

    def __reduce__(self) -> str:
        """Be the same one in another process."""
        return "NONE"


NONE: Final = NoneThere()


@dataclass(frozen=True, slots=True)
class Said:
    """What a clause is called and the words it stands for, in the definition's own words."""

    label: str
    words: str | None = None
    definition: str = ""
    """The id of the definition that wrote the clause (or of the term, as `term NAME`)."""
    span: Span | None = field(default=None, repr=False)
    reading: str | None = None
    """Where the clause is a choice of readings: the one chosen."""


@dataclass(frozen=True, slots=True)
class Path:
    """A fact: fields from the judged record (`variable` empty) or from an entry in scope."""

    variable: str
    record: str
    """The name of the record that the variable holds: `case`, `link`."""
    fields: tuple[str, ...]
    type: Type = field(compare=False)
    """The type of what the path leads to."""
    nones: tuple[Path, ...] = field(default=(), compare=False, repr=False)
    """The references on the way that may be none: beyond one that is, nothing compares."""

    def __str__(self) -> str:
        """Spell the path as definitions do."""
        return ".".join((self.variable, *self.fields) if self.variable else self.fields)


@dataclass(frozen=True, slots=True)
class Node:
    """What all nodes have: the label and words of the clause that they are the form of, if any."""

    said: Said | None = field(default=None, compare=False, kw_only=True)
    span: Span | None = field(default=None, compare=False, kw_only=True, repr=False)


@dataclass(frozen=True, slots=True)
class Const(Node):
    """`true` or `false`. Never unknown."""

    value: bool


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """A fact beside a value or another fact. Unknown where either is; `p` alone is `p is true`."""

    left: Path
    op: Op
    right: Value | Path | NoneThere


@dataclass(frozen=True, slots=True)
class Member(Node):
    """A fact is one of a fixed set of values. Unknown when the fact is, unless the set is empty."""

    fact: Path
    values: frozenset[Value | NoneThere]


@dataclass(frozen=True, slots=True)
class Includes(Node):
    """A set includes any, or all, of some values. Unlisted ones are unknown in an open set."""

    fact: Path
    how: Literal["any", "all"]
    values: frozenset[Value]


@dataclass(frozen=True, slots=True)
class Overlaps(Node):
    """Two periods share a day. Unknown where an unknown end could change that."""

    left: Path
    right: Path


@dataclass(frozen=True, slots=True)
class Known(Node):
    """A fact is recorded. Never unknown."""

    fact: Path


@dataclass(frozen=True, slots=True)
class All(Node):
    """Every part holds. False as soon as one is."""

    parts: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Any(Node):
    """At least one part holds. True as soon as one is."""

    parts: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """The part does not hold. `none of` is the negation of an `Any`."""

    part: Form


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`at least N`, or `more than N` as one more."""

    least: int


@dataclass(frozen=True, slots=True)
class Share:
    """`at least P/Q` of the entries, or more than that (`strictly`)."""

    part: int
    whole: int
    strictly: bool


How: TypeAlias = Literal["some", "every", "no"] | AtLeast | Share


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """So many entries of a list, of those for which `where` holds, make `has` hold.

    `variable` is unique along every branch of a definition, so no entry hides another.
    """

    how: How
    variable: str
    over: Path
    where: Form | None
    has: Form


@dataclass(frozen=True, slots=True)
class Reading(Node):
    """Words that can be read in several ways; the first is the customary one."""

    label: str
    options: tuple[tuple[str, Form], ...]


Form: TypeAlias = (
    Const | Compare | Member | Includes | Overlaps | Known | All | Any | Not | Quantified | Reading
)
