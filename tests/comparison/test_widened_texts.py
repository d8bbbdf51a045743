"""Where a text was itself widened or narrowed, what is told is what the other text changes."""

from __future__ import annotations

import pytest

from kprules.checking.rulebook import check
from kprules.comparison.clause_changes import ClauseChange, clause_changes
from kprules.comparison.conditions import Conditions
from kprules.comparison.difference import difference
from kprules.diagnostics import Problems
from kprules.records.vocabulary import VOCABULARIES
from kprules.reports.difference import difference_markdown, difference_table
from kprules.reports.text import Paper
from kprules.source import Source
from kprules.syntax.parser import parse

PLAIN = """
definition the-plain "Plain" {
  source "a test"
  captures when all of {
    object "rough": goods.form is rough
    use: some link in links has all of {
      actor "rebels": link.actor.kinds includes rebel_movement
      way "directly": link.directness is direct
    }
  }
}
definition the-wide amends the-plain "Wide" {
  source "a test"
  widen use with gold "or gold": goods.material is gold
  widen actor with state "or states": link.actor.kinds includes state_government
}
"""
CHANGES = {
    ("wide", "widen use with mixed: goods.form is mixed"): ["widened use", "added mixed"],
    ("wide", "widen object with mixed: goods.form is mixed"): ["widened object", "added mixed"],
    ("wide", "remove way"): ["removed way"],
    ("wide", "remove gold"): ["no longer widened use", "removed gold"],
    ("wide", "remove way  widen use with mixed: goods.form is mixed"): [
        "removed way",
        "added mixed",
    ],
    ("wide", 'replace gold "or silver" with goods.material is other'): ["replaced gold"],
    ("wide", "narrow actor with named: link.share_percent >= 50"): [
        "narrowed actor",
        "added named",
    ],
    ("plain", "narrow use with mixed: goods.form is mixed"): [
        "narrowed use",
        "no longer widened actor",
        "removed state",
        "no longer widened use",
        "removed gold",
        "added mixed",
    ],
    ("plain", ""): [
        "no longer widened use",
        "no longer widened actor",
        "removed state",
        "removed gold",
    ],
    ("plain", 'widen use with gold "or gold": goods.material is gold'): [
        "no longer widened actor",
        "removed state",
    ],
}


def _both(amended: str, amendment: str) -> tuple[list[ClauseChange], str, str]:
    """Return the changes from `wide` to what amends it or its base, as text and as Markdown too."""
    problems = Problems()
    other = f'definition the-other amends the-{amended} "Other" {{ source "a test"  {amendment} }}'
    book = check([parse(Source("t.kpr", PLAIN + other), problems)], VOCABULARIES, problems)
    assert not problems.errors
    texts = (book.finished["the-wide"], book.finished["the-other"])
    both = (book.definitions["the-wide"], book.definitions["the-other"])
    found = difference(*both, texts, (), Conditions())
    changes = [change for whole in clause_changes(*texts) for change in whole.walk()]
    return changes, difference_table(found, Paper()), difference_markdown(found)


@pytest.mark.parametrize(("amended", "amendment"), CHANGES)
def test_only_what_the_other_text_changes_is_told(amended: str, amendment: str) -> None:
    """What both keep is not told as gone and come; what only one was widened by is."""
    changes, *_ = _both(amended, amendment)
    told = [f"{c.kind} {c.label}" for c in changes if c.kind not in {"kept", "changed inside"}]
    assert sorted(told) == sorted(CHANGES[amended, amendment])


def test_what_a_text_is_no_longer_widened_by_is_said_so() -> None:
    """With the words that are gone below it."""
    _, said, rows = _both("plain", 'widen use with gold "or gold": goods.material is gold')
    assert '- actor "rebels", no longer widened by\n-   state "or states"' in said
    assert "| removed | use \\> use (before) \\> actor \\> state | “or states” |  |" in rows


def test_other_words_of_a_clause_that_holds_others_are_told() -> None:
    """Both words stand beside what becomes of the clauses inside."""
    other = (
        'replace actor "armed groups" with any of { militia: link.actor.kinds includes militia }'
    )
    _, said, rows = _both("plain", other)
    assert '-   actor "rebels" becomes "armed groups", no longer widened by' in said
    assert "“rebels” | “armed groups” |" in rows
