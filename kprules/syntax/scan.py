"""A first look at a file: its comments, its items, how deep it goes, characters it may not have.

Guarantee: one pass, whose time grows with the text alone, so that what is absurdly large or deep is
refused before a parser sees it. A line in here touches characters and brackets.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from kprules.diagnostics import Problems
from kprules.source import Source, Span
from kprules.syntax import tree
from kprules.syntax.limits import COMMENTS, DEEPEST, LARGEST
from kprules.syntax.names import alphabets
from kprules.syntax.patterns import COMMENT, TEXT
from kprules.syntax.words import clip

_FEW = 20
"""Characters of one kind that are reported; who has more has a file that is no rule file."""

_BIDIRECTIONAL = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_FORBIDDEN = re.compile(
    rf"[{_BIDIRECTIONAL}]"
    r"|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
    r"|\r(?!\n)"
)

_MARK = re.compile(
    rf"""
      (?P<comment>{COMMENT})
    | (?P<text>{TEXT}"?)
    | (?P<link><[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*>)
    | (?P<open>[{{(])
    | (?P<close>[}})])
    | (?<![\w.-])(?P<item>
          definition(?=\s++\w++-[\w-]*+\s*+(?:"|\{{|amends\b))
        | term(?=\s++[\w-]++\s*+\(\s*+[\w-]++\s*+:)
        | set(?=\s++[\w-]++\s*+=)
      )
    | ^(?P<perhaps>definition|term|set)(?![\w-])
    """,
    re.VERBOSE | re.MULTILINE,
)
"""What matters of a text before it is parsed. An item is known by the words that follow, wherever
it stands, so that a brace left open in one does not swallow the next; by its first word alone,
where that begins a line outside of brackets."""

_BLANK = re.compile(rf"(?:\s++|{COMMENT})*+")


@dataclass(slots=True)
class Piece:
    """A stretch of the text that should hold one item."""

    start: int
    end: int
    too_deep: int | None = None
    """Where the nesting goes too far."""


@dataclass(slots=True)
class Marks:
    """Comments and pieces of a text."""

    comments: list[tree.Comment] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)


def readable(source: Source, problems: Problems) -> str | None:
    """Return the text with what it may not hold reported and blanked, or None if it is too large.

    A byte-order mark at the start is blanked and not reported.
    """
    text = source.text
    size = len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
    if size > LARGEST:
        problems.report(
            "too-large",
            f"the file has {size:,} bytes; {LARGEST:,} are allowed",
            Span(source, 0, 0),
            help="divide it: the files of a folder are one library",
        )
        return None
    if text.startswith("\ufeff"):
        text = " " + text[1:]
    if _FORBIDDEN.search(text) is None:
        return text
    for number, found in enumerate(_FORBIDDEN.finditer(text)):
        if number == _FEW:
            break
        _forbidden(found[0], Span(source, found.start(), found.end()), problems)
    return _FORBIDDEN.sub(" ", text)


def _forbidden(c: str, span: Span, problems: Problems) -> None:
    name = f"U+{ord(c):04X}"
    if re.match(f"[{_BIDIRECTIONAL}]", c):
        problems.report(
            "bidirectional",
            f"the character {name} makes text look other than it reads",
            span,
            label=unicodedata.name(c, "").lower(),
            help="delete it; nothing needs it, comments and texts included",
        )
    else:
        kind = {"\r": "a return without a line feed", "\ufeff": "a byte-order mark in the middle"}
        what = kind.get(c) or ("half a character" if 0xD800 <= ord(c) < 0xE000 else "no text")  # noqa: PLR2004 - the surrogates
        problems.report(
            "control-character",
            f"the character {name} has no place in a rule file",
            span,
            label=what,
            help="delete it; blanks and line breaks are the only ones that text needs",
        )


def scan(source: Source, text: str, problems: Problems) -> Marks:
    """Find comments and items; report more comments than a file may have, and find no more."""
    marks = Marks()
    open_brackets: list[str] = []
    over = 0
    piece = Piece(0, len(text))
    for mark in _MARK.finditer(text):
        kind, at = mark.lastgroup, mark.start()
        if kind == "comment":
            marks.comments.append(_comment(source, text, at, mark.end()))
            if len(marks.comments) > COMMENTS:
                problems.report(
                    "too-large",
                    f"a file has at most {COMMENTS:,} comments",
                    marks.comments[-1].span,
                    help="divide it: the files of a folder are one library",
                )
                return marks
        elif kind == "open":
            if len(open_brackets) < DEEPEST:
                open_brackets.append(mark[0])
            else:
                over += 1
                piece.too_deep = piece.too_deep or at
        elif kind == "close":
            if over:
                over -= 1
            elif mark[0] == "}":
                closed = "{" in open_brackets
                while open_brackets and open_brackets.pop() != "{":
                    pass
                if closed and not open_brackets:
                    piece = _cut(marks, piece, text, mark.end())
            elif open_brackets and open_brackets[-1] == "(":
                open_brackets.pop()
        elif kind == "item" or (kind == "perhaps" and not open_brackets):
            open_brackets.clear()
            over = 0
            piece = _cut(marks, piece, text, at)
    _cut(marks, piece, text, len(text))
    return marks


def _cut(marks: Marks, piece: Piece, text: str, end: int) -> Piece:
    """End a piece, keep it if anything stands in it, and begin the next."""
    blank = _BLANK.match(text, piece.start, end)
    piece.start = blank.end() if blank else piece.start
    piece.end = end
    if piece.start < end:
        marks.pieces.append(piece)
    return Piece(end, len(text))


def _comment(source: Source, text: str, start: int, end: int) -> tree.Comment:
    line = text.rfind("\n", 0, start) + 1
    words = text[start:end].rstrip()
    own_line = not text[line:start].strip()
    return tree.Comment(Span(source, start, start + len(words)), words, own_line)


def _words(text: str) -> Iterator[tuple[int, str]]:
    for found in re.finditer(r"[^\W\d_]+", text):
        yield found.start(), found[0]


def mixed(source: Source, text: str, comments: list[tree.Comment], problems: Problems) -> None:
    """Warn of words made of letters of two alphabets, in names and texts alike."""
    if text.isascii():
        return
    commented = [c.span.start for c in comments]
    warned = 0
    for start, word in _words(text):
        if not word.isascii() and len(found := alphabets(word)) > 1:
            before = bisect_right(commented, start) - 1
            if before >= 0 and start < comments[before].span.end:
                continue
            problems.warn(
                "mixed-script",
                f"`{clip(word)}` has letters of two alphabets",
                Span(source, start, start + len(word)),
                label=" and ".join(a.capitalize() for a in found),
                help="letters that look alike are not the same word; type it anew",
            )
            warned += 1
            if warned == _FEW:
                return
