"""The program: its commands, each loaded when it is asked for, and how it ends.

Guarantee: every way of ending has its documented exit code, and only `--debug` shows a traceback.
Nothing heavy is imported here: `kprules --help` answers at once.
"""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Final

import click
from click.core import ParameterSource

from kprules.cli.ending import Cannot, Ending, PipeClosed, complain, drop_output, tell
from kprules.diagnostics import plain
from kprules.version import __version__

COMMANDS: Final[Mapping[str, str]] = {
    "eval": "Say which cases each definition captures: the matrix.",
    "explain": "Say why DEFINITION captures CASE, or does not, or cannot be decided.",
    "settle": "Rank the unknown facts of CASE by how much of the outcome hangs on each.",
    "diff": "Say what VARIANT changes of BASE: clause by clause, case by case, and over all cases.",
    "compare": "Say how DEFINITIONS relate over all possible cases, proved.",
    "report": "Write the whole comparison as one page for a browser.",
    "list": "List the definitions, by status and date.",
    "show": "Show the finished text of DEFINITION, after its amendments, with its sources.",
    "vocabulary": "Show the fields of a record, their types, allowed values and meanings.",
    "language": "Show how definitions are written: the page on the language, or one section.",
    "new": "Write ./rules/ID.kpr, a starting file for a variant of another definition.",
    "check": "Report the errors and warnings of rules and cases.",
    "fmt": "Give rule files their one spelling; comments stay where they were.",
    "test": "Check what the rule files expect of cases, and which clauses the cases try.",
    "sql": "Write DEFINITIONS as a SELECT of their outcomes, for a warehouse without Python.",
    "import": "Turn TABLES into a table of cases, by a mapping from columns to fields.",
    "bench": "Measure how long rules and cases take here: to load, to judge, as a table.",
    "completion": "Print the script that lets SHELL complete commands, options and ids.",
}
"""The commands with the first sentence of their help (a test holds the two equal)."""

_NEW_OBJECTS: Final = 100_000
"""So many new objects are looked through for garbage at once; rules and cases make next to none."""

_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""What the system answers where a result finds no room; reading never meets it."""


class Program(click.Group):
    """A group whose commands are imported when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click asks so
        """Return the commands in the order that a newcomer meets them."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - click asks so
        cmd_name: str,
    ) -> click.Command | None:
        """Import a command."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"kprules.cli.{cmd_name}_command")
        command: click.Command = module.command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest one."""
        name = args[0] if args else ""
        if name and name not in COMMANDS and not name.startswith("-"):
            from kprules.diagnostics import did_you_mean  # noqa: PLC0415 - for mistakes only

            hint = did_you_mean(name, COMMANDS)
            raise click.UsageError(f"no command is called `{name}`{hint and '; ' + hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click asks so
        formatter: click.HelpFormatter,
    ) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=Program,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with `kprules eval`. Every command has --help, with an example that runs."
    " Options have environment variables: KPRULES_VIEW for --view, and so on.",
)
@click.version_option(__version__, "-V", "--version", prog_name="kprules")
@click.option("--debug", is_flag=True, envvar="KPRULES_DEBUG", help="Show where a fault arose.")
@click.pass_context
def program(ctx: click.Context, debug: bool) -> None:
    """Rules for contested definitions: which cases each wording captures, and why.

    Results go to standard output; problems and progress to standard error.
    Exit codes: 0 done; 1 the answer is no; 2 it could not be done; 3 a fault of kprules.
    """
    ctx.obj = debug


def run(arguments: Sequence[str]) -> int:
    """Run the program and return its exit code."""
    debug = "--debug" in arguments or bool(os.environ.get("KPRULES_DEBUG"))
    try:
        code = program.main(list(arguments), prog_name="kprules", standalone_mode=False)
        sys.stdout.flush()
    except Cannot as e:
        complain(e.message)
        return Ending.CANNOT
    except click.UsageError as e:
        _usage(e)
        return Ending.CANNOT
    except click.ClickException as e:
        complain(e.format_message())
        return Ending.CANNOT
    except (click.Abort, KeyboardInterrupt):
        tell("interrupted")
        return Ending.INTERRUPTED
    except (PipeClosed, BrokenPipeError):
        return _closed()
    except OSError as e:
        if debug or e.errno not in _NO_ROOM:
            return _fault(e, debug=debug)
        return _no_room(e)
    except SystemExit as e:  # click, after a request for completions
        return e.code if isinstance(e.code, int) else Ending.DONE
    except Exception as e:  # noqa: BLE001 - whatever else goes wrong is a fault of this program
        return _fault(e, debug=debug)
    return code if isinstance(code, int) else Ending.DONE


def _usage(error: click.UsageError) -> None:
    """Say what is wrong with the command line, and where help is."""
    complain(error.format_message())
    variable = _variable(error)
    if variable:
        complain(f"the value comes from the environment: {variable}={os.environ[variable]}")
    if error.ctx is not None:
        tell(f"{plain(error.ctx.command_path)} --help says how it is used.")


def _variable(error: click.UsageError) -> str:
    """Return the environment variable that a wrong value comes from, or nothing."""
    param = error.param if isinstance(error, click.BadParameter) else None
    if error.ctx is None or param is None or not isinstance(param.envvar, str):
        return ""
    source = error.ctx.get_parameter_source(param.name or "")
    return param.envvar if source is ParameterSource.ENVIRONMENT else ""


def _fault(error: Exception, *, debug: bool) -> int:
    """Say that the program is at fault, or show where."""
    if debug:
        raise error
    complain(
        f"this is a fault of kprules itself, not of your files: {type(error).__name__}: {error}\n"
        "Please report it, with the command; `kprules --debug …` shows where it arose."
    )
    return Ending.FAULT


def _no_room(error: OSError) -> int:
    """Say that a result could not be written, and write no more of it."""
    where = f"`{error.filename}`" if error.filename else "the result"
    complain(f"{where} cannot be written: {(error.strerror or str(error)).lower()}")
    drop_output()
    return Ending.CANNOT


def _closed() -> int:
    """End quietly where nobody reads on."""
    drop_output()
    return Ending.DONE


def _open_streams() -> None:
    """Give a standard stream that was closed before the start a place: nowhere."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free: this one
    sys.stdout = sys.stdout or open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - for good
    sys.stdin = sys.stdin or open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - for good
    sys.stderr = sys.stderr or open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 - for good


def main() -> None:
    """Run `kprules`."""
    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what is half written is removed
    gc.set_threshold(_NEW_OBJECTS)
    code = run(sys.argv[1:])
    gc.freeze()  # the process ends: nothing is looked through once more
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        code = _closed()
    except OSError as e:
        code = _no_room(e)
    sys.exit(code)
