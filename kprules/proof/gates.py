"""And, or and not over a solver's literals, each equal part written once (Tseitin's encoding).

Guarantee: a gate's literal is true in a model exactly where what it stands for is; equal gates are
one literal. A line in here touches literals and clauses; it knows no fact and no formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import inf
from time import monotonic

Literal = int
TRUE = 1
"""The literal that every model makes true; its negation is false."""
FALSE = -TRUE
_FEW = 6
_LOOKS = 1024
"""Gates asked for, made before or not, between two looks at the clock."""


class OutOfTimeError(Exception):
    """A formula grew for longer than there was time."""


class Gates:
    """A growing formula: variables, clauses, and gates over them."""

    def __init__(self, until: float = inf) -> None:
        """Begin with the one variable that is always true; grow until some moment."""
        self._until = until
        self._asked = 0
        self.variables = TRUE
        self.clauses: list[list[Literal]] = [[TRUE]]
        self._made: dict[tuple[Literal, ...], Literal] = {}

    def fresh(self) -> Literal:
        """Return the literal of a new variable."""
        self.variables += 1
        return self.variables

    def require(self, *clause: Literal) -> None:
        """Make at least one of some literals true in every model."""
        if TRUE not in clause:
            self.clauses.append([lit for lit in clause if lit != FALSE])

    def both(self, items: Iterable[Literal]) -> Literal:
        """Return the literal that all are so."""
        self._asked += 1
        if self._asked % _LOOKS == 0 and monotonic() > self._until:
            raise OutOfTimeError
        parts = set(items)
        parts.discard(TRUE)
        if FALSE in parts or any(-part in parts for part in parts):
            return FALSE
        if not parts:
            return TRUE
        if len(parts) == 1:
            return parts.pop()
        key = tuple(sorted(parts))
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self.fresh()
            self.clauses += [[-made, part] for part in key]
            self.clauses.append([made, *(-part for part in key)])
        return made

    def either(self, items: Iterable[Literal]) -> Literal:
        """Return the literal that any is so."""
        return -self.both(-item for item in items)

    def at_most_one(self, items: Sequence[Literal]) -> None:
        """Let no two of some literals be true together."""
        if len(items) <= _FEW:
            for index, first in enumerate(items):
                for second in items[:index]:
                    self.require(-first, -second)
            return
        half = len(items) // 2
        left, right = items[:half], items[half:]
        side = self.fresh()
        for item in left:
            self.require(-item, side)
        for item in right:
            self.require(-item, -side)
        self.at_most_one(left)
        self.at_most_one(right)

    def at_least(self, least: int, items: Sequence[Literal]) -> Literal:
        """Return the literal that so many are so, or more: never, of fewer items."""
        return self.counts(items, least)[least] if least <= len(items) else FALSE

    def counts(self, items: Sequence[Literal], most: int) -> list[Literal]:
        """Return for each number up to `most` the literal that so many are so, or more."""
        row = [TRUE] + [FALSE] * most
        for item in items:
            row = [TRUE] + [
                self.either([row[n], self.both([item, row[n - 1]])]) for n in range(1, most + 1)
            ]
        return row
