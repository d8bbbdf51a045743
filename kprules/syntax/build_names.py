"""What the grammar recognises, made into the tree as written: places, names, texts and lists.

Guarantee: every node has the span of all its words; a name that is badly made is reported here. A
line in here touches one token.

`BuildForms` and `BuildItems` add the forms and the items. Their methods are the callbacks of the
grammar's rules and aliases: each takes what the rule matched, tokens included, in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from kprules.diagnostics import Problems
from kprules.source import Source, Span
from kprules.syntax import tree
from kprules.syntax.limits import DEEPEST
from kprules.syntax.names import check_free, check_id, check_snake

Matched: TypeAlias = list[Any]
"""What a rule matched: tokens (a `str` with `type`, `start_pos`, `end_pos`) and built nodes."""


@dataclass(slots=True)
class BuildNames:
    """The callbacks, with the file and the place in it that are being read."""

    source: Source = field(default_factory=lambda: Source("", ""))
    problems: Problems = field(default_factory=Problems)
    base: int = 0
    """Where in the source the text begins that the parser sees."""
    origin: str = ""
    """The definition or term that the clauses being read belong to."""
    taken: int = 0
    """How many words and signs of the file have been read."""
    broken: bool = False
    """Whether some of the item could not be read: then nothing is said of what it lacks."""

    def begin(self, base: int) -> None:
        """Turn to the next item, which begins here."""
        self.base, self.origin, self.broken = base, "", False

    def too_deep(self, at: int) -> None:
        """Report that nesting goes too far here (a place in the source)."""
        self.problems.report(
            "too-deep",
            f"forms stand in one another more than {DEEPEST} deep",
            Span(self.source, at, at + 1),
            label="too deep from here",
            help="name a part of it as a term, and use the term",
        )

    def too_long(self, at: int, what: str) -> None:
        """Report that a file or an item goes on for too long."""
        self.problems.report(
            "too-large",
            what,
            Span(self.source, at, at + 1),
            label="too many from here",
            help="divide it: the files of a folder are one library, and share terms and sets",
        )

    # --- places, names, texts -------------------------------------------------------------------

    def span(self, first: Any, last: Any) -> Span:
        """Return the span from the start of a token to the end of another."""
        return Span(self.source, first.start_pos + self.base, last.end_pos + self.base)

    def at(self, token: Any) -> Span:
        """Return the span of a token."""
        base = self.base
        return Span(self.source, token.start_pos + base, token.end_pos + base)

    def since(self, token: Any, node: tree.Written) -> Span:
        """Return the span from a token to the end of a node."""
        return Span(self.source, token.start_pos + self.base, node.span.end)

    def until(self, node: tree.Written, token: Any) -> Span:
        """Return the span from a node to the end of a token."""
        return Span(self.source, node.span.start, token.end_pos + self.base)

    def new_name(self, token: Any, what: str) -> tree.Name:
        """Return the name that the author gives to something: never a word of the language."""
        name = self.label(token, what)
        check_free(name.text, name.span, what, self.problems)
        return name

    def label(self, token: Any, what: str = "a label") -> tree.Name:
        """Return a name in `snake_case`."""
        span = self.at(token)
        check_snake(token, span, what, self.problems)
        return tree.Name(span, str(token))

    def id(self, token: Any) -> tree.Name:
        """Return the id of a definition or a case."""
        span = self.at(token)
        check_id(token, span, self.problems)
        return tree.Name(span, str(token))

    def known_id(self, token: Any) -> tree.Name:
        """Return the id of another definition: whether there is one is for checking."""
        return tree.Name(self.at(token), str(token))

    def path(self, token: Any, *, value: bool = False) -> tree.Path:
        """Return the dotted path that a token holds; a bare value may be spelt in any way.

        Whether a value is one is for checking, which knows the values; a letter that only looks
        like one of ours is told here.
        """
        whole = self.at(token)
        if "." not in token:
            if not value or not token.isascii():
                check_snake(token, whole, "a field", self.problems)
            return tree.Path(whole, (tree.Name(whole, str(token)),))
        parts = []
        start = whole.start
        pieces = token.split(".")
        if len(pieces) > DEEPEST:
            self.too_deep(start)
            del pieces[DEEPEST:]
        for piece in pieces:
            text = piece.strip()
            begin = start + len(piece) - len(piece.lstrip())
            span = Span(self.source, begin, begin + len(text))
            check_snake(text, span, "a field", self.problems)
            parts.append(tree.Name(span, text))
            start += len(piece) + 1
        return tree.Path(whole, tuple(parts))

    def words(self, token: Any) -> tree.Text:
        """Return a string, its escapes undone."""
        span = self.at(token)
        inner = token[1:-1]
        if "\\" in inner:
            inner = self.unescaped(inner, span)
        return tree.Text(span, str(inner))

    def unescaped(self, inner: str, span: Span) -> str:
        """Undo the two escapes that there are: of a quote and of a backslash."""
        out = []
        wrong = False
        pieces = iter(enumerate(inner))
        for i, c in pieces:
            if c != "\\":
                out.append(c)
                continue
            _, escaped = next(pieces)
            if escaped not in '"\\' and not wrong:
                wrong = True
                self.problems.report(
                    "syntax",
                    f'`\\{escaped}` stands for nothing: a text knows `\\"` and `\\\\` only',
                    Span(self.source, span.start + 1 + i, span.start + 3 + i),
                    help="write `\\\\` for a backslash",
                )
            out.append(escaped)
        return "".join(out)

    # --- lists ----------------------------------------------------------------------------------

    def none_yet(self, _: Matched) -> Matched:
        """Begin an empty list."""
        return []

    def one(self, c: Matched) -> Matched:
        """Begin a list."""
        return c

    def two(self, c: Matched) -> Matched:
        """Begin a list with what stands on both sides of a word."""
        return [c[0], c[2]]

    def more(self, c: Matched) -> Matched:
        """Add to a list."""
        items: Matched = c[0]
        items.append(c[1])
        return items

    def more_after_comma(self, c: Matched) -> Matched:
        """Add to a list what follows a comma."""
        items: Matched = c[0]
        items.append(c[2])
        return items

    more_after_word = more_after_comma
