"""How the program ends, and how it complains.

Guarantee: what is said on standard error is plain text. A line in here touches exit codes and
the standard streams.
"""

from __future__ import annotations

import os
import sys
from enum import IntEnum
from typing import Final, TextIO

import click

from kprules.diagnostics import plain

_USUAL_WIDTH: Final = 80
_LEAST_WIDTH: Final = 40


class Ending(IntEnum):
    """The exit codes."""

    DONE = 0
    NO = 1
    """The answer is no: a test failed, a check found errors, a file would change."""
    CANNOT = 2
    """It could not be done: bad usage, unreadable or invalid input."""
    FAULT = 3
    """A fault of kprules itself."""
    INTERRUPTED = 130


class Cannot(click.ClickException):
    """What was asked cannot be done, and why."""

    exit_code = Ending.CANNOT


class PipeClosed(Exception):  # noqa: N818 - no error: nobody reads on
    """Nobody reads the output any more. On the system's own error click would end with 1."""


def drop_output(stream: TextIO | None = None) -> None:
    """Send what is still to be written to standard output, or another stream, nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, (stream or sys.stdout).fileno())
    os.close(nowhere)


def tell(text: str) -> None:
    """Write to standard error, if anybody reads there: what the answer is does not hang on it."""
    try:
        click.echo(text, err=True)
    except BrokenPipeError:
        drop_output(sys.stderr)


def complain(message: str) -> None:
    """Say what is wrong."""
    tell(f"error: {plain(message)}")


def note(message: str) -> None:
    """Say what the user should know beside the result, in lines that fit the terminal."""
    _say("note: ", "      ", message)


def beside(message: str) -> None:
    """Say one thing of several below a note."""
    _say("  ", "    ", message)


def _say(first: str, rest: str, message: str) -> None:
    """Break a text where it ends a line; names stay whole."""
    from textwrap import fill  # noqa: PLC0415 - most runs have nothing to say

    text = fill(
        plain(message),
        width(),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    tell(text)


def width() -> int:
    """Return how wide the terminal is on which standard error appears."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return max(_LEAST_WIDTH, int(asked))
    try:
        return max(_LEAST_WIDTH, os.get_terminal_size(sys.stderr.fileno()).columns)
    except (OSError, ValueError):  # no terminal, or nothing with a number
        return _USUAL_WIDTH
