"""Lists in lists take work by their number, and not by the product of all their entries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random

import pytest
from counting import calls
from edges import at, judgement
from nesting import SEVERAL, nested
from shop import SHOP, Plain, settled

from kprules.evaluation.outcome import Result
from kprules.evaluation.reasons import decisive, reasons, unknowns
from kprules.evaluation.settling import would_settle
from kprules.evaluation.telling import Telling
from kprules.evaluation.trace import Note, Trace, outcome, outcome_of, traced
from kprules.evaluation.tracing import FramedTrace
from kprules.evaluation.walker import Walker
from kprules.formula.definition import Judgement, judge
from kprules.formula.nodes import All, AtLeast, Compare, Form, How, Not, Quantified, Said, Share
from kprules.formula.nodes import Any as AnyOf
from kprules.proof.given import Given
from kprules.records.settled import Settled


def _work(one: Judgement, of: Callable[[Settled], Trace], plain: Plain) -> int:
    """Return how much all takes that is done with the notes on a record."""
    record = settled(plain)

    def told() -> None:
        result = Result(one, record, of(record))
        _ = result.because, result.unknown, result.deciding
        would_settle(result)

    return calls(told)


@pytest.mark.parametrize("plain", [{"open": True, "items": [{"open": True}]}, *SEVERAL])
@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("how", ["some", "every", "no"])
def test_a_level_more_is_not_twice_the_work(how: How, own: bool, plain: Plain) -> None:
    """Work grows by the square at most; it doubled with each level, even of a list of one entry."""

    def walked(depth: int) -> int:
        one = nested(depth, how, own=own)
        return _work(one, lambda record: traced(one, record), plain)

    def compiled(depth: int) -> int:
        one = nested(depth, how, own=own)
        telling = Telling.of(one)
        return _work(one, lambda record: FramedTrace(telling, record), plain)

    def alone(depth: int) -> int:
        one, record = nested(depth, how, own=own), settled(plain)
        return calls(lambda: outcome(one, record))

    for work in (walked, compiled, alone):
        assert work(12) < 4 * work(6)


@pytest.mark.parametrize("how", ["some", "every", "no"])
def test_a_level_more_is_not_twice_as_much_for_the_solver(how: How) -> None:
    """What is written out for it grows by the square at most."""

    def written(depth: int) -> int:
        one = nested(depth, how, own=True)
        return calls(lambda: Given([one], SHOP, settled(SEVERAL[1]), extra=1))

    assert written(12) < 4 * written(6)


def _drawn(random: Random, depth: int, scope: tuple[str, ...] = ()) -> Form:
    """Return lists in lists that ask about some of the entries around them."""

    def leaf() -> Form:
        variable = random.choice(("", *scope))
        fact = at("open", variable, "item") if variable else at("open")
        return Compare(fact, "is", True, said=random.choice([None, Said(random.choice("abc"))]))

    if not depth:
        return leaf()
    variable = f"x{depth}"
    inner = _drawn(random, depth - 1, (*scope, variable))
    group = random.choice((All, AnyOf))((inner, *(leaf() for _ in range(random.randrange(3)))))
    where = leaf() if random.random() < 1 / 4 else None
    how = random.choice(("some", "every", "no", AtLeast(2), Share(1, 2, False)))
    has = Not(group) if random.random() < 1 / 4 else group
    form = Quantified(how, variable, at("items"), where, has)
    return AnyOf((form, _drawn(random, depth - 1, scope))) if random.random() < 1 / 4 else form


def test_what_is_shared_is_what_each_would_be() -> None:
    """The outcome, the reasons and the unknown facts are those of notes taken one by one."""
    random = Random(9)
    shared = 0
    for _ in range(150):
        one = judgement(_drawn(random, random.randrange(2, 5)))
        telling = Telling.of(one)
        for plain in SEVERAL:
            record = settled(plain)
            apart = traced(one, record, apart=True)
            together = traced(one, record)
            truth = judge(one, Walker({"": record}))
            assert outcome(one, record) is outcome_of(truth) is apart.outcome
            noted = _noted(apart.captures)
            assert noted == _noted(together.captures)
            assert noted == _noted(FramedTrace(telling, record).captures)
            shared += len(set(map(id, _parts(together)))) < len(set(map(id, _parts(apart))))
            expected = decisive(apart)
            told = [reasons(expected, SHOP), unknowns(expected, SHOP)]
            for trace in (together, FramedTrace(telling, record)):
                deciding = decisive(trace)
                assert [reasons(deciding, SHOP), unknowns(deciding, SHOP)] == told
            by_source = FramedTrace(telling, record).told()
            assert by_source is None or [*by_source] == told
    assert shared > 100


def _noted(note: Note) -> tuple[object, ...]:
    """Return what the notes say, but for entries in scope that are not asked about."""
    return id(note.form), note.value, [_noted(part) for part in note.parts]


def _parts(trace: Trace) -> Iterator[Note]:
    waiting = [trace.captures]
    while waiting:
        note = waiting.pop()
        yield note
        waiting += note.parts


def test_the_same_form_under_other_names() -> None:
    """Entries are told apart by the variables that hold them, in whatever order these came."""
    same = Compare(at("colour", "x", "item"), "is", "red")
    other = Compare(at("colour", "y", "item"), "is", "blue")
    inner = Quantified("some", "z", at("items"), None, All((same, other)))
    one = Quantified(
        "some", "x", at("items"), None, Quantified("no", "y", at("items"), None, inner)
    )
    two = Quantified(
        "some", "y", at("items"), None, Quantified("no", "x", at("items"), None, inner)
    )
    record = settled({"items": [{"colour": "red"}, {"colour": "blue"}]})
    both = judgement(All((one, two)))
    assert outcome(both, record) is outcome_of(judge(both, Walker({"": record})))
    apart = traced(both, record, apart=True)
    assert _noted(traced(both, record).captures) == _noted(apart.captures)
