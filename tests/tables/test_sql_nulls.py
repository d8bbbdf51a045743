"""A second opinion: SQL that relies on SQL's own nulls says what the evaluator says."""

from __future__ import annotations

import sqlite3

import strategies
from drawn_records import record
from picks import fixed
from shop import SHOP, settled
from sql_nulls import Unsaid, select
from sql_rows import ordered, sqlite_with, whole

from kprules.evaluation.trace import outcome

LONGEST = 20_000
"""SQLite bounds how deep an expression goes."""


def test_sql_s_own_nulls_say_what_the_evaluator_says() -> None:
    """Wherever SQL's nulls can say it, generated definitions come to the same, three ways."""
    records = [whole(r) for r in fixed(record, 60)]
    cases = [settled(plain) for plain in records]
    outcomes_of = sqlite_with(records)
    said = unsaid = too_deep = undetermined = 0
    for judgement in fixed(strategies.judgement, 300):
        try:
            sql = select(judgement, SHOP) + "ORDER BY CAST(c.case_id AS INTEGER)"
        except Unsaid:
            unsaid += 1
            continue
        ours = ordered([judgement], "sqlite")
        if max(len(sql), len(ours)) > LONGEST:
            too_deep += 1
            continue
        try:
            by_nulls, by_ours = outcomes_of(sql), outcomes_of(ours)
        except sqlite3.OperationalError:
            too_deep += 1
            continue
        assert by_nulls == by_ours == [str(outcome(judgement, case)) for case in cases]
        said += 1
        undetermined += by_nulls.count("undetermined")
    assert said > 120
    assert undetermined > 1000
    assert unsaid + too_deep < 180
