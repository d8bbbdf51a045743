"""What an evaluation goes by, apart from definitions and cases; and the days that select both.

Guarantee: every condition that can change an outcome is here, so that a receipt can name them all.
A line in here touches conditions and dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from kprules.evaluation.trace import Value, value_of
from kprules.evaluation.walker import Walker
from kprules.formula.definition import Definition
from kprules.formula.meaning import denote
from kprules.formula.nodes import All, Compare, Path
from kprules.records.settled import Evidence, Settled
from kprules.records.shape import DATE, Period, Vocabulary

Readings = Literal["customary", "all"]


@dataclass(frozen=True, slots=True)
class Conditions:
    """Whose view, which standard of evidence, which readings, and whether lists are complete."""

    standard: Evidence = "established"
    view: str | None = None
    readings: Readings = "customary"
    reading: Mapping[str, str] = field(default_factory=dict)
    """Readings asked for: `definition.label` to the name of one."""
    closed: bool = False


def order_of(definition: Definition) -> tuple[date, str]:
    """Return what definitions are put in order by: `since` (those without come last), then id."""
    return definition.since or date.max, definition.id


def in_force(definitions: Iterable[Definition], day: date) -> list[Definition]:
    """Return the definitions in force on a day, as far as their `since` and `until` say."""
    return [d for d in definitions if (d.since or date.min) <= day <= (d.until or date.max)]


def covers(record: Settled, vocabulary: Vocabulary, day: date) -> Value:
    """Say whether a record's period includes a day; unknown where it only may."""
    period = vocabulary.root.fields.get("period")
    if period is None or not isinstance(period.type, Period):
        return Value.UNKNOWN
    return value_of(denote(days_covering(vocabulary, day), Walker({"": record})))


def days_covering(vocabulary: Vocabulary, day: date) -> All:
    """Return the form that a record's period includes a day."""

    def end(name: str) -> Path:
        return Path("", vocabulary.about, ("period", name), DATE)

    return All((Compare(end("from"), "<=", day), Compare(end("to"), ">=", day)))
