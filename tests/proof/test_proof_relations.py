"""How small definitions relate, as a reader sees at once; and what their witnesses are worth."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, Self

import pytest
from pydantic import BaseModel, Field, model_validator
from ruled import ruled, shipped

from kprules.evaluation.trace import Outcome, outcome
from kprules.formula.definition import Judgement
from kprules.proof import comparing, solver
from kprules.proof.prover import TIME
from kprules.proof.relations import (
    Extent,
    Kind,
    Sense,
    differ,
    reach,
    relate,
    relate_all,
)
from kprules.records.case import Case
from kprules.records.settle import settle_case
from kprules.records.settled import Settled
from kprules.records.shape import Vocabulary
from kprules.records.vocabulary import CASE, vocabulary_of

TEXT = """
definition the-rough "" { captures when goods.form is rough }
definition not-rough "" { captures when goods.form is not rough }
definition the-worked "" { captures when goods.form in {polished, jewellery, watch, mixed} }
definition any-form "" { captures when goods.form is rough or goods.form is not rough }
definition no-form "" { captures when goods.form is rough and goods.form is polished }
definition known-form "" { captures when goods.form is known }
definition one-carat "" { captures when goods.carats >= 1 }
definition half-carat "" { captures when goods.carats >= 0.5 }
definition under-one "" { captures when goods.carats < 1 }
definition by-rebels "" { captures when some l in links has rebels(l) }
definition by-two "" { captures when at least 2 l in links has rebels(l) }
definition all-rebels "" { captures when every l in links has rebels(l) }
definition rebels-only "" {
  captures when some l in links has true and every l in links has rebels(l)
}
definition by-attacker "" {
  captures when some l in links has l.conflict.aggressor is l.actor.state
}
definition two-states "" {
  captures when some l in links has
    (l.actor.state is known and l.actor.state is not l.conflict.aggressor)
}
term rebels(l: link) "" { l.actor.kinds includes rebel_movement }
definition in-time "" { captures when some m in measures has m.period overlaps period }
definition before-time "" { captures when some m in measures has m.period.to < period.from }
definition within-time "" {
  captures when some m in measures has (m.period.from >= period.from and m.period.to <= period.to)
}
"""
RULES = ruled(TEXT)

SETTLED_AND_UNKNOWNS: dict[tuple[str, str], tuple[Kind, Kind]] = {
    ("the-rough", "not-rough"): (Kind.DISJOINT, Kind.DISJOINT),
    ("not-rough", "the-worked"): (Kind.EQUAL, Kind.EQUAL),
    ("the-rough", "any-form"): (Kind.NARROWER, Kind.NARROWER),
    ("any-form", "known-form"): (Kind.EQUAL, Kind.EQUAL),
    ("one-carat", "half-carat"): (Kind.NARROWER, Kind.NARROWER),
    ("half-carat", "under-one"): (Kind.OVERLAPPING, Kind.OVERLAPPING),
    ("one-carat", "under-one"): (Kind.DISJOINT, Kind.DISJOINT),
    ("by-two", "by-rebels"): (Kind.NARROWER, Kind.NARROWER),
    ("all-rebels", "by-rebels"): (Kind.OVERLAPPING, Kind.OVERLAPPING),
    ("rebels-only", "by-rebels"): (Kind.NARROWER, Kind.NARROWER),
    ("no-form", "the-rough"): (Kind.NARROWER, Kind.NARROWER),
    ("by-attacker", "two-states"): (Kind.OVERLAPPING, Kind.OVERLAPPING),
    ("in-time", "before-time"): (Kind.OVERLAPPING, Kind.OVERLAPPING),
    ("within-time", "in-time"): (Kind.NARROWER, Kind.OVERLAPPING),  # it may end "in 2020"
}


@pytest.mark.parametrize("pair", SETTLED_AND_UNKNOWNS, ids=" ".join)
def test_a_relation(pair: tuple[str, str]) -> None:
    """Each pair relates as it reads, and the other way round turned round."""
    left, right = (RULES[name] for name in pair)
    relation = relate(left, right)
    assert (relation.settled.kind, relation.unknowns.kind) == SETTLED_AND_UNKNOWNS[pair]
    turned = relate(right, left)
    assert turned.kind is relation.flipped().kind
    assert turned.unknowns.kind is relation.flipped().unknowns.kind


def test_the_two_senses_part_where_unknown_is_neither() -> None:
    """On settled facts something is large or small; of an unknown weight neither is certain."""
    rules = ruled(
        'definition a-small "" { captures when goods.carats < 1 or goods.form is rough }'
        'definition b-small "" { captures when goods.form is rough or goods.carats < 1'
        "  and (goods.made is natural or goods.made is not natural) }"
    )
    relation = relate(rules["a-small"], rules["b-small"])
    assert relation.settled.kind is Kind.EQUAL
    assert relation.unknowns.kind is Kind.BROADER
    witness = relation.unknowns.only_left.witness
    assert witness is not None
    assert dict(witness.outcomes) == {"a-small": "captured", "b-small": "undetermined"}
    assert witness.case["goods"] == {"carats": 0}


def test_how_much_a_definition_captures() -> None:
    """Nothing, something, everything; where all is unknown nothing is certain."""
    reaches = {name: reach(RULES[name]) for name in ("no-form", "the-rough", "any-form")}
    assert {name: (r.settled, r.unknowns) for name, r in reaches.items()} == {
        "no-form": (Extent.NOTHING, Extent.NOTHING),
        "the-rough": (Extent.SOMETHING, Extent.SOMETHING),
        "any-form": (Extent.EVERYTHING, Extent.SOMETHING),
    }
    assert reaches["the-rough"].captured.witness is not None
    assert reaches["any-form"].spared.exists is False


def test_definitions_whose_outcomes_never_differ() -> None:
    """Captured, not captured and undetermined alike: stronger than equal."""
    assert differ(RULES["not-rough"], RULES["the-worked"]).exists is False
    rules = ruled(
        'definition a-true "" { captures when some l in links has true }'
        'definition b-true "" { captures when some l in links has (l.directness is direct'
        "  or l.directness is not direct) }"
    )
    found = differ(rules["a-true"], rules["b-true"])
    assert found.exists is True
    assert found.witness is not None
    assert {reached for _, reached in found.witness.outcomes} == {"captured", "undetermined"}


def test_time_that_runs_out_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time at all: what takes any thought is not decided, and says why."""
    monkeypatch.setattr(solver, "_CONFLICTS", 1)
    text = "".join(
        f'definition share-{part} "" {{ about meeting captures when at least {part}/100 '
        "p in participants has (p.stance is supported and p.concerned) }"
        for part in (51, 52)
    )
    rules = ruled(text)
    relation = relate(rules["share-51"], rules["share-52"], seconds=0)
    assert relation.kind is Kind.NOT_DECIDED
    assert relation.settled.only_right.why == TIME


def test_what_is_asked_after_the_time_is_not_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of many pairs none is written out for the solver, or tried, once the time is over."""

    def written_out(*_: object, **__: object) -> None:
        raise AssertionError("a prover was made")

    monkeypatch.setattr(comparing, "Prover", written_out)
    related = relate_all(ruled(TEXT).values(), seconds=-1)
    assert {relation.kind for relation in related} == {Kind.NOT_DECIDED}
    assert {relation.settled.both.why for relation in related} == {TIME}


def test_definitions_of_other_records_do_not_compare() -> None:
    """A rule about meetings and one about cases are asked of nothing in common."""
    with pytest.raises(ValueError, match="kp-consensus-2003 is about a meeting"):
        relate(shipped("kp-consensus-2003"), shipped("kpcs-core-2002"))
    both = relate_all([shipped("kp-consensus-2003"), shipped("kpcs-core-2002")])
    assert both.pairs == {}
    assert len(both.reaches) == 2


# --- witnesses ----------------------------------------------------------------------------------

PAIRS = (
    ("kpcs-core-2002", "west-2022"),
    ("kpcs-core-2002", "kp-short-b"),
    ("eu-2023", "canada-2018"),
    ("us-eo14114-2024", "g7-2023"),
    ("review-2025", "review-2025-state"),
    ("us-2022-letter", "milovanovic-2012"),
)


def without_one(plain: Any) -> list[Any]:
    """Return the record without one thing that it states, in every way."""
    found: list[Any] = []
    if isinstance(plain, dict):
        for key, value in plain.items():
            found.append({k: v for k, v in plain.items() if k != key})
            found += [{**plain, key: less} for less in without_one(value)]
    elif isinstance(plain, list):
        for at, value in enumerate(plain):
            found.append([v for i, v in enumerate(plain) if i != at])
            found += [[*plain[:at], less, *plain[at + 1 :]] for less in without_one(value)]
    return found


def read(plain: Any) -> Settled | None:
    """Return a record as the loader's model reads it; None where it refuses."""
    try:
        return settle_case(Case.model_validate(plain), CASE)
    except ValueError:
        return None


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
@pytest.mark.parametrize("sense", Sense)
def test_no_fact_of_a_witness_can_be_left_out(pair: tuple[str, str], sense: Sense) -> None:
    """Whatever is taken out of the file, the definitions are told apart no more, or it is no case.

    But for the value that fills a set which nobody asks about, and that an empty set would do for.
    """
    two = [shipped(name) for name in pair]
    relation = relate(*two)
    compared = relation.settled if sense is Sense.SETTLED else relation.unknowns
    for finding in (compared.both, compared.only_left, compared.only_right):
        if finding.witness is None:
            continue
        settled = read(finding.witness.case)
        assert settled is not None
        wanted = [outcome(j, settled) for j in two]
        assert wanted == [reached for _, reached in finding.witness.outcomes]
        for less in without_one(finding.witness.case):
            record = read(less)
            if record is not None and [outcome(j, record) for j in two] == wanted:
                emptied = [k for k in ([], {}) if str(k) in str(less)]
                assert emptied, (less, finding.witness.case)


@pytest.mark.parametrize("pair", PAIRS, ids=" ".join)
def test_the_least_number_of_facts_is_no_more(pair: tuple[str, str]) -> None:
    """`fewest` never states more than the greedy witness, and says the same."""
    two = [shipped(name) for name in pair]
    small, least = relate(*two), relate(*two, fewest=True)
    assert small.kind is least.kind
    for name in ("both", "only_left", "only_right"):
        one, other = getattr(small.settled, name).witness, getattr(least.settled, name).witness
        assert (one is None) is (other is None)
        if one is not None and other is not None:
            assert other.facts <= one.facts


def test_the_least_number_of_facts_is_found() -> None:
    """Two facts are enough, where a witness that is merely minimal may state three."""
    rules = ruled(
        'definition a-way "" { captures when goods.form is rough and goods.made is natural'
        " and goods.quality is gem or goods.form is polished and goods.made is natural }"
        'definition b-way "" { captures when goods.form is jewellery }'
    )
    found = relate(rules["a-way"], rules["b-way"], fewest=True).settled.only_left.witness
    assert found is not None
    assert found.facts == 2


def test_a_witness_reads_as_a_person_would_state_it() -> None:
    """Ids of its own, an actor of some kind, and a line a fact."""
    found = relate(shipped("kpcs-core-2002"), shipped("west-2022")).settled.only_right.witness
    assert found is not None
    assert found.case["case"] == "not-in-kpcs-core-2002-in-west-2022"
    assert found.case["title"] == "Not captured by kpcs-core-2002, captured by west-2022"
    assert "goods.form is rough" in found.words
    assert "links[0].actor is actor" in found.words
    assert found.outcomes == (
        ("kpcs-core-2002", Outcome.NOT_CAPTURED),
        ("west-2022", Outcome.CAPTURED),
    )


# --- other vocabularies -------------------------------------------------------------------------


class Item(BaseModel):
    """A thing on a shipment."""

    weight: int = Field(ge=0, le=9)
    fragile: bool | None = None


class Shipment(BaseModel):
    """A vocabulary of a user: facts that must be there, and a rule between two of them."""

    number: str
    items: list[Item]
    sent: int = Field(ge=0)
    received: int | None = Field(default=None, ge=0)
    mode: Literal["air", "sea"]

    @model_validator(mode="after")
    def _checked(self) -> Self:
        if self.received is not None and self.received > self.sent:
            raise ValueError("more was received than was sent")
        return self


SHIPMENT = vocabulary_of(Shipment, "shipment")
SHIPPED: dict[str, Vocabulary] = {"shipment": SHIPMENT}


def shipments(**texts: str) -> dict[str, Judgement]:
    """Return definitions about shipments."""
    named = {name.replace("_", "-"): text for name, text in texts.items()}
    text = "".join(f'definition {k} "" {{ captures when {v} }}' for k, v in named.items())
    return ruled(text, SHIPPED)


def test_facts_that_must_be_there_are() -> None:
    """A user's own record: what is required is never unknown, and is filled in."""
    rules = shipments(
        a_weight="some i in items has i.weight >= 5",
        b_known="items is known",
        c_fragile="some i in items has i.fragile is unknown",
    )
    assert reach(rules["b-known"]).unknowns is Extent.EVERYTHING
    relation = relate(rules["a-weight"], rules["b-known"])
    assert relation.unknowns.kind is Kind.NARROWER
    witness = relation.unknowns.only_right.witness
    assert witness is not None
    assert witness.case == {"number": "another-one", "items": [], "sent": 0, "mode": "air"}
    assert reach(rules["c-fragile"]).settled is Extent.NOTHING
    assert reach(rules["c-fragile"]).unknowns is Extent.SOMETHING


def test_a_record_that_the_model_refuses_decides_nothing() -> None:
    """What only the user's own code knows is no fault of the proof: it is not decided, and why."""
    rules = shipments(a_more="received > sent", b_sea="mode is sea")
    relation = relate(rules["a-more"], rules["b-sea"])
    assert relation.kind is Kind.NOT_DECIDED
    assert "more was received than was sent" in relation.settled.only_left.why


def test_a_proof_that_the_evaluator_contradicts_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """A witness that does not replay never leaves."""
    from kprules.proof import encoding  # noqa: PLC0415 - broken here

    monkeypatch.setattr(encoding.Encoder, "negate", lambda _, item: item)
    with pytest.raises(AssertionError, match="the evaluator says otherwise"):
        relate(RULES["the-rough"], RULES["not-rough"])


def test_both_sides_may_be_one_definition_under_two_readings() -> None:
    """Readings of one definition compare like definitions."""
    wide = shipped("kpcs-core-2002")
    strict = shipped("kpcs-core-2002", recognition="cumulative")
    relation = relate(strict, wide)
    assert relation.kind is Kind.NARROWER
    assert relate(wide, replace(wide)).kind is Kind.EQUAL


def test_a_witness_may_state_all_that_is_read() -> None:
    """`whole`: every fact that the definitions ask about is there, and the outcome the same."""
    two = [shipped("kpcs-core-2002"), shipped("west-2022")]
    found = relate(*two, whole=True).settled.only_right.witness
    assert found is not None
    assert [reached for _, reached in found.outcomes] == ["not_captured", "captured"]
    assert set(found.case["goods"]) == {"material", "form", "made"}
    for link in found.case["links"]:
        assert {
            "actor", "conflict", "finances", "directness", "allied_with", "targets",
            "target_legitimate",
        } - set(link) <= {"directness"}  # fmt: skip


def test_definitions_that_take_too_long_hold_up_no_others() -> None:
    """A definition over lists in lists in lists is not decided in time; the others are."""
    rules = ruled(
        'definition deep-one "" { captures when at least 3 l in links has'
        "  at least 3 a in abuses has"
        "  (a.events > l.share_percent and at least 3 m in measures has"
        "    (m.period overlaps period and a.grave and l.directness is direct)) }"
    )
    three = [rules["deep-one"], shipped("kpcs-core-2002"), shipped("west-2022")]
    related = relate_all(three, seconds=4)
    assert related.between(1, 2).kind is Kind.NARROWER
    assert related.between(2, 1).kind is Kind.BROADER
    found = related.between(0, 1).settled
    assert found.kind in {Kind.NOT_DECIDED, Kind.OVERLAPPING}
