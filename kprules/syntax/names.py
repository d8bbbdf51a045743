"""How names are made: `snake_case`, ids with a hyphen, country codes; letters that look alike.

Guarantee: a name that is not well made is reported once, with what to write instead. A line in
here touches one word at a time.
"""

from __future__ import annotations

import re
import unicodedata

from kprules.diagnostics import Problems
from kprules.source import Span
from kprules.syntax.words import RESERVED, clip

_SNAKE = re.compile(r"[a-z][a-z0-9_]*")
_KEBAB = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
_KEY = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")
_LONGEST = 60
"""Names longer than this are shortened in messages and have nothing proposed in their stead."""

_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "GEORGIAN", "COPTIC", "CHEROKEE"})
"""Alphabets with letters that pass for one another's."""


def alphabets(word: str) -> list[str]:
    """Return the alphabets of a word's letters, of those that are easily confused."""
    found = {unicodedata.name(c, "").split(" ")[0] for c in set(word) if c.isalpha()}
    return sorted(found & _ALPHABETS)


def check_snake(text: str, span: Span, what: str, problems: Problems) -> None:
    """Report a name that is not `snake_case`."""
    if not _SNAKE.fullmatch(text):
        _misnamed(text, span, f"{what} is written in `snake_case`", _snake(text), problems)


def check_id(text: str, span: Span, problems: Problems) -> None:
    """Report an id that is not `kebab-case` with a hyphen."""
    if not _KEBAB.fullmatch(text):
        proposal = _snake(text).replace("_", "-")
        if not _KEBAB.fullmatch(proposal):
            proposal = f"{proposal}-2003" if proposal else ""
        rule = "an id is written in `kebab-case`, with at least one hyphen"
        _misnamed(text, span, rule, proposal, problems)


def check_key(text: str, span: Span, problems: Problems) -> None:
    """Report a key of the bibliography that has more in it than letters, digits and hyphens."""
    if not _KEY.fullmatch(text):
        proposal = text.strip("_-").replace("_", "-")
        rule = "a key is made of letters, digits and hyphens"
        _misnamed(text, span, rule, proposal if _KEY.fullmatch(proposal) else "", problems)


def check_free(text: str, span: Span, what: str, problems: Problems) -> None:
    """Report a word of the language where the author names something."""
    if text in RESERVED:
        problems.report(
            "reserved-word",
            f"`{text}` is a word of the language and cannot be {what}",
            span,
            label="reserved",
            help=f"take another name, such as `{text}_here`",
        )


def _snake(text: str) -> str:
    """Return the name as it might be meant, or nothing."""
    if len(text) > _LONGEST:
        return ""
    apart = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", bare).replace("-", "_").lower().strip("_")
    return words if _SNAKE.fullmatch(words) else ""


def _misnamed(text: str, span: Span, rule: str, proposal: str, problems: Problems) -> None:
    strange = next((c for c in text if not c.isascii()), None)
    label = rule
    if strange is not None:
        label = f"the letter `{strange}` is {unicodedata.name(strange, 'no letter of ours')}"
        rule = "names are made of the letters a to z, digits, and `_` or `-`"
    problems.report(
        "bad-name",
        f"`{clip(text)}` is no name: {rule}",
        span,
        label=label if strange is not None else "",
        help=f"write `{proposal}`" if proposal and proposal != text else "",
    )
