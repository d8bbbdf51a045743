"""Notes on record after record: what is asked often is compiled.

Guarantee: the notes say the same whether they were taken while `denote` ran or read off frames.
A line in here counts how often a judgement was asked for, and touches one record at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from kprules.evaluation.compiled import compilable
from kprules.evaluation.frames import Frame, Values
from kprules.evaluation.telling import Telling, Told
from kprules.evaluation.trace import VALUES, Note, Outcome, Trace, traced
from kprules.evaluation.walker import Likeness, likeness, look_up
from kprules.formula.definition import Judgement, parts_of
from kprules.formula.nodes import Form, Quantified
from kprules.records.settled import Settled

OFTEN: Final = 100
"""How many records it takes for compiling to pay."""
_MOST_KEPT: Final = 1024
_OUTCOMES: Final = (Outcome.NOT_CAPTURED, Outcome.UNDETERMINED, Outcome.CAPTURED)


class FramedNote(Note):
    """A note of which the value is at hand, and the parts are looked at once they are asked for."""

    __slots__ = ("_frame", "_known", "_values")

    def __init__(
        self,
        form: Form,
        scope: Mapping[str, Settled],
        frame: Frame,
        values: Values,
        known: dict[Likeness, Note],
    ) -> None:
        """Read what the form comes to off the values of its frame.

        Lists in lists have the same parts for all entries that make no difference to them: those of
        the first of them, which is `known`.
        """
        self.form = form
        self.scope = scope
        self.value = VALUES[values[frame.index[id(form)]]]
        self._frame = frame
        self._known = known
        self._values = values

    def __getattr__(self, name: str) -> list[Note]:
        """Look at the parts, which nobody asked for before."""
        if name != "parts":
            raise AttributeError(f"a note has no {name}")
        self.parts = parts = self._parts()
        return parts

    def _parts(self) -> list[Note]:
        form, scope, frame = self.form, self.scope, self._frame
        like = likeness(form, scope)
        if like is not None and self._known.setdefault(like, self) is not self:
            return self._known[like].parts
        if not isinstance(form, Quantified):
            return [
                FramedNote(part, scope, frame, self._values, self._known) for part in parts_of(form)
            ]
        beneath, found = frame.beneath[id(form)], list[Note]()
        for entry in look_up(scope, form.over) or ():
            inside = {**scope, form.variable: entry}
            values = beneath.look(inside)
            found += [
                FramedNote(part, inside, beneath, values, self._known) for part in parts_of(form)
            ]
        return found


class FramedTrace(Trace):
    """The outcome by what was compiled; notes and reasons are looked at once they are asked for."""

    __slots__ = ("_telling", "_told", "_values")

    def __init__(self, telling: Telling, record: Settled) -> None:
        """Judge one record."""
        self._telling = telling
        self._told: Told | None = None
        self._values = values = telling.frame.values(record)
        self.judgement = telling.judgement
        self.record = record
        self.outcome = _OUTCOMES[values[-1]]

    def __getattr__(self, name: str) -> Any:
        """Take the notes, which nobody asked for before."""
        if name not in {"captures", "exceptions"}:
            raise AttributeError(f"a trace has no {name}")
        scope, frame, known = {"": self.record}, self._telling.frame, dict[Likeness, Note]()
        captures, *exceptions = [
            FramedNote(form, scope, frame, self._values, known)
            for form in (self.judgement.captures, *self.judgement.exceptions)
        ]
        self.captures = captures
        self.exceptions = [*exceptions]
        return getattr(self, name)

    def told(self) -> Told | None:
        """Return the reasons and the unknown facts; None where they have to be read off notes."""
        if self._told is None:
            self._told = self._telling.told(self.record, self._values)
        return self._told


@dataclass(slots=True)
class _Asked:
    """How often a judgement was asked for."""

    judgement: Judgement
    times: int = 0
    telling: Telling | None = None


_ASKED: dict[int, _Asked] = {}


def traced_often(judgement: Judgement, record: Settled) -> Trace:
    """Judge one record and keep notes; compiled from the time on that it pays."""
    asked = _ASKED.get(id(judgement))
    if asked is None:
        if len(_ASKED) >= _MOST_KEPT:
            _ASKED.clear()
        asked = _ASKED[id(judgement)] = _Asked(judgement)  # kept alive, so the id stays its own
    if asked.telling is None:
        asked.times += 1
        if asked.times < OFTEN or not compilable(judgement):
            return traced(judgement, record)
        asked.telling = Telling.of(judgement)
    return FramedTrace(asked.telling, record)
