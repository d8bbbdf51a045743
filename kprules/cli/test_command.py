"""`kprules test`: expectations."""

from __future__ import annotations

from kprules.cli import choosing, options
from kprules.cli.ending import Cannot, Ending
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import Output
from kprules.comparison.expectations import judge_expectations
from kprules.reports.checks import json_tests, test_report


@options.command
@options.from_options
@options.only_option
@options.keep_going_option
@options.shown_options("table", "json")
def command(
    lies: options.From, only: tuple[str, ...], keep_going: bool, shown: options.Shown
) -> int:
    """Check what the rule files expect of cases.

    An expectation is a line such as `expect captured sle-ruf-1991-2002` in a definition.

    \b
    Examples:
        kprules test
        kprules test --only west-2022

    Exit codes: 0 every expectation holds; 1 some fail; 2 it could not be done.
    """
    paths = Paths.of(lies.rule_paths, lies.case_paths)
    output = Output(shown.output, shown.no_color, paths.every)
    output.check()
    library = Library(paths)
    library.read_cases()
    library.read_rules(strictly=True)
    ending = stop_on_errors(library, keep_going=keep_going)
    definitions = library.chosen_definitions(only, None)
    if not definitions:
        raise Cannot("no definition was chosen")
    subjects = {key: choosing.subject(case) for key, case in library.cases.items()}
    found = list(judge_expectations(definitions, subjects))
    if shown.format_ == "json":
        output.write(json_tests(found))
    else:
        output.write(test_report(found, output.paper()))
    failed = any(not judged.holds for judged in found)
    return ending or (Ending.NO if failed else Ending.DONE)
