"""Pairs of cases that differ in one element: what differs in the outcome, and by which fact."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from shipped_library import HERE, cases, deciding, rules

from kprules.api import evaluate

PAIRS = yaml.safe_load((HERE / "pairs.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair["pair"])
def test_what_parts_a_pair(pair: dict[str, Any]) -> None:
    """Each case has its outcome by its clause and its fact, and no two by the same."""
    definition = rules()[pair["in"]]
    for case, expected in pair["because"].items():
        result = evaluate(definition, cases()[case], readings=pair.get("under", {}))
        assert result.outcome == expected["outcome"], case
        assert expected["clause"] in deciding(result), case
        if "why" in expected:
            unknown = {fact.path: fact.why for fact in result.unknown}
            assert unknown[expected["fact"]] == expected["why"], case
        else:
            facts = {path: value for r in result.because for path, value in r.facts.items()}
            assert facts[expected["fact"]] == expected["is"], case


def test_contested_finance_is_settled_by_whose_view_is_taken() -> None:
    """Those who affirm and those who deny each see an outcome where nobody in particular does."""
    by_view = {
        ("rus-ukr-2022", "west-2022"): {"ukraine": "captured", "russia": "not_captured"},
        ("rus-ukr-2022", "wars-2023"): {"ukraine": "captured", "russia": "not_captured"},
        ("alqaeda-westafrica-1998-2002", "eu-2023"): {
            "global_witness": "captured",
            "us_911_commission": "undetermined",
        },
    }
    for (case, definition), views in by_view.items():
        for view, outcome in views.items():
            found = evaluate(rules()[definition], cases()[case], view=view)
            assert found.outcome == outcome, (case, definition, view)


def test_an_embargo_is_recognised_on_both_sides_of_its_pair() -> None:
    """What parts Liberia's embargo from the Ivorian one is no measure: both are the Council's."""
    cumulative = {"kpcs-core-2002.recognition": "cumulative"}
    for case in ("lbr-embargo-tail-2003-2007", "civ-fn-2002-2011"):
        result = evaluate(rules()["kpcs-core-2002"], cases()[case], readings=cumulative)
        failing = {r.label for r in result.because if r.truth == "false"}
        assert "recognition" not in failing


def test_a_lifting_changes_no_outcome() -> None:
    """The fields of the east before and after the embargo's end are judged alike by the core."""
    for definition in ("kpcs-core-2002", "unga-55-56", "wars-2023", "west-2022", "adpa-2025"):
        before, after = (
            evaluate(rules()[definition], cases()[case]).outcome
            for case in ("caf-east-noncompliant-2016-2024", "caf-after-lifting-2024")
        )
        assert before == after == "captured"
