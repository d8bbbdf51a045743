"""`kprules bench`: how long one's own rules and cases take here."""

from __future__ import annotations

from pathlib import Path

import click

from kprules.cli import choosing, options
from kprules.cli.ending import Cannot
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import Output
from kprules.cli.progress import waiting
from kprules.comparison.bench import Loading, bench
from kprules.diagnostics import Problems
from kprules.library.cases import load_cases
from kprules.library.rules import load_rules
from kprules.library.shipped import shipped
from kprules.records.vocabulary import VOCABULARIES
from kprules.reports.bench import bench_json, bench_table
from kprules.tables import MissingExtraError, require


@options.command
@options.from_options
@options.only_option
@options.option(
    "--about", "about", default="case", show_default=True, metavar="KIND",
    help="The kind of record: case or meeting.",
)  # fmt: skip
@options.option(
    "--seconds", "seconds", type=click.FloatRange(0, 3600), default=3, show_default=True,
    help="About how long to measure; each work is done once at least.",
)  # fmt: skip
@options.shown_options("table", "json")
def command(
    lies: options.From,
    only: tuple[str, ...],
    about: str,
    seconds: float,
    shown: options.Shown,
) -> int:
    """Measure how long rules and cases take here: to load, to judge, as a table.

    The times are the least of several runs. The table is made of the cases, repeated.

    \b
    Examples:
        kprules bench
        kprules bench --only kpcs-core-2002,west-2022 --seconds 1

    Exit codes: 0 done; 2 it could not be done.
    """
    paths = Paths.of(lies.rule_paths, lies.case_paths)
    output = Output(shown.output, shown.no_color, paths.every)
    output.check()
    library = Library(paths)
    library.read_cases()
    library.read_definitions()
    ending = stop_on_errors(library)
    definitions = choosing.definitions(library, options.Chosen(only=only, about=about))
    cases = library.chosen_cases((), about)
    if not cases:
        raise Cannot(f"no {about} to judge")
    subjects = [choosing.subject(case) for case in cases]
    with waiting("measuring"):
        found = bench(_loading(library), definitions, subjects, seconds, table=_tables())
    output.write(bench_json(found) if shown.format_ == "json" else bench_table(found))
    return ending


def _loading(library: Library) -> list[Loading]:
    """Return the works of loading: all that is read, whatever of it is judged."""

    def rules() -> None:
        load_rules(library.paths.rules, Problems(), VOCABULARIES, shipped=shipped("rules"))

    def cases() -> None:
        named: list[str | Path] = [*library.paths.cases, shipped("cases")]
        for case in load_cases(named, Problems(), bibliography=library.bibliography):
            _ = case.record

    return [
        ("reading and checking the rules", rules, len(library.definitions), "definition"),
        ("reading the cases", cases, len(library.cases), "case"),
    ]


def _tables() -> bool:
    try:
        require()
    except MissingExtraError:
        return False
    return True
