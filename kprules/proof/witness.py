"""A case that shows what a proof found: small, admitted by the vocabulary, and replayed.

Guarantee: every witness that leaves here was read back by the vocabulary's own model, judged by the
plain evaluator, and came out as it was to. One that does not is a fault of ours and raises. A line
in here touches one settled record at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kprules.evaluation.compiled import compile_numbers
from kprules.evaluation.trace import Outcome, outcome
from kprules.formula.definition import Judgement
from kprules.proof.asked import Asked, Key
from kprules.proof.models import copied
from kprules.proof.prover import Question, Sense, Want
from kprules.proof.trimming import fill, trim
from kprules.proof.writing import in_words, placed, written
from kprules.records.settle import settle_case
from kprules.records.settled import Settled
from kprules.records.shape import Vocabulary

_NUMBERS = (Outcome.NOT_CAPTURED, Outcome.UNDETERMINED, Outcome.CAPTURED)
_LONGEST_ID = 100


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """A case on which definitions come out as a proof says; no fact of it can be left out."""

    case: Mapping[str, Any]
    """The record as its file states it."""
    settled: Settled
    outcomes: tuple[tuple[str, Outcome], ...]
    """What each definition says of it: its id and the outcome."""
    words: tuple[str, ...]
    """What it states, a fact a line."""

    @property
    def facts(self) -> int:
        """How many facts it states."""
        return len(self.words)


class RefusedError(ValueError):
    """The vocabulary's own model refuses a record for a reason that its types do not show."""


@dataclass(slots=True)
class Witnesses:
    """Makes witnesses for some judgements of one vocabulary."""

    judgements: Sequence[Judgement]
    vocabulary: Vocabulary
    asked: Sequence[Asked]
    _replayed: dict[tuple[int, int], Outcome] = field(default_factory=dict)
    _compiled: dict[int, Callable[[Settled], tuple[int, ...]]] = field(default_factory=dict)
    _finished: dict[str, tuple[Mapping[str, Any], Settled, tuple[str, ...]]] = field(
        default_factory=dict
    )

    def number(self, index: int, record: Settled) -> int:
        """Return what a judgement comes to: 0 not captured, 1 undetermined, 2 captured."""
        return self._judging(index)(record)[0]

    def _judging(self, index: int) -> Callable[[Settled], tuple[int, ...]]:
        compiled = self._compiled.get(index)
        if compiled is None:
            compiled = self._compiled[index] = compile_numbers([self.judgements[index]])
        return compiled

    def trimmed(
        self,
        found: Settled,
        question: Question,
        sense: Sense,
        keep: Collection[Key],
        *,
        whole: bool = False,
    ) -> Settled:
        """Return a record of which nothing can be left out.

        In the settled sense the outcomes stay certain, and what is left open may turn out any way.
        """
        wanted = [(self._judging(index), allowed(want, sense)) for index, want in question]

        def holds(record: Settled) -> bool:
            for judging, numbers in wanted:  # noqa: SIM110 - it is asked some hundred times a case
                if judging(record)[0] not in numbers:
                    return False
            return True

        record = copied(found)
        if not holds(record):
            raise AssertionError(self._fault(question, record))
        fixed = keep if sense is Sense.SETTLED else ()
        trim(record, holds, keep=fixed, whole=whole, monotone=not keep)
        fill(record, holds, lambda key: self._named_for(question, key))
        return placed(record, self.vocabulary)

    def witness(self, record: Settled, question: Question, sense: Sense) -> Witness:
        """Return a record as a witness, replayed."""
        name, title = self._named(question)
        nameless = written(record, self.vocabulary, "", "")
        key = json.dumps(nameless, sort_keys=True)
        head = {self.vocabulary.about: name, "title": title}
        plain = {k: head.get(k, v) if v == "" else v for k, v in nameless.items()}
        finished = self._finished.get(key)
        if finished is None:
            finished = self._finished[key] = (
                plain,
                self._read_back(plain, record),
                in_words(plain, self.vocabulary),
            )
        _, settled, words = finished
        outcomes: list[tuple[str, Outcome]] = []
        for index, want in question:
            judgement = self.judgements[index]
            reached = self._outcome(index, settled)
            if _NUMBERS.index(reached) not in allowed(want, sense):
                raise AssertionError(self._fault(question, settled))
            outcomes.append((judgement.id, reached))
        return Witness(plain, settled, tuple(outcomes), words)

    def _outcome(self, index: int, settled: Settled) -> Outcome:
        """Return what the plain evaluator says; of a record that was finished, once."""
        found = self._replayed.get((index, id(settled)))
        if found is None:
            found = outcome(self.judgements[index], settled)
            self._replayed[index, id(settled)] = found
        return found

    def _named_for(self, question: Question, key: Key) -> frozenset[Any]:
        """Return the members of a set that the judgements asked about name."""
        constants = [self.asked[index].constants.get(key, {}) for index, _ in question]
        return frozenset(value for named in constants for value in named)

    def _read_back(self, plain: Mapping[str, Any], record: Settled) -> Settled:
        model = self.vocabulary.root.model
        if model is None:
            return record
        try:
            return settle_case(model.model_validate(plain), self.vocabulary)
        except ValueError as e:
            raise RefusedError(
                f"the model of {self.vocabulary.about} refuses the record: {e}"
            ) from e

    def _named(self, question: Question) -> tuple[str, str]:
        """Return an id and a title that say what the case shows."""
        parts = []
        for index, want in question:
            sure = want in {Want.CAPTURED, Want.POSSIBLE}
            parts.append(("in-" if sure else "not-in-") + self.judgements[index].id)
        said = [f"{want} by {self.judgements[index].id}" for index, want in question]
        return "-".join(parts)[:_LONGEST_ID].rstrip("-"), ", ".join(said).capitalize()

    def _fault(self, question: Question, record: Settled) -> str:
        said = ", ".join(f"{self.judgements[i].id} {want}" for i, want in question)
        return (
            f"a proof found a case for: {said}; the evaluator says otherwise of "
            f"{written(record, self.vocabulary, 'witness-fault', 'witness')}"
        )


def allowed(want: Want, sense: Sense) -> frozenset[int]:
    """Return what a judgement may come to where it is wanted so, as `Witnesses.number` says."""
    match want:
        case Want.CAPTURED:
            return frozenset({2})
        case Want.IMPOSSIBLE:
            return frozenset({0})
        case Want.NOT_CAPTURED:
            return frozenset({0} if sense is Sense.SETTLED else {0, 1})
        case Want.POSSIBLE:
            return frozenset({2} if sense is Sense.SETTLED else {1, 2})
