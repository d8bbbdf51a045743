"""`kprules compare`: how definitions relate over all possible cases."""

from __future__ import annotations

from pathlib import Path

import click

from kprules.cli import choosing, options
from kprules.cli.ending import Cannot, note
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import Output, write_bytes, write_whole
from kprules.comparison.conditions import Conditions, order_of
from kprules.comparison.matrix import matrix
from kprules.comparison.order import Order, order
from kprules.comparison.receipt import receipt
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Definition, choose
from kprules.proof.relations import relate_all
from kprules.reports import order_pictures
from kprules.reports.relations import (
    relations_json,
    relations_markdown,
    relations_table,
)
from kprules.reports.text import counted, several
from kprules.reports.witness_files import WitnessFiles


@options.command
@click.argument(
    "named", nargs=-1, metavar="[DEFINITIONS]...", shell_complete=options.complete_definition
)
@options.from_options
@options.chosen_options
@options.option(
    "--reading", "reading", multiple=True, metavar="DEF.LABEL=NAME",
    help="Read these words so; repeatable.",
)  # fmt: skip
@options.option(
    "--seconds", "seconds", type=click.FloatRange(min=0.1), default=120.0, show_default=True,
    help="How long it may take; what is open then is not decided.",
)  # fmt: skip
@options.option(
    "--fewest", "fewest", is_flag=True, help="Show each difference by a case of the fewest facts."
)
@options.option(
    "--write-cases", "folder", type=options.PATH, metavar="DIR",
    help="Write the cases that show each relation as files, named for what they show.",
)  # fmt: skip
@options.option(
    "--picture", "picture", type=options.PATH, metavar="FILE",
    help="Draw the order: FILE.svg, .png, .dot or .mmd (Mermaid).",
)  # fmt: skip
@options.shown_options("table", "json", "markdown")
def command(
    named: tuple[str, ...],
    lies: options.From,
    chosen: options.Chosen,
    reading: tuple[str, ...],
    seconds: float,
    fewest: bool,
    folder: str | None,
    picture: str | None,
    shown: options.Shown,
) -> int:
    """Say how DEFINITIONS relate over all possible cases, proved.

    Equal, narrower, broader, overlapping or disjoint: each is proved, lists of any length
    included, or shown by a case that was judged; one that was neither in the time given is
    `not decided`. It is said twice: of settled facts, and where facts are unknown, of what is
    captured for certain. DEFINITIONS are ids, and only they are compared; without them, all.

    \b
    Examples:
        kprules compare kpcs-core-2002 wars-2023
        kprules compare 'kp-*' kpcs-core-2002 --picture order.dot

    Exit codes: 0 done; 2 it could not be done.
    """
    paths = Paths.of(lies.rule_paths, lies.case_paths)
    output = Output(shown.output, shown.no_color, paths.every)
    output.check()
    library = Library(paths)
    library.read_cases()
    library.read_rules()
    ending = stop_on_errors(library)
    definitions = sorted(choosing.definitions(library, chosen, named), key=order_of)
    if len(definitions) < 2:  # noqa: PLR2004 - to compare takes two
        raise Cannot("to compare takes at least two definitions")
    going_by = choosing.conditions(library, options.Asked(reading=reading))
    judgements = [choose(definition, going_by.reading) for definition in definitions]
    if folder is not None:
        _made(folder)
    found = relate_all(judgements, seconds=seconds, fewest=fewest)
    laid = order(found, _captured(library, definitions, going_by))
    files = None if folder is None else WitnessFiles.of(found, folder)
    if files is not None:
        _write_cases(files)
    if picture is not None:
        _draw(laid, Path(picture))
    match shown.format_:
        case "json":
            output.write(relations_json(found, laid, receipt(definitions, (), going_by)))
        case "markdown":
            output.write(relations_markdown(found, files))
        case _:
            table = relations_table(found, laid, output.paper(), files)
            output.write(table, paged=True)
    return ending


def _captured(
    library: Library, definitions: list[Definition], going_by: Conditions
) -> dict[str, int]:
    """Count the cases that each definition captures."""
    cases = library.chosen_cases((), definitions[0].about)
    if not cases:
        return {}
    judged = matrix(definitions, map(choosing.subject, cases), going_by)
    return {
        definition.id: sum(row[index] is Outcome.CAPTURED for row in judged.outcomes.values())
        for index, definition in enumerate(judged.definitions)
    }


def _made(folder: str) -> None:
    """Make a folder to write into, unless there is one."""
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise Cannot(f"`{folder}` is a file; --write-cases takes a folder") from None
    except OSError as e:
        said = (e.strerror or str(e)).lower()
        raise Cannot(f"the folder `{folder}` cannot be made: {said}; name another") from e


def _write_cases(files: WitnessFiles) -> None:
    """Write every witness as a case file; a file that is there is not touched."""
    import yaml  # noqa: PLC0415 - where files are written

    folder = Path(files.folder)
    taken = [name for name in files.cases if (folder / name).exists()]
    if taken:
        raise Cannot(f"`{folder / taken[0]}` is there already; name another folder")
    for name, case in files.cases.items():
        write_whole(folder / name, yaml.safe_dump(dict(case), sort_keys=False, allow_unicode=True))
    note(f"{counted(len(files.cases), 'case')} written to {folder}")
    shared = files.shared()
    if shared:
        said = several(f"`{id_}`" for id_ in shared)
        note(f"definitions ask for the id {said}, which several files bear: read them one by one")


def _draw(laid: Order, path: Path) -> None:
    """Draw the order in the format that the file's name asks for."""
    try:
        match path.suffix.lower():
            case ".svg":
                write_whole(path, order_pictures.svg(laid))
            case ".png":
                write_bytes(path, order_pictures.png(laid))
            case ".dot" | ".gv":
                write_whole(path, order_pictures.dot(laid))
            case ".mmd" | ".mermaid":
                write_whole(path, order_pictures.mermaid(laid))
            case other:
                raise Cannot(f"no picture is drawn as `{other}`; name a .svg, .png, .dot or .mmd")
    except order_pictures.MissingExtraError as error:
        raise Cannot(str(error)) from None
