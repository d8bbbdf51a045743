"""Reasons by Python that was written for them are those that are read off notes, word by word."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import FrozenInstanceError, replace

import oracle
import pytest
from edges import at, deep, judgement
from shop import settled
from telling_apart import beside, by_notes, labelled
from test_compiled import RECORDS, loops

from kprules.evaluation import telling
from kprules.evaluation.frames import Frame
from kprules.evaluation.outcome import Result, judged
from kprules.evaluation.reasons import Reason, made
from kprules.evaluation.telling import Telling
from kprules.evaluation.telling_source import telling_source
from kprules.evaluation.trace import Value
from kprules.evaluation.tracing import OFTEN, FramedTrace
from kprules.formula.definition import Judgement
from kprules.formula.nodes import Includes
from kprules.records.settled import Settled


def test_at_every_edge() -> None:
    """Every construct says the same, and the facts stand in the same order."""
    for one, records, _ in oracle.at_edges():
        compiled = Telling.of(one)
        for record in records:
            told = FramedTrace(compiled, record).told()
            assert repr(told) == repr(by_notes(one, record)), (one, record)


def test_what_tells_of_an_entry() -> None:
    """Facts of entries in it, of the same one by another name, of a reference that is none."""
    lists = set()
    for one, records in beside():
        compiled = Telling.of(one)
        for record in records:
            told = FramedTrace(compiled, record).told()
            assert repr(told) == repr(by_notes(one, record)), (one, record)
            assert told is not None
            lists.add("items" in told[0][0].facts)
    assert lists == {True, False}


def test_clauses_and_exceptions() -> None:
    """Clauses in clauses, the same label twice, exceptions that hold and that do not."""
    told_of = set()
    for one, records in labelled(300, 5):
        compiled = Telling.of(one)
        for record in records:
            trace = FramedTrace(compiled, record)
            told = trace.told()
            assert told is not None
            assert repr(told) == repr(by_notes(one, record)), (one, record)
            told_of |= {(trace.outcome, reason.exception) for reason in told[0]}
    assert len(told_of) == 6


def test_what_nests_too_deep_for_python_is_read_off_notes() -> None:
    """The reasons are the same all the same."""
    one, records = judgement(deep(100)), [settled({}), settled({"size": 1})]
    assert FramedTrace(Telling.of(one), records[0]).told() is None
    walked = [judged(one, record) for record in records]
    _asked_often(one, records[0])
    compiled = [judged(one, record) for record in records]
    assert [isinstance(r.trace, FramedTrace) for r in (walked[0], compiled[0])] == [False, True]
    assert _said(walked) == _said(compiled)
    assert [len(result.unknown) for result in compiled] == [2, 0]


def _asked_often(one: Judgement, record: Settled) -> None:
    for _ in range(OFTEN):
        judged(one, record)


def _said(results: list[Result]) -> list[str]:
    return [repr((result.outcome, result.because, result.unknown)) for result in results]


def test_each_outcome_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is first met, and the reasons of a record are told once."""
    written = []

    def source(one: Judgement, frame: Frame, outcome: int) -> tuple[str, Mapping[str, object]]:
        written.append(outcome)
        return telling_source(one, frame, outcome)

    monkeypatch.setattr(telling, "telling_source", source)
    compiled = Telling.of(judgement(loops(1, "some")))
    traces = [FramedTrace(compiled, settled(record)) for record in RECORDS]
    told = [trace.told() for trace in traces for _ in range(3)]
    assert len(written) == len(set(written)) == len({trace.outcome for trace in traces})
    assert all(one is other for one, other in zip(told[::3], told[2::3], strict=True))


def test_reasons_are_plain_values() -> None:
    """What is made is what the class makes: equal, as it shows itself, and as it is kept."""
    facts = {"items": ["a", "unknown"]}
    values = ("a", "words", Value.FALSE, facts, "somebody's", "items[0]", "narrow", True)
    one, other = made(*values), Reason(*values)
    assert type(one) is Reason
    assert one == other
    assert repr(one) == repr(other)
    assert pickle.dumps(one) == pickle.dumps(other)
    assert pickle.loads(pickle.dumps(one)) == replace(other)  # noqa: S301 - made here
    assert replace(one, entry="") != other
    with pytest.raises(FrozenInstanceError):
        one.label = "b"  # type: ignore[misc] # what it refuses


def test_reasons_share_nothing() -> None:
    """Who changes the facts of one reason changes no other's."""
    one = judgement(Includes(at("tags"), "any", frozenset({"rare"})))
    record = settled({"tags": ["new", "old"]})
    _asked_often(one, record)
    results = [judged(one, record), judged(one, record)]
    facts = [result.because[0].facts["tags"] for result in results]
    assert facts[0] == facts[1] == ["new", "old"]
    assert facts[0] is not facts[1]
