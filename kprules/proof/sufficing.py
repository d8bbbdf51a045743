"""Sets of facts of a given case that suffice for its outcome, whatever the rest turns out to be.

Guarantee: the evaluator reaches the same outcome on the facts of a set alone, and no longer if any
one of them is left out; where every reading counts, on all of them. A line in here touches one case
and one definition.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any, assert_never

from kprules.evaluation.facts import Plain, plain
from kprules.evaluation.outcome import Result
from kprules.evaluation.settling import supposing
from kprules.evaluation.trace import Outcome
from kprules.proof.asked import asked_by
from kprules.proof.gates import Literal, OutOfTimeError
from kprules.proof.given import Given, GivenFact, now_of
from kprules.proof.models import Reading
from kprules.proof.smallest import smallest
from kprules.proof.solver import Solver
from kprules.proof.space import ListCell, ReferenceCell, SetCell, ValueCell
from kprules.records.settled import NO_RECORD, UNKNOWN_RECORD, Incomplete

MOST = 5
LARGEST = 40
SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Kept:
    """One fact that a sufficient set holds."""

    path: str
    """Where the fact lives."""
    value: Plain
    """Of a set, the members that matter; of a list, the entries."""
    closed: bool = False
    """Of a set or list: whether it matters that there is no more in it."""

    def __str__(self) -> str:
        """Say the fact."""
        match self.value:
            case []:
                return f"{self.path} is empty"
            case list():
                said = f"{self.path} includes {', '.join(str(v) for v in self.value)}"
                return said + (" and no more" if self.closed else "")
            case bool():
                return f"{self.path} is {'true' if self.value else 'false'}"
            case _:
                return f"{self.path} is {self.value}"


@dataclass(frozen=True, slots=True)
class Sufficient:
    """Facts on which alone the outcome would be the same."""

    outcome: Outcome
    facts: tuple[Kept, ...]

    def __str__(self) -> str:
        """Say the facts."""
        return "; ".join(str(fact) for fact in self.facts)


def suffices(
    result: Result, *, most: int = MOST, seconds: float = SECONDS
) -> tuple[Sufficient, ...]:
    """Return the smallest sets of facts that suffice for a settled outcome, the first few."""
    if result.outcome is Outcome.UNDETERMINED:
        return ()
    until = monotonic() + seconds
    try:
        return tuple(_Keeping(result, until).sets(most, until))
    except OutOfTimeError:
        return ()


class _Keeping:
    """The search for sufficient facts of one case."""

    def __init__(self, result: Result, until: float) -> None:
        self._result = result
        judgements = result.judgements
        vocabulary = result.judgement.definition.vocabulary
        self._known = {
            key for judgement in judgements for key in asked_by(judgement, vocabulary).known
        }
        self._given = Given(judgements, vocabulary, result.record, until=until)
        captured = result.outcome is Outcome.CAPTURED
        self._assumed: list[Literal] = [
            truth.certain if captured else -truth.possible for truth in self._given.truths
        ]
        self._costs: dict[Literal, None] = {}
        self._facts = tuple(self._given.facts())
        for fact in self._facts:
            self._note(fact)

    def sets(self, most: int, until: float) -> Iterator[Sufficient]:
        """Yield sufficient sets, smaller ones first."""
        gates = self._given.space.gates
        solver = Solver(gates)
        there = tuple(self._given.entries())
        found = smallest(gates, solver, self._assumed, list(self._costs), LARGEST, until)
        for _, (_, model) in zip(range(most), found, strict=False):
            yield self._sufficient(Reading(model, there))
        solver.close()

    def _note(self, fact: GivenFact) -> None:
        """Let a fact be as it is, or say less; what it says costs."""
        if fact.now is None or fact.fixed:
            self._assumed += now_of(fact.cell, fact.now)
            return
        unless = -fact.cell.known
        gates = self._given.space.gates
        match fact.cell:
            case ValueCell() | ReferenceCell() as cell:
                (now,) = now_of(cell, fact.now)
                self._assumed.append(gates.either([unless, now]))
                self._costs[cell.known] = None
            case SetCell() as cell:
                for member, literal in cell.members.items():
                    if member in fact.now:
                        self._costs[literal] = None
                    else:
                        self._assumed.append(-literal)
                self._close(fact, cell.known, -cell.open, None in fact.now)
                listed = [lit for member, lit in cell.members.items() if member in fact.now]
                self._assumed += [gates.either([unless, cell.open, lit]) for lit in listed]
            case ListCell() as cell:
                present = [slot.present for slot in cell.slots]
                self._costs.update(dict.fromkeys(present))
                self._close(fact, cell.known, cell.complete, isinstance(fact.now, Incomplete))
                self._assumed += [gates.either([unless, -cell.complete, lit]) for lit in present]
            case _:
                assert_never(fact.cell)

    def _close(self, fact: GivenFact, known: Literal, closed: Literal, open_now: bool) -> None:
        """Let it cost that there is no more in a set or list, if that is recorded at all."""
        both = self._given.space.gates.both([known, closed])
        if open_now:
            self._assumed.append(-both)
        else:
            self._costs[both] = None
        if fact.cell.key in self._known:
            self._costs[known] = None

    def _sufficient(self, reading: Reading) -> Sufficient:
        supposed: dict[str, Any] = {}
        kept: list[Kept] = []
        for fact in self._facts:
            if fact.now is None or fact.fixed:
                continue
            value = _less(fact, reading)
            supposed[fact.home] = value
            if value is not None and value is not UNKNOWN_RECORD:
                kept += _kept(fact.home, value)
        reached = supposing(self._result, supposed)
        if reached is not self._result.outcome:
            said = "; ".join(str(fact) for fact in kept)
            raise AssertionError(
                f"a proof lets {said} suffice for {self._result.judgement.id}; "
                f"the evaluator says {reached}"
            )
        return Sufficient(reached, tuple(kept))


def _less(fact: GivenFact, reading: Reading) -> Any:
    """Return what a model keeps of a fact."""
    match fact.cell:
        case ValueCell() as cell:
            return fact.now if reading.true(cell.known) else None
        case ReferenceCell() as cell:
            return fact.now if reading.true(cell.known) else UNKNOWN_RECORD
        case SetCell() as cell:
            listed = reading.set_of(cell)
            if listed is None:
                return None
            return fact.now if None not in listed else listed
        case ListCell() as cell:
            return reading.list_of(cell)
        case _:
            assert_never(fact.cell)


def _kept(path: str, value: Any) -> Sequence[Kept]:
    """Return what is kept of a fact; of a list only that it has no more, as entries speak."""
    if isinstance(value, frozenset):
        listed = plain(value - {None})
        if None in value and not listed:
            return []
        return [Kept(path, listed, closed=None not in value)]
    if isinstance(value, tuple):
        if isinstance(value, Incomplete):
            return []
        return [Kept(path, plain(value), closed=True)]
    return [Kept(path, "none" if value is NO_RECORD else plain(value))]
