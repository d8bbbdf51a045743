"""`kprules settle`: the unknown facts, ranked by how much hangs on them."""

from __future__ import annotations

import click

from kprules.cli import choosing, options
from kprules.cli.loading import Library, Paths, files_among, stop_on_errors
from kprules.cli.output import Output
from kprules.comparison.receipt import receipt
from kprules.comparison.settling import ranking
from kprules.reports.settling import ranking_json, ranking_markdown, ranking_table


@options.command
@click.argument("case", shell_complete=options.complete_case)
@click.argument("definition", shell_complete=options.complete_definition)
@options.from_options
@options.asked_options
@options.shown_options("table", "json", "markdown")
def command(
    case: str,
    definition: str,
    lies: options.From,
    asked: options.Asked,
    shown: options.Shown,
) -> int:
    """Rank the unknown facts of CASE by how much of the outcome hangs on each.

    The outcome is that under DEFINITION. The first fact is the question to send a mission to
    answer: most ways of settling run through it.

    \b
    Examples:
        kprules settle rus-ukr-2022 eu-2023
        kprules settle caf-cpc-2020-2022 kpcs-core-2002 --standard alleged

    Exit codes: 0 done; 2 it could not be done.
    """
    paths = Paths.of(lies.rule_paths, lies.case_paths)
    output = Output(shown.output, shown.no_color, (*paths.every, *files_among([case])))
    output.check()
    library = Library(paths)
    library.read_cases(files_among([case]))
    library.read_rules()
    ending = stop_on_errors(library)
    judged_by = library.definition(definition)
    subject = choosing.subject(library.case(case, judged_by.about))
    going_by = choosing.conditions(library, asked)
    found = ranking(judged_by, subject, going_by)
    match shown.format_:
        case "json":
            output.write(ranking_json(found, receipt([judged_by], [subject.digest], going_by)))
        case "markdown":
            output.write(ranking_markdown(found))
        case _:
            output.write(ranking_table(found, output.paper()))
    return ending
