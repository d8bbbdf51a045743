"""`kprules list`: the definitions."""

from __future__ import annotations

from kprules.cli import options
from kprules.cli.ending import Cannot
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import Output
from kprules.comparison.conditions import in_force
from kprules.reports import definitions as reports


@options.command
@options.chosen_definitions_options
@options.keep_going_option
@options.shown_options("table", "json", "jsonl", "csv", "markdown")
def command(chosen: options.ChosenDefinitions, keep_going: bool, shown: options.Shown) -> int:
    """List the definitions, by status and date.

    \b
    Examples:
        kprules list
        kprules list --in-force 2014-05-01
        kprules list --only '*-2012' --format json

    Exit codes: 0 done; 2 it could not be done.
    """
    paths = Paths.of(chosen.rule_paths, ())
    output = Output(shown.output, shown.no_color, paths.every)
    output.check()
    library = Library(paths)
    library.read_definitions()
    ending = stop_on_errors(library, keep_going=keep_going)
    found = library.chosen_definitions(chosen.only, chosen.about)
    if chosen.in_force is not None:
        found = in_force(found, chosen.in_force)
    if not found:
        raise Cannot("no definition was chosen")
    match shown.format_:
        case "json":
            output.write(reports.json_listing(found))
        case "jsonl":
            output.write(reports.jsonl_listing(found))
        case "csv":
            output.write(reports.csv_listing(found))
        case "markdown":
            output.write(reports.markdown_listing(found))
        case _:
            output.write(reports.listing(found, output.paper()), paged=True)
    return ending
