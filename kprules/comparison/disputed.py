"""Facts of a case that parties dispute: who claims what, and which definitions hang on it.

Guarantee: every fact that is contested or denied is here once, as its record states it. A line in
here touches validated records beside their settled form; it settles nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kprules.comparison.matrix import Subject
from kprules.comparison.switches import Readings, Switched
from kprules.evaluation.outcome import judged
from kprules.records.facts import Fact
from kprules.records.settle import attributes_of, evidence_of
from kprules.records.settled import Claimed, Settled, SettledPeriod
from kprules.records.shape import (
    PERIOD_FIELDS,
    Field,
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


@dataclass(frozen=True, slots=True)
class Disputed:
    """A fact on which parties disagree."""

    subject: Subject
    place: str
    """Where it lives in the record: `links[0].finances`."""
    doc: str
    """What its field means."""
    type: Type
    claims: tuple[Claimed, ...]
    deciding: tuple[str, ...] = ()
    """The definitions whose outcome is open, on established facts, because this fact is."""


def disputed(case: Switched, readings: Iterable[Readings]) -> tuple[Disputed, ...]:
    """Return the disputed facts of a case, those that most definitions hang on first."""
    every = tuple(readings)
    vocabulary = every[0].definition.vocabulary
    facts = list(_walk(case.seen[0].settled, vocabulary.about, vocabulary))
    if not facts:
        return ()
    hang = _hanging(case, every)
    found = [
        Disputed(case.subject, place, field.doc, kind, claims, hang.get(place, ()))
        for place, field, kind, claims in facts
    ]
    return tuple(sorted(found, key=lambda fact: (-len(fact.deciding), fact.place)))


def _hanging(case: Switched, readings: Iterable[Readings]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    seen = case.seen[0]
    for each in readings:
        if seen.outcomes[each.start] == 1:
            for unknown in judged(each.judgements[0], seen.settled).unknown:
                found[unknown.home] = (*found.get(unknown.home, ()), each.definition.id)
    return found


_Found = tuple[str, Field, Type, tuple[Claimed, ...]]


def _walk(at: Settled, record: str, vocabulary: Vocabulary) -> Iterator[_Found]:
    shape = vocabulary.root if record == vocabulary.about else vocabulary.shape_of(record)
    raw = at._raw  # noqa: SLF001 - the settled record's own account of itself
    if raw is None:
        return
    attributes = attributes_of(shape)
    for name, field in shape.fields.items():
        value = getattr(at, slot(name))
        match field.type:
            case Scalar() | SetOf() | Reference():
                if _is_disputed(raw.__dict__[attributes[name]]):
                    yield _place(at, name), field, field.type, evidence_of(at, [name])
            case Period():
                yield from _ends(at, value, field)
            case Nested(record=inner):
                if isinstance(value, Settled):
                    yield from _walk(value, inner, vocabulary)
            case ListOf(record=inner):
                for entry in value or ():
                    yield from _walk(entry, inner, vocabulary)


def _ends(at: Settled, value: Any, field: Field) -> Iterator[_Found]:
    if not isinstance(value, SettledPeriod) or value._raw is None:  # noqa: SLF001 - as above
        return
    for end in PERIOD_FIELDS:
        if _is_disputed(getattr(value._raw, slot(end))):  # noqa: SLF001 - as above
            place = f"{_place(at, field.name)}.{end}"
            yield place, field, PERIOD_FIELDS[end], evidence_of(value, [end])


def _place(at: Settled, name: str) -> str:
    return ".".join(filter(None, (at._place, name)))  # noqa: SLF001 - as above


def _is_disputed(fact: Any) -> bool:
    """Return whether parties name different values of a fact, or one denies what another says."""
    if not isinstance(fact, Fact):
        return False
    if fact.denied_by or any(_is_disputed(member) for member in fact.members):
        return True
    return len({claim.value for claim in fact.contested}) > 1
