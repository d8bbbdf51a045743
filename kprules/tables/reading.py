"""From an Arrow array to a leaf, by the type that the vocabulary gives the field.

Guarantee: every value is read exactly or reported; one that cannot be read is unknown. Types were
looked at before (`columns`), so an array here has one that can hold the field. A line in here
touches one column of values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any, Final, Protocol, assert_never

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as at

from kprules.formula.nodes import Op, Value
from kprules.records.shape import Scalar
from kprules.tables.arrow import (
    known_bits,
    machine_numbers,
    plain_texts,
    truth_bits,
)
from kprules.tables.calendar import EARLIEST, LATEST, days_in
from kprules.tables.leaves import (
    Coded,
    Day,
    Flag,
    Leaf,
    Number,
)
from kprules.tables.planes import Plane, pack, unpack, zeros
from kprules.tables.problems import FIRST, Kind
from kprules.tables.quantities import Quantities, Truths

_KEPT_DICTIONARIES: Final = 256
_LONG_DIGITS: Final = 18
"""Decimal digits that a machine number holds."""
_WIDEST_DECIMAL: Final = 38
_PLACES: Final = (0, 2, 4, 6, 9, 12)
"""Digits behind the point that are tried for decimals that may have more than most of them need."""


class Report(Protocol):
    """Takes note of elements that cannot be read."""

    def __call__(
        self, kind: Kind, bad: Truths, message: str, hint: str = "", values: Iterable[Any] = (), /
    ) -> None:
        """Note the elements that are bad, with the first few of their values."""
        ...


def read_scalar(
    array: pa.Array,
    kind: Scalar,
    mentioned: Sequence[Value],
    report: Report,
    met: Dictionaries,
) -> Leaf:
    """Return the leaf of a column of single values."""
    if at.is_null(array.type):
        return _nothing(len(array), kind)
    match kind.kind:
        case "bool":
            return Flag(shape=(len(array),), known=known_bits(array), so=truth_bits(array))
        case "enum":
            return _read_codes(array, kind.values, report, met, closed=True)
        case "text":
            texts = [value for value in mentioned if isinstance(value, str)]
            return _read_codes(array, texts, report, met, closed=False)
        case "number":
            return _read_numbers(array, kind, report)
        case "date":
            return _read_days(array, report)
        case _:
            assert_never(kind.kind)


def _nothing(rows: int, kind: Scalar) -> Leaf:
    """Return the leaf of a column in which nothing is known."""
    shape, known = (rows,), zeros((rows,))
    match kind.kind:
        case "bool":
            return Flag(shape=shape, known=known, so=known)
        case "enum" | "text":
            return Coded(shape=shape, known=known, codes=np.zeros(rows, np.uint8), natives={})
        case "number":
            return Number(shape=shape, known=known, numbers=Quantities(np.zeros(rows, np.int8)))
        case "date":
            days = np.zeros(rows, np.int32)
            return Day(shape=shape, known=known, first=days, last=days)
        case _:
            assert_never(kind.kind)


def _without(known: Plane | None, bad: Truths) -> Plane:
    """Return where a fact is known and not bad."""
    good = pack(~bad)
    return good if known is None else known & good


def is_known(known: Plane | None, rows: int) -> Truths:
    """Return a plane of what is known, or all, as truths."""
    if known is None:
        return np.ones(rows, np.bool_)
    return unpack(known, rows).view(np.bool_)


# --- enumerations and texts -----------------------------------------------------------------------


def _read_codes(
    array: pa.Array, wanted: Sequence[str], report: Report, met: Dictionaries, *, closed: bool
) -> Coded:
    if at.is_dictionary(array.type):
        return _read_dictionary(array, wanted, report, met, closed=closed)
    known = known_bits(array)
    texts = array if at.is_string(array.type) else array.cast(pa.large_string())
    found = pc.index_in(texts, value_set=pa.array(wanted, texts.type))
    if closed and found.null_count > array.null_count:
        bad = ~is_known(known_bits(found), len(array)) & is_known(known, len(array))
        _report_outside(report, bad, texts, wanted)
        known = _without(known, bad)
    codes = machine_numbers(found.fill_null(len(wanted)))
    natives = {value: (index,) for index, value in enumerate(wanted)}
    return Coded(
        shape=(len(array),), known=known, codes=_narrow(codes, len(wanted) + 1), natives=natives
    )


@dataclass(frozen=True, slots=True)
class _Meaning:
    """What the codes of a dictionary stand for."""

    dictionary: pa.Array
    """Kept, so that no other dictionary comes to lie where this one does."""
    meant: npt.NDArray[Any]
    """By code, the number of the value; -1 where it is none."""
    outside: Truths
    blank: Truths | None
    """The codes that stand for null."""
    natives: Mapping[str, Sequence[int]]


class Dictionaries:
    """The dictionaries met so far: blocks of one table mostly share theirs."""

    def __init__(self) -> None:
        """Begin with none."""
        self._met: dict[tuple[object, ...], _Meaning] = {}

    def meaning(self, dictionary: pa.Array, wanted: Sequence[str]) -> _Meaning:
        """Return what the codes stand for, by the values that are wanted."""
        lies = tuple(b.address if b is not None else 0 for b in dictionary.buffers())
        key = (lies, dictionary.offset, len(dictionary), tuple(wanted))
        found = self._met.get(key)
        if found is None:
            if len(self._met) >= _KEPT_DICTIONARIES:
                self._met.clear()
            found = self._met[key] = _meaning(dictionary, wanted)
        return found


def _meaning(dictionary: pa.Array, wanted: Sequence[str]) -> _Meaning:
    entries = plain_texts(dictionary)
    found = pc.index_in(entries, value_set=pa.array(wanted, pa.large_string())).fill_null(-1)
    meant = machine_numbers(found)
    natives: dict[str, list[int]] = {}
    for native in np.nonzero(meant >= 0)[0].tolist():
        natives.setdefault(wanted[meant[native]], []).append(native)
    blank = ~is_known(known_bits(entries), len(entries)) if entries.null_count else None
    return _Meaning(dictionary, meant, meant < 0, blank, natives)


def _read_dictionary(
    array: pa.Array, wanted: Sequence[str], report: Report, met: Dictionaries, *, closed: bool
) -> Coded:
    known, rows = known_bits(array), len(array)
    if not len(array.dictionary):
        return Coded(
            shape=(rows,), known=zeros((rows,)), codes=np.zeros(rows, np.uint8), natives={}
        )
    meaning = met.meaning(array.dictionary, wanted)
    codes = machine_numbers(array.indices)
    if meaning.blank is not None:
        known = _without(known, meaning.blank.take(codes, mode="clip"))
    if closed and meaning.outside.any():
        bad = meaning.outside.take(codes, mode="clip") & is_known(known, rows)
        if bad.any():
            _report_outside(report, bad, array, wanted)
            known = _without(known, bad)
    return Coded(
        shape=(rows,),
        known=known,
        codes=_narrow(codes, len(meaning.meant)),
        natives=meaning.natives,
        common=meaning.meant,
    )


def _narrow(codes: npt.NDArray[Any], many: int) -> npt.NDArray[Any]:
    """Return codes in as few bytes as leave one code over, for what is unknown."""
    for kind in (np.uint8, np.uint16):
        if many <= np.iinfo(kind).max:
            same = codes.dtype.itemsize == np.dtype(kind).itemsize
            return codes.view(kind) if same else codes.astype(kind)
    return codes.astype(np.uint32, copy=False)


def _report_outside(report: Report, bad: Truths, array: pa.Array, wanted: Sequence[str]) -> None:
    shown = ", ".join(wanted[:12]) + (" …" if len(wanted) > 12 else "")  # noqa: PLR2004 - a line
    report(
        "unknown-value", bad, "values outside the list", f"it may hold {shown}", _few(array, bad)
    )


def _few(array: pa.Array, bad: Truths) -> list[Any]:
    """Return the first few different bad values."""
    where = np.nonzero(bad)[0][: 20 * FIRST]
    return list(dict.fromkeys(array.take(pa.array(where)).to_pylist()))[:FIRST]


# --- numbers --------------------------------------------------------------------------------------


def _read_numbers(array: pa.Array, kind: Scalar, report: Report) -> Number:
    array = array.dictionary_decode() if at.is_dictionary(array.type) else array
    known, rows = known_bits(array), len(array)
    numbers = _quantities(array)
    bad = _bad_numbers(numbers, kind) if rows else None
    if bad is not None:
        bad &= is_known(known, rows)
        if numbers.values.dtype.kind == "f":
            fine = np.isfinite(numbers.values)
            numbers = Quantities(np.where(fine, numbers.values, numbers.values.dtype.type(0)))
        if bad.any():
            report("bad-number", bad, _number_rule(kind), "", _few(array, bad))
            known = _without(known, bad)
    return Number(shape=(rows,), known=known, numbers=numbers)


def _quantities(array: pa.Array) -> Quantities:
    kind = array.type
    if not at.is_decimal(kind):
        return Quantities(machine_numbers(array))
    if not at.is_decimal128(kind) and kind.precision <= _WIDEST_DECIMAL:
        array = array.cast(pa.decimal128(kind.precision, kind.scale))
    if kind.precision <= _LONG_DIGITS and kind.scale >= 0:
        if not len(array):
            return Quantities(np.empty(0, np.int64), kind.scale)
        halves = np.frombuffer(array.buffers()[1], np.int64).reshape(-1, 2)
        low = halves[array.offset : array.offset + len(array), 0]
        return Quantities(np.ascontiguousarray(low), kind.scale)
    narrow = _narrowed(array)
    if narrow is not None:
        return _quantities(narrow)
    exact = [Fraction(0 if v is None else v) for v in array.to_pylist()]
    made = np.empty(len(exact), object)
    made[:] = exact
    return Quantities(made)


def _narrowed(array: pa.Array) -> pa.Array | None:
    """Return decimals in a type that a machine number holds, where every digit fits into one."""
    for places in _PLACES:
        try:
            return array.cast(pa.decimal128(_LONG_DIGITS, places))
        except pa.ArrowInvalid:
            continue
    return None


def _bad_numbers(numbers: Quantities, kind: Scalar) -> Truths | None:
    """Return what is no number, not whole, or out of bounds; `None` where a look says all is well.

    What lies under nulls may be marked too.
    """
    values = numbers.values
    bad: list[Truths] = []
    if values.dtype.kind == "f":
        if not (np.isfinite(values.min()) and np.isfinite(values.max())):
            bad.append(~np.isfinite(values))
        if kind.whole:
            with np.errstate(invalid="ignore"):
                bad.append(values != np.floor(values))
    elif kind.whole and numbers.scale:
        bad.append(values % 10**numbers.scale != 0)
    elif kind.whole and values.dtype.kind == "O":
        bad.append(np.array([v.denominator != 1 for v in values.tolist()], np.bool_))
    bounds: list[tuple[Any, Op]] = [(kind.least, "<"), (kind.most, ">")]
    for bound, op in bounds:
        if bound is None:
            continue
        ends = values if values.dtype.kind == "O" else np.array([values.min(), values.max()])
        if Quantities(ends, numbers.scale).beside_constant(op, _exact(bound)).any():
            bad.append(numbers.beside_constant(op, _exact(bound)).copy())
    found = reduce(np.logical_or, bad) if bad else None
    return found if found is not None and found.any() else None


def _exact(bound: Any) -> int | Decimal:
    return bound if isinstance(bound, int | Decimal) else Decimal(repr(bound))


def _number_rule(kind: Scalar) -> str:
    said = "whole numbers" if kind.whole else "finite numbers"
    if kind.least is not None:
        said += f" from {kind.least}"
    if kind.most is not None:
        said += f" to {kind.most}"
    return f"values that are no {said}"


# --- dates ----------------------------------------------------------------------------------------


def _read_days(array: pa.Array, report: Report) -> Day:
    if at.is_dictionary(array.type) or not at.is_temporal(array.type):
        return _read_written_days(array, report)
    array, beyond = _within_years(array)
    if at.is_timestamp(array.type) and array.type.tz is not None:
        array, turned = _within_years(pc.local_timestamp(array))
        beyond |= turned
    known, rows = known_bits(array), len(array)
    days, rest = _days(array)
    if rest is not None and rest.any():
        bad = (rest != 0) & is_known(known, rows)
        if bad.any():
            report("bad-date", bad, "dates with a time of day", "", _few(array, bad))
            known = _without(known, bad)
    if beyond.any():
        report("year-outside", beyond, "dates outside the years 1 to 9999")
    days = days.astype(np.int32, copy=False)
    return Day(shape=(rows,), known=known, first=days, last=days)


def _days(array: pa.Array) -> tuple[npt.NDArray[Any], npt.NDArray[Any] | None]:
    """Return the days of dates, and what is left of each day, if anything may be."""
    if at.is_date32(array.type):
        return machine_numbers(array.view(pa.int32())), None
    unit = "ms" if at.is_date64(array.type) else array.type.unit
    day = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}[unit] * 86400
    whole, rest = np.divmod(machine_numbers(array.view(pa.int64())), day)
    return whole, rest


def _within_years(array: pa.Array) -> tuple[pa.Array, Truths]:
    """Return dates with null for those in no year from 1 to 9999, and which those are."""
    days, _ = _days(array)
    if not len(days) or (days.min() >= EARLIEST and days.max() <= LATEST):
        return array, np.zeros(len(array), np.bool_)
    beyond = ((days < EARLIEST) | (days > LATEST)) & is_known(known_bits(array), len(array))
    return pc.if_else(pa.array(beyond), pa.scalar(None, array.type), array), beyond


def _read_written_days(array: pa.Array, report: Report) -> Day:
    if not at.is_dictionary(array.type):
        array = pc.dictionary_encode(array)
    known, rows = known_bits(array), len(array)
    parsed = [days_in(text) for text in array.dictionary.to_pylist()] or [None]
    spans = np.array([span or (0, 0) for span in parsed], np.int32)
    codes = machine_numbers(array.indices)
    unreadable = np.array([span is None for span in parsed], np.bool_)
    if unreadable.any():
        bad = unreadable.take(codes, mode="clip") & is_known(known, rows)
        if bad.any():
            rule = "write 2003, 2003-01 or 2003-01-31"
            report("bad-date", bad, "values that are no dates", rule, _few(array, bad))
            known = _without(known, bad)
    first = spans[:, 0].take(codes, mode="clip")
    whole = bool((spans[:, 0] == spans[:, 1]).all())
    last = first if whole else spans[:, 1].take(codes, mode="clip")
    return Day(shape=(rows,), known=known, first=first, last=last)
