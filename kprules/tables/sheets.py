"""Tables as they come from a caller, as columns in chunks and blocks of rows.

Guarantee: nothing is copied that lies straight; a block's columns have one chunk each. A line in
here touches Arrow, Polars and pandas tables as wholes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyarrow as pa

from kprules.tables.columns import arranged

Tabular: TypeAlias = Any
"""A pyarrow Table or RecordBatch, a Polars DataFrame, a pandas DataFrame."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of which blocks of rows can be had."""

    schema: pa.Schema
    rows: int
    slice: Callable[[int, int], pa.Table]
    """Return so many rows from one on."""

    def blocks(self, size: int) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield blocks of rows, each with the row that it begins with."""
        for start in range(0, self.rows, size):
            table = self.slice(start, min(size, self.rows - start)).combine_chunks()
            yield start, batch_of(table)

    def tree(self) -> dict[str, Any]:
        """Return the columns, each a list of chunks, under dotted names as a tree."""
        table = self.slice(0, self.rows)
        return arranged(table.schema.names, lambda i: table.column(i).chunks)


def batch_of(table: pa.Table) -> pa.RecordBatch:
    """Return a table whose columns have one chunk each as a batch."""
    columns: Sequence[pa.Array] = [
        c.chunk(0) if c.num_chunks else pa.array([], c.type) for c in table.columns
    ]
    return pa.RecordBatch.from_arrays(columns, schema=table.schema)


def sheet(table: Tabular, wanted: Collection[str]) -> tuple[pa.Schema, Sheet]:
    """Return a table's whole schema, and its columns of which the top names are wanted."""
    if isinstance(table, pa.RecordBatch):
        table = pa.Table.from_batches([table])
    if isinstance(table, pa.Table):
        kept = table.select(_kept(table.schema.names, wanted))
        return table.schema, Sheet(kept.schema, kept.num_rows, kept.slice)
    house = type(table).__module__.split(".")[0]
    if house == "polars":
        return _from_polars(table, wanted)
    if house == "pandas":
        whole = pa.Table.from_pandas(table, preserve_index=False)
        return sheet(whole, wanted)
    if hasattr(table, "__arrow_c_stream__"):
        return sheet(pa.table(table), wanted)
    raise TypeError(f"a table of Arrow, Polars or pandas is needed, and not {type(table).__name__}")


def _from_polars(frame: Any, wanted: Collection[str]) -> tuple[pa.Schema, Sheet]:
    import polars as pl  # noqa: PLC0415 - only where the caller has it anyway

    newest = pl.CompatLevel.newest()
    kept = frame.select(_kept(frame.columns, wanted))

    def part(start: int, rows: int) -> pa.Table:
        return kept.slice(start, rows).to_arrow(compat_level=newest)

    whole = frame.head(0).to_arrow(compat_level=newest).schema
    return whole, Sheet(part(0, 0).schema, kept.height, part)


def _kept(names: Sequence[str], wanted: Collection[str]) -> list[int] | list[str]:
    """Return the first column of each name whose top is wanted."""
    return [n for n in dict.fromkeys(names) if n.split(".")[0] in wanted and names.count(n) == 1]
