"""`kprules explain`: why, and what would settle it."""

from __future__ import annotations

import click

from kprules.cli import choosing, options
from kprules.cli.loading import Library, Paths, files_among, stop_on_errors
from kprules.cli.output import Output
from kprules.comparison.explained import explained
from kprules.comparison.matrix import matrix
from kprules.comparison.receipt import receipt
from kprules.reports.changes_json import blocking_object, change_object, sufficient_object
from kprules.reports.explanation import explanation, markdown_explanation
from kprules.reports.matrix_json import outcome_objects, report


@options.command
@click.argument("case", shell_complete=options.complete_case)
@click.argument("definition", shell_complete=options.complete_definition)
@options.from_options
@options.asked_options
@options.option(
    "--nearest/--no-nearest", "near", default=True,
    help="The smallest changes of fact that would turn a settled outcome round.",
)  # fmt: skip
@options.option(
    "--all", "whole", is_flag=True,
    help="Every change and every set of facts that would settle it, and the titles of the sources. "
    "JSON has them all without it.",
)  # fmt: skip
@options.keep_going_option
@options.shown_options("table", "json", "markdown")
def command(
    case: str,
    definition: str,
    lies: options.From,
    asked: options.Asked,
    near: bool,
    whole: bool,
    keep_going: bool,
    shown: options.Shown,
) -> int:
    """Say why DEFINITION captures CASE, or does not, or cannot be decided.

    Where it cannot: which facts are unknown and why, who claims what, and what would settle it.
    Where it can: the smallest change of fact that would turn the outcome round, and who of a list
    stands in the way.

    \b
    Examples:
        kprules explain rus-ukr-2022 kpcs-core-2002
        kprules explain rus-ukr-2022 west-2022 --view ukraine

    Exit codes: 0 done; 2 it could not be done.
    """
    paths = Paths.of(lies.rule_paths, lies.case_paths)
    output = Output(shown.output, shown.no_color, (*paths.every, *files_among([case])))
    output.check()
    library = Library(paths)
    library.read_cases(files_among([case]))
    library.read_definitions()
    ending = stop_on_errors(library, keep_going=keep_going)
    judged_by = library.definition(definition)
    subject = choosing.subject(library.case(case, judged_by.about))
    going_by = choosing.conditions(library, asked)
    if shown.format_ == "json":
        found = matrix([judged_by], [subject], going_by)
        slip = receipt([judged_by], [subject.digest], going_by)
        more = explained(judged_by, subject, going_by, near=near)
        outcomes = [
            {
                **outcome,
                "nearest": [change_object(change) for change in more.changes],
                "suffices": [sufficient_object(enough) for enough in more.sufficient],
                "blocking": [blocking_object(one) for one in more.blocking],
            }
            for outcome in outcome_objects(found)
        ]
        output.write(report(found, outcomes, slip, library.problems.errors))
        return ending
    why = explained(judged_by, subject, going_by, near=near)
    if shown.format_ == "markdown":
        output.write(markdown_explanation(why, whole=whole))
    else:
        titles = _titles(library, subject.record)
        output.write(explanation(why, output.paper(), titles, whole=whole))
    return ending


def _titles(library: Library, record: object) -> dict[str, str]:
    """Return the titles of the sources that a record can cite, by key."""
    own = getattr(record, "sources", None)
    cited = {**library.bibliography, **(own if isinstance(own, dict) else {})}
    return {key: source.title for key, source in cited.items()}
