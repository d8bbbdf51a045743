"""What a YAML or JSON document says, with the place of every key and value.

Guarantee: values are the texts that were written; no text is taken for a number, a date or a truth
value here: the field that it belongs to decides. A line in here touches texts and places; it knows
no record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from kprules.diagnostics import Problems
from kprules.records.values import is_control
from kprules.source import Source, Span

DEEPEST: Final = 64
"""Levels of lists and mappings, one in another."""
MOST: Final = 50_000
"""Values in one document, those that aliases repeat counted each time."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value, as text; `None` for JSON's `null`. `empty` where nothing at all was written.

    `refused` where what is written was reported as no value of any field.
    """

    start: int
    end: int
    text: str | None
    empty: bool = False
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Several values in order."""

    start: int
    end: int
    items: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Values under keys, in the order written."""

    start: int
    end: int
    items: tuple[tuple[Leaf, Tree], ...]
    braces: bool = False
    """Whether YAML's flow style was used: `{…}`."""


Tree: TypeAlias = Leaf | Row | Pairs
Place: TypeAlias = tuple[str | int, ...]


def plain(tree: Tree) -> Any:
    """Return what a tree says as texts, lists and dictionaries."""
    match tree:
        case Leaf():
            return tree.text
        case Row():
            return [plain(item) for item in tree.items]
        case Pairs():
            return {key.text: plain(value) for key, value in tree.items}


def find(tree: Tree, place: Sequence[str | int]) -> tuple[Tree, Leaf | None, int]:
    """Return the tree at a place, its key, and how many steps led there: as far as there is one."""
    key: Leaf | None = None
    for taken, step in enumerate(place):
        below: Tree | None = None
        match tree:
            case Pairs():
                for name, value in tree.items:
                    if name.text == str(step):
                        key, below = name, value
            case Row() if isinstance(step, int) and step < len(tree.items):
                key, below = None, tree.items[step]
            case _:
                pass
        if below is None:
            return tree, key, taken
        tree = below
    return tree, key, len(place)


def span_at(source: Source, tree: Tree, place: Sequence[str | int]) -> Span:
    """Return the span of a value; of a list or record under a key, its key stands for it."""
    found, key, taken = find(tree, place)
    if isinstance(found, Leaf) and not found.empty and taken == len(place):
        return Span(source, found.start, found.end)
    if key is not None:
        return Span(source, key.start, key.end)
    return Span(source, found.start, min(found.end, found.start + 1))


def key_span(source: Source, tree: Tree, place: Sequence[str | int]) -> Span:
    """Return the span of the key at a place."""
    _, key, taken = find(tree, place)
    if key is None or taken < len(place):
        return span_at(source, tree, place)
    return Span(source, key.start, key.end)


def leaves(tree: Tree, place: Place = ()) -> Iterator[tuple[Place, Leaf]]:
    """Yield every value and every key with its place."""
    match tree:
        case Leaf():
            yield place, tree
        case Row():
            for i, item in enumerate(tree.items):
                yield from leaves(item, (*place, i))
        case Pairs():
            for key, value in tree.items:
                yield (*place, key.text or ""), key
                yield from leaves(value, (*place, key.text or ""))


# --- what no document may hold ------------------------------------------------------------------

_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_REPORTED: Final = 10


def refuse_controls(source: Source, problems: Problems, start: int = 0, end: int = -1) -> bool:
    """Report control characters and turns of direction in a text; return whether there are any."""
    text = source.text if end < 0 else source.text[:end]
    found = False
    for reported, match in enumerate(_CONTROLS.finditer(text, start)):
        found = True
        if reported == _REPORTED:
            break
        problems.report(
            "control-character",
            f"the character U+{ord(match[0]):04X} acts on a terminal or turns text round",
            Span(source, match.start(), match.end()),
            help="remove it",
        )
    return found


def refuse_escaped_controls(source: Source, tree: Tree, problems: Problems) -> list[Place]:
    """Report values that hold such characters by way of an escape; return their places."""
    places: list[Place] = []
    for place, leaf in leaves(tree):
        text = leaf.text or ""
        if text.isascii() and text.isprintable():
            continue
        for c in text:
            if is_control(c) and c != "\r":
                problems.report(
                    "control-character",
                    f"the character U+{ord(c):04X} acts on a terminal or turns text round",
                    Span(source, leaf.start, leaf.end),
                    help="remove it",
                )
                places.append(place)
                break
    return places


def refused(tree: Tree) -> list[Place]:
    """Return the places of values that were reported when they were read."""
    return [place for place, leaf in leaves(tree) if leaf.refused]


def _has_colon(source: Source, key: Leaf) -> bool:
    return source.text[key.end : key.end + 100].lstrip()[:1] == ":"


def refuse_empty(source: Source, tree: Tree, problems: Problems) -> list[Place]:
    """Report keys and entries with nothing behind them; return the places to say no more of."""
    found: dict[Place, None] = {}
    for told, place in enumerate([place for place, leaf in leaves(tree) if leaf.empty]):
        if told == _REPORTED * 10:
            break
        above, _, _ = find(tree, place[:-1])
        a_set = (
            isinstance(above, Pairs)
            and above.braces
            and not any(_has_colon(source, key) for key, _ in above.items)
        )
        where = place[:-1] if a_set else place
        if where in found:
            continue
        found[where] = None
        problems.report(
            "missing-value",
            "nothing is written here",
            key_span(source, tree, place),
            help="a list is written in brackets, `[a, b]`"
            if a_set
            else "write the value, or `unknown`, or leave the field out",
        )
    return list(found)
