"""Every record, within bounds, as literals: what a fact is, which entries are there.

Guarantee: each model of the literals is a record that the vocabulary admits, unknown facts and
incomplete lists among them, and each such record within the bounds is a model. Only facts that are
asked about have literals. A line in here touches shapes and literals; it knows no formula.

| fact | literals |
|---|---|
| a value | one for each representative (`domains`), at most one of them; none is *unknown* |
| set | known, open, one for each member that is asked about |
| list | known, complete, and one for each slot: there is such an entry |
| reference | one for each record that it may name, one for none; none of them is *unknown* |
| record in a record | recorded: where `is known` asks it, or a fact of it is never unknown |
| entry that may be null | recorded: where a fact of it is never unknown |
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import Any, TypeAlias

from kprules.evaluation.walker import Likeness
from kprules.formula.nodes import Quantified
from kprules.logic import Truth
from kprules.proof.admitted import (
    may_be_blank,
    may_be_incomplete,
    may_be_reversed,
    never_unknown,
)
from kprules.proof.asked import Asked, Key, Place
from kprules.proof.domains import Domains, Imagined
from kprules.proof.gates import FALSE, TRUE, Gates, Literal
from kprules.records.settled import PartialDate
from kprules.records.shape import (
    PERIOD_FIELDS,
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Vocabulary,
)


@dataclass(slots=True, eq=False)
class Slot:
    """A record that there may be: the judged one, an entry of a list, a record inside one."""

    shape: RecordShape | None
    """Its shape; None for a period."""
    place: Place
    """Where the entries stand that it is one of, or is inside one of."""
    prefix: str
    """The fields from that entry down to this record, with a dot behind; empty for the entry."""
    home: str
    """Its path in the record: `links[0]`, `actors.actor_1`, `goods`."""
    present: Literal
    key: str = ""
    """Its id, where it is an entry of a map."""
    recorded: Literal = TRUE
    """Whether it is recorded at all: of a record in a record, or of an entry that may be null."""
    is_apart: bool = False
    """Of a record in a record: whether that is a literal of its own, or as of the one around it."""
    period: tuple[str, str] | None = None
    """Of a period: the record and field that it is."""
    cells: dict[str, Cell] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class ValueCell:
    """A fact that is one value."""

    key: Key
    values: tuple[Any, ...]
    literals: tuple[Literal, ...]
    known: Literal


@dataclass(slots=True, eq=False)
class SetCell:
    """A set; `members` are those that are asked about."""

    key: Key
    members: Mapping[Any, Literal]
    known: Literal
    open: Literal


@dataclass(slots=True, eq=False)
class ReferenceCell:
    """A reference: which record it names."""

    key: Key
    options: list[tuple[Literal, Slot]]
    none: Literal
    known: Literal


@dataclass(slots=True, eq=False)
class ListCell:
    """A list or map."""

    key: Key
    type: ListOf
    known: Literal
    complete: Literal
    slots: list[Slot]


Cell: TypeAlias = ValueCell | SetCell | ReferenceCell | ListCell | Slot


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many slots a list has: by place, or of one list by its path."""

    places: Mapping[Place, int]
    homes: Mapping[str, int] = field(default_factory=dict)
    ids: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of a map by its path: ids that its first entries have."""

    def of(self, place: Place, home: str) -> int:
        """Return how many slots the list at a path has."""
        return self.homes.get(home, self.places.get(place, 0))


class Space:
    """The literals of all records of a vocabulary, as far as they are asked about."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        asked: Asked,
        domains: Domains,
        sizes: Sizes,
        *,
        ordered: bool = True,
        shared: Iterable[str] = (),
        reversed_periods: bool = False,
        until: float = inf,
    ) -> None:
        """Make room for the judged record.

        `ordered`: entries fill the slots of a list from the first. `shared`: maps whose records
        several references may name, beside those where it matters. `reversed_periods`: let periods
        end before they begin, as those of a record made by hand may, where no model lets them.
        """
        self.vocabulary = vocabulary
        self.gates = Gates(until)
        self.domains = domains
        self.settled = self.gates.fresh()
        """Where this is true, every fact is known, every date exact, every list complete."""
        self.imagined = self.gates.fresh()
        """Where this is false, no date is one that nobody can write."""
        self.root = Slot(vocabulary.root, (), "", "", TRUE)
        self.edges: dict[tuple[int, str], dict[Any, Literal]] = {}
        """Of cells that are compared with each other: the literal of each edge, by value."""
        self.compared: dict[tuple[object, ...], Literal] = {}
        """Comparisons of cells that were made before."""
        self.counted: dict[Likeness, tuple[Quantified, Truth[Literal]]] = {}
        """Lists in lists that were written out before."""
        self.made: dict[Key, int] = {}
        """How many facts of a field there are."""
        self._shared = asked.shared | set(shared)
        self._sizes = sizes
        self._ordered = ordered
        self._reversed = reversed_periods or may_be_reversed(vocabulary)
        self._known = asked.known
        self._incomplete: dict[str, Literal] = {}

    def cell(self, slot: Slot, name: str) -> Cell:
        """Return the literals of a field of a record."""
        made = slot.cells.get(name)
        if made is None:
            made = slot.cells[name] = self._make(slot, name)
        return made

    def _make(self, slot: Slot, name: str) -> Cell:
        home = f"{slot.home}.{name}" if slot.home else name
        if slot.period is not None:
            record, field_ = slot.period
            return self._value(slot, (record, f"{field_}.{name}"), required=False)
        assert slot.shape is not None  # noqa: S101 - only periods have none
        key = (slot.shape.name, name)
        required = name in never_unknown(slot.shape)
        match slot.shape.fields[name].type:
            case Scalar():
                return self._value(slot, key, required=required)
            case SetOf():
                return self._set(slot, key, required=required)
            case Reference() as kind:
                return self._reference(slot, key, kind, required=required)
            case ListOf() as kind:
                return self._list(slot, key, kind, home, required=required)
            case Nested(inner):
                shape = self.vocabulary.records[inner]
                recorded = self._recorded(slot, key, shape, required=required)
                prefix = f"{slot.prefix}{name}."
                return Slot(
                    shape, slot.place, prefix, home, slot.present,
                    recorded=recorded, is_apart=recorded != slot.recorded,
                )  # fmt: skip
            case Period():
                return self._period(slot, key, home)

    # --- one fact ---------------------------------------------------------------------------------

    def _always(self, slot: Slot, known: Literal, *, required: bool) -> None:
        """Let a fact be known where records are settled, or where it is never unknown."""
        unless = -slot.recorded if required else -self.settled
        self.gates.require(-slot.present, known, unless)
        if slot.recorded != TRUE:
            self.gates.require(-known, slot.recorded)

    def _value(self, slot: Slot, key: Key, *, required: bool) -> ValueCell:
        gates = self.gates
        self.made[key] = self.made.get(key, 0) + 1
        values = self.domains.of(key)
        literals = tuple(gates.fresh() for _ in values)
        gates.at_most_one(literals)
        known = gates.either(literals)
        self._always(slot, known, required=required)
        for value, literal in zip(values, literals, strict=True):
            if isinstance(value, PartialDate):
                gates.require(-literal, -self.settled)
            if isinstance(value, Imagined):
                gates.require(-literal, self.imagined)
        return ValueCell(key, values, literals, known)

    def _set(self, slot: Slot, key: Key, *, required: bool) -> SetCell:
        gates = self.gates
        known, open_ = gates.fresh(), gates.fresh()
        members = {value: gates.fresh() for value in self.domains.members(key)}
        for literal in (open_, *members.values()):
            gates.require(-literal, known)
        gates.require(-open_, -self.settled)
        self._always(slot, known, required=required)
        return SetCell(key, members, known, open_)

    def _period(self, slot: Slot, key: Key, home: str) -> Slot:
        inner = Slot(
            None, slot.place, f"{slot.prefix}{key[1]}.", home, slot.present, slot.key,
            slot.recorded, period=key,
        )  # fmt: skip
        ends = [(key[0], f"{key[1]}.{end}") for end in PERIOD_FIELDS]
        if not self._reversed and all(end in self.domains.read for end in ends):
            first, last = (self.cell(inner, end) for end in PERIOD_FIELDS)
            assert isinstance(first, ValueCell)  # noqa: S101 - an end is a date
            assert isinstance(last, ValueCell)  # noqa: S101 - as above
            # The first day of a period is not after its last; `Root` refuses what is otherwise.
            for value, literal in zip(first.values, first.literals, strict=True):
                fitting = [
                    other
                    for end, other in zip(last.values, last.literals, strict=True)
                    if _last(end) >= _first(value)
                ]
                self.gates.require(-literal, -last.known, *fitting)
        return inner

    def _recorded(self, slot: Slot, key: Key, shape: RecordShape, *, required: bool) -> Literal:
        """Return whether a record in a record is recorded, where that matters apart from others."""
        if required or not (key in self._known or self._must_say(shape)):
            return slot.recorded
        recorded = self.gates.fresh()
        self._always(slot, recorded, required=False)
        return recorded

    def _must_say(self, shape: RecordShape) -> bool:
        """Return whether anything is asked of such records that they say wherever recorded."""
        return any((shape.name, name) in self.domains.read for name in never_unknown(shape))

    # --- entries ----------------------------------------------------------------------------------

    def _reference(self, slot: Slot, key: Key, kind: Reference, *, required: bool) -> ReferenceCell:
        gates = self.gates
        map_ = self.cell(self.root, kind.through)
        assert isinstance(map_, ListCell)  # noqa: S101 - references name entries of maps
        if kind.through in self._shared:
            targets = list(map_.slots)
        else:
            targets = [self._entry(map_, kind.through, (kind.through,))]
        options = [(gates.fresh(), target) for target in targets]
        none = gates.fresh() if kind.none else FALSE
        gates.at_most_one([lit for lit, _ in options] + [none] * kind.none)
        for literal, target in options:
            gates.require(-literal, target.present)
        known = gates.either([none, *(lit for lit, _ in options)])
        self._always(slot, known, required=required)
        return ReferenceCell(key, options, none, known)

    def _list(self, slot: Slot, key: Key, kind: ListOf, home: str, *, required: bool) -> ListCell:
        gates = self.gates
        place = (*slot.place, slot.prefix + key[1])
        known = gates.fresh()
        if may_be_incomplete(self.vocabulary, ".".join(place)):
            complete = self._complete(place, known)
        else:
            complete = known
        gates.require(-complete, known)
        gates.require(-known, complete, -self.settled)
        self._always(slot, known, required=required)
        cell = ListCell(key, kind, known, complete, [])
        for _ in range(self._sizes.of(place, home)):
            self._entry(cell, home, place)
        if self._ordered:
            for before, after in pairwise(cell.slots):
                gates.require(-after.present, before.present)
        return cell

    def _complete(self, place: Place, known: Literal) -> Literal:
        """Return whether a list is complete; models name incomplete ones by their place."""
        if self.vocabulary.root.model is None:
            return self.gates.fresh()
        dotted = ".".join(place)
        incomplete = self._incomplete.setdefault(dotted, self.gates.fresh())
        return self.gates.both([known, -incomplete])

    def _entry(self, cell: ListCell, home: str, place: Place) -> Slot:
        """Add a slot to a list."""
        number = len(cell.slots)
        shape = self.vocabulary.records[cell.type.record]
        key = ""
        if cell.type.keyed:
            ids = self._sizes.ids.get(home, ())
            taken = number < len(ids)
            key = ids[number] if taken else _fresh_id(cell.type.record, number + 1, ids)
            home = f"{home}.{key}"
        else:
            home = f"{home}[{number}]"
        slot = Slot(shape, place, "", home, self.gates.fresh(), key)
        self.gates.require(-slot.present, cell.known)
        record, name = cell.key
        if self._must_say(shape) and may_be_blank(self.vocabulary.records[record], name):
            slot.recorded = self.gates.fresh()
            self.gates.require(-slot.present, slot.recorded, -self.settled)
        cell.slots.append(slot)
        return slot


def _fresh_id(record: str, number: int, taken: tuple[str, ...]) -> str:
    name = f"{record}_{number}"
    while name in taken:
        name = f"new_{name}"
    return name


def _first(value: Any) -> Any:
    return value.earliest if isinstance(value, PartialDate) else value


def _last(value: Any) -> Any:
    return value.latest if isinstance(value, PartialDate) else value
