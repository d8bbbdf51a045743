"""What is wrong with a table: problems as values, each with its column and first rows.

Guarantee: plain data, of no file; a value that cannot be read counts as unknown, never as
something else, and its row is among the rejected. A line in here collects; it never raises.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Kind = Literal[
    "unknown-column",
    "clashing-columns",
    "missing-column",
    "wrong-type",
    "unknown-value",
    "bad-number",
    "bad-date",
    "year-outside",
    "period-reversed",
    "unknown-record",
    "duplicate-key",
    "missing-key",
    "row-too-long",
]

FIRST: Final = 5
"""How many rows and values a problem names."""


@dataclass(frozen=True, slots=True)
class TableProblem:
    """Something wrong with a column, or with values in some of its rows."""

    column: str
    kind: Kind
    message: str
    help: str = ""
    rows: tuple[int, ...] = ()
    """The first rows concerned, counted from 0; none where the column itself is wrong."""
    count: int = 0
    """How many rows are concerned."""
    values: tuple[str, ...] = ()
    """The first values that cannot be read, as text."""
    every: npt.NDArray[np.int64] = field(
        default_factory=lambda: np.empty(0, np.int64), compare=False, repr=False
    )
    """All rows concerned, in order."""

    @property
    def is_error(self) -> bool:
        """Return whether the table is wrong, rather than silent: a missing column is unknown."""
        return self.kind != "missing-column"


@dataclass(slots=True)
class _Tally:
    message: str
    help: str
    rows: list[int] = field(default_factory=list)
    values: dict[str, None] = field(default_factory=dict)
    count: int = 0
    every: list[npt.NDArray[np.int64]] = field(default_factory=list)

    def concerned(self) -> npt.NDArray[np.int64]:
        """Return all rows concerned, in order."""
        return np.unique(np.concatenate(self.every)) if self.every else np.empty(0, np.int64)


class Findings:
    """What was found wrong with values, gathered over the blocks of a table."""

    def __init__(self, first_row: int = 0) -> None:
        """Begin with nothing wrong; rows are counted from the block's first row in the table."""
        self._tallies: dict[tuple[str, Kind], _Tally] = {}
        self.first_row = first_row

    def __bool__(self) -> bool:
        """Return whether anything is wrong."""
        return bool(self._tallies)

    def absorb(self, more: Findings) -> None:
        """Take in what was found in a later block."""
        for key, found in more._tallies.items():
            tally = self._tallies.setdefault(key, _Tally(found.message, found.help))
            tally.count += found.count
            tally.rows = (tally.rows + found.rows)[:FIRST]
            tally.values = dict.fromkeys([*tally.values, *found.values][:FIRST])
            tally.every += found.every

    def add(
        self,
        column: str,
        kind: Kind,
        rows: npt.NDArray[np.int64],
        message: str,
        *,
        hint: str = "",
        values: tuple[str, ...] = (),
    ) -> None:
        """Note rows of the block at hand with a value that cannot be read."""
        rows = np.unique(rows) + self.first_row
        tally = self._tallies.setdefault((column, kind), _Tally(message, hint))
        tally.count += len(rows)
        tally.rows += rows[: FIRST - len(tally.rows)].tolist() if len(tally.rows) < FIRST else []
        for value in values:
            if len(tally.values) < FIRST:
                tally.values[value] = None
        tally.every.append(rows)

    def problems(self) -> tuple[TableProblem, ...]:
        """Return what was found, a problem for each column and kind."""
        return tuple(
            TableProblem(
                column,
                kind,
                t.message,
                t.help,
                tuple(t.rows),
                t.count,
                tuple(t.values),
                t.concerned(),
            )
            for (column, kind), t in self._tallies.items()
        )

    def rejected(self) -> npt.NDArray[np.int64]:
        """Return the rows with a value that cannot be read, in order."""
        every = [rows for tally in self._tallies.values() for rows in tally.every]
        return np.unique(np.concatenate(every)) if every else np.empty(0, np.int64)
