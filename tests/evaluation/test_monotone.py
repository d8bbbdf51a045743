"""Learning a fact never reverses an outcome, as long as nobody asks what `is known`."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from drawn_records import learn, record
from hypothesis import given
from picks import Pick, drawn, fixed
from shop import Plain, settled
from strategies import judgement

from kprules.evaluation.trace import Outcome, outcome
from kprules.formula.definition import Judgement

Learnt = tuple[Judgement, Plain, Plain, Plain]


def learnt(pick: Pick) -> Learnt:
    """Draw a definition and a record, then the record with more known, then with all known."""
    judged, less = judgement(pick, known=False), record(pick)
    more = learn(pick, less)
    return judged, less, more, learn(pick, more, everything=True)


def check(judged: Judgement, *plains: Plain) -> list[Outcome]:
    """Refuse an outcome that changes once it is settled."""
    outcomes = [outcome(judged, settled(plain)) for plain in plains]
    for before, after in pairwise(outcomes):
        assert before in (after, Outcome.UNDETERMINED), (judged, plains, outcomes)
    return outcomes


@given(drawn(learnt))
def test_learning_a_fact_never_reverses_an_outcome(example: Learnt) -> None:
    """What is captured, or not, stays so, whatever of the unknown becomes known."""
    check(*example)


def test_on_many_examples_everything_known_settles_everything() -> None:
    """Nothing is undetermined once all is known; a good number of examples was before.

    Where there is no maker, who the rival is cannot be known; those examples are left out.
    """
    drawn = fixed(learnt, 600, seed=4)
    outcomes = [check(*example) for example in drawn if example[-1]["makers"]]
    assert all(known is not Outcome.UNDETERMINED for _, _, known in outcomes)
    ways = Counter((less, known) for less, _, known in outcomes)
    assert ways[Outcome.UNDETERMINED, Outcome.CAPTURED] > 40
    assert ways[Outcome.UNDETERMINED, Outcome.NOT_CAPTURED] > 40
