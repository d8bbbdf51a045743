"""How far a table is read, for a person who waits.

Guarantee: nothing is shown before a second has passed, nor to anything but a terminal, nor on
standard output. A line in here touches standard error and clocks.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from kprules.comparison.tables import Block

T = TypeVar("T")
_SOON = 1.0


def telling(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks; say rows, rows a second and the time left."""
    if not sys.stderr.isatty():
        yield from blocks
        return
    from rich.console import Console  # noqa: PLC0415 - only where a person waits
    from rich.live import Live  # noqa: PLC0415 - as above

    begun = time.monotonic()
    rows = 0
    with Live("", console=Console(stderr=True), transient=True, auto_refresh=False) as live:
        for block in blocks:
            yield block
            rows += block.outcomes.rows + len(block.rejects) + block.outside
            passed = time.monotonic() - begun
            if passed > _SOON:
                live.update(progress_words(rows, passed, block.share), refresh=True)


def share_told(items: Iterable[T], rows: Callable[[], int]) -> Iterator[T]:
    """Yield what is made of rows; say how many were read, and how many a second."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console  # noqa: PLC0415 - only where a person waits
    from rich.live import Live  # noqa: PLC0415 - as above

    begun = time.monotonic()
    with Live("", console=Console(stderr=True), transient=True, auto_refresh=False) as live:
        for item in items:
            yield item
            passed = time.monotonic() - begun
            if passed > _SOON:
                live.update(progress_words(rows(), passed, 0), refresh=True)


def progress_words(rows: int, passed: float, share: float) -> str:
    """Say how far it is."""
    speed = rows / passed if passed else 0.0
    said = f"{rows:,} rows, {speed:,.0f} a second"
    if 0 < share < 1:
        left = passed * (1 - share) / share
        said += f", {100 * share:.0f} %, {_time(left)} left"
    return said


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
