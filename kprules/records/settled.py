"""A record whose facts are settled: each a plain value, or unknown.

Guarantee: one representation for every reader.

| in the record | here |
|---|---|
| unknown (missing, alleged, contested …) | `None` |
| boolean, enumerated value, text | `bool`, `str` |
| number | `int` or `Decimal` |
| date | three slots: `f` a `date` or `PartialDate`; `f_lo`, `f_hi` its first and last day |
| a period's `to` that has not come | `date.max` in all three slots |
| set | `frozenset`; an unknown member is `None` in it |
| list, map | `tuple` of records; `Incomplete` where entries may be missing |
| record, reference | `Settled`; `UNKNOWN_RECORD` where unknown, `NO_RECORD` where `none` |

Every field of `UNKNOWN_RECORD` is `None` (a record: itself); every field of `NO_RECORD` is `ABSENT`
(a reference or record: itself), which is known, equals nothing, is in nothing, contains nothing and
is neither less nor more than anything. A line in here holds values: no file, no judgement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, Literal

from kprules.records.shape import Nested, Period, RecordShape, Reference, Scalar, slot

Evidence = Literal["established", "alleged"]


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date that stops at the month or the year."""

    earliest: date
    latest: date
    text: str

    def __str__(self) -> str:
        """Return the date as it was written."""
        return self.text


@dataclass(frozen=True, slots=True)
class Claimed:
    """What somebody says a fact to be. `value` is plain; `None` where they say it is unknown."""

    value: Any
    by: tuple[str, ...] = ()
    evidence: Evidence = "alleged"
    sources: tuple[str, ...] = ()
    denied_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """Why a fact is unknown once settled."""

    kind: Literal["missing", "unknown", "alleged", "contested", "denied", "incomplete"]
    claims: tuple[Claimed, ...] = ()


class Incomplete(tuple[Any, ...]):
    """A list that may have entries which are not recorded."""

    __slots__ = ()


class Absent:
    """The value of a field beyond a reference that is `none`: known not to be there."""

    __slots__ = ()

    def __lt__(self, other: object) -> bool:
        """Nothing that is not there is less, or more, than anything."""
        return False

    __le__ = __gt__ = __ge__ = __lt__

    def __contains__(self, item: object) -> bool:
        """Nothing is in it."""
        return False

    def __iter__(self) -> Iterator[Any]:
        """Find no entries."""
        return iter(())

    def __len__(self) -> int:
        """Find no entries."""
        return 0

    def __bool__(self) -> bool:
        """Be not so."""
        return False

    def __repr__(self) -> str:
        """Say what it is."""
        return "ABSENT"


ABSENT: Final = Absent()


class Settled:
    """A settled record. Subclasses, one a shape, hold the fields in slots (see `settled_class`)."""

    __slots__ = ("_key", "_place", "_raw", "_why")
    _shape: ClassVar[RecordShape]
    _key: str | None
    """Its id in the map that holds it."""
    _place: str
    """Its path in the case, such as `links[0]`; empty for the whole record."""
    _raw: Any
    """The validated record that it was settled from, with evidence and sources."""
    _why: dict[str, Why] | None
    """For each unknown or open field, why."""

    def __getattr__(self, name: str) -> Any:
        """Refuse a field that was never set; a reader has a wrong name."""
        raise AttributeError(f"{type(self).__name__} has no settled field {name!r}")


def slots_of(shape: RecordShape) -> tuple[str, ...]:
    """Return the slots that hold a shape's fields; a date takes three."""
    names: list[str] = []
    for field in shape.fields.values():
        names.append(slot(field.name))
        if isinstance(field.type, Scalar) and field.type.kind == "date":
            names += [field.name + "_lo", field.name + "_hi"]
    return tuple(names)


_CLASSES: dict[int, type[Settled]] = {}


def settled_class(shape: RecordShape) -> type[Settled]:
    """Return the class that holds settled records of a shape; the same one each time."""
    made = _CLASSES.get(id(shape))
    if made is None:
        name = f"Settled{shape.name.title().replace('_', '')}"
        made = type(name, (Settled,), {"__slots__": slots_of(shape), "_shape": shape})
        _CLASSES[id(shape)] = made  # the class keeps its shape alive, so the id stays its own
    return made


class SettledPeriod(Settled):
    """A settled period: `from_`, `from_lo`, `from_hi`, `to`, `to_lo`, `to_hi`."""

    __slots__ = ("from_", "from_hi", "from_lo", "to", "to_hi", "to_lo")
    from_: date | PartialDate | None
    from_lo: date | None
    from_hi: date | None
    to: date | PartialDate | None
    to_lo: date | None
    to_hi: date | None


class _Everything(Settled):
    """A record all of whose fields are the same; those asked for once are found at once."""

    __slots__ = ("__dict__", "_value")

    def __init__(self, value: Any) -> None:
        self._value = value
        self._key = None
        self._place = ""
        self._raw = None
        self._why = None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self.__dict__[name] = self._value
        return self._value


UNKNOWN_RECORD: Final = _Everything(None)
NO_RECORD: Final = _Everything(ABSENT)
ONGOING: Final = date.max
"""The `to` of a period that is still going on."""


def blank(shape: RecordShape, place: str, into: Settled | None = None) -> Settled:
    """Return a record of a shape of which nothing is known; `into` one that is made already."""
    made = settled_class(shape).__new__(settled_class(shape)) if into is None else into
    for name, value in (("_key", None), ("_place", place), ("_raw", None), ("_why", None)):
        setattr(made, name, value)
    for name in slots_of(shape):
        setattr(made, name, None)
    for field in shape.fields.values():
        if isinstance(field.type, Reference | Nested | Period):
            setattr(made, slot(field.name), UNKNOWN_RECORD)
    return made
