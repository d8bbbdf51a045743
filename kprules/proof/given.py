"""A given record as literals: what each fact that is asked about is now.

Guarantee: under the literals of all its facts a space has one model as far as a formula can see,
and that is the record. A line in here touches one settled record and the literals of its facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, assert_never

from kprules.formula.definition import Judgement, judge
from kprules.proof.asked import Asked, Key, Place, asked_by
from kprules.proof.domains import Domains
from kprules.proof.encoding import Encoder
from kprules.proof.gates import Literal
from kprules.proof.space import (
    Cell,
    ListCell,
    ReferenceCell,
    SetCell,
    Sizes,
    Slot,
    Space,
    ValueCell,
)
from kprules.records.settled import NO_RECORD, UNKNOWN_RECORD, Incomplete, Settled
from kprules.records.shape import ListOf, Nested, Period, Scalar, Vocabulary, slot


@dataclass(frozen=True, slots=True)
class GivenFact:
    """A fact that is asked about, as it is in the record."""

    home: str
    holder: Slot
    name: str
    cell: ValueCell | SetCell | ReferenceCell | ListCell
    now: Any
    """Its settled value; None where it is unknown."""
    fixed: bool = False
    """Whether it is of an entry of which nothing is recorded, not even where it is."""


class Given:
    """One record, and judgements of it, as literals of a space that holds it."""

    def __init__(
        self,
        judgements: Sequence[Judgement],
        vocabulary: Vocabulary,
        record: Settled,
        *,
        extra: int = 0,
        inside: Mapping[Place, int] | None = None,
        until: float = inf,
    ) -> None:
        """Make a space for the record, with `extra` slots in every list that is known.

        `inside` says how many entries lists may have that are not in the record. Raise
        `OutOfTimeError` where that takes too long.
        """
        asked = Asked(vocabulary).merged(asked_by(j, vocabulary) for j in judgements)
        asked.both_ends()
        found = _Contents(vocabulary)
        found.record(record, vocabulary.root.name, "")
        sizes = Sizes(
            {place: size + extra for place, size in (inside or {}).items()},
            {home: size + extra for home, size in found.sizes.items()},
            found.ids,
        )
        domains = Domains(asked, given=found.values, imagined=False)
        maps = {
            f.name
            for f in vocabulary.root.fields.values()
            if isinstance(f.type, ListOf) and f.type.keyed
        }
        self.record = record
        self.space = Space(
            vocabulary,
            asked,
            domains,
            sizes,
            ordered=False,
            shared=maps,
            reversed_periods=found.reversed,
            until=until,
        )
        engine = Encoder(self.space)
        self.truths = [judge(judgement, engine) for judgement in judgements]

    def facts(self) -> Iterator[GivenFact]:
        """Yield the facts that are asked about, of the record and of its entries."""
        yield from self._facts(self.space.root, self.record, set(), fixed=False)

    def _facts(
        self, at: Slot, record: Settled, seen: set[int], *, fixed: bool
    ) -> Iterator[GivenFact]:
        if id(at) in seen:
            return
        seen.add(id(at))
        for name, cell in tuple(at.cells.items()):
            now = None if record is UNKNOWN_RECORD else getattr(record, slot(name))
            home = f"{at.home}.{name}" if at.home else name
            if isinstance(cell, Slot):
                yield from self._facts(cell, now or UNKNOWN_RECORD, seen, fixed=fixed)
                continue
            yield GivenFact(home, at, name, cell, None if now is UNKNOWN_RECORD else now, fixed)
            if isinstance(cell, ListCell):
                for inner, entry in zip(cell.slots, now or (), strict=False):
                    blank = fixed or entry is UNKNOWN_RECORD
                    yield from self._facts(inner, entry, seen, fixed=blank)

    def entries(self) -> Iterator[tuple[Slot, Settled]]:
        """Yield the entries of the record's lists, each with the slot that it stands in."""
        for fact in self.facts():
            if isinstance(fact.cell, ListCell):
                yield from zip(fact.cell.slots, fact.now or (), strict=False)

    def as_it_is(self) -> list[Literal]:
        """Return the literals under which the model is the record."""
        literals = [lit for fact in self.facts() for lit in now_of(fact.cell, fact.now)]
        return [*literals, *self._recorded(self.space.root, self.record)]

    def _recorded(self, at: Slot, record: Settled) -> Iterator[Literal]:
        """Yield whether each record in a record is recorded, where that is a literal of its own."""
        for name, cell in at.cells.items():
            now = None if record is UNKNOWN_RECORD else getattr(record, slot(name))
            match cell:
                case Slot():
                    inner = now or UNKNOWN_RECORD
                    if cell.is_apart:
                        yield cell.recorded if inner is not UNKNOWN_RECORD else -cell.recorded
                    yield from self._recorded(cell, inner)
                case ListCell():
                    for inner_slot, entry in zip(cell.slots, now or (), strict=False):
                        yield from self._recorded(inner_slot, entry)
                case _:
                    pass


def now_of(cell: Cell, value: Any) -> list[Literal]:
    """Return the literals that a fact is what it is."""
    match cell:
        case ValueCell():
            if value is None:
                return [-cell.known]
            return [dict(zip(cell.values, cell.literals, strict=True))[value]]
        case SetCell():
            if value is None:
                return [-cell.known]
            members = [lit if v in value else -lit for v, lit in cell.members.items()]
            return [cell.known, cell.open if None in value else -cell.open, *members]
        case ReferenceCell():
            if value is None:
                return [-cell.known]
            return [cell.none] if value is NO_RECORD else [naming(cell, value)]
        case ListCell():
            if value is None:
                return [-cell.known]
            open_ = isinstance(value, Incomplete)
            there = [
                s.present if number < len(value) else -s.present
                for number, s in enumerate(cell.slots)
            ]
            return [cell.known, -cell.complete if open_ else cell.complete, *there]
        case Slot():
            return []
        case _:
            assert_never(cell)


def naming(cell: ReferenceCell, named: Settled) -> Literal:
    """Return the literal that a reference names a record of the given one."""
    for literal, target in cell.options:
        if target.home == named._place:  # noqa: SLF001 - the settled record's own account of itself
            return literal
    raise AssertionError(f"{named._place} is no entry that a reference names")  # noqa: SLF001 - as above


class _Contents:
    """What a record holds: the values of each field, and the sizes of its lists."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.values: dict[Key, dict[Any, None]] = {}
        self.sizes: dict[str, int] = {}
        self.ids: dict[str, tuple[str, ...]] = {}
        self.reversed = False

    def record(self, at: Settled, shape: str, home: str) -> None:
        for name, field in self._vocabulary.records[shape].fields.items():
            value = getattr(at, slot(name))
            inside = f"{home}.{name}" if home else name
            if value is None or value is UNKNOWN_RECORD:
                continue
            match field.type:
                case Scalar():
                    self._note((shape, name), value)
                case Period():
                    if value.from_lo is not None and value.to_hi is not None:
                        self.reversed |= value.to_hi < value.from_lo
                    for end, known in (("from", value.from_), ("to", value.to)):
                        if known is not None:
                            self._note((shape, f"{name}.{end}"), known)
                case Nested(inner):
                    self.record(value, inner, inside)
                case ListOf(inner, keyed):
                    self.sizes[inside] = len(value)
                    if keyed:
                        self.ids[inside] = tuple(e._key for e in value)  # noqa: SLF001 - as above
                    for number, entry in enumerate(value):
                        if entry is not UNKNOWN_RECORD:
                            key = f".{entry._key}" if keyed else f"[{number}]"  # noqa: SLF001 - as above
                            self.record(entry, inner, inside + key)
                case _:
                    pass

    def _note(self, key: Key, value: Any) -> None:
        self.values.setdefault(key, {})[value] = None
