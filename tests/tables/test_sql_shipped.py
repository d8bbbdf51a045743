"""The cases that ship, loaded into SQL's layout, come to what `kprules eval` says of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from settled_rows import loaded, make_whole
from sql_nulls import Unsaid
from sql_nulls import select as by_nulls

from kprules.comparison.conditions import Conditions
from kprules.comparison.matrix import Matrix, Subject, matrix
from kprules.diagnostics import Problems
from kprules.evaluation.trace import outcome
from kprules.formula.definition import choose
from kprules.library.cases import load_cases
from kprules.library.checked import checked_definitions
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


@pytest.mark.parametrize(("about", "least"), [("case", 30), ("meeting", 30)])
def test_sqlite_says_what_eval_says(root: Path, about: str, least: int) -> None:
    """Each definition that ships comes to the same over each case, by our SQL and by SQL's nulls.

    The layout holds whole days, and periods whose ends are both known. Cases that say less are made
    so, and are held to what the evaluator says of them then; the others to what `eval` shows.
    """
    found = _matrix(root, about)
    vocabulary = found.definitions[0].vocabulary
    records = {name: record for (name, _), record in found.settled.items()}
    made_whole = {n for n, r in records.items() if make_whole(r, vocabulary.root, vocabulary)}
    assert len(records) - len(made_whole) >= least
    connection = loaded(records, vocabulary)
    said = 0
    for index, definition in enumerate(found.definitions):
        judgement = choose(definition)
        expected = {
            name: str(
                outcome(judgement, record) if name in made_whole else found.outcomes[name][index]
            )
            for name, record in records.items()
        }
        assert dict(connection.execute(select([judgement], vocabulary, "sqlite"))) == expected
        try:
            second = by_nulls(judgement, vocabulary)
        except Unsaid:  # shares
            continue
        assert dict(connection.execute(second)) == expected
        said += 1
    assert said >= len(found.definitions) / 2
