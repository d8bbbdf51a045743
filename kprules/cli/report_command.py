"""`kprules report`: the whole comparison as one page."""

from __future__ import annotations

import sys

import click

from kprules.cli import choosing, options
from kprules.cli.ending import Cannot
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import Output
from kprules.cli.progress import following, waiting
from kprules.comparison.conditions import Conditions
from kprules.comparison.receipt import receipt
from kprules.diagnostics import plain
from kprules.reports.text import counted


@options.command
@options.from_options
@options.chosen_options
@options.option(
    "--focus", "focus", metavar="CASE", shell_complete=options.complete_case,
    help="The case that the page begins with; without it, the one that parties dispute most.",
)  # fmt: skip
@options.keep_going_option
@options.output_option("file")
def command(
    lies: options.From,
    chosen: options.Chosen,
    focus: str | None,
    keep_going: bool,
    file: str | None,
) -> int:
    """Write the whole comparison as one page for a browser.

    It holds everything and loads nothing: the matrix with its reasons, the order of definitions,
    differences, disputed facts, and the outcomes under every view, standard and reading.

    \b
    Examples:
        kprules report -o report.html
        kprules report --only 'kpcs-*,west-2022' --focus rus-ukr-2022 -o ru.html

    Exit codes: 0 done; 2 it could not be done.
    """
    paths = Paths.of(lies.rule_paths, lies.case_paths)
    output = Output(file, inputs=paths.every)
    if file is None and sys.stdout.isatty():
        raise click.UsageError("a page is for a browser; name a file for it: -o report.html")
    output.check()
    library = Library(paths)
    library.read_cases()
    rules = library.read_rules()
    ending = stop_on_errors(library, keep_going=keep_going)
    definitions = choosing.definitions(library, chosen)
    subjects = choosing.subjects(library, (), chosen, definitions[0], Conditions())
    if focus is not None:
        library.case(focus, definitions[0].about)
        if focus not in {subject.id for subject in subjects}:
            raise Cannot(f"`{focus}` is not among the cases of the page")
    # What proves and what fills templates is heavy, and needed by no other command.
    from kprules.comparison.page import gathered  # noqa: PLC0415 - as above
    from kprules.reports.page.writing import written  # noqa: PLC0415 - as above

    with waiting("proving how the definitions relate"):
        found = gathered(definitions, subjects, rules.book.finished, focus)
    slip = receipt(
        definitions,
        [subject.digest for subject in subjects],
        Conditions(),
        chosen.as_of,
        chosen.in_force,
    )
    page = written(
        found,
        rules.book,
        library.bibliography,
        slip,
        lambda cases: following(cases, len(cases), "giving reasons"),
    )
    output.write(page)
    if file is not None:
        size = f"{len(page.encode()) / 1000:,.0f} kB"
        cases = counted(len(subjects), definitions[0].about)
        click.echo(
            f"wrote {plain(file)}: {counted(len(definitions), 'definition')}, {cases}, {size}"
        )
    return ending
