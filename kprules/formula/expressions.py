"""Boolean expressions with equal parts held once, for the engines that write definitions out.

Guarantee: an expression is a number; equal expressions have equal numbers. Negations stand on atoms
only, *and* and *or* are flat, constants are folded away. A line in here touches expressions; it
knows of no engine that they are for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from kprules.formula.meaning import Edge
from kprules.formula.nodes import NoneThere, Op, Path, Share, Value
from kprules.logic import Truth


@dataclass(frozen=True, slots=True)
class Loop:
    """The entries of a list as a scope; `level` tells loops over one list, nested, apart."""

    over: Place
    level: int

    def __hash__(self) -> int:
        """Hash by what is looped over."""
        return hash((self.over, self.level))


@dataclass(frozen=True, slots=True)
class Place:
    """A fact by where it is found: a scope (None for the record itself) and fields."""

    scope: Loop | None
    path: Path
    """The path; its variable is not looked at."""

    def __eq__(self, other: object) -> bool:
        """Compare scope and fields."""
        return (
            isinstance(other, Place)
            and self.path.fields == other.path.fields
            and self.scope == other.scope
        )

    def __hash__(self) -> int:
        """Hash by fields alone: few places share them."""
        return hash(self.path.fields)


@dataclass(frozen=True, slots=True)
class Constant:
    """True or false."""

    value: bool


@dataclass(frozen=True, slots=True)
class KnownFact:
    """The fact is recorded."""

    place: Place


@dataclass(frozen=True, slots=True)
class CompleteFact:
    """The list or set is known and may have no more in it."""

    place: Place


@dataclass(frozen=True, slots=True)
class Compared:
    """Known and so; with `maybe`, unknown or so."""

    left: Place
    op: Op
    right: Place | Value | NoneThere
    edges: tuple[Edge, Edge]
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class OneOf:
    """Known and one of the values; with `maybe`, unknown or one of them."""

    place: Place
    values: frozenset[Value | NoneThere]
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class Lists:
    """The set lists any, or all, of the values; with `maybe`, or it may list more than is known."""

    place: Place
    how: Literal["any", "all"]
    values: frozenset[Value]
    maybe: bool = False


@dataclass(frozen=True, slots=True)
class Counted:
    """At least so many entries of the loop are so."""

    loop: Loop
    least: int
    body: int


@dataclass(frozen=True, slots=True)
class Shared:
    """The entries for come to the share of those for and against."""

    loop: Loop
    share: Share
    pro: int
    contra: int


@dataclass(frozen=True, slots=True)
class Conj:
    """All are so. The parts are in the order in which they were first met."""

    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Disj:
    """Any is so."""

    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Negated:
    """An atom or a count that is not so."""

    part: int


Atom: TypeAlias = KnownFact | CompleteFact | Compared | OneOf | Lists
Expression: TypeAlias = Constant | Atom | Counted | Shared | Conj | Disj | Negated


_OPEN: Final = (Compared, OneOf, Lists)
"""What may be so where a fact is unknown."""
_FLAT: Final = (Conj, Disj)


class Expressions:
    """A store of expressions, each once."""

    def __init__(self) -> None:
        """Begin with false as number 0 and true as number 1."""
        self.nodes: list[Expression] = []
        self._numbers: dict[tuple[type, Expression], int] = {}
        self.maybe: dict[int, int] = {}
        """Beside what is certain, what is then possible: the weaker expression of one truth."""
        self.false = self.add(Constant(value=False))
        self.true = self.add(Constant(value=True))

    def add(self, node: Expression) -> int:
        """Return the number of an expression."""
        key = (type(node), node)
        number = self._numbers.get(key)
        if number is None:
            number = self._numbers[key] = len(self.nodes)
            self.nodes.append(node)
        return number

    def both(self, items: list[int]) -> int:
        """Return the expression that all are so, without what another part already says."""
        parts = self._flat(items, Conj, self.true, self.false)
        if parts is None:
            return self.false
        said = {place for p in parts for place in _known_by(self.nodes[p])}
        kept = [
            p for p in parts if not (isinstance(n := self.nodes[p], KnownFact) and n.place in said)
        ]
        return kept[0] if len(kept) == 1 else self.add(Conj(tuple(kept))) if kept else self.true

    def either(self, items: list[int]) -> int:
        """Return the expression that any is so; *unknown or so* becomes one atom."""
        parts = self._flat(items, Disj, self.false, self.true)
        if parts is None:
            return self.true
        parts = self._maybes(parts)
        return (
            parts[0] if len(parts) == 1 else self.add(Disj(tuple(parts))) if parts else self.false
        )

    def pair(self, truth: Truth[int]) -> Truth[int]:
        """Remember that what is certain is possible too, and return the truth."""
        above = truth.possible
        while above != truth.certain and above in self.maybe:
            above = self.maybe[above]
        if above != truth.certain:  # else the two say the same in different words
            self.maybe.setdefault(truth.certain, truth.possible)
        return truth

    def negate(self, item: int) -> int:
        """Return the expression that it is not so, the negation moved down to the atoms."""
        match self.nodes[item]:
            case Constant(value):
                return self.false if value else self.true
            case Conj(parts):
                return self.either([self.negate(p) for p in parts])
            case Disj(parts):
                return self.both([self.negate(p) for p in parts])
            case Negated(part):
                return part
            case _:
                return self.add(Negated(item))

    def _flat(
        self, items: list[int], kind: type[Conj | Disj], neutral: int, deciding: int
    ) -> list[int] | None:
        """Return the parts without nesting, repeats and what changes nothing; None if decided."""
        found: dict[int, None] = {}
        for item in items:
            node = self.nodes[item]
            for part in node.parts if isinstance(node, _FLAT) and type(node) is kind else (item,):
                if part == deciding:
                    return None
                if part != neutral:
                    found[part] = None
        for part in found:
            node = self.nodes[part]
            if isinstance(node, Negated) and node.part in found:
                return None
        return list(found)

    def _maybes(self, parts: list[int]) -> list[int]:
        """Join *not known* and *known and so* into *unknown or so*."""
        unknown: dict[tuple[type, Place], int] = {}
        for part in parts:
            node = self.nodes[part]
            if isinstance(node, Negated):
                inner = self.nodes[node.part]
                if isinstance(inner, KnownFact | CompleteFact):
                    unknown[type(inner), inner.place] = part
        if not unknown:
            return parts
        kept, used = [], set[int]()
        for part in parts:
            node = self.nodes[part]
            asked = _asked(node) if isinstance(node, _OPEN) else ()
            needed = [unknown.get((_openness(node), place)) for place in asked]
            if isinstance(node, _OPEN) and (node.maybe or None not in needed):
                kept.append(self.add(_maybe(node)))
                used.update(n for n in needed if n is not None)
                if not node.maybe:
                    self.maybe[part] = kept[-1]
            else:
                kept.append(part)
        return list(dict.fromkeys(p for p in kept if p not in used))


def _openness(node: Expression) -> type[KnownFact | CompleteFact]:
    """Return what it takes for an atom not to be sure: a set may have more in it, too."""
    return CompleteFact if isinstance(node, Lists) else KnownFact


def _maybe(node: Compared | OneOf | Lists) -> Compared | OneOf | Lists:
    match node:
        case Compared(left, op, right, edges):
            return Compared(left, op, right, edges, maybe=True)
        case OneOf(place, values):
            return OneOf(place, values, maybe=True)
        case Lists(place, how, values):
            return Lists(place, how, values, maybe=True)


def _asked(node: Compared | OneOf | Lists) -> tuple[Place, ...]:
    """Return the facts that an atom compares."""
    match node:
        case Compared(left, _, right):
            return (left, right) if isinstance(right, Place) else (left,)
        case OneOf(place) | Lists(place):
            return (place,)


def _known_by(node: Expression) -> tuple[Place, ...]:
    """Return the facts that are known where the expression is so."""
    return _asked(node) if isinstance(node, _OPEN) and not node.maybe else ()
