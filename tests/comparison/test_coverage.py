"""Coverage of clauses: what counts as seen, what decides, what cannot be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel

from kprules.api import load_rules
from kprules.comparison.coverage import Coverage, choices, coverage
from kprules.comparison.matrix import Subject
from kprules.records.values import IDENTITY
from kprules.reports.coverage import coverage_report, json_coverage
from kprules.reports.text import Paper


class Piece(BaseModel):
    """A piece of a parcel."""

    clear: bool | None = None


class Parcel(BaseModel):
    """A record of a field that has nothing to do with the shipped one."""

    id: Annotated[str, IDENTITY]
    colour: Literal["red", "green", "blue"] | None = None
    size: int | None = None
    tags: frozenset[str] = frozenset()
    pieces: tuple[Piece, ...] | None = None


def covered(tmp_path: Path, body: str, *parcels: Parcel) -> Coverage:
    """Return the coverage of one definition by some parcels."""
    path = tmp_path / "one.kpr"
    path.write_text(f'definition a-one "One" {{\n  about parcel\n{body}\n}}\n', encoding="utf-8")
    rules = load_rules(path, record=Parcel)
    return coverage(rules.values(), [("parcel", Subject(p.id, p.id, p)) for p in parcels])


def clause(found: Coverage, label: str, reading: str | None = None) -> dict[str, object]:
    """Return what was found of one clause, as JSON has it."""
    data = json.loads(json.dumps(json_coverage(found)))["clauses"]
    return next(c for c in data if c["label"] == label and c["reading"] == reading)


BOTH = "captures when all of { red: colour is red\n big: size > 3 }"


def test_truths_are_seen_with_the_case_that_shows_them(tmp_path: Path) -> None:
    """Each truth is shown by the first real case, in order of id, that has it."""
    found = covered(
        tmp_path,
        BOTH,
        Parcel(id="b", colour="red", size=5),
        Parcel(id="c", colour="red", size=9),
        Parcel(id="d", colour="green"),
    )
    red = clause(found, "red")
    assert red["seen"]["true"] == {"case": "b", "synthetic": False}
    assert red["seen"]["false"]["case"] == "d"
    assert red["missing"] == ["unknown"]
    assert clause(found, "big")["missing"] == ["false"]


@pytest.mark.parametrize(
    ("parcel", "red", "big"),
    [
        (Parcel(id="p", colour="red", size=5), True, True),
        (Parcel(id="p", colour="green", size=5), True, False),
        (Parcel(id="p", colour="green", size=1), False, False),
        (Parcel(id="p", colour="red"), False, True),
        (Parcel(id="p", colour="green"), True, False),
        (Parcel(id="p"), True, True),
    ],
)
def test_a_clause_decides_where_the_outcome_hangs_on_it(
    tmp_path: Path, parcel: Parcel, red: bool, big: bool
) -> None:
    """It is a reason, and had it come out otherwise, so would the outcome."""
    found = covered(tmp_path, BOTH, parcel)
    assert ("decisive" in clause(found, "red")["seen"]) is red
    assert ("decisive" in clause(found, "big")["seen"]) is big


def test_one_of_two_that_hold_decides_nothing(tmp_path: Path) -> None:
    """Of two clauses of which either is enough, none decides where both hold."""
    body = "captures when any of { red: colour is red\n big: size > 3 }"
    found = covered(tmp_path, body, Parcel(id="p", colour="red", size=5))
    assert "decisive" not in clause(found, "red")["seen"]
    assert "decisive" not in clause(found, "big")["seen"]
    assert "decisive" in clause(found, "captures")["seen"]


def test_an_exception_is_a_clause(tmp_path: Path) -> None:
    """A clause of an exception decides where it takes a case out."""
    body = "captures when all of { red: colour is red }\n except when big: size > 3"
    found = covered(tmp_path, body, Parcel(id="p", colour="red", size=5))
    assert {"true", "decisive"} <= clause(found, "big")["seen"].keys()
    assert "decisive" not in clause(found, "red")["seen"]


def test_entries_count_one_by_one(tmp_path: Path) -> None:
    """Inside a list a clause is seen as each entry shows it."""
    body = "captures when some p in pieces has all of { clear: p.clear }"
    pieces = (Piece(clear=True), Piece(clear=False), Piece())
    found = covered(tmp_path, body, Parcel(id="p", pieces=pieces))
    assert clause(found, "clear")["missing"] == []
    twice = Parcel(id="p", pieces=(Piece(clear=True), Piece(clear=True)))
    assert "decisive" not in clause(covered(tmp_path, body, twice), "clear")["seen"]


def test_each_reading_is_a_clause(tmp_path: Path) -> None:
    """A reading is looked at where it is chosen, one inside another too."""
    body = """captures when all of {
      word: reading of {
        plain: colour is red
        deep: all of { inner: reading of { small: size < 3
          large: size > 8 } }
      }
    }"""
    found = covered(
        tmp_path, body, Parcel(id="p", colour="red", size=9), Parcel(id="q", colour="blue", size=1)
    )
    assert choices(found.definitions[0]) == [
        {},
        {"a-one.word": "deep"},
        {"a-one.word": "deep", "a-one.inner": "large"},
    ]
    assert clause(found, "inner", "small")["seen"]["true"]["case"] == "q"
    assert clause(found, "inner", "large")["seen"]["true"]["case"] == "p"


def test_what_cannot_be_is_left_out_with_its_reason(tmp_path: Path) -> None:
    """A literal, a contradiction, a tautology, an idle clause and `is known`, each by its own."""
    body = """captures when any of {
      literal: false
      never: colour is red and colour is green
      red: colour is red
      recorded: size is known
    }"""
    found = covered(tmp_path, body)
    assert clause(found, "literal")["left_out"] == {
        "true": "no fact can move it",
        "unknown": "no fact can move it",
    }
    assert clause(found, "never")["left_out"] == {"true": "proved: no record makes it so"}
    assert clause(found, "recorded")["left_out"] == {
        "unknown": "it asks only whether facts are known"
    }
    assert clause(found, "red")["missing"] == ["true", "false", "unknown", "decisive"]
    body = "captures when any of { whole: true\n always: size < 3 or size >= 3 }"
    assert clause(covered(tmp_path, body), "always")["left_out"] == {
        "false": "proved: no record makes it so",
        "decisive": "proved: no outcome hangs on it",
    }


def test_made_up_cases_show_only_what_no_real_one_does(tmp_path: Path) -> None:
    """A real case comes first, whatever the ids."""
    tags = frozenset({"synthetic"})
    found = covered(
        tmp_path,
        BOTH,
        Parcel(id="a", colour="red", size=5, tags=tags),
        Parcel(id="z", colour="red"),
    )
    assert clause(found, "red")["seen"]["true"] == {"case": "z", "synthetic": False}
    assert clause(found, "big")["seen"]["true"] == {"case": "a", "synthetic": True}
    assert found.seen - found.seen_in_real_cases == 3
    assert "made up" in coverage_report(found, Paper())


def test_shares_are_rounded_down(tmp_path: Path) -> None:
    """All but one is not everything."""
    body = "captures when all of { " + "\n".join(f"c{i}: size > {i}" for i in range(60)) + " }"
    parcels = [Parcel(id="p", size=70), Parcel(id="q", size=0), Parcel(id="r")]
    found = covered(tmp_path, body, *parcels)
    assert found.seen == found.possible
    assert found.percent == 100
    some = covered(tmp_path, body, *parcels[:2], Parcel(id="s", size=59))
    assert some.seen < some.possible
    assert some.percent < 100
    assert Coverage(()).percent == 100
    report = coverage_report(some, Paper())
    assert "never unknown" in report
    assert f"{some.percent} %" in report.splitlines()[-1]
