"""Facts as an explanation names them: the case's own path, the plain value, why it is unknown.

Guarantee: paths lead to where a fact was read (`links[0].actor.kinds`), and `home` to where it
lives (`actors.unita.kinds`). A line in here looks facts up; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from kprules.evaluation.supposing import is_open
from kprules.evaluation.walker import look_up
from kprules.formula.nodes import Path
from kprules.records.settled import (
    ABSENT,
    NO_RECORD,
    ONGOING,
    UNKNOWN_RECORD,
    Claimed,
    Settled,
    SettledPeriod,
    Why,
)
from kprules.records.shape import Reference, slot

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
    """Return a settled value as JSON knows it; an unknown member of a set as `unknown`."""
    if value is None or isinstance(value, bool | int | Decimal | str):
        return value
    if value is ABSENT or value is NO_RECORD:
        return "none"
    if isinstance(value, frozenset):
        members: list[Plain] = sorted((plain(v) for v in value if v is not None), key=str)
        return [*members, "unknown"] if None in value else members
    if isinstance(value, tuple):
        return [entry_name(entry) for entry in value]
    if isinstance(value, SettledPeriod):
        return {"from": plain(value.from_), "to": plain(value.to)}
    if isinstance(value, Settled):
        return entry_name(value)
    if value == ONGOING:
        return "ongoing"
    return value.isoformat() if isinstance(value, date) else str(value)


def entry_name(entry: Settled) -> str:
    """Return the id of a record in a map, else its place."""
    return entry._key or entry._place  # noqa: SLF001 - as in read_at


def value_at(scope: Mapping[str, Settled], path: Path) -> Plain:
    """Return the plain value that a path leads to."""
    return plain(look_up(scope, path))


def unknown_at(scope: Mapping[str, Settled], path: Path) -> Unknown | None:
    """Return the unknown fact that a path meets, the first on its way; None where all is known."""
    at: Any = scope[path.variable]
    for depth, name in enumerate(path.fields):
        if at is NO_RECORD:
            return None
        holder, at = at, getattr(at, slot(name))
        reached = Path(path.variable, path.record, path.fields[: depth + 1], path.type)
        last = depth + 1 == len(path.fields)
        if not last and at in (None, UNKNOWN_RECORD) and not _is_reference(holder, name):
            at = UNKNOWN_RECORD
            continue  # a record that is left out: its own field is what is missing
        if at is None or at is UNKNOWN_RECORD or (last and is_open(at)):
            return _unknown(holder, name, read_at(scope, reached), at)
        if at is ABSENT:
            return None
    return None


def _is_reference(holder: Settled, name: str) -> bool:
    if holder is UNKNOWN_RECORD:
        return False
    return isinstance(holder._shape.fields[name].type, Reference)  # noqa: SLF001 - as in read_at


def _unknown(holder: Settled, name: str, path: str, value: Any) -> Unknown:
    why = (holder._why or {}).get(name)  # noqa: SLF001 - as in read_at
    if why is None:
        why = Why("incomplete" if value is not None and value is not UNKNOWN_RECORD else "missing")
    kind: WhyUnknown
    match why.kind:
        case "missing" | "unknown":
            kind = "missing"
        case "denied":
            kind = "contested"
        case "alleged" | "contested" | "incomplete":
            kind = why.kind
    place = holder._place  # noqa: SLF001 - as in read_at
    home = f"{place}.{name}" if place else name
    return Unknown(path, kind, why.claims, path if holder is UNKNOWN_RECORD else home)
