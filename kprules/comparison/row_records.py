"""Rows of a table as settled records, for reasons.

Guarantee: the evaluator says of the record what the table engine says of the row: a cell is read as
that engine reads it, and what a reference holds or names without a map is in no list. A cell that
cannot be read is unknown. A line in here touches the cells of one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeAlias, assert_never

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as at

from kprules.formula.definition import parts_of
from kprules.formula.nodes import Compare, Form, Known, Member, Path
from kprules.records.settled import (
    NO_RECORD,
    ONGOING,
    UNKNOWN_RECORD,
    Incomplete,
    PartialDate,
    Settled,
    SettledPeriod,
    blank,
    settled_class,
)
from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Type,
    Vocabulary,
    slot,
)
from kprules.tables.calendar import days_in
from kprules.tables.columns import arranged
from kprules.tables.listed import all_lists, own_lists
from kprules.tables.rows import INCOMPLETE
from kprules.tables.sources import ID

Cells: TypeAlias = "pa.Scalar | dict[str, Cells]"
"""A cell, or the cells of a record that stand apart under dotted names."""
_EPOCH: Final = date(1970, 1, 1).toordinal()
_MOST_DIGITS: Final = 40
"""Digits of a whole number before the point; more stay a `Decimal`."""


class NamelessError(ValueError):
    """Which record a reference leads to is asked of one that holds it without an id."""

    def __init__(self, place: str) -> None:
        """Say where it is."""
        super().__init__(place)
        self.place = place


def settled_row(
    batch: pa.RecordBatch,
    row: int,
    vocabulary: Vocabulary,
    *,
    closed: bool = False,
    asked: AbstractSet[str] = frozenset(),
) -> Settled:
    """Return the record that a row stands for; `closed` takes it to name no list incomplete.

    Of the references `asked` it is to be seen which record they lead to: raises `NamelessError`
    where one holds a record that has no id.
    """
    cells = arranged(batch.schema.names, lambda index: batch.column(index)[row])
    return _Making(vocabulary, cells, closed=closed, asked=asked).root()


def identified(forms: Iterable[Form]) -> Iterator[str]:
    """Yield the references of which forms ask which record they lead to, or whether to any."""
    for form in forms:
        match form:
            case Compare(left, _, right):
                paths = [left, *([right] if isinstance(right, Path) else [])]
            case Member(fact, _) | Known(fact):
                paths = [fact]
            case _:
                paths = []
        yield from (path.fields[-1] for path in paths if isinstance(path.type, Reference))
        yield from identified(parts_of(form))


class _Making:
    """Makes the records of one row."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        cells: dict[str, Cells],
        *,
        closed: bool,
        asked: AbstractSet[str],
    ) -> None:
        self.vocabulary = vocabulary
        self.asked = asked
        self.cells = cells
        self._named = frozenset() if closed else _lists_named(cells, all_lists(vocabulary))
        self._entries: dict[str, list[tuple[Settled, Cells | None]]] = {}
        """The entries of the maps that have a column."""
        self._by_id: dict[tuple[str, str], Settled] = {}

    def root(self) -> Settled:
        made = blank(self.vocabulary.root, "")
        for name, field in self.vocabulary.root.fields.items():
            if isinstance(field.type, ListOf) and field.type.keyed:
                self._begin(name, field.type)
        self._fill(made, self.cells, "")
        return made

    def _begin(self, name: str, kind: ListOf) -> None:
        """Make the entries of a map, so that references find them before they are filled."""
        found = _cell(self.cells, name)
        if found is None or not _is_there(found):
            return
        shape = self.vocabulary.shape_of(kind.record)
        entries = self._entries[name] = []
        for index, (key, inside) in enumerate(_entries(found, keyed=True)):
            made = blank(shape, f"{name}[{index}]" if key is None else f"{name}.{key}")
            made._key = key  # noqa: SLF001 - this makes it
            entries.append((made, inside))
            if key is not None:
                self._by_id.setdefault((name, key), made)

    # --- records ----------------------------------------------------------------------------------

    def _record(self, cells: Cells, record: str, place: str, dotted: str) -> Settled:
        made = blank(self.vocabulary.shape_of(record), place)
        self._fill(made, cells, dotted)
        return made

    def _fill(self, into: Settled, cells: Cells, dotted: str) -> None:
        shape = into._shape  # noqa: SLF001 - part of what a record shows
        own = frozenset() if cells is self.cells else _lists_named(cells, own_lists(shape), shape)
        for name, field in shape.fields.items():
            found = _cell(cells, name)
            if found is None or not _is_there(found):
                continue
            place = f"{into._place}.{name}" if into._place else name  # noqa: SLF001 - this makes it
            under = f"{dotted}.{name}" if dotted else name
            value = self._value(found, field.type, place, under)
            if isinstance(field.type, ListOf) and (under in self._named or name in own):
                value = Incomplete(value)
            _set(into, name, value, field.type)

    def _value(self, found: Cells, kind: Type, place: str, dotted: str) -> Any:
        match kind:
            case Scalar():
                return _scalar(found, kind)
            case SetOf(member):
                return frozenset(_scalar(each, member) for each in _elements(found))
            case Nested(record):
                return self._record(found, record, place, dotted)
            case Period():
                return _period(found, place)
            case Reference():
                made = self._reference(found, kind, place)
                known = made in (NO_RECORD, UNKNOWN_RECORD) or made._key is not None  # noqa: SLF001 - part of what a record shows
                if not known and dotted.rpartition(".")[2] in self.asked:
                    raise NamelessError(place)
                return made
            case ListOf(record):
                if dotted in self._entries:
                    return tuple(self._filled(dotted))
                return tuple(self._listed(found, record, kind, place, dotted))
            case _:
                assert_never(kind)

    def _filled(self, through: str) -> Iterator[Settled]:
        """Yield the entries of a map, filled."""
        for made, inside in self._entries[through]:
            if inside is not None:
                self._fill(made, inside, through)
            yield made

    def _listed(
        self, found: Cells, record: str, kind: ListOf, place: str, dotted: str
    ) -> Iterator[Settled]:
        for index, (key, inside) in enumerate(_entries(found, keyed=kind.keyed)):
            at_hand = f"{place}[{index}]" if key is None else f"{place}.{key}"
            made = blank(self.vocabulary.shape_of(record), at_hand)
            made._key = key  # noqa: SLF001 - this makes it
            if inside is not None:
                self._fill(made, inside, dotted)
            yield made

    def _reference(self, found: Cells, kind: Reference, place: str) -> Settled:
        """Return what a reference leads to: an entry of the map, or a record of its own."""
        inlined = isinstance(found, dict) or at.is_struct(found.type)
        named = _cell(found, ID) if inlined else found
        key = None if named is None else _text(named)
        if kind.none and key == "none":
            return NO_RECORD
        shape = self.vocabulary.shape_of(kind.record)
        if not inlined and key is None:  # a dictionary may hold null
            return UNKNOWN_RECORD
        if not inlined:
            made = self._by_id.get((kind.through, str(key)))
            if made is None:
                made = blank(shape, f"{kind.through}.{key}", _with_id(shape)())
                made._key = key  # noqa: SLF001 - this makes it
                self._by_id[kind.through, str(key)] = made
            return made
        into = None if key is None else _with_id(shape)()
        made = blank(shape, place, into)
        made._key = key  # noqa: SLF001 - this makes it
        self._fill(made, found, kind.through)
        return made


_WITH_ID: Final[dict[int, type[Settled]]] = {}


def _with_id(shape: RecordShape) -> type[Settled]:
    """Return the class of records that stand outside their map: one id is one record."""
    kind = settled_class(shape)
    made = _WITH_ID.get(id(kind))
    if made is None:

        def same(self: Settled, other: object) -> bool:
            return isinstance(other, kind) and self._key == other._key  # noqa: SLF001 - its own kind

        def mark(self: Settled) -> int:
            return hash(self._key)

        names = {"__slots__": (), "__eq__": same, "__hash__": mark}
        made = _WITH_ID[id(kind)] = type(kind.__name__, (kind,), names)
    return made


def _set(into: Settled, name: str, value: Any, kind: Type) -> None:
    setattr(into, slot(name), value)
    if isinstance(kind, Scalar) and kind.kind == "date":
        _set_days(into, name, value)


def _set_days(into: Settled, name: str, value: Any) -> None:
    short = isinstance(value, PartialDate)
    setattr(into, f"{name}_lo", value.earliest if short else value)
    setattr(into, f"{name}_hi", value.latest if short else value)


# --- cells ----------------------------------------------------------------------------------------


def _cell(cells: Cells, name: str) -> Cells | None:
    """Return the cell of a field, where there is a column for it that holds anything."""
    found: Any
    if isinstance(cells, dict):
        found = cells.get(name)
    else:
        index = cells.type.get_field_index(name) if at.is_struct(cells.type) else -1
        found = None if index < 0 else cells[index]
    return None if isinstance(found, pa.Scalar) and at.is_null(found.type) else found


def _is_there(found: Cells) -> bool:
    """Return whether a cell is not null; of cells that stand apart, whether any is."""
    if isinstance(found, dict):
        return any(_is_there(inner) for inner in found.values())
    return bool(found.is_valid)


def _elements(found: Any) -> Iterator[Any]:
    """Yield what a list or map holds; a map of Arrow is a mapping too, with `values` of its own."""
    held = pa.ListScalar.values.__get__(found)
    yield from () if held is None else held


def _entries(found: Any, *, keyed: bool) -> Iterator[tuple[str | None, Cells | None]]:
    """Yield the entries of a list with their ids; an entry that is null holds nothing."""
    for entry in _elements(found):
        inside = entry[1] if at.is_map(found.type) else entry
        key = entry[0] if at.is_map(found.type) else _cell(entry, ID) if keyed else None
        holds = inside.is_valid and not at.is_null(inside.type)
        yield None if key is None else _text(key), inside if holds else None


def _lists_named(
    cells: Cells, known: tuple[str, ...], shape: RecordShape | None = None
) -> frozenset[str]:
    """Return the lists that `incomplete` names; one that cannot be read may be any."""
    found = None if shape is not None and INCOMPLETE in shape.fields else _cell(cells, INCOMPLETE)
    if found is None or not _is_there(found):
        return frozenset()
    names = [_text(name) for name in _elements(found)]
    return frozenset(known) if None in names else frozenset(known).intersection(names)


def _text(cell: Any) -> str | None:
    return cell.as_py() if cell.is_valid else None


def _scalar(cell: Any, kind: Scalar) -> Any:
    if not cell.is_valid:
        return None
    if at.is_dictionary(cell.type):
        return _scalar(cell.value, kind)
    with suppress(ValueError, OverflowError, ArithmeticError, pa.ArrowException):
        match kind.kind:
            case "number":
                return _number(cell)
            case "date":
                return _day(cell)
            case _:
                return cell.as_py()
    return None


def _number(cell: Any) -> int | Decimal | None:
    """Return a number as it prints at its own precision."""
    value = cell.as_py()
    if at.is_float16(cell.type) or at.is_float32(cell.type):
        narrow = np.float16 if at.is_float16(cell.type) else np.float32
        number = Decimal(np.format_float_scientific(narrow(value), unique=True))
    else:
        number = value if isinstance(value, Decimal) else Decimal(repr(value))
    if not number.is_finite():
        return None
    if number.adjusted() >= _MOST_DIGITS:
        return number
    if number == number.to_integral_value():
        return int(number)
    return Decimal(f"{number:f}".rstrip("0"))  # how many there are is the column's affair


def _day(cell: Any) -> date | PartialDate | None:
    if at.is_temporal(cell.type):
        if at.is_timestamp(cell.type) and cell.type.tz is not None:
            cell = pc.local_timestamp(cell)
        found: date = cell.cast(pa.date32(), safe=False).as_py()
        return found
    text = cell.as_py()
    span = days_in(text)
    if span is None:
        return None
    first, last = (date.fromordinal(day + _EPOCH) for day in span)
    return first if first == last else PartialDate(first, last, text)


def _period(found: Cells, place: str) -> SettledPeriod:
    """Return a period; one that has begun and whose end is left empty is still going on."""
    made = SettledPeriod()
    made._key = made._raw = made._why = None  # noqa: SLF001 - this makes it
    made._place = place  # noqa: SLF001 - as above
    begins, ends = (_cell(found, name) for name in ("from", "to"))
    first = None if begins is None else _scalar(begins, Scalar("date"))
    last = None if ends is None else _scalar(ends, Scalar("date"))
    if first is not None and ends is not None and not _is_there(ends):
        last = ONGOING
    for name, value in (("from", first), ("to", last)):
        setattr(made, slot(name), value)
        _set_days(made, name, value)
    if first is not None and last is not None and made.to_hi < made.from_lo:  # type: ignore[operator]  # both are set
        for name in ("from", "to"):
            setattr(made, slot(name), None)
            _set_days(made, name, None)
    return made
