"""From a model of a space to the record that it is, as engines see it.

Guarantee: the settled record states what the model's literals do, and nothing more: what has no
literals was not asked about and is unknown. A line in here touches literals and settled records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, assert_never

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
    return _Reading(model).record(space.root)


class _Reading:
    """One model, as it is read."""

    def __init__(self, model: Collection[Literal]) -> None:
        self._model = model
        self._made: dict[int, Settled] = {}

    def record(self, slot: Slot) -> Settled:
        """Return the record of a slot; the same one each time."""
        made = self._made.get(id(slot))
        if made is not None:
            return made
        assert slot.shape is not None  # noqa: S101 - periods are read apart
        made = self._made[id(slot)] = blank(slot.shape, slot.home)
        made._key = slot.key or None  # noqa: SLF001 - this makes it
        for name, cell in slot.cells.items():
            match cell:
                case ValueCell():
                    set_value(made, name, self._value(cell))
                case SetCell():
                    setattr(made, slot_name(name), self._set(cell))
                case ReferenceCell():
                    setattr(made, slot_name(name), self._reference(cell))
                case ListCell():
                    setattr(made, slot_name(name), self._list(cell))
                case Slot():
                    setattr(made, slot_name(name), self._inside(cell))
                case _:
                    assert_never(cell)
        return made

    def _true(self, literal: Literal) -> bool:
        return literal in self._model if literal > 0 else -literal not in self._model

    def _value(self, cell: ValueCell) -> Any:
        for value, literal in zip(cell.values, cell.literals, strict=True):
            if self._true(literal):
                return value
        return None

    def _set(self, cell: SetCell) -> frozenset[Any] | None:
        if not self._true(cell.known):
            return None
        open_ = [None] if self._true(cell.open) else []
        return frozenset([*open_, *(v for v, lit in cell.members.items() if self._true(lit))])

    def _reference(self, cell: ReferenceCell) -> Settled:
        for literal, target in cell.options:
            if self._true(literal):
                return self.record(target)
        return NO_RECORD if self._true(cell.none) else UNKNOWN_RECORD

    def _list(self, cell: ListCell) -> tuple[Settled, ...] | None:
        if not self._true(cell.known):
            return None
        entries = [self.record(slot) for slot in cell.slots if self._true(slot.present)]
        return tuple(entries) if self._true(cell.complete) else Incomplete(entries)

    def _inside(self, slot: Slot) -> Settled:
        """Return a record in a record; one of which nothing is known is not recorded."""
        if slot.period is not None:
            return self._period(slot)
        made = self.record(slot)
        if slot.is_asked and self._true(slot.recorded):
            return made
        return made if any(True for _ in facts_in(made)) else UNKNOWN_RECORD

    def _period(self, slot: Slot) -> Settled:
        made = SettledPeriod()
        made._key = made._raw = made._why = None  # noqa: SLF001 - this makes it
        made._place = slot.home  # noqa: SLF001 - as above
        for end in ("from", "to"):
            cell = slot.cells.get(end)
            value = self._value(cell) if isinstance(cell, ValueCell) else None
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
