"""`kprules check`: errors and warnings."""

from __future__ import annotations

from pathlib import Path

import click

from kprules.cli import options
from kprules.cli.ending import Ending, note
from kprules.cli.loading import Library, Paths, show_problems
from kprules.cli.output import Output
from kprules.comparison.evidence import count_facts
from kprules.library.cases import LoadedCase
from kprules.library.checked import SUFFIX
from kprules.library.shipped import shipped
from kprules.lint.proved import SECONDS, warn_of_proved
from kprules.lint.sources import warn_of_early, warn_of_uncited, warn_of_unsourced
from kprules.reports.checks import evidence_table, json_checks, verdict

FEW = 12
"""How many definitions are proved things of without being asked."""
UNASKED = 1.0
"""How many seconds the proofs of each take then."""


@options.command
@click.argument("files", nargs=-1, type=options.PATH, metavar="[FILES]...")
@options.option("--strict", "strict", is_flag=True, help="Take warnings for errors.")
@options.option(
    "--prove/--no-prove", "prove", default=None,
    help="Prove what takes a proof: dead clauses, amendments without effect, definitions that are "
    f"equal. By itself for up to {FEW} definitions.",
)  # fmt: skip
@options.option(
    "--summary", "summary", is_flag=True, help="Count the facts of the records by evidence."
)
@options.shown_options("table", "json")
def command(
    files: tuple[str, ...],
    strict: bool,
    prove: bool | None,
    summary: bool,
    shown: options.Shown,
) -> int:
    """Report the errors and warnings of rules and cases.

    FILES are rule files, case files and folders of them; without any, ./rules and ./cases, or what
    ships where there is neither.

    \b
    Examples:
        kprules check
        kprules check --summary

    Exit codes: 0 nothing is wrong; 1 there are errors (with --strict: or warnings); 2 a file
    could not be read.
    """
    paths = _paths(files)
    output = Output(shown.output, shown.no_color, paths.every)
    output.check()
    library = Library(paths)
    library.read_cases()
    rules = library.read_rules(strictly=True).files
    found = library.problems.found
    checked = [case for key, case in library.cases.items() if key in library.own_cases]
    if not library.problems.errors:
        _warn_of_sources(library, checked)
        _warn_of_proved(library, prove)
    counts = count_facts(case.record for case in checked) if summary else {}
    if shown.format_ == "json":
        output.write(json_checks(found, counts))
    else:
        show_problems(found)
        said = verdict(found, len(rules), len(checked))
        table = [*evidence_table(counts), ""] if summary else []
        output.write("\n".join([*table, said]))
    if any(problem.code == "unreadable" for problem in found):
        return Ending.CANNOT
    wrong = library.problems.errors or (strict and any(p.severity == "warning" for p in found))
    return Ending.NO if wrong else Ending.DONE


def _warn_of_proved(library: Library, prove: bool | None) -> None:
    """Report what takes a proof, where it was asked for or few definitions are checked."""
    own = [d for d in library.definitions.values() if d.id in library.checked.own]
    if prove is False or not own or (prove is None and len(own) > FEW):
        return
    amending = [d.id for d in own if d.ancestors]
    seconds = SECONDS if prove else UNASKED * len(own)
    if not warn_of_proved(own, library.definitions, amending, library.problems, seconds=seconds):
        left = "the rest is left" if prove else "--prove gives them more"
        note(f"the proofs took longer than {seconds:g} s; {left}")


def _warn_of_sources(library: Library, checked: list[LoadedCase]) -> None:
    """Report what of the files checked rests on no source, and sources on which nothing rests."""
    problems, bibliography = library.problems, library.bibliography
    for case in checked:
        warn_of_unsourced(case.record, library.vocabulary(case.about), case.span, problems)
    own = [d for d in library.definitions.values() if d.id in library.checked.own]
    warn_of_early(own, bibliography, problems)
    folders = [Path(path).resolve() for path in library.paths.cases]
    files = {key: Path(source.name).resolve() for key, source in bibliography.files.items()}
    keys = [k for k, file in files.items() if any(file.is_relative_to(f) for f in folders)]
    records = [case.record for case in library.cases.values()]
    warn_of_uncited(keys, records, library.definitions.values(), bibliography.span, problems)


def _paths(files: tuple[str, ...]) -> Paths:
    """Return what is checked: files named, else the working directory's, else what ships."""
    if files:
        rules = tuple(f for f in files if f.endswith(SUFFIX) or Path(f).is_dir())
        cases = tuple(f for f in files if not f.endswith(SUFFIX))
        beside = ("cases",) if Path("cases").is_dir() else ()
        return Paths(rules, cases, named_rules=True, named_cases=True, beside=beside)
    here = Paths(
        ("rules",) if Path("rules").is_dir() else (),
        ("cases",) if Path("cases").is_dir() else (),
    )
    if here.rules or here.cases:
        return here
    return Paths((str(shipped("rules")),), (str(shipped("cases")),))
