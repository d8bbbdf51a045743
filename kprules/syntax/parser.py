"""Text into the tree as written.

Guarantee: `parse` never raises; it returns what could be read and reports every mistake it met. The
time it takes grows with the text alone. A line in here touches pieces of text.

Lark is imported when the first text is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from kprules.diagnostics import Problem, Problems
from kprules.source import Source, Span
from kprules.syntax import tree
from kprules.syntax.build_items import BuildItems
from kprules.syntax.depth import deepest
from kprules.syntax.limits import DEEPEST, ITEMS, LONGEST_FILE, MOST
from kprules.syntax.patterns import WORD
from kprules.syntax.scan import Piece, mixed, readable, scan
from kprules.syntax.words import likely_item

if TYPE_CHECKING:
    from lark import Lark

_WORD = re.compile(WORD)
_HEAD = re.compile(rf"({WORD})\s++({WORD})")

_lock = Lock()
_loaded: list[tuple[Lark, BuildItems]] = []


def parse(source: Source, problems: Problems) -> tree.File:
    """Read a rule file; report what is wrong with it, from its head on; return what is sound."""
    at_sight = Problems()
    text = readable(source, at_sight)
    if text is None:
        problems.extend(at_sight.found)
        return tree.File(source, ())
    marks = scan(source, text, at_sight)
    mixed(source, text, marks.comments, at_sight)
    found = _Bounded()
    rest: list[Problem] = []
    items: list[tree.Item | tree.Torn] = []
    with _lock:
        parser, builder = _parser()
        builder.source, builder.problems, builder.taken = source, found, 0
        try:
            items.extend(_items(marks.pieces, text, parser, builder))
        except _TooManyError:
            rest.append(_too_many(found.found[-1].span))
        finally:
            builder.source, builder.problems = Source("", ""), Problems()
    in_order = sorted([*at_sight.found, *found.found], key=_place)
    problems.extend([*in_order, *rest])
    return tree.File(
        source,
        tuple(item for item in items if not isinstance(item, tree.Torn)),
        tuple(marks.comments),
        tuple(item for item in items if isinstance(item, tree.Torn)),
    )


def _items(
    pieces: list[Piece], text: str, parser: Lark, builder: BuildItems
) -> Iterator[tree.Item | tree.Torn]:
    """Read the pieces of a text one after the other; yield the items, sound and torn."""
    adrift = False
    for number, piece in enumerate(pieces):
        if builder.taken > LONGEST_FILE or number == ITEMS:
            what = f"a file has at most {ITEMS:,} items, of {LONGEST_FILE:,} words and signs"
            builder.too_long(piece.start, what)
            return
        stray = not likely_item(_first_word(text, piece))
        if adrift and stray:
            continue  # one brace too many sets all adrift that was meant to stand before it
        adrift = stray
        item = _read(piece, text, parser, builder)
        if item is not None:
            yield item


def _place(problem: Problem) -> int:
    return problem.span.start if problem.span is not None else 0


def _first_word(text: str, piece: Piece) -> str:
    word = _WORD.match(text, piece.start)
    return word[0] if word else ""


class _TooManyError(Exception):
    """A file has more problems than anyone reads."""


@dataclass(slots=True)
class _Bounded(Problems):
    """Problems that are not too many: who reports one too much is stopped."""

    def report(self, *args: Any, **kwargs: Any) -> None:
        """Add a problem, as `Problems` does."""
        Problems.report(self, *args, **kwargs)
        if len(self.found) >= MOST:
            raise _TooManyError


def _too_many(at: Span | None) -> Problem:
    """Say that there are more problems."""
    return Problem(
        "syntax",
        "there are too many mistakes to list",
        at,
        label="reading stops here",
        help="put right the first ones, then check again",
    )


def _read(
    piece: Piece, text: str, parser: Lark, builder: BuildItems
) -> tree.Item | tree.Torn | None:
    """Return the item that a piece of a text holds, whole or torn; None where it has no name."""
    from kprules.syntax.reading import NOT_READ, read  # noqa: PLC0415 - imports Lark

    item = None
    if piece.too_deep is not None:
        builder.too_deep(piece.too_deep)
    else:
        builder.begin(piece.start)
        item = read(parser, builder, text[piece.start : piece.end])
        if item is not None and _too_deep(item, builder):
            item = None
        elif item is not None and not builder.broken:
            return item
    head = _HEAD.match(text, piece.start, piece.end)
    if head is None or not likely_item(head[1]):
        return None
    if isinstance(item, tree.Definition) and item.id.text == NOT_READ:
        item = None
    name = tree.Name(Span(builder.source, head.start(2), head.end(2)), head[2])
    return tree.Torn(Span(builder.source, piece.start, piece.end), name, item)


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
