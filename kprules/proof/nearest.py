"""The nearest change: the fewest facts of a given case that would turn its outcome round.

Guarantee: each change was applied to the case and judged by the evaluator, turns the outcome, and
turns it no more if any step of it is left out; where every reading counts, on all of them. A line
in here touches one case and one definition.

A step alters a known fact, settles an unknown one, adds a value to a set or takes one out, adds an
entry to a list (one to each, with all that it states) or takes one out, or closes a list that may
have more. Values that the definition treats alike are represented by one; what else would do as
well stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Any, assert_never

from kprules.evaluation.facts import Plain, plain
from kprules.evaluation.outcome import Result
from kprules.evaluation.settling import supposing
from kprules.evaluation.trace import Outcome
from kprules.proof.asked import asked_by
from kprules.proof.bounds import Needs
from kprules.proof.gates import FALSE, Literal, OutOfTimeError
from kprules.proof.given import Given, GivenFact, now_of
from kprules.proof.models import Reading
from kprules.proof.smallest import smallest
from kprules.proof.solver import Solver
from kprules.proof.space import ListCell, ReferenceCell, SetCell, Slot, ValueCell
from kprules.proof.trimming import fill, references, trim
from kprules.proof.writing import plain_entry
from kprules.records.settled import NO_RECORD, Incomplete, PartialDate

MOST = 10
LARGEST = 3
"""Steps of a change beyond which only the smallest changes are given."""
SECONDS = 5.0
_MOST_OTHERS = 8
_OTHERWISE = 8


class How(StrEnum):
    """What a step does to a fact."""

    ALTER = "alter"
    SETTLE = "settle"
    INCLUDE = "include"
    EXCLUDE = "exclude"
    ADD = "add"
    REMOVE = "remove"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Step:
    """One fact that would be otherwise."""

    how: How
    path: str
    """Where the fact lives: `actors.unita.kinds`; of an entry, its place: `links[1]`."""
    now: Plain
    then: Plain
    """What it would be: a value, the member of a set, or what an added entry states; None if that
    is nothing."""
    others: tuple[Plain, ...] = ()
    """Values that would do as well."""

    def __str__(self) -> str:
        """Say the step as a condition: `goods.form were rough, not polished`."""
        match self.how:
            case How.ALTER:
                return f"{self.path} were {_either(self.then, self.others)}, not {_said(self.now)}"
            case How.SETTLE:
                return f"{self.path} were known to be {_either(self.then, self.others)}"
            case How.INCLUDE:
                return f"{self.path} included {_said(self.then)}"
            case How.EXCLUDE:
                return f"{self.path} did not include {_said(self.now)}"
            case How.ADD:
                return f"{self.path} were there, with {_said(self.then or {})}"
            case How.REMOVE:
                return f"{self.path} were not there"
            case How.CLOSE:
                return f"{self.path} were known to have no more in it"
            case _:
                assert_never(self.how)


@dataclass(frozen=True, slots=True)
class Change:
    """Steps that together turn an outcome round."""

    outcome: Outcome
    """What it would be."""
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        """Say the change as a condition."""
        return ", and ".join(str(step) for step in self.steps)


def nearest(
    result: Result, *, most: int = MOST, largest: int = LARGEST, seconds: float = SECONDS
) -> tuple[Change, ...]:
    """Return the smallest changes that turn a settled outcome round, the first few of them.

    An undetermined outcome has none: `kprules.evaluation.settling` says what would settle it. Nor
    is any given where eight steps are not enough, or the time runs out before one is found.
    """
    if result.outcome is Outcome.UNDETERMINED:
        return ()
    until = monotonic() + seconds
    try:
        found = list(Turning(result, until).changes(most, largest, until))
    except OutOfTimeError:
        return ()
    return tuple(sorted(found, key=_weight))


def _weight(change: Change) -> tuple[int, int, str]:
    """Return how much a change takes: its steps, then all that added entries state."""
    stated = sum(len(step.then) for step in change.steps if isinstance(step.then, dict))
    return len(change.steps), stated, str(change)


@dataclass(frozen=True, slots=True)
class Move:
    """What it is for a literal to be true that a fact is no longer as it is."""

    how: How
    fact: GivenFact
    member: Any = None
    entry: Slot | None = None


class Turning:
    """The search for changes of one case."""

    def __init__(self, result: Result, until: float) -> None:
        """Write the case out, with all that may be otherwise; raise `OutOfTimeError` too late."""
        self._result = result
        judgements = result.judgements
        self._vocabulary = result.judgement.definition.vocabulary
        asked = [asked_by(judgement, self._vocabulary) for judgement in judgements]
        self._asked = asked[0].merged(asked[1:])
        inside = {
            place: 0
            for judgement, own in zip(judgements, asked, strict=True)
            for place in Needs.of(judgement, self._vocabulary, own).places
        }
        inside |= {(through,): 0 for _, _, through in self._asked.references}
        self.given = Given(
            judgements, self._vocabulary, result.record, extra=1, inside=inside, until=until
        )
        captured = result.outcome is Outcome.CAPTURED
        self.goal = Outcome.NOT_CAPTURED if captured else Outcome.CAPTURED
        self._turned: list[Literal] = [
            -truth.possible if captured else truth.certain for truth in self.given.truths
        ]
        self.assumed: list[Literal] = []
        """What no change alters."""
        self.moves: dict[Literal, Move] = {}
        reads = self._asked.reads
        self._named = {e._place for key, e in references(result.record) if key not in reads}  # noqa: SLF001 - the record's own account of itself
        """Entries that a reference names which nobody asks about: they stay."""
        for fact in self.given.facts():
            self._note(fact)

    def changes(self, most: int, largest: int, until: float) -> Iterator[Change]:
        """Yield changes, smaller ones first."""
        gates = self.given.space.gates
        solver = Solver(gates)
        there = tuple(self.given.entries())
        costs = list(self.moves)
        assumed = [*self._turned, *self.assumed]
        sets = smallest(gates, solver, assumed, costs, largest, until, otherwise=_OTHERWISE)
        for _, (moved, model) in zip(range(most), sets, strict=False):
            moves = sorted((self.moves[lit] for lit in moved), key=_order)
            yield self._change(moves, Reading(model, there))
        solver.close()

    # --- what may move ----------------------------------------------------------------------------

    def _note(self, fact: GivenFact) -> None:
        """Note the literals that a fact is otherwise, and assume what cannot be."""
        now = fact.now
        if fact.fixed:
            self.assumed += now_of(fact.cell, now)
            return
        if now is not None:
            self.assumed.append(fact.cell.known)
        match fact.cell:
            case ValueCell() as cell:
                for value, literal in zip(cell.values, cell.literals, strict=True):
                    if isinstance(value, PartialDate) and value != now:
                        self.assumed.append(-literal)  # a change says a day
                if now is None:
                    self.moves[cell.known] = Move(How.SETTLE, fact)
                else:
                    self.moves[-now_of(cell, now)[0]] = Move(How.ALTER, fact)
            case SetCell() as cell:
                self._note_set(fact, cell)
            case ReferenceCell() as cell:
                if now is None:
                    self.moves[cell.known] = Move(How.SETTLE, fact)
                else:
                    self.moves[-now_of(cell, now)[0]] = Move(How.ALTER, fact)
            case ListCell() as cell:
                self._note_list(fact, cell)
            case _:
                assert_never(fact.cell)

    def _note_set(self, fact: GivenFact, cell: SetCell) -> None:
        if fact.now is None:
            self.assumed.append(-cell.open)
            self.moves[cell.known] = Move(How.SETTLE, fact)
            return
        for member, literal in cell.members.items():
            if member in fact.now:
                self.moves[-literal] = Move(How.EXCLUDE, fact, member)
            else:
                self.moves[literal] = Move(How.INCLUDE, fact, member)
        if None in fact.now:
            self.moves[-cell.open] = Move(How.CLOSE, fact)
        else:
            self.assumed.append(-cell.open)

    def _note_list(self, fact: GivenFact, cell: ListCell) -> None:
        there = len(fact.now or ())
        for slot in cell.slots[:there]:
            if slot.home in self._named:
                self.assumed.append(slot.present)
            else:
                self.moves[-slot.present] = Move(How.REMOVE, fact, entry=slot)
        for slot in cell.slots[there:]:
            self.moves[slot.present] = Move(How.ADD, fact, entry=slot)
        if fact.now is None:
            self.assumed.append(self.given.space.gates.either([-cell.known, cell.complete]))
            self.moves[cell.known] = Move(How.SETTLE, fact)
        elif isinstance(fact.now, Incomplete):
            self.moves[cell.complete] = Move(How.CLOSE, fact)
        else:
            self.assumed.append(cell.complete)

    # --- a change ---------------------------------------------------------------------------------

    def _change(self, moves: Sequence[Move], reading: Reading) -> Change:
        """Return the change that a model makes, with no more said of it than need be."""
        supposed: dict[str, Any] = {}
        for move in moves:
            supposed[move.fact.home] = otherwise(move.fact, reading)

        def turns() -> bool:
            return supposing(self._result, supposed) is self.goal

        if not turns():
            said = ", ".join(f"{m.how} {m.fact.home}" for m in moves)
            raise AssertionError(
                f"a proof turned {self._result.judgement.id} by: {said}; the evaluator does not"
            )
        for move in moves:
            if move.how is How.ADD and move.entry is not None:
                entry = reading.record(move.entry)
                trim(entry, lambda _: turns())
                fill(entry, lambda _: turns(), lambda key: self._asked.constants.get(key, {}))
        steps = [self._step(move, supposed, turns, reading) for move in moves]
        return Change(self.goal, tuple(steps))

    def _step(
        self,
        move: Move,
        supposed: dict[str, Any],
        turns: Callable[[], bool],
        reading: Reading,
    ) -> Step:
        fact, home = move.fact, move.fact.home
        now = plain(NO_RECORD if fact.now is NO_RECORD else fact.now)
        match move.how:
            case How.INCLUDE:
                return Step(move.how, home, None, plain(move.member))
            case How.EXCLUDE:
                return Step(move.how, home, plain(move.member), None)
            case How.CLOSE:
                return Step(move.how, home, now, None)
            case How.REMOVE:
                assert move.entry is not None  # noqa: S101 - it is an entry that goes
                return Step(move.how, move.entry.home, None, None)
            case How.ADD:
                assert move.entry is not None  # noqa: S101 - it is an entry that comes
                assert fact.holder.shape is not None  # noqa: S101 - periods hold no lists
                made = reading.record(move.entry)
                entry = plain_entry(made, self._vocabulary, fact.holder.shape, fact.name)
                return Step(move.how, move.entry.home, None, entry)
            case How.ALTER | How.SETTLE:
                fitting: list[Any] = []
                before = supposed[home]
                for value in _candidates(fact, before, reading):
                    supposed[home] = value
                    if value not in fitting and turns():
                        fitting.append(value)
                supposed[home] = fitting[0]
                others = tuple(plain(v) for v in fitting[1 : _MOST_OTHERS + 1])
                return Step(move.how, home, now, plain(fitting[0]), others)
            case _:
                assert_never(move.how)


def _order(move: Move) -> tuple[str, str]:
    return (move.fact.home, str(move.member))


def otherwise(fact: GivenFact, reading: Reading) -> Any:
    """Return what a fact is in a model, the rest of its set as it was."""
    match fact.cell:
        case ValueCell() as cell:
            return reading.value(cell)
        case SetCell() as cell:
            now = fact.now or frozenset()
            beside = {v for v in now if v is not None and v not in cell.members}
            return frozenset(beside | (reading.set_of(cell) or set()))
        case ReferenceCell() as cell:
            return reading.reference(cell)
        case ListCell() as cell:
            return reading.list_of(cell)
        case _:
            assert_never(fact.cell)


def _candidates(fact: GivenFact, chosen: Any, reading: Reading) -> Iterator[Any]:
    """Yield what a fact could be instead, values that the definition names first."""
    match fact.cell:
        case ValueCell() as cell:
            yield from (v for v in cell.values if v != fact.now and not isinstance(v, PartialDate))
        case SetCell() as cell:
            yield from (frozenset({v}) for v in cell.members)
            yield frozenset()
            yield chosen
        case ReferenceCell() as cell:
            yield chosen
            for literal, target in cell.options:
                if reading.true(target.present) and not reading.true(literal):
                    yield reading.record(target)
            if cell.none != FALSE and chosen is not NO_RECORD and fact.now is not NO_RECORD:
                yield NO_RECORD
        case ListCell():
            yield chosen
        case _:
            assert_never(fact.cell)


def _either(value: Plain, others: Sequence[Plain]) -> str:
    return " or ".join(dict.fromkeys(_said(v) for v in (value, *others)))


def _said(value: Plain) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            stated = [f"{k}: {_said(v)}" for k, v in value.items()]
            return "{" + ", ".join(stated) + "}" if stated else "nothing known of it"
        case []:
            return "empty"
        case list():
            return "{" + ", ".join(_said(v) for v in value) + "}"
        case _:
            return str(value)
