"""Proofs beside every record of a model with facts that are never unknown where they are recorded.

Such a fact is unknown all the same where the record around it is not recorded, or where an entry is
null; then so is all that is inside it. Periods of such a model may end before they begin.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, combinations_with_replacement, product
from time import monotonic
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel
from questions import QUESTIONS, shown
from ruled import ruled

from kprules.evaluation.compiled import compile_numbers
from kprules.evaluation.outcome import judged
from kprules.proof.comparing import Comparing
from kprules.proof.nearest import nearest
from kprules.proof.prover import Question, Sense
from kprules.records.case import Period
from kprules.records.settle import settle_case
from kprules.records.shape import Reference
from kprules.records.vocabulary import vocabulary_of


class Mast(BaseModel):
    """A record that must be there in another."""

    lit: bool


class Site(BaseModel):
    """A record with facts that are never unknown, and one that may be."""

    open: bool
    mast: Mast
    size: int | None = None


class Leg(BaseModel):
    """An entry of a list."""

    mode: Literal["sea", "air"]
    stop: Site | None = None


class Keeper(BaseModel):
    """An entry of a map."""

    good: bool


class Shipment(BaseModel):
    """A record in which all of these may be left out."""

    id: str = "a"
    heavy: bool | None = None
    site: Site | None = None
    legs: list[Leg | None] | None = None
    keepers: dict[str, Keeper | None] | None = None
    span: Period | None = None
    keeper: Annotated[str | None, Reference("keeper", "keepers")] = None


SHIPMENT = vocabulary_of(Shipment, "shipment")
FORMS = {
    "heavy": (
        "heavy",
        "heavy or not heavy or heavy is unknown",
        "site.open",
        "site.open or not site.open",
        "site.open is unknown",
        "site.mast.lit and not site.open",
        "site.mast is known",
        "site is known",
        "site.size > 3",
        "site.size is known or site.mast.lit",
    ),
    "span": (
        "heavy",
        "span is known",
        "span.from <= span.to",
        "span.from < 2020-01-03",
        "span.to < 2020-01-03",
        "span.from > span.to",
    ),
    "legs": (
        "heavy",
        "legs is known",
        "every l in legs has (l.mode is sea or l.mode is air)",
        "some l in legs has l.mode is unknown",
        "some l in legs has l.mode is sea",
        "at least 2 l in legs has true",
        "some l in legs has l.stop.open",
        "some l in legs has l.stop is known",
        "every l in legs has (l.stop.open or not l.stop.open)",
        "no l in legs has (l.stop.mast is unknown and l.mode is air)",
    ),
    "keepers": (
        "heavy",
        "keeper is known",
        "keeper.good",
        "keeper.good or not keeper.good",
        "keeper.good is unknown",
        "some k in keepers has k.good",
        "every k in keepers has (k.good or not k.good)",
        "keeper.good is unknown and every k in keepers has k.good",
    ),
}


@cache
def every(about: str, *, settled: bool) -> list[Any]:
    """Return every record that states only what some forms ask, with two entries at most."""
    listed = {"heavy": _sites, "span": _spans, "legs": _legs, "keepers": _keepers}
    plains = listed[about](settled=settled)
    heavies = (True, False) if settled else (True, False, None)
    return [
        settle_case(Shipment.model_validate({"heavy": heavy, **plain}), SHIPMENT)
        for heavy, plain in product(heavies, plains)
    ]


def _or_none(values: list[Any], *, settled: bool) -> list[Any]:
    return values if settled else [*values, None]


def _places(*, settled: bool) -> list[Any]:
    sizes = _or_none([3, 4], settled=settled)
    stated = product((True, False), (True, False), sizes)
    sites = [{"open": is_open, "mast": {"lit": lit}, "size": s} for is_open, lit, s in stated]
    return _or_none(sites, settled=settled)


def _sites(*, settled: bool) -> list[Any]:
    return [{"site": site} for site in _places(settled=settled)]


def _spans(*, settled: bool) -> list[Any]:
    days = [f"2020-01-0{day}" for day in range(1, 6)]
    begins, ends = ([*days, *([] if settled else ["unknown"])] for _ in range(2))
    spans = [{"from": first, "to": last} for first, last in product(begins, [*ends, None])]
    return [{"span": span} for span in _or_none(spans, settled=settled)]


def _legs(*, settled: bool) -> list[Any]:
    stops = [s for s in _places(settled=settled) if s is None or s["size"] == 3]
    legs = [{"mode": mode, "stop": stop} for mode, stop in product(("sea", "air"), stops)]
    return [{"legs": listed} for listed in _lists(legs, settled=settled)]


def _lists(entries: list[Any], *, settled: bool) -> list[Any]:
    kinds = _or_none(entries, settled=settled)
    lists = [[*chosen] for k in range(3) for chosen in combinations_with_replacement(kinds, k)]
    return _or_none(lists, settled=settled)


def _keepers(*, settled: bool) -> Iterator[Any]:
    for listed in _lists([{"good": True}, {"good": False}], settled=settled):
        keepers = None if listed is None else {f"k{n}": k for n, k in enumerate(listed)}
        for keeper in _or_none([*(keepers or ())], settled=settled):
            yield {"keepers": keepers, "keeper": keeper}


@pytest.mark.parametrize("about", FORMS)
def test_no_record_is_overlooked(about: str) -> None:
    """Each pair is asked all questions; the records that were written down deny no answer."""
    named = {f"form-{n}": form for n, form in enumerate(FORMS[about])}
    text = "".join(f'definition {k} "" {{ captures when {v} }}' for k, v in named.items())
    judgements = [*ruled(text, {"shipment": SHIPMENT}).values()]
    numbers = compile_numbers(judgements)
    asking = Comparing(judgements, monotonic() + 60)
    never = 0
    for sense in Sense:
        outcomes = {numbers(r) for r in every(about, settled=sense is Sense.SETTLED)}
        for pair, question in product(combinations(range(len(judgements)), 2), QUESTIONS):
            asked: Question = tuple((pair[at], want) for at, want in question)
            exists, witness, _ = asking.ask(asked, sense)
            assert exists is shown(asked, sense, outcomes), (asked, sense)
            assert (witness is not None) is exists
            never += not exists
    assert never > 10


@pytest.mark.parametrize(
    ("form", "plain", "said"),
    [
        ("site.open is unknown", {}, "site.open were known to be true or false"),
        (
            "some l in legs has l.mode is unknown",
            {"legs": [None]},
            "legs[0].mode were known to be sea",
        ),
        (
            "some l in legs has l.mode is unknown",
            {"legs": []},
            "legs[0] were there, with nothing known of it",
        ),
    ],
)
def test_nearest_changes_of_what_is_not_recorded(
    form: str, plain: dict[str, Any], said: str
) -> None:
    """A change settles what is not recorded, or adds an entry of which nothing is."""
    text = f'definition a-form "" {{ captures when {form} }}'
    (judgement,) = ruled(text, {"shipment": SHIPMENT}).values()
    record = settle_case(Shipment.model_validate(plain), SHIPMENT)
    assert said in [str(change) for change in nearest(judged(judgement, record))]
