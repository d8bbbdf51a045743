"""`kprules show`: one definition, finished."""

from __future__ import annotations

import click

from kprules.cli import options
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import Output
from kprules.reports import finished


@options.command
@click.argument("definition", shell_complete=options.complete_definition)
@options.rules_options
@options.keep_going_option
@options.shown_options("table", "json", "markdown")
def command(
    definition: str, lies: options.FromRules, keep_going: bool, shown: options.Shown
) -> int:
    """Show the finished text of DEFINITION, after its amendments, with its sources.

    At the right of each clause stands the definition that wrote it.

    \b
    Examples:
        kprules show kpcs-core-2002
        kprules show west-2022 --format markdown

    Exit codes: 0 done; 2 it could not be done.
    """
    paths = Paths.of(lies.rule_paths, ())
    output = Output(shown.output, shown.no_color, paths.every)
    output.check()
    library = Library(paths)
    library.read_bibliography()
    rules = library.read_rules()
    ending = stop_on_errors(library, keep_going=keep_going)
    wanted = library.definition(definition)
    found = finished.shown(rules.book, wanted, library.bibliography)
    match shown.format_:
        case "json":
            output.write(finished.json_finished(found))
        case "markdown":
            output.write(finished.markdown_finished(found))
        case _:
            output.write(finished.finished_text(found, output.paper()), paged=True)
    return ending
