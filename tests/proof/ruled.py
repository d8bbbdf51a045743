"""Definitions from text, and the library that ships, for tests of proofs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kprules.checking.rulebook import check
from kprules.diagnostics import Problems
from kprules.formula.definition import Definition, Judgement, choose
from kprules.library.rules import load_rules
from kprules.records.shape import Vocabulary
from kprules.records.vocabulary import VOCABULARIES
from kprules.source import Source
from kprules.syntax.parser import parse

RULES = Path(__file__).resolve().parent.parent.parent / "rules"


def ruled(text: str, vocabularies: Mapping[str, Vocabulary] = VOCABULARIES) -> dict[str, Judgement]:
    """Return the definitions of a text, which may amend those that ship, by id."""
    problems = Problems()
    files = [parse(Source("<test>", text), problems)]
    if vocabularies is VOCABULARIES:
        files += [parse(Source(p.name, p.read_text()), problems) for p in sorted(RULES.iterdir())]
    book = check(files, vocabularies, problems)
    errors = [p for p in problems.found if p.severity == "error"]
    assert not errors, errors
    return {name: choose(definition) for name, definition in book.definitions.items()}


@cache
def library() -> Mapping[str, Definition]:
    """Return the definitions that ship."""
    return load_rules([RULES], Problems(), VOCABULARIES).book.definitions


def shipped(name: str, **readings: str) -> Judgement:
    """Return a definition that ships, under some readings."""
    asked = {f"{name}.{label}": reading for label, reading in readings.items()}
    return choose(library()[name], asked)
