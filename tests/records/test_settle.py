"""Settling a fact: the table of the design, row by row, and what travels with an unknown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from kprules.records.case import Case
from kprules.records.settle import evidence_of, parties, settle_case
from kprules.records.settled import (
    NO_RECORD,
    ONGOING,
    UNKNOWN_RECORD,
    Incomplete,
    PartialDate,
    Settled,
)
from kprules.records.vocabulary import CASE


def case(**fields: Any) -> Case:
    """Return a case with the fields given."""
    return Case.model_validate({"case": "a-case", "title": "A case", **fields})


def settled(fields: dict[str, Any], **asked: Any) -> Settled:
    """Return a settled case with the fields given."""
    return settle_case(case(**fields), CASE, **asked)


def link(fact: dict[str, Any], **asked: Any) -> Settled:
    """Return the settled link of a case that has one, with the fields given."""
    entry: Settled = settled({"links": [fact]}, **asked).links[0]
    return entry


VIEWS: list[tuple[str, Any, dict[str, Any], Any, str | None]] = [
    # what is asked: fact, conditions, value, why unknown
    ("bare is established", "direct", {}, "direct", None),
    ("long is established", {"value": "direct", "sources": ["s1"]}, {}, "direct", None),
    ("absent", None, {}, None, "missing"),
    ("written unknown", "unknown", {}, None, "unknown"),
    ("long unknown", {"value": "unknown", "by": ["a"]}, {}, None, "unknown"),
    ("alleged", {"value": "direct", "evidence": "alleged"}, {}, None, "alleged"),
    (
        "alleged counts",
        {"value": "direct", "evidence": "alleged"},
        {"standard": "alleged"},
        "direct",
        None,
    ),
    ("a view of who alleges", {"value": "direct", "evidence": "alleged", "by": ["a"]},
     {"view": "a"}, "direct", None),
    ("a view of another", {"value": "direct", "evidence": "alleged", "by": ["a"]},
     {"view": "b"}, None, "alleged"),
    ("a view of another, alleged", {"value": "direct", "evidence": "alleged", "by": ["a"]},
     {"view": "b", "standard": "alleged"}, "direct", None),
    ("established and denied", {"value": "direct", "denied_by": ["a"]}, {}, "direct", None),
    ("a view of who denies", {"value": "direct", "denied_by": ["a"]}, {"view": "a"}, None,
     "denied"),
    ("who denies, alleged", {"value": "direct", "evidence": "alleged", "denied_by": ["a"]},
     {"view": "a", "standard": "alleged"}, None, "denied"),
    ("contested between two", {"contested": [{"value": "direct"}, {"value": "indirect"}]}, {},
     None, "contested"),
    ("contested, one established", {"contested": [
        {"value": "direct", "evidence": "established"}, {"value": "indirect"}]}, {},
     None, "contested"),
    ("agreeing, one established", {"contested": [
        {"value": "direct", "evidence": "established"}, {"value": "direct"}]}, {},
     "direct", None),
    ("agreeing, none established", {"contested": [{"value": "direct"}, {"value": "direct"}]}, {},
     None, "alleged"),
    ("agreeing, none established, alleged", {"contested": [
        {"value": "direct"}, {"value": "direct"}]}, {"standard": "alleged"}, "direct", None),
    ("different ones stay unknown", {"contested": [{"value": "direct"}, {"value": "indirect"}]},
     {"standard": "alleged"}, None, "contested"),
    ("a claim of unknown does not disagree", {"contested": [
        {"value": "direct", "evidence": "established"}, {"value": "unknown", "by": ["c"]}]}, {},
     "direct", None),
    ("nor does it agree", {"contested": [
        {"value": "direct"}, {"value": "unknown", "by": ["c"], "evidence": "established"}]}, {},
     None, "contested"),
    ("one alleged and one unknown, alleged", {"contested": [
        {"value": "direct"}, {"value": "unknown", "by": ["c"]}]}, {"standard": "alleged"},
     "direct", None),
    ("all claim not to know", {"contested": [{"value": "unknown"}, {"value": "unknown"}]},
     {"standard": "alleged"}, None, "unknown"),
    ("a view in a contested fact", {"contested": [
        {"value": "direct", "by": ["a"]}, {"value": "indirect", "by": ["b"]}]}, {"view": "b"},
     "indirect", None),
    ("a view of not knowing", {"contested": [
        {"value": "direct", "evidence": "established"}, {"value": "unknown", "by": ["c"]}]},
     {"view": "c"}, None, "unknown"),
    ("a silent view of a contested fact", {"contested": [
        {"value": "direct", "by": ["a"]}, {"value": "indirect", "by": ["b"]}]}, {"view": "d"},
     None, "contested"),
    ("a view that says two things", {"contested": [
        {"value": "direct", "by": ["a"]}, {"value": "indirect", "by": ["a"]}]}, {"view": "a"},
     None, "contested"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "asked", "value", "why"), [row[1:] for row in VIEWS], ids=[row[0] for row in VIEWS]
)
def test_a_fact_becomes_what_the_table_says(
    fact: Any, asked: dict[str, Any], value: Any, why: str | None
) -> None:
    """Each row of the table gives its value, or unknown with its reason."""
    entry = link({} if fact is None else {"directness": fact}, **asked)
    assert entry.directness == value
    reason = (entry._why or {}).get("directness")
    assert (reason.kind if reason else None) == why


def test_a_denied_boolean_is_its_opposite_under_the_view() -> None:
    """Who denies that the target is legitimate sees one that is not; others see it as it is."""
    fact = {"target_legitimate": {"value": True, "denied_by": ["junta"]}}
    assert link(fact).target_legitimate is True
    assert link(fact, view="junta").target_legitimate is False
    assert link(fact, view="other").target_legitimate is True


def test_a_denied_set_is_unknown_under_the_view() -> None:
    """Only booleans have an opposite."""
    entry = link({"finances": {"value": ["arms"], "denied_by": ["a"]}}, view="a")
    assert entry.finances is None
    assert entry._why["finances"].kind == "denied"


def test_a_contested_set_follows_each_view() -> None:
    """The example of the design: three parties, three views, and unknown without one."""
    fact = {
        "finances": {
            "contested": [
                {"value": ["army_budget"], "by": ["ukraine", "united_kingdom"]},
                {"value": [], "by": ["russia"]},
                {"value": "unknown", "by": ["kpcsc_coordinator_2022"]},
            ]
        }
    }
    assert link(fact).finances is None
    assert link(fact, standard="alleged").finances is None
    assert link(fact, view="united_kingdom").finances == {"army_budget"}
    assert link(fact, view="russia").finances == frozenset()
    assert link(fact, view="kpcsc_coordinator_2022").finances is None
    claims = link(fact)._why["finances"].claims
    assert [c.by for c in claims] == [
        ("ukraine", "united_kingdom"),
        ("russia",),
        ("kpcsc_coordinator_2022",),
    ]


def test_members_of_a_set_are_facts_of_their_own() -> None:
    """An alleged member leaves the set open until alleged values count."""
    members = ["arms", {"value": "fighters", "evidence": "alleged", "by": ["x"]}]
    assert link({"finances": members}).finances == {"arms", None}
    assert link({"finances": members})._why["finances"].kind == "alleged"
    assert link({"finances": members}, standard="alleged").finances == {"arms", "fighters"}
    assert link({"finances": members}, view="x").finances == {"arms", "fighters"}


def test_an_unknown_member_leaves_the_set_open() -> None:
    """`unknown` among the members is a member that nobody knows."""
    entry = link({"finances": ["arms", "unknown"]})
    assert entry.finances == {"arms", None}
    assert entry._why["finances"].kind == "unknown"


def test_an_empty_set_is_known() -> None:
    """`[]` says that there is none; left out, nobody knows."""
    assert link({"finances": []}).finances == frozenset()
    assert link({}).finances is None


def test_a_denied_member_is_unknown_under_the_view() -> None:
    """A party that denies one member leaves the set open in its view."""
    members = ["arms", {"value": "fighters", "denied_by": ["x"]}]
    assert link({"finances": members}).finances == {"arms", "fighters"}
    assert link({"finances": members}, view="x").finances == {"arms", None}


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2003-02-01", date(2003, 2, 1), date(2003, 2, 1)),
        ("2004-02", date(2004, 2, 1), date(2004, 2, 29)),
        ("2003", date(2003, 1, 1), date(2003, 12, 31)),
        (2003, date(2003, 1, 1), date(2003, 12, 31)),
    ],
)
def test_dates_have_a_first_and_a_last_day(written: Any, first: date, last: date) -> None:
    """A date that stops short may be any of its days."""
    goods = settled({"goods": {"import_date": written}}).goods
    assert (goods.import_date_lo, goods.import_date_hi) == (first, last)
    assert isinstance(goods.import_date, date | PartialDate)
    assert str(goods.import_date) == str(written)


@pytest.mark.parametrize(
    ("period", "begins", "ends", "why"),
    [
        ({"from": "2003"}, date(2003, 1, 1), ONGOING, {}),
        ({"from": "2003", "to": "unknown"}, date(2003, 1, 1), None, {"to": "unknown"}),
        ({"to": "2003"}, None, date(2003, 12, 31), {"from": "missing"}),
        ({}, None, None, {"from": "missing", "to": "missing"}),
        (
            {"from": {"value": "2003", "evidence": "alleged"}},
            None,
            None,
            {"from": "alleged", "to": "alleged"},
        ),
        (
            {"from": "2003", "to": {"value": "2004", "evidence": "alleged"}},
            date(2003, 1, 1),
            None,
            {"to": "alleged"},
        ),
    ],
)
def test_periods(
    period: dict[str, Any], begins: date | None, ends: date | None, why: dict[str, str]
) -> None:
    """Without `to`, a period that is known to have begun is going on; else its end is unknown."""
    made = settled({"period": period}).period
    assert (made.from_lo, made.to_hi) == (begins, ends)
    assert {k: w.kind for k, w in (made._why or {}).items()} == why


def test_a_period_left_out_is_unknown() -> None:
    """Both its ends are."""
    made = settled({})
    assert made.period.from_ is None
    assert made.period.to_hi is None
    assert made._why["period"].kind == "missing"


def test_references_lead_to_the_same_record() -> None:
    """Two links with one actor have one and the same settled actor."""
    made = settled(
        {
            "actors": {"a": {"kinds": ["militia"]}},
            "conflicts": {"war": {"type": "interstate"}},
            "links": [
                {"actor": "a", "conflict": "war"},
                {"actor": "a", "conflict": "none"},
                {"actor": {"value": "a", "evidence": "alleged"}},
            ],
        }
    )
    first, second, third = made.links
    assert first.actor is second.actor is made.actors[0]
    assert first.actor.kinds == {"militia"}
    assert first.conflict.type == "interstate"
    assert second.conflict is NO_RECORD
    assert third.actor is UNKNOWN_RECORD
    assert third._why["actor"].kind == "alleged"
    assert third.conflict is UNKNOWN_RECORD


def test_places_and_keys() -> None:
    """Every record knows its path in the case, and its id if it has one."""
    made = settled({"actors": {"a": {}}, "links": [{}, {}], "goods": {}})
    assert made._place == ""
    assert (made.actors[0]._place, made.actors[0]._key) == ("actors.a", "a")
    assert [entry._place for entry in made.links] == ["links[0]", "links[1]"]
    assert made.goods._place == "goods"
    assert made.goods._raw is not None


def test_lists_are_unknown_incomplete_or_whole() -> None:
    """A list left out is unknown, a named one is open, and `closed` closes those that are there."""
    made = settled({"links": [{}], "measures": [], "incomplete": ["links", "abuses"]})
    assert isinstance(made.links, Incomplete)
    assert made._why["links"].kind == "incomplete"
    assert made.measures == ()
    assert not isinstance(made.measures, Incomplete)
    assert made.abuses is None
    assert made._why["abuses"].kind == "missing"
    closed = settled({"links": [{}], "incomplete": ["links"]}, closed=True)
    assert not isinstance(closed.links, Incomplete)
    assert "links" not in (closed._why or {})


def test_whole_records_and_lists_may_be_unknown() -> None:
    """`unknown` may be written for a record, a map or a list."""
    made = settled({"goods": "unknown", "links": "unknown", "actors": "unknown"})
    assert made.goods is UNKNOWN_RECORD
    assert made.links is None
    assert made.actors is None


def test_numbers_are_whole_or_decimal() -> None:
    """A number that is whole is an `int`, whatever its spelling."""
    goods = settled({"goods": {"carats": "2.00", "parcel_carats": "1e3"}}).goods
    assert (goods.carats, type(goods.carats)) == (2, int)
    assert goods.parcel_carats == 1000
    assert str(settled({"goods": {"carats": "0.50"}}).goods.carats) == "0.50"


def test_parties_are_all_who_say_or_deny() -> None:
    """Claims, denials, members and claims of unknown count alike."""
    record = case(
        period={"from": {"value": "2003", "by": ["p"]}},
        actors={"a": {"name": {"value": "A", "denied_by": ["q"]}}},
        links=[
            {
                "finances": [{"value": "arms", "by": ["r"]}],
                "directness": {"contested": [{"value": "unknown", "by": ["s"]}]},
            }
        ],
    )
    assert parties(record) == {"p", "q", "r", "s"}


def test_evidence_has_the_sources_of_the_record() -> None:
    """A fact without sources has its record's; at the top, those that the case cites."""
    made = settled(
        {
            "cites": ["s0"],
            "countries": ["CAF"],
            "period": {"from": {"value": "2003", "sources": ["s9"]}},
            "actors": {"a": {"sources": ["s1"], "kinds": ["militia"], "name": "A"}},
            "links": [
                {"actor": "a", "finances": {"value": ["arms"], "by": ["x"], "sources": ["s2"]}}
            ],
        }
    )
    assert [c.sources for c in evidence_of(made, ("countries",))] == [("s0",)]
    assert [c.sources for c in evidence_of(made, ("period", "from"))] == [("s9",)]
    assert [c.value for c in evidence_of(made.links[0], ("actor", "kinds"))] == [{"militia"}]
    assert [c.sources for c in evidence_of(made.links[0], ("actor", "kinds"))] == [("s1",)]
    (claim,) = evidence_of(made.links[0], ("finances",))
    assert (claim.by, claim.sources, claim.evidence) == (("x",), ("s2",), "established")
    assert evidence_of(made.links[0], ("directness",)) == ()
    assert evidence_of(made, ("goods", "form")) == ()
    assert evidence_of(made, ("links",)) == ()


def test_reasons_have_the_sources_of_the_record() -> None:
    """The claims that leave a fact unknown say where they are from."""
    entry = link({"sources": ["s3"], "directness": {"value": "direct", "evidence": "alleged"}})
    assert entry._why["directness"].claims[0].sources == ("s3",)


@pytest.mark.parametrize(
    "fields",
    [
        {"links": [{"actor": "nobody"}]},
        {"links": [{"actor": {"contested": [{"value": "nobody"}]}}]},
        {"links": [{"conflict": {"value": "war", "evidence": "alleged"}}]},
        {"abuses": [{"perpetrator": "none"}], "actors": {"a": {}}},
        {"period": {"from": "2004", "to": "2003"}},
        {"measures": [{"period": {"from": "2003-02", "to": "2003-01-31"}}]},
        {"incomplete": ["goods"]},
        {"links": [{"directness": {"value": "direct", "by": ["a"], "denied_by": ["a"]}}]},
        {"links": [{"directness": {"contested": []}}]},
        {"links": [{"directness": {"contested": [{"value": "direct"}], "value": "direct"}}]},
        {"links": [{"directness": {}}]},
        {"links": [{"finances": "arms"}]},
        {"links": [{"usd_per_year": float("nan")}]},
        {"links": [{"usd_per_year": "inf"}]},
        {"links": [{"usd_per_year": "1e400"}]},
        {"goods": {"import_date": "2003-02-30"}},
        {"goods": {"form": "Rough"}},
        {"actors": {"Not an id": {}}},
        {"nothing": 1},
    ],
)
def test_what_is_wrong_is_refused(fields: dict[str, Any]) -> None:
    """A model built in Python is checked as a file is."""
    with pytest.raises(ValidationError):
        case(**fields)


def test_a_period_may_begin_and_end_in_the_same_year_or_be_contested() -> None:
    """Only a period that is reversed on every reading is refused."""
    made = settled({"period": {"from": "2003-06", "to": "2003"}})
    assert made.period.to_hi == date(2003, 12, 31)
    contested = {"contested": [{"value": "2001"}, {"value": "2009"}]}
    assert settled({"period": {"from": contested, "to": "2005"}}).period.from_ is None
