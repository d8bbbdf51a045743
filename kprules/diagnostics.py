"""Problems as values.

Guarantee: a problem carries a stable code, its place, what is wrong and what to do; making one
raises nothing and writes nothing. A line in here touches strings and spans.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final, Literal

from kprules.source import Span

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake: `code` in words, `message` without a full stop, the help apart from it."""

    code: str
    message: str
    span: Span | None = None
    label: str = ""
    help: str = ""
    severity: Severity = "error"
    also: tuple[tuple[Span, str], ...] = ()
    """Other places that bear on the problem, each with a word on how."""
    where: str = ""
    """The place in words, where there is no span: a file, a field, a column."""

    @property
    def is_error(self) -> bool:
        """Whether the problem stops an evaluation."""
        return self.severity == "error"


@dataclass(slots=True)
class Problems:
    """The problems met so far, in the order found, each once."""

    found: list[Problem] = field(default_factory=list)
    _known: set[Problem] = field(default_factory=set, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Know the problems that are handed over."""
        self._known.update(self.found)

    def report(
        self,
        code: str,
        message: str,
        span: Span | None = None,
        *,
        label: str = "",
        help: str = "",  # noqa: A002 - the word that the rendered message uses
        severity: Severity = "error",
        also: tuple[tuple[Span, str], ...] = (),
        where: str = "",
    ) -> None:
        """Add a problem, unless the very same one is known."""
        self.extend((Problem(code, message, span, label, help, severity, also, where),))

    def warn(
        self,
        code: str,
        message: str,
        span: Span | None = None,
        *,
        label: str = "",
        help: str = "",  # noqa: A002 - as above
        also: tuple[tuple[Span, str], ...] = (),
    ) -> None:
        """Add a warning."""
        self.report(code, message, span, label=label, help=help, severity="warning", also=also)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Add problems found elsewhere."""
        for problem in problems:
            if problem not in self._known:
                self._known.add(problem)
                self.found.append(problem)

    @property
    def errors(self) -> list[Problem]:
        """The problems that are errors."""
        return [p for p in self.found if p.is_error]


_LONGEST = 100
"""Letters beyond which a word is no slip of a known name (and the search for one would be slow)."""


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to a word, or None where none is near."""
    if len(word) > _LONGEST:
        return None
    names = sorted(set(known))
    near = get_close_matches(word, names, n=1, cutoff=0.6)
    if not near:
        folded = {n.replace("-", "").replace("_", "").lower(): n for n in names}
        key = word.replace("-", "").replace("_", "").lower()
        near = [folded[k] for k in get_close_matches(key, folded, n=1, cutoff=0.7)]
    return near[0] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``did you mean `x`?`` for the nearest known name, or nothing where none is near."""
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else ""


def plain(text: str) -> str:
    """Show control and bidirectional characters as escapes: text cannot act on a terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        c if c == "\n" or (c.isprintable() and unicodedata.category(c) != "Cf") else _escape(c)
        for c in text
    )


def _escape(c: str) -> str:
    code = ord(c)
    if code < 0x100:  # noqa: PLR2004 - two hexadecimal digits
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - four digits


WIDEST: Final = 200
"""Characters of a line that an excerpt shows, where nothing else is said."""


def render(problem: Problem, widest: int = WIDEST) -> str:
    """Return the problem as lines for a terminal: code, place, excerpt with underline, help.

    Of a line of the text no more than `widest` characters are shown, those around the place.
    """
    lines = [f"{problem.severity}[{problem.code}]: {plain(problem.message)}"]
    width = 1
    if problem.span is not None:
        spans = [(problem.span, problem.label), *problem.also]
        width = max(len(str(s.line)) for s, _ in spans)
        lines += _excerpt(problem.span, problem.label, width, "-->", widest)
        for span, label in problem.also:
            lines += _excerpt(span, label, width, ":::", widest)
    elif problem.where:
        lines.append(f" --> {plain(problem.where)}")
    if problem.help:
        gutter = " " * width if problem.span is not None else ""
        lines.append(f"{gutter} = help: {plain(problem.help)}")
    return "\n".join(lines)


def _excerpt(span: Span, label: str, width: int, arrow: str, widest: int) -> list[str]:
    line, column = span.line, span.column
    raw = span.source.line(line)
    first = max(0, min(column - 1 - widest // 2, len(raw) - widest))
    shown = raw[first : first + widest]
    here = column - 1 - first
    length = max(1, min(span.end - span.start, len(raw) - (column - 1), len(shown) - here))
    before = plain(shown[:here].replace("\t", " "))
    under = plain(shown[here : here + length].replace("\t", " "))
    after = plain(shown[here + length :].replace("\t", " "))
    marks = " " * cells(before) + "^" * max(1, cells(under))
    gap = " " * width
    return [
        f"{gap}{arrow} {plain(span.source.name)}:{line}:{column}",
        f"{gap} |",
        f"{line:>{width}} | {before}{under}{after}".rstrip(),
        f"{gap} | {marks}" + (f" {plain(label)}" if label else ""),
    ]


def cells(text: str) -> int:
    """Columns that a text takes on a terminal: wide letters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )
