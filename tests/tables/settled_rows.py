"""Settled records as rows of SQL tables, of any vocabulary, by the layout's own description."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kprules.records.settled import (
    NO_RECORD,
    ONGOING,
    UNKNOWN_RECORD,
    Incomplete,
    PartialDate,
    Settled,
)
from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Vocabulary,
    slot,
)
from kprules.tables.sql.dialects import SPELLINGS
from kprules.tables.sql.layout import create, tables

Rows = dict[str, list[dict[str, Any]]]


def make_whole(record: Settled, shape: RecordShape, vocabulary: Vocabulary) -> bool:
    """Take from a record what the layout does not hold; return whether there was any.

    A date that stops at the month or year becomes its first day; a period of which one end alone
    is known becomes unknown.
    """
    changed = False
    for name, field in shape.fields.items():
        value = getattr(record, slot(name))
        match field.type:
            case _ if value is None or value is UNKNOWN_RECORD:
                continue
            case Scalar(kind="date"):
                changed |= _whole_day(record, name)
            case Period():
                if (value.from_ is None) != (value.to is None):
                    setattr(record, slot(name), UNKNOWN_RECORD)
                    changed = True
                else:
                    changed |= _whole_day(value, "from") | _whole_day(value, "to")
            case Nested(record=inner):
                changed |= make_whole(value, vocabulary.records[inner], vocabulary)
            case ListOf(record=inner):
                of = vocabulary.records[inner]
                changed |= sum(make_whole(entry, of, vocabulary) for entry in value) > 0
            case _:
                pass
    return changed


def _whole_day(record: Settled, name: str) -> bool:
    value = getattr(record, slot(name))
    if not isinstance(value, PartialDate):
        return False
    for end in (slot(name), f"{name}_lo", f"{name}_hi"):
        setattr(record, end, value.earliest)
    return True


def loaded(records: Mapping[str, Settled], vocabulary: Vocabulary) -> sqlite3.Connection:
    """Return a database with the records in the layout's tables."""
    rows: Rows = defaultdict(list)
    for name, record in records.items():
        row: dict[str, Any] = {"case_id": name}
        _fill(row, record, vocabulary.root.name, "", "", "", vocabulary, rows)
        rows["cases"].append(row)
    connection = sqlite3.connect(":memory:")
    spelling = SPELLINGS["sqlite"]
    connection.executescript(create(vocabulary, spelling))
    for table in tables(vocabulary):
        columns = [*table.keys, *(name for name, _ in table.columns)]
        names = ", ".join(spelling.name(column) for column in columns)
        marks = ", ".join("?" for _ in columns)
        into = f"INSERT INTO {spelling.name(table.name)} ({names}) VALUES ({marks})"  # noqa: S608 - ours
        values = [[_cell(row.get(column)) for column in columns] for row in rows[table.name]]
        connection.executemany(into, values)
    return connection


def _fill(
    row: dict[str, Any],
    record: Settled,
    shape: str,
    prefix: str,
    path: str,
    key: str,
    vocabulary: Vocabulary,
    rows: Rows,
) -> None:
    for name, field in vocabulary.records[shape].fields.items():
        value = getattr(record, slot(name))
        column = prefix + name
        place = f"{path}.{column}" if path else column
        match field.type:
            case _ if value is None or value is UNKNOWN_RECORD:
                continue
            case Scalar():
                row[column] = value
            case Reference():
                row[column] = "none" if value is NO_RECORD else value._key
            case Period():
                if value.from_ is None and value.to is None:
                    continue
                row[f"{column}.from"] = value.from_
                row[f"{column}.to"] = None if value.to == ONGOING else value.to
            case SetOf():
                row[column] = "incomplete" if None in value else "complete"
                key_columns = {"case_id": row["case_id"], "parent": key}
                rows[place] += [{**key_columns, "value": member} for member in value]
            case Nested(record=inner):
                _fill(row, value, inner, f"{column}.", path, key, vocabulary, rows)
            case ListOf(record=inner, keyed=keyed):
                row[column] = "incomplete" if isinstance(value, Incomplete) else "complete"
                for at, entry in enumerate(value):
                    below = entry._key if keyed else f"{key}/{at}"
                    entry_row = {"case_id": row["case_id"], "parent": key, "key": below}
                    _fill(entry_row, entry, inner, "", place, below, vocabulary, rows)
                    rows[place].append(entry_row)


def _cell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
