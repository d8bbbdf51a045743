"""Where the rows of a CSV file lie, and which of them cannot be handed to Arrow's reader.

Guarantee: what lies between such rows has rows that Arrow reads as they stand, none of them longer
than it takes. A mark that opens in a line and closes in a later one ends a cell there, or else it
was never closed: then its line alone is refused, and the next line is a row. A line in here touches
bytes; regular ones are looked at by the block.
"""

from __future__ import annotations

import codecs
import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

LONGEST_ROW: Final = 1 << 24
"""Bytes of a row of CSV at most."""
_CHUNK: Final = 1 << 23
_SLOWLY: Final = 1 << 20
"""Bytes that are read row by row once a row was irregular: others are likely to be near."""
_QUOTE: Final = ord('"')
_ENDS: Final = b"\r\n"
_MARK: Final = codecs.BOM_UTF8

Fault = Literal["open", "long", "ragged"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row by its bytes."""

    start: int
    end: int
    """Where its line ends; where a mark was never closed, the line in which it opens."""
    cells: int
    opened: int | None = None
    """The number of the cell, counted from 0, in which a mark opens and is never closed."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes with any number of rows that Arrow reads, and the row behind them that it cannot."""

    start: int
    end: int
    row: Row | None = None
    fault: Fault | None = None
    text: bytes = b""


class RowBytes:
    """The bytes of a CSV file."""

    def __init__(self, path: Path, delimiter: str) -> None:
        """Look at a file that is not empty."""
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._mark = delimiter.encode()
        self._end = re.compile(b"[" + re.escape(self._mark) + _ENDS + b"]")
        self._line = re.compile(b"[" + _ENDS + b"]")

    def header(self) -> tuple[Row, bytes]:
        """Return the first row that is not blank, and its bytes."""
        start = len(_MARK) if self._bytes[: len(_MARK)] == _MARK else 0
        row = self._row(self._past_blank(start))
        return row, self._bytes[row.start : row.end]

    def stretches(self, start: int, columns: int) -> Iterator[Stretch]:
        """Yield the stretches from a row on, all of which have so many cells."""
        at = begin = self._past_blank(start)
        slowly = 0
        while at < len(self._bytes):
            if at >= slowly:
                before, at = at, self._regular(at)
                if at - before <= _CHUNK // 2:  # else it met no more than the end of a block
                    slowly = at + _SLOWLY
                continue
            row = self._row(at)
            fault = self._fault(row, columns)
            at = self._past_blank(row.end)
            if fault is not None:
                text = self._bytes[row.start : min(row.end, row.start + LONGEST_ROW)]
                yield Stretch(begin, row.start, row, fault, text)
                begin = at
        if begin < at:
            yield Stretch(begin, len(self._bytes))

    # --- row by row -------------------------------------------------------------------------------

    def _row(self, start: int) -> Row:
        """Return the row that begins somewhere, as Arrow reads it.

        A mark means something at the start of a cell only; what follows a closed one belongs to the
        cell.
        """
        at, cells = start, 0
        while True:
            if self._bytes[at : at + 1] == b'"':
                closed = self._closed(at, start + LONGEST_ROW)
                if closed < 0:
                    end = self._find(self._line, at)
                    opened = cells if end - start <= LONGEST_ROW else None
                    return Row(start, end, cells + 1, opened)
                at = closed
            at = self._find(self._end, at)
            cells += 1
            if self._bytes[at : at + 1] != self._mark:
                return Row(start, at, cells)
            at += 1

    def _closed(self, opens: int, limit: int) -> int:
        """Return what follows the mark that closes a cell; less than nothing where none does."""
        at = self._bytes.find(b'"', opens + 1, limit)
        while at >= 0 and self._bytes[at + 1 : at + 2] == b'"':
            at = self._bytes.find(b'"', at + 2, limit)
        if at < 0:
            return -1
        ends = self._bytes[at + 1 : at + 2] in (b"", b"\r", b"\n", self._mark)
        return at + 1 if ends or self._line.search(self._bytes, opens, at) is None else -1

    def _find(self, what: re.Pattern[bytes], start: int) -> int:
        found = what.search(self._bytes, start)
        return len(self._bytes) if found is None else found.start()

    def _past_blank(self, at: int) -> int:
        while at < len(self._bytes) and self._bytes[at] in _ENDS:
            at += 1
        return at

    def _fault(self, row: Row, columns: int) -> Fault | None:
        if row.opened is not None:
            return "open"
        if row.end - row.start > LONGEST_ROW:
            return "long"
        if row.cells == columns:
            return None
        return None if _is_text(self._bytes[row.start : row.end]) else "ragged"

    # --- by the block -----------------------------------------------------------------------------

    def _regular(self, start: int) -> int:
        """Return where the rows from a row on, as far as one block goes, are regular no more.

        Regular are marks that enclose whole cells, and bytes that are UTF-8.
        """
        end = min(start + _CHUNK, len(self._bytes))
        is_last = end == len(self._bytes)
        block = np.frombuffer(self._bytes, np.uint8, end - start, start)
        marks = np.empty(0, np.int64)
        if self._bytes.find(b'"', start, end) >= 0:
            marks = np.flatnonzero(block == _QUOTE)
        trouble = min(self._irregular(block, marks, is_last=is_last), _no_text(block, is_last))
        if is_last and trouble == len(block):
            return end
        marks = marks[: np.searchsorted(marks, trouble)]
        behind = start + (int(marks[-1]) + 1 if len(marks) else 0)
        last = -1 if len(marks) % 2 else self._last_line(behind, start + trouble)
        if last < 0 and len(marks):
            lines = np.flatnonzero((block[:trouble] == _ENDS[0]) | (block[:trouble] == _ENDS[1]))
            ends = lines[np.searchsorted(marks, lines) % 2 == 0]
            last = start + int(ends[-1]) if len(ends) else -1
        return start if last < 0 else self._past_blank(last + 1)

    def _last_line(self, start: int, end: int) -> int:
        """Return where the last line between two places ends; less than nothing where none does."""
        return max(self._bytes.rfind(bytes([sign]), start, end) for sign in _ENDS)

    def _irregular(
        self, block: npt.NDArray[np.uint8], marks: npt.NDArray[np.int64], *, is_last: bool
    ) -> int:
        """Return where the first mark lies that neither opens nor closes a cell.

        If there is none, the one that is open at the end of the block, or the end.
        """
        if not len(marks):
            return len(block)
        border = np.zeros(256, np.bool_)
        border[[*_ENDS, *self._mark]] = True
        around = np.concatenate([[_ENDS[0]], block, [_ENDS[0] if is_last else _QUOTE]])
        doubled = np.diff(marks) == 1
        fine = np.empty(len(marks), np.bool_)
        fine[::2] = border[around[marks[::2]]]
        fine[2::2] |= doubled[1::2]
        fine[1::2] = border[around[marks[1::2] + 2]]
        fine[1::2][: len(doubled[1::2])] |= doubled[1::2]
        if not fine.all():
            return int(marks[int(np.argmin(fine))])
        return int(marks[-1]) if len(marks) % 2 else len(block)


def _no_text(block: npt.NDArray[np.uint8], is_last: bool) -> int:
    """Return where the first byte lies that is no UTF-8, or the end."""
    try:
        codecs.utf_8_decode(block.data, "strict", is_last)
    except UnicodeDecodeError as e:
        return e.start
    return len(block)


def _is_text(row: bytes) -> bool:
    try:
        row.decode()
    except UnicodeDecodeError:
        return False
    return True
