"""Columns as Python's own values.

Guarantee: every column comes out; where it holds a day that Python has no date for, its days come
out as texts. A line in here touches columns as wholes.
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.types as at


def plain_values(column: pa.Array | pa.ChunkedArray | pa.RecordBatch) -> list[Any]:
    """Return the values of a column, or the rows of a batch."""
    try:
        return list(column.to_pylist())
    except (OverflowError, ValueError):  # a year that is none, or a billionth of a second
        if not isinstance(column, pa.RecordBatch):
            return list(column.cast(_written(column.type)).to_pylist())
        fields = [field.with_type(_written(field.type)) for field in column.schema]
        return list(column.cast(pa.schema(fields)).to_pylist())


def _written(kind: pa.DataType) -> pa.DataType:
    """Return a type with texts for dates."""
    if at.is_date(kind) or at.is_timestamp(kind):
        return pa.string()
    if at.is_dictionary(kind):
        return _written(kind.value_type)
    if at.is_struct(kind):
        return pa.struct([f.with_type(_written(f.type)) for f in kind])
    if at.is_map(kind):
        return pa.map_(kind.key_type, _written(kind.item_type))
    if at.is_list(kind) or at.is_large_list(kind):
        made = pa.list_ if at.is_list(kind) else pa.large_list
        return made(kind.value_field.with_type(_written(kind.value_type)))
    return kind
