"""Dates as tables write them: whole, or stopping at the month or the year.

Guarantee: days are counted from 1970, as Arrow counts them. A line in here touches one text.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Final

_EPOCH: Final = date(1970, 1, 1).toordinal()
_WRITTEN: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)
EARLIEST: Final = date.min.toordinal() - _EPOCH
LATEST: Final = date.max.toordinal() - _EPOCH
"""The first and the last day of the years 1 to 9999."""
ONGOING: Final = date.max.toordinal() - _EPOCH
"""The end of a period that is still going on."""


def days_in(text: str | None) -> tuple[int, int] | None:
    """Return the first and last day of a written date; `None` where it is none."""
    found = _WRITTEN.fullmatch(text or "")
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        first = date(year, month or 1, day or 1)
    except ValueError:
        return None
    ending = month or 12
    last = first if day else date(year, ending, monthrange(year, ending)[1])
    return first.toordinal() - _EPOCH, last.toordinal() - _EPOCH
