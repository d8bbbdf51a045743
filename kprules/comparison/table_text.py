"""Columns of text as what they stand for: cells of CSV as numbers, truths, sets and lists.

Guarantee: an empty cell, or `unknown`, is unknown; a cell that cannot be read is found with its row
and counts as unknown. Sets are `a; b`, or JSON; lists and records are JSON. A line in here touches
columns of text and the types of fields.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from kprules.library.table_files.types import INCOMPLETE, NUMBER, arrow_type, field_type
from kprules.records.shape import Reference, Scalar, SetOf, Type, Vocabulary
from kprules.records.values import read_number
from kprules.tables.problems import FIRST, Findings

_NUMBER: Final = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$"
_WHOLE: Final = r"^[+-]?[0-9]{1,18}$"
_MANY_DIGITS: Final = r"[1-9](\.?[0-9]){15}"
"""More digits than a float is sure to hold."""
_TOO_FINE: Final = r"\.[0-9]{18}0*[1-9]"
_TOO_LARGE: Final = "numbers of more than 18 digits on one side"
_TEXTS: Final = SetOf(Scalar("text"))


def typed_schema(schema: pa.Schema, vocabulary: Vocabulary) -> pa.Schema:
    """Return the columns of a CSV file with the types that their fields have."""
    return pa.schema(
        [
            pa.field(name, pa.string() if kind is None else arrow_type(kind, vocabulary))
            for name, kind in ((n, _kind(n, vocabulary)) for n in schema.names)
        ]
    )


def _kind(name: str, vocabulary: Vocabulary) -> Type | None:
    return _TEXTS if name == INCOMPLETE else field_type(name, vocabulary)


def typed(batch: pa.RecordBatch, vocabulary: Vocabulary, findings: Findings) -> pa.RecordBatch:
    """Return a block of texts with its columns as what their fields hold."""
    columns = []
    for name, column in zip(batch.schema.names, batch.columns, strict=True):
        kind = _kind(name, vocabulary)
        if kind is None:  # no field: carried through as it stands, or counted by
            columns.append(column)
            continue
        cells = pc.utf8_trim_whitespace(column)
        silent = pc.is_in(cells, value_set=pa.array(["", "unknown"]))
        cells = pc.if_else(silent, pa.scalar(None, pa.string()), cells)
        columns.append(_read(name, cells, kind, vocabulary, findings))
    return pa.RecordBatch.from_arrays(columns, batch.schema.names)


def _read(
    name: str, cells: pa.Array, kind: Type, vocabulary: Vocabulary, findings: Findings
) -> pa.Array:
    wanted = arrow_type(kind, vocabulary)
    match kind:
        case Reference() | Scalar("enum" | "text" | "date"):
            return cells
        case Scalar("bool"):
            lower = pc.utf8_lower(cells)
            fine = pc.is_in(lower, value_set=pa.array(["true", "false"]))
            kept = _kept(name, cells, fine, "values that are neither true nor false", findings)
            return pc.equal(pc.if_else(pc.is_null(kept), kept, lower), "true")
        case Scalar():
            rule = _WHOLE if kind.whole else _NUMBER
            fine = pc.match_substring_regex(cells, rule)
            said = f"values that are no {'whole ' if kind.whole else ''}numbers"
            kept = _kept(name, cells, fine, said, findings, kind_="bad-number")
            kept = pc.replace_substring_regex(kept, r"^\+", "")
            return kept.cast(wanted) if kind.whole else _decimals(name, kept, findings)
        case SetOf(member) if not _any_json(cells):
            return _members(cells, arrow_type(member, vocabulary))
        case _:
            return _from_json(name, cells, wanted, findings, as_set=isinstance(kind, SetOf))


def _decimals(name: str, cells: pa.Array, findings: Findings) -> pa.Array:
    """Return numbers as they are written: as floats where these hold every digit of them."""
    floats = cells.cast(pa.float64())
    fine = pc.and_(
        pc.less(pc.abs(floats), 1e18), pc.invert(pc.match_substring_regex(cells, _TOO_FINE))
    )
    cells = _kept(name, cells, fine, _TOO_LARGE, findings, kind_="bad-number")
    if not pc.any(pc.match_substring_regex(cells, _MANY_DIGITS)).as_py():
        return cells.cast(pa.float64())
    return pa.array([None if c is None else Decimal(c) for c in cells.to_pylist()], NUMBER)


def _any_json(cells: pa.Array) -> bool:
    return bool(pc.any(pc.starts_with(cells, "[")).as_py())


def _members(cells: pa.Array, member: pa.DataType) -> pa.Array:
    """Return `a; b` as a set; `unknown` among the members leaves it open."""
    lists = pc.split_pattern(cells, ";")
    members = pc.utf8_trim_whitespace(lists.values)
    members = pc.if_else(pc.equal(members, "unknown"), pa.scalar(None, pa.string()), members)
    mask = cells.is_null() if cells.null_count else None
    return pa.ListArray.from_arrays(lists.offsets, members.cast(member), mask=mask)


def _kept(
    name: str,
    cells: pa.Array,
    fine: Any,
    message: str,
    findings: Findings,
    *,
    kind_: Any = "wrong-type",
) -> pa.Array:
    """Return the cells that can be read, and note the others."""
    bad = pc.and_(pc.is_valid(cells), pc.invert(pc.fill_null(fine, True)))
    rows = np.nonzero(bad.to_numpy(zero_copy_only=False))[0]
    if not len(rows):
        return cells
    few = cells.take(pa.array(rows[: 4 * FIRST])).to_pylist()
    findings.add(name, kind_, rows, message, values=tuple(dict.fromkeys(few))[:FIRST])
    return pc.if_else(bad, pa.scalar(None, pa.string()), cells)


def _from_json(
    name: str, cells: pa.Array, wanted: pa.DataType, findings: Findings, *, as_set: bool
) -> pa.Array:
    values: list[Any] = []
    bad: list[int] = []
    for row, text in enumerate(cells.to_pylist()):
        value = None
        if text is not None:
            try:
                value = _loaded(text) if not as_set or text.startswith("[") else _split(text)
                pa.array([value], wanted)
                _refuse_surplus(value, wanted)
            except (ValueError, RecursionError, pa.ArrowException, TypeError):
                value = None
                bad.append(row)
        values.append(value)
    if bad:
        few = cells.take(pa.array(bad[:FIRST])).to_pylist()
        findings.add(
            name,
            "wrong-type",
            np.array(bad),
            "values that are no JSON of the field's shape",
            values=tuple(t[:60] for t in few),
        )
    return pa.array(values, wanted)


def _loaded(text: str) -> Any:
    """Return JSON with its numbers as those of a case are read: every digit, and 18 at most."""
    return json.loads(text, parse_float=read_number, parse_int=read_number)


def _refuse_surplus(value: Any, wanted: pa.DataType) -> None:
    """Raise `ValueError` for a key that is no field: it would be dropped, and its fact with it."""
    if isinstance(value, dict) and pa.types.is_struct(wanted):
        for key, inner in value.items():
            if wanted.get_field_index(key) < 0:
                raise ValueError(f"no field is called {key}")
            _refuse_surplus(inner, wanted.field(key).type)
    elif isinstance(value, list) and pa.types.is_list(wanted):
        for inner in value:
            _refuse_surplus(inner, wanted.value_type)


def _split(text: str) -> list[str | None]:
    members = [part.strip() for part in text.split(";")]
    return [None if member == "unknown" else member for member in members]
