"""Which entry of a map an id names, in its own row.

Guarantee: an id is looked for among the entries of the same row only. A line in here touches
numbers that stand for rows and ids.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kprules.tables.arrow import known_bits
from kprules.tables.planes import Plane, unpack
from kprules.tables.pools import Pool
from kprules.tables.quantities import Truths

_ROOM: Final = 1 << 20
"""Places of a table of all ids in all rows that is small enough to be laid out."""

Where = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Named:
    """For each id the number of the entry, and whether there is one."""

    target: Where
    found: Truths


def entries_named(
    pool: Pool,
    wanted: tuple[Where, npt.NDArray[Any]],
    entries: tuple[Where, pa.Array],
    rows: int,
) -> Named:
    """Return what ids (rows, codes) name among entries (rows, ids) of the same rows."""
    codes = pool.codes(entries[1])
    many = pool.size
    keys = entries[0] * many + codes
    asked = wanted[0] * many + wanted[1]
    known = known_bits(entries[1])
    if known is not None:  # an entry without an id is named by none, each in a place of its own
        blank = ~unpack(known, len(keys)).view(np.bool_)
        keys = np.where(blank, -1 - np.arange(len(keys)), keys)
    if not len(keys):
        nowhere = np.zeros(len(asked), np.int64)
        return Named(nowhere, nowhere.astype(np.bool_))
    if known is None and rows * many <= max(_ROOM, 4 * (len(keys) + len(asked))):
        return _by_table(keys, asked, rows * many)
    return _by_order(keys, asked)


def _by_table(keys: Where, asked: Where, size: int) -> Named:
    table = np.full(size, -1, np.int64)
    table[keys] = np.arange(len(keys))
    target = table.take(asked)
    found = target >= 0
    return Named(np.where(found, target, 0), found)


def _by_order(keys: Where, asked: Where) -> Named:
    order = np.argsort(keys, kind="stable")
    ordered = keys.take(order)
    place = np.searchsorted(ordered, asked)
    found = ordered.take(place, mode="clip") == asked
    return Named(np.where(found, order.take(place, mode="clip"), 0), found)


def repeated(codes: npt.NDArray[Any], known: Plane | None, lengths: Where) -> Truths:
    """Return the entries of lists, end to end, whose id an earlier entry of their list has."""
    again = np.zeros(len(codes), np.bool_)
    asked = np.repeat(lengths > 1, lengths)
    if known is not None:
        asked &= unpack(known, len(codes)).view(np.bool_)
    where = np.nonzero(asked)[0]
    if len(where):
        owners = np.repeat(np.arange(len(lengths)), lengths).take(where)
        keys = owners * (int(codes.max()) + 1) + codes.take(where)
        order = np.argsort(keys, kind="stable")
        ordered = keys.take(order)
        again[where.take(order[1:])] = ordered[1:] == ordered[:-1]
    return again
