"""Texts and places in them.

Guarantee: a span always says which text, line and column it means, so that a problem found late is
still reported where it was written. A line in here touches characters: no grammar, no files.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, eq=False)
class Source:
    """A text with the name that people know it by (a path as they typed it, or `<string>`)."""

    name: str
    text: str
    first: int = 1
    """The number of its first line: another where it is a part of a file."""

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins."""
        return [0, *(i + 1 for i, c in enumerate(self.text) if c == "\n")]

    def place(self, offset: int) -> tuple[int, int]:
        """Return the number of the line, and the column from 1, of a character offset from 0."""
        line = bisect_right(self._starts, offset)
        return line + self.first - 1, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return the text of a line by its number, without its end."""
        line = number - self.first
        if not 0 <= line < len(self._starts):
            return ""
        start = self._starts[line]
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def offset(self, line: int, column: int) -> int:
        """Return the character offset of a line, by its number, and a column, from 1."""
        known = min(line - self.first, len(self._starts) - 1)
        return min(self._starts[known] + column - 1, len(self.text))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a source: `start` included, `end` not, in characters."""

    source: Source
    start: int
    end: int

    @property
    def line(self) -> int:
        """Line of the first character, from 1."""
        return self.source.place(self.start)[0]

    @property
    def column(self) -> int:
        """Column of the first character, from 1, in characters."""
        return self.source.place(self.start)[1]

    @property
    def text(self) -> str:
        """The words that the span covers."""
        return self.source.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """Return the span from the start of this one to the end of another in the same source."""
        return Span(self.source, self.start, max(self.end, other.end))
