"""How records of one shape are settled: a step a field, made once.

Guarantee: every field of a settled record is set, and every one that is unknown or open says why. A
line in here touches validated records and plain values; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final, assert_never

from pydantic import BaseModel

from kprules.records.facts import Fact
from kprules.records.said import said
from kprules.records.settled import (
    NO_RECORD,
    ONGOING,
    UNKNOWN_RECORD,
    Evidence,
    Incomplete,
    PartialDate,
    Settled,
    SettledPeriod,
    Why,
    blank,
    settled_class,
)
from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Vocabulary,
    slot,
)
from kprules.records.vocabulary import field_name

MISSING: Final = Why("missing")
INCOMPLETE: Final = Why("incomplete")
_LARGEST_EXPONENT: Final = 40


# --- plain values -------------------------------------------------------------------------------


def _plain_number(value: Any, place: str) -> int | Decimal:
    if isinstance(value, int):
        return value
    number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        raise ValueError(f"{place} is not a finite number: {value}")
    if number.adjusted() < _LARGEST_EXPONENT and number == number.to_integral_value():
        return int(number)
    return number


def _plain_scalar(kind: Scalar) -> Callable[[Any, str], Any] | None:
    """Return what makes a model's value plain, where something must."""
    if kind.kind == "number":
        return _plain_number
    if kind.kind == "enum":
        return lambda value, _: value.value if isinstance(value, Enum) else value
    return None


# --- plans --------------------------------------------------------------------------------------


@dataclass(slots=True)
class Run:
    """What one settling goes by."""

    view: str | None
    standard: Evidence
    incomplete: frozenset[str]
    entries: dict[str, dict[str, Settled]] = field(default_factory=dict)
    """The settled records that references may name, by map and id; filled as the walk goes."""


_Step = Callable[[Run, Settled, Any, str, str], Why | None]
"""Sets the slots of a field from run, record, raw value, place and dotted name; says why not."""


@dataclass(slots=True)
class _Plan:
    """How records of one shape are settled."""

    make: type[Settled]
    steps: list[tuple[str, str, _Step]]
    """Name, attribute of the model, and step, for each field."""


def _asked(run: Run, raw: Any) -> tuple[Any, Why | None]:
    if raw is None:
        return None, MISSING
    if isinstance(raw, Fact):
        return said(raw, run.view, run.standard)
    return raw, None


def _scalar_step(name: str, kind: Scalar) -> _Step:
    at, plain = slot(name), _plain_scalar(kind)

    def step(run: Run, into: Settled, raw: Any, place: str, _: str) -> Why | None:
        value, why = _asked(run, raw)
        if plain is not None and value is not None:
            value = plain(value, place)
        setattr(into, at, value)
        return why

    return step


def _date_step(name: str) -> _Step:
    at, low, high = slot(name), name + "_lo", name + "_hi"

    def step(run: Run, into: Settled, raw: Any, _place: str, _: str) -> Why | None:
        value, why = _asked(run, raw)
        setattr(into, at, value)
        first, last = _days(value)
        setattr(into, low, first)
        setattr(into, high, last)
        return why

    return step


def _days(value: date | PartialDate | None) -> tuple[date | None, date | None]:
    return (value.earliest, value.latest) if isinstance(value, PartialDate) else (value, value)


def _set_step(name: str, kind: SetOf) -> _Step:
    at, plain = slot(name), _plain_scalar(kind.member)

    def step(run: Run, into: Settled, raw: Any, place: str, _: str) -> Why | None:
        value, why = _asked(run, raw)
        if value is not None:
            if plain is not None:
                value = (v if v is None else plain(v, place) for v in value)
            value = frozenset(value)
            if why is None and None in value:
                why = Why("unknown")
        setattr(into, at, value)
        return why

    return step


def _reference_step(name: str, kind: Reference) -> _Step:
    at = slot(name)

    def step(run: Run, into: Settled, raw: Any, place: str, _: str) -> Why | None:
        value, why = _asked(run, raw)
        found: Settled
        if value is None:
            found = UNKNOWN_RECORD
        elif kind.none and value == "none":
            found = NO_RECORD
        else:
            entry = run.entries.get(kind.through, {}).get(value)
            if entry is None:
                raise ValueError(f"{place} names no entry of `{kind.through}`: `{value}`")
            found = entry
        setattr(into, at, found)
        return why

    return step


def _period_step(name: str) -> _Step:
    at = slot(name)

    def step(run: Run, into: Settled, raw: Any, place: str, _: str) -> Why | None:
        if raw is None:
            setattr(into, at, UNKNOWN_RECORD)
            return MISSING
        setattr(into, at, _settled_period(run, raw, place))
        return None

    return step


def _settled_period(run: Run, raw: Any, place: str) -> SettledPeriod:
    """Settle both ends. Without `to`, a period whose `from` is known is still going on."""
    made = SettledPeriod()
    made._key, made._place, made._raw = None, place, raw  # noqa: SLF001 - this makes them
    reasons: dict[str, Why] = {}
    begins, why = _asked(run, raw.from_)
    if why is not None:
        reasons["from"] = why
    if raw.to is not None:
        ends, why = _asked(run, raw.to)
        if why is not None:
            reasons["to"] = why
    elif begins is not None:
        ends = ONGOING
    else:
        ends, reasons["to"] = None, reasons["from"]
    made.from_, made.to = begins, ends
    made.from_lo, made.from_hi = _days(begins)
    made.to_lo, made.to_hi = _days(ends)
    made._why = reasons or None  # noqa: SLF001 - as above
    return made


def _nested_step(name: str, plan: Callable[[], _Plan]) -> _Step:
    at = slot(name)

    def step(run: Run, into: Settled, raw: Any, place: str, dotted: str) -> Why | None:
        if raw is None:
            setattr(into, at, UNKNOWN_RECORD)
            return MISSING
        setattr(into, at, settled_record(run, plan(), raw, place, dotted))
        return None

    return step


def _list_step(name: str, plan: Callable[[], _Plan], *, keyed: bool) -> _Step:
    at = slot(name)

    def step(run: Run, into: Settled, raw: Any, place: str, dotted: str) -> Why | None:
        if raw is None:
            setattr(into, at, None)
            return MISSING
        entries: Iterable[Settled]
        if keyed:
            shells = run.entries.get(dotted, {})
            entries = [
                settled_record(run, plan(), record, f"{place}.{key}", dotted, key, shells.get(key))
                for key, record in raw.items()
            ]
        else:
            entries = [
                settled_record(run, plan(), record, f"{place}[{i}]", dotted)
                for i, record in enumerate(raw)
            ]
        if dotted in run.incomplete:
            setattr(into, at, Incomplete(entries))
            return INCOMPLETE
        setattr(into, at, tuple(entries))
        return None

    return step


def settled_record(
    run: Run,
    plan: _Plan,
    record: Any,
    place: str,
    dotted: str,
    key: str | None = None,
    shell: Settled | None = None,
) -> Settled:
    """Return a record settled by its plan; into `shell` where references lead to it."""
    if record is None:  # an entry of which nothing is known
        made = blank(plan.make._shape, place, shell)  # noqa: SLF001 - this makes them
        made._key = key  # noqa: SLF001 - as above
        return made
    made = plan.make() if shell is None else shell
    made._key, made._place, made._raw = key, place, record  # noqa: SLF001 - this makes them
    reasons: dict[str, Why] = {}
    values = record.__dict__
    before, under = (place + "." if place else ""), (dotted + "." if dotted else "")
    for name, attribute, step in plan.steps:
        why = step(run, made, values[attribute], before + name, under + name)
        if why is not None:
            reasons[name] = _sourced(why, record) if why.claims else why
    made._why = reasons or None  # noqa: SLF001 - as above
    return made


def _sourced(why: Why, record: object) -> Why:
    """Return the reason with the record's sources on claims that name none."""
    sources = sources_of(record)
    if not sources or all(c.sources for c in why.claims):
        return why
    return replace(
        why, claims=tuple(c if c.sources else replace(c, sources=sources) for c in why.claims)
    )


@dataclass(slots=True)
class Plans:
    """The plans of a vocabulary, made as they are needed."""

    vocabulary: Vocabulary
    made: dict[str, _Plan] = field(default_factory=dict)
    _maps: list[tuple[str, str, type[Settled]]] | None = None

    def maps(self) -> list[tuple[str, str, type[Settled]]]:
        """Return the maps of the whole record: name, attribute, and class of their entries."""
        if self._maps is None:
            root = self.vocabulary.root
            attributes = attributes_of(root)
            self._maps = [
                (name, attributes[name], self.plan(entry.type.record).make)
                for name, entry in root.fields.items()
                if isinstance(entry.type, ListOf) and entry.type.keyed
            ]
        return self._maps

    def plan(self, record: str) -> _Plan:
        """Return the plan of a record by its name."""
        plan = self.made.get(record)
        if plan is None:
            shape = self.vocabulary.shape_of(record)
            plan = self.made[record] = _Plan(settled_class(shape), [])
            attributes = attributes_of(shape)
            for name, entry in shape.fields.items():
                plan.steps.append((name, attributes[name], self._step(name, entry.type)))
        return plan

    def _step(self, name: str, kind: Any) -> _Step:
        match kind:
            case Scalar(kind="date"):
                return _date_step(name)
            case Scalar():
                return _scalar_step(name, kind)
            case SetOf():
                return _set_step(name, kind)
            case Reference():
                return _reference_step(name, kind)
            case Period():
                return _period_step(name)
            case Nested(record):
                return _nested_step(name, lambda: self.plan(record))
            case ListOf(record, keyed):
                return _list_step(name, lambda: self.plan(record), keyed=keyed)
            case _:
                assert_never(kind)


def attributes_of(shape: RecordShape) -> dict[str, str]:
    """Return the model's attribute for each field of a shape: an alias may name it otherwise."""
    model: type[BaseModel] = shape.model
    return {field_name(a, info): a for a, info in model.model_fields.items()}


def sources_of(record: object) -> tuple[str, ...]:
    """Return the sources that stand for those facts of a record that name none."""
    keys = getattr(record, "cites", None) or getattr(record, "sources", None)
    return keys if isinstance(keys, tuple) else ()
