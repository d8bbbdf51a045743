"""Conditions of SQL, joined by AND and OR, and negated.

Guarantee: joins are flat and negations stand at what is joined, for engines bound how deep an
expression goes. A line in here touches SQL that is true or false, never null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Self

_IS_NOT_NULL = " IS NOT NULL"
_NEGATED = {"TRUE": "FALSE", "FALSE": "TRUE"}
_DUAL: Mapping[Literal["AND", "OR"], Literal["AND", "OR"]] = {"AND": "OR", "OR": "AND"}


class _Joined(str):
    """Several expressions joined by one word, in parentheses."""

    __slots__ = ("by", "parts")
    by: Literal["AND", "OR"]
    parts: tuple[str, ...]


class _Not(str):
    """An expression negated."""

    __slots__ = ("part",)
    part: str

    def __new__(cls, part: str) -> Self:
        """Negate one expression."""
        made = super().__new__(cls, f"(NOT {part})")
        made.part = part
        return made


def joined_by(by: Literal["AND", "OR"], items: list[str]) -> str:
    """Join expressions, flat; `AND` without what is true, `OR` without what is false."""
    neutral, deciding = ("TRUE", "FALSE") if by == "AND" else ("FALSE", "TRUE")
    kept: dict[str, None] = {}
    for item in items:
        for part in item.parts if isinstance(item, _Joined) and item.by == by else (item,):
            if part == deciding:
                return deciding
            if part != neutral:
                kept[part] = None
    if len(kept) < 2:  # noqa: PLR2004 - one needs no joining
        return next(iter(kept), neutral)
    made = _Joined("(" + f" {by} ".join(kept) + ")")
    made.by, made.parts = by, tuple(kept)
    return made


def negated(item: str) -> str:
    """Negate a condition; of what is joined, each part."""
    if item in _NEGATED:
        return _NEGATED[item]
    if isinstance(item, _Joined):
        return joined_by(_DUAL[item.by], [negated(part) for part in item.parts])
    if isinstance(item, _Not):
        return item.part
    if item.endswith(_IS_NOT_NULL) and item.count(" ") == _IS_NOT_NULL.count(" "):
        return item.removesuffix(_IS_NOT_NULL) + " IS NULL"
    return _Not(item)


def bare(so: str) -> str:
    """Return a condition without the parentheses that a whole WHERE has no need of."""
    return f" {so.by} ".join(so.parts) if isinstance(so, _Joined) else so


def within(so: str) -> str:
    """Return a condition as one more of those that are joined by AND."""
    return bare(so) if isinstance(so, _Joined) and so.by == "AND" else so
