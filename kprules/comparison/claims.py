"""Who affirms and who denies what a comparison asks, where its fact is alleged or contested.

Guarantee: a claim affirms where the comparison would be true if it were so, and denies where it
would be false. A line in here supposes one claim at a time and judges one comparison.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kprules.evaluation.facts import Unknown, unknown_at
from kprules.evaluation.reasons import Decisive, paths_read
from kprules.evaluation.supposing import Fact, Supposer
from kprules.evaluation.trace import Value, value_of
from kprules.formula.meaning import denote
from kprules.formula.nodes import Form, Overlaps, Path
from kprules.records.settled import NO_RECORD, Claimed, Settled
from kprules.records.shape import DATE, Reference, SetOf, Vocabulary, slot

Stance = Literal["affirms", "denies", "leaves open"]
_STANCES: Mapping[Value, Stance] = {
    Value.TRUE: "affirms",
    Value.FALSE: "denies",
    Value.UNKNOWN: "leaves open",
}


@dataclass(frozen=True, slots=True)
class Position:
    """What somebody claims of a fact, and what a comparison would be if they were right."""

    stance: Stance
    claim: Claimed
    by: tuple[str, ...]
    """Who takes it: those who claim the value, or those who deny it."""


@dataclass(frozen=True, slots=True)
class Open:
    """An unknown fact that a comparison reads, with everybody's position on it."""

    unknown: Unknown
    positions: tuple[Position, ...]


def open_facts(tree: Decisive, vocabulary: Vocabulary) -> tuple[Open, ...]:
    """Return the unknown facts that a deciding comparison reads."""
    form, scope = tree.note.form, tree.note.scope
    found: dict[str, Open] = {}
    for path in _steps(form):
        unknown = unknown_at(scope, path)
        if unknown is not None and unknown.home not in found:
            facts = list(Supposer(scope, {}).open_facts(path, vocabulary))
            positions = _positions(form, scope, facts[0], unknown) if len(facts) == 1 else ()
            found[unknown.home] = Open(unknown, tuple(positions))
    return tuple(found.values())


def _steps(form: Form) -> Iterator[Path]:
    for path in paths_read(form):
        if isinstance(form, Overlaps):
            for end in ("from", "to"):
                yield Path(path.variable, path.record, (*path.fields, end), DATE)
        else:
            yield path


def _positions(
    form: Form, scope: Mapping[str, Settled], fact: Fact, unknown: Unknown
) -> Iterator[Position]:
    for claim in unknown.claims:
        yield Position(_stance(form, scope, fact, claim.value), claim, claim.by)
        if claim.denied_by:
            opposite = not claim.value if isinstance(claim.value, bool) else None
            yield Position(_stance(form, scope, fact, opposite), claim, claim.denied_by)


def _stance(form: Form, scope: Mapping[str, Settled], fact: Fact, value: Any) -> Stance:
    """Return what a comparison would be if a claimed value were so."""
    if value is None:
        return "leaves open"
    match fact.type:
        case Reference(through=through):
            value = _entry(scope[""], through, value)
        case SetOf() if not isinstance(value, frozenset):
            value = frozenset({value, None})  # a member written long: others may be listed
        case _:
            pass
    return _STANCES[value_of(denote(form, Supposer(scope, {fact.home: value})))]


def _entry(record: Settled, through: str, key: str) -> Settled | None:
    """Return the record that a claimed reference names."""
    if key == "none":
        return NO_RECORD
    entries = getattr(record, slot(through)) or ()
    return next((e for e in entries if e._key == key), None)  # noqa: SLF001 - its own id
