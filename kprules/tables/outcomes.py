"""What came of the rows of a table: two packed planes for each definition.

Guarantee: `certain` implies `possible`; possible and not certain is undetermined. A line in here
counts and unpacks; it never judges.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kprules.tables.planes import Plane, tally, unpack
from kprules.tables.problems import TableProblem

NAMES: Final = ("not_captured", "undetermined", "captured")
"""Outcomes by their codes."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The outcome of each definition on each row; what was wrong with the table."""

    definitions: tuple[str, ...]
    rows: int
    planes: npt.NDArray[np.uint8]
    """By definition; certain, then possible; a bit a row."""
    problems: tuple[TableProblem, ...] = ()
    rejected: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    """The rows with a value that cannot be read; what cannot be read counts as unknown."""

    @property
    def ok(self) -> bool:
        """Return whether nothing is wrong with the table: missing columns are no error."""
        return not any(problem.is_error for problem in self.problems)

    def certain(self, definition: int) -> Plane:
        """Return the rows that a definition captures, as bits."""
        plane: Plane = self.planes[definition, 0]
        return plane

    def possible(self, definition: int) -> Plane:
        """Return the rows that a definition captures or may capture, as bits."""
        plane: Plane = self.planes[definition, 1]
        return plane

    def codes(self, definition: int) -> npt.NDArray[np.uint8]:
        """Return 0 for not captured, 1 for undetermined, 2 for captured, row by row."""
        return unpack(self.certain(definition), self.rows) + unpack(
            self.possible(definition), self.rows
        )

    def counts(self) -> npt.NDArray[np.int64]:
        """Return how many rows have each outcome, by definition and code."""
        found = np.empty((len(self.definitions), 3), np.int64)
        for index in range(len(self.definitions)):
            certain = tally(self.certain(index), self.rows)
            possible = tally(self.possible(index), self.rows)
            found[index] = self.rows - possible, possible - certain, certain
        return found

    def columns(self) -> list[pa.DictionaryArray]:
        """Return an Arrow column of outcome names for each definition."""
        names = pa.array(NAMES)
        return [
            pa.DictionaryArray.from_arrays(pa.array(self.codes(i).view(np.int8)), names)
            for i in range(len(self.definitions))
        ]

    def packed(self) -> pa.FixedSizeBinaryArray:
        """Return one Arrow column: a row's codes, two bits each, four definitions a byte."""
        made = self._bytes((len(self.definitions) + 3) // 4)
        kind = pa.binary(made.shape[1])
        return pa.Array.from_buffers(kind, self.rows, [None, pa.py_buffer(made)])

    def words(self) -> pa.ListArray:
        """Return one Arrow column: a row's codes, two bits each, in whole numbers of 64 bits."""
        each = (len(self.definitions) + 31) // 32
        numbers = self._bytes(each * 8).view("<i8").reshape(-1)
        ends = np.arange(self.rows + 1, dtype=np.int32) * np.int32(each)
        return pa.ListArray.from_arrays(ends, pa.array(numbers))

    def _bytes(self, size: int) -> npt.NDArray[np.uint8]:
        """Return the codes of each row in so many bytes, and in one at least."""
        made = np.zeros((self.rows, max(size, 1)), np.uint8)
        for index in range(len(self.definitions)):
            made[:, index // 4] |= self.codes(index) << (index % 4 * 2)
        return made


def unpacked(column: pa.Array | pa.ChunkedArray, definition: int) -> npt.NDArray[np.uint8]:
    """Return a definition's codes from a column that `packed` made."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    parts = []
    for chunk in chunks:
        raw = b"".join(chunk.to_pylist()) if not _is_fixed(chunk) else _raw(chunk)
        size = len(raw) // max(len(chunk), 1)
        table = np.frombuffer(raw, np.uint8).reshape(-1, max(size, 1))
        parts.append(table[:, definition // 4] >> (definition % 4 * 2) & 3)
    return np.concatenate(parts) if parts else np.empty(0, np.uint8)


def _is_fixed(chunk: pa.Array) -> bool:
    return bool(pa.types.is_fixed_size_binary(chunk.type))


def _raw(chunk: pa.Array) -> memoryview:
    size = chunk.type.byte_width
    begin = chunk.offset * size
    return memoryview(chunk.buffers()[1])[begin : begin + len(chunk) * size]
