"""Where reading goes on after a mistake.

Guarantee: only places that cannot be anything else: the label of a clause with its colon, the first
words of a part of a definition, a closing brace. A line in here touches words and braces.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from kprules.syntax.patterns import COMMENT, TEXT, WORD
from kprules.syntax.words import BODY, terminal

_STEP = re.compile(
    rf"""
      {COMMENT}
    | {TEXT}"?
    | (?P<open>\{{)
    | (?P<close>\}})
    | (?<![\w.-])(?P<word>{WORD})(?P<clause>(?=\s*+(?:{TEXT}"\s*+)?:))?
    """,
    re.VERBOSE,
)
_PART = re.compile(
    r"""(?: (?:captures|except)\s+when\b
          | expect\s+[^\W\d]
          | (?:widen|narrow|extend)\s+[\w-]+\s+with\b
          | replace\s+[\w-]+\s+(?:with\b|")
          | remove\s+[\w-]+\s*$
          | (?:outcome|proposer|note)\s*"
          | source\s*["\w]
          | (?:since|until)\s+[0-9]
          | (?:about|status|same_as)\s+[\w-]+\s*$
        )""",
    re.VERBOSE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Brace:
    """A brace that is open: its place on the parser's stack, and what may follow it."""

    index: int
    accepts: frozenset[str]


def next_start(text: str, position: int, braces: list[Brace]) -> tuple[Brace, int] | None:
    """Return the next place where reading can go on, and the open brace that it stands in."""
    waiting = list(braces)
    inside = 0
    for step in _STEP.finditer(text, position):
        match step.lastgroup:
            case "open":
                inside += 1
            case "close" if inside:
                inside -= 1
            case "close":
                brace = waiting.pop()
                if "RBRACE" in brace.accepts:
                    return brace, step.start()
                if not waiting:
                    return None
            case "word" | "clause":
                found = _in_word(step, text, waiting, inside)
                if found is not None:
                    return found, step.start()
            case _:
                pass
    return None


def _in_word(step: re.Match[str], text: str, waiting: list[Brace], inside: int) -> Brace | None:
    """Return the open brace in which a word begins a clause or a part."""
    word, outermost = step["word"], waiting[0]
    if word in BODY and terminal(word) in outermost.accepts:
        first = text.rfind("\n", 0, step.start()) + 1
        alone = not text[first : step.start()].strip()
        if alone and ((len(waiting) == 1 and not inside) or _PART.match(text, step.start())):
            return outermost
    if step["clause"] is not None and not inside:
        # A set of values that was never closed holds no clauses: what does is around it.
        return next((b for b in reversed(waiting) if "LABEL" in b.accepts), None)
    return None
