"""`kprules diff`: what an amendment changes."""

from __future__ import annotations

import click

from kprules.cli import choosing, options
from kprules.cli.ending import Cannot
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import Output
from kprules.comparison.difference import difference
from kprules.comparison.receipt import receipt
from kprules.reports.difference import difference_markdown, difference_table
from kprules.reports.difference_json import difference_json


@options.command
@click.argument("base", shell_complete=options.complete_definition)
@click.argument("variant", shell_complete=options.complete_definition)
@options.from_options
@options.asked_options
@options.option("--proof/--no-proof", "proof", default=True, help="Prove how the two relate.")
@options.shown_options("table", "json", "markdown")
def command(
    base: str,
    variant: str,
    lies: options.From,
    asked: options.Asked,
    proof: bool,
    shown: options.Shown,
) -> int:
    """Say what VARIANT changes of BASE: clause by clause, case by case, and over all cases.

    Any two definitions about one kind of record can be set beside each other.

    \b
    Examples:
        kprules diff kpcs-core-2002 wars-2023
        kprules diff kpcs-core-2002 eu-2023 --format markdown

    Exit codes: 0 done; 2 it could not be done.
    """
    paths = Paths.of(lies.rule_paths, lies.case_paths)
    output = Output(shown.output, shown.no_color, paths.every)
    output.check()
    library = Library(paths)
    library.read_cases()
    rules = library.read_rules()
    ending = stop_on_errors(library)
    first, second = library.definition(base), library.definition(variant)
    if first.about != second.about:
        raise Cannot(f"{base} is about a {first.about}, and {variant} about a {second.about}")
    texts = (rules.book.finished[base], rules.book.finished[variant])
    cases = library.chosen_cases((), first.about)
    going_by = choosing.conditions(library, asked)
    found = difference(first, second, texts, map(choosing.subject, cases), going_by, prove=proof)
    match shown.format_:
        case "json":
            slip = receipt([first, second], [c.digest for c in cases], going_by)
            output.write(difference_json(found, slip))
        case "markdown":
            output.write(difference_markdown(found))
        case _:
            output.write(difference_table(found, output.paper()), paged=True)
    return ending
