"""Where the outcomes of a table go, and what is refused before any work is done.

Guarantee: an option that would change nothing is refused by name, with what to do instead. A line
in here touches arguments and names of files.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from kprules.cli.ending import Cannot
from kprules.cli.options import Shown
from kprules.cli.output import Output, same_file
from kprules.cli.table_options import Request
from kprules.comparison.table_rows import MOST_ROWS
from kprules.library.table_files.forms import CALLED, FORMS, Form, form_named
from kprules.reports.text import several

_FORMATS: Final[dict[str, Form]] = {"csv": "csv", "jsonl": "jsonl"}


@dataclass(frozen=True, slots=True)
class Goal:
    """Where outcomes go row by row, if they are asked for so."""

    form: Form | None = None
    """How they are written; none where counts alone are."""
    file: Path | None = None
    """The file; none is standard output, or nowhere where there is no form."""

    @property
    def to_stdout(self) -> bool:
        """Whether rows go to standard output, so that no report does."""
        return self.form is not None and self.file is None


@dataclass(frozen=True, slots=True)
class Explain:
    """The rows to give reasons for: the first so many, or those with some ids."""

    first: int = 0
    ids: frozenset[str] = frozenset()


def goal_of(request: Request) -> Goal:
    """Return where outcomes go; refuse options that would change nothing there."""
    goal = _goal(request.shown)
    tables = request.tables
    if tables.long and goal.form is None:
        raise click.UsageError(
            "--long says how rows are written: name a file for them with -o, or add --format csv or"
            " --format jsonl"
        )
    for option, given in (("count-by", tables.count_by), ("explain-rows", tables.explain_rows)):
        if given is not None and goal.to_stdout:
            raise click.UsageError(
                f"--{option} is for the report, and --format {request.shown.format_} prints rows"
                " instead: name a file for the rows with -o, or leave --format out"
            )
    return goal


def _goal(shown: Shown) -> Goal:
    named = None if shown.output is None else form_named(shown.output)
    asked = _FORMATS.get(shown.format_)
    if asked is not None and named not in {None, asked}:
        assert named is not None  # noqa: S101 - as just asked
        raise click.UsageError(
            f"the name `{shown.output}` asks for {CALLED[named]}, and --format {asked} for"
            f" {CALLED[asked]}: leave --format out, or end the name in .{asked}"
        )
    if shown.output is None:
        return Goal(asked)
    form = asked or named
    if form is None and shown.format_ == "table":
        raise Cannot(
            f"`{shown.output}` does not say how to write a row a case: end it in"
            f" {several(FORMS, 'or')}, or add --format csv or jsonl"
            " (--format json or markdown writes the counts)"
        )
    return Goal() if form is None else Goal(form, Path(shown.output))


def check_files(request: Request, output: Output) -> None:
    """Refuse to write over what is read, or the outcomes and the rejected rows into one file."""
    output.check()
    rejects = request.tables.rejects
    if rejects is None:
        return
    if request.tables.on_error != "skip":
        raise click.UsageError("--rejects goes with --on-error skip")
    Output(rejects, inputs=output.inputs).check()
    if output.file is not None and same_file(output.file, rejects):
        raise Cannot(f"`{rejects}` would hold the outcomes and the rejected rows; name two files")


def columns_counted_by(request: Request) -> tuple[str, ...]:
    """Return the columns to count by."""
    return _names("count-by", request.tables.count_by, "a column")


def rows_explained(request: Request) -> Explain:
    """Return the rows to give reasons for. `7` is a number of rows, `7,` and `007` are ids."""
    asked = (request.tables.explain_rows or "").strip()
    if asked.isascii() and asked.isdigit() and (asked == "0" or asked[0] != "0"):
        if not 0 < int(asked) <= MOST_ROWS:
            raise click.UsageError(
                f"--explain-rows gives reasons for 1 to {MOST_ROWS:,} rows; if `{asked}` is the id"
                f" of a row, write a comma behind it: --explain-rows {asked},"
            )
        return Explain(int(asked))
    ids = _names("explain-rows", request.tables.explain_rows, "an id or a number of rows")
    if len(ids) > MOST_ROWS:
        raise click.UsageError(f"--explain-rows gives reasons for {MOST_ROWS:,} rows at most")
    return Explain(ids=frozenset(ids))


def _names(option: str, asked: str | None, what: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(n.strip() for n in (asked or "").split(",") if n.strip()))
    if asked is not None and not names:
        raise click.UsageError(f"--{option} needs {what}")
    return names
