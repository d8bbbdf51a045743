"""What would settle an outcome of wide definitions: found soon, and what was left out is said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest
from shop import SHOP, Plain, settled
from soon import soon

from kprules.diagnostics import Problems
from kprules.evaluation.outcome import Result, judged
from kprules.evaluation.settling import would_settle
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import choose
from kprules.library.rules import load_rules

Judge = Callable[[str, Plain], Result]
WIDE = 500


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """Judge a shop by a form."""

    def judging(form: str, shop: Plain) -> Result:
        path = tmp_path / "a.kpr"
        path.write_text(
            f'definition a-rule "A" {{ source "s" captures when {form} }}', encoding="utf-8"
        )
        problems = Problems()
        book = load_rules([path], problems, {"shop": SHOP}).book
        assert not problems.errors, problems.errors
        return judged(choose(book.definitions["a-rule"]), settled(shop))

    return judging


@pytest.mark.parametrize("group", ["all of", "any of"])
def test_hundreds_of_clauses_on_one_fact_are_settled_soon(group: str, judge: Judge) -> None:
    """Each value that they tell apart is weighed once; the ends are tried, so both outcomes are."""
    clauses = "\n".join(f"c_{i}: size > {i}" for i in range(WIDE))
    result = judge(f"{group} {{ {clauses} }}", {})
    begun = process_time()
    found = would_settle(result, most=100)
    assert process_time() - begun < soon()
    assert {settles.outcome for settles in found.sets} == {Outcome.CAPTURED, Outcome.NOT_CAPTURED}
    assert found.more


def test_choices_among_very_many_entries_are_made_soon(judge: Judge) -> None:
    """Three of hundreds would do: the first choices are given, and that there are others."""
    result = judge("at least 3 i in items has i.size > 3", {"items": [{} for _ in range(WIDE)]})
    begun = process_time()
    found = would_settle(result)
    assert process_time() - begun < soon()
    assert found.sets
    assert found.more


def test_where_all_was_tried_nothing_else_is_promised(judge: Judge) -> None:
    """Two values of one fact, and no more."""
    assert not would_settle(judge("size > 3", {})).more
