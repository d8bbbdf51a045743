"""The solver's engine on given records: the outcome that the literals of their facts leave."""

from __future__ import annotations

from collections.abc import Iterable
from time import monotonic

from shop import SHOP

from kprules.evaluation.trace import Outcome, outcome_of
from kprules.formula.definition import Judgement
from kprules.logic import Truth
from kprules.proof.given import Given
from kprules.proof.solver import Solver
from kprules.records.settled import Settled


def solved(judgement: Judgement, records: Iterable[Settled]) -> list[Outcome]:
    """Return the outcome of each record; the literals of its facts leave no other."""
    return [_solved(judgement, record) for record in records]


def _solved(judgement: Judgement, record: Settled) -> Outcome:
    vocabulary = judgement.definition.vocabulary
    held = Given([judgement], vocabulary if vocabulary.records else SHOP, record)
    solver = Solver(held.space.gates)
    facts, until = held.as_it_is(), monotonic() + 60
    assert solver.holds(facts, until)
    model = solver.model()
    planes = []
    for literal in (held.truths[0].certain, held.truths[0].possible):
        so = (literal in model) if literal > 0 else (-literal not in model)
        assert not solver.holds([*facts, -literal if so else literal], until)
        planes.append(so)
    solver.close()
    return outcome_of(Truth(*planes))
