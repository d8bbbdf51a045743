"""How the program ends, and how it complains.

Guarantee: what is said on standard error is plain text. A line in here touches exit codes.
"""

from __future__ import annotations

from enum import IntEnum

import click

from kprules.diagnostics import plain


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
    """Say what the user should know beside the result."""
    click.echo(f"note: {plain(message)}", err=True)
