"""What tests ask of two definitions, and what records that were written down say to it."""

from __future__ import annotations

from collections.abc import Collection

from kprules.proof.prover import Question, Sense, Want
from kprules.proof.witness import allowed

QUESTIONS: tuple[Question, ...] = (
    ((0, Want.CAPTURED),),
    ((0, Want.NOT_CAPTURED),),
    ((0, Want.CAPTURED), (1, Want.CAPTURED)),
    ((0, Want.CAPTURED), (1, Want.NOT_CAPTURED)),
    ((0, Want.NOT_CAPTURED), (1, Want.CAPTURED)),
    ((0, Want.POSSIBLE), (1, Want.IMPOSSIBLE)),
)


def shown(question: Question, sense: Sense, outcomes: Collection[tuple[int, ...]]) -> bool:
    """Return whether any outcome of both (0, 1, 2) is what a question asks for."""
    wanted = [(index, allowed(want, sense)) for index, want in question]
    return any(all(found[index] in numbers for index, numbers in wanted) for found in outcomes)
