"""Settling: from what is claimed of each fact to a plain value, or unknown.

Guarantee: the rule in `kprules.records.said`, and nothing else, decides what a fact comes to;
every unknown says why. One plan a shape is made once, so that settling is a walk over attributes.
A line in here touches validated records and plain values; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from kprules.records.facts import Fact
from kprules.records.plans import Plans, Run, attributes_of, settled_record, sources_of
from kprules.records.said import claimed
from kprules.records.settled import Claimed, Evidence, Settled, SettledPeriod
from kprules.records.shape import Vocabulary, slot

__all__ = ["attributes_of", "evidence_of", "parties", "settle_case", "sources_of"]

_known_plans: dict[int, Plans] = {}


def _plans_of(vocabulary: Vocabulary) -> Plans:
    """Return the plans of a vocabulary; the table keeps it alive, so its number stays its own."""
    plans = _known_plans.get(id(vocabulary))
    if plans is None:
        plans = _known_plans[id(vocabulary)] = Plans(vocabulary)
    return plans


def settle_case(
    record: BaseModel,
    vocabulary: Vocabulary,
    *,
    view: str | None = None,
    standard: Evidence = "established",
    closed: bool = False,
) -> Settled:
    """Return a record with every fact settled, under a party's view and a standard of evidence.

    `closed` takes lists that may have entries which are not recorded to have none.
    """
    plans = _plans_of(vocabulary)
    missing = getattr(record, "incomplete", None)
    named = frozenset() if closed or not missing else frozenset(missing)
    run = Run(view, standard, named)
    for name, attribute, made in plans.maps():
        run.entries[name] = {key: made() for key in record.__dict__[attribute] or ()}
    return settled_record(run, plans.plan(vocabulary.root.name), record, "", "")


# --- who says what ------------------------------------------------------------------------------


def parties(record: object) -> frozenset[str]:
    """Return everybody who says or denies anything in a record."""
    found: set[str] = set()
    _add_parties(record, found)
    return frozenset(found)


def _add_parties(value: object, found: set[str]) -> None:
    match value:
        case Fact():
            found.update(value.by, value.denied_by)
            for claim in value.contested:
                found.update(claim.by)
            for member in value.members:
                _add_parties(member, found)
        case BaseModel():
            for inner in value.__dict__.values():
                _add_parties(inner, found)
        case dict():
            for inner in value.values():
                _add_parties(inner, found)
        case tuple() | list():
            for inner in value:
                _add_parties(inner, found)
        case _:
            pass


def evidence_of(settled: Settled, path: Sequence[str]) -> tuple[Claimed, ...]:
    """Return what is said of the fact that a path of fields leads to, with evidence and sources.

    A fact that names no sources has its record's. Nothing is said of what is missing, nor of lists
    and records; of a plain value (a model without facts) only the value itself is.
    """
    holder: Any = settled
    for name in path[:-1]:
        holder = getattr(holder, slot(name))
    record = getattr(holder, "_raw", None)
    if record is None:
        return ()
    if isinstance(holder, SettledPeriod):
        fact = {"from": record.from_, "to": record.to}[path[-1]]
    else:
        fact = record.__dict__[attributes_of(holder._shape)[path[-1]]]  # noqa: SLF001 - part of what a record shows
    if isinstance(fact, Fact):
        return claimed(fact, sources_of(record))
    if fact is None or isinstance(fact, BaseModel | dict | list | tuple):
        return ()
    return (Claimed(fact, evidence="established", sources=sources_of(record)),)
