"""The engines that tests hold equal: a line each.

An engine is a function from a definition and settled records to the outcome of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from kprules.evaluation.compiled import compile_outcomes
from kprules.evaluation.supposing import Supposer
from kprules.evaluation.trace import Outcome, outcome, outcome_of, traced
from kprules.formula.definition import Judgement, judge
from kprules.records.settled import Settled

Engine = Callable[[Judgement, Iterable[Settled]], list[Outcome]]


def _walked(judgement: Judgement, records: Iterable[Settled]) -> list[Outcome]:
    return [outcome(judgement, record) for record in records]


def _traced(judgement: Judgement, records: Iterable[Settled]) -> list[Outcome]:
    return [traced(judgement, record).outcome for record in records]


def _compiled(judgement: Judgement, records: Iterable[Settled]) -> list[Outcome]:
    compiled = compile_outcomes([judgement])
    return [compiled(record)[0] for record in records]


def _supposing_nothing(judgement: Judgement, records: Iterable[Settled]) -> list[Outcome]:
    return [outcome_of(judge(judgement, Supposer({"": record}, {}))) for record in records]


ENGINES: Mapping[str, Engine] = {
    "walker": _walked,
    "with reasons": _traced,
    "compiled": _compiled,
    "supposing nothing": _supposing_nothing,
}


def evaluate_on(engine: str, judgement: Judgement, records: Iterable[Settled]) -> list[Outcome]:
    """Return what an engine says of a definition and each of some records."""
    return ENGINES[engine](judgement, records)
