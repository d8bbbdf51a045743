"""The cases that ship, loaded into SQL's layout, come to what `kprules eval` says of them."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from settled_rows import Unheld, loaded
from sql_nulls import Unsaid
from sql_nulls import select as by_nulls

from kprules.comparison.conditions import Conditions
from kprules.comparison.matrix import Matrix, Subject, matrix
from kprules.diagnostics import Problems
from kprules.formula.definition import choose
from kprules.library.cases import load_cases
from kprules.library.checked import checked_definitions
from kprules.records.settled import Settled
from kprules.records.vocabulary import VOCABULARIES
from kprules.tables.sql.emitter import select


def _matrix(root: Path, about: str) -> Matrix:
    """Return what `kprules eval --about …` shows."""
    problems = Problems()
    checked = checked_definitions([root / "rules"], problems, VOCABULARIES)
    cases = load_cases([root / "cases"], problems)
    assert not problems.errors
    definitions = [d for d in checked.definitions.values() if d.about == about]
    subjects = [Subject(c.id, c.title, c.record) for c in cases if c.about == about]
    return matrix(definitions, subjects, Conditions())


def _held(found: Matrix) -> dict[str, Settled]:
    """Return the records that the layout holds: those whose dates are whole days."""
    held = {}
    for (name, _), record in found.settled.items():
        try:
            loaded({name: record}, found.definitions[0].vocabulary).close()
        except Unheld:
            continue
        held[name] = record
    return held


@pytest.mark.parametrize(("about", "least"), [("case", 20), ("meeting", 1)])
def test_sqlite_says_what_eval_says(root: Path, about: str, least: int) -> None:
    """Each definition that ships, over each case whose dates are whole days, comes to the same.

    Left out are cases with a date that stops at the month or year, which the layout does not hold.
    """
    found = _matrix(root, about)
    vocabulary = found.definitions[0].vocabulary
    records = _held(found)
    assert len(records) >= least
    connection = loaded(records, vocabulary)
    said = 0
    for index, definition in enumerate(found.definitions):
        expected = {name: str(found.outcomes[name][index]) for name in records}
        judgement = choose(definition)
        assert dict(connection.execute(select([judgement], vocabulary, "sqlite"))) == expected
        try:
            second = by_nulls(judgement, vocabulary)
            assert dict(connection.execute(second)) == expected
        except (Unsaid, sqlite3.OperationalError):  # shares; or too deep for SQLite
            continue
        said += 1
    assert said >= len(found.definitions) / 2
