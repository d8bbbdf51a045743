"""How the program ends, and how it complains.

Guarantee: what is said on standard error is plain text. A line in here touches exit codes and
standard error.
"""

from __future__ import annotations

import os
import sys
import textwrap
from enum import IntEnum
from typing import Final

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


def complain(message: str) -> None:
    """Say what is wrong."""
    click.echo(f"error: {plain(message)}", err=True)


def note(message: str) -> None:
    """Say what the user should know beside the result, in lines that fit the terminal."""
    _say("note: ", "      ", message)


def beside(message: str) -> None:
    """Say one thing of several below a note."""
    _say("  ", "    ", message)


def _say(first: str, rest: str, message: str) -> None:
    """Break a text where it ends a line; names stay whole."""
    text = textwrap.fill(
        plain(message),
        _width(),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
    click.echo(text, err=True)


def _width() -> int:
    """Return how wide the terminal is on which standard error appears."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return max(_LEAST_WIDTH, int(asked))
    try:
        return max(_LEAST_WIDTH, os.get_terminal_size(sys.stderr.fileno()).columns)
    except (OSError, ValueError):  # no terminal, or nothing with a number
        return _USUAL_WIDTH
