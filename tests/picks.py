"""Choices, from which tests draw records and definitions.

`Pick` is a choice of one in so many: from hypothesis, which shrinks towards the first alternative
(so the simplest stands first), or from a seed, where a fixed number of examples is wanted quickly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")
Pick = Callable[[int], int]
"""Return a number from 0 to one less than asked."""


def one(pick: Pick, of: Sequence[T]) -> T:
    """Return one of some values."""
    return of[pick(len(of))]


def some_of(pick: Pick, of: Sequence[T]) -> list[T]:
    """Return a few of some values, at least one."""
    first = pick(len(of))
    return [v for i, v in enumerate(of) if i == first or pick(3) == 2]


def rarely(pick: Pick, percent: int) -> bool:
    """Return true so often in a hundred."""
    return 99 - pick(100) < percent


def drawn(make: Callable[[Pick], T]) -> st.SearchStrategy[T]:
    """Return the strategy of what a function makes of picks."""

    @st.composite
    def strategy(draw: st.DrawFn) -> T:
        return make(lambda below: draw(st.integers(0, below - 1)))

    return strategy()


def from_seed(seed: int) -> Pick:
    """Return picks that are the same each time."""
    return Random(seed).randrange


def fixed(make: Callable[[Pick], T], count: int, seed: int = 1) -> list[T]:
    """Return so many examples, the same ones each time."""
    pick = from_seed(seed)
    return [make(pick) for _ in range(count)]
