"""The two ends of periods, read together: what goes on, and what ends before it begins.

Guarantee: an end that is not given is far away where the beginning is known, else unknown. A line
in here touches two columns of days.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kprules.tables.calendar import ONGOING
from kprules.tables.leaves import Day
from kprules.tables.planes import Plane, unpack
from kprules.tables.quantities import Truths


def going_on(begins: Day, ends: Day, given: Plane | None) -> Day:
    """Return the ends of periods; one that has begun and whose end is not given goes on."""
    if ends.known is None or given is None:
        return ends
    going = ~given if begins.known is None else ~given & begins.known
    on = unpack(going, ends.shape[0]).view(np.bool_)
    first = np.where(on, np.int32(ONGOING), ends.first)
    last = first if ends.last is ends.first else np.where(on, np.int32(ONGOING), ends.last)
    return replace(ends, known=ends.known | going, first=first, last=last)


def turned_round(begins: Day, ends: Day) -> Truths | None:
    """Return which periods end before they begin, on whatever days within their dates, if any."""
    turned: Truths = ends.last < begins.first
    for leaf in (begins, ends):
        if not turned.any():
            return None
        if leaf.known is not None:
            turned &= unpack(leaf.known, leaf.shape[0]).view(np.bool_)
    return turned if turned.any() else None
