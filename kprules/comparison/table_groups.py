"""The columns that rows are counted by: which can be, and the different values that they hold.

Guarantee: a column that rows cannot be counted by is refused by name before a row is read; null, or
an empty text, is `unknown`. A line in here touches types and columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as at

from kprules.diagnostics import did_you_mean
from kprules.tables.arrow import is_list, is_text
from kprules.tables.problems import TableProblem

MOST_GROUPS: Final = 100_000
"""Groups at most that rows are counted by."""
_FEW_FIELDS: Final = 3
_PLAIN: Final = (
    at.is_boolean, at.is_integer, at.is_floating, at.is_decimal, at.is_date, at.is_time,
    at.is_timestamp, at.is_null, is_text,
)  # fmt: skip

Key = tuple[str, ...]
"""A value of each column."""


class TooManyGroupsError(ValueError):
    """Rows were to be counted by a column with too many values."""


def top_of(name: str, names: Sequence[str]) -> str:
    """Return the column that a name lies in: itself, or the record with the field."""
    return next((top for top in _tops(name) if top in names), name)


def _tops(name: str) -> Iterator[str]:
    """Yield a dotted name, and what it may lie in, the longest first."""
    parts = name.split(".")
    for end in range(len(parts), 0, -1):
        yield ".".join(parts[:end])


def refused_to_count_by(name: str, schema: pa.Schema) -> TableProblem | None:
    """Return why rows cannot be counted by a column, if they cannot."""
    top = top_of(name, schema.names)
    if top not in schema.names:
        hint = did_you_mean(name, _columns(schema))
        return TableProblem(name, "unknown-column", "no such column to count by", hint)
    kind = schema.field(top).type
    at_hand = top
    for part in filter(None, name[len(top) :].split(".")):
        if not at.is_struct(kind):
            lists = "lists" if is_list(kind) or at.is_map(kind) else "no records"
            said = f"cannot be counted by: `{at_hand}` holds {lists}, so that no row has one value"
            return TableProblem(name, "wrong-type", said, "count by a column of single values")
        if kind.get_field_index(part) < 0:
            hint = did_you_mean(name, _columns(schema))
            return TableProblem(name, "unknown-column", "no such column to count by", hint)
        kind, at_hand = kind.field(part).type, f"{at_hand}.{part}"
    if at.is_struct(kind):
        fields = [f"`{name}.{kind.field(i).name}`" for i in range(kind.num_fields)]
        one = ", ".join(fields[:_FEW_FIELDS]) + (" …" if len(fields) > _FEW_FIELDS else "")
        said = "cannot be counted by: it holds records"
        return TableProblem(name, "wrong-type", said, f"count by a field of them: {one}")
    if not _is_plain(kind.value_type if is_list(kind) else kind):
        said = f"cannot be counted by: it holds `{kind}`"
        return TableProblem(name, "wrong-type", said, "count by a column of single values, or sets")
    return None


def _is_plain(kind: pa.DataType) -> bool:
    kind = kind.value_type if at.is_dictionary(kind) else kind
    return any(test(kind) for test in _PLAIN)


def _columns(schema: pa.Schema) -> Iterator[str]:
    """Yield the names of columns, and of the fields of records."""
    for field in schema:
        yield field.name
        if at.is_struct(field.type):
            yield from (f"{field.name}.{inner.name}" for inner in field.type)


def groups(
    batch: pa.RecordBatch, columns: Sequence[str]
) -> tuple[list[Key], npt.NDArray[np.int64]]:
    """Return the different values of some columns together, and which of them each row has."""
    members = np.zeros(batch.num_rows, np.int64)
    values: list[list[str]] = []
    for name in columns:
        encoded = _texts(_column(batch, name)).dictionary_encode()
        names = encoded.dictionary.to_pylist()
        members = members * len(names) + encoded.indices.to_numpy(zero_copy_only=False)
        values.append(names)
    codes, inverse = np.unique(members, return_inverse=True)
    if len(codes) > MOST_GROUPS:
        raise TooManyGroupsError(f"more than {MOST_GROUPS:,} groups to count by")
    keys = []
    for code in codes.tolist():
        key: list[str] = []
        for names in reversed(values):
            code, place = divmod(code, len(names))  # noqa: PLW2901 - digit by digit
            key.insert(0, names[place])
        keys.append(tuple(key))
    return keys, inverse


def _column(batch: pa.RecordBatch, name: str) -> pa.Array:
    """Return a column, or a field of a column of records."""
    top = top_of(name, batch.schema.names)
    found = batch.column(top)
    inner = name[len(top) + 1 :]
    return pc.struct_field(found, inner.split(".")) if inner else found


def _texts(column: pa.Array) -> pa.Array:
    """Return a column as texts; null is `unknown`, a set its members in order."""
    if at.is_dictionary(column.type):
        column = column.dictionary_decode()
    if is_list(column.type):
        texts = [_set_text(v) for v in column.to_pylist()]
        column = pa.array(texts, pa.string())
    texts = pc.utf8_trim_whitespace(column.cast(pa.string()))
    return pc.if_else(pc.equal(pc.fill_null(texts, ""), ""), "unknown", texts)


def _set_text(members: list[Any] | None) -> str | None:
    if members is None:
        return None
    return ", ".join(sorted("unknown" if m is None else str(m) for m in members)) or "none"
