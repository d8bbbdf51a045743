"""Progress, for a person who waits.

Guarantee: nothing is shown before a second has passed, nor to anything but a terminal, nor on
standard output. A line in here touches standard error and clocks.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
SOON = 1.0
"""Seconds of work after which a person is shown that it goes on."""


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show that something is being done, while it is."""
    if not sys.stderr.isatty():
        yield
        return
    done = Event()
    thread = Thread(target=_show, args=(what, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _show(what: str, done: Event) -> None:
    if done.wait(SOON):
        return
    from rich.console import Console  # noqa: PLC0415 - only where work takes long
    from rich.status import Status  # noqa: PLC0415 - as above

    with Status(what, console=Console(stderr=True)):
        done.wait()


def following(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Yield the items; show how far it is, where it takes long."""
    begun = time.monotonic()
    coming = iter(items)
    done = 0
    for item in coming:
        yield item
        done += 1
        if sys.stderr.isatty() and time.monotonic() - begun > SOON:
            break
    else:
        return
    from rich.console import Console  # noqa: PLC0415 - only where work takes long
    from rich.progress import Progress  # noqa: PLC0415 - as above

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(what, total=total, completed=done)
        for item in coming:
            yield item
            progress.advance(task)
