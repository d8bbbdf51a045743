"""JSON, judged by Python's own parser; the places of keys and values are found beside it.

Guarantee: as for YAML, nesting is bounded before the parser runs; a number stays the text that it
was written as. A line in here touches texts and places.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

from kprules.diagnostics import Problems
from kprules.library.trees import MOST, Leaf, Pairs, Row, Tree
from kprules.library.yaml_trees import report_duplicate, too_deep
from kprules.source import Source, Span

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]|[^\s\[\]{},:"]+')


def tree_of_json(source: Source, problems: Problems, start: int = 0, end: int = -1) -> Tree | None:
    """Return what a text, or the part from `start` to `end`, says; else the reason is a problem."""
    end = len(source.text) if end < 0 else end
    if too_deep(source, problems, start, end):
        return None
    text = source.text[start:end]
    if not text.strip():
        problems.report("empty-file", "the file holds no record", where=source.name)
        return None
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)
    except json.JSONDecodeError as e:
        at = min(start + e.pos, max(end - 1, 0))
        problems.report("syntax", e.msg[:1].lower() + e.msg[1:], Span(source, at, at + 1))
        return None
    except _ConstantError as e:
        at = next(t.start() for t in _TOKEN.finditer(source.text, start, end) if t[0] == str(e))
        problems.report(
            "type-mismatch",
            f"`{e}` is no number",
            Span(source, at, at + len(str(e))),
            help="write a finite number, or leave the field out",
        )
        return None
    tokens = list(_TOKEN.finditer(source.text, start, end))
    if len(tokens) > 4 * MOST:
        problems.report(
            "too-large",
            f"the document has more than {MOST:,} values",
            Span(source, start, start + 1),
            help="split it",
        )
        return None
    return _Reading(source, problems).tree(tokens)


class _ConstantError(Exception):
    """`NaN` or an infinity, which Python's parser would take."""


def _refuse(name: str) -> None:
    raise _ConstantError(name)


_WORDS: Final[dict[str, str | None]] = {"null": None}


@dataclass(slots=True)
class _Reading:
    """The putting together of tokens that Python's parser has found sound."""

    source: Source
    problems: Problems
    at: int = 0
    tokens: list[re.Match[str]] = field(default_factory=list)

    def tree(self, tokens: list[re.Match[str]]) -> Tree:
        """Return the tree of all tokens."""
        self.tokens = tokens
        return self._value()

    def _next(self) -> re.Match[str]:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def _value(self) -> Tree:
        token = self._next()
        if token[0] == "[":
            return self._row(token.start())
        if token[0] == "{":
            return self._pairs(token.start())
        return _leaf(token)

    def _row(self, start: int) -> Row:
        items: list[Tree] = []
        while self.tokens[self.at][0] != "]":
            items.append(self._value())
            if self.tokens[self.at][0] == ",":
                self.at += 1
        return Row(start, self._next().end(), tuple(items))

    def _pairs(self, start: int) -> Pairs:
        items: list[tuple[Leaf, Tree]] = []
        seen: dict[str, Leaf] = {}
        while self.tokens[self.at][0] != "}":
            key = _leaf(self._next())
            self.at += 1
            first = seen.setdefault(key.text or "", key)
            if first is not key:
                report_duplicate(self.source, first, key, self.problems)
            items.append((key, self._value()))
            if self.tokens[self.at][0] == ",":
                self.at += 1
        return Pairs(start, self._next().end(), tuple(items))


def _leaf(token: re.Match[str]) -> Leaf:
    text: Any = token[0]
    if text[0] == '"':
        text = json.loads(text)
    return Leaf(token.start(), token.end(), _WORDS.get(token[0], text))
