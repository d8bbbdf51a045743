"""The SELECT says what the evaluator says, on engines that know nothing of us."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress

import pytest
import strategies
from drawn_records import record
from picks import fixed
from shop import Plain, settled
from sql_rows import Run, duckdb_with, ordered, postgres_with, sqlite_with, whole

from kprules.evaluation.trace import outcome
from kprules.tables.sql.dialects import Dialect

pytestmark = pytest.mark.no_cover  # the same lines over and over; other tests reach them

ENGINES: tuple[Dialect, ...] = ("sqlite", "duckdb", "postgres")
LONGEST = {"sqlite": 20_000, "duckdb": 2_500, "postgres": 6_000}
"""SQLite bounds how deep an expression goes; the others take long over long ones."""
LEAST = {"sqlite": 200, "duckdb": 80, "postgres": 120}


def engine_with(engine: Dialect, records: Sequence[Plain], request: pytest.FixtureRequest) -> Run:
    """Return an engine with records; skip where it is not installed."""
    if engine == "sqlite":
        return sqlite_with(records)
    if engine == "postgres":
        return postgres_with(records, request.getfixturevalue("postgres"))
    pytest.importorskip("duckdb")
    return duckdb_with(records)


@pytest.mark.parametrize("engine", ENGINES)
def test_select_equals_the_evaluator(engine: Dialect, request: pytest.FixtureRequest) -> None:
    """Generated definitions over generated records come to the evaluator's outcomes, each one."""
    records = [whole(r) for r in fixed(record, 60)]
    cases = [settled(plain) for plain in records]
    outcomes_of = engine_with(engine, records, request)
    run = too_deep = 0
    for judgement in fixed(strategies.judgement, 300):
        sql = ordered([judgement], engine)
        if len(sql) > LONGEST[engine]:
            continue
        with suppress(sqlite3.OperationalError):  # SQLite's: an expression is too deep for it
            reached = outcomes_of(sql)
            run += 1
            assert reached == [str(outcome(judgement, case)) for case in cases]
            continue
        too_deep += 1
    assert run > LEAST[engine]
    assert too_deep < run / 4
