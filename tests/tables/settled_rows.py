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
    Reference,
    Scalar,
    SetOf,
    Vocabulary,
    slot,
)
from kprules.tables.sql.dialects import SPELLINGS
from kprules.tables.sql.layout import create, tables

Rows = dict[str, list[dict[str, Any]]]


class Unheld(Exception):  # noqa: N818 - no error: the layout says that it does not hold it
    """A date that stops short, or a period of which only the beginning is known."""


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
                if value.from_ is None or value.to is None:
                    raise Unheld
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
    if isinstance(value, PartialDate):
        raise Unheld
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
