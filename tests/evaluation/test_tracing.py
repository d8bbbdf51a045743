"""Notes read off what was compiled say what notes taken by the way say, part by part."""

from __future__ import annotations

import oracle
import pytest
from edges import judgement
from noting import alike
from shop import settled
from test_compiled import RECORDS, loops

from kprules.evaluation import telling
from kprules.evaluation.frames import framed
from kprules.evaluation.outcome import judged
from kprules.evaluation.telling import Telling
from kprules.evaluation.trace import traced
from kprules.evaluation.tracing import OFTEN, FramedTrace

pytestmark = pytest.mark.no_cover  # the same lines over and over; other tests reach them


@pytest.mark.parametrize("drawn", [oracle.at_edges, lambda: oracle.drawn(1000, 2)])
def test_every_note_is_the_same(drawn: oracle.Drawn) -> None:
    """Forms, values, entries in scope and parts, all the way down."""
    for one, records, _ in drawn():
        compiled = Telling.of(one)
        for record in records:
            assert alike(FramedTrace(compiled, record), traced(one, record)), (one, record)


def test_what_is_asked_often_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """From so many records on, once, with the same reasons."""
    compiled = []
    monkeypatch.setattr(telling, "framed", lambda one: compiled.append(one) or framed(one))
    one = judgement(loops(2, "some"))
    record = settled(RECORDS[0])
    results = [judged(one, record) for _ in range(OFTEN + 3)]
    assert compiled == [one]
    assert len({str((r.outcome, r.because, r.unknown)) for r in results}) == 1
    assert alike(results[0].trace, results[-1].trace)


def test_what_nests_too_deep_is_never_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python nests no more loops than so many; notes are taken as before."""
    monkeypatch.setattr(telling, "framed", None)
    one = judgement(loops(15, "some"))
    outcomes = {judged(one, settled({"items": []})).outcome for _ in range(OFTEN + 3)}
    assert outcomes == {"not_captured"}


def test_a_note_has_no_other_parts() -> None:
    """A wrong name is refused as everywhere."""
    one = judgement(loops(1, "some"))
    note = FramedTrace(Telling.of(one), settled(RECORDS[0])).captures
    with pytest.raises(AttributeError, match="no sparts"):
        getattr(note, "sparts")  # noqa: B009 - what a typing mistake does
