"""Table files as blocks of rows, one in memory at a time.

Guarantee: whatever the bytes are, reading ends in blocks or in a `TableFileError` that names the
file; a column of CSV is bytes as they stand; every row read is in a block or among its refused
rows. A line in here touches Arrow's readers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.ipc
import pyarrow.parquet as pq
import pyarrow.types as at

from kprules.library.table_files.recognised import TableFile, TableFileError
from kprules.library.table_files.row_groups import LARGEST_GROUP, refuse_large_groups
from kprules.library.table_files.separated import csv_parts, csv_schema

BLOCK_ROWS: Final = 1 << 18

OnError = Literal["stop", "skip"]


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is no row of the table."""

    row: int
    """Its number in the file, counted from 0."""
    message: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of a file that follow each other."""

    batch: pa.RecordBatch
    rows: npt.NDArray[np.int64]
    """Their numbers in the file, counted from 0."""
    refused: tuple[Refused, ...] = ()
    share: float = 0.0
    """How much of the file was read up to here, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A table file whose columns are known."""

    file: TableFile
    schema: pa.Schema
    """Its columns; those of CSV are binary."""
    size: int
    """Bytes of the file."""
    _parts: Callable[[list[str], OnError], Iterator[Part]]

    @property
    def is_text(self) -> bool:
        """Whether columns are bytes that are still to be read as what they stand for."""
        return self.file.kind == "csv"

    def parts(self, wanted: Callable[[str], bool], on_error: OnError = "stop") -> Iterator[Part]:
        """Yield the rows in order, with the columns whose names are wanted."""
        names = [n for n in dict.fromkeys(self.schema.names) if wanted(n)]
        with complaints(self.file.path):
            yield from self._parts(names, on_error)


@contextmanager
def complaints(path: Path) -> Iterator[None]:
    """Turn what Arrow and the system complain of into an error that names the file."""
    try:
        yield
    except TableFileError:
        raise
    except MemoryError as e:
        raise TableFileError(path, "more than fits into memory") from e
    except OSError as e:
        why = e.strerror or _first_line(e)
        raise TableFileError(path, f"cannot be read: {why[:1].lower()}{why[1:]}") from e
    except (pa.ArrowException, ValueError, KeyError) as e:
        raise TableFileError(path, f"cannot be read: {_first_line(e)}") from e


def _first_line(error: BaseException) -> str:
    text = str(error).split("\n")[0].strip().rstrip(".")
    return text[:1].lower() + text[1:] or type(error).__name__


def opened(file: TableFile) -> Opened:
    """Open a table file and read its columns."""
    path = file.path
    with complaints(path):
        size = path.stat().st_size
        if not path.is_file():
            raise TableFileError(path, "cannot be read: it is no file")
        if not size:
            raise TableFileError(path, "cannot be read: it is empty")
        match file.kind:
            case "parquet":
                schema = _in_a_row(_parquet(path).schema_arrow)
                return Opened(file, schema, size, lambda names, _: _parquet_parts(path, names))
            case "arrow":
                with pa.memory_map(str(path)) as source:
                    schema = _in_a_row(pa.ipc.open_file(source).schema)
                return Opened(file, schema, size, lambda names, _: _arrow_parts(path, names))
            case "stream":
                with pa.memory_map(str(path)) as source:
                    schema = _in_a_row(pa.ipc.open_stream(source).schema)
                return Opened(file, schema, size, lambda names, _: _stream_parts(path, names))
            case "csv":
                schema = csv_schema(path)
                return Opened(
                    file,
                    schema,
                    size,
                    lambda names, on_error: _csv(path, names, skip=on_error == "skip"),
                )
            case "feather1":
                raise TableFileError(
                    path, "is Feather of the first version", "write it anew as Arrow or Parquet"
                )


# --- Parquet --------------------------------------------------------------------------------------


def _parquet(path: Path) -> pq.ParquetFile:
    return pq.ParquetFile(path, memory_map=True)


def _parquet_parts(path: Path, names: list[str]) -> Iterator[Part]:
    file = _parquet(path)
    refuse_large_groups(path, file, names)
    total = file.metadata.num_rows
    start = 0
    for batch in file.iter_batches(batch_size=BLOCK_ROWS, columns=names, use_threads=True):
        yield _part(path, batch, start, total)
        start += batch.num_rows
    if start != total:
        raise TableFileError(path, f"holds {start} rows, and says that it holds {total}")


# --- Arrow ----------------------------------------------------------------------------------------


def _arrow_parts(path: Path, names: list[str]) -> Iterator[Part]:
    with pa.memory_map(str(path)) as source:
        reader = pa.ipc.open_file(source, options=_included(pa.ipc.open_file(source).schema, names))
        start = 0
        for index in range(reader.num_record_batches):
            batch = reader.get_batch(index)
            share = (index + 1) / reader.num_record_batches
            yield from _cut(path, batch, start, share)
            start += batch.num_rows


def _stream_parts(path: Path, names: list[str]) -> Iterator[Part]:
    with pa.memory_map(str(path)) as source:
        schema = pa.ipc.open_stream(source).schema
        source.seek(0)
        start, size = 0, max(source.size(), 1)
        for batch in pa.ipc.open_stream(source, options=_included(schema, names)):
            yield from _cut(path, batch, start, source.tell() / size)
            start += batch.num_rows


def _included(schema: pa.Schema, names: list[str]) -> pa.ipc.IpcReadOptions:
    fields = [i for i, name in enumerate(schema.names) if name in names]
    return pa.ipc.IpcReadOptions(included_fields=fields or None)


def _cut(path: Path, batch: pa.RecordBatch, start: int, share: float) -> Iterator[Part]:
    """Yield a batch in blocks."""
    for begin in range(0, batch.num_rows, BLOCK_ROWS):
        part = batch.slice(begin, BLOCK_ROWS)
        yield _part(path, part, start + begin, 0, share)


def _part(
    path: Path, batch: pa.RecordBatch, start: int, total: int, share: float | None = None
) -> Part:
    if batch.nbytes > LARGEST_GROUP:
        raise TableFileError(
            path,
            f"rows {start + 1:,} to {start + batch.num_rows:,} take {batch.nbytes:,} bytes; "
            f"{LARGEST_GROUP:,} may be",
        )
    _validate(path, batch, start)
    batch = _laid_out(batch)
    rows = np.arange(start, start + batch.num_rows)
    done = (start + batch.num_rows) / max(total, 1) if share is None else share
    return Part(batch, rows, (), done)


def _laid_out(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a block with texts that lie apart, as Polars writes them, and runs, in a row.

    Arrow neither takes rows from them nor writes them everywhere.
    """
    schema = _in_a_row(batch.schema)
    if schema.equals(batch.schema):
        return batch
    columns = [
        pc.run_end_decode(column) if at.is_run_end_encoded(column.type) else column
        for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(columns, batch.schema.names).cast(schema)


def _in_a_row(schema: pa.Schema) -> pa.Schema:
    fields = [f.with_type(_without_views(f.type)) for f in schema]
    return pa.schema(fields, schema.metadata)


def _without_views(kind: pa.DataType) -> pa.DataType:
    if at.is_string_view(kind):
        return pa.large_string()
    if at.is_binary_view(kind):
        return pa.large_binary()
    if at.is_struct(kind):
        return pa.struct([f.with_type(_without_views(f.type)) for f in kind])
    if at.is_list(kind) or at.is_large_list(kind):
        made = pa.list_ if at.is_list(kind) else pa.large_list
        return made(kind.value_field.with_type(_without_views(kind.value_type)))
    if at.is_run_end_encoded(kind):
        return _without_views(kind.value_type)
    if at.is_dictionary(kind):
        return pa.dictionary(kind.index_type, _without_views(kind.value_type), kind.ordered)
    return kind


def _validate(path: Path, batch: pa.RecordBatch, start: int) -> None:
    """Refuse columns whose offsets lead astray or whose texts are no UTF-8."""
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid as e:
            raise TableFileError(
                path,
                f"column `{name}`, rows {start + 1:,} to {start + batch.num_rows:,}: "
                f"{_first_line(e)}",
            ) from e


# --- CSV ------------------------------------------------------------------------------------------


def _csv(path: Path, names: list[str], *, skip: bool) -> Iterator[Part]:
    for batch, rows, refused, share in csv_parts(path, names, skip=skip):
        yield Part(batch, rows, tuple(Refused(*one) for one in refused), share)
