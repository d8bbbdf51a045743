"""How much the row groups of a Parquet file unpack to, before they are unpacked.

Guarantee: a group that would take more than is read at once is refused, also where a dictionary
says a long text with a few bits a row, or a text is said by how it differs from the one before. A
line in here touches metadata, dictionaries and lengths.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pyarrow.types as at

from kprules.library.table_files.recognised import TableFileError

LARGEST_GROUP: Final = 1 << 31
"""Bytes that the columns wanted of one row group, or of one batch, may unpack to."""
_ROWS: Final = 1 << 16
_FEW_ROWS: Final = 1 << 10
"""Rows at once of texts that are said by their differences: each may be long."""
_DIFFERENCES: Final = "DELTA_BYTE_ARRAY"


def refuse_large_groups(path: Path, file: pq.ParquetFile, names: Collection[str]) -> None:
    """Refuse a row group that unpacks to more than is read at once."""
    for group in range(file.metadata.num_row_groups):
        about = file.metadata.row_group(group)
        columns = [about.column(i) for i in range(about.num_columns)]
        wanted = [
            c
            for c in columns
            if c.path_in_schema in names or c.path_in_schema.split(".")[0] in names
        ]
        size = sum(c.total_uncompressed_size for c in wanted)
        grows = [c for c in wanted if _may_grow(file, c)]
        packed = [c.path_in_schema for c in grows if _DIFFERENCES not in c.encodings]
        other = [c.path_in_schema for c in grows if _DIFFERENCES in c.encodings]
        if packed and size <= LARGEST_GROUP:
            size += _unpacked(path, group, packed)
        if other and size <= LARGEST_GROUP:
            size += _told_apart(path, group, other)
        if size > LARGEST_GROUP:
            raise TableFileError(
                path,
                f"row group {group + 1} unpacks to {size:,} bytes or more; {LARGEST_GROUP:,} may"
                " be",
                "write it with smaller row groups",
            )


def _may_grow(file: pq.ParquetFile, column: Any) -> bool:
    """Return whether texts that are not written out may come to too much."""
    name = column.path_in_schema
    differ = _DIFFERENCES in column.encodings
    top = name in file.schema_arrow.names
    if top and not differ and at.is_dictionary(file.schema_arrow.field(name).type):
        return False  # it stays packed
    return bool(
        column.physical_type == "BYTE_ARRAY"
        and (column.has_dictionary_page or differ)
        and column.num_values * column.total_uncompressed_size > LARGEST_GROUP
    )


def _unpacked(path: Path, group: int, columns: list[str]) -> int:
    """Return the bytes of texts that a row group's columns say, as far as the limit goes."""
    file = pq.ParquetFile(path, memory_map=True, read_dictionary=columns)
    first = next(file.iter_batches(batch_size=1, row_groups=[group], columns=columns), None)
    longest = 0 if first is None else max(map(_longest, _dictionaries(first)), default=0)
    about = file.metadata.row_group(group)
    if longest * sum(about.column(i).num_values for i in range(about.num_columns)) <= LARGEST_GROUP:
        return 0
    size = 0
    for batch in file.iter_batches(batch_size=_ROWS, row_groups=[group], columns=columns):
        size += sum(map(_said, _dictionaries(batch)))
        if size > LARGEST_GROUP:
            break
    return size


def _told_apart(path: Path, group: int, columns: list[str]) -> int:
    """Return the bytes of texts that are said by their differences, as far as the limit goes."""
    file = pq.ParquetFile(path, memory_map=True)
    size = 0
    for batch in file.iter_batches(batch_size=_FEW_ROWS, row_groups=[group], columns=columns):
        size += sum(column.nbytes for column in batch.columns)
        if size > LARGEST_GROUP:
            break
    return size


def _dictionaries(array: pa.RecordBatch | pa.Array) -> Iterator[pa.DictionaryArray]:
    """Yield the columns that have dictionaries, also those within lists and records."""
    if isinstance(array, pa.RecordBatch):
        for column in array.columns:
            yield from _dictionaries(column)
    elif at.is_dictionary(array.type):
        yield array
    elif at.is_struct(array.type):
        yield from (d for inner in array.flatten() for d in _dictionaries(inner))
    elif at.is_map(array.type):
        yield from (d for inner in (array.keys, array.items) for d in _dictionaries(inner))
    elif (
        at.is_list(array.type) or at.is_large_list(array.type) or at.is_fixed_size_list(array.type)
    ):
        yield from _dictionaries(array.flatten())


def _longest(array: pa.DictionaryArray) -> int:
    return pc.max(pc.binary_length(array.dictionary)).as_py() or 0


def _said(array: pa.DictionaryArray) -> int:
    lengths = pc.binary_length(array.dictionary).cast(pa.int64())
    return pc.sum(lengths.take(array.indices)).as_py() or 0
