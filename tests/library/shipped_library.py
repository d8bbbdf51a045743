"""The rules and cases that ship, read once for the tests of this folder."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from kprules.api import Cases, Rules, load_cases, load_rules
from kprules.evaluation.outcome import Result
from kprules.evaluation.reasons import Decisive

HERE = Path(__file__).resolve().parent


@cache
def rules() -> Rules:
    """Return the definitions that ship."""
    return load_rules()


@cache
def cases(about: str = "case") -> Cases:
    """Return the records that ship."""
    return load_cases(about=about)


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of this folder."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def deciding(result: Result) -> Mapping[str, Decisive]:
    """Return the clauses that decide an outcome by their labels, outer and inner ones."""
    return {part.said.label: part for tree in result.decisive for part in _parts(tree) if part.said}


def _parts(tree: Decisive) -> Iterator[Decisive]:
    yield tree
    for part in tree.parts:
        yield from _parts(part)
