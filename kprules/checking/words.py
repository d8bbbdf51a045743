"""How problems speak of types, values and places in the text.

Guarantee: words only. A line in here touches types and strings; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import assert_never

from kprules.diagnostics import nearest
from kprules.records.shape import ListOf, Nested, Period, Reference, Scalar, SetOf, Type

_FEW = 8


def a(noun: str) -> str:
    """Put the article before a noun."""
    return f"{'an' if noun[:1] in 'aeio' else 'a'} {noun}"


def plural(noun: str) -> str:
    """Return the plural of a record's name."""
    if noun.endswith("y") and noun[-2:-1] not in set("aeiou"):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def kind_of(type_: Type) -> str:
    """Say what a fact of a type is."""
    match type_:
        case Scalar("bool"):
            return "true or false"
        case Scalar("enum", name=name):
            return a(name) if name else "a word from a fixed list"
        case Scalar(kind):
            return a(kind)
        case SetOf(member):
            return f"a set of {plural(member.name)}" if member.name else "a set"
        case Reference(record):
            return f"a reference to {a(record)}"
        case ListOf(record):
            return f"a list, its entries of the kind `{record}`"
        case Nested(record):
            return f"a record (`{record}`)"
        case Period():
            return "a period"
        case _:
            assert_never(type_)


def one_of(words: Collection[str]) -> str:
    """List words of which one is meant; the first few where there are many."""
    shown = [f"`{w}`" for w in list(words)[:_FEW]]
    if len(words) > _FEW:
        return ", ".join(shown) + ", …"
    return " or ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))


def help_for(word: str, known: Iterable[str], *, otherwise: str = "") -> str:
    """Name the nearest known word, or say the other thing."""
    near = nearest(word, known)
    return f"did you mean `{near}`?" if near else otherwise


def short(text: str, width: int = 60) -> str:
    """Return a stretch of source on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"
