"""What an amendment changes is told clause by clause, and case by case."""

from __future__ import annotations

import pytest

from kprules.checking.rulebook import check
from kprules.comparison.conditions import Conditions
from kprules.comparison.difference import ClauseChange, difference
from kprules.diagnostics import Problems
from kprules.formula.definition import Definition
from kprules.records.vocabulary import VOCABULARIES
from kprules.reports.difference import difference_markdown, difference_table
from kprules.reports.text import Paper
from kprules.source import Source
from kprules.syntax.parser import parse

BASE = """
definition the-base "Base" {
  source "a test"
  captures when all of {
    object "rough": goods.form is rough
    use: some link in links has all of {
      actor "rebels": link.actor.kinds includes rebel_movement
      way "directly": link.directness is direct
    }
  }
  except when poor: goods.quality is industrial
}
definition the-variant amends the-base "Variant" {
  source "a test"
"""
AMENDMENTS = {
    "remove way": [("removed", "way")],
    'replace actor "states" with link.actor.kinds includes state_government': [
        ("replaced", "actor")
    ],
    'replace actor "rebel movements" with link.actor.kinds includes rebel_movement': [
        ("reworded", "actor")
    ],
    'widen actor with state "or states": link.actor.kinds includes state_government': [
        ("widened", "actor"),
        ("added", "state"),
    ],
    "narrow object with gem: goods.quality is gem": [("narrowed", "object"), ("added", "gem")],
    "extend use with aim: link.targets includes government": [("added", "aim")],
    "remove poor": [("removed", "poor")],
    "except when made: goods.made is lab_grown": [("added", "made")],
    "widen use with other: goods.material is gold  remove way": [
        ("widened", "use"),
        ("removed", "way"),
        ("added", "other"),
    ],
}


def _pair(amendment: str) -> tuple[list[ClauseChange], tuple[Definition, Definition]]:
    problems = Problems()
    file = parse(Source("test.kpr", BASE + amendment + "\n}"), problems)
    book = check([file], VOCABULARIES, problems)
    assert not problems.errors
    base, variant = (book.definitions[i] for i in ("the-base", "the-variant"))
    texts = (book.finished["the-base"], book.finished["the-variant"])
    found = difference(base, variant, texts, (), Conditions(), prove=True)
    assert difference_table(found, Paper())
    assert difference_markdown(found)
    return [c for top in found.clauses for c in top.walk()], (base, variant)


@pytest.mark.parametrize("amendment", AMENDMENTS)
def test_each_amendment_is_told_as_what_it_is(amendment: str) -> None:
    """Every kind of amendment shows as itself, and nothing else shows as changed."""
    changes, _ = _pair(amendment)
    told = [(c.kind, c.label) for c in changes if c.kind not in {"kept", "changed inside"}]
    assert told == AMENDMENTS[amendment]


def test_a_variant_that_changes_nothing_says_so() -> None:
    """Two texts that are the same have no change, and the table says that in words."""
    problems = Problems()
    book = check([parse(Source("t.kpr", BASE + "}"), problems)], VOCABULARIES, problems)
    both = (book.definitions["the-base"], book.definitions["the-variant"])
    texts = (book.finished["the-base"], book.finished["the-variant"])
    found = difference(*both, texts, (), Conditions())
    assert {c.kind for top in found.clauses for c in top.walk()} == {"kept"}
    assert "The words are the same." in difference_table(found, Paper())
