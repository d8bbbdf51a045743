"""The engines that tests hold equal: a line each.

An engine is a function from a definition and settled records to the outcome of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from solved import solved

from kprules.evaluation.compiled import compile_outcomes
from kprules.evaluation.python_blocks import write
from kprules.evaluation.supposing import Supposer
from kprules.evaluation.telling import Telling
from kprules.evaluation.trace import Outcome, outcome, outcome_of, traced
from kprules.evaluation.tracing import FramedTrace
from kprules.evaluation.walker import Walker
from kprules.formula.definition import Judgement, judge
from kprules.formula.expressions import Expressions, Place
from kprules.formula.lowering import Lowering
from kprules.formula.nodes import Path
from kprules.records.settled import PartialDate, Settled

Engine = Callable[[Judgement, Iterable[Settled]], list[Outcome]]


def _walked(judgement: Judgement, records: Iterable[Settled]) -> list[Outcome]:
    return [outcome(judgement, record) for record in records]


def _traced(judgement: Judgement, records: Iterable[Settled]) -> list[Outcome]:
    return [traced(judgement, record).outcome for record in records]


def _framed(judgement: Judgement, records: Iterable[Settled]) -> list[Outcome]:
    telling = Telling.of(judgement)
    return [FramedTrace(telling, record).outcome for record in records]


def _compiled(judgement: Judgement, records: Iterable[Settled]) -> list[Outcome]:
    compiled = compile_outcomes([judgement])
    return [compiled(record)[0] for record in records]


class _Foreseen:
    """What is the same in all records at hand: of the records themselves, not of their entries."""

    def __init__(self, records: Sequence[Settled]) -> None:
        self.engines = [Walker({"": record}) for record in records]

    def known(self, place: Place, /) -> bool | None:
        """Return whether a fact is recorded."""
        return self._agreed(place, lambda engine, path: engine.known(path))

    def complete(self, place: Place, /) -> bool | None:
        """Return whether there may be no more in a list or set."""
        return self._agreed(place, lambda engine, path: engine.complete(path))

    def whole_days(self, place: Place, /) -> bool:
        """Return whether no date stops at the month or year."""

        def is_whole(engine: Walker, path: Path) -> bool:
            return not isinstance(engine.look_up(path), PartialDate)

        return self._agreed(place, is_whole) is True

    def _agreed(self, place: Place, of: Callable[[Walker, Path], bool]) -> bool | None:
        if place.scope is not None:
            return None
        found = {of(engine, replace(place.path, variable="")) for engine in self.engines}
        return found.pop() if len(found) == 1 else None


def _foreseeing(judgement: Judgement, records: Iterable[Settled]) -> list[Outcome]:
    at_hand, store = list(records), Expressions()
    truth = judge(judgement, Lowering(store, {}, _Foreseen(at_hand)))
    compiled = write(store, [(truth.certain, truth.possible)])
    names = (Outcome.NOT_CAPTURED, Outcome.UNDETERMINED, Outcome.CAPTURED)
    return [names[compiled(record)[0]] for record in at_hand]


def _supposing_nothing(judgement: Judgement, records: Iterable[Settled]) -> list[Outcome]:
    return [outcome_of(judge(judgement, Supposer({"": record}, {}))) for record in records]


ENGINES: Mapping[str, Engine] = {
    "walker": _walked,
    "with reasons": _traced,
    "with reasons, often": _framed,
    "compiled": _compiled,
    "compiled for records at hand": _foreseeing,
    "supposing nothing": _supposing_nothing,
    "solver": solved,
}


def evaluate_on(engine: str, judgement: Judgement, records: Iterable[Settled]) -> list[Outcome]:
    """Return what an engine says of a definition and each of some records."""
    return ENGINES[engine](judgement, records)
