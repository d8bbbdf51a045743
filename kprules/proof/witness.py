"""A case that shows what a proof found: small, admitted by the vocabulary, and replayed.

Guarantee: every witness that leaves here was read back by the vocabulary's own model, judged by the
plain evaluator, and came out as it was to. One that does not is a fault of ours and raises. A line
in here touches one settled record at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import combinations
from typing import Any, TypeAlias

from kprules.evaluation.compiled import compile_numbers
from kprules.evaluation.trace import Outcome, outcome
from kprules.formula.definition import Judgement
from kprules.proof.asked import Asked, Key
from kprules.proof.models import copied
from kprules.proof.prover import Question, Sense, Want
from kprules.proof.trimming import fill, trim
from kprules.proof.writing import heads, in_words, placed, written
from kprules.records.settle import settle_case
from kprules.records.settled import Settled
from kprules.records.shape import Vocabulary

_Claims: TypeAlias = tuple[tuple[str, int], ...]
"""Ids of definitions, each with what it says of a case: 0, 1, 2, as `Witnesses.number` does."""
_NUMBERS = (Outcome.NOT_CAPTURED, Outcome.UNDETERMINED, Outcome.CAPTURED)
_PREFIXES = ("not-in-", "open-in-", "in-")
_SAID = ("not captured by", "undetermined by", "captured by")
"""What a case is called that comes out so, by `Witnesses.number`: in its id, and in its title."""
_LONGEST_ID = 100
_MARKED = 9
"""How much of an id tells it apart from another that would read the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """A case on which definitions come out as a proof says; no fact of it can be left out."""

    case: Mapping[str, Any]
    """The record as its file states it, under an id of its own; it and the title say what it
    shows."""
    settled: Settled
    """The same, settled; of cases that state the same facts one stands for all."""
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
    _finished: dict[str, tuple[Settled, tuple[str, ...]]] = field(default_factory=dict)
    """By all that a record states but heads that nobody asks about: it settled, and in words."""
    _named: dict[str, _Claims] = field(default_factory=dict)
    """The ids given, each with what it says."""

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
        """Return a record as a witness, replayed, its id and title saying what it shows.

        A head that the definitions ask about stays as it is where it has to.
        """
        claims = tuple((self.judgements[i].id, self.number(i, record)) for i, _ in question)
        for (_, number), (_, want) in zip(claims, question, strict=True):
            if number not in allowed(want, sense):
                raise AssertionError(self._fault(question, record))
        asked = sorted(self._heads_asked(question))
        named = self._names(claims)
        free = [head for head in named if head not in asked]
        for number in range(len(asked) + 1):
            for kept in combinations(asked, number):
                texts = {head: text for head, text in named.items() if head not in kept}
                found = self._replay(record, question, claims, texts, free)
                if found is not None:
                    return found
        raise AssertionError(self._fault(question, record))

    def _heads_asked(self, question: Question) -> frozenset[str]:
        root = self.vocabulary.root.name
        reads = {key for index, _ in question for key in self.asked[index].reads}
        return frozenset(head for head in heads(self.vocabulary) if (root, head) in reads)

    def _replay(
        self,
        record: Settled,
        question: Question,
        claims: _Claims,
        named: Mapping[str, str],
        free: Collection[str],
    ) -> Witness | None:
        """Return a record under these names, if it comes out as is claimed; `free` say nothing."""
        plain = written(record, self.vocabulary, named)
        stated = {name: value for name, value in plain.items() if name not in free}
        key = json.dumps(stated, sort_keys=True)
        if key not in self._finished:
            self._finished[key] = self._read_back(plain, record), in_words(stated)
        settled, words = self._finished[key]
        reached = [self._outcome(index, settled) for index, _ in question]
        if [_NUMBERS.index(outcome) for outcome in reached] != [number for _, number in claims]:
            return None
        outcomes = zip((id_ for id_, _ in claims), reached, strict=True)
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

    def _names(self, claims: _Claims) -> dict[str, str]:
        """Return an id that no other claims bear, and a title; both say what the case shows."""
        name = "-".join(_PREFIXES[number] + id_ for id_, number in claims)
        if len(name) > _LONGEST_ID or self._named.get(name, claims) != claims:
            mark = sha256(repr(claims).encode()).hexdigest()[: _MARKED - 1]
            name = f"{name[: _LONGEST_ID - _MARKED].rstrip('-')}-{mark}"
        self._named[name] = claims
        title = ", ".join(f"{_SAID[number]} {id_}" for id_, number in claims).capitalize()
        texts = {self.vocabulary.about: name, "title": title}
        return {head: texts[head] for head in texts if head in heads(self.vocabulary)}

    def _fault(self, question: Question, record: Settled) -> str:
        said = ", ".join(f"{self.judgements[i].id} {want}" for i, want in question)
        return (
            f"a proof found a case for: {said}; the evaluator says otherwise of "
            f"{written(record, self.vocabulary, {})}"
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
