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
from kprules.tables.planes import unpack
from kprules.tables.pools import Pool
from kprules.tables.quantities import Truths

_ROOM: Final = 1 << 20
"""Places of a table of all ids in all rows that is small enough to be laid out."""

Where = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Named:
    """For each id the number of the entry, and whether there is one; which entries stand twice."""

    target: Where
    found: Truths
    repeated: Truths


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
        return Named(nowhere, nowhere.astype(np.bool_), np.zeros(0, np.bool_))
    if known is None and rows * many <= max(_ROOM, 4 * (len(keys) + len(asked))):
        return _by_table(keys, asked, rows * many)
    return _by_order(keys, asked)


def _by_table(keys: Where, asked: Where, size: int) -> Named:
    table = np.full(size, -1, np.int64)
    table[keys] = np.arange(len(keys))
    target = table.take(asked)
    found = target >= 0
    return Named(np.where(found, target, 0), found, table.take(keys) != np.arange(len(keys)))


def _by_order(keys: Where, asked: Where) -> Named:
    order = np.argsort(keys, kind="stable")
    ordered = keys.take(order)
    place = np.searchsorted(ordered, asked)
    found = ordered.take(place, mode="clip") == asked
    repeated = np.zeros(len(keys), np.bool_)
    repeated[order[1:]] = ordered[1:] == ordered[:-1]
    return Named(np.where(found, order.take(place, mode="clip"), 0), found, repeated)
