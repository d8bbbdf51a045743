"""Where a result goes: standard output, a pager, a file.

Guarantee: a file is written whole or not at all, and never over an input; a closed pipe is quiet;
colour and signs are used only where they can be seen. A line in here touches streams and files.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import click

from kprules.cli.ending import Cannot, drop_output
from kprules.diagnostics import Problems
from kprules.library.cases import SUFFIXES
from kprules.library.checked import SUFFIX
from kprules.library.files import files_in
from kprules.library.written import whole
from kprules.reports.text import SIGNS, Paper

_USUAL_WIDTH = 80
_LEAST_WIDTH = 40


@dataclass(frozen=True, slots=True)
class Output:
    """Standard output, or the file named."""

    file: str | None = None
    no_color: bool = False
    inputs: tuple[str | Path, ...] = ()

    def check(self) -> None:
        """Refuse a file that is read, or that cannot be written, before any work is done."""
        if self.file is None:
            return
        path = Path(self.file)
        if path.is_dir():
            raise Cannot(f"`{self.file}` is a folder")
        if not path.absolute().parent.is_dir():
            raise Cannot(f"there is no folder `{path.parent}` to write `{path.name}` into")
        if path.exists() and _identity(path) in {
            _identity(p) for p in files_in(self.inputs, {*SUFFIXES, SUFFIX}, Problems())
        }:
            raise Cannot(f"`{self.file}` is read by this command; name another file to write")

    @property
    def person(self) -> bool:
        """Whether a person looks at the output as it comes."""
        return self.file is None and sys.stdout.isatty()

    def paper(self) -> Paper:
        """Return what the output can show."""
        colour = (
            self.person
            and not self.no_color
            and not os.environ.get("NO_COLOR")
            and os.environ.get("TERM") != "dumb"
        )
        width = _USUAL_WIDTH
        if self.file is None and (sys.stdout.isatty() or os.environ.get("COLUMNS")):
            width = max(_LEAST_WIDTH, _terminal().columns)
        return Paper(width, colour, unicode=self.file is not None or _can_show(SIGNS))

    def write(self, text: str, *, paged: bool = False) -> None:
        """Give out the whole result."""
        text = text if text.endswith("\n") or not text else text + "\n"
        if self.file is not None:
            write_whole(Path(self.file), text)
        elif paged and self.person and text.count("\n") >= _terminal().lines:
            os.environ.setdefault("LESS", "-FRX")
            click.echo_via_pager(text, color=self.paper().colour)
        else:
            try:
                sys.stdout.write(text)
                sys.stdout.flush()
            except BrokenPipeError:  # whoever has read enough may still ask for the exit code
                drop_output()


def _terminal() -> os.terminal_size:
    from shutil import get_terminal_size  # noqa: PLC0415 - brings in archives

    return get_terminal_size((_USUAL_WIDTH, 24))


def same_file(one: str, other: str) -> bool:
    """Return whether two names lead to one file, whether or not it is there yet."""
    first, second = Path(one), Path(other)
    return first.resolve() == second.resolve() or (
        first.exists() and _identity(first) == _identity(second)
    )


def _identity(path: Path) -> tuple[int, int]:
    try:
        known = path.stat()
    except OSError:
        return -1, -1
    return known.st_dev, known.st_ino


def _can_show(signs: str) -> bool:
    try:
        signs.encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def write_whole(path: Path, text: str) -> None:
    """Write a text whole or not at all; what was there before stays until then."""
    write_bytes(path, text.encode())


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; what was there before stays until then."""
    try:
        with whole(path) as file:
            file.write(content)
    except OSError as e:
        raise Cannot(f"`{path}` cannot be written: {(e.strerror or str(e)).lower()}") from e
