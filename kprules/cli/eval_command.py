"""`kprules eval`: the matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import click

from kprules.cli import choosing, options
from kprules.cli.ending import Cannot, Ending
from kprules.cli.loading import Library, Paths, files_among, spelt_out, stop_on_errors
from kprules.cli.output import Output
from kprules.cli.progress import following
from kprules.cli.table_options import Request, Tables, tables_options
from kprules.comparison.matrix import Matrix, matrix
from kprules.comparison.receipt import receipt
from kprules.diagnostics import Problems
from kprules.library.cases import LINES, SUFFIXES
from kprules.library.files import files_in, more_than
from kprules.library.table_files.forms import CALLED, Form, form_named
from kprules.library.table_files.recognised import TableFileError, tables_among
from kprules.records.settle import parties
from kprules.reports.matrix_table import table
from kprules.tables import SPARK, MissingExtraError, require


@options.command
@click.argument("named", nargs=-1, metavar="[CASES]...", shell_complete=options.complete_case)
@options.from_options
@options.chosen_options
@options.asked_options
@options.option(
    "--by-view", "by_view", is_flag=True, help="A column for each party, for one definition."
)
@options.option(
    "--fail-on", "fail_on", multiple=True,
    type=click.Choice(["captured", "not_captured", "undetermined"]),
    help="Exit with 1 where this outcome is met; repeatable.",
)  # fmt: skip
@options.keep_going_option
@tables_options
@options.shown_options("table", "json", "jsonl", "csv", "markdown")
def command(
    named: tuple[str, ...],
    lies: options.From,
    chosen: options.Chosen,
    asked: options.Asked,
    by_view: bool,
    fail_on: tuple[str, ...],
    keep_going: bool,
    about_tables: Tables,
    shown: options.Shown,
) -> int:
    """Say which cases each definition captures: the matrix.

    CASES are ids (`*` stands for any letters) or files; without them, all that ship and ./cases.
    Tables (Parquet, Arrow, CSV; folders and globs of them) are counted, and so are more than 1,000
    cases in JSON Lines. -o writes a row a case into FILE.parquet, .arrow or .csv, of cases too.
    Of a table only the columns that the chosen definitions look at are read, and so checked.

    \b
    Examples:
        kprules eval
        kprules eval 'rus-*' --only kpcs-core-2002,west-2022
        kprules eval rus-ukr-2022 --only west-2022 --by-view
        kprules eval --about meeting --format csv

    Exit codes: 0 done; 1 an outcome of --fail-on was met; 2 it could not be done.
    """
    if by_view and asked.view is not None:
        raise click.UsageError("--by-view shows every view, and --view asks for one")
    about_tables.refuse_master()
    request = Request(lies, chosen, asked, shown, about_tables, fail_on, keep_going)
    if about_tables.engine == "spark":
        return _on_spark(named, request, by_view=by_view)
    try:
        tables, others = tables_among(named)
    except TableFileError as e:
        raise Cannot(str(e)) from e
    if tables:
        from kprules.cli.eval_tables import evaluate_tables  # noqa: PLC0415 - brings in engines

        _refuse_views(by_view=by_view)
        return evaluate_tables(tables, others, request)
    named = spelt_out(named)
    paths = Paths.of(lies.rule_paths, lies.case_paths)
    output = Output(shown.output, shown.no_color, (*paths.every, *files_among(named)))
    output.check()
    library = Library(paths)
    lines = _lines(named)
    if lines and _as_rows(lines, request, by_view=by_view):
        _require_tables()
        from kprules.cli.eval_lines import evaluate_lines  # noqa: PLC0415 - brings in engines

        return evaluate_lines(lines, library, request, output)
    about_tables.refuse()
    shown = _as_named(shown)
    form = None if shown.output is None else form_named(shown.output)
    if form in _TABLES:
        _require_tables()
    library.read_cases(files_among(named))
    library.read_definitions()
    ending = stop_on_errors(library, keep_going=keep_going)
    found = _matrix(library, named, chosen, asked, by_view=by_view)
    if form in _TABLES:
        from kprules.cli.case_rows import write_matrix  # noqa: PLC0415 - brings in engines

        write_matrix(found, chosen.about, str(shown.output), form)
    else:
        output.write(_shown(found, library, chosen, shown, output), paged=shown.format_ == "table")
    met = {str(outcome) for outcome in found.counts()}
    return ending or (Ending.NO if met & set(fail_on) else Ending.DONE)


def _on_spark(named: tuple[str, ...], request: Request, *, by_view: bool) -> int:
    """Judge tables on a cluster."""
    _refuse_views(by_view=by_view)
    try:
        require("spark", SPARK)
    except MissingExtraError as e:
        raise Cannot(str(e)) from e
    from kprules.cli.eval_spark import evaluate_on_spark  # noqa: PLC0415 - brings in engines

    return evaluate_on_spark(named, request)


_MOST_SHOWN: Final = 1_000
"""Cases of JSON Lines that are shown as a matrix: of more, the outcomes are counted."""
_TABLES: Final[tuple[Form, ...]] = ("parquet", "arrow")


def _as_named(shown: options.Shown) -> options.Shown:
    """Return how cases are shown in a file that is named for a form; refuse one named otherwise."""
    named = None if shown.output is None else form_named(shown.output)
    if named is None or named == shown.format_:
        return shown
    if shown.format_ != "table":
        raise click.UsageError(
            f"the name `{shown.output}` asks for {CALLED[named]}, and --format {shown.format_} for"
            f" {CALLED[shown.format_]}: leave --format out, or name the file otherwise"
        )
    return shown if named in _TABLES else replace(shown, format_=named)


def _lines(named: Sequence[str]) -> tuple[str, ...]:
    """Return the files of JSON Lines that are named, if there is nothing else."""
    paths = files_among(named)
    files = list(files_in(paths, SUFFIXES, Problems())) if len(paths) == len(named) else []
    if not all(file.suffix.lower() in LINES and not file.is_dir() for file in files):
        return ()
    return tuple(map(str, files))


def _as_rows(lines: Sequence[str], request: Request, *, by_view: bool) -> bool:
    """Return whether cases are judged as the rows of a table are: many, or as its options ask."""
    form = None if request.shown.output is None else form_named(request.shown.output)
    asked = request.tables != Tables()
    if by_view or request.lies.case_paths:
        if asked:
            other = "--by-view" if by_view else "--cases (KPRULES_CASES)"
            raise click.UsageError(
                f"{other} goes with a matrix, and {request.tables.first_given()} with rows: leave"
                " one of them out"
            )
        return False
    if asked or form in _TABLES:
        return True
    if request.shown.format_ not in {"table", "csv"} or form == "jsonl":
        return False
    return more_than(_MOST_SHOWN, lines)


def _require_tables() -> None:
    try:
        require()
    except MissingExtraError as e:
        raise Cannot(str(e)) from e


def _refuse_views(*, by_view: bool) -> None:
    if by_view:
        raise click.UsageError("--by-view shows who claims what, and nobody does in a table")


def _matrix(
    library: Library,
    named: tuple[str, ...],
    chosen: options.Chosen,
    asked: options.Asked,
    *,
    by_view: bool,
) -> Matrix:
    """Judge what was chosen."""
    going_by = choosing.conditions(library, asked)
    definitions = choosing.definitions(library, chosen)
    if by_view and len(definitions) > 1:
        raise click.UsageError("--by-view shows one definition; name it with --only")
    subjects = choosing.subjects(library, named, chosen, definitions[0], going_by)
    views: list[str | None] | None = None
    if by_view:
        seen = frozenset().union(*(parties(subject.record) for subject in subjects))
        views = [None, *sorted(seen)]
    return matrix(definitions, subjects, going_by, views)


def _shown(
    found: Matrix, library: Library, chosen: options.Chosen, shown: options.Shown, output: Output
) -> str:
    """Return the matrix in the format asked for."""
    if shown.format_ == "table":
        day = None if chosen.as_of is None else chosen.as_of.isoformat()
        return table(found, output.paper(), as_of=day)
    from kprules.reports import matrix_files, matrix_json  # noqa: PLC0415 - bring in the reasons

    dated = chosen.as_of is not None
    pairs = len(found.subjects) * len(found.columns)
    match shown.format_:
        case "csv":
            return matrix_files.csv_matrix(found, as_of=dated)
        case "markdown":
            return matrix_files.markdown_matrix(found)
        case "jsonl":
            objects = matrix_json.outcome_objects(found, as_of=dated)
            return matrix_json.lines(following(objects, pairs, "giving reasons"))
        case _:
            pass
    digests = [subject.digest for subject in found.subjects]
    return matrix_json.report(
        found,
        following(matrix_json.outcome_objects(found), pairs, "giving reasons"),
        receipt(found.definitions, digests, found.conditions, chosen.as_of, chosen.in_force),
        library.problems.errors,
        as_of=dated,
    )
