"""Reading Arrow arrays: bitmaps, buffers, lists, texts, without copies where they lie straight.

Guarantee: what lies under a null is never shown as a value. A line in here touches Arrow's layout;
it knows no field.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as at

from kprules.tables.planes import Plane, aligned, zeros

Index = npt.NDArray[np.uint32]
MOST_ELEMENTS: Final = 2**31
"""The elements of a list column that one block may hold."""


def known_bits(array: pa.Array) -> Plane | None:
    """Return where an array has values; `None` is everywhere."""
    if at.is_dictionary(array.type) and array.dictionary.null_count:
        array = array.dictionary_decode()  # such nulls it does not count among its own
    if array.null_count == 0:
        return None
    if array.null_count == len(array):
        return zeros((len(array),))
    if at.is_dictionary(array.type):
        array = array.indices
    validity = array.buffers()[0]
    if validity is None:  # nulls without a bitmap: a union or a null array
        return aligned(pc.is_valid(array).buffers()[1], 0, len(array))
    return aligned(validity, array.offset, len(array))


def truth_bits(array: pa.BooleanArray) -> Plane:
    """Return the bits of a boolean array; under nulls, any."""
    if not len(array):
        return zeros((0,))
    return aligned(array.buffers()[1], array.offset, len(array))


@cache
def _dtype(kind: pa.DataType) -> np.dtype[Any]:
    sort = "f" if at.is_floating(kind) else "u" if at.is_unsigned_integer(kind) else "i"
    return np.dtype(f"{sort}{kind.bit_width // 8}")


def machine_numbers(array: pa.Array) -> npt.NDArray[Any]:
    """Return the numbers of a primitive array as they lie; under nulls, any."""
    kind = _dtype(array.type)
    if not len(array):
        return np.empty(0, kind)
    raw = np.frombuffer(array.buffers()[1], kind)
    return raw[array.offset : array.offset + len(array)]


def is_text(kind: pa.DataType) -> bool:
    """Return whether a type holds texts, plainly or by a dictionary."""
    if at.is_dictionary(kind):
        kind = kind.value_type
    return bool(at.is_string(kind) or at.is_large_string(kind) or at.is_string_view(kind))


def is_list(kind: pa.DataType) -> bool:
    """Return whether a type holds lists of any layout."""
    return bool(
        at.is_list(kind)
        or at.is_large_list(kind)
        or at.is_fixed_size_list(kind)
        or at.is_list_view(kind)
        or at.is_large_list_view(kind)
    )


def plain_texts(array: pa.Array) -> pa.Array:
    """Return texts in the one layout that every function of Arrow knows."""
    if at.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array.cast(pa.large_string())


def decoded(array: pa.Array) -> pa.Array:
    """Return an array without its dictionary, if it has one."""
    return array.dictionary_decode() if at.is_dictionary(array.type) else array


def struct_field(array: pa.StructArray, name: str) -> pa.Array | None:
    """Return a field of records, null where the record is; `None` where there is no such field."""
    index = array.type.get_field_index(name)
    if index < 0:
        return None
    if array.null_count == 0:
        return array.field(index)
    return pc.struct_field(array, [index])


def as_list(array: pa.Array) -> pa.Array:
    """Return a map as a list of its keys and values."""
    if not at.is_map(array.type):
        return array
    entry = pa.struct([("key", array.type.key_type), ("value", array.type.item_type)])
    return array.cast(pa.list_(entry))


def elements(array: pa.Array) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    """Return what lists hold, end to end, and how much each holds; a null list holds nothing."""
    lengths = pc.list_value_length(array)
    if lengths.null_count:
        lengths = lengths.fill_null(0)
    return array.flatten(), machine_numbers(lengths).astype(np.int64, copy=False)


def starts_of(lengths: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return where each list begins."""
    starts = np.zeros(len(lengths), np.int64)
    np.cumsum(lengths[:-1], out=starts[1:])
    return starts


class Gather:
    """Takes elements of one array into a frame: `index` says which, in the frame's shape."""

    __slots__ = ("_index", "shape", "source")

    def __init__(self, index: npt.NDArray[Any], source: int) -> None:
        """Take from arrays of `source` elements; each index is below that, unless it is zero."""
        self.shape: tuple[int, ...] = index.shape
        self.source = source
        flat = np.ascontiguousarray(index.ravel())
        self._index = as_array(flat)

    def __call__(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return the elements taken; where there are none to take from, zeros."""
        if not self.source:
            return np.zeros(self.shape, values.dtype)
        if values.dtype.kind == "O":
            return np.asarray(values.take(self.index()).reshape(self.shape))
        taken = pc.take(as_array(values), self._index, boundscheck=False)
        return machine_numbers(taken).reshape(self.shape)

    def index(self) -> npt.NDArray[Any]:
        """Return which elements are taken, one after the other."""
        return machine_numbers(self._index)


def as_array(values: npt.NDArray[Any]) -> pa.Array:
    """Return a numpy array as Arrow's, as it lies."""
    values = np.ascontiguousarray(values)
    kind = pa.from_numpy_dtype(values.dtype)
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])
