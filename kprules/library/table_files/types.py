"""The Arrow types of a vocabulary's fields.

Guarantee: a column of such a type holds every plain value of its field. A line in here touches
shapes and types.
"""

from __future__ import annotations

from typing import Final, assert_never

import pyarrow as pa

from kprules.records.shape import (
    PERIOD_FIELDS,
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Type,
    Vocabulary,
)

ID: Final = "id"
"""The column of an entry that holds its id, where its list is under ids."""
INCOMPLETE: Final = "incomplete"
"""The column that names lists with entries that are not recorded."""
NUMBER: Final = pa.decimal128(38, 18)
"""What holds every digit that a case's number may have."""
_SCALARS: Final = {
    "bool": pa.bool_(),
    "enum": pa.string(),
    "text": pa.string(),
    "number": NUMBER,
    "date": pa.string(),
}


def arrow_type(kind: Type, vocabulary: Vocabulary) -> pa.DataType:
    """Return the type of a column for a field."""
    match kind:
        case Scalar():
            return pa.int64() if kind.kind == "number" and kind.whole else _SCALARS[kind.kind]
        case SetOf(member):
            return pa.list_(arrow_type(member, vocabulary))
        case Reference():
            return pa.string()
        case Nested(record):
            return struct_type(vocabulary.shape_of(record), vocabulary)
        case Period():
            return pa.struct(
                [pa.field(n, arrow_type(t, vocabulary)) for n, t in PERIOD_FIELDS.items()]
            )
        case ListOf(record, keyed):
            return pa.list_(struct_type(vocabulary.shape_of(record), vocabulary, keyed=keyed))
        case _:
            assert_never(kind)


def struct_type(
    shape: RecordShape, vocabulary: Vocabulary, *, keyed: bool = False
) -> pa.StructType:
    """Return the type of a column of records; with their ids, where they stand under some."""
    fields = [pa.field(ID, pa.string())] if keyed else []
    fields += [pa.field(f.name, arrow_type(f.type, vocabulary)) for f in shape.fields.values()]
    return pa.struct(fields)


def is_keyed(name: str, vocabulary: Vocabulary) -> bool:
    """Return whether a field holds records under ids."""
    kind = field_type(name, vocabulary)
    return isinstance(kind, ListOf) and kind.keyed


def field_type(name: str, vocabulary: Vocabulary) -> Type | None:
    """Return the type of a field by its dotted name, or nothing."""
    shape: RecordShape | None = vocabulary.root
    kind: Type | None = None
    for part in name.split("."):
        if isinstance(kind, Period):
            kind = PERIOD_FIELDS.get(part)
        elif shape is not None and part in shape.fields:
            kind = shape.fields[part].type
        else:
            return None
        if kind is None:
            return None
        shape = vocabulary.shape_of(kind.record) if isinstance(kind, Nested | Reference) else None
    return kind
