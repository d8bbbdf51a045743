"""Definitions, records and what the oracle (`reference`) says of them, worked out once a run."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import edges
import reference
from picks import fixed
from shop import Plain, settled
from strategies import example

from kprules.formula.definition import Judgement
from kprules.records.settled import Settled

Judged = tuple[Judgement, list[Settled], list[str]]
"""A definition, the records that it judges, and the outcome of each."""
Drawn = Callable[[], list[Judged]]


@cache
def at_edges() -> list[Judged]:
    """Return every definition at the edge of a construct, with the records there."""
    made = {id(plain): settled(plain) for plain in (*edges.SHOPS, *edges.LISTS)}
    return [_judged(one, plains, [made[id(p)] for p in plains]) for one, plains in edges.examples()]


@cache
def drawn(count: int, seed: int) -> list[Judged]:
    """Return so many drawn definitions, with a record each."""
    examples = fixed(example, count, seed=seed)
    return [_judged(one, [plain], [settled(plain)]) for one, plain in examples]


def _judged(judgement: Judgement, plains: list[Plain], records: list[Settled]) -> Judged:
    return judgement, records, [reference.outcome(judgement, plain) for plain in plains]
