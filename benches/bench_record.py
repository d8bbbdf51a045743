"""One record, twelve definitions, outcomes only: what was compiled beside what is written by hand.

By hand means Python's own two values, where what is unknown is simply not so; compiled, unknowns
are right. All sides of a group run on the same settled records. The compiled function is to take at
most 0.75 of a function a definition, and 1.25 of one function that shares its subterms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from by_hand import SEPARATE, rearranged, together
from parcels import JUDGEMENTS, parcels

from kprules.evaluation.compiled import compile_numbers
from kprules.evaluation.outcome import judged
from kprules.evaluation.trace import outcome
from kprules.records.settled import Settled
from kprules.reports.matrix_json import told_object

COUNT = 300
UNKNOWN = {"a twentieth unknown": 1 / 20, "an eighth unknown": 1 / 8}


def separate(record: Settled) -> list[bool]:
    """Judge by hand, a function a definition."""
    return [definition(record) for definition in SEPARATE]


def walked(record: Settled) -> list[object]:
    """Judge without compiling."""
    return [outcome(judgement, record) for judgement in JUDGEMENTS]


def with_reasons(record: Settled) -> list[object]:
    """Judge and read the reasons off."""
    results = [judged(judgement, record) for judgement in JUDGEMENTS]
    return [(result.outcome, result.because, result.unknown) for result in results]


def as_json(record: Settled) -> list[object]:
    """Judge and put the reasons as the JSON report puts them."""
    return [told_object(judged(judgement, record)) for judgement in JUDGEMENTS]


SIDES: dict[str, Callable[[Settled], Any]] = {
    "compiled": compile_numbers(JUDGEMENTS),
    "by hand, a function each": separate,
    "by hand, subterms shared": together,
    "by hand, order thought over": rearranged,
    "walked": walked,
    "with reasons": with_reasons,
    "with reasons, for JSON": as_json,
}


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("unknown", UNKNOWN)
def test_one_record(benchmark: Any, side: str, unknown: str) -> None:
    """Time twelve definitions on each of 300 records."""
    records, judge = parcels(COUNT, UNKNOWN[unknown]), SIDES[side]
    benchmark.group = f"{COUNT} records, 12 definitions, {unknown}"
    benchmark(lambda: [judge(record) for record in records])


def test_what_is_measured_agrees() -> None:
    """The sides say the same: by hand exactly so where nothing is unknown."""
    for record in parcels(COUNT, 0):
        captured = [number == 2 for number in SIDES["compiled"](record)]
        assert captured == separate(record) == list(together(record)) == list(rearranged(record))
        assert captured == [str(one) == "captured" for one in walked(record)]


def test_compiling(benchmark: Any) -> None:
    """Time the compiling of twelve definitions."""
    benchmark.group = "compile"
    benchmark(compile_numbers, JUDGEMENTS)
