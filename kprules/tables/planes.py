"""Planes: one bit a row, 64 rows a word, in numpy arrays of bytes.

Guarantee: the least significant bit of a byte is its first row (as in Arrow); bits beyond the last
row may be anything, and whoever counts says how many rows there are. The last axis holds rows; the
axes before it, if any, are slots of lists. A line in here touches bits and knows no field.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Plane: TypeAlias = npt.NDArray[np.uint8]
Bytes: TypeAlias = npt.NDArray[np.uint8]
"""A truth a byte: 0, or something else."""


def width(rows: int) -> int:
    """Return how many bytes the bits of so many rows take."""
    return (rows + 7) // 8


def ones(shape: tuple[int, ...]) -> Plane:
    """Return a plane that is so everywhere; `shape` counts rows."""
    return np.full((*shape[:-1], width(shape[-1])), 255, np.uint8)


def zeros(shape: tuple[int, ...]) -> Plane:
    """Return a plane that is so nowhere; `shape` counts rows."""
    return np.zeros((*shape[:-1], width(shape[-1])), np.uint8)


def pack(truths: npt.NDArray[np.bool_] | Bytes) -> Plane:
    """Return truths, one a byte, as bits."""
    return np.packbits(truths, axis=-1, bitorder="little")


def unpack(plane: Plane, rows: int) -> Bytes:
    """Return bits as truths of 0 or 1, one a byte."""
    return np.unpackbits(plane, axis=-1, count=rows, bitorder="little")


def aligned(buffer: pa.Buffer, offset: int, rows: int) -> Plane:
    """Return an Arrow bitmap as a plane: as it lies, or moved where it begins inside a byte."""
    raw = np.frombuffer(buffer, np.uint8)
    start, shift = divmod(offset, 8)
    size = width(rows)
    if not shift:
        return raw[start : start + size]
    piece = raw[start : start + width(rows + shift)]
    moved = piece[:size] >> np.uint8(shift)
    above = piece[1 : size + 1] << np.uint8(8 - shift)
    moved[: len(above)] |= above
    return moved


def tally(plane: Plane, rows: int) -> int:
    """Return how many of the rows are so."""
    if not rows:
        return 0
    bits = pa.Array.from_buffers(pa.bool_(), rows, [None, pa.py_buffer(plane)])
    return int(bits.true_count)


class _Rooms(threading.local):
    """Room for intermediate truths, a thread's own, written over again and again."""

    def __init__(self) -> None:
        self.shape: tuple[int, ...] = (0,)
        self.views = (np.empty(0, np.bool_), np.empty(0, np.bool_))
        self.taken = self.views


_ROOMS = _Rooms()


def room(shape: tuple[int, ...], number: Literal[0, 1]) -> npt.NDArray[np.bool_]:
    """Return room for truths; whoever asks for the same number next writes over it."""
    if _ROOMS.shape != shape:
        size = math.prod(shape)
        if _ROOMS.taken[0].size < size:
            _ROOMS.taken = (np.empty(size, np.bool_), np.empty(size, np.bool_))
        _ROOMS.shape = shape
        _ROOMS.views = (
            _ROOMS.taken[0][:size].reshape(shape),
            _ROOMS.taken[1][:size].reshape(shape),
        )
    return _ROOMS.views[number]


def also(first: Plane | None, second: Plane | None) -> Plane | None:
    """Return where both are so; `None` is everywhere."""
    if first is None or second is None:
        return second if first is None else first
    return first & second


def counters(planes: Sequence[Plane]) -> list[Plane]:
    """Return how many of the planes are so, row by row, as bits of a number, lowest first."""
    bits: list[Plane] = []
    for plane in planes:
        carry = plane
        for index, bit in enumerate(bits):
            bits[index], carry = bit ^ carry, bit & carry
        if len(planes).bit_length() > len(bits):
            bits.append(carry)
    return bits


def reaches(bits: Sequence[Plane], least: int) -> Plane:
    """Return where a number, as `counters` gives it, is at least so much."""
    if least.bit_length() > len(bits):
        return np.zeros_like(bits[0])
    equal, more = np.full_like(bits[0], 255), np.zeros_like(bits[0])
    for index in reversed(range(len(bits))):
        if least >> index & 1:
            equal = equal & bits[index]
        else:
            more = more | (equal & bits[index])
    return more | equal


def numbers(bits: Sequence[Plane], rows: int) -> npt.NDArray[np.int64]:
    """Return the numbers that `counters` gives, row by row."""
    total = np.zeros((*bits[0].shape[:-1], rows), np.int64)
    for index, bit in enumerate(bits):
        total += unpack(bit, rows).astype(np.int64) << index
    return total
