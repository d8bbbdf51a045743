"""What only a whole record shows: references to nothing, periods that end before they begin.

Guarantee: every such mistake of a record is found, each with its place as keys and indices. A line
in here compares facts of one record with one another; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from kprules.records.facts import Fact
from kprules.records.settle import attributes_of
from kprules.records.settled import PartialDate
from kprules.records.shape import ListOf, Nested, Period, RecordShape, Reference, Vocabulary
from kprules.records.vocabulary import VOCABULARIES, record_name


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake: its code, its place, what is wrong and what to do."""

    code: str
    place: tuple[str | int, ...]
    message: str
    help: str = ""
    name: str = ""
    known: tuple[str, ...] = ()
    """Where a name is not known: the name, and those that are."""


WRONG_WHOLE = "wrong_whole"
"""The type of the error in which all mistakes of a record travel through pydantic."""


def refuse_what_is_wrong(record: BaseModel) -> None:
    """Raise what is wrong with a case or meeting, all at once."""
    wrong = tuple(wrong_facts(record, VOCABULARIES[record_name(type(record))]))
    if wrong:
        said = "; ".join(f"{spelt(w.place)}: {w.message}" for w in wrong)
        raise PydanticCustomError(WRONG_WHOLE, "{said}", {"said": said, "wrong": wrong})


def spelt(place: tuple[str | int, ...]) -> str:
    """Return a place as people write it: `links[0].actor`."""
    text = ""
    for key in place:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def wrong_facts(record: BaseModel, vocabulary: Vocabulary) -> Iterator[Wrong]:
    """Yield what is wrong with a record of any vocabulary."""
    return _Check(vocabulary, record).record(vocabulary.root, record, ())


@dataclass(frozen=True, slots=True)
class _Check:
    """One check of one whole record."""

    vocabulary: Vocabulary
    whole: BaseModel

    def record(
        self, shape: RecordShape, record: BaseModel, place: tuple[str | int, ...]
    ) -> Iterator[Wrong]:
        """Yield what is wrong in a record and in those inside it."""
        attributes = attributes_of(shape)
        for name, entry in shape.fields.items():
            value = record.__dict__.get(attributes[name])
            if value is None:
                continue
            here = (*place, name)
            match entry.type:
                case Reference():
                    yield from self._reference(entry.type, value, here)
                case Period():
                    yield from _period(value, here)
                case Nested(inner):
                    yield from self.record(self.vocabulary.shape_of(inner), value, here)
                case ListOf(inner, keyed):
                    entries = value.items() if keyed else enumerate(value)
                    for key, one in entries:
                        if one is not None:
                            yield from self.record(
                                self.vocabulary.shape_of(inner), one, (*here, key)
                            )
                case _:
                    pass

    def _reference(
        self, kind: Reference, value: Any, place: tuple[str | int, ...]
    ) -> Iterator[Wrong]:
        attribute = attributes_of(self.vocabulary.root)[kind.through]
        known = self.whole.__dict__.get(attribute) or {}
        for at, name in _said_values(value):
            if name in known or (kind.none and name == "none"):
                continue
            yield Wrong(
                "unknown-id",
                (*place, *at),
                f"`{name}` is no entry of `{kind.through}`",
                name=name,
                known=tuple(known),
            )


def _said_values(value: Any) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield everything that a fact, or a plain value, is said to be, and where below it."""
    if not isinstance(value, Fact):
        yield (), value
    elif value.contested:
        for i, claim in enumerate(value.contested):
            if claim.value is not None:
                yield ("contested", i, "value"), claim.value
    elif value.value is not None:
        yield (), value.value


def _period(value: Any, place: tuple[str | int, ...]) -> Iterator[Wrong]:
    """Yield a period of which every stated end is before every stated beginning."""
    begins = [_first(v) for _, v in _said_values(value.from_)] if value.from_ is not None else []
    ends = [_last(v) for _, v in _said_values(value.to)] if value.to is not None else []
    if begins and ends and max(ends) < min(begins):
        yield Wrong(
            "period-reversed",
            place,
            f"the period ends ({max(ends)}) before it begins ({min(begins)})",
            "exchange `from` and `to`",
        )


def _first(value: Any) -> date:
    return value.earliest if isinstance(value, PartialDate) else value


def _last(value: Any) -> date:
    return value.latest if isinstance(value, PartialDate) else value
