"""The one question that every other is a case of: is there a record that comes out so.

Guarantee: a record that is returned is a model of what was asked, and *none* is returned only where
no record of the vocabulary is; else the answer is that it is not decided, and why. A line in here
puts questions to the solver; it compares no definitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import TypeAlias

from kprules.formula.definition import Judgement, judge
from kprules.logic import Truth
from kprules.proof.asked import Asked, asked_by
from kprules.proof.bounds import Bounds, Needs, bounds_for
from kprules.proof.domains import Domains
from kprules.proof.encoding import Encoder, Opaque
from kprules.proof.gates import Literal
from kprules.proof.models import record_of
from kprules.proof.solver import Solver
from kprules.proof.space import Sizes, Space
from kprules.records.settled import Settled
from kprules.records.shape import Vocabulary

TIME = "the time given ran out"
DATES = "dates that stop at the month or year lie in more ways than were tried"


class Sense(StrEnum):
    """Over which records a relation is meant."""

    SETTLED = "settled"
    """Those of which every fact is known, and every list complete."""
    UNKNOWNS = "unknowns"
    """All of them: whatever one captures on what is known, the other does too."""


class Want(StrEnum):
    """What a judgement is to come to."""

    CAPTURED = "captured"
    NOT_CAPTURED = "not captured"
    """On settled facts, for certain; under unknowns, not for certain."""
    POSSIBLE = "possibly captured"
    IMPOSSIBLE = "certainly not captured"


Question: TypeAlias = tuple[tuple[int, Want], ...]
"""Judgements by their number, each with what it is to come to."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """No answer, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Nothing:
    """Proved: there is no such record."""


NOTHING = Nothing()
Answer: TypeAlias = Settled | Nothing | Undecided


def promises(question: Question, needs: Sequence[Needs]) -> tuple[tuple[Needs, bool], ...]:
    """Return a question as the count of entries sees it: in the same sign in both planes."""
    return tuple((needs[index], want in {Want.CAPTURED, Want.POSSIBLE}) for index, want in question)


class Prover:
    """Some judgements of one vocabulary, over one space that is large enough for some questions."""

    def __init__(
        self,
        judgements: Sequence[Judgement],
        vocabulary: Vocabulary,
        bounds: Bounds,
        asked: Sequence[Asked] | None = None,
        *,
        opaque: bool = False,
        until: float = inf,
    ) -> None:
        """Write all judgements out as literals, or raise `OutOfTimeError`.

        `opaque`: let shares come to anything.
        """
        engine = Opaque if opaque else Encoder
        asked = asked or [asked_by(judgement, vocabulary) for judgement in judgements]
        together = Asked(vocabulary).merged(asked)
        sizes = Sizes(bounds.entries)
        domains = Domains(together)
        if domains.crossed():  # how many facts are compared with each other shows once they exist
            tried = Space(vocabulary, together, domains, sizes, until=until)
            _encoded(judgements, engine(tried))
            domains = Domains(together, tried.made)
        self.space = Space(vocabulary, together, domains, sizes, until=until)
        self.truths = _encoded(judgements, engine(self.space))
        self.solver = Solver(self.space.gates)

    def find(
        self, question: Question, sense: Sense, until: float, outside: Sequence[str]
    ) -> Answer:
        """Return a record on which the judgements come out as asked, in that sense.

        `outside` says why too few entries may have been tried; empty where enough were.
        """
        space = self.space
        assumed = [self._literal(index, want, sense) for index, want in question]
        if sense is Sense.SETTLED:
            assumed.append(space.settled)
        found = self.solver.holds([*assumed, -space.imagined], until)
        if found is None:
            return Undecided(TIME)
        if found:
            return record_of(space, self.solver.model())
        if outside:
            return Undecided("; ".join(outside))
        if sense is Sense.UNKNOWNS:
            imagined = self.solver.holds(assumed, until)
            if imagined is None:
                return Undecided(TIME)
            if imagined or space.domains.short_of_dates:
                return Undecided(DATES)
        return NOTHING

    def _literal(self, index: int, want: Want, sense: Sense) -> Literal:
        return wanted(self.truths[index], want, sense)

    def close(self) -> None:
        """Give the solver's memory back."""
        self.solver.close()


def wanted(truth: Truth[Literal], want: Want, sense: Sense) -> Literal:
    """Return the literal that a judgement comes to what is wanted."""
    match want:
        case Want.CAPTURED:
            return truth.certain
        case Want.NOT_CAPTURED:
            return -truth.possible if sense is Sense.SETTLED else -truth.certain
        case Want.POSSIBLE:
            return truth.possible
        case Want.IMPOSSIBLE:
            return -truth.possible


def _encoded(judgements: Iterable[Judgement], engine: Encoder) -> list[Truth[Literal]]:
    return [judge(judgement, engine) for judgement in judgements]


def needs_of(judgements: Iterable[Judgement], vocabulary: Vocabulary) -> list[Needs]:
    """Return what each judgement asks of lists."""
    return [Needs.of(j, vocabulary, asked_by(j, vocabulary)) for j in judgements]


def enough_for(questions: Iterable[Question], needs: Sequence[Needs]) -> Bounds:
    """Return the entries that suffice for each of some questions."""
    return bounds_for(promises(question, needs) for question in questions)
