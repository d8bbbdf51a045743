"""Facts as an explanation names them: the case's own path, the plain value, why it is unknown.

Guarantee: paths lead to where a fact was read (`links[0].actor.kinds`), and `home` to where it
lives (`actors.unita.kinds`). A line in here looks facts up; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, assert_never

from kprules.evaluation.supposing import is_open
from kprules.formula.definition import NOTHING
from kprules.formula.nodes import Path
from kprules.records.settled import (
    ABSENT,
    NO_RECORD,
    ONGOING,
    UNKNOWN_RECORD,
    Claimed,
    Incomplete,
    Settled,
    SettledPeriod,
    Why,
)
from kprules.records.shape import Nested, Reference, Type, Vocabulary, slot

Plain = None | bool | int | str | Decimal | list["Plain"] | dict[str, "Plain"]
WhyUnknown = Literal["missing", "alleged", "contested", "incomplete", "ambiguous"]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A fact that decides and is unknown, with why: who alleges, affirms and denies what."""

    path: str
    why: WhyUnknown
    claims: tuple[Claimed, ...] = ()
    home: str = ""
    """Where the fact lives in the record: equal for two paths that lead to one fact."""
    readings: Mapping[str, str] | None = None
    """Of an ambiguity: each reading beside the outcome under it."""


def read_at(scope: Mapping[str, Settled], path: Path) -> str:
    """Return the path as the case spells it: `links[0].actor.kinds`."""
    place = scope[path.variable]._place  # noqa: SLF001 - the settled record's own account of itself
    return ".".join(filter(None, (place, *path.fields)))


def plain(value: Any) -> Plain:
    """Return a settled value as JSON knows it.

    An unknown member of a set, and entries that may be missing from a list, are `unknown`.
    """
    if value is UNKNOWN_RECORD:
        return None
    if value is None or isinstance(value, bool | int | Decimal | str):
        return value
    if value is ABSENT or value is NO_RECORD:
        return "none"
    if isinstance(value, frozenset):
        members: list[Plain] = sorted((plain(v) for v in value if v is not None), key=str)
        return [*members, "unknown"] if None in value else members
    if isinstance(value, tuple):
        return listed(value)
    if isinstance(value, SettledPeriod):
        return {"from": plain(value.from_), "to": plain(value.to)}
    if isinstance(value, Settled):
        return entry_name(value)
    if value == ONGOING:
        return "ongoing"
    return value.isoformat() if isinstance(value, date) else str(value)


def words(value: Any) -> Plain:
    """Return a settled set of words as `plain` does."""
    if not isinstance(value, frozenset):
        return plain(value)
    if None not in value:
        return sorted(value)
    return [*sorted(word for word in value if word is not None), "unknown"]


def listed(value: Any) -> Plain:
    """Return the names of a settled list as `plain` does."""
    if not isinstance(value, tuple):
        return plain(value)
    names: list[Plain] = [entry._key or entry._place for entry in value]  # noqa: SLF001 - as above
    return [*names, "unknown"] if isinstance(value, Incomplete) else names


def entry_name(entry: Settled) -> str:
    """Return the id of a record in a map, else its place."""
    return entry._key or entry._place  # noqa: SLF001 - as in read_at


def found_at(
    scope: Mapping[str, Settled], path: Path, vocabulary: Vocabulary = NOTHING
) -> tuple[str, Plain]:
    """Return the fact that answers a path, and its value: the path's own, or one on the way there.

    Beyond a reference that is none, or not known, it is the reference that answers.
    """
    at: Any = scope[path.variable]
    read = at._place  # noqa: SLF001 - the settled record's own account of itself
    for depth, name in enumerate(path.fields):
        read = f"{read}.{name}" if read else name
        at = getattr(at, slot(name))
        if at is None:
            at = UNKNOWN_RECORD
        if at is NO_RECORD:
            return read, "none"
        if at is UNKNOWN_RECORD and _is_reference(scope, path, vocabulary, depth):
            return read, None
    if at is not UNKNOWN_RECORD and isinstance(path.type, Nested) and isinstance(at, Settled):
        return read, "recorded"
    return read, plain(at)


def _is_reference(
    scope: Mapping[str, Settled], path: Path, vocabulary: Vocabulary, depth: int
) -> bool:
    """Return whether a field on the way of a path is a reference."""
    at: Any = scope[path.variable]
    record: str | None = path.record
    for name in path.fields[:depth]:
        record = getattr(_type_of(vocabulary, at, record, name), "record", None)
        at = _looked_at(at, name)
    last = depth + 1 == len(path.fields)
    kind = path.type if last else _type_of(vocabulary, at, record, path.fields[depth])
    return isinstance(kind, Reference)


def unknown_at(
    scope: Mapping[str, Settled], path: Path, vocabulary: Vocabulary = NOTHING
) -> Unknown | None:
    """Return the unknown fact that a path meets, the first on its way; None where all is known."""
    at: Any = scope[path.variable]
    record: str | None = path.record
    read = home = at._place  # noqa: SLF001 - the settled record's own account of itself
    last = len(path.fields) - 1
    for depth, name in enumerate(path.fields):
        read = f"{read}.{name}" if read else name
        home = f"{home}.{name}" if home else name
        value = _looked_at(at, name)
        if value is NO_RECORD:
            return None
        unknown = value is UNKNOWN_RECORD
        if depth == last:
            return _unknown(at, name, read, home) if unknown or is_open(value) else None
        kind = _type_of(vocabulary, at, record, name)
        if unknown and isinstance(kind, Reference):
            return _unknown(at, name, read, home)
        record = getattr(kind, "record", None)
        if isinstance(value, Settled) and not isinstance(value, SettledPeriod):
            home = value._place or home  # noqa: SLF001 - as above
        at = value
    return None


def _looked_at(at: Settled, name: str) -> Any:
    """Return what a field holds; whatever is unknown is `UNKNOWN_RECORD`."""
    value = getattr(at, slot(name))
    return UNKNOWN_RECORD if value is None else value


def _type_of(vocabulary: Vocabulary, at: Settled, record: str | None, name: str) -> Type | None:
    """Return the type of a field, where it is known."""
    shape = vocabulary.records.get(record or "") or getattr(at, "_shape", None)
    return shape.fields[name].type if shape is not None and name in shape.fields else None


def _unknown(holder: Settled, name: str, read: str, home: str) -> Unknown:
    """Return an unknown fact: the path as the case spells it, and the one where it lives."""
    why = (holder._why or {}).get(name)  # noqa: SLF001 - as above
    if why is None:
        why = Why("missing" if _looked_at(holder, name) is UNKNOWN_RECORD else "incomplete")
    kind: WhyUnknown
    match why.kind:
        case "missing" | "unknown":
            kind = "missing"
        case "denied":
            kind = "contested"
        case "alleged" | "contested" | "incomplete":
            kind = why.kind
        case _:
            assert_never(why.kind)
    return Unknown(read, kind, why.claims, home)
