"""Unknown facts are ranked by how much hangs on them, and nearest changes turn an outcome round."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

import kprules
from kprules.checking.rulebook import check
from kprules.cli.main import run
from kprules.comparison.conditions import Conditions
from kprules.comparison.explained import explained
from kprules.comparison.matrix import Subject, result_of
from kprules.comparison.settling import ranking
from kprules.diagnostics import Problems
from kprules.evaluation.outcome import Result
from kprules.evaluation.settling import would_settle
from kprules.evaluation.trace import Outcome
from kprules.library.shipped import shipped
from kprules.proof.nearest import nearest
from kprules.proof.sufficing import suffices
from kprules.records.case import Case
from kprules.records.vocabulary import VOCABULARIES
from kprules.source import Source
from kprules.syntax.parser import parse


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


def test_ranking_says_who_claims_what(capsys: pytest.CaptureFixture[str]) -> None:
    """JSON and Markdown hold the claims, and Markdown what a fact settles alone."""
    asked = ["settle", "rus-ukr-2022", "west-2022", "--format"]
    assert run([*asked, "json"]) == 0
    (fact,) = json.loads(capsys.readouterr().out)["facts"]
    assert fact["path"] == "links[0].finances"
    by = {party for claim in fact["claims"] for party in claim["by"]}
    assert {"ukraine", "russia", "kpcsc_coordinator_2022"} <= by
    assert run([*asked, "markdown"]) == 0
    said = capsys.readouterr().out
    assert "| contested | captured or not captured |" in said
    assert "alleged by ukraine" in said
    assert "alleged by russia" in said


READINGS = """
definition a-rule "A rule" {
  source "a test"
  captures when all of {
    sort: goods.form is rough
    size "large": reading of { wide: goods.carats >= 1  tight: goods.carats >= 100 }
    kind "stones": reading of {
      diamond: goods.material is diamond
      precious: goods.material in {diamond, gold}
    }
  }
}
"""


def _under_all(case: dict[str, object]) -> Result:
    problems = Problems()
    book = check([parse(Source("t.kpr", READINGS), problems)], VOCABULARIES, problems)
    assert not problems.errors
    record = Case.model_validate({"case": "a-case", "title": "A case", **case})
    return result_of(book.definitions["a-rule"], record, Conditions(readings="all"))


def test_what_would_settle_does_so_on_every_reading() -> None:
    """What is large, or the right kind, on one reading alone is not enough."""
    result = _under_all({"goods": {"form": "rough"}})
    assert {u.path for u in result.unknown} == {"goods.carats", "goods.material"}
    assert not result.ambiguity
    found = {
        (s.outcome, tuple(sorted((path, str(v)) for path, v in s.facts.items())))
        for s in would_settle(result).sets
    }
    assert found == {
        (Outcome.CAPTURED, (("goods.carats", "100"), ("goods.material", "diamond"))),
        (Outcome.NOT_CAPTURED, (("goods.carats", "0"),)),
        (Outcome.NOT_CAPTURED, (("goods.material", "coltan"),)),
    }


def test_where_readings_part_facts_that_decide_are_named_too() -> None:
    """On the wide reading it hangs on the material; on the tight one they are out."""
    result = _under_all({"goods": {"form": "rough", "carats": 5}})
    assert result.outcome is Outcome.UNDETERMINED
    assert [(u.path, u.why) for u in result.unknown] == [
        ("a-rule.size", "ambiguous"),
        ("goods.material", "missing"),
    ]
    (settles,) = would_settle(result).sets
    assert (settles.outcome, settles.facts) == (Outcome.NOT_CAPTURED, {"goods.material": "coltan"})


def test_no_fact_is_named_where_known_ones_part_the_readings() -> None:
    """Captured on one reading and not on another: no fact can mend that."""
    result = _under_all({"goods": {"form": "rough", "carats": 5, "material": "diamond"}})
    assert [(u.path, u.why) for u in result.unknown] == [("a-rule.size", "ambiguous")]
    assert would_settle(result).sets == ()


def test_nearest_changes_turn_the_outcome_on_every_reading() -> None:
    """What turns it on one reading alone is no change; what suffices does so on all."""
    captured = _under_all({"goods": {"form": "rough", "carats": 200, "material": "diamond"}})
    assert captured.outcome is Outcome.CAPTURED
    turned = {step.path: step.then for change in nearest(captured) for step in change.steps}
    assert turned.keys() == {"goods.form", "goods.carats", "goods.material"}
    assert turned["goods.material"] not in {"diamond", "gold"}
    assert turned["goods.carats"] in {0, Decimal("0.99")}
    assert {kept.path for each in suffices(captured) for kept in each.facts} == {
        "goods.form",
        "goods.carats",
        "goods.material",
    }


def test_a_contested_fact_that_settles_on_all_readings_is_ranked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """If the stones pay for nothing, no reading captures; the fact said so, a case that says so."""
    asked = ["rus-ukr-2022", "west-2022", "--readings", "all", "--format", "json"]
    assert run(["settle", *asked]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["facts"][0]["path"] == "links[0].finances"
    assert found["facts"][0]["alone"] == ["not_captured"]
    assert {u["path"] for u in found["ambiguous"]} >= {"west-2022.recognition"}
    assert run(["explain", *asked]) == 0
    (outcome,) = json.loads(capsys.readouterr().out)["outcomes"]
    assert {"ambiguous", "contested"} <= {u["why"] for u in outcome["unknown"]}
    assert {"outcome": "not_captured", "set": {"links[0].finances": []}} in outcome["would_settle"]

    text = (shipped("cases") / "rus-ukr-2022.yaml").read_text()
    case = yaml.safe_load(text)
    case["case"] = "rus-ukr-none"
    case["links"][0]["finances"] = []
    (tmp_path / "rus-ukr-none.yaml").write_text(yaml.safe_dump(case))
    file = str(tmp_path / "rus-ukr-none.yaml")
    assert run(["eval", file, "--only", "west-2022", "--readings", "all", "--format", "csv"]) == 0
    assert "not_captured" in capsys.readouterr().out


def test_words_and_facts_that_are_open_are_said_in_the_table(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Neither hides the other."""
    assert run(["settle", "rus-ukr-2022", "west-2022", "--readings", "all"]) == 0
    said = capsys.readouterr().out
    assert "links[0].finances" in said
    assert "can be read in several ways" in said
    assert "Not facts" not in said


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
    steps = [step for change in outcome["nearest"] for step in change["steps"]]
    assert any(step["others"] for step in steps)
    for step in steps:
        values = [step["then"], *step["others"]]
        assert all(value not in values[:number] for number, value in enumerate(values))
