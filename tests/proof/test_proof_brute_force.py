"""Proofs beside every record of a tiny vocabulary, for drawn definitions in pairs.

Where a record that was written down is what a question asks for, no proof says that there is none;
and where a proof says that there is one, it shows it, replayed.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from random import Random
from time import monotonic

import pytest
from questions import QUESTIONS, shown
from tiny import drawn, yards

from kprules.evaluation.compiled import compile_numbers
from kprules.proof import comparing
from kprules.proof.bounds import Bounds, more
from kprules.proof.comparing import Comparing
from kprules.proof.prover import Sense
from kprules.records.settled import Settled

READS = {
    "one list of two facts": ({"open", "boxes.full", "boxes.colour"}, 3, 0),
    "two lists": ({"boxes.full", "pens.wet"}, 3, 0),
    "sets, and paths compared": ({"open", "tags", "colour", "boxes.colour"}, 2, 0),
    "references": ({"owner", "people.good", "pens.keeper"}, 2, 2),
    "a map and a list": ({"people.good", "people", "boxes.full"}, 3, 3),
    "a map and references to it": ({"owner", "pens.keeper", "pens.wet", "people"}, 2, 2),
}


@cache
def every(name: str, *, settled: bool) -> list[Settled]:
    """Return every record for some fields."""
    reads, most, people = READS[name]
    return list(yards(reads, most, settled=settled, people=people))


def compared(name: str, seed: int, pairs: int, *, known: bool = False) -> Counter[object]:
    """Ask all questions of drawn pairs; return how often there was such a record, and was none."""
    random = Random(seed)
    answers = Counter[object]()
    for _ in range(pairs):
        two = [drawn(random.randrange, READS[name][0], known=known) for _ in range(2)]
        numbers = compile_numbers(two)
        asking = Comparing(two, monotonic() + 60)
        for sense in Sense:
            outcomes = {numbers(r) for r in every(name, settled=sense is Sense.SETTLED)}
            for question in QUESTIONS:
                exists, witness, why = asking.ask(question, sense)
                if shown(question, sense, outcomes):
                    assert exists is not False, (two, question, sense)
                if exists is None:
                    assert "of the same list" in why
                assert (witness is not None) is (exists is True)
                answers[exists] += 1
    return answers


@pytest.mark.parametrize("name", READS)
def test_no_record_is_overlooked(name: str) -> None:
    """Forty pairs of definitions; both answers come up, and hardly any is left open."""
    answers = compared(name, 1, 40)
    assert answers[True] > 40
    assert answers[False] > 20
    assert answers[None] < 10


@pytest.mark.parametrize("name", READS)
def test_no_record_is_overlooked_where_it_is_asked_what_is_known(name: str) -> None:
    """So it is with `is known`, which alone learning a fact may reverse."""
    compared(name, 2, 20, known=True)


def test_one_entry_less_would_overlook_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is no larger than need be: with an entry less, the records show the proof wrong."""

    def short(questions: object) -> Bounds:
        return more(_bounds_for(questions), -1)  # type: ignore[arg-type]  # passed on as it comes

    _bounds_for = comparing.bounds_for
    monkeypatch.setattr(comparing, "bounds_for", short)
    with pytest.raises(AssertionError):
        compared("one list of two facts", 1, 40)
