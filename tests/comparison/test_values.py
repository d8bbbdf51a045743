"""Conditions, receipts, claims, what is missing, evidence, expectations: values beside values."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import kprules
from kprules import Cases, Rules
from kprules.comparison.claims import open_facts
from kprules.comparison.conditions import Conditions, covers, in_force, order_of
from kprules.comparison.evidence import count_facts
from kprules.comparison.expectations import judge_expectations
from kprules.comparison.explained import explained
from kprules.comparison.matrix import Subject, matrix, result_of, settle
from kprules.comparison.missing import missing
from kprules.comparison.receipt import receipt
from kprules.evaluation.reasons import Decisive
from kprules.evaluation.trace import Outcome, Value
from kprules.formula import nodes
from kprules.formula.definition import Expectation
from kprules.library.cases import LoadedCase


@pytest.fixture(scope="module")
def rules() -> Rules:
    """Return the rules that ship."""
    return kprules.load_rules()


@pytest.fixture(scope="module")
def cases() -> Cases:
    """Return the cases that ship."""
    return kprules.load_cases()


def case(folder: Path, text: str, name: str = "x-y") -> LoadedCase:
    """Return a case of its text."""
    path = folder / f"{name}.yaml"
    path.write_text(f"case: {name}\ntitle: T\n{text}\n")
    return kprules.load_cases(path)[name]


def subject(loaded: LoadedCase) -> Subject:
    """Return a case as a matrix takes it."""
    return Subject(loaded.id, loaded.title, loaded.record, loaded.digest)


# --- the matrix -------------------------------------------------------------------------------


def test_every_outcome_of_the_library_is_the_one_that_has_reasons(
    rules: Rules, cases: Cases
) -> None:
    """Over all definitions and a third of the cases, the two engines agree."""
    definitions = [d for d in rules.values() if d.about == "case"]
    found = matrix(definitions, [subject(c) for c in list(cases.values())[::3]], Conditions())
    for row in found.subjects:
        for column, outcome in zip(found.columns, found.outcomes[row.id], strict=True):
            result = found.result(row, column)
            assert result.outcome == outcome
            assert result.because or result.unknown, (row.id, column.name)


def test_rows_are_in_order_of_id_and_columns_of_since(rules: Rules, cases: Cases) -> None:
    """Whatever the order in which they are given."""
    definitions = [rules[i] for i in ("west-2022", "kp-ec-fpi", "kpcs-core-2002", "wars-2023")]
    found = matrix(
        definitions, [subject(cases[i]) for i in ("rus-ukr-2022", "can-nwt")], Conditions()
    )
    assert [row.id for row in found.subjects] == ["can-nwt", "rus-ukr-2022"]
    assert [d.id for d in found.definitions] == [
        "kpcs-core-2002", "west-2022", "wars-2023", "kp-ec-fpi",
    ]  # fmt: skip
    assert [order_of(d) for d in found.definitions] == sorted(map(order_of, definitions))


@pytest.mark.parametrize("readings", ["customary", "all"])
def test_a_matrix_under_readings_agrees_with_each_pair(
    readings: str, rules: Rules, cases: Cases
) -> None:
    """Every combination of readings is tried where all are asked for."""
    asked = Conditions(readings="all" if readings == "all" else "customary")
    definitions = [rules["kpcs-core-2002"], rules["eu-2023"]]
    chosen = [subject(cases[i]) for i in ("lbr-taylor-1997-2003", "rus-ukr-2022", "can-nwt")]
    found = matrix(definitions, chosen, asked)
    for row in found.subjects:
        for column, outcome in zip(found.columns, found.outcomes[row.id], strict=True):
            assert result_of(column.definition, row.record, asked).outcome == outcome


def test_views_are_columns_each_with_its_own_outcome(rules: Rules, cases: Cases) -> None:
    """Nobody's view is the facts as established."""
    found = matrix(
        [rules["west-2022"]],
        [subject(cases["rus-ukr-2022"])],
        Conditions(),
        [None, "russia", "ukraine"],
    )
    assert [str(o) for o in found.outcomes["rus-ukr-2022"]] == [
        "undetermined", "not_captured", "captured",
    ]  # fmt: skip
    assert found.by_view


# --- days -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "value"),
    [
        ("{from: 2001-05-01, to: 2001-06-30}", Value.TRUE),
        ("{from: 2001-06-01, to: 2001-06-01}", Value.TRUE),
        ("{from: 2001-06-02, to: 2001-06-30}", Value.FALSE),
        ("{from: 2000-01-01, to: 2001-05-31}", Value.FALSE),
        ("{from: 2001-06, to: 2002}", Value.UNKNOWN),
        ("{from: 2001, to: 2001}", Value.UNKNOWN),
        ("{from: 2000-01-01}", Value.TRUE),
        ("{from: 2002-01-01, to: unknown}", Value.FALSE),
        ("{from: 2000-01-01, to: unknown}", Value.UNKNOWN),
        ("{from: unknown, to: 2001-01-01}", Value.FALSE),
        ("unknown", Value.UNKNOWN),
    ],
)
def test_a_period_includes_a_day_surely_perhaps_or_not(
    period: str, value: Value, rules: Rules, tmp_path: Path
) -> None:
    """1 June 2001, in periods that are known, partly known, ongoing and unknown."""
    definition = rules["kpcs-core-2002"]
    record = settle(case(tmp_path, f"period: {period}").record, definition, Conditions())
    assert covers(record, definition.vocabulary, date(2001, 6, 1)) is value


def test_definitions_in_force_are_those_whose_dates_do_not_exclude_the_day(rules: Rules) -> None:
    """Both ends count; an end that is left out excludes nothing."""
    some = rules["us-eo14068-2022"]
    for day, is_in in (("2022-03-10", 0), ("2022-03-11", 1), ("2024-02-29", 1), ("2024-03-01", 0)):
        assert len(in_force([some], date.fromisoformat(day))) == is_in
    assert in_force([replace(some, since=None, until=None)], date(1900, 1, 1))


# --- receipts -----------------------------------------------------------------------------------


def test_a_receipt_changes_with_whatever_can_change_an_outcome(rules: Rules) -> None:
    """Each condition, the rules, the cases, the days; and not with the order they come in."""
    core, west = rules["kpcs-core-2002"], rules["west-2022"]
    usual = receipt([core, west], ["a", "b"], Conditions())
    assert receipt([west, core], ["b", "a"], Conditions()) == usual
    others = [
        receipt([core], ["a", "b"], Conditions()),
        receipt([core, west], ["a"], Conditions()),
        receipt([core, west], ["a", "b"], Conditions(standard="alleged")),
        receipt([core, west], ["a", "b"], Conditions(view="russia")),
        receipt([core, west], ["a", "b"], Conditions(readings="all")),
        receipt([core, west], ["a", "b"], Conditions(reading={"a-b.c": "d"})),
        receipt([core, west], ["a", "b"], Conditions(closed=True)),
        receipt([core, west], ["a", "b"], Conditions(), date(2020, 1, 1)),
        receipt([core, west], ["a", "b"], Conditions(), None, date(2020, 1, 1)),
        receipt([replace(core, captures=nodes.Not(core.captures)), west], ["a", "b"], Conditions()),
        receipt([replace(core, title="Another"), west], ["a", "b"], Conditions()),
    ]
    seen = [usual]
    for other in others:
        assert other not in seen
        seen.append(other)


def test_a_receipt_knows_nothing_of_places_and_expectations(rules: Rules) -> None:
    """Where a rule was written, and what its author expects, are no part of what was used."""
    core = rules["kpcs-core-2002"]
    bare = replace(core, span=None, expectations=())
    assert receipt([core], [], Conditions()) == receipt([bare], [], Conditions())


def test_a_receipt_is_the_same_in_every_process(rules: Rules) -> None:
    """Sets are hashed in an order of their own, not in that of this process."""
    script = (
        "import kprules; from kprules.comparison.conditions import Conditions\n"
        "from kprules.comparison.receipt import receipt\n"
        "print(receipt(kprules.load_rules().values(), [], Conditions())['rules'])"
    )
    here = str(Path(kprules.__file__).parent.parent)
    found = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONPATH": here, "PYTHONHASHSEED": seed},
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {receipt(rules.values(), [], Conditions())["rules"]}


# --- claims -------------------------------------------------------------------------------------


def _leaves(tree: Decisive) -> list[Decisive]:
    return [tree] if not tree.parts else [leaf for part in tree.parts for leaf in _leaves(part)]


RULE = """
definition x-rule "t" {{
  source "s"
  captures when all of {{ a: some link in links has {form} }}
}}
"""


CONTESTED = (
    "finances: {contested: [{value: [arms], by: [a]}, {value: [], by: [b]},"
    " {value: unknown, by: [c]}]}"
)


@pytest.mark.parametrize(
    ("form", "fact", "stances"),
    [
        (
            "link.finances includes arms",
            CONTESTED,
            {"a": "affirms", "b": "denies", "c": "leaves open"},
        ),
        (
            "not link.finances includes arms",
            "finances: {contested: [{value: [arms], by: [a]}, {value: [], by: [b]}]}",
            {"a": "affirms", "b": "denies"},
        ),
        (
            "link.target_legitimate",
            "target_legitimate: {value: true, evidence: alleged, by: [a], denied_by: [b]}",
            {"a": "affirms", "b": "denies"},
        ),
        (
            "link.directness is direct",
            "directness: {value: direct, evidence: alleged, by: [a], denied_by: [b]}",
            {"a": "affirms", "b": "leaves open"},
        ),
        (
            "link.share_percent > 20",
            "share_percent: {contested: [{value: 33, by: [a]}, {value: 3, by: [b]}]}",
            {"a": "affirms", "b": "denies"},
        ),
        (
            "link.actor.kinds includes militia",
            "actor: {contested: [{value: one, by: [a]}, {value: two, by: [b]}]}",
            {"a": "affirms", "b": "denies"},
        ),
        (
            "link.conflict is none",
            "conflict: {contested: [{value: none, by: [a]}, {value: war, by: [b]}]}",
            {"a": "affirms", "b": "denies"},
        ),
        (
            "link.finances includes arms",
            "finances: [{value: arms, evidence: alleged, by: [a]}, fighters]",
            {"a": "affirms"},
        ),
    ],
)
def test_a_claim_affirms_denies_or_leaves_open(
    form: str, fact: str, stances: dict[str, str], tmp_path: Path
) -> None:
    """By what the comparison would be if the claim were so."""
    (tmp_path / "a.kpr").write_text(RULE.format(form=form))
    definition = kprules.load_rules(tmp_path / "a.kpr")["x-rule"]
    loaded = case(
        tmp_path,
        "actors: {one: {kinds: [militia]}, two: {kinds: [trader]}}\nconflicts: {war: {}}\n"
        f"links:\n  - {fact}",
    )
    result = kprules.evaluate(definition, loaded)
    assert result.outcome is Outcome.UNDETERMINED
    found = {
        by: position.stance
        for tree in result.decisive
        for leaf in _leaves(tree)
        for fact_ in open_facts(leaf, definition.vocabulary)
        for position in fact_.positions
        for by in position.by
    }
    assert found == stances


def test_what_bears_on_an_outcome_is_gathered(rules: Rules, cases: Cases) -> None:
    """Views of every party, what settles, ambiguities; no views where one is asked for."""
    found = explained(rules["west-2022"], subject(cases["rus-ukr-2022"]), Conditions())
    assert found.views["ukraine"] is Outcome.CAPTURED
    assert found.views["russia"] is Outcome.NOT_CAPTURED
    assert found.settling.sets
    asked = explained(rules["west-2022"], subject(cases["rus-ukr-2022"]), Conditions(view="russia"))
    assert asked.views == {}
    taylor = explained(
        rules["kpcs-core-2002"], subject(cases["lbr-taylor-1997-2003"]), Conditions()
    )
    assert "kpcs-core-2002.allies" in {u.path for u in taylor.ambiguity}


# --- missing, evidence, expectations ----------------------------------------------------------


def test_what_is_left_out_is_named_where_the_record_would_have_it(
    rules: Rules, tmp_path: Path
) -> None:
    """Facts that are alleged or contested are not left out; records in lists are looked into."""
    definition = rules["kpcs-core-2002"]
    loaded = case(
        tmp_path,
        "goods: {material: diamond, form: {value: rough, evidence: alleged}}\n"
        "actors: {one: {}}\nlinks: [{actor: one, finances: [arms]}]\nmeasures: []",
    )
    record = settle(loaded.record, definition, Conditions())
    found = {m.path: m.definitions for m in missing(record, definition.vocabulary, [definition])}
    assert set(found) == {
        "actors.one.kinds", "goods.made", "links[0].allied_with", "links[0].conflict",
        "links[0].directness", "links[0].target_legitimate", "links[0].targets",
        "period",
    }  # fmt: skip
    assert set(found.values()) == {("kpcs-core-2002",)}


def test_facts_are_counted_once_at_the_level_they_state(tmp_path: Path) -> None:
    """Sources of the record stand for facts that name none; periods have their record's."""
    loaded = case(
        tmp_path,
        "cites: [s1]\nsources: {s1: {title: S}}\nperiod: {from: 2001, to: unknown}\n"
        "goods: {material: diamond, sources: [s1], form: {value: rough, evidence: alleged},\n"
        "  made: {value: natural, denied_by: [a]},\n"
        "  quality: {contested: [{value: gem, by: [a]}, {value: industrial, by: [b]}]}}\n"
        "links: [{directness: direct, finances: [{value: arms, sources: [s1]}]}]",
    )
    counts = count_facts([loaded.record])
    assert dict(counts["goods"]) == {
        "established": 1, "alleged": 1, "denied": 1, "contested": 1, "without source": 0,
    }  # fmt: skip
    assert counts["period"]["established"] == 1
    assert counts["period"]["unknown"] == 1
    assert counts["period"]["without source"] == 0
    assert counts["link"]["without source"] == 1


def test_an_expectation_is_judged_under_its_own_conditions(rules: Rules, cases: Cases) -> None:
    """View, standard and reading; one of a case that is not there does not hold."""
    definition = replace(
        rules["west-2022"],
        expectations=(
            Expectation("undetermined", "rus-ukr-2022"),
            Expectation("captured", "rus-ukr-2022", view="ukraine"),
            Expectation("captured", "rus-ukr-2022", view="russia"),
            Expectation(
                "not_captured", "lbr-taylor-1997-2003", readings=(("recognition", "cumulative"),)
            ),
            Expectation("captured", "not-there"),
        ),
    )
    subjects = {("case", c.id): subject(c) for c in cases.values()}
    judged = list(judge_expectations([definition], subjects))
    assert [j.holds for j in judged][:3] == [True, True, False]
    assert judged[3].result is not None
    assert judged[3].result.judgement.readings["recognition"] == "cumulative"
    assert (judged[4].result, judged[4].holds) == (None, False)
