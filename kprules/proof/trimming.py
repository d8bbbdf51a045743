"""Leaving out of a record all that need not be said.

Guarantee: what was asked of the record still holds of it, and holds no more if any one thing that
it states is left out. Each step is tried on the record itself and taken back where it does not
hold, so that nothing is assumed of what was asked: `is known` and incomplete lists too. A line in
here touches one settled record.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

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
) -> None:
    """Leave out of a record what need not be said for `holds`, in place.

    `keep` are fields of which nothing may become unknown; with `whole`, none may: only entries and
    members go.
    """
    trimmer = _Trimmer(record, holds, keep, whole=whole)
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
    ) -> None:
        self._root = root
        self._holds = holds
        self._keep = keep
        self._whole = whole
        self.changed = True

    def record(self, at: Settled) -> None:
        """Try to leave out each thing that a record states, lists first."""
        shape = at._shape  # noqa: SLF001 - part of what a record shows
        for name, kind, required in _plan(shape):
            value = getattr(at, slot(name))
            if value is None or value is UNKNOWN_RECORD:
                continue
            fixed = self._whole or required or (shape.name, name) in self._keep
            if not fixed and self._forget(at, name, kind):
                continue
            self._less(at, name, kind, value)

    def maps(self) -> None:
        """Try to leave out entries of maps that nothing refers to, and maps that are left empty."""
        shape = self._root._shape  # noqa: SLF001 - as above
        named = {id(record) for _, record in references(self._root)}
        for field in shape.fields.values():
            if isinstance(field.type, ListOf) and field.type.keyed:
                for entry in getattr(self._root, slot(field.name)) or ():
                    if id(entry) not in named:
                        self._drop(self._root, field.name, entry)

    def _try(self, at: Settled, name: str, value: Any) -> bool:
        """Set a field; take it back where what was asked holds no more."""
        before = getattr(at, slot(name))
        if before is value or (type(before) is type(value) and before == value):
            return False
        set_value(at, name, value)
        if self._holds(self._root):
            self.changed = True
            return True
        set_value(at, name, before)
        return False

    def _forget(self, at: Settled, name: str, kind: Type) -> bool:
        """Try to leave a field unknown."""
        match kind:
            case Nested() | Period() | Reference():
                return self._try(at, name, UNKNOWN_RECORD)
            case ListOf(keyed=True) if at is self._root and self._is_named(name):
                return False
            case _:
                return self._try(at, name, None)

    def _less(self, at: Settled, name: str, kind: Type, value: Any) -> None:
        """Try to say less of a field that must be known."""
        match kind:
            case Scalar() | Reference():
                pass
            case SetOf():
                for member in sorted(value, key=lambda v: (v is not None, str(v))):
                    self._try(at, name, getattr(at, slot(name)) - {member})
            case Nested():
                self.record(value)
            case Period():
                if not self._whole:
                    for end in ("from", "to"):
                        self._try(value, end, None)
            case ListOf(keyed=keyed):
                if isinstance(value, Incomplete):
                    self._try(at, name, tuple(value))
                for entry in reversed(value):
                    in_map = keyed and at is self._root
                    if in_map or not self._drop(at, name, entry):
                        self.record(entry)

    def _drop(self, at: Settled, name: str, entry: Settled) -> bool:
        entries = getattr(at, slot(name))
        rest = [e for e in entries if e is not entry]
        return self._try(at, name, type(entries)(rest))

    def _is_named(self, name: str) -> bool:
        """Return whether a reference names an entry of a map."""
        if not getattr(self._root, slot(name)):
            return False
        named = {id(record) for _, record in references(self._root)}
        return any(id(entry) in named for entry in getattr(self._root, slot(name)))


_PLANS: dict[int, tuple[RecordShape, list[tuple[str, Type, bool]]]] = {}


def _plan(shape: RecordShape) -> list[tuple[str, Type, bool]]:
    """Return a shape's fields, lists first, each with its type and whether it must be known."""
    kept = _PLANS.get(id(shape))
    if kept is None:
        required = never_unknown(shape)
        fields = [(f.name, f.type, f.name in required) for f in shape.fields.values()]
        fields.sort(key=lambda f: not isinstance(f[1], ListOf))
        kept = _PLANS[id(shape)] = (shape, fields)
    return kept[1]


def references(at: Settled) -> Iterator[tuple[Key, Settled]]:
    """Yield the records that references name, each with the field that does."""
    shape = at._shape  # noqa: SLF001 - part of what a record shows
    for name, kind, _ in _plan(shape):
        value = getattr(at, slot(name))
        if value is None or value is UNKNOWN_RECORD or value is NO_RECORD:
            continue
        match kind:
            case Reference():
                yield (shape.name, name), value
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
        shape = at._shape  # noqa: SLF001 - as above
        for name, kind, _ in _plan(shape):
            if isinstance(kind, SetOf) and getattr(at, slot(name)) == frozenset():
                asked = set(named((shape.name, name)))
                rest = [v for v in kind.member.values if v not in asked]
                if rest:
                    setattr(at, slot(name), frozenset(rest[:1]))
                    if not holds(record):
                        setattr(at, slot(name), frozenset())


def _records(at: Settled) -> Iterator[Settled]:
    """Yield a record and those inside it."""
    yield at
    for name, kind, _ in _plan(at._shape):  # noqa: SLF001 - as above
        value = getattr(at, slot(name))
        if value is None or value is UNKNOWN_RECORD:
            continue
        if isinstance(kind, Nested):
            yield from _records(value)
        elif isinstance(kind, ListOf):
            for entry in value:
                yield from _records(entry)


def size(record: Settled) -> int:
    """Return how much a record states: values, members of sets, entries."""
    total = 0
    for field in record._shape.fields.values():  # noqa: SLF001 - as above
        value = getattr(record, slot(field.name))
        if value is None or value is UNKNOWN_RECORD:
            continue
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
