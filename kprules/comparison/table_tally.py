"""What outcomes on the rows of a table come to: counts, agreement, the rows that split definitions.

Guarantee: sums over blocks, the same however the rows are cut; memory grows with definitions and
groups only. A line in here touches planes of bits and counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kprules.comparison.table_groups import MOST_GROUPS, TooManyGroupsError, groups
from kprules.comparison.tables import Block
from kprules.tables.outcomes import NAMES, Outcomes
from kprules.tables.planes import unpack

MOST_PAIRED: Final = 64
"""Definitions at most of which the agreement of each pair is counted."""
FEW_SPLIT: Final = 5
_ONES: Final = np.array([n.bit_count() for n in range(256)], np.uint8)

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Split:
    """A row that one definition captures and another does not."""

    id: str
    outcomes: tuple[str, ...]
    """In order of the definitions."""


@dataclass(frozen=True, slots=True)
class Pair:
    """How far two definitions agree."""

    first: str
    second: str
    rows: int
    agreeing: int
    kappa: float | None
    """Cohen's, over the three outcomes; none where chance alone would make them agree."""
    split: int
    """Rows that one captures and the other does not."""


@dataclass(slots=True)
class Tally:
    """Sums over the rows of a table."""

    definitions: tuple[str, ...]
    count_by: tuple[str, ...] = ()
    rows: int = 0
    rejected: int = 0
    outside: int = 0
    split: int = 0
    """Rows that some definition captures and another does not."""
    splits: list[Split] = field(default_factory=list)
    groups: dict[tuple[str, ...], Counts] = field(default_factory=dict)
    counts: Counts = field(init=False)
    _common: Counts = field(init=False)
    """For each two planes, the later one second, the rows that are in both."""

    def __post_init__(self) -> None:
        """Begin with no rows."""
        size = len(self.definitions)
        self.counts = np.zeros((size, 3), np.int64)
        self._common = np.zeros((2 * size, 2 * size) if self.paired else (0, 0), np.int64)

    @property
    def paired(self) -> bool:
        """Whether the agreement of pairs is counted."""
        return 1 < len(self.definitions) <= MOST_PAIRED

    @property
    def read(self) -> int:
        """How many rows were read."""
        return self.rows + self.rejected + self.outside

    def undetermined(self) -> list[str]:
        """Return the definitions that decide no row, where there are rows."""
        stuck = self.counts[:, NAMES.index("undetermined")] == self.rows
        return [d for d, so in zip(self.definitions, stuck, strict=True) if so and self.rows]

    def add(self, block: Block) -> None:
        """Take in a block."""
        outcomes = block.outcomes
        self.rows += outcomes.rows
        self.rejected += len(block.rejects)
        self.outside += block.outside
        self.counts += outcomes.counts()
        if outcomes.rows and len(self.definitions) > 1:
            self._split(outcomes, block.ids)
            if self.paired:
                self._pair(outcomes)
        if outcomes.rows and self.count_by:
            self._group(block)

    def _split(self, outcomes: Outcomes, ids: pa.Array) -> None:
        some = np.bitwise_or.reduce(outcomes.planes[:, 0])
        every = np.bitwise_and.reduce(outcomes.planes[:, 1])
        rows = np.nonzero(unpack(some & ~every, outcomes.rows))[0]
        self.split += len(rows)
        for row in rows[: FEW_SPLIT - len(self.splits)].tolist():
            codes = (outcomes.planes[:, :, row // 8] >> row % 8 & 1).sum(axis=1).tolist()
            self.splits.append(Split(str(ids[row]), tuple(NAMES[code] for code in codes)))

    def _pair(self, outcomes: Outcomes) -> None:
        """Count the rows that are in each two of the planes."""
        planes = outcomes.planes.reshape(-1, outcomes.planes.shape[2])
        size = (outcomes.rows + 63) // 64 * 8
        bits = np.zeros((len(planes), size), np.uint8)
        used = (outcomes.rows + 7) // 8
        bits[:, :used] = planes[:, :used]
        if outcomes.rows % 8:
            bits[:, used - 1] &= (1 << outcomes.rows % 8) - 1
        words = bits.view(np.uint64)
        for index in range(len(words)):
            self._common[index, index:] += _ones(words[index:] & words[index])

    def _group(self, block: Block) -> None:
        keys, members = groups(block.batch, self.count_by)
        codes = [block.outcomes.codes(i).astype(np.int64) for i in range(len(self.definitions))]
        counted = np.stack([np.bincount(members * 3 + c, minlength=3 * len(keys)) for c in codes])
        for index, key in enumerate(keys):
            found = counted[:, 3 * index : 3 * index + 3]
            if key in self.groups:
                self.groups[key] += found
            else:
                self.groups[key] = found.copy()
        if len(self.groups) > MOST_GROUPS:
            raise TooManyGroupsError(f"more than {MOST_GROUPS:,} groups to count by")

    # --- read off ------------------------------------------------------------------------

    def pairs(self) -> list[Pair]:
        """Return how far each two definitions agree, those that agree least first."""
        if not self.paired or not self.rows:
            return []
        made = [self._agreement(i, j) for i, j in combinations(range(len(self.definitions)), 2)]
        return sorted(made, key=lambda pair: pair.agreeing)

    def table(self, first: int, second: int) -> Counts:
        """Return how many rows have each two outcomes, by their codes."""
        both = np.zeros((4, 4), np.int64)
        # at least a code: all rows, possible ones, certain ones
        at_least = np.empty((3, 3), np.int64)
        for i in range(3):
            for j in range(3):
                at_least[i, j] = self._both(first, i, second, j)
        both[:3, :3] = at_least
        return both[:3, :3] - both[1:, :3] - both[:3, 1:] + both[1:, 1:]

    def _both(self, first: int, i: int, second: int, j: int) -> int:
        """Return how many rows have at least these codes (planes: certain, then possible)."""
        named = [2 * d + (2 - code) for d, code in ((first, i), (second, j)) if code]
        if not named:
            return self.rows
        left, right = named[0], named[-1]
        return int(self._common[min(left, right), max(left, right)])

    def _agreement(self, first: int, second: int) -> Pair:
        table = self.table(first, second)
        agreeing = int(np.trace(table))
        chance = float(table.sum(axis=1) @ table.sum(axis=0)) / self.rows**2
        observed = agreeing / self.rows
        kappa = None if chance >= 1 else (observed - chance) / (1 - chance)
        names = self.definitions
        split = int(table[0, 2] + table[2, 0])
        return Pair(names[first], names[second], self.rows, agreeing, kappa, split)


def _ones(words: npt.NDArray[np.uint64]) -> Counts:
    """Return how many bits are set in each row of words."""
    many = np.bitwise_count(words) if hasattr(np, "bitwise_count") else _ONES[words.view(np.uint8)]
    found: Counts = many.sum(axis=1, dtype=np.int64)
    return found
