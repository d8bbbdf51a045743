"""`kprules fmt`: one spelling."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kprules.cli import options
from kprules.cli.ending import Cannot, Ending, tell
from kprules.cli.loading import show_problems
from kprules.cli.output import write_whole
from kprules.diagnostics import Problems, plain
from kprules.library.checked import SUFFIX
from kprules.library.files import decoded, files_in, read_source
from kprules.reports.text import counted
from kprules.source import Source
from kprules.syntax.parser import parse
from kprules.syntax.printer import format_file


@options.command
@click.argument("files", nargs=-1, type=options.PATH, metavar="[FILES]...")
@options.option("--check", "check", is_flag=True, help="Change nothing; name what would change.")
def command(files: tuple[str, ...], check: bool) -> int:
    """Give rule files their one spelling; comments stay where they were.

    FILES are rule files and folders of them, without any ./rules; `-` reads standard input and
    writes standard output. A file with a mistake in it is left as it is.

    \b
    Examples:
        kprules fmt rules
        kprules fmt --check rules

    Exit codes: 0 done; 1 with --check, a file would change; 2 a file could not be read.
    """
    if files == ("-",):
        return _standard_input(check=check)
    if not files and not Path("rules").is_dir():
        raise Cannot("there is no ./rules here; name the files")
    problems = Problems()
    changed = same = 0
    for path in files_in(files or ("rules",), {SUFFIX}, problems):
        source = read_source(path, problems)
        text = None if source is None else _formatted(source, problems)
        if source is None or text is None:
            continue
        if text == source.text and not _has_mark(path):
            same += 1
            continue
        changed += 1
        click.echo(f"{'would change' if check else 'changed'} {plain(str(path))}")
        if not check:
            write_whole(path, text)
    show_problems(problems.errors)
    verb = "would change" if check else "changed"
    tell(f"{counted(changed, 'file')} {verb}, {same} as before")
    if problems.errors:
        return Ending.CANNOT
    return Ending.NO if check and changed else Ending.DONE


def _formatted(source: Source, problems: Problems) -> str | None:
    """Return the one spelling of a text; nothing where it has a mistake."""
    before = len(problems.errors)
    file = parse(source, problems)
    return format_file(file) if len(problems.errors) == before else None


def _has_mark(path: Path) -> bool:
    """Return whether a file begins with a byte-order mark, or has lines that end otherwise."""
    data = path.read_bytes()
    return data.startswith(b"\xef\xbb\xbf") or b"\r" in data


def _standard_input(*, check: bool) -> int:
    problems = Problems()
    source = decoded("<standard input>", sys.stdin.buffer.read(), problems)
    text = None if source is None else _formatted(source, problems)
    show_problems(problems.errors)
    if source is None or text is None:
        return Ending.CANNOT
    if check:
        return Ending.DONE if text == source.text else Ending.NO
    sys.stdout.write(text)
    return Ending.DONE
