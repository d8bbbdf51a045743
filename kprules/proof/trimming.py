"""Leaving out of a record all that need not be said.

Guarantee: what was asked of the record still holds of it, and holds no more if any one thing that
it states is left out. Each step is tried on the record itself and taken back where it does not
hold, so that nothing is assumed of what was asked: `is known` and incomplete lists too. A line in
here touches one settled record.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, assert_never

from kprules.proof.admitted import never_unknown
from kprules.proof.asked import Key
from kprules.proof.models import set_value
from kprules.records.settled import (
    NO_RECORD,
    UNKNOWN_RECORD,
    Incomplete,
    Settled,
)
from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Type,
    slot,
)


def trim(
    record: Settled,
    holds: Callable[[Settled], bool],
    *,
    keep: Collection[Key] = (),
    whole: bool = False,
    monotone: bool = False,
) -> None:
    """Leave out of a record what need not be said for `holds`, in place.

    `keep` are fields of which nothing may become unknown; with `whole`, none may: only entries and
    members go. `monotone`: what does not hold of a record holds of none that states less; then a
    fact that could not be forgotten need not be tried again until something else was changed.
    """
    trimmer = _Trimmer(record, holds, keep, whole=whole, monotone=monotone)
    while trimmer.changed:
        trimmer.changed = False
        trimmer.record(record)
        trimmer.maps()


class _Trimmer:
    def __init__(
        self,
        root: Settled,
        holds: Callable[[Settled], bool],
        keep: Collection[Key],
        *,
        whole: bool,
        monotone: bool,
    ) -> None:
        self._root = root
        self._holds = holds
        self._keep = keep
        self._whole = whole
        self._monotone = monotone
        self.changed = True

    def record(self, at: Settled) -> None:
        """Try to leave out each thing that a record states, lists first."""
        shape = at._shape  # noqa: SLF001 - part of what a record shows
        for field, value in _stated(at):
            fixed = self._whole or field.required or (shape.name, field.name) in self._keep
            if fixed or not self._forget(at, field, value):
                self._less(at, field, value)

    def maps(self) -> None:
        """Try to leave out entries of maps that nothing refers to."""
        named: set[int] | None = None
        for field, value in _stated(self._root):
            if field.keyed and value:
                named = named or {id(record) for _, record in references(self._root)}
                for entry in value:
                    if id(entry) not in named:
                        self._drop(self._root, field, entry)

    def _try(self, at: Settled, name: str, attribute: str, value: Any) -> bool:
        """Set a field; take it back where what was asked holds no more."""
        before = getattr(at, attribute)
        if before is value or (type(before) is type(value) and before == value):
            return False
        set_value(at, name, value)
        if self._holds(self._root):
            forgot = value is None or value is UNKNOWN_RECORD
            self.changed |= not (forgot and self._monotone)
            return True
        set_value(at, name, before)
        return False

    def _forget(self, at: Settled, field: _Field, value: Any) -> bool:
        """Try to leave a field unknown; a map is left out once it is empty."""
        if field.keyed and value and at is self._root:
            return False
        unknown = UNKNOWN_RECORD if isinstance(field.type, Nested | Period | Reference) else None
        return self._try(at, field.name, field.attribute, unknown)

    def _less(self, at: Settled, field: _Field, value: Any) -> None:
        """Try to say less of a field that must be known."""
        match field.type:
            case Scalar() | Reference():
                pass
            case SetOf():
                for member in sorted(value, key=lambda v: (v is not None, str(v))):
                    rest = getattr(at, field.attribute) - {member}
                    self._try(at, field.name, field.attribute, rest)
            case Nested():
                self.record(value)
            case Period():
                if not self._whole:
                    for end in ("from", "to"):
                        self._try(value, end, slot(end), None)
            case ListOf():
                if isinstance(value, Incomplete):
                    self._try(at, field.name, field.attribute, tuple(value))
                for entry in reversed(value):
                    in_map = field.keyed and at is self._root
                    if in_map or not self._drop(at, field, entry):
                        self.record(entry)
            case _:
                assert_never(field.type)

    def _drop(self, at: Settled, field: _Field, entry: Settled) -> bool:
        entries = getattr(at, field.attribute)
        rest = [e for e in entries if e is not entry]
        return self._try(at, field.name, field.attribute, type(entries)(rest))


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a shape, and whether it is never unknown."""

    name: str
    attribute: str
    type: Type
    required: bool
    keyed: bool


_FIELDS: dict[int, tuple[RecordShape, tuple[_Field, ...]]] = {}


def _fields(shape: RecordShape) -> tuple[_Field, ...]:
    """Return a shape's fields, lists first; the table keeps it alive, and its number its own."""
    kept = _FIELDS.get(id(shape))
    if kept is None:
        required = never_unknown(shape)
        fields = [
            _Field(
                f.name,
                slot(f.name),
                f.type,
                f.name in required,
                isinstance(f.type, ListOf) and f.type.keyed,
            )
            for f in shape.fields.values()
        ]
        fields.sort(key=lambda f: not isinstance(f.type, ListOf))
        kept = _FIELDS[id(shape)] = (shape, tuple(fields))
    return kept[1]


def _stated(at: Settled) -> list[tuple[_Field, Any]]:
    """Return the fields that a record states, each with its value."""
    found = [(f, getattr(at, f.attribute)) for f in _fields(at._shape)]  # noqa: SLF001 - as above
    return [(f, v) for f, v in found if v is not None and v is not UNKNOWN_RECORD]


def references(at: Settled) -> Iterator[tuple[Key, Settled]]:
    """Yield the records that references name, each with the field that does."""
    for field, value in _stated(at):
        match field.type:
            case Reference() if value is not NO_RECORD:
                yield (at._shape.name, field.name), value  # noqa: SLF001 - as above
            case Nested():
                yield from references(value)
            case ListOf():
                for entry in value:
                    if entry is not UNKNOWN_RECORD:
                        yield from references(entry)
            case _:
                pass


def fill(
    record: Settled,
    holds: Callable[[Settled], bool],
    named: Callable[[Key], Collection[Any]],
) -> None:
    """Let sets that are empty hold a value that nobody asked about, where one is listed.

    An actor of no kind, or a stone from nowhere, is no case that anybody would meet.
    """
    for at in _records(record):
        for field, value in _stated(at):
            if isinstance(field.type, SetOf) and not value:
                asked = set(named((at._shape.name, field.name)))  # noqa: SLF001 - as above
                rest = [v for v in field.type.member.values if v not in asked]
                if rest:
                    setattr(at, field.attribute, frozenset(rest[:1]))
                    if not holds(record):
                        setattr(at, field.attribute, frozenset())


def _records(at: Settled) -> Iterator[Settled]:
    """Yield a record and those inside it."""
    yield at
    for field, value in _stated(at):
        if isinstance(field.type, Nested):
            yield from _records(value)
        elif isinstance(field.type, ListOf):
            for entry in value:
                yield from _records(entry)


def size(record: Settled) -> int:
    """Return how much a record states: values, members of sets, entries."""
    total = 0
    for field, value in _stated(record):
        total += 1
        match field.type:
            case SetOf():
                total += len(value)
            case Nested():
                total += size(value)
            case ListOf():
                total += sum(1 + size(entry) for entry in value)
            case _:
                pass
    return total
