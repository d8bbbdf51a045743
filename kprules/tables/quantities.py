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
        """Return where the numbers compare so with a constant."""
        kind = self.values.dtype.kind
        if kind == "f":
            return _float_beside(self.values, op, Fraction(constant))
        if kind == "O":
            return _as_truths(HOLDS[op](self.values, Fraction(constant)))
        return _whole_beside(self.values, op, Fraction(constant) * 10**self.scale)

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


def _whole_beside(values: npt.NDArray[Any], op: Op, constant: Fraction) -> Truths:
    bound = math.ceil(constant) if op in {"<", ">="} else math.floor(constant)
    if op == "is" and bound != constant:
        return np.zeros(values.shape, np.bool_)
    limits = np.iinfo(values.dtype)
    if bound > limits.max:
        return np.full(values.shape, op in {"<", "<="}, np.bool_)
    if bound < limits.min:
        return np.full(values.shape, op in {">", ">="}, np.bool_)
    return _as_truths(HOLDS[op](values, values.dtype.type(bound), room(values.shape, 0)))


def _float_beside(values: npt.NDArray[Any], op: Op, constant: Fraction) -> Truths:
    below, exact = nearest_below(constant, values.dtype.type)
    if op == "is" and not exact:
        return np.zeros(values.shape, np.bool_)
    if not exact:
        op = "<=" if op in {"<", "<="} else ">"
    return _as_truths(HOLDS[op](values, below, room(values.shape, 0)))


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
    return values * factor


def _as_float(numbers: Quantities) -> npt.NDArray[np.float64] | None:
    """Return numbers as binary fractions, where different ones stay so and equal ones too."""
    values = numbers.values
    match values.dtype.kind:
        case "f":
            return values if values.dtype == np.float64 else None
        case "i" | "u":
            most = 10**_DIGITS_IN_FLOAT if numbers.scale else _WHOLE_IN_FLOAT
            if values.max() > most or (values.dtype.kind == "i" and values.min() < -most):
                return None
            if numbers.scale > 22:  # noqa: PLR2004 - the powers of ten that a float64 holds exactly
                return None
            floats = values.astype(np.float64)
            return floats / 10.0**numbers.scale if numbers.scale else floats
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
