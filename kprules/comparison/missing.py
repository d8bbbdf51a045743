"""Which facts definitions read that a record leaves out.

Guarantee: a fact is named where the record would have it; each definition that reads it is counted
once. A line in here looks facts up; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from kprules.evaluation.reasons import paths_read
from kprules.evaluation.supposing import type_of
from kprules.formula.definition import Definition, walk
from kprules.records.settled import UNKNOWN_RECORD, Settled, SettledPeriod
from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    Reference,
    Scalar,
    SetOf,
    Type,
    Vocabulary,
    slot,
)

Fields = dict[tuple[str, str], set[str]]
"""Record and field, with the ids of the definitions that read it."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact that the record leaves out, with the definitions that read it."""

    path: str
    record: str
    field: str
    type: Type
    definitions: tuple[str, ...]


def missing(
    record: Settled, vocabulary: Vocabulary, definitions: Iterable[Definition]
) -> list[Missing]:
    """Return the facts left out, those that most definitions read first."""
    read: Fields = {}
    for definition in definitions:
        for key in _fields_of(definition):
            read.setdefault(key, set()).add(definition.id)
    found = {m.path: m for m in _missing(record, vocabulary.about, "", read, vocabulary)}
    return sorted(found.values(), key=lambda m: (-len(m.definitions), m.path))


def _fields_of(definition: Definition) -> Iterator[tuple[str, str]]:
    vocabulary = definition.vocabulary
    for form in (definition.captures, *definition.exceptions):
        for node in walk(form):
            for path in paths_read(node):
                record = path.record
                for name in path.fields:
                    yield record, name
                    match type_of(vocabulary, record, name):
                        case Reference(record=inner) | Nested(record=inner):
                            record = inner
                        case Period():
                            record = "period"
                        case Scalar() | SetOf() | ListOf():
                            break


def _missing(
    at: Any, record: str, place: str, read: Fields, vocabulary: Vocabulary
) -> Iterator[Missing]:
    """Yield what a record of a kind leaves out, and what those inside it do."""
    shape = vocabulary.root if record == vocabulary.about else vocabulary.shape_of(record)
    for name, field in shape.fields.items():
        definitions = read.get((record, name))
        if definitions is None:
            continue
        here = f"{place}.{name}" if place else name
        value = None if at is UNKNOWN_RECORD else getattr(at, slot(name))
        if (value is None or value is UNKNOWN_RECORD) and not isinstance(field.type, Nested):
            if _left_out(at, name):
                yield Missing(here, record, name, field.type, tuple(sorted(definitions)))
            continue
        match field.type:
            case Nested(inner):
                yield from _missing(value, inner, here, read, vocabulary)
            case ListOf(inner):
                for entry in value or ():
                    yield from _missing(entry, inner, entry._place, read, vocabulary)  # noqa: SLF001 - its own account of itself
            case Period():
                yield from _missing_ends(value, here, read)
            case _:
                pass


def _left_out(at: Settled, name: str) -> bool:
    """Return whether nothing is said of a fact, rather than too much."""
    why = None if at is UNKNOWN_RECORD else (at._why or {}).get(name)  # noqa: SLF001 - as above
    return why is None or why.kind in {"missing", "unknown"}


def _missing_ends(period: Any, place: str, read: Fields) -> Iterator[Missing]:
    if not isinstance(period, SettledPeriod):
        return
    for end in ("from", "to"):
        definitions = read.get(("period", end)) or set()
        if definitions and getattr(period, slot(end)) is None and _left_out(period, end):
            yield Missing(
                f"{place}.{end}", "period", end, Scalar("date"), tuple(sorted(definitions))
            )
