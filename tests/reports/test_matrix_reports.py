"""The matrix as table, CSV, Markdown and JSON."""

import csv
import io
import json
import random
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from by_hand import definition, grid, subject
from hypothesis import given
from hypothesis import strategies as st

from kprules.comparison.conditions import Conditions
from kprules.comparison.matrix import matrix
from kprules.comparison.receipt import receipt
from kprules.diagnostics import Problem, cells
from kprules.evaluation.trace import Outcome
from kprules.reports.matrix_files import csv_matrix, markdown_matrix
from kprules.reports.matrix_json import lines, outcome_objects, report
from kprules.reports.matrix_table import table
from kprules.reports.text import Paper

SCHEMA = json.loads((Path(__file__).parent / "report.schema.json").read_text())
titles = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
names = st.from_regex(r"[a-z]{1,12}(-[a-z0-9]{1,12}){1,4}", fullmatch=True)


@given(
    rules=st.lists(st.tuples(names, titles), min_size=1, max_size=70, unique_by=lambda t: t[0]),
    cases=st.lists(st.tuples(names, titles), min_size=1, max_size=4, unique_by=lambda t: t[0]),
    width=st.integers(60, 200),
    unicode=st.booleans(),
    seed=st.integers(0, 9),
)
def test_a_table_fits_whatever_is_in_it(
    rules: list[tuple[str, str]],
    cases: list[tuple[str, str]],
    width: int,
    unicode: bool,
    seed: int,
) -> None:
    """No line is wider than the paper, and every case is shown in every block."""
    chance = random.Random(seed)
    statuses = ["in_force", "proposed", "blocked", "descriptive", None]
    found = matrix(
        [replace(definition(i, t), status=chance.choice(statuses)) for i, t in rules],
        [subject(i, t, surely=chance.random() < 0.5) for i, t in cases],
        Conditions(),
    )
    shown = table(found, Paper(width, unicode=unicode), as_of="2020-01-01").split("\n")
    assert max(map(cells, shown)) <= width
    assert "captured" in shown[-1]
    sums = sum(found.counts().values())
    assert sums == len(rules) * len(cases)


def test_few_definitions_stand_under_their_ids_with_outcomes_in_words() -> None:
    """Words beside marks where there is room, and titles of cases in what room is left."""
    shown = table(grid(2, 3, text="A title"), Paper(100))
    assert "        rule-0      rule-1\n" in shown
    assert "case-1  ● captured  ● captured  A title" in shown


def test_an_outcome_has_the_definitions_own_word() -> None:
    """`barred` and `not barred`, not *captured*."""
    rule = replace(definition(), outcome_word="barred")
    bare = replace(subject(), record=subject().record.model_copy(update={"items": []}))
    found = matrix([rule], [subject("a-b"), replace(bare, id="c-d")], Conditions())
    shown = table(found, Paper(80))
    assert "a-b  ● barred" in shown
    assert "c-d  · not barred" in shown


def test_many_definitions_stand_under_letters_in_groups_of_their_status() -> None:
    """Every letter is in a legend, in the order of the columns; blocks begin with their legend."""
    shown = table(grid(30, 2), Paper(80)).split("\n")
    heads = [
        row.split()
        for row in shown
        if row.strip().replace(" ", "").isalpha() and row[:6] == "      "
    ]
    assert "".join("".join(row) for row in heads) == "ABCDEFGHIJKLMNOPQRSTUVWXYZabcd"
    legend = [row.split()[0] for row in shown if row.startswith("  ") and "rule-" in row]
    assert legend == list("ABCDEFGHIJKLMNOPQRSTUVWXYZabcd")
    order = [row for row in shown if row in {"In force", "Proposed", "Blocked", "No status"}]
    assert order == ["In force", "Proposed", "Blocked", "No status"]


def test_more_definitions_than_letters_stand_under_numbers() -> None:
    """60 columns are numbered; all numbers are in the heads."""
    shown = table(grid(60, 1), Paper(80))
    for number in range(1, 61):
        assert f" {number}  rule-" in shown


def test_shortened_ids_stay_different() -> None:
    """Where a shorter spelling would make two ids equal, they are shown whole."""
    long = ["a" * 30 + "-" + c + "-" + "b" * 30 for c in "xy"]
    found = matrix(
        [definition(f"rule-{i}") for i in range(20)], [subject(i) for i in long], Conditions()
    )
    shown = table(found, Paper(100))
    assert all(name in shown for name in long)


def test_marks_read_without_colour_and_colour_says_no_more() -> None:
    """Without its escapes a coloured table is the plain one."""
    found = grid(20, 3)
    coloured = table(found, Paper(80, colour=True))
    for code in ("\x1b[1;31m", "\x1b[33m", "\x1b[1m", "\x1b[2m", "\x1b[0m"):
        coloured = coloured.replace(code, "")
    assert coloured == table(found, Paper(80))


def test_the_csv_has_a_row_a_case_and_a_column_a_definition() -> None:
    """Outcomes are those of the JSON."""
    rows = list(csv.reader(io.StringIO(csv_matrix(grid(3, 2)))))
    assert rows[0] == ["case", "title", "rule-0", "rule-1", "rule-2"]
    assert rows[1] == ["case-0", "Text", "captured", "captured", "captured"]
    assert len(rows) == 3


@pytest.mark.parametrize("number", [2, 9])
def test_the_markdown_is_one_table_with_a_legend_where_definitions_are_many(number: int) -> None:
    """As many cells in every row; a line of counts."""
    shown = markdown_matrix(grid(number, 2)).split("\n")
    rows = [row for row in shown if row.startswith("|")]
    assert {row.count("|") for row in rows} == {number + 2}
    assert ("1. **rule-0**: Text" in shown) == (number > 6)
    assert f"2 cases: ● captured {2 * number}, · not captured 0, ? undetermined 0" in shown


def test_the_json_has_the_documented_shape() -> None:
    """Definitions, cases, outcomes with reasons, unknowns, what would settle them, the receipt."""
    found = matrix(
        [definition()],
        [subject("a-b"), replace(subject("c-d"), record=type(subject().record)(id="c-d"))],
        Conditions(),
    )
    slip = receipt(found.definitions, ["x"], found.conditions)
    problem = Problem("a-code", "wrong", where="somewhere")
    data = json.loads(report(found, outcome_objects(found), slip, [problem]))
    jsonschema.validate(data, SCHEMA)
    captured, unknown = data["outcomes"]
    assert captured["because"][0]["facts"] == {"items[0].contains": ["milk"]}
    assert unknown["outcome"] == "undetermined"
    assert {u["path"] for u in unknown["unknown"]} >= {"items", "carrier.cooled"}
    assert unknown["would_settle"]
    assert data["errors"] == [
        {"code": "a-code", "severity": "error", "message": "wrong", "file": "somewhere",
         "line": None, "column": None, "help": None}
    ]  # fmt: skip
    as_lines = [json.loads(row) for row in lines(outcome_objects(found)).splitlines()]
    assert as_lines == data["outcomes"]


def test_the_outcomes_of_a_matrix_are_those_with_reasons() -> None:
    """The engine for outcomes alone and the one with reasons agree on every pair."""
    found = grid(4, 3)
    for subject_ in found.subjects:
        for column, outcome in zip(found.columns, found.outcomes[subject_.id], strict=True):
            assert found.result(subject_, column).outcome == outcome
    assert found.counts() == {Outcome.CAPTURED: 12}
