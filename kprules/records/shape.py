"""What a kind of record is made of: the vocabulary that definitions are checked against.

Guarantee: plain values, made from pydantic models by `kprules.records.vocabulary` and from nothing
else. A line in here describes; it reads no record and judges none.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, TypeAlias

Kind = Literal["bool", "enum", "text", "number", "date"]


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value. An enumeration lists its values, `none` among them where a fact may be none."""

    kind: Kind
    values: tuple[str, ...] = ()
    """Allowed values of an enumeration, in the vocabulary's order."""
    name: str = ""
    """What people call the type: `country`, `actor kind`; empty where the kind says it all."""
    meanings: Mapping[str, str] = field(default_factory=dict, compare=False, hash=False)
    whole: bool = field(default=False, compare=False)
    """Numbers: whether only whole ones are allowed."""
    least: Any = field(default=None, compare=False)
    """Numbers: the least value allowed, or None."""
    most: Any = field(default=None, compare=False)
    """Numbers: the greatest value allowed, or None."""


@dataclass(frozen=True, slots=True)
class SetOf:
    """A set of values; one with an unknown member may include anything."""

    member: Scalar


@dataclass(frozen=True, slots=True)
class Reference:
    """A record of the same case, named by its id in the map `through` of the judged record."""

    record: str
    through: str
    none: bool = False
    """Whether it may be `none`: known not to be there."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """Records in a list, or in a map under ids (`keyed`); both are quantified alike."""

    record: str
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class Nested:
    """A record inside a record."""

    record: str


@dataclass(frozen=True, slots=True)
class Period:
    """Two dates, `from` and `to`, both inclusive."""


Type: TypeAlias = Scalar | SetOf | Reference | ListOf | Nested | Period

BOOL = Scalar("bool")
TEXT = Scalar("text")
NUMBER = Scalar("number")
DATE = Scalar("date")
PERIOD = Period()
PERIOD_FIELDS: Mapping[str, Scalar] = {"from": DATE, "to": DATE}


@cache
def slot(name: str) -> str:
    """Return the attribute that holds a field: its name, `_` behind where Python reserves it."""
    return name + "_" if keyword.iskeyword(name) else name


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record, with all that a person needs to know of it."""

    name: str
    type: Type
    says: Callable[[], str] = field(default=str, compare=False, repr=False)
    """Looks up what it means: nobody who judges asks."""

    @property
    def doc(self) -> str:
        """What it means."""
        return self.says()


@dataclass(frozen=True, slots=True)
class RecordShape:
    """A record's name in definitions (`link`, `actor`) and its fields in order."""

    name: str
    fields: Mapping[str, Field]
    doc: str = ""
    model: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A kind of record that definitions can be `about`, with every record it contains."""

    about: str
    root: RecordShape
    records: Mapping[str, RecordShape]

    def shape_of(self, record: str) -> RecordShape:
        """Return the shape of a record by its name."""
        return self.records[record]
