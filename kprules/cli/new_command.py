"""`kprules new`: a starting file."""

from __future__ import annotations

from pathlib import Path

import click

from kprules.cli import options
from kprules.cli.ending import Cannot, Ending
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import write_whole
from kprules.diagnostics import plain
from kprules.records.values import RECORD_ID
from kprules.reports.starting import starting_file


@options.command
@click.argument("id_", metavar="ID")
@click.option(
    "--amends", "base", required=True, metavar="BASE", shell_complete=options.complete_definition,
    help="The definition that it starts from.",
)  # fmt: skip
@options.rules_options
def command(id_: str, base: str, lies: options.FromRules) -> int:
    """Write ./rules/ID.kpr, a starting file for a variant of another definition.

    It holds the base's clauses and labels in comments, and says how to change them.

    \b
    Example:
        kprules new my-variant --amends kpcs-core-2002

    Exit codes: 0 done; 2 it could not be done.
    """
    if not RECORD_ID.fits(id_):
        raise Cannot(f"`{id_}` is no id: {RECORD_ID.words}, such as `my-variant`")
    library = Library(Paths.of(lies.rule_paths, ()))
    rules = library.read_rules()
    stop_on_errors(library)
    if id_ in library.definitions:
        raise Cannot(f"a definition is called `{id_}` already; `kprules show {id_}` shows it")
    amended = library.definition(base)
    path = Path("rules", f"{id_}.kpr")
    if path.exists():
        raise Cannot(f"`{path}` is there already")
    try:
        path.parent.mkdir(exist_ok=True)
    except OSError as e:
        raise Cannot(f"`{path.parent}` cannot be made: {(e.strerror or str(e)).lower()}") from e
    write_whole(path, starting_file(id_, amended, rules.book.finished[base]))
    whole = base in library.checked.own  # its text lies beside the new file
    about = "" if amended.about == "case" else f" --about {amended.about}"
    click.echo(
        f"wrote {plain(str(path))}\n\nEdit it, then:\n"
        f"  kprules check{'' if whole else f' {path}'}\n"
        f"  kprules eval --only '{base},{id_}'{about}\n"
        f"  kprules show {id_}"
    )
    return Ending.DONE
