"""Which facts definitions read that a record leaves out.

Guarantee: a fact is named where the record would have it; each definition that reads it is counted
once. A line in here looks facts up; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kprules.evaluation.reasons import paths_read
from kprules.evaluation.supposing import type_of
from kprules.formula.definition import Definition, walk
from kprules.records.settled import NO_RECORD, UNKNOWN_RECORD, Settled, SettledPeriod
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
        for key in fields_of(definition):
            read.setdefault(key, set()).add(definition.id)
    walk_ = _Walk(read, vocabulary)
    found = {m.path: m for m in walk_.missing(record, vocabulary.about, "")}
    return sorted(found.values(), key=lambda m: (-len(m.definitions), m.path))


def fields_of(definition: Definition) -> Iterator[tuple[str, str]]:
    """Yield the record and name of each field that a definition reads, on its way to others too."""
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


@dataclass(slots=True)
class _Walk:
    """A walk over a record and those inside it, or named by it, each once."""

    read: Fields
    vocabulary: Vocabulary
    seen: set[str] = field(default_factory=set)

    def missing(self, at: Any, record: str, place: str) -> Iterator[Missing]:
        """Yield what a record of a kind leaves out, and what those inside it do."""
        if place in self.seen:
            return
        self.seen.add(place)
        about = self.vocabulary.about
        shape = self.vocabulary.root if record == about else self.vocabulary.shape_of(record)
        for name, known in shape.fields.items():
            definitions = self.read.get((record, name))
            if definitions is None:
                continue
            here = f"{place}.{name}" if place else name
            value = None if at is UNKNOWN_RECORD else getattr(at, slot(name))
            if (value is None or value is UNKNOWN_RECORD) and not isinstance(known.type, Nested):
                if _left_out(at, name):
                    yield Missing(here, record, name, known.type, tuple(sorted(definitions)))
                continue
            yield from self._inside(value, known.type, here)

    def _inside(self, value: Any, kind: Type, here: str) -> Iterator[Missing]:
        match kind:
            case Nested(inner):
                yield from self.missing(value, inner, here)
            case Reference(inner) if value is not NO_RECORD:
                yield from self.missing(value, inner, value._place)  # noqa: SLF001 - its own account of itself
            case ListOf(inner):
                for entry in value or ():
                    yield from self.missing(entry, inner, entry._place)  # noqa: SLF001 - as above
            case Period():
                yield from _missing_ends(value, here, self.read)
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
