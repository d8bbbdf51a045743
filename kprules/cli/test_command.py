"""`kprules test`: expectations, and coverage of clauses."""

from __future__ import annotations

from typing import Any

import click

from kprules.cli import choosing, options
from kprules.cli.ending import Cannot, Ending
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import Output
from kprules.cli.progress import waiting
from kprules.comparison.expectations import judge_expectations
from kprules.reports.checks import json_tests, test_report

_PERCENT = click.IntRange(0, 100)


@options.command
@options.from_options
@options.only_option
@options.option(
    "--coverage", "coverage", is_flag=True,
    help="Which clauses some case shows true, false, unknown, and decisive.",
)  # fmt: skip
@options.option(
    "--threshold", "threshold", type=_PERCENT, metavar="PERCENT",
    help="Fail where coverage is below this; asks for --coverage.",
)  # fmt: skip
@options.keep_going_option
@options.shown_options("table", "json")
def command(
    lies: options.From,
    only: tuple[str, ...],
    coverage: bool,
    threshold: int | None,
    keep_going: bool,
    shown: options.Shown,
) -> int:
    """Check what the rule files expect of cases, and which clauses the cases try.

    An expectation is a line such as `expect captured sle-ruf-1991-2002` in a definition.

    \b
    Examples:
        kprules test
        kprules test --only west-2022
        kprules test --coverage --only kpcs-core-2002

    Exit codes: 0 every expectation holds; 1 some fail, or coverage is below the threshold; 2 it
    could not be done.
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
    failed = any(not judged.holds for judged in found)
    more: dict[str, Any] = {}
    report = test_report(found, output.paper())
    if coverage or threshold is not None:
        from kprules.comparison.coverage import coverage as covered  # noqa: PLC0415 - seldom asked
        from kprules.reports.coverage import coverage_report, json_coverage  # noqa: PLC0415

        with waiting("looking at clauses"):
            shown_by = covered(definitions, [(about, s) for (about, _), s in subjects.items()])
        more["coverage"] = json_coverage(shown_by)
        report = f"{report}\n\n{coverage_report(shown_by, output.paper())}"
        failed |= shown_by.percent < (threshold or 0)
    output.write(json_tests(found, more) if shown.format_ == "json" else report)
    return ending or (Ending.NO if failed else Ending.DONE)
