"""Text for people: what a terminal shows of it, how wide it is, how it is cut, wrapped, coloured.

Guarantee: text from outside comes out of here as one line of plain characters, or is never given a
colour before that was done. A line in here touches strings; it prints nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from kprules.diagnostics import cells, plain
from kprules.evaluation.trace import Outcome, Value

Colour = Literal["red", "green", "yellow", "cyan"]
_CODES = {"red": 31, "green": 32, "yellow": 33, "cyan": 36}


def line(text: str) -> str:
    """Return text from outside as one line that cannot act on a terminal."""
    return plain(" ".join(text.split()))


def pad(text: str, width: int) -> str:
    """Fill a text up with blanks."""
    return text + " " * (width - cells(text))


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """Shorten a text to a width, at its end."""
    if cells(text) <= width:
        return text
    return _first(text, width - cells(ellipsis)).rstrip() + ellipsis


def squeeze(text: str, width: int, ellipsis: str = "…") -> str:
    """Shorten a text to a width in its middle: the ends of ids tell them apart."""
    if cells(text) <= width:
        return text
    room = max(0, width - cells(ellipsis))
    head = _first(text, room - room // 2)
    tail = _first(text[::-1], room // 2)[::-1]
    return head + ellipsis + tail


def _first(text: str, width: int) -> str:
    taken = 0
    for index, c in enumerate(text):
        taken += cells(c)
        if taken > width:
            return text[:index]
    return text


def wrap(text: str, width: int, first: str = "", rest: str | None = None) -> list[str]:
    """Break a text into lines of at most a width, with `first` and `rest` before them.

    A word wider than a line is broken where the line ends; a link stays whole.
    """
    rest = " " * cells(first) if rest is None else rest
    lines: list[str] = []
    lead, now = first, ""
    for word in text.split():
        while True:
            room = max(8, width - cells(lead))
            joined = f"{now} {word}" if now else word
            if cells(joined) <= room or (not now and word.startswith("<http")):
                now = joined
                break
            if now:
                lines.append(lead + now)
                lead, now = rest, ""
                continue
            piece = _first(word, room)
            lines.append(lead + piece)
            lead, word = rest, word[len(piece) :]  # noqa: PLW2901 - what is left of the word
    if now or not lines:
        lines.append((lead + now).rstrip())
    return lines


def columns(rows: Sequence[Sequence[str]], gap: str = "  ") -> list[str]:
    """Set rows of texts in columns, the last one as long as it is."""
    if not rows:
        return []
    widths = [max(cells(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        gap.join([*(pad(t, w) for t, w in zip(row[:-1], widths, strict=False)), row[-1]]).rstrip()
        for row in rows
    ]


def several(items: Iterable[str], last: str = "and") -> str:
    """List words: `a`, `a and b`, `a, b and c`."""
    words = list(items)
    if len(words) < 2:  # noqa: PLR2004 - one needs no joining
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Say how many: `1 case`, `2 cases`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


@dataclass(frozen=True, slots=True)
class Paper:
    """What a report is written on: how wide it is, whether it has colours, and which signs."""

    width: int = 80
    colour: bool = False
    unicode: bool = True

    def paint(self, text: str, colour: Colour | None = None, *, bold: bool = False) -> str:
        """Give a text a colour, where there are colours."""
        if not self.colour or not text.strip():
            return text
        codes = [1] if bold else []
        codes += [_CODES[colour]] if colour else []
        return f"\x1b[{';'.join(map(str, codes))}m{text}\x1b[0m" if codes else text

    def dim(self, text: str) -> str:
        """Let a text step back, where there are colours."""
        return f"\x1b[2m{text}\x1b[0m" if self.colour and text.strip() else text

    def outcome(self, outcome: Outcome, text: str | None = None) -> str:
        """Return the mark of an outcome, or a text in its colour."""
        shown = self.mark(outcome) if text is None else text
        match outcome:
            case Outcome.CAPTURED:
                return self.paint(shown, "red", bold=True)
            case Outcome.UNDETERMINED:
                return self.paint(shown, "yellow")
            case Outcome.NOT_CAPTURED:
                return self.dim(shown) if text is None else shown

    def mark(self, outcome: Outcome) -> str:
        """Return the mark of an outcome, which also reads without colour."""
        return _MARKS[self.unicode][outcome]

    def truth(self, value: Value) -> str:
        """Return the mark of a truth in an explanation."""
        mark = _TRUTHS[self.unicode][value]
        match value:
            case Value.TRUE:
                return self.paint(mark, "green")
            case Value.FALSE:
                return self.paint(mark, "red")
            case Value.UNKNOWN:
                return self.paint(mark, "yellow")

    @property
    def ellipsis(self) -> str:
        """The sign that something was cut."""
        return "…" if self.unicode else "~"

    @property
    def dot(self) -> str:
        """The sign between two things of a kind."""
        return "·" if self.unicode else "-"


_MARKS = {
    True: {Outcome.CAPTURED: "●", Outcome.NOT_CAPTURED: "·", Outcome.UNDETERMINED: "?"},
    False: {Outcome.CAPTURED: "#", Outcome.NOT_CAPTURED: ".", Outcome.UNDETERMINED: "?"},
}
_TRUTHS = {
    True: {Value.TRUE: "✓", Value.FALSE: "✗", Value.UNKNOWN: "?"},
    False: {Value.TRUE: "+", Value.FALSE: "-", Value.UNKNOWN: "?"},
}
SIGNS = "●·…✓✗"
"""What an encoding must be able to write for `Paper.unicode`."""


def outcome_words(outcome: Outcome, word: str) -> str:
    """Say an outcome in a definition's own word: `captured`, `not barred`, `undetermined`."""
    match outcome:
        case Outcome.CAPTURED:
            return word
        case Outcome.NOT_CAPTURED:
            return f"not {word}"
        case Outcome.UNDETERMINED:
            return "undetermined"


_SPECIAL = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>#|&~$!"})


def escape(text: str) -> str:
    """Return text from outside as Markdown that means nothing but itself."""
    return line(text).translate(_SPECIAL)
