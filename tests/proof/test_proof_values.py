"""Representatives of numbers, dates, periods and texts, beside values in plenty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from random import Random
from time import monotonic

import pytest
from bills import GROUPS, bills, drawn
from questions import QUESTIONS, shown

from kprules.evaluation.compiled import compile_numbers
from kprules.proof.comparing import Comparing
from kprules.proof.prover import DATES, Sense
from kprules.records.settled import Settled


@cache
def every(group: Sequence[str], *, settled: bool) -> list[Settled]:
    """Return the records of a group of fields."""
    return list(bills(group, settled=settled))


@pytest.mark.parametrize("group", GROUPS, ids="-".join)
def test_no_value_is_overlooked(group: tuple[str, ...]) -> None:
    """What some value shows, no proof denies; left open is only where dates stop short."""
    random = Random(3)
    answers = Counter[object]()
    for _ in range(25):
        two = [drawn(random.randrange, group) for _ in range(2)]
        numbers = compile_numbers(two)
        asking = Comparing(two, monotonic() + 60)
        for sense in Sense:
            outcomes = {numbers(r) for r in every(group, settled=sense is Sense.SETTLED)}
            for question in QUESTIONS:
                exists, _, why = asking.ask(question, sense)
                if shown(question, sense, outcomes):
                    assert exists is not False, (two, question, sense)
                if exists is None:
                    assert why == DATES
                    assert group in {("day", "end"), ("first", "second")}
                answers[exists] += 1
    assert answers[True] > 30
    assert answers[False] > 20
    assert answers[None] < 6
