"""A hundred kilobytes of definitions, parsed and checked, beside Lark's parser with places alone.

The text is what ships, and copies of definitions under other ids. Ours makes a checked form of
every definition; Lark's makes a tree of the same grammar.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from lark import Lark

from kprules.checking.rulebook import check
from kprules.diagnostics import Problems
from kprules.records.vocabulary import VOCABULARIES
from kprules.source import Source
from kprules.syntax.parser import parse

TOP = Path(__file__).resolve().parent.parent
SIZE = 100_000
_HEAD = re.compile(r"^definition (\S+)", re.MULTILINE)


@cache
def text() -> str:
    """Return what ships, with copies up to the size."""
    shipped = [path.read_text() for path in sorted((TOP / "rules").glob("*.kpr"))]
    definitions = [one for one in shipped if _HEAD.search(one)]
    copies = [_HEAD.sub(r"definition \1-again", one) for one in definitions]
    made = "\n".join(shipped)
    while len(made) < SIZE:
        made += "\n" + copies.pop()
    return made


@cache
def lark() -> Lark:
    """Return Lark's own parser of many items."""
    grammar = (TOP / "kprules" / "syntax" / "grammar.lark").read_text()
    return Lark(f"all: start*\n{grammar}", start="all", parser="lalr", propagate_positions=True)


def parsed() -> Problems:
    """Parse alone."""
    problems = Problems()
    parse(Source("all.kpr", text()), problems)
    return problems


def parsed_and_checked() -> Problems:
    """Parse and check."""
    problems = Problems()
    check([parse(Source("all.kpr", text()), problems)], VOCABULARIES, problems)
    return problems


SIDES: dict[str, Callable[[], object]] = {
    "kprules": parsed_and_checked,
    "kprules, parsed alone": parsed,
    "Lark, with places": lambda: lark().parse(text()),
}


@pytest.mark.parametrize("side", SIDES)
def test_parse_and_check(benchmark: Any, side: str) -> None:
    """Time the text from its characters on."""
    benchmark.group = f"{len(text()) // 1000} kB of definitions as text"
    benchmark.pedantic(SIDES[side], rounds=7, warmup_rounds=1)


def test_what_is_measured_is_sound() -> None:
    """There is no mistake in the text."""
    assert not parsed_and_checked().errors
