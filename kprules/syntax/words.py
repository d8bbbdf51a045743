"""The language's own words, and how an error names what may stand in a place.

Guarantee: every word that the grammar knows is here, and what a reader is told to expect is said
in words. A line in here touches words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

HEADERS = (
    "about", "outcome", "proposer", "status", "since", "until", "same_as", "source", "note",
)  # fmt: skip
"""The keywords of a definition's header, in the order in which people write them."""

AMENDMENTS = ("replace", "remove", "widen", "narrow", "extend")

STATUSES = (
    "in_force", "adopted", "proposed", "blocked", "lapsed", "superseded", "descriptive",
)  # fmt: skip

OUTCOMES = ("captured", "not_captured", "undetermined")
"""What an expectation may state."""

BODY = (*HEADERS, "captures", "except", *AMENDMENTS, "expect")
"""What a part of a definition may begin with."""

ITEMS = ("definition", "term", "set")
"""What an item of a file may begin with."""

RESERVED = frozenset(
    (
        *ITEMS, *BODY, "amends", "when", "with", "under", "view", "standard", "reading",
        "all", "any", "none", "of", "some", "every", "no", "at", "least", "more", "than",
        "in", "where", "has", "and", "or", "not", "is", "known", "unknown", "between",
        "includes", "overlaps", "true", "false",
    )
)  # fmt: skip
"""No label, variable, term or set bears one of these; fields and values may."""

OPERATORS = frozenset(
    {"is", "in", "not", "between", "includes", "overlaps", "<", ">", "<=", ">=", "=", "=="}
)
"""What stands behind the field that a comparison is about."""

_SIGNS: Mapping[str, str] = {
    "LBRACE": "{", "RBRACE": "}", "LPAR": "(", "RPAR": ")", "COLON": ":", "COMMA": ",",
    "EQUAL": "=", "SLASH": "/", "LESS": "<", "UP_TO": "<=", "MORE_THAN": ">", "FROM": ">=",
}  # fmt: skip

_NAMED: Mapping[str, str] = {
    "LABEL": "a label",
    "FIELD": "a field",
    "VALUE": "a value",
    "LIST": "a list",
    "PERIOD": "a period",
    "SET_NAME": "the name of a set",
    "READ_LABEL": "the label of a reading",
    "READ_AS": "the name of a reading",
    "VARIABLE": "a variable",
    "RECORD": "the name of a record",
    "TERM_NAME": "the term's name",
    "NEW_SET": "the set's name",
    "ID": "an id such as `kpcs-core-2002`",
    "KIND": "`case` or `meeting`",
    "STATUS_WORD": "a status such as `proposed`",
    "EXPECTED": "`captured`, `not_captured` or `undetermined`",
    "PARTY": "a party",
    "EVIDENCE": "`established` or `alleged`",
    "KEY": "a key of the bibliography",
    "STRING": "text in double quotes",
    "URL": "a link in `<…>`",
    "DATE": "a date such as `2003-01-01`",
    "NUMBER": "a number",
}


_NEAR = 0.65
"""How like a keyword a word must be to be taken for it."""


def nearest(word: str, keywords: Iterable[str]) -> str:
    """Return the keyword that a word is a misspelling of, if it is one."""
    near = get_close_matches(word[:40], list(keywords), n=1, cutoff=_NEAR)
    return near[0] if near else ""


def likely_item(word: str) -> bool:
    """Whether a word is meant to begin an item."""
    return word in ITEMS or bool(nearest(word, ITEMS))


def terminal(word: str) -> str:
    """Return the grammar's name of a word: `same_as` is `SAME_AS`."""
    return word.upper()


def _terminals(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(terminal, words))


_OPERAND = frozenset({"VALUE", "STRING", "NUMBER", "DATE", "TRUE", "FALSE"})
_CONDITION = frozenset(
    {"FIELD", "NOT", "TRUE", "FALSE", "ALL", "ANY", "NONE", "READING", "LPAR", "SOME", "EVERY"}
    | {"NO", "AT", "MORE"}
)
_COMPARISON = frozenset(
    {"IS", "IN", "NOT", "BETWEEN", "INCLUDES", "OVERLAPS", "LESS", "UP_TO", "MORE_THAN", "FROM"}
)
_AFTER_FIELD = _COMPARISON | {"LPAR"}
"""A term is applied so seldom that its parenthesis would only puzzle."""

_TOGETHER: tuple[tuple[frozenset[str], str], ...] = (
    (_CONDITION, "a condition"),
    (_OPERAND | {"KNOWN", "UNKNOWN", "NOT"}, "a value, `not`, `known` or `unknown`"),
    (_OPERAND | {"KNOWN", "UNKNOWN"}, "a value, `known` or `unknown`"),
    (_OPERAND | {"ANY", "ALL", "NONE"}, "a value, or `any of`, `all of` or `none of`"),
    (_OPERAND, "a value"),
    (_AFTER_FIELD, "a comparison such as `is` or `includes`"),
    (_COMPARISON, "a comparison such as `is` or `includes`"),
    (_terminals(HEADERS), "a header such as `status` or `source`"),
    (_terminals(AMENDMENTS), "an amendment such as `widen` or `remove`"),
    (frozenset({"DATE", "NUMBER", "STRING"}), "a date such as `2003-01-01`"),
    (frozenset({"SOME", "EVERY", "NO", "AT", "MORE"}), "a quantifier such as `some`"),
)
"""Terminals that are one thing to a reader; the first that fits whole takes its terminals away."""


def expected(terminals: Iterable[str]) -> list[str]:
    """Say in words what may stand in a place, likeliest first."""
    left = set(terminals)
    said = []
    for together, words in _TOGETHER:
        if together <= left:
            said.append(words)
            left -= together
    if "$END" in left:
        left.discard("$END")
        said.append("nothing more")
    said += [_NAMED[t] for t in _NAMED if t in left]
    said += sorted(f"`{word_of(t)}`" for t in left if t not in _NAMED and t not in _SIGNS)
    said += [f"`{_SIGNS[t]}`" for t in _SIGNS if t in left]
    return said


def word_of(name: str) -> str:
    """Return what stands in the text for a keyword or sign of the grammar."""
    return _SIGNS.get(name) or name.lower()


def listing(words: Iterable[str]) -> str:
    """Join words as one says them: `a`, `b` or `c`."""
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


def clip(text: str, length: int = 40) -> str:
    """Return the text, shortened where it is long, for a message."""
    return text if len(text) <= length else text[: length - 1] + "…"
