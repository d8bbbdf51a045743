"""What only a whole record shows: references to nothing, periods that end before they begin.

Guarantee: every such mistake is found, each with its place, in a record as plain data, so that
one with other mistakes is checked as well. A line in here compares what one record says with what
it says elsewhere; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final, TypeAlias

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from kprules.records.plain import plain_record
from kprules.records.settled import PartialDate
from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    Vocabulary,
)
from kprules.records.values import read_date
from kprules.records.vocabulary import VOCABULARIES, record_name

Place: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake: its code, its place, what is wrong and what to do."""

    code: str
    place: Place
    message: str
    help: str = ""
    name: str = ""
    known: tuple[str, ...] = ()
    """Where a name is not known: the name, and those that are."""


WRONG_WHOLE = "wrong_whole"
"""The type of the error in which all mistakes of a record travel through pydantic."""


LOOKED_THROUGH: Final[Mapping[str, bool]] = {"looked_through": True}
"""The context to validate a record in whose plain data `wrong_facts` found sound."""


def refuse_what_is_wrong(record: BaseModel) -> None:
    """Raise what is wrong with a case or meeting, all at once."""
    vocabulary = VOCABULARIES[record_name(type(record))]
    wrong = tuple(wrong_facts(plain_record(record), vocabulary))
    if wrong:
        said = "; ".join(f"{spelt(w.place)}: {w.message}" for w in wrong)
        raise PydanticCustomError(WRONG_WHOLE, "{said}", {"said": said})


def spelt(place: Place) -> str:
    """Return a place as people write it: `links[0].actor`."""
    text = ""
    for key in place:
        text += f"[{key}]" if isinstance(key, int) else f".{key}" if text else key
    return text


def wrong_facts(data: Any, vocabulary: Vocabulary) -> Iterator[Wrong]:
    """Yield what is wrong with a record as plain data, whatever else may be wrong with it."""
    if not isinstance(data, dict):
        return
    check = _Check(vocabulary, data)
    yield from check.incomplete()
    yield from check.record(vocabulary.root, data, ())


@dataclass(frozen=True, slots=True)
class _Check:
    """One check of one whole record."""

    vocabulary: Vocabulary
    whole: Mapping[str, Any]

    def incomplete(self) -> Iterator[Wrong]:
        """Yield names in `incomplete` that no list has."""
        named = self.whole.get("incomplete")
        known = tuple(list_names(self.vocabulary))
        for i, name in enumerate(named if isinstance(named, list) else ()):
            if isinstance(name, str) and name not in known:
                yield Wrong(
                    "unknown-value",
                    ("incomplete", i),
                    f"`{name}` is no list",
                    name=name,
                    known=known,
                )

    def record(self, shape: RecordShape, data: Any, place: Place) -> Iterator[Wrong]:
        """Yield what is wrong in a record and in those inside it."""
        if not isinstance(data, dict):
            return
        for name, entry in shape.fields.items():
            value = data.get(name)
            if value is None:
                continue
            here = (*place, name)
            match entry.type:
                case Scalar(kind="number"):
                    yield from _number(value, here)
                case Reference():
                    yield from self.reference(entry.type, value, here)
                case Period():
                    yield from _period(value, here)
                case Nested(inner):
                    yield from self.record(self.vocabulary.shape_of(inner), value, here)
                case ListOf(inner):
                    entries: Any = ()
                    if isinstance(value, dict):
                        entries = value.items()
                    elif isinstance(value, list):
                        entries = enumerate(value)
                    for key, one in entries:
                        below = self.vocabulary.shape_of(inner)
                        yield from self.record(below, one, (*here, key))
                case _:
                    pass

    def reference(self, kind: Reference, value: Any, place: Place) -> Iterator[Wrong]:
        """Yield ids that no entry of the map has."""
        known = self.whole.get(kind.through)
        if known is not None and not isinstance(known, dict):
            return
        for at, name in _said_values(value):
            if name in (known or ()) or (kind.none and name == "none"):
                continue
            yield Wrong(
                "unknown-id",
                (*place, *at),
                f"`{name}` is no entry of `{kind.through}`",
                name=name,
                known=tuple(known or ()),
            )


def _said_values(value: Any) -> Iterator[tuple[Place, str]]:
    """Yield every text that a fact, bare, long or contested, is said to be, and where."""
    match value:
        case str() if value != "unknown":
            yield (), value
        case {"contested": list() as claims}:
            for i, claim in enumerate(claims):
                for at, said in _said_values(claim):
                    yield ("contested", i, *at), said
        case {"value": str() as said} if said != "unknown":
            yield ("value",), said
        case _:
            pass


def _period(value: Any, place: Place) -> Iterator[Wrong]:
    """Yield a period of which every stated end is before every stated beginning."""
    if not isinstance(value, dict):
        return
    begins, ends = (_dates(value.get(end)) for end in ("from", "to"))
    if begins and ends:
        first, last = min(_first(d) for d in begins), max(_last(d) for d in ends)
        if last < first:
            yield Wrong(
                "period-reversed",
                place,
                f"the period ends ({last}) before it begins ({first})",
                "exchange `from` and `to`",
            )


def _dates(value: Any) -> list[date | PartialDate]:
    found: list[date | PartialDate] = []
    for _, text in _said_values(value):
        try:
            found.append(read_date(text))
        except PydanticCustomError:  # the field itself says what is wrong with it
            return []
    return found


def _first(value: date | PartialDate) -> date:
    return value.earliest if isinstance(value, PartialDate) else value


def _last(value: date | PartialDate) -> date:
    return value.latest if isinstance(value, PartialDate) else value


def _number(value: Any, place: Place) -> Iterator[Wrong]:
    try:
        finite = Decimal(str(value)).is_finite()
    except InvalidOperation:  # the field itself says what is wrong with it
        return
    if not finite:
        yield Wrong("type-mismatch", place, "a number must be finite")


def list_names(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the dotted names of the lists that a record may call incomplete."""
    yield from _lists(vocabulary, vocabulary.root, "", ())


def _lists(
    vocabulary: Vocabulary, shape: RecordShape, before: str, above: tuple[str, ...]
) -> Iterator[str]:
    if shape.name in above:  # a record inside itself: deeper names are the same again
        return
    for name, entry in shape.fields.items():
        match entry.type:
            case ListOf(inner):
                yield before + name
            case Nested(inner):
                pass
            case _:
                continue
        below = vocabulary.shape_of(inner)
        yield from _lists(vocabulary, below, f"{before}{name}.", (*above, shape.name))
