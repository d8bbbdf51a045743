"""How long what is to be done soon may take."""

from __future__ import annotations

import sys
import time

_COUNTED = 1_000_000
_USUAL = 0.05
"""How many seconds the counting takes on the machine on which two seconds were meant."""


def soon() -> float:
    """Return two seconds of work on the usual machine, in seconds of this one as it runs now.

    Thrice that is given: machines that others use as well are slow in some things and not in all.
    More where lines are counted, which costs as much.
    """
    begun = time.process_time()
    sum(map(int.bit_length, range(_COUNTED)))  # of no lines, so nothing counts them
    slower = max(1.0, (time.process_time() - begun) / _USUAL)
    return slower * (6.0 if sys.gettrace() is None else 30.0)
