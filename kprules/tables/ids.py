"""Ids of rows that are whole numbers, taken for the texts that they are written as.

Guarantee: every other column is as it was. A line in here touches one column.
"""

from __future__ import annotations

from typing import TypeVar

import pyarrow as pa
import pyarrow.types as at

Columns = TypeVar("Columns", pa.RecordBatch, pa.Table)


def schema_with_ids(schema: pa.Schema, name: str) -> pa.Schema:
    """Return columns of which the one with ids holds texts, where it holds whole numbers."""
    index = schema.get_field_index(name)
    if index < 0 or not at.is_integer(schema.field(index).type):
        return schema
    return schema.set(index, pa.field(name, pa.string()))


def with_ids(rows: Columns, name: str) -> Columns:
    """Return rows whose ids are texts, where they are whole numbers."""
    schema = schema_with_ids(rows.schema, name)
    return rows if schema is rows.schema else rows.cast(schema)
