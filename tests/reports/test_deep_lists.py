"""Lists deep in lists are told of once, where the entries around them make no difference."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from counting import calls
from nesting import SEVERAL, nested
from shop import SHOP, Plain, settled

from kprules.comparison.sharing import Likenesses, Reasoner
from kprules.evaluation.outcome import Result
from kprules.evaluation.trace import traced
from kprules.formula.nodes import How
from kprules.reports.clauses import clauses
from kprules.reports.told import Clause, Told


def _result(depth: int, how: How, plain: Plain) -> Result:
    one, record = nested(depth, how, own=True), settled(plain)
    return Result(one, record, traced(one, record))


@pytest.mark.parametrize("plain", SEVERAL)
@pytest.mark.parametrize("how", ["some", "every", "no"])
def test_a_level_more_is_not_told_of_for_every_entry_around_it(how: How, plain: Plain) -> None:
    """The work, and what is told, grow with the levels; three levels are told in full."""

    def work(depth: int) -> int:
        result = _result(depth, how, plain)
        return calls(lambda: clauses(result.deciding, SHOP))

    assert work(24) < 6 * work(6)
    assert "items: as told above" not in _facts(_result(3, how, plain))


def _facts(result: Result) -> list[str]:
    return [told.fact for told in _told(clauses(result.deciding, SHOP))]


def _told(found: list[Clause]) -> Iterator[Told]:
    for clause in found:
        yield from clause.told
        yield from _told(clause.parts)


def test_nothing_is_left_out() -> None:
    """What is told once is told with every fact that was told at each place, and said to be so."""
    assert "items: as told above" in _facts(_result(6, "some", SEVERAL[2]))
    for how in ("some", "every", "no"):
        for plain in SEVERAL:
            result = _result(6, how, plain)
            told = set(_facts(result)) - {"items: as told above"}
            names = {name for reason in result.because for name in reason.facts}
            assert {fact.partition(" ")[0] for fact in told} >= {n for n in names if "[" in n}


@pytest.mark.parametrize("plain", SEVERAL)
def test_results_that_share_their_notes(plain: Plain) -> None:
    """Notes and likenesses of many judgements grow with the levels, too."""

    def work(depth: int) -> int:
        one, likenesses = nested(depth, "some", own=True), Likenesses()

        def results() -> None:
            reasoner = Reasoner(settled(plain))
            found = [likenesses.of(reasoner.result(one).decisive) for _ in range(2)]
            assert found[0] == found[1]

        return calls(results)

    assert work(24) < 6 * work(6)
