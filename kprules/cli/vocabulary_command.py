"""`kprules vocabulary`: what records can say."""

from __future__ import annotations

import click

from kprules.cli import choosing, options
from kprules.cli.ending import Cannot, Ending
from kprules.cli.loading import Library, Paths, files_among, stop_on_errors
from kprules.cli.output import Output
from kprules.comparison.conditions import Conditions
from kprules.comparison.matrix import settle
from kprules.comparison.missing import missing
from kprules.diagnostics import did_you_mean
from kprules.records.books import any_names, books, find_any
from kprules.records.describe import described
from kprules.records.schema import json_schema
from kprules.reports import fields as reports
from kprules.reports.matrix_json import dumps


@options.command
@click.argument("field", required=False)
@options.option(
    "--about", "about", default="case", show_default=True, metavar="KIND",
    help="The kind of record: case or meeting.",
)  # fmt: skip
@click.option(
    "--missing", "case", metavar="CASE", shell_complete=options.complete_case,
    help="List the facts that definitions read and this case leaves out.",
)  # fmt: skip
@options.from_options
@options.shown_options("table", "json", "markdown")
def command(
    field: str | None, about: str, case: str | None, lies: options.From, shown: options.Shown
) -> int:
    """Show the fields of a record, their types, allowed values and meanings.

    FIELD is `link.finances`, `finances`, or the name of a record or of a list of values. Without
    it, --format json prints the JSON Schema of the files.

    \b
    Examples:
        kprules vocabulary
        kprules vocabulary link.finances
        kprules vocabulary --missing rus-ukr-2022

    Exit codes: 0 done; 2 it could not be done.
    """
    if case is not None:
        return _missing(case, about, lies, shown)
    output = Output(shown.output, shown.no_color)
    output.check()
    vocabulary = Library(Paths()).vocabulary(about)
    if field is None:
        match shown.format_:
            case "json":
                output.write(dumps(json_schema(about), indent=1))
            case "markdown":
                output.write(reports.markdown_fields([*described(vocabulary), *books(vocabulary)]))
            case _:
                output.write(reports.overview(vocabulary, output.paper()), paged=True)
        return Ending.DONE
    found = find_any(vocabulary, field)
    if not found:
        hint = did_you_mean(field, any_names(vocabulary))
        raise Cannot(f"no field of a {about} is called `{field}`{hint and '; ' + hint}")
    match shown.format_:
        case "json":
            output.write(reports.json_fields(found))
        case "markdown":
            output.write(reports.markdown_fields(found))
        case _:
            output.write(reports.details(found, output.paper()), paged=True)
    return Ending.DONE


def _missing(case: str, about: str, lies: options.From, shown: options.Shown) -> int:
    """List what a case leaves out."""
    paths = Paths.of(lies.rule_paths, lies.case_paths)
    output = Output(shown.output, shown.no_color, (*paths.every, *files_among([case])))
    output.check()
    library = Library(paths)
    library.read_cases(files_among([case]))
    library.read_definitions()
    stop_on_errors(library)
    definitions = choosing.definitions(library, options.Chosen(about=about))
    subject = choosing.subject(library.case(case, about))
    record = settle(subject.record, definitions[0], Conditions())
    found = missing(record, definitions[0].vocabulary, definitions)
    if shown.format_ == "json":
        output.write(reports.json_missing(subject.id, found))
    elif shown.format_ == "markdown":
        output.write(reports.markdown_missing(subject.id, found, len(definitions)))
    else:
        paper = output.paper()
        output.write(reports.missing_words(subject.id, found, len(definitions), paper), paged=True)
    return Ending.DONE
