"""What `kprules bench` measures, and that it measures the user's own."""

import json

import pytest
from running import Run

from kprules.comparison.bench import Clock, Measured, table_of
from kprules.comparison.conditions import Conditions
from kprules.comparison.matrix import settle
from kprules.diagnostics import Problems
from kprules.evaluation.compiled import compile_numbers
from kprules.formula.definition import choose
from kprules.library.cases import load_cases
from kprules.library.checked import checked_definitions
from kprules.library.shipped import shipped
from kprules.records.vocabulary import CASE, VOCABULARIES

BY = ("--only", "kpcs-core-2002,west-2022", "--seconds", "0")


def test_it_shows_loading_judging_and_where_the_time_goes(kprules: Run) -> None:
    """Each part has its figures, and the dearest definitions are named."""
    ended = kprules("bench", *BY)
    assert ended.code == 0, ended.err
    for heading in ("loading", "judging, one by one", "the 2 dearest", "where the time goes"):
        assert f"\n{heading}" in f"\n{ended.out}"
    assert "west-2022" in ended.out


def test_as_json_every_figure_is_there(kprules: Run) -> None:
    """Times are seconds, counts are of the definitions and cases chosen."""
    pytest.importorskip("polars")
    found = json.loads(kprules("bench", *BY, "--format", "json").out)
    assert found["format"] == "kprules-bench/1"
    assert {one["work"] for one in found["definitions"]} == {"kpcs-core-2002", "west-2022"}
    assert [one["work"] for one in found["judging"]] == [
        "settling the facts", "compiling", "outcomes, compiled", "with reasons",
    ]  # fmt: skip
    assert found["table"][1]["count"] >= 2 * 20_000
    every = [*found["loading"], *found["judging"], *found["table"], *found["definitions"]]
    assert all(one["seconds"] > 0 for one in every)


def test_nothing_to_judge_is_refused(kprules: Run) -> None:
    """A name that no definition bears is no measurement of nothing."""
    assert kprules("bench", "--only", "nobodys").code == 2


def test_the_least_of_several_runs_is_told() -> None:
    """Work is done once at least, and then as long as there is time."""
    runs: list[int] = []
    assert Clock(0).least(lambda: runs.append(1)) > 0
    assert len(runs) == 1
    Clock(0.01).least(lambda: runs.append(1))
    assert len(runs) > 2
    assert Measured("work", 1.0, 4, "case").count == 4


def test_the_table_says_what_the_cases_say() -> None:
    """The rows that are judged as a table come to the outcomes of the cases themselves."""
    pytest.importorskip("polars")
    from kprules.tables.kernel import Kernel  # noqa: PLC0415 - of an extra

    checked = checked_definitions([shipped("rules")], Problems(), VOCABULARIES)
    definitions = [d for d in checked.definitions.values() if d.about == "case"]
    cases = [c for c in load_cases([shipped("cases")], Problems()) if c.about == "case"]
    records = [settle(case.record, definitions[0], Conditions()) for case in cases]
    judgements = [choose(definition) for definition in definitions]
    numbers = compile_numbers(judgements)
    outcomes = Kernel(judgements, CASE).evaluate(table_of(records, CASE))
    assert outcomes.ok, outcomes.problems
    columns = [outcomes.codes(index).tolist() for index in range(len(judgements))]
    assert list(zip(*columns, strict=True)) == [tuple(numbers(record)) for record in records]
