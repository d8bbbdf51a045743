"""How many facts rest on what: a count by kind of record and level of evidence.

Guarantee: every fact that a record states is counted once, at the level that it states. A line in
here touches validated records; it settles nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Literal

from pydantic import BaseModel

from kprules.records.case import Period
from kprules.records.facts import Fact
from kprules.records.resting import floats
from kprules.records.settle import attributes_of, sources_of
from kprules.records.shape import Type
from kprules.records.vocabulary import VOCABULARIES

Level = Literal["established", "alleged", "contested", "denied", "unknown"]
LEVELS: tuple[Level, ...] = ("established", "alleged", "contested", "denied", "unknown")


def count_facts(records: Iterable[object]) -> dict[str, Counter[str]]:
    """Return, for each kind of record, how many facts are at each level, and how many unsourced."""
    found: dict[str, Counter[str]] = {}
    for record in records:
        for kind, fact, sourced in _facts(record):
            counts = found.setdefault(kind, Counter())
            counts[_level(fact)] += 1
            counts["without source"] += not sourced
    return found


def _level(fact: Fact[object]) -> Level:
    if fact.contested:
        return "contested"
    if fact.value is None:
        return "unknown"
    if fact.denied_by:
        return "denied"
    return fact.evidence


def _facts(record: object, *, above: bool = False) -> Iterator[tuple[str, Fact[object], bool]]:
    """Yield every fact with the kind of record that holds it, and whether it rests on a source.

    A period has the sources of the record that it is the period of; what states nothing needs none.
    """
    if not isinstance(record, BaseModel):
        return
    kind = type(record).__name__.lower()
    shared = above or bool(sources_of(record))
    types = _types(type(record))
    for name, value in record.__dict__.items():
        match value:
            case Fact():
                yield kind, value, shared or not floats(name, types.get(name), value)
            case Period():
                yield from _facts(value, above=shared)
            case dict():
                for inner in value.values():
                    yield from _facts(inner)
            case tuple():
                for inner in value:
                    yield from _facts(inner)
            case _:
                yield from _facts(value)


@cache
def _types(model: type[BaseModel]) -> Mapping[str, Type]:
    """Return the types of a record's fields by attribute, where the vocabularies know it."""
    for vocabulary in VOCABULARIES.values():
        for shape in vocabulary.records.values():
            if shape.model is model:
                attributes = attributes_of(shape)
                return {attributes[name]: field.type for name, field in shape.fields.items()}
    return {}
