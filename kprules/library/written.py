"""Files written whole or not at all.

Guarantee: under a file's name lies what lay there before, or the whole of what was written; what is
no file (a pipe, a device) is never replaced: a pipe, a terminal and the like are written to as they
are, anything else is refused. A line in here touches files.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import IO


def is_stream(path: Path) -> bool:
    """Return whether a path names a pipe, a terminal or the like, which takes bytes in order."""
    mode = _mode(path)
    return mode is not None and (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode))


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


@contextmanager
def whole(path: Path) -> Iterator[IO[bytes]]:
    """Open a file to write that takes the name in the end, and only where all went well."""
    mode = _mode(path)
    if is_stream(path):
        with path.open("wb") as stream:
            yield stream
        return
    if mode is not None and not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is neither a file nor a pipe", str(path))
    target = path.resolve()
    beside = target.with_name(f".{path.name[:50]}.{token_hex(8)}")  # known before it is there
    try:
        with open(beside, "xb", opener=_private) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            beside.chmod(0o666 & ~_umask() if mode is None else mode & 0o777)
            beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
