"""What does not fit, said so that its author can put it right.

Guarantee: says exactly what might have stood there, and what to write where that can be guessed. A
line in here touches the words of one message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from kprules.diagnostics import Problems
from kprules.source import Source, Span
from kprules.syntax.braces import unclosed
from kprules.syntax.words import BODY, HEADERS, ITEMS, RESERVED, clip, expected, listing, terminal

_QUOTES = "“”„‟«»‹›‘’‚'`"  # noqa: RUF001 - they are what is looked for
_DATE = re.compile(r"[0-9]{2,}-[\w-]*")
_WORD = re.compile(r"[^\W\d][\w-]*")

_INSTEAD = {
    "IS": {
        "=": "is",
        "==": "is",
        "!=": "is not",
        "<>": "is not",
        "≠": "is not",
        "=>": ">=",
        "=<": "<=",
        "≤": "<=",
        "≥": ">=",
    },
    "AND": {"&": "and", "&&": "and", "|": "or", "||": "or"},
    "FIELD": {"!": "not"},
}
"""What other languages write where a keyword is expected."""


@dataclass(slots=True)
class Mistake:
    """A word that does not fit, and what is known of its place."""

    found: str
    """The word or sign; empty at the end of the text."""
    start: int
    expected: frozenset[str]
    """The terminals that fit."""
    after: str
    """The word before."""
    then: str
    """The word behind, where that is what showed the mistake."""
    openings: list[int]
    """Where the braces stand that are open, innermost last."""
    text: str
    meant: str = ""
    """The keyword that it is a misspelling of."""


class Place(Protocol):
    """What a report needs to know of the file."""

    source: Source
    problems: Problems
    base: int


def report(mistake: Mistake, place: Place) -> None:
    """Report a mistake."""
    found, start = mistake.found, mistake.start
    span = Span(place.source, place.base + start, place.base + start + max(1, len(found)))
    say = place.problems.report
    if not found or _begins_elsewhere(mistake):
        _report_end(mistake, span, place)
    elif mistake.meant:
        code = "unknown-header" if mistake.meant in HEADERS else "syntax"
        say(
            code,
            f"`{clip(found)}` is no word of the language",
            span,
            help=f"did you mean `{mistake.meant}`?",
        )
    elif found in RESERVED and (mistake.then[:1] == ":" or "LABEL" in mistake.expected):
        say(
            "reserved-word",
            f"`{found}` is a word of the language and cannot be a label",
            span,
            label="reserved",
            help=f"take another name, such as `{found}_here`",
        )
    elif _DATE.fullmatch(found) and "DATE" in mistake.expected:
        say(
            "bad-date",
            f"`{clip(found)}` is no date: a date is written year-month-day, in digits",
            span,
            help="write it as `2003-01-31`",
        )
    elif terminal("status") in mistake.expected and _WORD.fullmatch(found) and found not in ITEMS:
        say(
            "unknown-header",
            f"no part of a definition begins with `{clip(found)}`",
            span,
            label="not expected here",
            help=f"a part begins with {listing(f'`{w}`' for w in BODY)}",
        )
    else:
        say(
            "syntax",
            f"expected {_listed(mistake)}, found {_shown(found)}",
            span,
            label="not expected here",
            help=_help(mistake),
        )


def _begins_elsewhere(mistake: Mistake) -> bool:
    """Whether a part of a definition begins where a brace within it is still open."""
    inside = len(mistake.openings) > 1 and terminal(mistake.found) not in mistake.expected
    return inside and mistake.found in BODY and not mistake.then.startswith((":", '"'))


def _report_end(mistake: Mistake, span: Span, place: Place) -> None:
    """Report a text, or a part of a definition, that ends too early."""
    if not mistake.found:
        span = Span(place.source, max(0, span.start - 1), span.start)
    if not mistake.openings:
        place.problems.report(
            "syntax", f"expected {_listed(mistake)}, found the end", span, label="ends here"
        )
        return
    at = place.base + unclosed(mistake.text, mistake.openings, mistake.start)
    place.problems.report(
        "syntax",
        "this `{` is never closed",
        Span(place.source, at, at + 1),
        label="opened here",
        also=((span, f"expected {_listed(mistake)}"),),
    )


def _listed(mistake: Mistake) -> str:
    return listing(expected(mistake.expected))


def _shown(found: str) -> str:
    if found.startswith('"'):
        return "a text" if found.endswith('"') and len(found) > 1 else "a quote that is not closed"
    return f"`{clip(found)}`"


def _help(mistake: Mistake) -> str:
    """Say what to write instead, where that can be guessed."""
    found, wanted = mistake.found, mistake.expected
    if found.startswith('"') and not (found.endswith('"') and len(found) > 1):
        return 'a text ends on the line that it begins on; inside it a quote is written `\\"`'
    if found[0] in _QUOTES:
        return 'a text stands in straight double quotes: "…"'
    for keyword, instead in _INSTEAD.items():
        if keyword in wanted and found in instead:
            return f"write `{instead[found]}`"
    if found == "%":
        return "write a share as two whole numbers, such as `2/3`"
    if found == "{" and "OF" in wanted:
        return f"write `{mistake.after} of {{…}}`"
    if "DEFINITION" in wanted and found in BODY:
        return "it belongs between the braces of a definition: is there a `}` too many above?"
    if found == ";":
        return "nothing ends a line: delete it"
    if found == "{" and "VALUE" in wanted and mistake.after in ("is", "not"):
        return "to ask for one of several values, write `in {…}`"
    if found == "[":
        return "sets stand in braces: `{…}`"
    if found[0] == "." and mistake.after:
        return "a field stands behind the dot"
    if mistake.after == "is" and found in ("not", "known", "unknown"):
        return "`known` and `unknown` are no values: ask `is known`"
    if wanted == {"STRING", "COLON"} and _WORD.fullmatch(mistake.after):
        return f"`{mistake.after}` is read as the label of a clause, and a colon ends a label"
    if "STRING" in wanted and "VALUE" not in wanted and _WORD.match(found):
        return "put the words in double quotes"
    if "LABEL" in wanted and _WORD.match(found):
        return f"a clause begins with its label and a colon: `a_label: {clip(found)} …`"
    if mistake.then[:1] == ":":
        return f"`{clip(found)}:` begins the next clause; this one is not complete"
    return ""
