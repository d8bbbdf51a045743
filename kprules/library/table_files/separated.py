"""CSV in blocks of rows, columns as bytes or checked texts; ragged rows named or set apart.

Guarantee: a row that is ragged, too long or no UTF-8 is an error with its number, or is handed over
with its number and text; no row is dropped. When reading ends, however it ends, no thread of Arrow
holds a Python object any more. A line in here touches Arrow's reader of CSV.
"""

from __future__ import annotations

import csv
import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from io import StringIO
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pc

from kprules.library.table_files.recognised import TableFileError
from kprules.library.table_files.row_bytes import LONGEST_ROW, RowBytes, Stretch

_MOST_RAGGED: Final = 1_000_000
_SHOWN: Final = 10_000
"""Bytes that are told of a row which is too long."""
_LET_GO: Final = 30.0
"""Seconds that Arrow's threads are waited for at most."""

Refusal = tuple[int, str, str]
"""The number of a row counted from 0, what is wrong, and its text."""


def csv_schema(path: Path) -> pa.Schema:
    """Return the columns that a header names."""
    names = _names(path)
    if any(not name.strip() for name in names):
        place = next(i for i, name in enumerate(names) if not name.strip())
        raise TableFileError(path, f"column {place + 1} has no name in the header")
    return pa.schema([pa.field(name, pa.string()) for name in names])


def _names(path: Path) -> list[str]:
    with path.open("rb") as file:
        begins = file.read(4)
    if begins[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise TableFileError(path, "is UTF-16", "save the file as UTF-8")
    row, written = RowBytes(path, _delimiter(path)).header()
    if row.opened is not None or row.end - row.start > LONGEST_ROW:
        raise TableFileError(path, "the header has no end", "a quotation mark may be open")
    try:
        lines = StringIO(written.decode(), newline="")
        return next(csv.reader(lines, delimiter=_delimiter(path)))
    except UnicodeDecodeError as e:
        raise TableFileError(path, "the header is no UTF-8", "save the file as UTF-8") from e
    except StopIteration:
        raise TableFileError(path, "cannot be read: it is empty") from None
    except csv.Error as e:
        raise TableFileError(path, f"the header cannot be read: {e}") from e


class _Handler:
    """What Arrow asks of a ragged row; made anew for each reader, so that its end can be seen."""

    def __init__(self, meet: Callable[[Any], str]) -> None:
        self._meet = meet

    def __call__(self, row: Any) -> str:
        return self._meet(row)


def _read(
    path: Path, part: Stretch, names: list[str], handler: _Handler, options: pc.ConvertOptions
) -> Generator[tuple[pa.RecordBatch, float], None, None]:
    """Yield batches of a part of a file, each with how much of the file is read.

    In the end it waits for Arrow's threads to let go of the handler: one that did so while Python
    ends would abort the process.
    """
    gone = Event()
    weakref.finalize(handler, gone.set).atexit = False
    shape = pc.ParseOptions(
        delimiter=_delimiter(path), newlines_in_values=True, invalid_row_handler=handler
    )
    del handler
    size = path.stat().st_size
    reader = None
    with pa.memory_map(str(path)) as file:
        try:
            file.seek(part.start)
            lines = pa.BufferReader(file.read_buffer(part.end - part.start))
            reader = pc.open_csv(
                lines,
                read_options=pc.ReadOptions(
                    block_size=LONGEST_ROW, use_threads=False, column_names=names
                ),
                parse_options=shape,
                convert_options=options,
            )
            for batch in reader:
                yield batch, min((part.start + lines.tell()) / size, 1.0)
        finally:
            del reader, shape
            gone.wait(_LET_GO)


def _delimiter(path: Path) -> str:
    """Return what separates cells: what is most frequent in the header, outside quotes."""
    with path.open("rb") as file:
        header = file.readline(1 << 16)
    outside = b"".join(header.split(b'"')[::2])
    counts = {mark: outside.count(mark.encode()) for mark in (",", ";", "\t")}
    return max(counts, key=lambda mark: counts[mark])


def csv_parts(
    path: Path, names: list[str], *, skip: bool
) -> Iterator[tuple[pa.RecordBatch, npt.NDArray[np.int64], list[Refusal], float]]:
    """Yield blocks of texts with the numbers of their rows, and the rows refused on the way."""
    columns = _names(path)
    reading = _Reading(path, columns, names or columns[-1:], skip=skip)  # blocks have a column
    rows = RowBytes(path, _delimiter(path))
    size = path.stat().st_size
    refused = 0
    for part in rows.stretches(rows.header()[0].end, len(columns)):
        if part.start < part.end:
            yield from reading.blocks(part)
        if part.row is not None:
            refused += 1
            message, text = _fault(part, columns)
            if not skip or refused >= _MOST_RAGGED:
                hint = "close it" if part.fault == "open" else ""
                raise TableFileError(path, f"row {reading.seen + 1:,}: {message}", hint)
            yield *reading.none(), [(reading.seen, message, text)], min(part.row.end / size, 1.0)
            reading.seen += 1


def _fault(part: Stretch, columns: list[str]) -> tuple[str, str]:
    """Return what is wrong with the row behind a part of a file, and its text."""
    assert part.row is not None  # noqa: S101 - asked of such parts alone
    text = part.text.decode(errors="replace")
    match part.fault:
        case "open":
            cell = part.row.opened or 0
            where = f"column `{columns[cell]}`" if cell < len(columns) else f"cell {cell + 1}"
            return f"a quotation mark is never closed; it opens in {where}", text
        case "long":
            return f"it is longer than {LONGEST_ROW:,} bytes", f"{text[:_SHOWN]}…"
        case _:
            return _ragged(part.row.cells, len(columns)), text


def _ragged(cells: int, columns: int) -> str:
    return f"{cells} cells where the header has {columns}"


class _Reading:
    """Reads parts of one file that follow each other, and counts their rows."""

    def __init__(self, path: Path, columns: list[str], names: list[str], *, skip: bool) -> None:
        self.path, self.columns, self.names, self.skip = path, columns, names, skip
        self.seen = 0
        """Rows so far, whether or not they were refused."""
        self._options = pc.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.binary()),
            include_columns=names,
            check_utf8=False,
        )

    def none(self) -> tuple[pa.RecordBatch, npt.NDArray[np.int64]]:
        """Return a block of no rows."""
        empty = pa.RecordBatch.from_pydict({n: pa.array([], pa.string()) for n in self.names})
        return empty, np.empty(0, np.int64)

    def blocks(
        self, part: Stretch
    ) -> Iterator[tuple[pa.RecordBatch, npt.NDArray[np.int64], list[Refusal], float]]:
        """Yield the blocks of a part."""
        numbers: list[int] = []
        ragged: list[Refusal] = []
        """Those of them that are still to be handed over."""
        first, seen = self.seen, 0

        def meet(row: Any) -> str:
            numbers.append(row.number - 1)
            said = _ragged(row.actual_columns, row.expected_columns)
            ragged.append((first + row.number - 1, said, row.text or ""))
            return "skip" if self.skip and len(numbers) < _MOST_RAGGED else "error"

        try:
            lines = _read(self.path, part, self.columns, _Handler(meet), self._options)
            with closing(lines) as read:
                for batch, done in read:
                    rows = first + _numbers(seen, batch.num_rows, list(numbers))
                    seen += batch.num_rows
                    texts, kept, bad = _texts(self.path, batch, rows, skip=self.skip)
                    told = list(ragged)
                    del ragged[: len(told)]  # a thread of Arrow may have met more in the meantime
                    yield texts, kept, told + bad, done
            self.seen = first + seen + len(numbers)
            if ragged:
                yield *self.none(), ragged, part.end / self.path.stat().st_size
        except pa.ArrowInvalid as e:
            if ragged and not self.skip:
                number, message, _ = ragged[0]
                raise TableFileError(self.path, f"row {number + 1:,}: {message}") from e
            raise _explained(self.path, e) from e


def _numbers(seen: int, count: int, ragged: list[int]) -> npt.NDArray[np.int64]:
    """Return the numbers of rows, of which so many were seen before, between those refused."""
    rows = np.arange(seen, seen + count)
    for number in sorted(ragged) if len(ragged) < 64 else ():  # noqa: PLR2004 - few enough
        rows[rows >= number] += 1
    if len(ragged) >= 64:  # noqa: PLR2004 - as above
        marks = np.array([-1, *sorted(ragged)])
        before = np.cumsum([b - a - 1 for a, b in pairwise(marks)])
        rows += np.searchsorted(before, rows, side="right")
    return rows


def _texts(
    path: Path, batch: pa.RecordBatch, rows: npt.NDArray[np.int64], *, skip: bool
) -> tuple[pa.RecordBatch, npt.NDArray[np.int64], list[Refusal]]:
    """Return cells as texts, empty ones null; rows with bytes that are no UTF-8 apart."""
    bad = np.zeros(batch.num_rows, np.bool_)
    where: dict[int, str] = {}
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            column.cast(pa.string())
        except pa.ArrowInvalid:
            for index, cell in enumerate(column.to_pylist()):
                if cell is not None and not _is_text(cell):
                    bad[index] = True
                    where.setdefault(index, name)
    refused = [
        (int(rows[i]), f"`{where[i]}` is no UTF-8", _shown(batch, i))
        for i in np.nonzero(bad)[0].tolist()
    ]
    if refused and not skip:
        shown = ", ".join(f"{number + 1:,}" for number, _, _ in refused[:5])
        column = where[min(where)]
        raise TableFileError(
            path, f"column `{column}`, row {shown}: bytes that are no UTF-8", "save it as UTF-8"
        )
    if refused:
        batch = batch.filter(pa.array(~bad))
        rows = rows[~bad]
    columns = [column.cast(pa.string()) for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, batch.schema.names), rows, refused


def _is_text(cell: bytes) -> bool:
    try:
        cell.decode()
    except UnicodeDecodeError:
        return False
    return True


def _shown(batch: pa.RecordBatch, index: int) -> str:
    cells = [column[index].as_py() or b"" for column in batch.columns]
    return b",".join(cells).decode(errors="replace")


def _explained(path: Path, error: Exception) -> TableFileError:
    text = str(error)
    return TableFileError(path, f"cannot be read as CSV: {text.splitlines()[0]}")
