"""Asks and answers many questions of the same definitions, each once, with what is known already.

Guarantee: an answer is the prover's own, or a record in hand that shows it; the witness is small
and replayed. A line in here chooses what to ask whom; it solves nothing.

Most questions about a library are answered by a record that an earlier one turned up: each is
judged by all definitions once, and a pair that it tells apart needs no solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import permutations
from time import monotonic

from kprules.formula.definition import Judgement
from kprules.proof.asked import Key
from kprules.proof.bounds import SHARES, Bounds, bounds_for
from kprules.proof.fewest import fewest
from kprules.proof.gates import OutOfTimeError
from kprules.proof.prover import (
    TIME,
    Nothing,
    Prover,
    Question,
    Sense,
    Undecided,
    Want,
    needs_of,
    promises,
)
from kprules.proof.trimming import size
from kprules.proof.witness import RefusedError, Witness, Witnesses, allowed
from kprules.records.settled import Settled

_TOGETHER = 8
"""Entries of one list beyond which a question gets a space of its own."""

Answered = tuple[bool | None, Witness | None, str]
"""Whether there is such a record, one, and why not decided."""


class _Held:
    """Records in hand, and what each judgement says of each, a bit a record."""

    def __init__(self) -> None:
        self.records: list[Settled] = []
        self._sizes: list[int] = []
        self._settled = 0
        """The records of which what is left out can be settled."""
        self._reaching: dict[tuple[int, int], int] = {}
        """By judgement and what it comes to (0, 1, 2, as `Witnesses.number` says)."""

    def add(self, record: Settled, numbers: Sequence[int], *, settled: bool) -> None:
        """Take a record in, with what each judgement comes to."""
        bit = 1 << len(self.records)
        self.records.append(record)
        self._sizes.append(size(record))
        self._settled |= bit * settled
        for key in enumerate(numbers):
            self._reaching[key] = self._reaching.get(key, 0) | bit

    def smallest(self, question: Question, sense: Sense) -> Settled | None:
        """Return the smallest record that shows what is asked."""
        fit = self._settled if sense is Sense.SETTLED else (1 << len(self.records)) - 1
        for index, want in question:
            fit &= sum(self._reaching.get((index, n), 0) for n in allowed(want, sense))
        best: int | None = None
        while fit:
            at = (fit & -fit).bit_length() - 1
            if best is None or self._sizes[at] < self._sizes[best]:
                best = at
            fit &= fit - 1
        return None if best is None else self.records[best]


class Comparing:
    """Some definitions about one kind of record, and the answers found so far."""

    def __init__(
        self,
        judgements: Sequence[Judgement],
        until: float,
        *,
        witnesses: bool = True,
        least: bool = False,
        whole: bool = False,
    ) -> None:
        """Ask of these definitions until some moment of the monotonic clock.

        `least`: show cases of the least number of facts, and not only such as nothing can be left
        out of. `whole`: such as state all that the definitions read, if any is settled.
        """
        self._least = least
        self._whole = whole
        self._judgements = judgements
        self._until = until
        self._show = witnesses
        self._vocabulary = judgements[0].definition.vocabulary
        self._needs = needs_of(judgements, self._vocabulary)
        self._witnesses = Witnesses(
            judgements, self._vocabulary, [needs.asked for needs in self._needs]
        )
        self._bounds: dict[frozenset[tuple[int, bool]], Bounds] = {}
        self._common: Prover | None = None
        self._few: dict[int, int] | None = None
        self._held = _Held()
        self._answers: dict[tuple[Question, Sense], Answered] = {}

    def ask(self, question: Question, sense: Sense) -> Answered:
        """Return whether there is a record on which the judgements come out as asked."""
        question = tuple(sorted(question))
        known = self._answers.get((question, sense))
        if known is None:
            known = self._answers[question, sense] = self._answer(question, sense)
        return known

    def _answer(self, question: Question, sense: Sense) -> Answered:
        if monotonic() > self._until:
            return None, None, TIME
        if sense is Sense.UNKNOWNS:  # what settled facts show, unknown ones do not take back
            settled = self.ask(question, Sense.SETTLED)
            if settled[0]:
                return settled
        keep = self._asks_known(question)
        held = None if keep or self._whole else self._held.smallest(question, sense)
        if held is not None:
            return self._shown(held, question, sense, keep) if self._show else (True, None, "")
        try:
            return self._solved(question, sense, keep)
        except OutOfTimeError:
            return None, None, TIME

    def _solved(self, question: Question, sense: Sense, keep: frozenset[Key]) -> Answered:
        """Ask the solver."""
        bounds = self._bounds_of(question)
        prover, renumbered = self._prover(bounds, question)
        match prover.find(renumbered, sense, self._until, bounds.outside):
            case Nothing():
                return False, None, ""
            case Undecided(why):
                never = bool(bounds.outside) and self._never(question, sense)
                return (False, None, "") if never else (None, None, why)
            case Settled() as found:
                exists, witness, why = self._shown(found, question, sense, keep)
                if witness is not None and not keep:
                    self._hold(witness.settled, settled=sense is Sense.SETTLED)
                return exists, witness if self._show else None, why

    def _shown(
        self, record: Settled, question: Question, sense: Sense, keep: frozenset[Key]
    ) -> Answered:
        whole = self._whole and sense is Sense.SETTLED
        small = self._witnesses.trimmed(record, question, sense, keep, whole=whole)
        try:
            witness = self._witnesses.witness(small, question, sense)
            if self._least:
                fewer = self._fewer(question, sense, keep, witness.facts)
                witness = witness if fewer is None else fewer
        except RefusedError as e:
            return None, None, str(e)
        return True, witness, ""

    def _fewer(
        self, question: Question, sense: Sense, keep: frozenset[Key], most: int
    ) -> Witness | None:
        """Return a witness of fewer facts, if there is one."""
        try:
            prover, renumbered = self._alone(question, self._bounds_of(question))
        except OutOfTimeError:
            return None
        found = fewest(prover, renumbered, sense, keep, most, self._until)
        if found is None:
            return None
        small = self._witnesses.trimmed(found, question, sense, keep)
        return self._witnesses.witness(small, question, sense)

    def _never(self, question: Question, sense: Sense) -> bool:
        """Return whether a question outside the fragment has no answer for a reason inside it."""
        parts = [(part,) for part in question] if len(question) > 1 else []
        if any(self.ask(part, sense)[0] is False for part in parts):
            return True
        shares = SHARES in self._bounds_of(question).outside
        return shares and self._whatever_shares(question, sense)

    def _whatever_shares(self, question: Question, sense: Sense) -> bool:
        """Return whether there is no such record whatever shares of entries come to."""
        needs = [one.without_shares() for one in self._needs]
        bounds = bounds_for([promises(question, needs)])
        if bounds.outside:
            return False
        prover, renumbered = self._alone(question, bounds, opaque=True)
        return isinstance(prover.find(renumbered, sense, self._until, ()), Nothing)

    def _hold(self, record: Settled, *, settled: bool) -> None:
        numbers = [self._witnesses.number(i, record) for i in range(len(self._judgements))]
        self._held.add(record, numbers, settled=settled)

    def _asks_known(self, question: Question) -> frozenset[Key]:
        """Return the fields of which it is asked whether they are known."""
        return frozenset(key for index, _ in question for key in self._needs[index].asked.known)

    # --- provers ----------------------------------------------------------------------------------

    def _bounds_of(self, question: Question) -> Bounds:
        promised = promises(question, self._needs)
        key = frozenset(
            (index, sign) for (index, _), (_, sign) in zip(question, promised, strict=True)
        )
        bounds = self._bounds.get(key)
        if bounds is None:
            bounds = self._bounds[key] = bounds_for([promised])
        return bounds

    def _prover(self, bounds: Bounds, question: Question) -> tuple[Prover, Question]:
        """Return who answers a question, and the question with their numbers."""
        common = self.in_common()
        if _most(bounds) > _TOGETHER or any(index not in common for index, _ in question):
            return self._alone(question, bounds)
        if self._common is None:
            enough = Bounds({})
            for asked in self._usual(common):
                found = self._bounds_of(asked)
                if _most(found) <= _TOGETHER:
                    enough = enough.joined(found)
            self._common = Prover(
                [self._judgements[index] for index in common],
                self._vocabulary,
                enough,
                [self._needs[index].asked for index in common],
                until=self._until,
            )
        return self._common, tuple((common[index], want) for index, want in question)

    def _alone(
        self, question: Question, bounds: Bounds, *, opaque: bool = False
    ) -> tuple[Prover, Question]:
        """Return a prover of its own for a question, and the question with its numbers."""
        judgements = [self._judgements[index] for index, _ in question]
        prover = Prover(judgements, self._vocabulary, bounds, opaque=opaque, until=self._until)
        return prover, tuple((at, want) for at, (_, want) in enumerate(question))

    def in_common(self) -> dict[int, int]:
        """Return the judgements that need few entries, each with its number among those."""
        if self._few is None:
            few = [
                index
                for index in range(len(self._judgements))
                if all(
                    _most(self._bounds_of(((index, want),))) <= _TOGETHER
                    for want in (Want.CAPTURED, Want.NOT_CAPTURED)
                )
            ]
            self._few = {index: at for at, index in enumerate(few)}
        return self._few

    def _usual(self, indices: Iterable[int]) -> Iterator[Question]:
        """Yield the questions that are asked of definitions and their pairs."""
        wants = (Want.CAPTURED, Want.NOT_CAPTURED)
        for index in indices:
            yield from (((index, want),) for want in wants)
        for left, right in permutations(indices, 2):
            for want in wants:
                yield tuple(sorted(((left, Want.CAPTURED), (right, want))))


def _most(bounds: Bounds) -> int:
    """Return the most entries that any list has."""
    return max(bounds.entries.values(), default=0)
