"""Where a record's facts stand in SQL: one table for the records, one for each list and set.

Guarantee: every fact of a vocabulary has one place.

| fact | place |
|---|---|
| scalar, date, reference | a column of its record's table; `goods.form` for a nested record |
| period | two columns, `period.from` and `period.to`; a null `to` beside a `from` is going on |
| list, map | a table named by its path (`links`, `legs.stops`), and a status column |
| set | a table named by its path (`actors.kinds`), and a status column |

Status columns stand in the table of the record that has the list or set. Every table but the first
has `case_id` and `parent` (the key of the row that it belongs to, empty for the record itself); a
list's also `key` (the id in a map, else the place), a set's `value`. A status is `complete`,
`incomplete`, or null where the list or set is unknown. A reference holds a key, `none`, or null
where unknown. A null value in a set is a member that is not known. Dates are whole days. A line in
here names places; it reads no data.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    Reference,
    Scalar,
    SetOf,
    Vocabulary,
)
from kprules.tables.sql.dialects import Spelling

ColumnKind = Literal["text", "number", "date", "bool"]
RECORDS = "cases"
"""The table of the records themselves, unless another name is asked for."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its name, and its own columns beside the keys."""

    name: str
    kind: Literal["records", "list", "set"]
    columns: tuple[tuple[str, ColumnKind], ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the columns that say whose row it is."""
        match self.kind:
            case "records":
                return ("case_id",)
            case "list":
                return ("case_id", "parent", "key")
            case "set":
                return ("case_id", "parent")
            case _:
                assert_never(self.kind)


def tables(vocabulary: Vocabulary, records: str = RECORDS) -> Iterator[Table]:
    """Yield every table of a vocabulary, the records' first."""
    yield from _tables(vocabulary, vocabulary.root.name, records, "", "records")


def _tables(
    vocabulary: Vocabulary,
    record: str,
    name: str,
    path: str,
    kind: Literal["records", "list"],
) -> Iterator[Table]:
    columns: list[tuple[str, ColumnKind]] = []
    deeper: list[Table] = []

    def gather(shape: str, prefix: str) -> None:
        for field in vocabulary.records[shape].fields.values():
            here = f"{prefix}{field.name}"
            place = f"{path}.{here}" if path else here
            match field.type:
                case Scalar() as scalar:
                    columns.append((here, _kind(scalar)))
                case Reference():
                    columns.append((here, "text"))
                case Period():
                    columns.extend(((f"{here}.from", "date"), (f"{here}.to", "date")))
                case SetOf(member=member):
                    columns.append((here, "text"))
                    deeper.append(Table(place, "set", (("value", _kind(member)),)))
                case ListOf(record=inner):
                    columns.append((here, "text"))
                    deeper.extend(_tables(vocabulary, inner, place, place, "list"))
                case Nested(record=inner):
                    gather(inner, f"{here}.")
                case _:
                    assert_never(field.type)

    gather(record, "")
    yield Table(name, kind, tuple(columns))
    yield from deeper


def _kind(scalar: Scalar) -> ColumnKind:
    match scalar.kind:
        case "bool" | "number" | "date":
            return scalar.kind
        case "enum" | "text":
            return "text"
        case _:
            assert_never(scalar.kind)


def create(vocabulary: Vocabulary, spelling: Spelling, records: str = RECORDS) -> str:
    """Return the statements that create the tables."""
    types = {
        "text": spelling.text_type,
        "number": spelling.number_type,
        "date": "DATE" if spelling.dates else spelling.text_type,
        "bool": "BOOLEAN",
    }
    statements = []
    for table in tables(vocabulary, records):
        columns = [f"{spelling.name(key)} {spelling.text_type} NOT NULL" for key in table.keys]
        columns += [f"{spelling.name(name)} {types[kind]}" for name, kind in table.columns]
        body = ",\n  ".join(columns)
        name = spelling.table(table.name) if table.name != records else spelling.name(records)
        statements.append(f"CREATE TABLE {name} (\n  {body}\n);")
    return "\n\n".join(statements) + "\n"
