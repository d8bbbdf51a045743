"""`kprules language`: how definitions are written."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from kprules.cli import options
from kprules.cli.ending import Cannot, Ending
from kprules.cli.output import Output
from kprules.diagnostics import did_you_mean, plain
from kprules.syntax.reference import page, sections, words


def _complete(
    ctx: click.Context,  # noqa: ARG001 - click asks so
    param: click.Parameter,  # noqa: ARG001 - click asks so
    incomplete: str,
) -> list[CompletionItem]:
    """Complete a section."""
    return [CompletionItem(name) for name in sections() if name.startswith(incomplete)]


@options.command
@click.argument("topic", required=False, shell_complete=_complete)
@click.option("-o", "--output", "file", metavar="FILE", help="Write here.")
def command(topic: str | None, file: str | None) -> int:
    """Show how definitions are written: the page on the language, or one section.

    TOPIC is a section (file, header, clauses, forms, expressions, terms, amendments, readings,
    expectations, unknown, limits) or a word of the language, such as `widen`.

    \b
    Examples:
        kprules language
        kprules language amendments
        kprules language where

    Exit codes: 0 done; 2 it could not be done.
    """
    output = Output(file)
    output.check()
    text = page()
    if topic is not None:
        known = words()
        heading = known.get(topic)
        if heading is None:
            hint = did_you_mean(topic, known)
            told = hint or f"the sections are {', '.join(sections())}"
            raise Cannot(f"the page on the language does not tell of `{plain(topic)}`; {told}")
        text = sections()[heading]
    output.write(text, paged=True)
    return Ending.DONE
