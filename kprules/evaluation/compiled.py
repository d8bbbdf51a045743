"""The compiled engine: definitions as one Python function, for outcomes without reasons.

Guarantee: one more engine under `denote`. Its booleans are expressions (`expressions`), which
`python_source` writes out, equal parts computed once and each list walked once. Names in the source
are field names that are checked identifiers and names made here; constants go in by a table, so no
text of a rule or case ever becomes code. A line in here touches expressions and one record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from kprules.evaluation.python_source import write
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Judgement, judge
from kprules.formula.expressions import Expressions
from kprules.formula.lowering import Lowering
from kprules.records.settled import Settled

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
    truths = [judge(judgement, Lowering(store, {})) for judgement in judgements]
    return write(store, [(t.certain, t.possible) for t in truths])
