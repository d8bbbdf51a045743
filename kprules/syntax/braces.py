"""Which brace was forgotten.

Guarantee: a guess from the indentation that people give what they write; no more than a place to
look at first. A line in here touches braces and the blanks before lines.
"""

from __future__ import annotations

import re

from kprules.syntax.patterns import COMMENT, TEXT

_STEP = re.compile(
    rf"""
      {COMMENT}
    | {TEXT}"?
    | (?P<open>\{{)
    | (?P<close>\}})
    """,
    re.VERBOSE,
)


def unclosed(text: str, openings: list[int], end: int) -> int:
    """Return the brace that is most likely the one without its other half.

    The brace of a definition is closed last, so one inside it is likelier; and one whose line
    stands further in than the line of the brace that closes it was closed by another's.
    """
    margin = _margin(text, end)
    blamed = next((at for at in openings[1:] if _margin(text, at) >= margin), openings[-1])
    waiting: list[int] = []
    for step in _STEP.finditer(text, openings[0], end):
        if step.lastgroup == "open":
            waiting.append(step.start())
        elif step.lastgroup == "close" and waiting:
            opened = waiting.pop()
            first = not text[text.rfind("\n", 0, step.start()) + 1 : step.start()].strip()
            if first and _margin(text, opened) > _margin(text, step.start()):
                return opened
    return blamed


def _margin(text: str, at: int) -> int:
    """Return how far in the line of a place begins."""
    begin = text.rfind("\n", 0, at) + 1
    line = text[begin : text.find("\n", begin) if "\n" in text[begin:] else len(text)]
    return len(line) - len(line.lstrip())
