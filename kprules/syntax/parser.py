"""Text into the tree as written.

Guarantee: `parse` never raises; it returns what could be read and reports every mistake it met. The
time it takes grows with the text alone. A line in here touches pieces of text.

Lark is imported when the first text is parsed.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from kprules.diagnostics import Problems
from kprules.source import Source, Span
from kprules.syntax import tree
from kprules.syntax.build_items import BuildItems
from kprules.syntax.depth import deepest
from kprules.syntax.limits import DEEPEST
from kprules.syntax.scan import mixed, readable, scan

if TYPE_CHECKING:
    from lark import Lark

_MOST = 100
"""Problems after which a file is not read further: it is no rule file, or one mistake repeated."""

_lock = Lock()
_loaded: list[tuple[Lark, BuildItems]] = []


def parse(source: Source, problems: Problems) -> tree.File:
    """Read a rule file; report what is wrong with it; return the items that are sound."""
    text = readable(source, problems)
    if text is None:
        return tree.File(source, ())
    marks = scan(source, text)
    mixed(source, text, marks.comments, problems)
    items = []
    allowed = len(problems.found) + _MOST
    with _lock:
        from kprules.syntax.reading import read  # noqa: PLC0415 - imports Lark

        parser, builder = _parser()
        builder.source, builder.problems = source, problems
        for piece in marks.pieces:
            if piece.too_deep is not None:
                builder.too_deep(piece.too_deep)
                continue
            builder.begin(piece.start)
            item = read(parser, builder, text[piece.start : piece.end])
            if item is not None and not _too_deep(item, builder):
                items.append(item)
            if len(problems.found) >= allowed:
                problems.report(
                    "syntax",
                    "there are too many mistakes to list",
                    Span(source, piece.start, piece.start),
                    label="reading stops here",
                    help="put right the first ones, then check again",
                )
                break
        builder.source, builder.problems = Source("", ""), Problems()
    return tree.File(source, tuple(items), tuple(marks.comments))


def _too_deep(item: tree.Item, builder: BuildItems) -> bool:
    depth, innermost = deepest(item)
    if depth <= DEEPEST or innermost is None:
        return False
    builder.too_deep(innermost.span.start)
    return True


def _parser() -> tuple[Lark, BuildItems]:
    """Return the parser with the callbacks it was made for; one is enough for all files."""
    if not _loaded:
        from kprules.syntax.grammar import load  # noqa: PLC0415 - imports Lark

        builder = BuildItems()
        _loaded.append((load(builder), builder))
    return _loaded[0]
