"""`kprules import`: somebody's table as a table of cases."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import click

from kprules.cli import options
from kprules.cli.ending import Cannot, Ending
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import Output
from kprules.diagnostics import plain
from kprules.formula.definition import choose
from kprules.library.table_files.mapping import Mapped
from kprules.library.table_files.mapping_reading import load_mapping, shipped_mappings
from kprules.library.table_files.recognised import TableFile, TableFileError, tables_among
from kprules.reports.text import wrap
from kprules.tables import MissingExtraError, require


@options.command
@click.argument("named", nargs=-1, metavar="[TABLES]...")
@options.option(
    "--mapping", "mapping", metavar="NAME|FILE",
    help="The mapping: one that ships, or a TOML file.",
)  # fmt: skip
@options.option("--list", "show_list", is_flag=True, help="List the mappings that ship.")
@options.rules_options
@options.option(
    "-o", "--output", "file", type=options.PATH, metavar="FILE",
    help="The table of cases to write (.parquet, .arrow), whole or not at all.",
)  # fmt: skip
def command(
    named: tuple[str, ...],
    mapping: str | None,
    show_list: bool,
    lies: options.FromRules,
    file: str | None,
) -> int:
    """Turn TABLES into a table of cases, by a mapping from columns to fields.

    Values without a mapping are listed with counts, and nothing is written. Definitions that the
    mapping leaves undetermined in every row are named before a row is read.

    \b
        $ kprules import --mapping ucdp-dyadic ucdp.csv -o dyads.parquet
        $ kprules eval dyads.parquet

    \b
    Examples:
        kprules import --list

    Exit codes: 0 done; 2 it could not be done.
    """
    try:
        if show_list:
            return _list()
        if mapping is None or not named or file is None:
            raise click.UsageError("name a table, a --mapping and a file to write with -o")
        tables, others = tables_among(named)
        if others:
            raise Cannot(f"`{others[0]}` is no table")
        require()
        return _import(load_mapping(mapping), tables, lies, file)
    except MissingExtraError as e:
        raise Cannot(str(e)) from e
    except TableFileError as e:
        raise Cannot(f"{e}\nnothing was written" if file else str(e)) from e


def _list() -> int:
    output = Output()
    width = output.paper().width
    lines = [
        each
        for name in shipped_mappings()
        for each in wrap(plain(load_mapping(name).title), width, f"{name:<24}", " " * 24)
    ]
    output.write("\n".join(lines))
    return Ending.DONE


def _import(mapping: Mapped, tables: list[TableFile], lies: options.FromRules, file: str) -> int:
    from kprules.cli.table_progress import share_told  # noqa: PLC0415 - brings in engines
    from kprules.library.table_files.forms import FORMS  # noqa: PLC0415
    from kprules.library.table_files.importing import Import, mapped_schema  # noqa: PLC0415
    from kprules.library.table_files.reading import opened  # noqa: PLC0415
    from kprules.library.table_files.writing import whole, writer  # noqa: PLC0415

    form = FORMS.get(Path(file).suffix.lower())
    if form not in {"parquet", "arrow"}:
        raise Cannot(f"`{file}` is to end in .parquet or .arrow: cases hold lists")
    paths = Paths.of(lies.rule_paths, ())
    inputs = tuple(table.path for table in tables)
    Output(file, inputs=(*paths.every, *inputs)).check()
    work = Import(mapping, [opened(table) for table in tables])
    work.check()
    ending = _foretell(mapping, paths)
    with ExitStack() as stack:
        sink = stack.enter_context(whole(Path(file), form))
        out = stack.enter_context(writer(sink, form, mapped_schema(mapping)))
        for batch in share_told(work.batches(), lambda: work.read):
            out.write(batch)
    click.echo(f"{work.read:,} rows read, {work.cases:,} cases written to {plain(file)}")
    return ending


def _foretell(mapping: Mapped, paths: Paths) -> int:
    """Say which definitions will stay undetermined in every row, and for want of which columns."""
    from kprules.cli.foretelling import foretell  # noqa: PLC0415 - brings in engines
    from kprules.library.table_files.importing import mapped_schema  # noqa: PLC0415 - as above

    library = Library(paths)
    library.read_definitions()
    ending = stop_on_errors(library)
    definitions = [d for d in library.definitions.values() if d.about == mapping.about]
    judgements = [choose(d) for d in definitions]
    foretell(judgements, mapped_schema(mapping), mapping.vocabulary, library.checked.own)
    return ending
