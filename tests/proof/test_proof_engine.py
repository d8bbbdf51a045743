"""The solver's engine beside the oracle and the plain engine: a given record, as literals."""

from __future__ import annotations

from collections import Counter
from time import monotonic

import reference
from engines import evaluate_on
from hypothesis import given
from picks import fixed
from shop import SHOP, Plain, settled
from solved import solved
from strategies import example, examples
from tiny import YARD, definition, path, yards

from kprules.formula import nodes as n
from kprules.formula.definition import Judgement
from kprules.proof.given import Given
from kprules.proof.models import record_of
from kprules.proof.solver import Solver


@given(examples)
def test_the_solver_says_what_the_oracle_says(drawn: tuple[Judgement, Plain]) -> None:
    """The literals of a record's facts leave one outcome, and that is the oracle's."""
    judgement, plain = drawn
    assert solved(judgement, [settled(plain)]) == [reference.outcome(judgement, plain)]


def test_a_hundred_examples() -> None:
    """So it is on fixed examples, of which a fifth at least has each outcome."""
    outcomes = Counter[str]()
    for judgement, plain in fixed(example, 100, seed=6):
        expected = reference.outcome(judgement, plain)
        assert solved(judgement, [settled(plain)]) == [expected], (judgement, plain)
        outcomes[expected] += 1
    assert min(outcomes.values()) > 14, outcomes


def test_the_model_of_a_record_is_that_record() -> None:
    """A model under the facts' literals, read back, is judged as the record is."""
    for judgement, plain in fixed(example, 60, seed=7):
        record = settled(plain)
        held = Given([judgement], SHOP, record)
        solver = Solver(held.space.gates)
        assert solver.holds(held.as_it_is(), monotonic() + 60)
        again = record_of(held.space, solver.model())
        both = evaluate_on("walker", judgement, [record, again])
        assert both[0] == both[1], (judgement, plain)


def test_facts_that_are_not_asked_about_have_no_literals() -> None:
    """Only what a definition reads is written out."""
    asked = definition(n.Compare(path("", "yard", "open"), "is", True))
    (record, *_) = yards({"open"}, 0)
    held = Given([asked], YARD, record)
    assert [fact.home for fact in held.facts()] == ["open"]
