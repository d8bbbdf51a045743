"""Files and folders, read within bounds.

Guarantee: whatever is behind a path (nothing, a folder, a pipe, a loop of links, bytes that are no
text), reading it ends, and ends in a text or a problem. A line in here touches paths and bytes.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

from kprules.diagnostics import Problems
from kprules.library.trees import refuse_controls
from kprules.source import Source, Span

LARGEST: Final = 1 << 20
"""Bytes of one rule or case file, or of one line of a file of cases."""


def files_in(
    paths: Iterable[str | Path], suffixes: Collection[str] | None, problems: Problems
) -> Iterator[Path]:
    """Yield the files named, and those with the suffixes in the folders named, each once, in order.

    Without suffixes, all that lie there. What is hidden (its name begins with a dot) is passed over
    in folders.
    """
    seen: set[object] = set()
    for path in map(Path, paths):
        try:
            found = sorted(_below(path, suffixes)) if path.is_dir() else [path]
        except OSError as e:
            unreadable(path, e, problems)
            continue
        for file in found:
            same = _identity(file)
            if same not in seen:
                seen.add(same)
                yield file


def _identity(file: Path) -> object:
    """Return what is equal for two ways to one file."""
    try:
        known = file.stat()
    except (OSError, ValueError):  # nothing there, loops of links; names that no system has
        return file
    return known.st_dev, known.st_ino


def _below(folder: Path, suffixes: Collection[str] | None) -> Iterator[Path]:
    met: set[tuple[int, int]] = set()
    for here, folders, files in os.walk(folder, followlinks=True):
        known = Path(here).stat()
        if (known.st_dev, known.st_ino) in met:
            folders.clear()
            continue
        met.add((known.st_dev, known.st_ino))
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in files:
            fits = suffixes is None or Path(name).suffix.lower() in suffixes
            if fits and not name.startswith("."):
                yield Path(here, name)


def unreadable(path: Path, error: OSError, problems: Problems) -> None:
    """Report a file or folder that the system will not give."""
    why = (error.strerror or str(error) or type(error).__name__).lower()
    problems.report("unreadable", f"`{path}` cannot be read: {why}", where=str(path))


def read_source(path: Path, problems: Problems, largest: int | None = LARGEST) -> Source | None:
    """Return the text of a file under its name, or nothing, with the reason among the problems."""
    data = read_bytes(path, problems, largest)
    return None if data is None else decoded(str(path), data, problems)


def read_bytes(path: Path, problems: Problems, largest: int | None = LARGEST) -> bytes | None:
    """Return the bytes of a file, or nothing, with the reason among the problems."""
    if not _readable(path, problems, largest):
        return None
    try:
        return path.read_bytes()
    except OSError as e:
        unreadable(path, e, problems)
    return None


def _readable(path: Path, problems: Problems, largest: int | None) -> bool:
    """Return whether a path is one of a file that is not too large; else say what it is."""
    try:
        known = path.stat()
    except OSError as e:
        unreadable(path, e, problems)
        return False
    except ValueError:  # a name that no system has, such as one with a null character
        problems.report("unreadable", f"`{path}` is no name of a file", where=str(path))
        return False
    if not stat.S_ISREG(known.st_mode):
        what = "a folder" if stat.S_ISDIR(known.st_mode) else "no file"
        problems.report("unreadable", f"`{path}` is {what}", where=str(path))
        return False
    if largest is not None and known.st_size > largest:
        _too_large(path, largest, problems)
        return False
    return True


def lines_of(path: Path, problems: Problems, longest: int = LARGEST) -> Iterator[bytes]:
    """Yield the lines of a file as they are read, or nothing, with the reason among the problems.

    Of a line that is longer no more is yielded than shows that it is.
    """
    if not _readable(path, problems, None):
        return
    try:
        with path.open("rb") as file:
            while line := file.readline(longest + 2):
                yield line
                while len(line) == longest + 2 and not line.endswith(b"\n"):
                    line = file.readline(longest + 2)
    except OSError as e:
        unreadable(path, e, problems)


def more_than(lines: int, paths: Iterable[str | Path]) -> bool:
    """Return whether files have more lines than that, as far as they can be read."""
    for path in map(Path, paths):
        for _ in lines_of(path, Problems()):
            lines -= 1
            if lines < 0:
                return True
    return False


def decoded(name: str, data: bytes, problems: Problems, first: int = 1) -> Source | None:
    """Return UTF-8 bytes as a source without control characters, or report what is wrong.

    `first` is the number of their first line.
    """
    try:
        text = data.decode("utf-8-sig" if first == 1 else "utf-8")
    except UnicodeDecodeError as e:
        source = Source(name, data.decode(errors="replace"), first)
        start = len(data[: e.start].decode())
        problems.report(
            "encoding",
            f"the byte 0x{data[e.start]:02x} is no UTF-8",
            Span(source, start, start + 1),
            help="save the file as UTF-8",
        )
        return None
    source = Source(name, text, first)
    return None if refuse_controls(source, problems) else source


def _too_large(path: Path, largest: int, problems: Problems) -> None:
    problems.report(
        "too-large", f"`{path}` is larger than {largest:,} bytes", where=str(path), help="split it"
    )
