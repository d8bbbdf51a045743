"""CSV in blocks of rows, columns as bytes or checked texts; ragged rows named or set apart.

Guarantee: a row that is ragged, too long or no UTF-8 is an error with its number, or is handed over
with its number and text; no row is dropped. When reading ends, however it ends, no thread of Arrow
holds a Python object any more. A line in here touches Arrow's reader of CSV.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pc

from kprules.library.table_files.recognised import TableFileError

LONGEST_ROW: Final = 1 << 24
"""Bytes of a row of CSV at most."""
_MOST_RAGGED: Final = 1_000_000
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
    options = pc.ConvertOptions(check_utf8=False)
    try:
        with closing(_read(path, lambda _: "skip", options)) as read:
            schema, _ = next(read)
            return list(schema.names)
    except UnicodeDecodeError as e:
        raise TableFileError(path, "the header is no UTF-8", "save the file as UTF-8") from e
    except pa.ArrowInvalid as e:
        raise _explained(path, e) from e


class _Handler:
    """What Arrow asks of a ragged row; made anew for each reader, so that its end can be seen."""

    def __init__(self, meet: Callable[[Any], str]) -> None:
        self._meet = meet

    def __call__(self, row: Any) -> str:
        return self._meet(row)


def _read(
    path: Path, meet: Callable[[Any], str], options: pc.ConvertOptions
) -> Generator[tuple[Any, float], None, None]:
    """Yield the schema, then batches, each with how much of the file is read.

    In the end it waits for Arrow's threads to let go of the handler: one that did so while Python
    ends would abort the process.
    """
    gone = Event()
    handler = _Handler(meet)
    weakref.finalize(handler, gone.set).atexit = False
    shape = pc.ParseOptions(
        delimiter=_delimiter(path), newlines_in_values=True, invalid_row_handler=handler
    )
    del handler
    size = max(path.stat().st_size, 1)
    reader = None
    with pa.OSFile(str(path)) as file:
        try:
            reader = pc.open_csv(
                file,
                read_options=pc.ReadOptions(block_size=LONGEST_ROW, use_threads=False),
                parse_options=shape,
                convert_options=options,
            )
            yield reader.schema, 0.0
            for batch in reader:
                yield batch, min(file.tell() / size, 1.0)
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
    numbers: list[int] = []
    ragged: list[Refusal] = []
    """Those of them that are still to be handed over."""

    def meet(row: Any) -> str:
        numbers.append(row.number - 2)
        ragged.append(
            (
                row.number - 2,
                f"{row.actual_columns} cells where the header has {row.expected_columns}",
                row.text or "",
            )
        )
        return "skip" if skip and len(numbers) < _MOST_RAGGED else "error"

    columns = _names(path)
    last = columns[-1]
    names = names or [last]  # a block without columns would have no rows
    options = pc.ConvertOptions(
        column_types=dict.fromkeys(columns, pa.binary()),
        include_columns=[*names, *([] if last in names else [last])],
        check_utf8=False,
    )
    seen = 0
    end: tuple[int, bytes] | None = None
    try:
        with closing(_read(path, meet, options)) as read:
            next(read)
            for batch, done in read:
                count = batch.num_rows
                rows = _numbers(seen, count, list(numbers))
                seen += count
                if count:
                    end = int(rows[-1]), batch.column(last)[-1].as_py() or b""
                texts, kept, bad = _texts(path, batch.select(names), rows, skip=skip)
                told = list(ragged)
                del ragged[: len(told)]  # a thread of Arrow may have met more in the meantime
                yield texts, kept, told + bad, done
        if end is not None and _stays_open(path, end[1], alone=len(columns) == 1):
            raise TableFileError(
                path, f"row {end[0] + 1:,}: a quotation mark is never closed", "close it"
            )
        if ragged:
            empty = pa.RecordBatch.from_pydict({n: pa.array([], pa.string()) for n in names})
            yield empty, np.empty(0, np.int64), ragged, 1.0
    except pa.ArrowInvalid as e:
        if ragged and not skip:
            number, message, _ = ragged[0]
            raise TableFileError(path, f"row {number + 1:,}: {message}") from e
        raise _explained(path, e) from e


def _stays_open(path: Path, cell: bytes, *, alone: bool) -> bool:
    """Return whether the file ends within the quotation marks of its last cell.

    Arrow takes what follows an open mark for the cell's text, further rows and all, and says
    nothing. Where the mark is closed, the file ends with more than the cell.
    """
    written = b'"' + cell.replace(b'"', b'""')
    with path.open("rb") as file:
        start = file.seek(0, 2) - len(written) - 1
        file.seek(max(start, 0))
        before, rest = file.read(1), file.read()
    return rest == written and before in ((b"\n", b"\r") if alone else (b",", b";", b"\t"))


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
    if "straddling" in text:
        return TableFileError(
            path,
            f"a row is longer than {LONGEST_ROW:,} bytes",
            "a quotation mark may be open",
        )
    if "Empty CSV" in text:
        return TableFileError(path, "cannot be read: it is empty")
    return TableFileError(path, f"cannot be read as CSV: {text.splitlines()[0]}")
