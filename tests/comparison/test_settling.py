"""Unknown facts are ranked by how much hangs on them, and nearest changes turn an outcome round."""

from __future__ import annotations

import json

import pytest

import kprules
from kprules.cli.main import run
from kprules.comparison.conditions import Conditions
from kprules.comparison.explained import explained
from kprules.comparison.matrix import Subject
from kprules.comparison.settling import ranking
from kprules.evaluation.trace import Outcome


def _subject(case: str) -> Subject:
    loaded = kprules.load_cases()[case]
    return Subject(loaded.id, loaded.title, loaded.record)


def test_the_contested_finance_comes_first() -> None:
    """Where states count, the outcome for Russia hangs on what the stones finance."""
    rules = kprules.load_rules()
    found = ranking(rules["west-2022"], _subject("rus-ukr-2022"), Conditions())
    first = found.facts[0]
    assert first.path == "links[0].finances"
    assert set(first.alone) == {Outcome.CAPTURED, Outcome.NOT_CAPTURED}
    assert first.unknown is not None
    assert first.unknown.why == "contested"


def test_a_settled_outcome_has_nothing_to_rank(capsys: pytest.CaptureFixture[str]) -> None:
    """The command says that it is settled, and ends well."""
    assert run(["settle", "sdn-rsf-gold-2023", "kpcs-core-2002"]) == 0
    assert "It is settled" in capsys.readouterr().out


def test_ranking_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """The JSON names its format, and each fact with its weight."""
    assert run(["settle", "rus-ukr-2022", "west-2022", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["format"] == "kprules-ranking/1"
    assert found["facts"][0]["ways"] >= 1


def test_explain_names_the_nearest_changes() -> None:
    """Each change of a case that is not captured would capture it, and is said as a condition."""
    rules = kprules.load_rules()
    subject = _subject("rus-ukr-2022")
    found = explained(rules["kpcs-core-2002"], subject, Conditions(), near=True)
    assert found.changes
    assert {change.outcome for change in found.changes} == {Outcome.CAPTURED}
    assert any("rebel_movement" in str(change) for change in found.changes)


def test_explain_as_json_lists_every_step(capsys: pytest.CaptureFixture[str]) -> None:
    """Steps carry their path, what is now and what would be."""
    assert run(["explain", "rus-ukr-2022", "kpcs-core-2002", "--format", "json"]) == 0
    (outcome,) = json.loads(capsys.readouterr().out)["outcomes"]
    assert {"how", "path", "now", "then", "others"} == set(outcome["nearest"][0]["steps"][0])
