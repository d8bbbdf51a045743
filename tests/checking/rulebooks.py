"""Texts checked in tests, against the shop's vocabulary and its meeting of makers."""

from __future__ import annotations

from collections.abc import Collection

from shop import SHOP

from kprules.checking import Rulebook, check
from kprules.diagnostics import Problem, Problems
from kprules.formula.definition import Definition
from kprules.formula.nodes import Form
from kprules.records.shape import (
    Field,
    ListOf,
    Nested,
    RecordShape,
    Scalar,
    Vocabulary,
)
from kprules.source import Source
from kprules.syntax.parser import parse

_FAIR = RecordShape(
    "fair",
    {
        "title": Field("title", Scalar("text")),
        "visitors": Field("visitors", Scalar("number", whole=True, least=0)),
        "rating": Field("rating", Scalar("number", least=0, most=10)),
        "venue": Field("venue", Nested("venue")),
        "stalls": Field("stalls", ListOf("stall")),
    },
)
FAIR = Vocabulary(
    "fair",
    _FAIR,
    {
        "fair": _FAIR,
        "venue": RecordShape("venue", {"covered": Field("covered", Scalar("bool"))}),
        "stall": RecordShape("stall", {"area": Field("area", Scalar("number"))}),
    },
)
VOCABULARIES = {"shop": SHOP, "fair": FAIR}


def checked(
    *texts: str,
    shipped: Collection[str] = (),
    known_cases: Collection[str] | None = None,
    parties: Collection[str] | None = None,
    keys: Collection[str] | None = None,
) -> tuple[Rulebook, list[Problem]]:
    """Check texts, each a file: `a.kpr`, `b.kpr` and so on. None may have a slip of the grammar."""
    problems = Problems()
    files = [parse(Source(f"{chr(97 + at)}.kpr", text), problems) for at, text in enumerate(texts)]
    assert [p.message for p in problems.found] == []
    book = check(
        files,
        VOCABULARIES,
        problems,
        shipped=shipped,
        known_cases=known_cases,
        parties=parties,
        keys=keys,
    )
    return book, problems.found


def definition(body: str, name: str = "one-text", amends: str = "", head: str = "") -> str:
    """Return a definition with a source, so that nothing is missed."""
    of = f" amends {amends}" if amends else ""
    return f'definition {name}{of} "Title" {{ source "A" {head}\n{body}\n}}\n'


def form_of(expression: str, before: str = "") -> Form:
    """Return the checked form of an expression that has no problems at all."""
    book, problems = checked(before + definition(f"captures when {expression}"))
    assert [p.message for p in problems if p.code != "unused-term"] == []
    return book.definitions["one-text"].captures


def found_in(expression: str, before: str = "") -> list[tuple[str, str]]:
    """Return the codes of an expression's problems, each with the words underlined."""
    _, problems = checked(before + definition(f"captures when {expression}"))
    return [(p.code, p.span.text if p.span else "") for p in problems]


def only(book: Rulebook) -> Definition:
    """Return the one definition of a rulebook."""
    (found,) = book.definitions.values()
    return found
