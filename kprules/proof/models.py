"""From a model of a space to the record that it is, as engines see it.

Guarantee: the settled record states what the model's literals do, and nothing more: what has no
literals was not asked about and is unknown. A line in here touches literals and settled records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, assert_never

from kprules.proof.admitted import never_unknown
from kprules.proof.gates import Literal
from kprules.proof.space import ListCell, ReferenceCell, SetCell, Slot, Space, ValueCell
from kprules.records.settled import (
    NO_RECORD,
    UNKNOWN_RECORD,
    Incomplete,
    PartialDate,
    Settled,
    SettledPeriod,
    blank,
)
from kprules.records.shape import slot as slot_name


def record_of(space: Space, model: Collection[Literal]) -> Settled:
    """Return the record that a model is."""
    return Reading(model).record(space.root)


class Reading:
    """One model, as it is read; `there` are slots that stand for records already made."""

    def __init__(
        self, model: Collection[Literal], there: Iterable[tuple[Slot, Settled]] = ()
    ) -> None:
        """Read this model."""
        self._model = model
        self._made = {id(slot): record for slot, record in there}

    def record(self, slot: Slot) -> Settled:
        """Return the record of a slot; the same one each time."""
        made = self._made.get(id(slot))
        if made is not None:
            return made
        assert slot.shape is not None  # noqa: S101 - periods are read apart
        made = self._made[id(slot)] = blank(slot.shape, slot.home)
        made._key = slot.key or None  # noqa: SLF001 - this makes it
        required = never_unknown(slot.shape)
        for name, cell in slot.cells.items():
            match cell:
                case ValueCell():
                    set_value(made, name, self.value(cell))
                case SetCell():
                    setattr(made, slot_name(name), self.set_of(cell))
                case ReferenceCell():
                    setattr(made, slot_name(name), self.reference(cell))
                case ListCell():
                    setattr(made, slot_name(name), self.list_of(cell))
                case Slot():
                    setattr(made, slot_name(name), self._inside(cell, required=name in required))
                case _:
                    assert_never(cell)
        return made

    def true(self, literal: Literal) -> bool:
        """Return whether a literal is true."""
        return literal in self._model if literal > 0 else -literal not in self._model

    def value(self, cell: ValueCell) -> Any:
        """Return what a fact is; None where it is unknown."""
        for value, literal in zip(cell.values, cell.literals, strict=True):
            if self.true(literal):
                return value
        return None

    def set_of(self, cell: SetCell) -> frozenset[Any] | None:
        """Return a set; None where it is unknown."""
        if not self.true(cell.known):
            return None
        open_ = [None] if self.true(cell.open) else []
        return frozenset([*open_, *(v for v, lit in cell.members.items() if self.true(lit))])

    def reference(self, cell: ReferenceCell) -> Settled:
        """Return the record that a reference names."""
        for literal, target in cell.options:
            if self.true(literal):
                return self.record(target)
        return NO_RECORD if self.true(cell.none) else UNKNOWN_RECORD

    def list_of(self, cell: ListCell) -> tuple[Settled, ...] | None:
        """Return the entries of a list; None where it is unknown."""
        if not self.true(cell.known):
            return None
        entries = [self.record(slot) for slot in cell.slots if self.true(slot.present)]
        return tuple(entries) if self.true(cell.complete) else Incomplete(entries)

    def _inside(self, slot: Slot, *, required: bool) -> Settled:
        """Return a record in a record; of which nothing is known, only where it must be there."""
        if slot.period is not None:
            return self._period(slot)
        made = self.record(slot)
        if (slot.is_apart or required) and self.true(slot.recorded):
            return made
        return made if any(True for _ in facts_in(made)) else UNKNOWN_RECORD

    def _period(self, slot: Slot) -> Settled:
        made = SettledPeriod()
        made._key = made._raw = made._why = None  # noqa: SLF001 - this makes it
        made._place = slot.home  # noqa: SLF001 - as above
        for end in ("from", "to"):
            cell = slot.cells.get(end)
            value = self.value(cell) if isinstance(cell, ValueCell) else None
            set_value(made, end, value)
        return UNKNOWN_RECORD if made.from_ is None and made.to is None else made


def set_value(record: Settled, name: str, value: Any) -> None:
    """Set a value; a date in its three slots."""
    setattr(record, slot_name(name), value)
    if hasattr(type(record), name + "_lo"):
        short = isinstance(value, PartialDate)
        setattr(record, name + "_lo", value.earliest if short else value)
        setattr(record, name + "_hi", value.latest if short else value)


def facts_in(record: Settled) -> Iterator[Any]:
    """Yield what a record states, field by field: values, sets, lists, records that are named."""
    for field in record._shape.fields.values():  # noqa: SLF001 - part of what a record shows
        value = getattr(record, slot_name(field.name))
        if value is not None and value is not UNKNOWN_RECORD:
            yield value


def copied(record: Settled) -> Settled:
    """Return a record that can be changed without changing this one."""
    return _Copying().record(record)


class _Copying:
    def __init__(self) -> None:
        self._made: dict[int, Settled] = {}

    def record(self, record: Settled) -> Settled:
        """Copy a record and all in it; what is named twice is one record still."""
        made = self._made.get(id(record))
        if made is not None or record is UNKNOWN_RECORD or record is NO_RECORD:
            return made or record
        kind = type(record)
        made = self._made[id(record)] = kind.__new__(kind)
        for name in ("_key", "_place", "_raw", "_why"):
            setattr(made, name, getattr(record, name))
        for name in kind.__slots__:
            setattr(made, name, self._value(getattr(record, name)))
        return made

    def _value(self, value: Any) -> Any:
        if isinstance(value, Settled):
            return self.record(value)
        if isinstance(value, tuple):
            return type(value)([self.record(entry) for entry in value])
        return value
