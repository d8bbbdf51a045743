"""Plain records of the test shop as Arrow tables, in the encodings that tables come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
from picks import Pick, one
from shop import ROOT, SHOP, Plain

from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Type,
)

TEXTS = pa.list_(pa.string())


@dataclass(frozen=True)
class Encoding:
    """How a table's columns are encoded."""

    dictionaries: bool = False
    maps: bool = False
    large: bool = False
    views: bool = False
    decimals: bool = False
    whole_days: bool = False
    """Dates as Arrow's own: only where the records have no others."""
    inlined: bool = False
    """What references name lies in their own column."""
    dotted: bool = False
    """Records inside the record as columns with dotted names."""
    before: int = 0
    """Rows before the table's own, sliced off."""
    chunk: int = 0
    """Rows a chunk; none is one chunk."""


def drawn_encoding(pick: Pick, *, whole_days: bool = False) -> Encoding:
    """Draw an encoding."""
    return Encoding(
        dictionaries=bool(pick(2)),
        maps=bool(pick(2)),
        large=bool(pick(2)),
        views=pick(4) == 3,
        decimals=bool(pick(2)),
        whole_days=whole_days,
        dotted=bool(pick(2)),
        before=one(pick, (0, 0, 1, 3, 8, 13)),
        chunk=one(pick, (0, 0, 64, 7, 100)),
    )


# --- records --------------------------------------------------------------------------------------


def tabular(plain: Plain) -> Plain:
    """Return a plain record without what a table cannot say.

    A period whose beginning alone is known is still going on, in a table; and what goes on has a
    known beginning. One that ends before it begins is refused: it is turned round. A record in
    columns of its own is known where any of them is.
    """
    return {name: _tabular(v) for name, v in plain.items() if (name, v) != ("site", {})}


def _tabular(value: Any) -> Any:
    if isinstance(value, list):
        return [_tabular(v) for v in value]
    if not isinstance(value, dict):
        return value
    if set(value) <= {"from", "to"} and ("to" not in value or value["to"] == "ongoing"):
        return {**value, "to": "ongoing"} if "from" in value and "to" in value else {}
    if set(value) == {"from", "to"} and _last(value["to"]) < _first(value["from"]):
        return {"from": value["to"], "to": value["from"]}
    return {name: _tabular(inner) for name, inner in value.items()}


def _first(day: str) -> str:
    return day + "-01-01"[len(day) - 4 :]


def _last(day: str) -> str:
    return day + "-12-31"[len(day) - 4 :]


def row(plain: Plain, encoding: Encoding) -> Plain:
    """Return a plain record as a row of a table."""
    return _row(plain, ROOT, encoding, plain.get("makers", {}), 2)


def _row(plain: Plain, shape: RecordShape, on: Encoding, makers: Plain, deep: int) -> Plain:
    made: Plain = {}
    for name, field in shape.fields.items():
        if name in plain:
            made[name] = _cell(plain[name], field.type, on, makers, deep)
    if "incomplete" in plain:
        made["incomplete"] = plain["incomplete"]
    return made


def _cell(value: Any, kind: Type, on: Encoding, makers: Plain, deep: int) -> Any:
    match kind:
        case Scalar("date") if on.whole_days:
            return None if value == "ongoing" else date.fromisoformat(value)
        case Scalar("number"):
            return Decimal(value) if on.decimals else float(value)
        case Reference():
            if not on.inlined:
                return value
            if not deep:
                return {"id": value}
            inner = {} if value == "none" else makers[value]
            return {**_row(inner, SHOP.shape_of("maker"), on, makers, deep - 1), "id": value}
        case Nested(record):
            return _row(value, SHOP.shape_of(record), on, makers, deep)
        case Period():
            return {
                end: _cell(value[end], Scalar("date"), on, makers, deep)
                for end in value
                if value[end] != "ongoing"
            }
        case ListOf(record, keyed):
            shape = SHOP.shape_of(record)
            if not keyed:
                return [None if e is None else _row(e, shape, on, makers, deep) for e in value]
            entries = {key: _row(e, shape, on, makers, deep) for key, e in value.items()}
            if on.maps:
                return list(entries.items())
            return [{**entry, "id": key} for key, entry in entries.items()]
        case _:
            return value


# --- types ----------------------------------------------------------------------------------------


def arrow_type(kind: Type, on: Encoding, deep: int = 2) -> pa.DataType:
    """Return the Arrow type of a field."""
    lists = pa.large_list if on.large else pa.list_
    match kind:
        case Scalar("bool"):
            return pa.bool_()
        case Scalar("enum" | "text"):
            return _text(on)
        case Scalar("number"):
            return pa.decimal128(5, 1) if on.decimals else pa.float64()
        case Scalar():
            return pa.date32() if on.whole_days else _text(on)
        case SetOf(member):
            return lists(arrow_type(member, on))
        case Reference(record):
            if not on.inlined:
                return _text(on)
            if not deep:
                return pa.struct([pa.field("id", _text(on))])
            return _struct(SHOP.shape_of(record), on, deep - 1, keyed=True)
        case Nested(record):
            return _struct(SHOP.shape_of(record), on, deep)
        case Period():
            day = arrow_type(Scalar("date"), on)
            return pa.struct([pa.field("from", day), pa.field("to", day)])
        case ListOf(record, keyed):
            shape = SHOP.shape_of(record)
            if keyed and on.maps:
                return pa.map_(pa.string(), _struct(shape, on, deep))
            return lists(_struct(shape, on, deep, keyed=keyed))


def _text(on: Encoding) -> pa.DataType:
    plain = pa.large_string() if on.large else pa.string()
    return pa.dictionary(pa.int8(), plain) if on.dictionaries else plain


def _struct(shape: RecordShape, on: Encoding, deep: int, *, keyed: bool = False) -> pa.StructType:
    fields = [pa.field(n, arrow_type(f.type, on, deep)) for n, f in shape.fields.items()]
    if keyed:
        fields.append(pa.field("id", _text(on)))
    fields.append(pa.field("incomplete", TEXTS))
    return pa.struct(fields)


def table(plains: Sequence[Plain], on: Encoding) -> pa.Table:
    """Return plain records as a table."""
    rows = [row(plain, on) for plain in plains]
    kinds = {name: arrow_type(field.type, on) for name, field in ROOT.fields.items()}
    columns: dict[str, pa.ChunkedArray] = {}
    for name, kind in {**kinds, "incomplete": TEXTS}.items():
        cells = [r.get(name) for r in rows]
        columns[name] = _chunked(cells, kind, on)
    made = pa.table(columns)
    return _apart(made) if on.dotted else made


def _chunked(cells: list[Any], kind: pa.DataType, on: Encoding) -> pa.ChunkedArray:
    size = on.chunk or max(len(cells), 1)
    chunks = []
    for begin in range(0, len(cells), size):
        part = cells[begin : begin + size]
        extra = (part * (on.before // max(len(part), 1) + 1))[: on.before]
        array = _array(extra + part, kind)[len(extra) :]
        chunks.append(_with_views(array) if on.views else array)
    return pa.chunked_array(chunks) if chunks else pa.chunked_array([pa.array([], kind)])


def _array(cells: list[Any], kind: pa.DataType) -> pa.Array:
    """Return cells as an array; Arrow does not make dictionaries inside others itself."""
    if pa.types.is_dictionary(kind):
        return pa.array(cells, kind.value_type).dictionary_encode().cast(kind)
    return _recast(pa.array(cells, _plain(kind)), kind)


def _plain(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return kind.value_type
    if pa.types.is_struct(kind):
        return pa.struct([pa.field(f.name, _plain(f.type)) for f in kind])
    if pa.types.is_map(kind):
        return pa.map_(kind.key_type, _plain(kind.item_type))
    if pa.types.is_large_list(kind):
        return pa.large_list(_plain(kind.value_type))
    if pa.types.is_list(kind):
        return pa.list_(_plain(kind.value_type))
    return kind


def _recast(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Return an array with the dictionaries that a type asks for."""
    if array.type == kind:
        return array
    if pa.types.is_dictionary(kind):
        return array.dictionary_encode().cast(kind)
    mask = array.is_null()
    if pa.types.is_struct(kind):
        inner = [_recast(array.field(i), kind.field(i).type) for i in range(kind.num_fields)]
        return pa.StructArray.from_arrays(inner, fields=list(kind), mask=mask)
    if pa.types.is_map(kind):
        items = _recast(array.items, kind.item_type)
        return pa.MapArray.from_arrays(_offsets(array), array.keys, items)
    made = pa.LargeListArray if pa.types.is_large_list(kind) else pa.ListArray
    return made.from_arrays(array.offsets, _recast(array.values, kind.value_type), mask=mask)


def _offsets(array: pa.MapArray) -> pa.Array:
    """Return the offsets of a map array, null where the map is."""
    nulls = [*array.is_null().to_pylist(), False]
    offsets = array.offsets.to_pylist()
    return pa.array([None if n else o for n, o in zip(nulls, offsets, strict=True)], pa.int32())


def _with_views(array: pa.Array) -> pa.Array:
    kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return array.cast(pa.string_view())
    return array


def _apart(made: pa.Table) -> pa.Table:
    """Return a table with its structs' fields as columns of dotted names."""
    columns: dict[str, pa.ChunkedArray] = {}
    for name in made.column_names:
        column = made.column(name)
        if name in {"trading", "lease", "site"}:
            for inner in column.type:
                parts = [pa.compute.struct_field(c, inner.name) for c in column.chunks]
                columns[f"{name}.{inner.name}"] = pa.chunked_array(parts, inner.type)
        else:
            columns[name] = column
    return pa.table(columns)
