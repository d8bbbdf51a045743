"""Reasons: they are there, they suffice, and an outcome hangs on no other unknown fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from drawn_records import learn, record
from hypothesis import given
from picks import Pick, drawn, fixed, from_seed
from replay import Replay
from shop import Plain, settled
from strategies import example, examples, judgement

from kprules.evaluation.outcome import Result, judged
from kprules.evaluation.reasons import Decisive
from kprules.evaluation.trace import Outcome, outcome
from kprules.formula import nodes as n
from kprules.formula.definition import Judgement
from kprules.formula.nodes import Form


def facts_of(result: Result) -> dict[str, Any]:
    """Return the facts of all reasons; two reasons never differ on a fact."""
    facts: dict[str, Any] = {}
    for reason in result.because:
        for path, value in reason.facts.items():
            assert facts.setdefault(path, value) == value
    return facts


def leaves(trees: Iterable[Decisive]) -> Iterator[Form]:
    """Yield the forms that the reasons come down to."""
    for tree in trees:
        if tree.parts:
            yield from leaves(tree.parts)
        else:
            yield tree.note.form


def is_constant(form: Form) -> bool:
    """Return whether a form is the same whatever the facts are."""
    match form:
        case n.Const():
            return True
        case n.Member(_, values) | n.Includes(_, _, values):
            return not values
        case _:
            return False


def check_replay(judged_by: Judgement, plain: Plain) -> Outcome:
    """Judge a record of which only what the reasons name is known."""
    result = judged(judged_by, settled(plain))
    assert result.because
    facts = facts_of(result)
    assert facts or all(map(is_constant, leaves(result.decisive)))
    if result.outcome is not Outcome.UNDETERMINED:
        again = outcome(judged_by, Replay(facts).root)
        assert again is result.outcome, (judged_by, plain, facts)
    return result.outcome


@given(examples)
def test_the_facts_of_the_reasons_give_the_outcome_again(
    judged_and_plain: tuple[Judgement, Plain],
) -> None:
    """Whoever knows only the facts that the reasons name comes to the same outcome."""
    check_replay(*judged_and_plain)


def test_on_many_examples_the_reasons_suffice() -> None:
    """So they do on fixed examples."""
    outcomes = Counter(check_replay(*one) for one in fixed(example, 900, seed=5))
    assert min(outcomes.values()) > 100, outcomes


# --- what an undetermined outcome hangs on --------------------------------------------------------


Hanging = tuple[Judgement, Plain, int]


def check_unknown(judged_by: Judgement, plain: Plain, seed: int) -> Outcome:
    """Learn all but the facts that are said to be missed; nothing may be settled by that."""
    result = judged(judged_by, settled(plain))
    if result.outcome is not Outcome.UNDETERMINED:
        assert not result.unknown
        return result.outcome
    homes = {unknown.home for unknown in result.unknown}
    assert homes
    assert all(fact.why in {"missing", "incomplete"} for fact in result.unknown)
    known = learn(from_seed(seed), plain, everything=True, but=homes)
    again = judged(judged_by, settled(known))
    assert again.outcome is Outcome.UNDETERMINED, (judged_by, plain, homes, known)
    assert homes.issuperset(unknown.home for unknown in again.unknown)
    return result.outcome


def hanging(pick: Pick) -> Hanging:
    """Draw a definition that does not ask what is known, a record, and a seed to learn by."""
    return judgement(pick, known=False), record(pick), pick(2**32)


@given(drawn(hanging))
def test_an_undetermined_outcome_hangs_on_the_unknown_facts(hung: Hanging) -> None:
    """Whatever else becomes known, it stays open while the facts named are unknown."""
    check_unknown(*hung)


def test_on_many_examples_it_hangs_on_them() -> None:
    """So it does on fixed examples, many of which are undetermined."""
    outcomes = Counter(check_unknown(*hung) for hung in fixed(hanging, 700, seed=6))
    assert outcomes[Outcome.UNDETERMINED] > 100, outcomes
