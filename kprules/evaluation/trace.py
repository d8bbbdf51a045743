"""Notes of an evaluation: what each part of a definition came to, entry by entry.

Guarantee: the notes are taken while `denote` runs, so they say what it did and nothing else. A line
in here touches one record and one checked tree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kprules.evaluation.walker import Likeness, Walker, likeness
from kprules.formula.definition import Judgement, judge
from kprules.formula.meaning import Engine, denote
from kprules.formula.nodes import Form
from kprules.logic import Truth
from kprules.records.settled import Settled


class Outcome(StrEnum):
    """What a definition says of a case."""

    CAPTURED = "captured"
    NOT_CAPTURED = "not_captured"
    UNDETERMINED = "undetermined"


class Value(StrEnum):
    """One of the three values of truth."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


VALUES: Final = (Value.FALSE, Value.UNKNOWN, Value.TRUE)
"""By the numbers that compiled engines give."""


def value_of(truth: Truth[bool]) -> Value:
    """Name a truth: certain is true, not possible is false."""
    if truth.certain:
        return Value.TRUE
    return Value.UNKNOWN if truth.possible else Value.FALSE


def outcome_of(truth: Truth[bool]) -> Outcome:
    """Name the outcome that a judgement's truth is."""
    if truth.certain:
        return Outcome.CAPTURED
    return Outcome.UNDETERMINED if truth.possible else Outcome.NOT_CAPTURED


class Note:
    """What one form came to on the records in scope; `parts` in the order that they were asked."""

    __slots__ = ("form", "parts", "scope", "value")
    parts: list[Note]

    def __init__(self, form: Form, scope: Mapping[str, Settled]) -> None:
        """Begin a note; it is filled in as the form is judged."""
        self.form = form
        self.scope = scope
        self.value = Value.UNKNOWN
        self.parts = []


@dataclass(slots=True, eq=False)
class Trace:
    """The notes on a judgement: on what it captures, and on each exception."""

    judgement: Judgement
    record: Settled
    outcome: Outcome
    captures: Note
    exceptions: list[Note]


class _Notebook:
    """Takes a note of every form that `denote` comes to, each under the one that asked for it.

    Lists in lists have the same parts for all entries that make no difference to them, unless each
    is to have its notes `apart`.
    """

    __slots__ = ("above", "apart", "known", "top")

    def __init__(self, *, apart: bool = False) -> None:
        self.apart = apart
        self.above: list[Note] = []
        self.top: list[Note] = []
        self.known: dict[Likeness, tuple[Note, Truth[bool]]] = {}

    def __call__(self, form: Form, on: Engine[bool]) -> Truth[bool]:
        """Note what the form comes to."""
        assert isinstance(on, Walker)  # noqa: S101 - the engine handed in below
        like = None if self.apart else likeness(form, on.scope)
        note = Note(form, on.scope)
        (self.above[-1].parts if self.above else self.top).append(note)
        found = None if like is None else self.known.get(like)
        if found is not None:
            note.value, note.parts = found[0].value, found[0].parts
            return found[1]
        self.above.append(note)
        truth = denote(form, on, self)
        self.above.pop()
        note.value = value_of(truth)
        if like is not None:
            self.known[like] = note, truth
        return truth


def noted(form: Form, on: Walker) -> Note:
    """Give a form its meaning on an engine and keep notes."""
    notes = _Notebook()
    notes(form, on)
    return notes.top[0]


def traced(judgement: Judgement, record: Settled, *, apart: bool = False) -> Trace:
    """Judge one record and keep notes, `apart` for every time that a form was asked."""
    notes = _Notebook(apart=apart)
    truth = judge(judgement, Walker({"": record}), notes)
    return Trace(judgement, record, outcome_of(truth), notes.top[0], notes.top[1:])


def outcome(judgement: Judgement, record: Settled) -> Outcome:
    """Judge one record, without reasons."""
    return outcome_of(judge(judgement, Walker({"": record}, {})))
