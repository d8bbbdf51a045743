"""What a variant does to cases is told at a glance: grouped, with titles, and with whose facts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kprules
from kprules.reports.difference import difference_markdown
from kprules.reports.difference_json import difference_json
from kprules.verbs import Diff

SCREEN = 34
"""Lines of a terminal, about."""


@pytest.fixture(scope="module")
def wars() -> Diff:
    """Return what the wording of 2023 changes of the core."""
    rules = kprules.load_rules()
    return kprules.diff(rules["kpcs-core-2002"], rules["wars-2023"])


def test_the_readme_shows_what_the_program_prints(wars: Diff, root: Path) -> None:
    """To the letter, and in a screenful."""
    said = str(wars)
    shown = (root / "README.md").read_text(encoding="utf-8")
    assert f"$ kprules diff kpcs-core-2002 wars-2023\n{said}\n```" in shown
    assert len(said.splitlines()) <= SCREEN
    assert max(map(len, said.splitlines())) <= 80


def test_the_argument_of_2023_is_seen_at_once(wars: Diff) -> None:
    """On whose facts Russia's stones are captured, and what a war may be read as."""
    said = " ".join(str(wars).split())
    assert (
        "captured as seen by canada, european_union, pact, ukraine, united_kingdom and "
        "united_states, not captured as seen by russia: rus-alrosa-eu-listed-2024: Alrosa"
    ) in said
    assert "war read as any_armed_conflict or by_deaths (and link.conflict.deaths_per_year" in said
    assert said.count("Russian rough diamonds and the war against Ukraine") == 1


def test_each_case_is_named_once_with_its_title(wars: Diff) -> None:
    """Beneath what it shares with others; a clause that only holds others decides nothing."""
    said = str(wars)
    for change in wars.difference.cases:
        assert said.count(f"{change.subject.id}: {change.subject.title[:30]}") == 1
    assert "financing" not in said


def test_whose_facts_decide_is_said_in_every_format(wars: Diff) -> None:
    """A row of Markdown names them, and JSON has every party's outcome."""
    (row,) = (r for r in difference_markdown(wars.difference).split("\n") if "| rus-ukr-2022" in r)
    assert "not captured as seen by russia |" in row
    cases = json.loads(difference_json(wars.difference, {}))["cases"]
    (views,) = (case["views"] for case in cases if case["case"] == "rus-ukr-2022")
    assert views["ukraine"] == "captured"
    assert views["russia"] == "not_captured"
    assert views["kpcsc_coordinator_2022"] == "undetermined"
