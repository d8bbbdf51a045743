"""The compiled engine: definitions as one Python function, for outcomes without reasons.

Guarantee: one more engine under `denote`. Its booleans are expressions, equal parts held once,
which `python_blocks` writes out. Names in the source are fields, which are checked identifiers, and
names made here; constants go in by a table, so no text of a rule or case ever becomes code. A line
in here touches expressions and one record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kprules.evaluation.python_blocks import write
from kprules.evaluation.trace import Outcome, outcome
from kprules.formula.definition import Judgement, judge, parts_of
from kprules.formula.expressions import Expressions
from kprules.formula.lowering import Lowering
from kprules.formula.nodes import Form, Quantified
from kprules.records.settled import Settled

_MOST_LOOPS = 12
"""Python nests no more than 20 loops; what nests more is walked."""
_OUTCOMES = (Outcome.NOT_CAPTURED, Outcome.UNDETERMINED, Outcome.CAPTURED)


def compile_outcomes(
    judgements: Sequence[Judgement],
) -> Callable[[Settled], tuple[Outcome, ...]]:
    """Return a function from a settled record to the outcome of each judgement, in their order."""
    numbers = compile_numbers(judgements)

    def outcomes(record: Settled) -> tuple[Outcome, ...]:
        return tuple([_OUTCOMES[n] for n in numbers(record)])

    return outcomes


def compile_numbers(judgements: Sequence[Judgement]) -> Callable[[Settled], tuple[int, ...]]:
    """Return a function to 0 (not captured), 1 (undetermined) or 2 (captured) for each."""
    store = Expressions()
    truths = []
    walked: dict[int, Judgement] = {}
    for index, judgement in enumerate(judgements):
        if not compilable(judgement):
            walked[index] = judgement
            truths.append((store.false, store.false))
        else:
            truth = judge(judgement, Lowering(store, {}))
            truths.append((truth.certain, truth.possible))
    written = write(store, truths)
    if not walked:
        return written

    def numbers(record: Settled) -> tuple[int, ...]:
        found = list(written(record))
        for index, judgement in walked.items():
            found[index] = _OUTCOMES.index(outcome(judgement, record))
        return tuple(found)

    return numbers


def compilable(judgement: Judgement) -> bool:
    """Return whether quantifiers stand no deeper inside each other than Python nests loops."""
    return max(map(_depth, (judgement.captures, *judgement.exceptions))) <= _MOST_LOOPS


def _depth(form: Form) -> int:
    inner = max((_depth(part) for part in parts_of(form)), default=0)
    return inner + isinstance(form, Quantified)
