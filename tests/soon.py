"""How long what is to be done soon may take."""

from __future__ import annotations

import sys


def soon() -> float:
    """Return two seconds of work; more where lines are counted, which costs as much."""
    return 2.0 if sys.gettrace() is None else 8.0
