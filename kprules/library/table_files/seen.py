"""Whether two rows of a table have one id, however many rows there are.

Guarantee: memory does not grow with the table: beyond a few million rows, what ids hash to waits in
a temporary file. Two ids that are told to be one agree in 128 bits. A line in here touches hashes.
"""

from __future__ import annotations

import tempfile
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

_HELD: Final = 1 << 21
"""Rows whose hashes are held in memory."""
_PARTS: Final = 64
_SEEDS: Final = (11, 29)
_COLUMNS: Final = 3

Marks = npt.NDArray[np.uint64]
"""By row: two hashes of its id, and its number in the whole table."""


class Seen:
    """The ids met so far, as hashes with the number of the row in the whole table."""

    def __init__(self) -> None:
        """Begin with none."""
        self._held: list[Marks] = []
        self._rows = 0
        self._files: list[tempfile._TemporaryFileWrapper[bytes]] = []

    def add(self, ids: pl.Series, first: int) -> None:
        """Take in the ids of rows that follow each other; those without one count for none."""
        marks = np.empty((len(ids), _COLUMNS), np.uint64)
        for column, seed in enumerate(_SEEDS):
            marks[:, column] = ids.hash(seed).to_numpy()
        marks[:, -1] = np.arange(first, first + len(ids))
        if ids.null_count():
            marks = marks[ids.is_not_null().to_numpy()]
        self._held.append(marks)
        self._rows += len(marks)
        if self._rows > _HELD:
            self._spill()

    def _spill(self) -> None:
        if not self._files:
            self._files = [tempfile.TemporaryFile() for _ in range(_PARTS)]  # type: ignore[misc]  # noqa: SIM115 - closed with this
        marks = np.concatenate(self._held)
        part = (marks[:, 0] >> np.uint64(58)).astype(np.uint8)
        marks = marks.take(np.argsort(part, kind="stable"), axis=0)
        ends = np.cumsum(np.bincount(part, minlength=_PARTS))
        for file, several in zip(self._files, np.split(marks, ends[:-1]), strict=True):
            file.write(several.tobytes())
        self._held, self._rows = [], 0

    def repeated(self) -> npt.NDArray[np.int64]:
        """Return the rows whose id an earlier row has, in order."""
        if not self._files:
            return _repeated(np.concatenate(self._held)) if self._held else np.empty(0, np.int64)
        self._held.append(np.empty((0, _COLUMNS), np.uint64))
        self._spill()
        found = []
        for file in self._files:
            file.seek(0)
            marks = np.frombuffer(file.read(), np.uint64).reshape(-1, _COLUMNS)
            found.append(_repeated(marks))
            file.close()
        return np.sort(np.concatenate(found))


def _repeated(marks: Marks) -> npt.NDArray[np.int64]:
    """Return the rows of marks that an earlier row has; where no hash stands twice, none is."""
    hashes = np.sort(marks[:, 0])
    twice = hashes[1:][hashes[1:] == hashes[:-1]]
    if not twice.size:
        return np.empty(0, np.int64)
    marks = marks[np.isin(marks[:, 0], twice)]
    frame = pl.DataFrame(marks, ["first", "second", "row"])
    again = frame.filter(~pl.struct("first", "second").is_first_distinct())
    rows: npt.NDArray[np.int64] = again["row"].sort().cast(pl.Int64).to_numpy()
    return rows


def repeated_ids(ids: pa.ChunkedArray) -> npt.NDArray[np.int64]:
    """Return the rows of a column of ids that an earlier row has, in order."""
    seen = Seen()
    seen.add(pl.Series(ids.cast(pa.string())), 0)
    return seen.repeated()
