"""Numbers of a column beside constants and beside each other, exactly.

Guarantee: a binary fraction counts as the decimal that it prints as, as in records; no comparison
rounds. Where machine numbers cannot say, exact ones of Python are compared, slowly. A line in here
touches numbers; it knows no null.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from kprules.formula.nodes import Op
from kprules.tables.planes import room

Truths: TypeAlias = npt.NDArray[np.bool_]

HOLDS: Final[Mapping[Op, np.ufunc]] = {
    "is": np.equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_WHOLE_IN_FLOAT: Final = 2**53
_DIGITS_IN_FLOAT: Final = 15


@dataclass(frozen=True, slots=True)
class Quantities:
    """Numbers: whole ones divided by ten to the power of `scale`, binary fractions, or objects."""

    values: npt.NDArray[Any]
    scale: int = 0

    def beside_constant(self, op: Op, constant: int | Decimal) -> Truths:
        """Return where the numbers compare so with a constant; in room that is written over."""
        values = self.values
        if values.dtype.kind == "O":
            return _as_truths(HOLDS[op](values, Fraction(constant)))
        test = _test(op, constant, self.scale, values.dtype)
        found = room(values.shape, 0)
        if isinstance(test, bool):
            found[...] = test
            return found
        return _as_truths(test[0](values, test[1], found))

    def beside(self, op: Op, other: Quantities) -> Truths:
        """Return where the numbers compare so with others."""
        first, second = self.values, other.values
        if not (first.size and second.size):
            return np.zeros(np.broadcast_shapes(first.shape, second.shape), np.bool_)
        kinds = first.dtype.kind + second.dtype.kind
        if kinds == "ff" and first.dtype == second.dtype:
            return _as_truths(HOLDS[op](first, second))
        if kinds == "ii":
            scale = max(self.scale, other.scale)
            scaled = _scaled(self, scale), _scaled(other, scale)
            if scaled[0] is not None and scaled[1] is not None:
                return _as_truths(HOLDS[op](scaled[0], scaled[1]))
        floats = _as_float(self), _as_float(other)
        if floats[0] is not None and floats[1] is not None:
            return _as_truths(HOLDS[op](floats[0], floats[1]))
        return _as_truths(HOLDS[op](_as_objects(self), _as_objects(other)))


def _as_truths(found: Any) -> Truths:
    """Return a comparison's result as truths: of objects, it is objects."""
    return np.asarray(found, dtype=np.bool_)


@lru_cache(maxsize=4096)
def _test(
    op: Op, constant: int | Decimal, scale: int, kind: np.dtype[Any]
) -> tuple[np.ufunc, Any] | bool:
    """Return how machine numbers are to be compared with which, or what all come to."""
    if kind.kind == "f":
        return _float_test(op, Fraction(constant), kind.type)
    bound = Fraction(constant) * 10**scale
    whole = math.ceil(bound) if op in {"<", ">="} else math.floor(bound)
    if op == "is" and whole != bound:
        return False
    limits = np.iinfo(kind)
    if whole > limits.max:
        return op in {"<", "<="}
    if whole < limits.min:
        return op in {">", ">="}
    return HOLDS[op], kind.type(whole)


def _float_test(
    op: Op, constant: Fraction, kind: type[np.floating[Any]]
) -> tuple[np.ufunc, Any] | bool:
    below, exact = nearest_below(constant, kind)
    if op == "is" and not exact:
        return False
    if not exact:
        op = "<=" if op in {"<", "<="} else ">"
    return HOLDS[op], below


def nearest_below(constant: Fraction, kind: type[np.floating[Any]]) -> tuple[Any, bool]:
    """Return the largest binary fraction that prints as no more than a constant; whether equal."""
    greatest = np.finfo(kind).max
    if constant >= printed(greatest):
        found = greatest
    elif constant < printed(-greatest):
        return kind(-math.inf), False
    else:
        found = kind(float(constant))
        while printed(found) > constant:
            found = np.nextafter(found, kind(-math.inf))
        while printed(above := np.nextafter(found, kind(math.inf))) <= constant:
            found = above
    return found, printed(found) == constant


def printed(value: Any) -> Fraction:
    """Return a binary fraction as the decimal that it prints as, at its own precision."""
    if isinstance(value, np.float32 | np.float16):
        return Fraction(np.format_float_scientific(value, unique=True))
    return Fraction(repr(float(value)))


def _scaled(numbers: Quantities, scale: int) -> npt.NDArray[Any] | None:
    """Return whole numbers at a larger scale, where they still fit."""
    values = numbers.values.astype(np.int64, copy=False)
    factor = 10 ** (scale - numbers.scale)
    if factor == 1:
        return values
    limit = np.iinfo(np.int64).max // factor
    if values.max() > limit or values.min() < -limit:
        return None
    scaled: npt.NDArray[Any] = values * factor
    return scaled


def _as_float(numbers: Quantities) -> npt.NDArray[np.float64] | None:
    """Return numbers as binary fractions, where different ones stay so and equal ones too."""
    values = numbers.values
    match values.dtype.kind:
        case "f":
            return values.astype(np.float64) if values.dtype == np.float64 else None
        case "i" | "u":
            most = 10**_DIGITS_IN_FLOAT if numbers.scale else _WHOLE_IN_FLOAT
            if values.max() > most or (values.dtype.kind == "i" and values.min() < -most):
                return None
            if numbers.scale > 22:  # noqa: PLR2004 - the powers of ten that a float64 holds exactly
                return None
            floats: npt.NDArray[np.float64] = values.astype(np.float64)
            if numbers.scale:
                floats /= 10.0**numbers.scale
            return floats
        case _:
            return None


def _as_objects(numbers: Quantities) -> npt.NDArray[Any]:
    """Return numbers as exact ones of Python."""
    values = numbers.values
    match values.dtype.kind:
        case "O":
            return values
        case "f":
            made = np.frompyfunc(lambda v: printed(v) if np.isfinite(v) else Fraction(0), 1, 1)
            return np.asarray(made(values), dtype=object)
        case _:
            scale = 10**numbers.scale
            made = np.frompyfunc(lambda v: Fraction(int(v), scale), 1, 1)
            return np.asarray(made(values), dtype=object)
