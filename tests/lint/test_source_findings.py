"""Findings about sources: facts that rest on none, sources that bear nothing, dates before both."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kprules.diagnostics import Problems
from kprules.formula.definition import Cited as Source
from kprules.formula.definition import Definition, Status
from kprules.formula.nodes import Const
from kprules.lint.sources import cited_by, unsourced, warn_of_early
from kprules.records.case import Case, Cited
from kprules.records.meeting import Meeting
from kprules.records.vocabulary import VOCABULARIES


def floating(about: str = "case", **fields: Any) -> dict[str, list[str]]:
    """Return what of a record rests on no source: place by place, the fields."""
    model = {"case": Case, "meeting": Meeting}[about]
    record = model.model_validate({about: "a-b", "title": "T", **fields})
    return {
        ".".join(map(str, place)): names for place, names in unsourced(record, VOCABULARIES[about])
    }


def test_a_bare_fact_rests_on_nothing() -> None:
    """Each record is told of by its place, with the fields."""
    found = floating(
        goods={"material": "diamond", "form": {"value": "rough", "sources": ["s1"]}},
        period={"from": "2001", "to": {"value": "2002", "sources": ["s1"]}},
        actors={"one": {"name": "One", "kinds": ["company"]}},
    )
    assert found == {"": ["period.from"], "goods": ["material"], "actors.one": ["kinds"]}


def test_a_record_may_name_sources_for_all_its_facts() -> None:
    """They stand for the record's own facts and for its period, not for records inside it."""
    found = floating(
        cites=["s1"],
        period={"from": "2001"},
        countries=["NOR"],
        goods={"material": "diamond", "sources": ["s1"]},
        links=[{"directness": "direct"}],
    )
    assert found == {"links.0": ["directness"]}


def test_an_empty_list_rests_on_the_sources_of_its_record() -> None:
    """That there is none is a fact as any other; a list left out states nothing."""
    assert floating(abuses=[], measures=[], conflicts={}) == {
        "": ["conflicts", "abuses", "measures"]
    }
    assert floating("meeting", participants=[]) == {"": ["participants"]}
    assert floating(cites=["s1"], abuses=[]) == {}
    assert floating(links=[], tags=["synthetic"]) == {}
    assert floating() == {}


def test_names_and_references_state_nothing() -> None:
    """Who or what is meant needs no source; that there is none does."""
    found = floating(
        tags=["x"],
        actors={"one": {"name": "One"}},
        conflicts={"war": {}},
        links=[{"actor": "one", "conflict": "war"}, {"actor": "one", "conflict": "none"}],
        abuses=[{"perpetrator": "one"}],
    )
    assert found == {"links.1": ["conflict"]}


def test_what_is_unknown_needs_no_source() -> None:
    """An unknown fact, and a claim not to know, state nothing."""
    claim = {"value": "direct", "by": ["a"], "sources": ["s1"]}
    nobody = {"value": "unknown", "by": ["b"]}
    found = floating(
        goods={"material": "unknown"}, links=[{"directness": {"contested": [claim, nobody]}}]
    )
    assert found == {}


@pytest.mark.parametrize(
    ("finances", "rests"),
    [
        ([{"value": "arms", "sources": ["s1"]}], True),
        (
            [{"value": "arms", "sources": ["s1"]}, {"value": "fighters", "evidence": "alleged"}],
            False,
        ),
        ([{"value": "arms", "sources": ["s1"]}, "fighters"], False),
        ({"value": ["arms"], "sources": ["s1"]}, True),
        ({"contested": [{"value": ["arms"], "by": ["a"]}]}, False),
        ({"contested": [{"value": ["arms"], "by": ["a"], "sources": ["s1"]}]}, True),
        ([], False),
    ],
)
def test_members_and_claims_rest_on_their_own_sources(finances: Any, rests: bool) -> None:
    """A set rests on its members' sources if each has some; a contested fact on its claims'."""
    assert (floating(links=[{"finances": finances}]) == {}) is rests


def test_made_up_cases_rest_on_nothing() -> None:
    """A case that says that it was made up is not asked for sources; meetings are as cases."""
    assert floating(tags=["synthetic"], goods={"material": "diamond"}) == {}
    assert floating("meeting", tags=["synthetic"], chair="Norway") == {}
    people = [{"name": "Norway", "stance": "objected"}]
    assert floating("meeting", chair="Norway", participants=people) == {
        "": ["chair"],
        "participants.0": ["stance"],
    }


def test_keys_are_found_wherever_they_are_cited() -> None:
    """On facts, on members, on claims, on records, on the case and on periods."""
    record = Case.model_validate(
        {
            "case": "a-b",
            "title": "T",
            "cites": ["k1"],
            "period": {"from": {"value": "2001", "sources": ["k2"]}},
            "goods": {"material": {"value": "diamond", "sources": ["k3"]}, "sources": ["k4"]},
            "actors": {"one": {"kinds": [{"value": "company", "sources": ["k5"]}]}},
            "links": [{"directness": {"contested": [{"value": "direct", "sources": ["k6"]}]}}],
            "measures": [{"period": {"to": {"value": "2002", "sources": ["k7"]}}}],
        }
    )
    assert set(cited_by(record)) == {f"k{n}" for n in range(1, 8)}


# --- dates ----------------------------------------------------------------------------------------

BIBLIOGRAPHY = {
    key: Cited.model_validate({"title": key, **({"date": when} if when else {})})
    for key, when in {"early": "2001-05", "late": "2010", "day": "2005-06-07", "none": ""}.items()
}


@pytest.mark.parametrize(
    ("status", "since", "sources", "warned"),
    [
        ("descriptive", "2009-12-31", ["late"], True),
        ("descriptive", "2010-01-01", ["late"], False),
        ("descriptive", "2005-06-06", ["late", "day"], True),
        ("descriptive", "2005-06-07", ["late", "day"], False),
        ("descriptive", "2001-04-30", ["late", "early"], True),
        ("descriptive", "2004-01-01", ["late", "early"], False),
        ("descriptive", "1990-01-01", ["late", "none"], False),
        ("descriptive", "1990-01-01", ["late", ""], False),
        ("descriptive", "1990-01-01", [], False),
        ("descriptive", None, ["late"], False),
        (None, "1990-01-01", ["late"], True),
        ("in_force", "1990-01-01", ["late"], True),
        ("blocked", "1990-01-01", ["late"], True),
        ("blocked", "1990-01-01", ["late", "none"], False),
        ("proposed", "2006-12-29", ["late"], True),
        ("proposed", "2006-12-30", ["late"], False),
        ("in_force", "2001-01-01", ["late", "early"], False),
    ],
)
def test_a_described_text_is_no_older_than_what_describes_it(
    status: Status | None, since: str | None, sources: list[str], warned: bool
) -> None:
    """Only where all sources are dated, and all are later on any day that they may be from."""
    definition = Definition(
        "a-one",
        "One",
        "case",
        Const(True),
        status=status,
        since=date.fromisoformat(since) if since else None,
        sources=tuple(Source(key=key, text="words") for key in sources),
    )
    problems = Problems()
    warn_of_early([definition], BIBLIOGRAPHY, problems)
    assert [p.code for p in problems.found] == ["date-before-source"] * warned
    assert not problems.errors


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_check_warns_with_places(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A fact without a source and a source without use, each where it is written."""
    from kprules.cli.main import run  # noqa: PLC0415 - after the folder is entered

    (folder / "cases").mkdir()
    (folder / "cases" / "a-b.yaml").write_text(
        "case: a-b\ntitle: T\ngoods:\n  form: {value: rough, sources: [mine]}\n  material: gold\n"
    )
    (folder / "cases" / "sources.yaml").write_text(
        "mine: {title: Cited by the case}\nruled: {title: Cited by the rule}\nidle: {title: Idle}\n"
    )
    (folder / "rules").mkdir()
    (folder / "rules" / "my-own.kpr").write_text(
        'definition my-own "T" {\n  status descriptive\n  since 1990-01-01\n'
        '  source ruled "words"\n  source s1 "words"\n'
        "  captures when all of { a: goods.form is rough }\n}\n"
    )
    assert run(["check"]) == 0
    said = capfd.readouterr()
    assert "warning[missing-source]: no source is given for `material`" in said.err
    assert "cases/a-b.yaml:5:" in said.err
    assert "warning[uncited-source]: nothing cites `idle`" in said.err
    assert "cases/sources.yaml:3:1" in said.err
    assert said.err.count("warning[") == 2
    assert run(["check", "--strict"]) == 1
    capfd.readouterr()
    (folder / "other.kpr").write_text(
        'definition o-o "T" { source s1 captures when all of { a: goods.form is rough } }'
    )
    assert run(["check", "other.kpr"]) == 0
    assert "nothing is wrong" in capfd.readouterr().out, "the bibliography is not what is checked"


def test_what_ships_is_clean(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """No error, no warning; no fact without a source, and no source without use."""
    from kprules.cli.main import run  # noqa: PLC0415 - as above

    assert run(["check", "--strict", "--summary"]) == 0
    said = capfd.readouterr()
    assert said.err == ""
    assert said.out.splitlines()[-1].endswith("nothing is wrong")
    total = next(line for line in said.out.splitlines() if line.startswith("all records"))
    assert total.split()[-1] == "0"
