"""What an amendment changes is told clause by clause, and case by case."""

from __future__ import annotations

import json

import pytest

from kprules.checking.rulebook import check
from kprules.comparison.clause_changes import ClauseChange
from kprules.comparison.conditions import Conditions
from kprules.comparison.difference import Difference, difference
from kprules.comparison.matrix import Subject
from kprules.diagnostics import Problems
from kprules.formula.definition import Definition, choose
from kprules.proof.relations import relate
from kprules.records.case import Case
from kprules.records.vocabulary import VOCABULARIES
from kprules.reports.difference import difference_markdown, difference_table
from kprules.reports.difference_json import difference_json
from kprules.reports.relation import relation_words
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
    found = _difference(amendment)
    assert difference_table(found, Paper())
    assert difference_markdown(found)
    return [c for top in found.clauses for c in top.walk()], (found.base, found.variant)


def _difference(amendment: str) -> Difference:
    problems = Problems()
    file = parse(Source("test.kpr", BASE + amendment + "\n}"), problems)
    book = check([file], VOCABULARIES, problems)
    assert not problems.errors
    base, variant = (book.definitions[i] for i in ("the-base", "the-variant"))
    texts = (book.finished["the-base"], book.finished["the-variant"])
    return difference(base, variant, texts, (), Conditions(), prove=True)


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


def test_a_group_that_goes_or_comes_is_told_in_the_words_of_its_clauses() -> None:
    """The words inside a group without words are listed, on either side; no code is cut."""
    found = _difference(
        "remove use  extend captures with trade: every link in links has any of "
        '{ seller "who sells": link.relations includes sells  plain: link.share_percent >= 50 }'
    )
    assert difference_table(found, Paper()).split("\n\n")[1].splitlines() == [
        '  object "rough"',
        "- use: some link in links has all of",
        '-   actor "rebels"',
        '-   way "directly"',
        "+ trade: every link in links has any of",
        '+   seller "who sells"',
        "+   plain",
        "        now: link.share_percent >= 50",
        "  except when poor",
    ]
    rows = difference_markdown(found)
    assert "| removed | use | `some link in links has all of` |  |" in rows
    assert "| removed | use \\> actor | “rebels” |  |" in rows
    assert "| added | trade \\> plain |  | `link.share_percent >= 50` |" in rows


def test_a_group_of_another_kind_is_told_with_what_stays_in_it() -> None:
    """Where `all of` becomes `any of`, both are said, and the clauses that stay are not changed."""
    found = _difference(
        'replace captures with any of { object "rough": goods.form is rough  '
        'made "mined": goods.made is natural }'
    )
    said = difference_table(found, Paper()).split("\n")
    assert "~ captures" in said
    assert "      was: all of" in said
    assert "      now: any of" in said
    assert '    object "rough"' in said
    assert '+   made "mined"' in said


def test_words_that_go_are_not_said_to_become_nothing() -> None:
    """A clause in the place of one with words may have none."""
    problems = Problems()
    other = BASE.partition("definition the-variant")[0].replace("the-base", "the-other")
    other = other.replace('object "rough": goods.form is rough', "object: goods.form is polished")
    file = parse(Source("t.kpr", BASE + "}" + other), problems)
    book = check([file], VOCABULARIES, problems)
    both = (book.definitions["the-base"], book.definitions["the-other"])
    texts = (book.finished["the-base"], book.finished["the-other"])
    said = difference_table(difference(*both, texts, (), Conditions()), Paper())
    assert 'object "rough" becomes a clause without words' in said
    assert "now: goods.form is polished" in said


def test_markdown_tells_exceptions_from_requirements_and_forms_from_words() -> None:
    """An exception says that it is one; where the words stay, the forms are beside them."""
    rows = difference_markdown(_difference("except when made: goods.made is lab_grown"))
    assert "| added | except when made |  | `goods.made is lab_grown` |" in rows
    replaced = _difference("replace actor with link.actor.kinds includes militia")
    assert (
        "| replaced | use \\> actor | “rebels”: `link.actor.kinds includes rebel_movement` "
        "| “rebels”: `link.actor.kinds includes militia` |"
    ) in difference_markdown(replaced)


AMBIGUOUS = """
definition the-one "One" { source "a test"
  captures when all of { form: reading of {
    rough: goods.form is rough  diamond: goods.material is diamond } } }
definition the-other "Other" { source "a test"
  captures when goods.form is rough }
"""


def _on_every_reading(variant: str) -> Difference:
    problems = Problems()
    book = check([parse(Source("t.kpr", AMBIGUOUS), problems)], VOCABULARIES, problems)
    base, other = book.definitions["the-other"], book.definitions[variant]
    texts = (book.finished["the-other"], book.finished[variant])
    subject = Subject("cut-one", "Polished", Case.model_validate(POLISHED))
    return difference(base, other, texts, [subject], Conditions(readings="all"), prove=True)


POLISHED = {
    "case": "cut-one",
    "title": "Polished",
    "goods": {"material": "diamond", "form": "polished"},
}


def test_of_every_reading_at_once_no_relation_is_said() -> None:
    """It would be one reading's, beside cases judged by all; why is said in every format."""
    found = _on_every_reading("the-one")
    assert found.relation is None
    for said in (difference_table(found, Paper()), difference_markdown(found)):
        assert "is not said: it is proved of one" in said
    assert json.loads(difference_json(found, {}))["why_unproved"]


def test_words_with_one_reading_have_a_relation_under_every_reading() -> None:
    """There is nothing to choose."""
    found = _on_every_reading("the-other")
    assert found.relation is not None
    assert "the texts read" not in difference_table(found, Paper())


def test_what_decides_on_every_reading_is_the_ambiguity() -> None:
    """Not the clause that one of the readings meets."""
    found = _on_every_reading("the-one")
    said = " ".join(difference_table(found, Paper()).split())
    assert (
        "the words of form are ambiguous; read as rough: not captured, as diamond: captured" in said
    )
    (case,) = json.loads(difference_json(found, {}))["cases"]
    assert case["ambiguous"] == ["the-one.form"]


def test_a_relation_says_how_the_texts_are_read() -> None:
    """Where they can be read in several ways."""
    problems = Problems()
    book = check([parse(Source("t.kpr", AMBIGUOUS), problems)], VOCABULARIES, problems)
    one, other = book.definitions["the-one"], book.definitions["the-other"]
    customary = relation_words(relate(choose(one), choose(other)))
    assert "with settled facts, the texts read as is customary, the-one" in customary
    asked = relation_words(relate(choose(one, {"the-one.form": "diamond"}), choose(other)))
    assert "the texts read as was asked for" in asked
