"""Binding a table's columns to the vocabulary: names, dotted names, types.

Guarantee: every column that is no field, has the wrong type or clashes with another is found, all
at once, before a row is read; problems are values. A line in here touches a schema.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final, TypeAlias, assert_never

import pyarrow as pa
import pyarrow.types as at

from kprules.records.shape import (
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
from kprules.tables.arrow import is_list, is_text
from kprules.tables.problems import TableProblem
from kprules.tables.rows import INCOMPLETE, PERIOD_SHAPE
from kprules.tables.sources import ID

Tree: TypeAlias = "Mapping[str, pa.DataType | Tree]"
"""Column types by name; those of dotted names in a tree of their own."""

_SAID: Final[Mapping[str, str]] = {
    "bool": "booleans",
    "enum": "texts, or codes with a dictionary",
    "text": "texts",
    "number": "numbers",
    "date": "dates, or texts such as 2003, 2003-01, 2003-01-31",
}


def arranged(names: list[str], columns: Callable[[int], Any]) -> dict[str, Any]:
    """Return columns as a tree: `goods.form` stands under `goods`."""
    tree: dict[str, Any] = {}
    for index, name in enumerate(names):
        *above, last = name.split(".")
        at_hand = tree
        for part in above:
            inner = at_hand.setdefault(part, {})
            if not isinstance(inner, dict):
                break  # a column of that name is there already: `check` has said so
            at_hand = inner
        else:
            at_hand.setdefault(last, columns(index))
    return tree


def check(schema: pa.Schema, vocabulary: Vocabulary) -> tuple[TableProblem, ...]:
    """Return what is wrong with the columns of a table, all of it."""
    return tuple(_Checking(vocabulary).table(schema))


class _Checking:
    """What is wrong with columns, by the vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def table(self, schema: pa.Schema) -> Iterator[TableProblem]:
        names = schema.names
        for name in dict.fromkeys(n for n in names if names.count(n) > 1):
            yield TableProblem(name, "clashing-columns", "two columns of this name")
        for name in names:
            parts = name.split(".")
            above = {".".join(parts[:i]) for i in range(1, len(parts))}
            for other in sorted(above & set(names)):
                yield TableProblem(
                    name, "clashing-columns", f"`{other}` is a column already", "keep one of them"
                )
        tree = arranged(names, lambda i: schema.field(i).type)
        yield from self._record(self.vocabulary.root, tree, "")

    def _record(
        self, shape: RecordShape, tree: Mapping[str, Any], column: str
    ) -> Iterator[TableProblem]:
        unjudged = unjudged_of(shape)
        for name, kind in tree.items():
            full = f"{column}.{name}" if column else name
            field = shape.fields.get(name)
            if field is not None:
                yield from self._field(field.type, kind, full)
            elif name == INCOMPLETE:
                if isinstance(kind, Mapping) or not (_is_set(kind) or at.is_null(kind)):
                    yield _wrong(full, kind, "lists of the names of lists")
            elif name not in unjudged and not (name == ID and column):
                hint = _nearest(name, shape, unjudged)
                for each in _columns(full, kind):
                    yield TableProblem(each, "unknown-column", "no field is called so", hint)

    def _field(self, kind: Type, found: Any, column: str) -> Iterator[TableProblem]:
        if isinstance(found, Mapping):
            yield from self._apart(kind, found, column)
            return
        if at.is_null(found):
            return
        match kind:
            case Scalar():
                if not holds(kind, found):
                    yield _wrong(column, found, _SAID[kind.kind])
            case SetOf(member):
                if not is_list(found) or not (
                    at.is_null(found.value_type) or holds(member, found.value_type)
                ):
                    yield _wrong(column, found, f"lists of {_SAID[member.kind]}")
            case Nested(record):
                yield from self._struct(self.vocabulary.shape_of(record), found, column)
            case Period():
                yield from self._struct(PERIOD_SHAPE, found, column)
            case Reference(record):
                if not is_text(found):
                    yield from self._struct(self.vocabulary.shape_of(record), found, column)
            case ListOf(record, keyed):
                yield from self._list(record, found, column, keyed=keyed)
            case _:
                assert_never(kind)

    def _apart(self, kind: Type, found: Mapping[str, Any], column: str) -> Iterator[TableProblem]:
        """Check columns with dotted names: of a record, of a period, of what is referred to."""
        match kind:
            case Nested(record) | Reference(record):
                yield from self._record(self.vocabulary.shape_of(record), found, column)
            case Period():
                yield from self._record(PERIOD_SHAPE, found, column)
            case _:
                for name in found:
                    yield TableProblem(
                        f"{column}.{name}", "unknown-column", f"`{column}` is no record"
                    )

    def _struct(
        self, shape: RecordShape, found: pa.DataType, column: str
    ) -> Iterator[TableProblem]:
        if not at.is_struct(found):
            yield _wrong(column, found, "records (a struct)")
            return
        yield from self._record(shape, struct_tree(found), column)

    def _list(
        self, record: str, found: pa.DataType, column: str, *, keyed: bool
    ) -> Iterator[TableProblem]:
        shape = self.vocabulary.shape_of(record)
        if keyed and at.is_map(found):
            if not is_text(found.key_type):
                yield _wrong(column, found, "maps from texts")
            entry = found.item_type
        elif is_list(found):
            entry = found.value_type
        else:
            said = (
                "a map of records, or lists of them with an `id`" if keyed else "lists of records"
            )
            yield _wrong(column, found, said)
            return
        if not at.is_null(entry):
            yield from self._struct(shape, entry, f"{column}[]")


def _columns(column: str, kind: Any) -> Iterator[str]:
    """Yield the names of the columns that lie under a name: several where they stand apart."""
    if not isinstance(kind, Mapping):
        yield column
        return
    for name, inner in kind.items():
        yield from _columns(f"{column}.{name}", inner)


def struct_tree(kind: pa.StructType) -> dict[str, pa.DataType]:
    """Return the fields of a struct by name."""
    return {kind.field(i).name: kind.field(i).type for i in range(kind.num_fields)}


def holds(kind: Scalar, found: pa.DataType) -> bool:
    """Return whether a type can hold values of a kind."""
    if at.is_null(found):
        return True
    plain = found.value_type if at.is_dictionary(found) else found
    match kind.kind:
        case "bool":
            return bool(at.is_boolean(found))
        case "enum" | "text":
            return is_text(found)
        case "number":
            return bool(at.is_integer(plain) or at.is_floating(plain) or at.is_decimal(plain))
        case "date":
            return is_text(found) or bool(at.is_date(found) or at.is_timestamp(found))
        case _:
            assert_never(kind.kind)


def _is_set(kind: pa.DataType) -> bool:
    return is_list(kind) and (at.is_null(kind.value_type) or is_text(kind.value_type))


def _wrong(column: str, found: Any, wanted: str) -> TableProblem:
    said = "columns of their own" if isinstance(found, Mapping) else f"`{found}`"
    return TableProblem(
        column, "wrong-type", f"{said} cannot hold this field", f"it takes {wanted}"
    )


def _nearest(name: str, shape: RecordShape, unjudged: frozenset[str]) -> str:
    near = get_close_matches(name, [*shape.fields, *unjudged], 1)
    return f"did you mean `{near[0]}`?" if near else ""


def unjudged_of(shape: RecordShape) -> frozenset[str]:
    """Return the names of a record's fields that definitions do not ask about: they may stand."""
    fields: Mapping[str, Any] = getattr(shape.model, "model_fields", {})
    names = {info.alias or name for name, info in fields.items()}
    return frozenset(names - set(shape.fields))
