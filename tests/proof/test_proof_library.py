"""The definitions that ship, all of them: relations that a reader knows, and laws that all obey."""

from __future__ import annotations

import json
from functools import cache
from itertools import permutations
from pathlib import Path

import pytest
from ruled import library, ruled

from kprules.diagnostics import Problems
from kprules.evaluation.trace import outcome
from kprules.formula.definition import choose
from kprules.library.cases import load_cases
from kprules.proof.relations import (
    Compared,
    Extent,
    Kind,
    Relation,
    Relations,
    Sense,
    relate,
    relate_all,
)
from kprules.records.settle import settle_case

pytestmark = pytest.mark.no_cover  # the same lines over and over; other tests reach them

WITHIN = {Kind.NARROWER, Kind.EQUAL}
KNOWN = {
    ("eu-2368-2002", "kpcs-core-2002"): Kind.EQUAL,
    ("kp-ec-fpi", "kpcs-core-2002"): Kind.EQUAL,
    ("kp-tagline", "wars-2023"): Kind.EQUAL,
    ("kpcs-core-2002", "west-2022"): Kind.NARROWER,
    ("kpcs-core-2002", "canada-2018"): Kind.NARROWER,
    ("canada-2018", "csc-2025"): Kind.NARROWER,
    ("review-2025", "review-2025-state"): Kind.NARROWER,
    ("kp-short-b", "kpcs-core-2002"): Kind.NARROWER,
    ("kpcs-core-2002", "wars-2023"): Kind.NARROWER,
    ("kpcs-core-2002", "eu-2023"): Kind.NARROWER,
    ("kp-consensus-2003", "ddi-2017"): Kind.NARROWER,
    ("us-eo14068-2022", "eu-russia-2024"): Kind.DISJOINT,
    ("kpcs-core-2002", "adpa-2025"): Kind.OVERLAPPING,
    ("kpcs-core-2002", "kp-minreq"): Kind.OVERLAPPING,
}
"""As the texts read: copies, amendments that only widen, rules of two customs unions."""


@cache
def relations() -> Relations:
    """Return how all that ship relate."""
    return relate_all([choose(d) for d in library().values()], seconds=120)


def related() -> dict[tuple[str, str], Relation]:
    """Return the relations of all pairs, both ways round, by their ids."""
    found = {}
    for relation in relations():
        found[relation.left.id, relation.right.id] = relation
        found[relation.right.id, relation.left.id] = relation.flipped()
    return found


@pytest.mark.parametrize("pair", KNOWN, ids=" ".join)
def test_a_relation_that_a_reader_knows(pair: tuple[str, str]) -> None:
    """The proof says what the texts do."""
    assert related()[pair].kind is KNOWN[pair]


def test_every_pair_is_decided() -> None:
    """None is left open, and each captures something and not everything."""
    kinds = {c.kind for r in relations() for c in (r.settled, r.unknowns)}
    assert Kind.NOT_DECIDED not in kinds
    assert {(r.settled, r.unknowns) for r in relations().reaches} == {
        (Extent.SOMETHING, Extent.SOMETHING)
    }


def within(compared: Compared) -> bool:
    """Return whether the first captures no more than the second."""
    return compared.kind in WITHIN


@pytest.mark.parametrize("sense", Sense)
def test_narrower_is_an_order(sense: Sense) -> None:
    """What is within something is within all that it is within; both ways round means equal."""
    found = {
        pair: (r.settled if sense is Sense.SETTLED else r.unknowns) for pair, r in related().items()
    }
    ids = [j.id for j in relations().judgements]
    for one, two in permutations(ids, 2):
        if (one, two) not in found or not within(found[one, two]):
            continue
        if within(found[two, one]):
            assert found[one, two].kind is found[two, one].kind is Kind.EQUAL
        for three in ids:
            if three not in {one, two} and (two, three) in found and within(found[two, three]):
                assert within(found[one, three]), (one, two, three)


def test_what_holds_under_unknowns_holds_on_settled_facts() -> None:
    """Settled records are some of all: a relation of all is one of them."""
    for relation in relations():
        if relation.unknowns.kind in {Kind.EQUAL, Kind.NARROWER, Kind.BROADER, Kind.DISJOINT}:
            assert relation.settled.only_left.exists in {
                relation.unknowns.only_left.exists, False,
            }  # fmt: skip
            assert relation.settled.only_right.exists in {
                relation.unknowns.only_right.exists, False,
            }  # fmt: skip


def test_witnesses_are_files_that_the_loader_takes(tmp_path: Path) -> None:
    """Written as files, read back without a problem, judged again: all come out as they said."""
    wanted = {}
    every = [
        finding.witness
        for relation in relations()
        for finding in (relation.settled.both, relation.settled.only_left)
        if finding.witness is not None
    ]
    for witness in every[::25]:
        about = "case" if "case" in witness.case else "meeting"
        name = witness.case[about]
        wanted[name] = dict(witness.outcomes)
        (tmp_path / f"{name}.json").write_text(json.dumps(witness.case))
    problems = Problems()
    cases = load_cases([tmp_path], problems)
    assert [p for p in problems.found if p.severity == "error"] == []
    assert {case.id for case in cases} == set(wanted)
    judgements = {j.id: j for j in relations().judgements}
    for case in cases:
        for name, expected in wanted[case.id].items():
            settled = settle_case(case.record, judgements[name].definition.vocabulary)
            assert outcome(judgements[name], settled) == expected


# --- amendments ---------------------------------------------------------------------------------

WIDENED = {
    "a clause": "widen actor with extra: link.actor.kinds includes militia",
    "the whole": "widen captures with extra: goods.made is lab_grown",
    "inside an entry": "widen aim with extra: link.targets includes civilians",
    "by a quantifier": "widen nexus with extra: at least 2 a in abuses has a.grave",
    "by what is known": "widen nexus with extra: links is unknown",
}
NARROWED = {
    "a clause": "narrow actor with extra: link.actor.state is RUS",
    "the whole": "narrow captures with extra: goods.origins includes CAF",
    "inside an entry": "extend financing with extra: link.usd_per_year > 1000",
    "by a quantifier": "narrow nexus with extra: no m in measures has m.kind is lifting",
    "by an exception": "except when extra: goods.certificate is kp_valid",
}
BASES = ("kpcs-core-2002", "review-2025", "csc-2025", "west-2022")


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("how", WIDENED)
def test_widening_never_captures_less(base: str, how: str) -> None:
    """Whatever is widened, and by what: the base is within it, in both senses."""
    rules = ruled(f'definition x-wider amends {base} "" {{ {WIDENED[how]} }}')
    relation = relate(rules[base], rules["x-wider"])
    assert within(relation.settled)
    assert within(relation.unknowns)


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("how", NARROWED)
def test_narrowing_never_captures_more(base: str, how: str) -> None:
    """Whatever is narrowed, extended or excepted: it is within its base, in both senses."""
    rules = ruled(f'definition x-narrower amends {base} "" {{ {NARROWED[how]} }}')
    relation = relate(rules["x-narrower"], rules[base])
    assert within(relation.settled)
    assert within(relation.unknowns)
    assert relation.kind is Kind.NARROWER
