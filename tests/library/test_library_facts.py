"""What holds of every case and meeting that ships, whatever a definition makes of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from shipped_library import cases, rules

from kprules.api import evaluate
from kprules.records.settle import settle_case
from kprules.records.vocabulary import CASE

CROWDS = "All other"
"""Those who are not named, in one entry: only where nobody objected, so that they all agreed."""
ONE = ("At least one", "Participant ", "Member in favour ", "Supporting participant ")


def fact_of(participant: Any) -> tuple[str, str | None]:
    """Return the name of a participant and where it stood."""
    stance = participant.stance
    return participant.name.value, None if stance is None else stance.value


def test_a_dated_import_falls_into_the_period_of_its_case() -> None:
    """A stone imported on a day is no stone of other years: `--as-of` finds it on that day."""
    dated = 0
    for case in cases().values():
        settled = settle_case(case.record, CASE)
        day = settled.goods.import_date if settled.goods is not None else None
        if day is not None:
            dated += 1
            assert settled.period.from_ <= day <= settled.period.to, case.id
    assert dated >= 10


def test_an_entry_of_a_meeting_is_one_participant() -> None:
    """Nobody who is not named stands for a crowd, save where all of them wanted the same."""
    for case in cases("meeting").values():
        entries = [fact_of(p) for p in case.record.participants or ()]
        crowds = [name for name, _ in entries if name.startswith(CROWDS)]
        stances = {stance for name, stance in entries if name not in crowds}
        assert not crowds or "objected" not in stances, case.id
        unnamed = [name for name, _ in entries if "not named" in name]
        assert all(name.startswith(ONE) for name in unnamed), case.id


def test_votes_that_were_counted_are_counted() -> None:
    """The paragraphs that 144 members kept against two were carried, by any rule of shares."""
    vote = cases("meeting")["unga-2025-sdg"].record
    stances = Counter(stance for _, stance in map(fact_of, vote.participants))
    assert stances == {"supported": 144, "objected": 2, "abstained": 6}
    assert evaluate(rules()["ddi-2017"], cases("meeting")["unga-2025-sdg"]).outcome == "captured"
    for text in ("review", "review-state"):
        open_ = evaluate(rules()["ddi-2017"], cases("meeting")[f"dubai-2025-{text}"], closed=True)
        assert open_.outcome == "undetermined", text
