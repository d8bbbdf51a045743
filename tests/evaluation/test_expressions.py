"""The store of expressions keeps what it promises, and so does the Python written from it."""

from __future__ import annotations

from pathlib import Path

import edges
from flaws import flaws, weaker
from hypothesis import given
from picks import Pick, drawn
from strategies import judgement

from kprules.evaluation.python_blocks import written
from kprules.formula.definition import Judgement, judge
from kprules.formula.expressions import Expressions
from kprules.formula.lowering import Lowering
from kprules.logic import Truth

GOLDEN = Path(__file__).with_name("compiled.txt")


def lowered(judgements: list[Judgement]) -> tuple[Expressions, list[tuple[int, int]]]:
    """Return definitions as expressions."""
    store = Expressions()
    truths = [judge(one, Lowering(store, {})) for one in judgements]
    return store, [(truth.certain, truth.possible) for truth in truths]


def several(pick: Pick) -> list[Judgement]:
    """Draw a few definitions."""
    return [judgement(pick) for _ in range(4)]


@given(drawn(several))
def test_the_store_keeps_its_promises(judgements: list[Judgement]) -> None:
    """Each expression once, negations on atoms, flat groups, no constants, nothing said twice."""
    store, _ = lowered(judgements)
    assert not list(flaws(store))
    assert not list(weaker(store))


def test_it_does_at_the_edges() -> None:
    """So it is for the definitions at the edges of each construct, all in one store."""
    store, _ = lowered(list(edges.JUDGEMENTS))
    assert not list(flaws(store))
    assert not list(weaker(store))


def test_pairs() -> None:
    """Certain leads to possible; what is one and the same leads nowhere, and nothing in circles."""
    store = Expressions()
    store.pair(Truth(10, 11))
    store.pair(Truth(11, 12))
    store.pair(Truth(13, 13))
    store.pair(Truth(12, 10))
    assert store.maybe == {10: 11, 11: 12}


COMPILED = {
    "closing-sale": edges.judgement(edges.SALE),
    "other-sale": edges.judgement(edges.OTHER_SALE),
    "by-share": edges.judgement(edges.BY_SHARE),
}


def test_the_python_that_is_written() -> None:
    """The source of a few definitions is as it was read and approved.

    Whoever changes how definitions are written out reads the new text and puts it in its place.
    """
    source, constants = written(*lowered(list(COMPILED.values())))
    named = "".join(
        f"{name} = {_shown(value)}\n"
        for name, value in constants.items()
        if name.startswith("k")  # the others are the record's own
    )
    assert f"{named}\n{source}" == GOLDEN.read_text(encoding="utf-8")


def _shown(value: object) -> str:
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(map(repr, value))) + "}"
    return repr(value)
