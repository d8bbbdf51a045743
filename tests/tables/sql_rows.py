"""Plain records of the test shop as rows of SQL tables, and definitions run over them."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from postgres import Postgres
from shop import SHOP, Plain

from kprules.formula.definition import Judgement
from kprules.records.shape import ListOf, Nested, Period, Reference, Scalar, SetOf
from kprules.tables.sql.dialects import SPELLINGS, Dialect
from kprules.tables.sql.emitter import select
from kprules.tables.sql.layout import create, tables

Rows = dict[str, list[dict[str, Any]]]
Run = Callable[[str], list[str]]


def whole(raw: Any) -> Any:
    """Return a plain record without what SQL's layout does not hold: part dates, open-ended doubt.

    A date that stops short becomes its first day; a period that knows its beginning and not its end
    is left out, as is one of which only the going on is known.
    """
    if isinstance(raw, str) and raw[:4].isdigit() and len(raw) in (4, 7):
        return (raw + "-01-01")[:10]
    if isinstance(raw, list):
        return [whole(item) for item in raw]
    if not isinstance(raw, dict):
        return raw
    kept = {key: whole(value) for key, value in raw.items()}
    for name, value in list(kept.items()):
        if (
            isinstance(value, dict)
            and set(value) <= {"from", "to"}
            and name in {"trading", "lease"}
        ):
            only_one = len(value) == 1 and "from" in value
            if only_one or value == {"to": "ongoing"}:
                del kept[name]
    for name in ("trading", "lease", "site", "room"):
        if kept.get(name) == {}:
            del kept[name]  # a record of which nothing is said is no column
    return kept


def rows_of(records: Sequence[Plain]) -> Rows:
    """Return the rows of every table for some records, numbered from 0."""
    rows: Rows = defaultdict(list)
    for number, record in enumerate(records):
        case = str(number)
        row: dict[str, Any] = {"case_id": case}
        _fill(row, record, SHOP.root.name, "", "", "", case, rows)
        rows["cases"].append(row)
    return rows


def _fill(
    row: dict[str, Any],
    record: Plain,
    shape: str,
    prefix: str,
    path: str,
    key: str,
    case: str,
    rows: Rows,
) -> None:
    for name, field in SHOP.records[shape].fields.items():
        column = prefix + name
        place = f"{path}.{column}" if path else column
        value = record.get(name)
        if value is None:
            continue
        match field.type:
            case Scalar() | Reference():
                row[column] = value
            case Period():
                row[f"{column}.from"] = value.get("from")
                row[f"{column}.to"] = None if value.get("to") == "ongoing" else value.get("to")
            case SetOf():
                row[column] = "incomplete" if None in value else "complete"
                for member in value:
                    rows[place].append({"case_id": case, "parent": key, "value": member})
            case Nested(record=inner):
                _fill(row, value, inner, column + ".", path, key, case, rows)
            case ListOf(record=inner, keyed=keyed):
                open_list = name in record.get("incomplete", ())
                row[column] = "incomplete" if open_list else "complete"
                entries = value.items() if keyed else enumerate(value)
                for at, entry in entries:
                    below = str(at) if keyed else f"{key}/{at}"
                    entry_row: dict[str, Any] = {"case_id": case, "parent": key, "key": below}
                    _fill(entry_row, entry or {}, inner, "", place, below, case, rows)
                    rows[place].append(entry_row)


def sqlite_with(records: Sequence[Plain]) -> Run:
    """Return a function from a definition to the outcomes of records, by Python's own SQLite."""
    connection = sqlite3.connect(":memory:")
    connection.executescript(create(SHOP, SPELLINGS["sqlite"]))
    _insert(connection.executemany, "sqlite", records)
    return lambda sql: [row[1] for row in connection.execute(sql).fetchall()]


def duckdb_with(records: Sequence[Plain]) -> Run:
    """Return a function from a definition to the outcomes of records, by DuckDB."""
    import duckdb  # noqa: PLC0415 - an engine that not every machine has

    connection = duckdb.connect()
    connection.execute(create(SHOP, SPELLINGS["duckdb"]))
    _insert(connection.executemany, "duckdb", records)
    return lambda sql: [row[1] for row in connection.execute(sql).fetchall()]


def postgres_with(records: Sequence[Plain], server: Postgres) -> Run:
    """Return a function from a definition to the outcomes of records, by PostgreSQL."""
    spelling = SPELLINGS["postgres"]
    said = [create(SHOP, spelling)]

    def literal(value: Any) -> str:
        if value is None:
            return "NULL"
        return str(value) if isinstance(value, float) else spelling.value(value)

    def insert(into: str, values: list[list[Any]]) -> None:
        rows = ", ".join(f"({', '.join(map(literal, row))})" for row in values)
        said.append(f"{into.partition(' VALUES ')[0]} VALUES {rows};")

    _insert(insert, "postgres", records)
    server.run("DROP SCHEMA public CASCADE; CREATE SCHEMA public;\n" + "\n".join(said))
    return lambda sql: [row[1] for row in server.run(sql)]


def ordered(judgements: Sequence[Judgement], dialect: Dialect) -> str:
    """Return the SELECT in order of the records' numbers."""
    return select(judgements, SHOP, dialect) + "ORDER BY CAST(c.case_id AS INTEGER)"


def _insert(
    execute: Callable[[str, list[list[Any]]], object], dialect: Dialect, records: Sequence[Plain]
) -> None:
    spelling = SPELLINGS[dialect]
    rows = rows_of(records)
    for table in tables(SHOP):
        columns = [*table.keys, *(name for name, _ in table.columns)]
        names = ", ".join(spelling.name(c) for c in columns)
        marks = ", ".join("?" for _ in columns)
        values = [[_cell(row.get(c)) for c in columns] for row in rows.get(table.name, ())]
        if values:
            into = f"INSERT INTO {spelling.name(table.name)} ({names})"
            execute(f"{into} VALUES ({marks})", values)


def _cell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return value.isoformat() if isinstance(value, date) else value
