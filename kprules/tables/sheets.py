"""Tables as they come from a caller, as columns in chunks and blocks of rows.

Guarantee: nothing is copied that lies straight; a block's columns have one chunk each. A line in
here touches Arrow, Polars and pandas tables as wholes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import pyarrow as pa

from kprules.tables.columns import arranged
from kprules.tables.sources import Source

Tabular: TypeAlias = Any
"""A pyarrow Table or RecordBatch, a Polars DataFrame, a pandas DataFrame."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of which blocks of rows can be had."""

    table: pa.Table
    rows: int
    """How many rows there are, though no column be wanted."""

    def blocks(self, size: int) -> Iterator[tuple[int, int, Mapping[str, Source]]]:
        """Yield blocks of rows: the first row, how many, the columns as a tree by name."""
        table, names = self.table, self.table.schema.names
        whole = [c.chunk(0) for c in table.columns if c.num_chunks == 1]
        for start in range(0, self.rows, size):
            rows = min(size, self.rows - start)
            if len(whole) == len(names):
                columns = [column.slice(start, rows) for column in whole]
            else:
                part = table.slice(start, rows).combine_chunks()
                columns = [c.chunk(0) for c in part.columns]
            yield start, rows, arranged(names, columns.__getitem__)

    def tree(self) -> dict[str, Any]:
        """Return the columns, each a list of chunks, under dotted names as a tree."""
        return arranged(self.table.schema.names, lambda i: self.table.column(i).chunks)


def schema_of(table: Tabular) -> pa.Schema:
    """Return the schema of a table as Arrow sees it."""
    house = type(table).__module__.split(".")[0]
    if house == "polars":
        return table.head(0).to_arrow(compat_level=_newest()).schema
    if house == "pandas":
        return pa.Schema.from_pandas(table, preserve_index=False)
    if isinstance(table, pa.Table | pa.RecordBatch):
        return table.schema
    raise TypeError(f"a table of Arrow, Polars or pandas is needed, and not {type(table).__name__}")


def sheet(table: Tabular, wanted: Collection[str]) -> Sheet:
    """Return the columns of a table of which the top names are wanted."""
    house = type(table).__module__.split(".")[0]
    if house == "polars":
        kept = table[_kept(table.columns, wanted)]
        return Sheet(kept.to_arrow(compat_level=_newest()), table.height)
    if house == "pandas":
        kept = table[_kept(list(table.columns), wanted)]
        return Sheet(pa.Table.from_pandas(kept, preserve_index=False), len(table))
    if isinstance(table, pa.RecordBatch):
        table = pa.Table.from_batches([table])
    return Sheet(table.select(_kept(table.schema.names, wanted)), table.num_rows)


def _newest() -> Any:
    """Return how Polars hands its columns over as they lie."""
    import polars as pl  # noqa: PLC0415 - only where the caller has it anyway

    return pl.CompatLevel.newest()


def _kept(names: Sequence[str], wanted: Collection[str]) -> list[str]:
    """Return the columns whose top is wanted; of two of one name, none."""
    return [n for n in dict.fromkeys(names) if n.split(".")[0] in wanted and names.count(n) == 1]
