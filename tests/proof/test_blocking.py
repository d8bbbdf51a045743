"""Who stands in the way: counted by the proof as by trying every set of entries."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product

import pytest
from shop import SHOP, settled

from kprules.diagnostics import Problems
from kprules.evaluation.outcome import Result, judged
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Definition, choose
from kprules.library.rules import load_rules
from kprules.proof.blocking import Blocking, blocking

COLOURS = ("red", "green", "blue")
FORMS = (
    "no i in items has i.colour is red",
    "every i in items has i.colour is red",
    "at least 3 i in items has i.colour is red",
    "at least 2/3 i in items has i.colour is red",
    "more than 1/2 i in items where i.colour is not blue has i.colour is red",
    "not (some i in items has i.colour is red)",
    "size > 3 or no i in items has i.colour is red",
)

Judge = Callable[[str, list[str | None]], Result]


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Judge items of some colours by a form."""
    folder = tmp_path_factory.mktemp("rules")
    known: dict[str, Definition] = {}

    def judging(form: str, colours: list[str | None]) -> Result:
        if form not in known:
            path = folder / "a.kpr"
            path.write_text(
                f'definition some-rule "Some rule" {{ source "s" captures when {form} }}'
            )
            problems = Problems()
            known[form] = load_rules([path], problems, {"shop": SHOP}).book.definitions["some-rule"]
            assert not problems.errors
        items = [{} if colour is None else {"colour": colour} for colour in colours]
        return judged(choose(known[form]), settled({"items": items, "size": 1}))

    return judging


def _tried(judge: Judge, form: str, colours: list[str | None]) -> tuple[int, set[int]] | None:
    """Return the least number of items of which other colours would do, and which those are."""
    for least in range(1, len(colours) + 1):
        found: set[int] = set()
        for chosen in combinations(range(len(colours)), least):
            for others in product(COLOURS, repeat=least):
                changed = dict(enumerate(colours)) | dict(zip(chosen, others, strict=True))
                if judge(form, list(changed.values())).outcome is not Outcome.NOT_CAPTURED:
                    found.update(chosen)
        if found:
            return least, found
    return None


@pytest.mark.parametrize("form", FORMS)
def test_the_smallest_set_is_the_one_that_trying_finds(judge: Judge, form: str) -> None:
    """For each multiset of four colours, unknown ones among them."""
    seen = 0
    for number, colours in enumerate(product((*COLOURS, None), repeat=4)):
        if number % 5:
            continue
        result = judge(form, list(colours))
        if result.outcome is not Outcome.NOT_CAPTURED:
            assert blocking(result) == ()
            continue
        seen += 1
        (found,) = blocking(result)
        least, entries = _tried(judge, form, list(colours)) or (0, set())
        assert (found.least, found.entries) == (
            least,
            tuple(f"items[{i}]" for i in sorted(entries)),
        )
    assert seen


def test_of_what_a_list_lacks_one_entry_would_do_and_nobody_is_in_the_way(judge: Judge) -> None:
    """`some` that fails is missed by all entries alike."""
    assert blocking(judge("some i in items has i.colour is red", ["blue", "blue"])) == ()


def test_then_it_is_captured_where_nothing_else_is_unknown(judge: Judge) -> None:
    """An item of no known colour leaves it open."""
    form = "no i in items has i.colour is red"
    (known,) = blocking(judge(form, ["red", "blue", "red"]))
    assert known == Blocking("items", 2, ("items[0]", "items[2]"), Outcome.CAPTURED)
    assert known.each
    (unknown,) = blocking(judge(form, ["red", None]))
    assert unknown.outcome is Outcome.UNDETERMINED
