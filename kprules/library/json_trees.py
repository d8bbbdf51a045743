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


def tree_of_json(source: Source, problems: Problems) -> Tree | None:
    """Return what a text says; else the reason is a problem."""
    text = source.text
    if too_deep(source, problems, 0, len(text)):
        return None
    if not text.strip():
        problems.report("empty-file", "the file holds no record", where=source.name)
        return None
    try:
        json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except json.JSONDecodeError as e:
        at = min(e.pos, max(len(text) - 1, 0))
        problems.report("syntax", e.msg[:1].lower() + e.msg[1:], Span(source, at, at + 1))
        return None
    tokens = list(_TOKEN.finditer(text))
    if len(tokens) > 4 * MOST:
        problems.report(
            "too-large",
            f"the document has more than {MOST:,} values",
            Span(source, 0, 1),
            help="split it",
        )
        return None
    return _Reading(source, problems).tree(tokens)


_CONSTANTS: Final = frozenset({"NaN", "Infinity", "-Infinity"})
"""What Python's parser takes for numbers, and no field does."""
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
        if token[0] in _CONSTANTS:
            return self._constant(token)
        return _leaf(token)

    def _constant(self, token: re.Match[str]) -> Leaf:
        """Report what is no finite number; whether it is one, no field need say again."""
        self.problems.report(
            "type-mismatch",
            f"`{token[0]}` is no number",
            Span(self.source, token.start(), token.end()),
            help="write a finite number, or leave the field out",
        )
        return Leaf(token.start(), token.end(), token[0], refused=True)

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
