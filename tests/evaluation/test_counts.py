"""Counts, shares and `where` beside every way of settling the unknowns of small lists."""

from __future__ import annotations

from itertools import combinations_with_replacement

import pytest
from engines import ENGINES, evaluate_on
from reference import counted
from shop import SHOP, Plain, settled

from kprules.formula import nodes as n
from kprules.formula.definition import Definition, choose

ITEM = SHOP.shape_of("item").fields
OPEN = n.Compare(n.Path("x", "item", ("open",), ITEM["open"].type), "is", True)
RED = n.Compare(n.Path("x", "item", ("colour",), ITEM["colour"].type), "is", "red")
FACTS = {"t": {"open": True}, "f": {"open": False}, "u": {}}
COLOURS = {"t": {"colour": "red"}, "f": {"colour": "blue"}, "u": {}}
OUTCOMES = {"t": "captured", "f": "not_captured", "u": "undetermined"}
ENTRIES = [(where, has) for where in "tfu" for has in "tfu"]
"""The truths of `where` and `has` of an entry."""
HOWS: dict[str, n.How] = {
    "some": "some",
    "every": "every",
    "no": "no",
    **{f"at least {k}": n.AtLeast(k) for k in (1, 2, 3)},
    **{
        f"{'more than' if strictly else 'at least'} {part}/{whole}": n.Share(part, whole, strictly)
        for part, whole in ((1, 3), (1, 2), (2, 3), (1, 1))
        for strictly in (False, True)
    },
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("where", [True, False], ids=["where", "all"])
@pytest.mark.parametrize("how", HOWS.values(), ids=HOWS)
def test_every_way_of_settling_agrees(engine: str, how: n.How, where: bool) -> None:
    """On each list of up to three entries: true or false where every way agrees, else unknown."""
    over = n.Path("", "shop", ("items",), SHOP.root.fields["items"].type)
    form = n.Quantified(how, "x", over, RED if where else None, OPEN)
    judgement = choose(Definition("a-b", "", "shop", form))
    lists = [
        list(truths)
        for length in range(4)
        for truths in combinations_with_replacement(
            ENTRIES if where else [("t", h) for h in "tfu"], length
        )
    ]
    plains: list[Plain] = [
        {"items": [{**COLOURS[w], **FACTS[h]} for w, h in truths]} for truths in lists
    ]
    found = evaluate_on(engine, judgement, [settled(plain) for plain in plains])
    expected = [OUTCOMES[counted(how, truths)] for truths in lists]
    assert [(t, o) for t, o in zip(lists, found, strict=True)] == list(
        zip(lists, expected, strict=True)
    )
