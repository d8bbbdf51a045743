"""The options that mean the same in every command, and the class that commands share.

Guarantee: each is declared once, with its environment variable; one that is in force from there is
said on standard error. A line in here touches arguments.
"""

from __future__ import annotations

import dataclasses
import functools
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeVar

import click
from click.core import ParameterSource
from click.shell_completion import CompletionItem

from kprules.cli.ending import PipeClosed, note

F = TypeVar("F", bound=Callable[..., Any])


class Command(click.Command):
    """A command that says which environment variables are in force, and knows `--debug`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Add the option that every command has."""
        super().__init__(*args, **kwargs)
        self.params.append(
            click.Option(
                ["--debug"], is_flag=True, expose_value=False, help="Show where a fault arose."
            )
        )

    def invoke(self, ctx: click.Context) -> Any:
        """Say what the environment asks for, then run."""
        for param in self.params:
            source = ctx.get_parameter_source(param.name or "")
            if source is ParameterSource.ENVIRONMENT and isinstance(param.envvar, str):
                note(f"{param.envvar}={os.environ.get(param.envvar, '')} is in force")
        try:
            return super().invoke(ctx)
        except BrokenPipeError as e:
            raise PipeClosed from e


def command(function: Callable[..., int]) -> Command:
    """Make a function a command; it returns the exit code."""
    made: Command = click.command(
        cls=Command, context_settings={"help_option_names": ["-h", "--help"]}
    )(function)
    return made


def _day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """Read an ISO date."""
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(
            f"`{value}` is no date; write it as `2014-05-01`", ctx, param
        ) from None


def complete_case(
    ctx: click.Context,  # noqa: ARG001 - click asks so
    param: click.Parameter,  # noqa: ARG001 - click asks so
    incomplete: str,
) -> list[CompletionItem]:
    """Complete the id of a case: its file is named for it."""
    from kprules.cli.names import case_names  # noqa: PLC0415 - when a shell asks

    return [CompletionItem(n) for n in case_names() if n.startswith(incomplete)]


def complete_definition(
    ctx: click.Context,  # noqa: ARG001 - click asks so
    param: click.Parameter,  # noqa: ARG001 - click asks so
    incomplete: str,
) -> list[CompletionItem]:
    """Complete the id of a definition."""
    from kprules.cli.names import definition_names  # noqa: PLC0415 - when a shell asks

    before, comma, last = incomplete.rpartition(",")
    return [CompletionItem(f"{before}{comma}{n}") for n in definition_names() if n.startswith(last)]


def option(*names: str, **how: Any) -> Callable[[F], F]:
    """Declare an option with its environment variable: `--as-of` has `KPRULES_AS_OF`."""
    long = next(n for n in names if n.startswith("--")).split("/")[0]
    how.setdefault("envvar", "KPRULES_" + long.lstrip("-").replace("-", "_").upper())
    how.setdefault("show_envvar", False)
    return click.option(*names, **how)


def gathered(name: str, kind: type[Any], *options: Callable[[Any], Any]) -> Callable[[F], Any]:
    """Return options as one decorator, their values handed on as one argument of a kind."""

    def decorate(function: F) -> Any:
        @functools.wraps(function)
        def with_one(**values: Any) -> Any:
            own = {field.name: values.pop(field.name) for field in dataclasses.fields(kind)}
            return function(**values, **{name: kind(**own)})

        made: Any = with_one
        for each in reversed(options):
            made = each(made)
        return made

    return decorate


class _Name(click.Path):
    """The name of a file or folder that a system could have, whether or not it is there."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse names that no system has."""
        try:
            os.lstat(value)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            pass  # what opens it says so
        except (ValueError, OSError) as e:
            self.fail(f"`{value[:100]}` is no name of a file: {e}", param, ctx)
        return super().convert(value, param, ctx)


PATH = _Name(path_type=str)
_STDOUT = frozenset({"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"})


def _not_stdout(
    ctx: click.Context,  # noqa: ARG001 - click asks so
    param: click.Parameter,  # noqa: ARG001 - click asks so
    value: str | None,
) -> str | None:
    """Take a name of standard output for no file: results go there without one."""
    return None if value in _STDOUT else value


def output_option(name: str) -> Callable[[F], F]:
    """Return the option that names the file of a result."""
    return option(
        "-o", "--output", name, type=PATH, metavar="FILE", callback=_not_stdout,
        help="Write to FILE, whole or not at all.",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class From:
    """Where rules and cases are read from."""

    rule_paths: tuple[str, ...] = ()
    case_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which definitions and cases."""

    only: tuple[str, ...] = ()
    about: str = "case"
    as_of: date | None = None
    in_force: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The conditions of an evaluation, as they were typed."""

    view: str | None = None
    standard: Literal["established", "alleged"] = "established"
    reading: tuple[str, ...] = ()
    readings: Literal["customary", "all"] = "customary"
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """How and where a result is shown."""

    format_: str = "table"
    output: str | None = None
    no_color: bool = False


@dataclass(frozen=True, slots=True)
class FromRules:
    """Where rules are read from."""

    rule_paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChosenDefinitions:
    """Which definitions, from where."""

    rule_paths: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    about: str | None = None
    in_force: date | None = None


_rules = option(
    "--rules", "rule_paths", multiple=True, type=PATH, metavar="PATH",
    help="Rule files or folders; repeatable. Without it: what ships, and ./rules.",
)  # fmt: skip
_cases = option(
    "--cases", "case_paths", multiple=True, type=PATH, metavar="PATH",
    help="Case files or folders; repeatable. Without it: what ships, and ./cases.",
)  # fmt: skip
_only = option(
    "--only", "only", multiple=True, metavar="ID[,ID]", shell_complete=complete_definition,
    help="These definitions; `*` stands for any letters.",
)  # fmt: skip
_in_force = option(
    "--in-force", "in_force", callback=_day, metavar="DATE",
    help="Definitions whose `since` and `until` include the day.",
)  # fmt: skip

only_option = _only
from_options = gathered("lies", From, _rules, _cases)
rules_options = gathered("lies", FromRules, _rules)
chosen_options = gathered(
    "chosen", Chosen,
    _only,
    option(
        "--about", "about", default="case", show_default=True, metavar="KIND",
        help="The kind of record: case or meeting.",
    ),
    option(
        "--as-of", "as_of", callback=_day, metavar="DATE",
        help="Cases whose period may include the day.",
    ),
    _in_force,
)  # fmt: skip
chosen_definitions_options = gathered(
    "chosen", ChosenDefinitions,
    _rules,
    _only,
    option("--about", "about", metavar="KIND", help="The kind of record: case or meeting."),
    _in_force,
)  # fmt: skip
asked_options = gathered(
    "asked", Asked,
    option("--view", "view", metavar="PARTY", help="The facts as this party sees them."),
    option(
        "--standard", "standard", type=click.Choice(["established", "alleged"]),
        default="established", show_default=True, help="The evidence that a fact needs to count.",
    ),
    option(
        "--reading", "reading", multiple=True, metavar="DEF.LABEL=NAME",
        help="How to read ambiguous words; repeatable.",
    ),
    option(
        "--readings", "readings", type=click.Choice(["customary", "all"]), default="customary",
        show_default=True, help="The customary reading of ambiguous words, or every one.",
    ),
    option("--closed", "closed", is_flag=True, help="Take incomplete lists to be complete."),
)  # fmt: skip
keep_going_option = option(
    "--keep-going", "keep_going", is_flag=True,
    help="Use what is sound where some files are wrong (exit code 2).",
)  # fmt: skip


def shown_options(*formats: str) -> Callable[[F], Any]:
    """Return the options of how a result is shown, and where."""
    return gathered(
        "shown", Shown,
        option(
            "--format", "format_", type=click.Choice(formats), default=formats[0],
            show_default=True, help="How to show the result.",
        ),
        output_option("output"),
        option("--no-color", "no_color", is_flag=True, help="No colours."),
    )  # fmt: skip
