"""Notes on record after record: what is asked often is compiled.

Guarantee: the notes say the same whether they were taken while `denote` ran or read off frames.
A line in here counts how often a judgement was asked for, and touches one record at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kprules.evaluation.compiled import compilable
from kprules.evaluation.frames import Frame, Values, framed
from kprules.evaluation.trace import Note, Outcome, Trace, Value, traced
from kprules.evaluation.walker import look_up
from kprules.formula.definition import Judgement, parts_of
from kprules.formula.nodes import Form, Quantified
from kprules.records.settled import Settled

OFTEN: Final = 200
"""How many records it takes for compiling to pay."""
_MOST_KEPT: Final = 1024
_VALUES: Final = (Value.FALSE, Value.UNKNOWN, Value.TRUE)
_OUTCOMES: Final = (Outcome.NOT_CAPTURED, Outcome.UNDETERMINED, Outcome.CAPTURED)


class FramedNote(Note):
    """A note of which the value is at hand, and the parts are looked at once they are asked for."""

    __slots__ = ("_frame", "_values")

    def __init__(
        self, form: Form, scope: Mapping[str, Settled], frame: Frame, values: Values
    ) -> None:
        """Read what the form comes to off the values of its frame."""
        self.form = form
        self.scope = scope
        self.value = _VALUES[values[frame.index[id(form)]]]
        self._frame = frame
        self._values = values

    def __getattr__(self, name: str) -> list[Note]:
        """Look at the parts, which nobody asked for before."""
        if name != "parts":
            raise AttributeError(f"a note has no {name}")
        self.parts = parts = self._parts()
        return parts

    def _parts(self) -> list[Note]:
        form, scope, frame = self.form, self.scope, self._frame
        if not isinstance(form, Quantified):
            return [FramedNote(part, scope, frame, self._values) for part in parts_of(form)]
        beneath, found = frame.beneath[id(form)], list[Note]()
        for entry in look_up(scope, form.over) or ():
            inside = {**scope, form.variable: entry}
            values = beneath.look(inside)
            found += [FramedNote(part, inside, beneath, values) for part in parts_of(form)]
        return found


def traced_by(frame: Frame, judgement: Judgement, record: Settled) -> Trace:
    """Judge one record by what was compiled."""
    scope = {"": record}
    values = frame.look(scope)
    captures, *exceptions = [
        FramedNote(form, scope, frame, values)
        for form in (judgement.captures, *judgement.exceptions)
    ]
    return Trace(judgement, record, _OUTCOMES[values[-1]], captures, [*exceptions])


@dataclass(slots=True)
class _Asked:
    """How often a judgement was asked for."""

    judgement: Judgement
    times: int = 0
    frame: Frame | None = None


_ASKED: dict[int, _Asked] = {}


def traced_often(judgement: Judgement, record: Settled) -> Trace:
    """Judge one record and keep notes; compiled from the time on that it pays."""
    asked = _ASKED.get(id(judgement))
    if asked is None:
        if len(_ASKED) >= _MOST_KEPT:
            _ASKED.clear()
        asked = _ASKED[id(judgement)] = _Asked(judgement)  # kept alive, so the id stays its own
    asked.times += 1
    if asked.frame is None:
        if asked.times < OFTEN or not compilable(judgement):
            return traced(judgement, record)
        asked.frame = framed(judgement)
    return traced_by(asked.frame, judgement, record)
