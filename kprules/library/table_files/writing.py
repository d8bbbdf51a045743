"""Tables written block by block, whole or not at all.

Guarantee: under the name asked for lies what lay there before, or the whole result; a text that a
spreadsheet would take for a formula is marked as text in CSV. A line in here touches columns.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq
import pyarrow.types as at

from kprules.library import written
from kprules.library.table_files.forms import Form
from kprules.library.table_files.recognised import TableFileError

_SAID: Final = (
    at.is_null, at.is_boolean, at.is_integer, at.is_floating, at.is_decimal, at.is_date, at.is_time,
    at.is_timestamp, at.is_duration, at.is_string, at.is_large_string, at.is_string_view,
)  # fmt: skip
_NUMBER: Final = r"\A[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?\z"


class Writer(Protocol):
    """Takes blocks of rows."""

    def write(self, batch: pa.RecordBatch, /) -> None:
        """Write a block."""
        ...

    def close(self) -> None:
        """Write what is still to be written."""
        ...


class _Arrow:
    """Writes with one of Arrow's writers, made when the first block comes."""

    def __init__(self, sink: IO[bytes], form: Form, schema: pa.Schema) -> None:
        self._sink, self._form = sink, form
        self._writer: Any = None
        self._begin(schema)

    def _begin(self, schema: pa.Schema) -> None:
        match self._form:
            case "parquet":
                # Outcomes are said by a dictionary; of ids, each of them new, it would say nothing.
                coded = [f.name for f in schema if at.is_dictionary(f.type)]
                others = [f.name for f in schema if not at.is_dictionary(f.type)]
                self._writer = pq.ParquetWriter(
                    self._sink,
                    schema,
                    compression="zstd",
                    use_dictionary=[*coded, *others[1:]],
                    write_statistics=others,
                )
            case "arrow":
                self._writer = pa.ipc.new_file(self._sink, schema)
            case _:
                self._writer = pa.csv.CSVWriter(
                    self._sink,
                    _plain(schema),
                    write_options=pa.csv.WriteOptions(quoting_style="needed"),
                )

    def write(self, batch: pa.RecordBatch) -> None:
        """Write a block."""
        self._writer.write_batch(as_cells(batch) if self._form == "csv" else batch)

    def close(self) -> None:
        """Write what stands at the end of the file."""
        try:
            self._writer.close()
        finally:
            if self._form == "parquet":
                self._writer.is_open = False  # else it tries once more when it is thrown away


class _Lines:
    """Writes a line of JSON a row."""

    def __init__(self, sink: IO[bytes]) -> None:
        self._sink = sink

    def write(self, batch: pa.RecordBatch) -> None:
        """Write a block."""
        import polars as pl  # noqa: PLC0415 - only where lines are written

        if batch.num_rows:
            frame = pl.from_arrow(pa.Table.from_batches([_for_polars(batch)]))
            assert isinstance(frame, pl.DataFrame)  # noqa: S101 - a table becomes a frame
            self._sink.write(frame.write_ndjson().encode())

    def close(self) -> None:
        """Do nothing: every line is written."""


def unwritable(schema: pa.Schema, form: Form) -> list[pa.Field]:
    """Return the columns that a form cannot hold."""
    return [column for column in schema if not _holds(form, column)]


def _holds(form: Form, column: pa.Field) -> bool:
    """Return whether a form holds a column: where its type says so, and a writer takes it."""
    if form in {"csv", "jsonl"} and not _is_said(column.type):
        return False
    schema = pa.schema([column])
    try:
        with writer(io.BytesIO(), form, schema) as sink:
            sink.write(pa.RecordBatch.from_arrays([pa.nulls(1, column.type)], schema=schema))
    except (pa.ArrowException, ValueError, TypeError):
        return False
    return True


def _is_said(kind: pa.DataType) -> bool:
    """Return whether a text can say a value of a type, so that the value can be read from it."""
    if at.is_union(kind) or at.is_run_end_encoded(kind):
        return False
    if at.is_nested(kind):
        return all(_is_said(kind.field(i).type) for i in range(kind.num_fields))
    if at.is_dictionary(kind):
        return _is_said(kind.value_type)
    return any(test(kind) for test in _SAID)


def _plain(schema: pa.Schema) -> pa.Schema:
    return pa.schema([pa.field(f.name, _cell_type(f.type)) for f in schema])


def _cell_type(kind: pa.DataType) -> pa.DataType:
    if at.is_dictionary(kind):
        return _cell_type(kind.value_type)
    plain = at.is_null(kind) or at.is_boolean(kind) or at.is_integer(kind) or at.is_float64(kind)
    return kind if plain else pa.string()


def as_cells(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a block as CSV holds it: texts that begin like formulas behind an apostrophe."""
    return pa.RecordBatch.from_arrays(
        [_cells(column) for column in batch.columns], schema=_plain(batch.schema)
    )


def _cells(column: pa.Array) -> pa.Array:
    if at.is_dictionary(column.type):
        column = column.dictionary_decode()
    if at.is_nested(column.type):
        column = pa.array([_json(value) for value in column.to_pylist()], pa.string())
    column = column.cast(_cell_type(column.type))
    if at.is_string(column.type):
        marked = pc.replace_substring_regex(column, r"\A([=+\-@\t\r])", r"'\1")
        return pc.if_else(pc.match_substring_regex(column, _NUMBER), column, marked)
    return column


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _for_polars(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a block with columns that Polars does not know as those that it does."""
    schema = pa.schema([f.with_type(_known(f.type)) for f in batch.schema])
    return batch if schema.equals(batch.schema) else batch.cast(schema)


def _known(kind: pa.DataType) -> pa.DataType:
    if at.is_decimal(kind):
        return pa.string()  # every digit
    if at.is_list_view(kind) or at.is_large_list_view(kind):
        return pa.large_list(kind.value_type)
    return pa.float32() if at.is_float16(kind) else kind


@contextmanager
def whole(path: Path, form: Form) -> Iterator[IO[bytes]]:
    """Open a file for a table: it takes the name in the end, and only where all went well."""
    if form in {"parquet", "arrow"} and written.is_stream(path):
        raise TableFileError(
            path, "is no file, and such a table needs one", "--format csv or jsonl can go there"
        )
    try:
        with written.whole(path) as file:
            yield file
    except OSError as e:
        raise TableFileError(path, f"cannot be written: {(e.strerror or str(e)).lower()}") from e


@contextmanager
def writer(sink: IO[bytes], form: Form, schema: pa.Schema) -> Iterator[Writer]:
    """Open what writes blocks of a schema in a form; its end is written where all went well."""
    made: Writer = _Lines(sink) if form == "jsonl" else _Arrow(sink, form, schema)
    try:
        yield made
    except BaseException:
        with suppress(Exception):
            made.close()
        raise
    made.close()
