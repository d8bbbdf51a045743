"""`kprules eval` of JSON Lines, a case a line: judged, counted and written as the rows of a table.

Guarantee: no record is kept, and what is written is written whole or not at all. A line in here
touches arguments and files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from kprules.cli import choosing
from kprules.cli.ending import Cannot, Ending
from kprules.cli.loading import Library, stop_on_errors
from kprules.cli.output import Output
from kprules.cli.table_goal import check_files, columns_counted_by, goal_of, rows_explained
from kprules.cli.table_options import Request
from kprules.cli.table_report import Found, met_in, show
from kprules.cli.table_writing import write_outcomes
from kprules.comparison.case_lines import LinesRun
from kprules.comparison.table_groups import TooManyGroupsError
from kprules.comparison.table_problems import BadTableError
from kprules.comparison.table_rows import NoSuchRowError, TooManyPatternsError, Wanted
from kprules.comparison.table_tally import Tally
from kprules.comparison.tables import Ask
from kprules.library.table_files.recognised import TableFileError

_CANNOT = (
    TableFileError, BadTableError, TooManyGroupsError, TooManyPatternsError, NoSuchRowError,
)  # fmt: skip


def evaluate_lines(files: Sequence[str], library: Library, request: Request, output: Output) -> int:
    """Judge the cases of JSON Lines; return the exit code."""
    try:
        return _evaluate(files, library, request, output)
    except _CANNOT as e:
        writes = request.shown.output or request.tables.rejects
        raise Cannot(f"{e}\nnothing was written" if writes else str(e)) from e


def _evaluate(files: Sequence[str], library: Library, request: Request, output: Output) -> int:
    if request.tables.extra_columns is not None:
        raise click.UsageError(
            "--extra-columns is about columns, and a case has none; leave it out"
        )
    goal, explain = goal_of(request), rows_explained(request)
    check_files(request, output)
    library.read_bibliography(files)
    library.read_definitions()
    view = request.asked.view
    conditions = choosing.conditions(library, replace(request.asked, view=None))
    conditions = replace(conditions, view=view)
    definitions = choosing.definitions(library, request.chosen)
    ask = Ask(
        conditions,
        request.chosen.as_of,
        on_error=request.tables.on_error or "stop",
        beside=columns_counted_by(request),
    )
    ending = Ending.DONE

    def ended() -> None:
        nonlocal ending
        ending = stop_on_errors(library, keep_going=request.keep_going)
        if not tally.read:
            raise Cannot(f"no {request.chosen.about} was chosen")
        if view is not None:
            choosing.refuse_unknown(view, run.parties)

    inputs = tuple(map(Path, files))
    run = LinesRun(inputs, definitions, ask, library.bibliography, library.problems, ended)
    tally = Tally(run.ids, ask.beside)
    wanted = Wanted(run.vocabulary, frozenset(), explain.first, explain.ids)
    write_outcomes(run, tally, wanted, goal, request.tables)
    show(Found(tally, run.definitions, conditions, wanted, inputs), goal, request, output)
    return ending or met_in(tally, request)
