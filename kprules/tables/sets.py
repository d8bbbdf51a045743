"""Columns of sets: a bit for each member that definitions mention, and two marks.

Guarantee: a set with a null member is open, a null set is unknown; both are marked in the first
bank of bits. A line in here touches one column of sets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.types as at

from kprules.formula.nodes import Value
from kprules.records.shape import Scalar
from kprules.tables.arrow import elements, known_bits, starts_of
from kprules.tables.leaves import FIRST_MEMBER, OPEN, UNKNOWN_SET, Coded, Leaf, Listing
from kprules.tables.planes import unpack, zeros
from kprules.tables.reading import Dictionaries, Report, is_known, read_scalar

_BANKS: Final = (np.uint8, np.uint16, np.uint32, np.uint64)
_BANK_BITS: Final = 64


def read_set(
    array: pa.Array,
    member: Scalar,
    mentioned: Sequence[Value],
    report: Callable[[npt.NDArray[np.int64]], Report],
    met: Dictionaries,
) -> Listing:
    """Return the leaf of a column of sets; `report` is told how many members each set has."""
    rows = len(array)
    places = {value: _place(index) for index, value in enumerate(mentioned)}
    banks = [np.zeros(rows, _bank_type(n)) for n in _bank_sizes(len(mentioned))]
    if at.is_null(array.type):
        banks[0][:] = OPEN | UNKNOWN_SET
        return Listing(shape=(rows,), known=zeros((rows,)), banks=tuple(banks), places=places)
    members, lengths = elements(array)
    leaf = read_scalar(members, member, mentioned, report(lengths), met)
    full = lengths > 0
    if full.any():
        starts = starts_of(lengths)[full]
        for bank, bits in enumerate(_member_bits(leaf, places, banks)):
            banks[bank][full] = np.bitwise_or.reduceat(bits, starts)
    known = known_bits(array)
    if known is not None:
        banks[0][~is_known(known, rows)] = OPEN | UNKNOWN_SET
    return Listing(shape=(rows,), known=known, banks=tuple(banks), places=places)


def _place(index: int) -> tuple[int, int]:
    """Return the bank and bit of a member, by its number; each bank leaves room for two marks."""
    bank, bit = divmod(index, _BANK_BITS - FIRST_MEMBER)
    return bank, bit + FIRST_MEMBER


def _bank_sizes(members: int) -> list[int]:
    room = _BANK_BITS - FIRST_MEMBER
    full, rest = divmod(members, room)
    return [room] * full + ([rest] if rest or not full else [])


def _bank_type(members: int) -> type[np.unsignedinteger[Any]]:
    """Return the least type that holds the bits of so many members, and the marks."""
    bits = members + FIRST_MEMBER
    return next(kind for kind in _BANKS if np.iinfo(kind).bits >= bits)


def _member_bits(
    leaf: Leaf, places: Mapping[Value, tuple[int, int]], banks: Sequence[npt.NDArray[Any]]
) -> list[npt.NDArray[Any]]:
    """Return, for each bank, the bit that each member of all sets stands for."""
    many = leaf.shape[0]
    if isinstance(leaf, Coded):
        made = []
        for bank, like in enumerate(banks):
            lut = np.zeros(int(leaf.codes.max(initial=0)) + 1, like.dtype)
            for value, natives in leaf.natives.items():
                where, bit = places.get(value, (-1, 0))
                if where == bank:
                    for native in natives:
                        if native < len(lut):
                            lut[native] = 1 << bit
            made.append(lut.take(leaf.codes))
    else:
        made = [np.zeros(many, like.dtype) for like in banks]
        for value, (bank, bit) in places.items():
            found = unpack(leaf.one_of([value]), many).astype(banks[bank].dtype)
            made[bank] |= found << banks[bank].dtype.type(bit)
    if leaf.known is not None:
        unknown = ~is_known(leaf.known, many)
        for bank in range(len(banks)):
            made[bank][unknown] = OPEN if bank == 0 else 0
    return made
