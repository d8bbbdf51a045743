"""Nearest changes and sufficient facts of given cases: each replayed here on the file itself."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest
from ruled import ruled, shipped

from kprules.evaluation.outcome import Result, judged
from kprules.evaluation.trace import Outcome, outcome
from kprules.formula.definition import Judgement
from kprules.proof.nearest import Change, How, Step, nearest
from kprules.proof.sufficing import suffices
from kprules.records.case import Case
from kprules.records.settle import settle_case
from kprules.records.settled import Settled
from kprules.records.vocabulary import CASE

BASE: dict[str, Any] = {
    "case": "a-case",
    "title": "A case",
    "period": {"from": "2020-01-01", "to": "2020-12-31"},
    "goods": {"material": "diamond", "form": "rough", "made": "natural", "origins": ["CAF"]},
    "actors": {
        "rebels": {"kinds": ["rebel_movement"]},
        "army": {"kinds": ["state_armed_forces"], "state": "CAF"},
    },
    "conflicts": {"war": {"type": "intrastate"}},
    "links": [
        {
            "actor": "army",
            "conflict": "war",
            "finances": ["arms", "army_budget"],
            "targets": ["government"],
            "target_legitimate": True,
            "allied_with": [],
        }
    ],
    "abuses": [],
    "measures": [{"body": "unsc", "describes_diamonds": True, "period": {"from": "2019-01-01"}}],
}


def settled(plain: dict[str, Any]) -> Settled:
    """Return a record as the loader would."""
    return settle_case(Case.model_validate(plain), CASE)


def judge(judgement: Judgement, plain: dict[str, Any]) -> Result:
    """Judge a record."""
    return judged(judgement, settled(plain))


def applied(plain: dict[str, Any], change: Change) -> dict[str, Any]:
    """Return the file with a change made in it, step by step."""
    changed = deepcopy(plain)
    gone: list[tuple[list[Any], int]] = []
    for step in change.steps:
        *above, last = _keys(step.path)
        at: Any = changed
        for key in above:
            at = at.setdefault(key, {}) if isinstance(at, dict) else at[key]
        match step.how:
            case How.ALTER | How.SETTLE:
                at[last] = step.then
            case How.INCLUDE:
                at[last] = [*at[last], step.then]
            case How.EXCLUDE:
                at[last] = [v for v in at[last] if v != step.now]
            case How.ADD if isinstance(at, list):
                at.append(step.then)
            case How.ADD:
                at[last] = step.then
            case How.REMOVE if isinstance(at, list):
                gone.append((at, int(last)))
            case How.REMOVE:
                del at[last]
            case How.CLOSE if last in changed.get("incomplete", ()):
                changed["incomplete"].remove(last)
            case How.CLOSE:
                at[last] = [v for v in at[last] if v != "unknown"]
    for entries, at in sorted(gone, key=lambda g: -g[1]):
        del entries[at]
    return changed


def _keys(path: str) -> list[Any]:
    keys: list[Any] = []
    for part in path.split("."):
        name, *indices = part.replace("]", "").split("[")
        keys += [name, *(int(i) for i in indices)]
    return keys


DEFINITIONS = (
    "kpcs-core-2002", "west-2022", "review-2025", "wars-2023", "canada-2018", "wdc-2012",
    "oecd-cahra", "kp-minreq", "us-2022-letter", "adpa-2025",
)  # fmt: skip
CASES: dict[str, dict[str, Any]] = {
    "as it stands": {},
    "by rebels": {"links": [{**BASE["links"][0], "actor": "rebels"}]},
    "of two actors": {"links": [BASE["links"][0], {**BASE["links"][0], "actor": "rebels"}]},
    "polished gold": {"goods": {"material": "gold", "form": "polished"}},
    "no links": {"links": []},
    "violent": {"abuses": [{"kinds": ["killing"], "grave": True, "nexus": "mine"}]},
    "no conflict": {"links": [{"actor": "army", "conflict": "none", "finances": []}]},
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("rule", DEFINITIONS)
def test_every_change_turns_the_outcome_and_no_part_of_it_does(rule: str, name: str) -> None:
    """Made in the file and read again, it turns the outcome; with a step less it does not."""
    judgement, plain = shipped(rule), {**BASE, **CASES[name]}
    result = judge(judgement, plain)
    changes = nearest(result)
    assert bool(changes) or result.outcome is Outcome.UNDETERMINED
    sizes = [len(change.steps) for change in changes]
    assert sizes == sorted(sizes)
    assert len({str(change) for change in changes}) == len(changes)
    for change in changes:
        assert outcome(judgement, settled(applied(plain, change))) is change.outcome
        assert {change.outcome, result.outcome} == {Outcome.CAPTURED, Outcome.NOT_CAPTURED}
        for step in change.steps:
            rest = Change(change.outcome, tuple(s for s in change.steps if s is not step))
            try:
                reached = outcome(judgement, settled(applied(plain, rest)))
            except ValueError:  # a reference to what is not added
                continue
            assert reached is not change.outcome, (str(change), str(step))
        for step in change.steps:
            for other in step.others:
                either = Change(
                    change.outcome,
                    tuple(replace(s, then=other) if s is step else s for s in change.steps),
                )
                assert outcome(judgement, settled(applied(plain, either))) is change.outcome


def test_what_would_make_a_state_army_a_case() -> None:
    """The words of the debate: captured if the actor were a rebel movement, or allied with one."""
    result = judge(shipped("kpcs-core-2002"), BASE)
    assert [str(change) for change in nearest(result)[:3]] == [
        "actors.army.kinds included rebel_movement",
        "links[0].actor were rebels, not army",
        "links[0].allied_with included rebel_movement",
    ]


def test_what_would_free_a_case() -> None:
    """Captured: each fact that the outcome hangs on, one at a time; two where either would do."""
    plain = {**BASE, "links": [{**BASE["links"][0], "actor": "rebels"}]}
    result = judge(shipped("kpcs-core-2002"), plain)
    said = [str(change) for change in nearest(result, most=30)]
    assert "goods.form were polished, not rough" in said
    assert "links[0] were not there" in said
    other = "links[0].finances did not include {}, and links[0].finances did not include {}"
    assert {other.format("arms", "army_budget"), other.format("army_budget", "arms")} & {*said}


def ruling(text: str) -> Judgement:
    """Return a definition of one form."""
    return ruled(f'definition the-rule "" {{ captures when {text} }}')["the-rule"]


def test_an_incomplete_list_is_closed_or_grows() -> None:
    """`no link` fails on a link; of a list that may have more, nothing less is certain."""
    rule = ruling("no l in links has l.directness is direct and goods.form is rough")
    open_list = {**BASE, "links": [{"directness": "direct"}], "incomplete": ["links"]}
    result = judge(rule, open_list)
    assert result.outcome is Outcome.NOT_CAPTURED
    for change in nearest(result):
        assert outcome(rule, settled(applied(open_list, change))) is Outcome.CAPTURED
        assert Step(How.CLOSE, "links", ["links[0]", "unknown"], None) in change.steps


def test_is_known_is_turned_by_learning() -> None:
    """`is known` alone turns by a fact's being learnt, whatever it says."""
    rule = ruling("goods.carats is unknown")
    (change,) = nearest(judge(rule, BASE))
    (step,) = change.steps
    assert (step.how, step.path) == (How.SETTLE, "goods.carats")


def test_numbers_and_dates_move_no_further_than_the_constant() -> None:
    """What is offered is a value that the definition names, or one beside it."""
    rule = ruling("goods.carats >= 0.5 and goods.import_date < 2024-03-01")
    plain = {**BASE, "goods": {"carats": "0.3", "import_date": "2024-02-01"}}
    assert [str(c) for c in nearest(judge(rule, plain))] == ["goods.carats were 0.5 or 1, not 0.3"]
    late = {**BASE, "goods": {"carats": 1, "import_date": "2024-05"}}
    assert [str(c) for c in nearest(judge(rule, late))] == [
        "goods.import_date were 2024-02-29, not 2024-05"
    ]


def test_a_period_is_never_turned_round() -> None:
    """To end before it began is no change of fact."""
    rule = ruling("period.to < 2019-06-01")
    for change in nearest(judge(rule, BASE)):
        settled(applied(BASE, change))
        assert len(change.steps) == 2


def test_what_is_undetermined_has_no_nearest_change() -> None:
    """Its unknown facts settle it: that is another question."""
    result = judge(ruling("goods.carats > 1"), BASE)
    assert result.outcome is Outcome.UNDETERMINED
    assert nearest(result) == ()
    assert suffices(result) == ()


def test_no_more_than_are_asked_for() -> None:
    """A limit holds, and a size."""
    plain = {**BASE, "links": [{**BASE["links"][0], "actor": "rebels"}]}
    result = judge(shipped("kpcs-core-2002"), plain)
    assert len(nearest(result, most=2)) == 2
    assert all(len(change.steps) == 1 for change in nearest(result, largest=1))


# --- facts that suffice ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("rule", DEFINITIONS)
def test_sufficient_facts_are_minimal(rule: str, name: str) -> None:
    """Sets come smaller ones first, and none holds another."""
    result = judge(shipped(rule), {**BASE, **CASES[name]})
    found = suffices(result)
    assert bool(found) or result.outcome is Outcome.UNDETERMINED
    assert all(s.outcome is result.outcome for s in found)
    kept = [{str(fact) for fact in s.facts} for s in found]
    for one in kept:
        assert not any(other < one for other in kept)


def test_the_facts_that_suffice_in_words() -> None:
    """One link, and of what it pays for one of two."""
    plain = {**BASE, "links": [{**BASE["links"][0], "actor": "rebels"}]}
    found = suffices(judge(shipped("kpcs-core-2002"), plain))
    assert len(found) == 2
    said = [{str(fact) for fact in s.facts} for s in found]
    assert said[0] & said[1] == {
        "goods.material is diamond",
        "goods.form is rough",
        "goods.made is natural",
        "links[0].actor is rebels",
        "links[0].conflict is war",
        "links[0].targets includes government",
        "links[0].target_legitimate is true",
        "actors.rebels.kinds includes rebel_movement",
        "conflicts.war.type is intrastate",
    }
    assert said[0] ^ said[1] == {
        "links[0].finances includes arms",
        "links[0].finances includes army_budget",
    }


def test_that_a_list_has_no_more_is_a_fact() -> None:
    """Not captured because no link is: that there are no others is part of why."""
    (found,) = suffices(
        judge(ruling("some l in links has l.directness is direct"), {**BASE, "links": []})
    )
    assert [str(fact) for fact in found.facts] == ["links is empty"]


def test_a_map_that_is_left_out_may_be_filled() -> None:
    """An outcome that wants a conflict can be turned where the case records none."""
    plain = deepcopy(BASE)
    del plain["conflicts"]
    plain["links"] = []
    result = judge(shipped("kpcs-core-2002"), plain)
    assert result.outcome is Outcome.NOT_CAPTURED
    changes = nearest(result)
    assert changes
    assert any("conflicts" in str(change) for change in changes)
