"""`kprules completion`: help for shells."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from kprules.cli import options
from kprules.cli.ending import Ending


@options.command
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the script that lets SHELL complete commands, options and ids.

    \b
    Examples:
        kprules completion bash
        kprules completion fish

    For bash, put `eval "$(kprules completion bash)"` into ~/.bashrc; for zsh, the same with zsh
    into ~/.zshrc; for fish, `kprules completion fish | source` into ~/.config/fish/config.fish.

    Exit codes: 0 done; 2 it could not be done.
    """
    from kprules.cli.main import program  # noqa: PLC0415 - the program imports its commands

    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - one of the three
    click.echo(kind(program, {}, "kprules", "_KPRULES_COMPLETE").source())
    return Ending.DONE
