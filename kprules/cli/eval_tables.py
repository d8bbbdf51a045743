"""`kprules eval` of tables: outcomes by the million, written whole or not at all.

Guarantee: nothing is judged before the columns of every table are sound; accepted and rejected rows
together are the rows read. A line in here touches arguments, files and progress.
"""

from __future__ import annotations

from collections.abc import Sequence

import click

from kprules.cli import choosing
from kprules.cli.ending import Cannot
from kprules.cli.foretelling import foretell, tell_missing, tell_undetermined
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import Output
from kprules.cli.table_goal import check_files, columns_counted_by, goal_of, rows_explained
from kprules.cli.table_options import Request
from kprules.cli.table_report import Found, met_in, show
from kprules.cli.table_writing import write_outcomes
from kprules.comparison.conditions import Conditions
from kprules.comparison.foreseen import Undecided, lacked
from kprules.comparison.row_records import identified
from kprules.comparison.table_groups import TooManyGroupsError
from kprules.comparison.table_problems import BadTableError
from kprules.comparison.table_rows import (
    NamelessRowError,
    NoSuchRowError,
    TooManyPatternsError,
    Wanted,
)
from kprules.comparison.table_tally import Tally
from kprules.comparison.tables import Ask, TableJudge, TableRun
from kprules.library.table_files.recognised import TableFile, TableFileError
from kprules.tables import MissingExtraError, require

_CANNOT = (
    TableFileError, BadTableError, TooManyGroupsError, TooManyPatternsError, NoSuchRowError,
    NamelessRowError,
)  # fmt: skip


def evaluate_tables(files: Sequence[TableFile], others: Sequence[str], request: Request) -> int:
    """Judge tables; return the exit code."""
    _refuse(others, request)
    try:
        require()
        return _evaluate(files, request)
    except MissingExtraError as e:
        raise Cannot(str(e)) from e
    except _CANNOT as e:
        writes = request.shown.output or request.tables.rejects
        raise Cannot(f"{e}\nnothing was written" if writes else str(e)) from e


def _refuse(others: Sequence[str], request: Request) -> None:
    """Refuse what tables do not go with."""
    if others:
        raise click.UsageError(
            f"tables of columns and cases are judged apart; `{others[0]}` is no such table"
        )
    request.refuse_cases()


def _evaluate(files: Sequence[TableFile], request: Request) -> int:
    goal, explain = goal_of(request), rows_explained(request)
    paths = Paths.of(request.lies.rule_paths, ())
    inputs = tuple(file.path for file in files)
    output = Output(request.shown.output, request.shown.no_color, (*paths.every, *inputs))
    check_files(request, output)
    library = Library(paths)
    library.read_definitions()
    ending = stop_on_errors(library, keep_going=request.keep_going)
    conditions = choosing.conditions(library, request.asked)
    definitions = choosing.definitions(library, request.chosen)
    judge = TableJudge(definitions, conditions)
    run = TableRun(files, judge, _ask(request, conditions))
    run.open()
    tell_missing(found.problem.column for found in run.missing)
    told: set[str] = set()
    for schema in run.schemas():
        told |= foretell(judge.kernel.judgements, schema, judge.vocabulary, library.checked.own)
    tally = Tally(judge.ids, run.ask.beside)
    wanted = Wanted(
        judge.vocabulary,
        frozenset(judge.kernel.columns),
        explain.first,
        explain.ids,
        closed=conditions.closed,
        identified=frozenset(
            identified(f for j in judge.kernel.judgements for f in (j.captures, *j.exceptions))
        ),
    )
    write_outcomes(run, tally, wanted, goal, request.tables)
    stuck = _undetermined(run, tally)
    show(
        Found(tally, judge.definitions, conditions, wanted, inputs, run.missing, stuck),
        goal,
        request,
        output,
    )
    tell_undetermined([each for each in stuck if each.id not in told])
    return ending or met_in(tally, request)


def _ask(request: Request, conditions: Conditions) -> Ask:
    tables = request.tables
    return Ask(
        conditions,
        request.chosen.as_of,
        tables.extra_columns or "refuse",
        tables.on_error or "stop",
        columns_counted_by(request),
    )


# --- saying ---------------------------------------------------------------------------------------


def _undetermined(run: TableRun, tally: Tally) -> list[Undecided]:
    """Return the definitions that no row decides, with the columns that they miss."""
    ids = set(tally.undetermined())
    judgements = [j for j in run.judge.kernel.judgements if j.id in ids]
    return lacked(judgements, run.schemas(), run.judge.vocabulary)
