"""Which definitions capture the same cases as a given one, under other names.

Guarantee: those returned are proved equal on settled facts, over every record that the vocabulary
allows; where that was not decided in time, nothing is said. A line in here asks the prover; most
pairs are told apart by a record that an earlier pair turned up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from time import monotonic

from kprules.formula.definition import Judgement
from kprules.proof.comparing import Comparing
from kprules.proof.prover import Sense, Want


def equals(
    judgement: Judgement, others: Iterable[Judgement], *, seconds: float
) -> Iterator[Judgement]:
    """Yield those of some definitions about the same records that capture what this one does."""
    until = monotonic() + seconds
    fitting = [o for o in others if o.definition.about == judgement.definition.about]
    comparing = Comparing([judgement, *fitting], until, witnesses=False)
    for at, other in enumerate(fitting, 1):
        if monotonic() > until:
            return
        if all(_never(comparing, one, without) for one, without in ((0, at), (at, 0))):
            yield other


def _never(comparing: Comparing, one: int, without: int) -> bool:
    """Return whether it is proved that nothing is captured by the one and not by the other."""
    question = ((one, Want.CAPTURED), (without, Want.NOT_CAPTURED))
    return comparing.ask(question, Sense.SETTLED)[0] is False
