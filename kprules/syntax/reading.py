"""One item read from its text, to the end, whatever mistakes are in it.

Guarantee: never raises; a mistake is reported where it stands, and reading goes on at the next
clause, part or closing brace, so that one mistake does not look like many. A line in here touches
the parser's stacks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from lark import Lark, Token
from lark.exceptions import UnexpectedInput, UnexpectedToken
from lark.parsers.lalr_interactive_parser import InteractiveParser
from lark.parsers.lalr_parser_state import ParserState

from kprules.syntax import tree
from kprules.syntax.build_items import BuildItems
from kprules.syntax.limits import LONGEST
from kprules.syntax.mistakes import Mistake, report
from kprules.syntax.patterns import COMMENT, TEXT, WORD
from kprules.syntax.resume import Brace, next_start
from kprules.syntax.words import OPERATORS, OUTCOMES, RESERVED, nearest, terminal

_TALLEST = 1000
"""Symbols that an item of bearable depth may leave waiting; more, and it is too deep."""

_MOST = 50
"""Mistakes in one item after which it is left alone."""

NOT_READ = "not-read"
"""The id of a definition whose head could not be read."""

_WORD = re.compile(WORD)
_CHUNK = re.compile(
    rf"""
      "[^"\n]*+"?
    | {WORD}
    | [0-9][\w.-]*
    | [!=<>]{{2}} | && | \|\|
    | .
    """,
    re.VERBOSE | re.DOTALL,
)
_CLAUSE = re.compile(rf'{WORD}\s*+(?:{TEXT}"\s*+)?:')
_HEAD = re.compile(rf'(?:[^{{"#]|{COMMENT}|{TEXT}"?)*+(?=\{{)')


def read(parser: Lark, builder: BuildItems, text: str) -> tree.Item | None:
    """Return the item that a text holds, or None where that could not be made out.

    Where `builder.broken` is set, it is what is left of the item without the mistakes in it.
    """
    at_start = parser.parse_interactive(text)
    reading = _Reading(builder, text, at_start, at_start.lexer_thread)
    item = reading.run()
    builder.taken += reading.taken
    return item


class _TooMuchError(Exception):
    """More is waiting to be closed, or there is more of it, than any sensible item has."""


@dataclass(slots=True)
class _Reading:
    """The reading of one item: its text and the parser's state."""

    builder: BuildItems
    text: str
    parser: InteractiveParser
    lexer: Any
    """Lark's lexer at its place in the text; Lark types none of it."""
    last: Any = None
    """The last token that the parser took."""
    before_last: list[int] = field(default_factory=list)
    """The states before it took that."""
    before: list[int] = field(default_factory=list)
    """The states before the token that it is taking."""
    taken: int = 0
    """How many tokens it took."""
    floor: int = 0
    """Reading never goes back behind here."""

    def run(self) -> tree.Item | None:
        """Read to the end; return the item, if what was read has the form of one."""
        for _ in range(_MOST):
            try:
                return self.advance()
            except UnexpectedInput as error:
                self.builder.broken = True
                if not self.recover(error):
                    return None
            except _TooMuchError:
                at = self.builder.base + self.last.start_pos
                if self.taken > LONGEST:
                    what = f"a definition, term or set has at most {LONGEST:,} words and signs"
                    self.builder.too_long(at, what)
                else:
                    self.builder.too_deep(at)
                return None
        return None

    def advance(self) -> tree.Item | None:
        """Take tokens until the text ends or one does not fit."""
        state = self.parser.parser_state
        states = state.state_stack
        for token in self.lexer.lex(state):
            self.taken += 1
            # Lark undoes no reduction when a token does not fit: this is what it then expected.
            self.before = states[:]
            state.feed_token(token)
            self.before_last, self.last = self.before, token
            if len(states) > _TALLEST or self.taken > LONGEST:
                raise _TooMuchError
        size = len(self.text.rstrip())
        self.before = states[:]
        end = Token("$END", "", start_pos=size, end_pos=size)
        item: tree.Item = state.feed_token(end, is_end=True)
        return item

    # --- what is wrong --------------------------------------------------------------------------

    def recover(self, error: UnexpectedInput) -> bool:
        """Report the mistake and set the parser up to go on, if that is possible."""
        mistake = self.mistake(error)
        at = mistake.start
        if self.corrected(mistake):
            return True
        report(mistake, self.builder)
        return self.resume(at, whole=not mistake.then) if mistake.found else self.end()

    def mistake(self, error: UnexpectedInput) -> Mistake:
        """Find the word that is at fault: what does not fit, or the one before it."""
        states = self.parser.parser_state.state_stack
        if self.before is not self.before_last:
            states = self.before
        if isinstance(error, UnexpectedToken) and error.token.type == "$END":
            return self.made("", len(self.text.rstrip()), states)
        place: Any = error
        start = error.token.start_pos if isinstance(error, UnexpectedToken) else place.pos_in_stream
        chunk = _CHUNK.match(self.text, start)
        found = chunk[0] if chunk else ""
        last = self.last
        if last is not None and last.type == "EXPECTED" and last not in OUTCOMES:
            return self.made(str(last), last.start_pos, self.before_last, found)
        if last is not None and _WORD.match(last) and last.start_pos >= self.floor:
            clause = _CLAUSE.match(self.text, last.start_pos)
            if clause is not None and last.type != "LABEL" and found[0] in (":", '"'):
                # `a: x is  b: y`: the label of the next clause was taken for a value.
                return self.made(str(last), last.start_pos, self.before_last, found)
            if last.type == "LABEL" and clause is None:
                return self.unlabelled(found, start, states)
        return self.made(found, start, states)

    def unlabelled(self, found: str, start: int, states: list[int]) -> Mistake:
        """Find out what a word is that was read as a label and has no colon."""
        as_label = self.made(str(self.last), self.last.start_pos, self.before_last, found)
        if found in OPERATORS:
            return as_label
        as_label.expected -= {"LABEL"}
        if "IS" in as_label.expected or self.keyword(as_label):
            return as_label
        return self.made(found, start, states)

    def made(self, found: str, start: int, states: list[int], then: str = "") -> Mistake:
        """Put together what is known of a mistake."""
        openings: list[int] = []
        for each in self.parser.parser_state.value_stack:
            if _is_brace(each):
                openings.append(each.start_pos)
            elif isinstance(each, Token) and each.type == "RBRACE":
                openings.pop()
        return Mistake(
            found=found,
            start=start,
            expected=self.accepts(states),
            after=self.previous(start),
            then=then,
            openings=openings,
            text=self.text,
        )

    def previous(self, start: int) -> str:
        """Return the token before a place, if it is the last or nothing is known."""
        if self.last is not None and self.last.start_pos < start:
            return str(self.last)
        return ""

    def accepts(self, states: list[int]) -> frozenset[str]:
        """Return the terminals that may follow."""
        state = self.parser.parser_state
        there = ParserState(state.parse_conf, state.lexer, states[:], [None] * (len(states) - 1))
        cursor: Any = InteractiveParser(self.parser.parser, there, self.lexer)
        return frozenset(cursor.accepts())

    # --- how to go on ---------------------------------------------------------------------------

    def corrected(self, mistake: Mistake) -> bool:
        """Take a misspelt keyword for what it is meant to be, say so, and go on behind it."""
        keyword = self.keyword(mistake)
        if not keyword:
            return False
        mistake.meant = keyword
        report(mistake, self.builder)
        end = mistake.start + len(mistake.found)
        token = Token(terminal(keyword), keyword, start_pos=mistake.start, end_pos=end)
        if not mistake.then:
            self.before = self.before_last = []
            try:
                self.parser.parser_state.feed_token(token)
            except UnexpectedInput:
                return self.resume(end)
            self.go_to(end)
            return True
        return self.resume(mistake.start)

    def keyword(self, mistake: Mistake) -> str:
        """Return the keyword that a word is a misspelling of, if it is one."""
        word = mistake.found
        if not _WORD.fullmatch(word) or word in RESERVED or mistake.then.startswith((":", '"')):
            return ""
        return nearest(word, sorted(RESERVED.intersection(map(str.lower, mistake.expected))))

    def resume(self, at: int, *, whole: bool = False) -> bool:
        """Go on where a clause, a part or a closing brace is next, if there is one.

        `whole`: what was read before the mistake may be right as far as it goes.
        """
        state = self.parser.parser_state
        braces = [
            Brace(i, self.accepts(state.state_stack[: i + 2]))
            for i, value in enumerate(state.value_stack)
            if _is_brace(value)
        ]
        if not braces:
            return self.resume_at_body(at)
        found = next_start(self.text, max(at, self.floor), braces)
        if found is None:
            return False
        brace, position = found
        if whole:
            self.close(brace.index)
        if not (whole and brace.accepts <= self.accepts(state.state_stack)):
            self.cut(brace.index, brace.accepts)
        self.floor = position + 1
        self.go_to(position)
        return True

    def end(self) -> bool:
        """Close what is open where the text ends, so that what was read has a form."""
        self.close(-1)
        self.go_to(len(self.text))
        return "$END" in self.accepts(self.parser.parser_state.state_stack)

    def close(self, outer: int) -> None:
        """Close the braces within an outer one: what was read in them is whole."""
        state = self.parser.parser_state
        at = self.last.end_pos if self.last is not None else self.floor
        inner = [i for i, value in enumerate(state.value_stack) if i > outer and _is_brace(value)]
        for index in reversed(inner):
            if index >= len(state.value_stack) or not _is_brace(state.value_stack[index]):
                continue  # closed before, and reduced since
            if "RBRACE" not in self.accepts(state.state_stack):
                self.cut(index, self.accepts(state.state_stack[: index + 2]))
            if "RBRACE" not in self.accepts(state.state_stack):
                return
            state.feed_token(Token("RBRACE", "}", start_pos=at, end_pos=at))

    def cut(self, index: int, accepts: frozenset[str]) -> None:
        """Drop what was read since a brace, save what is whole and may be followed by as much."""
        state = self.parser.parser_state
        whole = self.accepts(state.state_stack[: index + 3]) == accepts
        del state.state_stack[index + 2 + whole :]
        del state.value_stack[index + 1 + whole :]

    def resume_at_body(self, at: int) -> bool:
        """Go on at the opening brace of a definition whose head could not be read."""
        body = _HEAD.match(self.text, at)
        first = _WORD.match(self.text)
        if body is None or first is None or first[0] != "definition" or self.floor:
            return False
        self.floor = body.end()
        state = self.parser.parser_state
        del state.state_stack[1:]
        state.value_stack.clear()
        for name, word in (("DEFINITION", "definition"), ("ID", NOT_READ)):
            state.feed_token(Token(name, word, start_pos=0, end_pos=len(word)))
        self.go_to(body.end())
        return True

    def go_to(self, position: int) -> None:
        """Let the next token be the one that begins here."""
        self.lexer.state.line_ctr.char_pos = position
        self.last = None
        self.before = self.before_last = []


def _is_brace(value: object) -> bool:
    return isinstance(value, Token) and value.type == "LBRACE"
