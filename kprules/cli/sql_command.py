"""`kprules sql`: definitions as a SELECT."""

from __future__ import annotations

import click

from kprules.cli import choosing, options
from kprules.cli.ending import Cannot
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import Output
from kprules.formula.definition import choose
from kprules.tables.sql.dialects import SPELLINGS, Dialect
from kprules.tables.sql.emitter import select
from kprules.tables.sql.layout import RECORDS, create, tables


@options.command
@click.argument(
    "named", nargs=-1, metavar="DEFINITIONS...", shell_complete=options.complete_definition
)
@options.rules_options
@options.option(
    "--about", "about", default="case", show_default=True, metavar="KIND",
    help="The kind of record: case or meeting.",
)  # fmt: skip
@options.option(
    "--reading", "reading", multiple=True, metavar="DEF.LABEL=NAME",
    help="Read these words so; repeatable.",
)  # fmt: skip
@options.option(
    "--dialect", "dialect", type=click.Choice(sorted(SPELLINGS)), default="duckdb",
    show_default=True, help="The engine that is to run it.",
)  # fmt: skip
@options.option(
    "--table", "table", default=RECORDS, show_default=True, metavar="NAME",
    help="The table that holds the records.",
)  # fmt: skip
@options.option(
    "--schema", "schema", is_flag=True, help="Write the tables that the SELECT reads, instead."
)
@options.option(
    "-o", "--output", "file", type=options.PATH, metavar="FILE",
    help="Write to a file, whole or not at all.",
)  # fmt: skip
def command(
    named: tuple[str, ...],
    lies: options.FromRules,
    about: str,
    reading: tuple[str, ...],
    dialect: Dialect,
    table: str,
    schema: bool,
    file: str | None,
) -> int:
    """Write DEFINITIONS as a SELECT of their outcomes, for a warehouse without Python.

    One row for each record: its `case_id` and the outcome under each definition. Lists and sets
    stand in tables of their own; --schema writes them all.

    \b
    Examples:
        kprules sql kpcs-core-2002 --dialect sqlite
        kprules sql --schema --dialect postgres

    Exit codes: 0 done; 2 it could not be done.
    """
    paths = Paths.of(lies.rule_paths, ())
    output = Output(file, inputs=paths.every)
    output.check()
    library = Library(paths)
    vocabulary = library.vocabulary(about)
    spelling = SPELLINGS[dialect]
    if not table.strip() or "\0" in table:
        raise Cannot("a table has a name")
    if table in {each.name for each in tables(vocabulary)} - {RECORDS}:
        raise Cannot(f"`{table}` is the table of a list; name the records' otherwise")
    if schema:
        output.write(create(vocabulary, spelling, table))
        return 0
    library.read_rules()
    ending = stop_on_errors(library)
    if not named:
        raise click.UsageError("name one definition or more; `kprules list` lists them")
    definitions = choosing.definitions(library, options.Chosen(about=about), named)
    asked = choosing.conditions(library, options.Asked(reading=reading))
    judgements = [choose(definition, asked.reading) for definition in definitions]
    output.write(select(judgements, vocabulary, dialect, records=table))
    return ending
