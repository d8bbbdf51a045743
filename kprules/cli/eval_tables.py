"""`kprules eval` of tables: outcomes by the million, written whole or not at all.

Guarantee: nothing is judged before the columns of every table are sound; accepted and rejected rows
together are the rows read. A line in here touches arguments, files and progress.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from kprules.cli import choosing
from kprules.cli.ending import Cannot, Ending, note
from kprules.cli.foretelling import foretell, tell_missing, tell_undetermined
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import Output
from kprules.cli.table_goal import check_files, columns_counted_by, goal_of, rows_explained
from kprules.cli.table_options import Request
from kprules.cli.table_writing import write_outcomes
from kprules.comparison.conditions import Conditions
from kprules.comparison.explained import Explained, explained
from kprules.comparison.foreseen import Undecided, lacked
from kprules.comparison.matrix import Column
from kprules.comparison.receipt import receipt
from kprules.comparison.table_groups import TooManyGroupsError
from kprules.comparison.table_problems import BadTableError, FileProblem
from kprules.comparison.table_rows import NoSuchRowError, TooManyPatternsError, Wanted
from kprules.comparison.table_tally import Tally
from kprules.comparison.tables import Ask, TableJudge, TableRun
from kprules.formula.definition import Definition
from kprules.library.table_files.recognised import TableFile, TableFileError
from kprules.reports.explanation import explanation, markdown_explanation
from kprules.reports.matrix_json import dumps, outcome_object
from kprules.reports.tables import rows_words, table_json, table_markdown, table_text
from kprules.reports.text import Paper, escape
from kprules.tables import MissingExtraError, require
from kprules.tables.outcomes import NAMES

_SHOWN = 8
_CANNOT = (
    TableFileError, BadTableError, TooManyGroupsError, TooManyPatternsError, NoSuchRowError,
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
        raise click.UsageError(f"tables and cases are judged apart; `{others[0]}` is no table")
    request.refuse_cases()
    if request.tables.rejects and request.tables.on_error != "skip":
        raise click.UsageError("--rejects goes with --on-error skip")


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
    )
    write_outcomes(run, tally, wanted, goal, request.tables)
    stuck = _undetermined(run, tally)
    if goal.to_stdout:
        note(rows_words(tally))
    else:
        found = _Found(tally, judge.definitions, conditions, wanted, run.missing, stuck, inputs)
        shown = found.shown(request, output)
        (output if goal.form is None else Output(None, request.shown.no_color)).write(shown)
    tell_undetermined([each for each in stuck if each.id not in told])
    met = {name for code, name in enumerate(NAMES) if tally.counts[:, code].any()}
    return ending or (Ending.NO if met & set(request.fail_on) else Ending.DONE)


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


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything that a report on tables says."""

    tally: Tally
    definitions: Sequence[Definition]
    conditions: Conditions
    wanted: Wanted
    missing: Sequence[FileProblem]
    undetermined: Sequence[Undecided]
    inputs: Sequence[Path]

    def shown(self, request: Request, output: Output) -> str:
        """Return the report in the format asked for."""
        match request.shown.format_:
            case "json":
                return table_json(
                    self.tally,
                    self.definitions,
                    self._receipt(request),
                    [
                        {"column": m.problem.column, "says": m.problem.help, "file": m.path}
                        for m in self.missing
                    ],
                    list(self._reasons()),
                    [{"definition": u.id, "missing": list(u.columns)} for u in self.undetermined],
                )
            case "markdown":
                parts = [table_markdown(self.tally, self.definitions), *self._markdown()]
                return "\n".join(parts)
            case _:
                paper = output.paper()
                parts = [table_text(self.tally, self.definitions, paper), *self._texts(paper)]
                return "\n\n".join(parts)

    def _receipt(self, request: Request) -> dict[str, Any]:
        digests = [_digest(path) for path in self.inputs]
        chosen = request.chosen
        return receipt(self.definitions, digests, self.conditions, chosen.as_of, chosen.in_force)

    def _texts(self, paper: Paper) -> Iterator[str]:
        for ids, found in self._explained():
            yield "".join(f"{row}\n" for row in _same(ids)) + explanation(found, paper)

    def _markdown(self) -> Iterator[str]:
        for ids, found in self._explained():
            same = "".join(f"{escape(row)}\n\n" for row in _same(ids))
            yield f"{same}{markdown_explanation(found)}\n"

    def _explained(self) -> Iterator[tuple[list[str], Explained]]:
        for subject, ids in self.wanted.subjects():
            for definition in self.definitions:
                yield ids, explained(definition, subject, self.conditions)

    def _reasons(self) -> Iterator[dict[str, Any]]:
        for ids, found in self._explained():
            column = Column(found.definition)
            yield outcome_object(found.subject, column, found.result, {"rows": ids})


def _same(ids: Sequence[str]) -> Iterator[str]:
    """Say which further rows have the same facts."""
    if len(ids) > 1:
        more = f" and {len(ids) - 1 - _SHOWN} more" if len(ids) - 1 > _SHOWN else ""
        yield f"The same facts: {', '.join(map(dumps, ids[1 : _SHOWN + 1]))}{more}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
