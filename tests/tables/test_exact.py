"""Numbers, dates and sets in every column type compare exactly, as the plain values would."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kprules.formula import nodes as n
from kprules.formula.definition import Definition, choose
from kprules.records.shape import (
    DATE,
    NUMBER,
    TEXT,
    Field,
    RecordShape,
    Scalar,
    SetOf,
    Type,
    Vocabulary,
)
from kprules.tables.kernel import Kernel
from kprules.tables.planes import aligned, counters, numbers, pack, reaches, tally, unpack
from kprules.tables.quantities import Quantities, printed

OPS: dict[n.Op, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
CLOSE = [
    0, 1, -1, 3, 2**53, 2**53 + 1, 2**63 - 1, -(2**63), 2**64, 255, 256, Decimal("0.1"),
    Decimal("0.3"), Decimal("0.30000000000000004"), Decimal("1e300"), Decimal("1e400"),
    Decimal("-1e400"), Decimal("0.10000000149011612"), Decimal(16777217), Decimal("1.5"),
    Decimal("-0.0"),
]  # fmt: skip
whole = st.one_of(
    st.sampled_from([0, 1, -1, 2**53, 2**53 + 1, 2**63 - 1, -(2**63)]), st.integers(-300, 300)
)
floats = st.one_of(
    st.sampled_from([0.0, -0.0, 0.1, 0.3, 0.30000000000000004, 1e300, 5e-324, 2.0**53, 1.7e308]),
    st.floats(allow_nan=False, allow_infinity=False),
)
constants = st.one_of(
    st.sampled_from(CLOSE),
    st.integers(-300, 300),
    st.decimals(allow_nan=False, allow_infinity=False),
)


@given(values=st.lists(whole, min_size=1), constant=constants)
def test_whole_numbers_beside_constants(values: list[int], constant: int | Decimal) -> None:
    """Whole numbers compare with any constant, within their type or far beyond it."""
    columns = [np.array(values, np.int64)]
    if all(-128 <= v < 128 for v in values):
        columns.append(np.array(values, np.int8))
    for column in columns:
        for op, holds in OPS.items():
            found = Quantities(column).beside_constant(op, constant).tolist()
            assert found == [holds(Fraction(v), Fraction(constant)) for v in values]


@given(values=st.lists(floats, min_size=1), constant=constants)
def test_floats_beside_constants(values: list[float], constant: int | Decimal) -> None:
    """A binary fraction is the decimal that it prints as: 0.1 is 0.1, in either precision."""
    small = [v for v in values if abs(v) < 3e38]
    for column in (np.array(values), np.array(small, np.float32)):
        for op, holds in OPS.items():
            found = Quantities(column).beside_constant(op, constant).tolist()
            assert found == [holds(printed(v), Fraction(constant)) for v in column]


@given(
    values=st.lists(st.tuples(st.integers(-(10**9), 10**9), whole), min_size=1),
    scales=st.tuples(st.integers(0, 5), st.integers(0, 5)),
)
def test_decimals_beside_numbers(values: list[tuple[int, int]], scales: tuple[int, int]) -> None:
    """Decimals of different scales, whole numbers and binary fractions compare exactly."""
    first, second = (np.array(column, np.int64) for column in zip(*values, strict=True))
    left, right = Quantities(first, scales[0]), Quantities(second, scales[1])
    as_float = Quantities(second.astype(np.float64))
    a = [Fraction(int(v), 10 ** scales[0]) for v in first]
    b = [Fraction(int(v), 10 ** scales[1]) for v in second]
    c = [printed(v) for v in as_float.values]
    for op, holds in OPS.items():
        wanted = [holds(x, y) for x, y in zip(a, b, strict=True)]
        assert left.beside(op, right).tolist() == wanted
        wanted = [holds(x, y) for x, y in zip(a, c, strict=True)]
        assert left.beside(op, as_float).tolist() == wanted


# --- through tables -------------------------------------------------------------------------------


def outcomes(kind: Type, array: pa.Array, form: Callable[[n.Path], n.Form]) -> list[int]:
    """Return the codes of a definition that asks of one column."""
    shape = RecordShape("thing", {"it": Field("it", kind)})
    path = n.Path("", "thing", ("it",), kind)
    vocabulary = Vocabulary("thing", shape, {"thing": shape})
    one = choose(Definition("thing-one", "", "thing", form(path), vocabulary=vocabulary))
    found = Kernel([one], vocabulary).evaluate(pa.table({"it": array}))
    assert found.problems == ()
    return found.codes(0).tolist()


@pytest.mark.parametrize(
    "array",
    [
        pa.array([1, None, 3, 2], pa.int8()),
        pa.array([1, None, 3, 2], pa.uint64()),
        pa.array([1, None, 3, 2], pa.float16()),
        pa.array([1, None, 3, 2], pa.float32()),
        pa.array([Decimal(1), None, Decimal(3), Decimal(2)], pa.decimal128(5, 2)),
        pa.array([Decimal(1), None, Decimal(3), Decimal(2)], pa.decimal128(38, 10)),
        pa.array([Decimal(1), None, Decimal(3), Decimal(2)], pa.decimal256(60, 10)),
        pa.array([9, 1, None, 3, 2], pa.int32()).dictionary_encode()[1:],
    ],
    ids=lambda array: str(array.type),
)
def test_number_columns(array: pa.Array) -> None:
    """Every type of number is read, whole or not, plain or by a dictionary."""
    assert outcomes(NUMBER, array, lambda p: n.Compare(p, ">=", 2)) == [0, 1, 2, 2]
    assert outcomes(NUMBER, array, lambda p: n.Member(p, frozenset({1, 2}))) == [2, 1, 0, 2]
    assert outcomes(NUMBER, array, lambda p: n.Compare(p, "<=", p)) == [2, 1, 2, 2]


DAY = date(2020, 6, 15)


@pytest.mark.parametrize(
    "array",
    [
        pa.array([DAY, None, date(1969, 12, 31)]),
        pa.array([DAY, None, date(1969, 12, 31)], pa.date64()),
        pa.array([datetime(2020, 6, 15), None, datetime(1969, 12, 31)], pa.timestamp("ns")),  # noqa: DTZ001
        pa.array(["2020-06-15", None, "1969-12-31"]),
        pa.array(["2020-06-15", None, "1969-12-31"]).dictionary_encode(),
        pa.array(["2020-06-15", None, "1969-12-31"], pa.string_view()),
    ],
    ids=lambda array: str(array.type),
)
def test_date_columns(array: pa.Array) -> None:
    """Dates are days, in every type that holds days."""
    assert outcomes(DATE, array, lambda p: n.Compare(p, "is", DAY)) == [2, 1, 0]
    assert outcomes(DATE, array, lambda p: n.Compare(p, "<", DAY)) == [0, 1, 2]


def test_dates_that_stop_short() -> None:
    """A date that stops at the year or month is every day in it."""
    array = pa.array(["2020", "2020-06", "2019-02", "2021", "2020-07"])
    assert outcomes(DATE, array, lambda p: n.Compare(p, ">=", DAY)) == [1, 1, 0, 2, 2]
    assert outcomes(DATE, array, lambda p: n.Compare(p, "is", DAY)) == [1, 1, 0, 0, 0]


def test_large_sets() -> None:
    """Sets of which hundreds of members are asked for, over several banks of bits."""
    names = [f"v{i}" for i in range(200)]
    kind = SetOf(Scalar("enum", tuple(names)))
    array = pa.array([names, names[:199], [*names[1:], None], None, []])
    every = frozenset(names)
    assert outcomes(kind, array, lambda p: n.Includes(p, "all", every)) == [2, 0, 1, 1, 0]
    assert outcomes(kind, array, lambda p: n.Includes(p, "any", every)) == [2, 2, 2, 1, 0]
    few = [[], ["v199"], ["v0", None], [None], None]
    form = n.Includes
    assert outcomes(
        kind,
        pa.array(few),
        lambda p: n.All((form(p, "any", every), form(p, "any", frozenset({"v199"})))),
    ) == [0, 2, 1, 1, 1]


@pytest.mark.parametrize(
    ("member", "rows", "asked"),
    [
        (TEXT, [["a", "b"], ["b", None], ["c"], []], ["a", "z"]),
        (NUMBER, [[1, 2], [2, None], [3], []], [1, 9]),
        (DATE, [[DAY], [None], [date(2021, 1, 1)], []], [DAY]),
        (Scalar("bool"), [[True, False], [False, None], [False], []], [True]),
    ],
    ids=["text", "number", "date", "bool"],
)
def test_sets_of_every_kind(member: Scalar, rows: list[Any], asked: Sequence[Any]) -> None:
    """Sets of texts, numbers, dates and booleans; a null member may be anything."""
    form = frozenset(asked)
    found = outcomes(SetOf(member), pa.array(rows), lambda p: n.Includes(p, "any", form))
    assert found == [2, 1, 0, 0]


# --- planes ---------------------------------------------------------------------------------------


@given(bits=st.lists(st.booleans(), max_size=100), offset=st.integers(0, 17))
def test_bitmaps_that_begin_inside_a_byte(bits: list[bool], offset: int) -> None:
    """An Arrow bitmap is read wherever in a byte it begins."""
    array = pa.array([True] * offset + bits, pa.bool_())
    plane = aligned(array.buffers()[1], offset, len(bits))
    assert unpack(plane, len(bits)).tolist() == bits
    assert tally(plane, len(bits)) == sum(bits)


@given(
    rows=st.lists(st.lists(st.booleans(), min_size=9, max_size=9), max_size=12),
    least=st.integers(0, 16),
)
def test_counting_planes(rows: list[list[bool]], least: int) -> None:
    """Planes are counted row by row, and set against a number."""
    bits = counters([pack(np.array(row)) for row in rows])
    if rows:
        sums = np.array(rows).sum(axis=0)
        assert numbers(bits, 9).tolist() == sums.tolist()
        assert unpack(reaches(bits, least), 9).tolist() == (sums >= least).tolist()
