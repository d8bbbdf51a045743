"""Who stands in the way: the entries of a list that keep a case from being captured.

Guarantee: with fewer of the entries otherwise the definition does not capture, whatever is unknown;
with so many it may, as the evaluator says of the record changed so. A line in here touches one case
and one judgement.

Asked of lists whose entries decide together: `no` and `every` that one entry breaks, counts and
shares that are missed, `some` where it is to fail. What a definition asks about the entries is all
that may be otherwise of them; the rest of the case stays as it is, and what is unknown unknown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from time import monotonic

from kprules.evaluation.facts import read_at
from kprules.evaluation.outcome import Result
from kprules.evaluation.reasons import Decisive
from kprules.evaluation.settling import supposing
from kprules.evaluation.trace import Outcome, Value
from kprules.formula.nodes import Quantified
from kprules.proof.gates import Literal, OutOfTimeError
from kprules.proof.models import Reading
from kprules.proof.nearest import SECONDS, Move, Turning, otherwise
from kprules.proof.solver import Solver


@dataclass(frozen=True, slots=True)
class Blocking:
    """Entries of one list, so many of which would have to be otherwise."""

    path: str
    """The list: `participants`."""
    least: int
    """How many of them, at least."""
    entries: tuple[str, ...]
    """Who they may be, by place: every entry of some set of so many."""
    outcome: Outcome
    """What it could come to then, the rest as it is: captured, or undetermined."""

    @property
    def each(self) -> bool:
        """Whether each of them is in the way alone: all would have to be otherwise."""
        return self.least == len(self.entries)


def blocking(result: Result, *, seconds: float = SECONDS) -> tuple[Blocking, ...]:
    """Return for each list that keeps a case from being captured who stands in the way."""
    if result.outcome is not Outcome.NOT_CAPTURED:
        return ()
    until = monotonic() + seconds
    found = []
    try:
        for path in dict.fromkeys(_lists(result.decisive)):
            one = _Standing(result, path, until).blocking()
            if one is not None:
                found.append(one)
    except OutOfTimeError:
        return ()
    return tuple(found)


def _lists(trees: Sequence[Decisive]) -> Iterator[str]:
    """Yield the lists of the record itself whose entries decide together."""
    for tree in trees:
        form = tree.note.form
        if not isinstance(form, Quantified):
            yield from _lists(tree.parts)
        elif not form.over.variable and (form.how != "some" or tree.note.value is Value.TRUE):
            yield read_at(tree.note.scope, form.over)


class _Standing:
    """One list of one case, and the question how many of its entries would have to move."""

    def __init__(self, result: Result, path: str, until: float) -> None:
        self._result = result
        self._path = path
        self._until = until
        self._turning = turning = Turning(result, until)
        gates = turning.given.space.gates
        self._there = tuple(turning.given.entries())
        self._moves: dict[str, list[Literal]] = {}
        self._assumed = list(turning.assumed)
        for literal, move in turning.moves.items():
            place = self._place(move)
            if place is None:
                self._assumed.append(-literal)  # the rest stays as it is
            else:
                self._moves.setdefault(place, []).append(literal)
        self._moved = {gates.either(moves): place for place, moves in self._moves.items()}
        self._counted = gates.counts(list(self._moved), len(self._moved))
        self._possible = gates.either(truth.possible for truth in turning.given.truths)
        self._certain = gates.both(truth.certain for truth in turning.given.truths)
        self._solver = Solver(gates)

    def _place(self, move: Move) -> str | None:
        """Return the entry of the list that a move is of."""
        for slot, _ in self._there:
            if slot.place == (self._path,) and move.fact.home.startswith(f"{slot.home}."):
                return slot.home
        return None

    def blocking(self) -> Blocking | None:
        """Return who stands in the way; none where no entries alone make the difference."""
        many = len(self._moved)
        for least in range(1, many + 1):
            limit = [-self._counted[least + 1]] if least < many else []
            if self._holds([*limit, self._possible]):
                self._replay()
                fully = self._holds([*limit, self._certain])
                entries = [
                    place
                    for moved, place in self._moved.items()
                    if self._holds([*limit, self._possible, moved])
                ]
                then = Outcome.CAPTURED if fully else Outcome.UNDETERMINED
                self._solver.close()
                return Blocking(self._path, least, tuple(entries), then)
        self._solver.close()
        return None

    def _holds(self, wanted: Sequence[Literal]) -> bool:
        answer = self._solver.holds([*self._assumed, *wanted], self._until)
        if answer is None:
            raise OutOfTimeError
        return answer

    def _replay(self) -> None:
        """Let the evaluator see the change that was found."""
        reading = Reading(self._solver.model(), self._there)
        moves = [self._turning.moves[lit] for lits in self._moves.values() for lit in lits]
        facts = {move.fact.home: otherwise(move.fact, reading) for move in moves}
        if supposing(self._result, facts) is self._result.outcome:
            raise AssertionError(
                f"a proof lets {self._result.judgement.id} be otherwise; the evaluator does not"
            )
