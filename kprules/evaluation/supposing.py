"""A record as it would be if some facts were known.

Guarantee: the record itself is never changed; what is supposed is looked up before it. A fact is
named by its home, the path where it lives (`actors.unita.kinds`), so that it is one fact however it
is reached. A line in here looks facts up; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kprules.evaluation.walker import Likeness, Walker
from kprules.formula.nodes import Path
from kprules.logic import Truth
from kprules.records.settled import (
    ABSENT,
    NO_RECORD,
    UNKNOWN_RECORD,
    Incomplete,
    PartialDate,
    Settled,
    SettledPeriod,
)
from kprules.records.shape import (
    PERIOD_FIELDS,
    Nested,
    Period,
    Reference,
    Type,
    Vocabulary,
    slot,
)

Supposed = Mapping[str, Any]
"""Settled values by home. A list is its entries, complete or `Incomplete`."""


class Added(tuple[Any, ...]):
    """Entries to look at behind those that a list has; it may still have more."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact by where it lives, how it was reached, and what it may be."""

    home: str
    read: str
    record: str
    """The name of the record that holds it; `period` for an end of one."""
    field: str
    type: Type
    now: Any
    """Its settled value: None, or an open set, an incomplete list, a date that stops short."""


class Supposer(Walker):
    """The plain engine with some facts supposed."""

    __slots__ = ("supposed",)

    def __init__(
        self,
        scope: Mapping[str, Settled],
        supposed: Supposed,
        counted: dict[Likeness, Truth[bool]] | None = None,
    ) -> None:
        """Look at the records in scope as if what is supposed were so."""
        super().__init__(scope, counted)
        self.supposed = supposed

    def look_up(self, path: Path) -> Any:
        """Return what a path leads to under what is supposed."""
        at: Any = self.scope[path.variable]
        place = at._place  # noqa: SLF001 - the settled record's own account of itself
        for name in path.fields:
            if at is NO_RECORD or at is ABSENT:
                return ABSENT
            place, at = self._step(place, at, name)
        return None if at is UNKNOWN_RECORD else at

    def inside(self, variable: str, entry: Settled) -> Supposer:
        """Return the same suppositions with an entry in scope."""
        return Supposer({**self.scope, variable: entry}, self.supposed, self.counted)

    def _step(self, place: str, at: Any, name: str) -> tuple[str, Any]:
        home = f"{place}.{name}" if place else name
        found = None if at is None or at is UNKNOWN_RECORD else getattr(at, slot(name))
        if home in self.supposed:
            supposed = self.supposed[home]
            if isinstance(supposed, Added):
                supposed = Incomplete((*(found or ()), *supposed))
            found = supposed
        if isinstance(found, Settled) and not isinstance(found, SettledPeriod):
            return found._place or home, found  # noqa: SLF001 - as above
        return home, found

    def open_facts(self, path: Path, vocabulary: Vocabulary) -> Iterator[Fact]:
        """Yield the fact on a path that is not wholly known, a reference before what is beyond."""
        at: Any = self.scope[path.variable]
        place = read = at._place  # noqa: SLF001 - as above
        record = path.record
        for index, name in enumerate(path.fields):
            if at is NO_RECORD or at is ABSENT:
                return
            last = index + 1 == len(path.fields)
            home = f"{place}.{name}" if place else name
            read = f"{read}.{name}" if read else name
            kind = type_of(vocabulary, record, name)
            place, at = self._step(place, at, name)
            unknown = at is None or at is UNKNOWN_RECORD
            if last and isinstance(kind, Period):
                for end, end_type in PERIOD_FIELDS.items():
                    _, value = self._step(home, at, end)
                    if value is None or isinstance(value, PartialDate):
                        yield Fact(f"{home}.{end}", f"{read}.{end}", "period", end, end_type, value)
                return
            if (unknown and (last or isinstance(kind, Reference))) or (last and is_open(at)):
                yield Fact(home, read, record, name, kind, None if unknown else at)
                return
            match kind:
                case Reference(record=inner) | Nested(record=inner):
                    record = inner
                case Period():
                    record = "period"
                case _:
                    pass


def type_of(vocabulary: Vocabulary, record: str, name: str) -> Type:
    """Return the type of a field of a record, or of an end of a period."""
    if record == "period" and record not in vocabulary.records:
        return PERIOD_FIELDS[name]
    return vocabulary.records[record].fields[name].type


def is_open(value: Any) -> bool:
    """Return whether a known value leaves something open: an incomplete list, an open set."""
    if isinstance(value, Incomplete | PartialDate):
        return True
    return isinstance(value, frozenset) and None in value
