"""Columns that are no fields and are carried through: of one type in all files of a table.

Guarantee: a type that two files do not share is widened where every value stays what it is, else
refused with both files. A line in here touches names and types.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.types as at

from kprules.tables.arrow import is_text
from kprules.tables.problems import TableProblem


@dataclass(slots=True)
class Extras:
    """The columns carried through so far."""

    fields: dict[str, pa.Field] = field(default_factory=dict)
    _files: dict[str, str] = field(default_factory=dict)
    """The file that each was met in first."""

    def add(self, column: pa.Field, path: str) -> TableProblem | None:
        """Take in a column of a file; return what is wrong where another file has another type."""
        known = self.fields.get(column.name)
        kind = column.type if known is None else _common(known.type, column.type)
        if kind is None:
            assert known is not None  # noqa: S101 - as just looked
            return TableProblem(
                column.name,
                "wrong-type",
                f"`{column.type}` here and `{known.type}` in {self._files[column.name]}",
                "a column that is carried through has one type; judge the files apart, or write"
                " them alike",
            )
        self.fields[column.name] = pa.field(column.name, kind)
        self._files.setdefault(column.name, path)
        return None


def _common(one: Any, other: Any) -> Any:
    """Return the type that holds the values of two, each as it is; nothing where there is none."""
    if one.equals(other) or at.is_null(other):
        return one
    if at.is_null(one):
        return other
    if is_text(one) and is_text(other):
        return pa.large_string()
    if at.is_integer(one) and at.is_integer(other):
        kinds = {at.is_signed_integer(kind) for kind in (one, other)}
        mixed = len(kinds) > 1 and any(at.is_uint64(kind) for kind in (one, other))
        return None if mixed else pa.int64() if kinds != {False} else pa.uint64()
    if at.is_floating(one) and at.is_floating(other):
        return max((one, other), key=lambda kind: kind.bit_width)
    return None
