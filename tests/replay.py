"""A record of which only some facts are known: those that an explanation names.

Facts are plain values by the case's own paths, as reports give them. Records that references lead
to are made anew where nothing says which they are; lists may have more entries unless a fact says
which they have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from shop import ROOT, SHOP, day, period, set_date

from kprules.records.settled import NO_RECORD, UNKNOWN_RECORD, Incomplete, Settled, blank
from kprules.records.shape import ListOf, Nested, Period, Reference, Scalar, SetOf, Type, slot

_STEP = re.compile(r"(\w+)(\[\d+\])?")


class Replay:
    """The record as it is built up: records by their places, and the entries of lists."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        """Build the record from facts alone."""
        self.root = blank(ROOT, "")
        self._records: dict[str, Settled] = {"": self.root}
        self._entries: dict[tuple[str, str], dict[str, Settled]] = {}
        self._closed = set[tuple[str, str]]()
        for path in sorted(facts, key=len):  # a reference before what is beyond it
            self._know(path, facts[path])
        for (place, name), entries in self._entries.items():
            kind = tuple if (place, name) in self._closed else Incomplete
            setattr(self._records[place], name, kind(entries.values()))

    def _know(self, path: str, value: Any) -> None:
        *way, last = path.split(".")
        at: Any = self.root
        steps = iter(way)
        for step in steps:
            at = self._step(at, step, steps)
        if value is None:
            return  # that it is unknown is what is known of it
        if last in {"from", "to"}:
            set_date(at, last, day(value))
        else:
            self._set(at, last, at._shape.fields[last].type, value)

    def _step(self, at: Settled, step: str, steps: Iterator[str]) -> Settled:
        match = _STEP.fullmatch(step)
        assert match is not None
        name, index = match.groups()
        kind = at._shape.fields[name].type
        if isinstance(kind, ListOf):
            place = _under(at, name) + (index or f".{next(steps)}")
            return self._entry(at, name, kind, place)
        found: Settled = getattr(at, slot(name))
        if found is UNKNOWN_RECORD:
            if isinstance(kind, Period):
                found = period({}, "")
            else:
                found = self._record(_under(at, name), getattr(kind, "record", ""))
            setattr(at, slot(name), found)
        return found

    def _entry(self, at: Settled, name: str, kind: ListOf, place: str) -> Settled:
        entry = self._record(place, kind.record)
        self._entries.setdefault((at._place, name), {})[place] = entry
        return entry

    def _record(self, place: str, record: str) -> Settled:
        if place not in self._records:
            self._records[place] = blank(SHOP.shape_of(record), place)
        return self._records[place]

    def _set(self, at: Settled, name: str, kind: Type, value: Any) -> None:
        found: Any = value
        match kind:
            case Scalar(kind="date"):
                set_date(at, name, day(value))
                return
            case Scalar():
                pass
            case SetOf():
                found = frozenset(None if v == "unknown" else v for v in value)
            case Reference(record):
                found = NO_RECORD if value == "none" else self._record(f"makers.{value}", record)
            case Nested(record):
                assert value == "recorded"
                found = self._record(_under(at, name), record)
            case Period():
                found = period({k: v for k, v in value.items() if v is not None}, "")
            case ListOf(keyed=keyed):
                self._entries.setdefault((at._place, name), {})
                for entry in value:
                    if entry == "unknown":
                        continue
                    self._entry(at, name, kind, f"makers.{entry}" if keyed else entry)
                if "unknown" not in value:
                    self._closed.add((at._place, name))
                return
        setattr(at, slot(name), found)


def _under(at: Settled, name: str) -> str:
    return f"{at._place}.{name}" if at._place else name
