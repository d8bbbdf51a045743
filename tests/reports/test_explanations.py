"""Explanations in words, on the shop: each kind of form, true, false and unknown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop import SHOP, Plain, settled

from kprules.comparison.conditions import Conditions
from kprules.comparison.explained import Explained
from kprules.comparison.matrix import Subject
from kprules.comparison.settling import Ranked, Ranking
from kprules.diagnostics import Problems, cells
from kprules.evaluation.facts import Unknown
from kprules.evaluation.outcome import judged, judged_under_all
from kprules.evaluation.settling import Settling, would_settle
from kprules.formula.definition import Definition, choose
from kprules.library.rules import load_rules
from kprules.proof.sufficing import suffices
from kprules.records.settled import Claimed
from kprules.reports.explanation import explanation, markdown_explanation
from kprules.reports.settling import ranking_table
from kprules.reports.text import Paper
from kprules.reports.told import says_words

Define = Callable[[str], Definition]
RULE = 'definition some-rule "Some rule" {{ source "s" {body} }}'


@pytest.fixture(scope="module")
def define(tmp_path_factory: pytest.TempPathFactory) -> Define:
    """Make a definition of its body."""
    folder = tmp_path_factory.mktemp("rules")

    def made(body: str) -> Definition:
        path = folder / "a.kpr"
        path.write_text(RULE.format(body=body))
        problems = Problems()
        rules = load_rules([path], problems, {"shop": SHOP})
        assert not problems.errors, problems.errors
        return rules.book.definitions["some-rule"]

    return made


def explain(definition: Definition, shop: Plain, width: int = 100) -> str:
    """Explain a definition on a shop."""
    record = settled(shop)
    result = judged(choose(definition), record)
    found = Explained(
        Subject("a-shop", "A shop", None),
        definition,
        Conditions(),
        result,
        would_settle(result),
        {},
        judged_under_all(definition, record).ambiguity,
    )
    assert "**a-shop**" in markdown_explanation(found)
    return explanation(found, Paper(width))


@pytest.mark.parametrize(
    ("form", "shop", "said"),
    [
        ("size > 3", {"size": 2}, "size is 2; wanted: more than 3"),
        ("size > 3", {}, "size is not recorded; wanted: more than 3"),
        ("size >= 3", {"size": 3}, "size is 3\n"),
        ("since < 2020-06-15", {"since": "2021"}, "since is 2021; wanted: before 2020-06-15"),
        ("since >= 2020-06-15", {"since": "2020"}, "since is 2020; wanted: on or after 2020-06-15"),
        ("colour is red", {"colour": "blue"}, "colour is blue; wanted: red"),
        ("colour is not red", {"colour": "red"}, "colour is red; wanted: not red"),
        ("not open", {"open": True}, "open is true; wanted: not true"),
        ("colour in {red, green}", {"colour": "blue"}, "wanted: one of {green, red}"),
        ("tags includes new", {"tags": ["old"]}, "tags is {old}; wanted: new"),
        ("tags includes new", {"tags": []}, "tags is {}; wanted: new"),
        ("tags includes new", {"tags": ["old", None]}, "tags is {old, unknown}; wanted: new"),
        ("tags includes all of {new, old}", {"tags": ["old"]}, "wanted: all of {new, old}"),
        ("tags includes none of {new}", {"tags": ["new"]}, "tags is {new}; wanted: not new"),
        ("colour is trim", {"colour": "red", "trim": "blue"}, "wanted: the same as trim"),
        ("size is known", {}, "size is not recorded; wanted: known"),
        ("size is unknown", {"size": 1}, "size is 1; wanted: not known"),
        (
            "trading overlaps lease",
            {"trading": {"from": "2001", "to": "2002"}, "lease": {"from": "2010", "to": "ongoing"}},
            "trading is 2001 to 2002, lease is 2010 to ongoing; wanted: overlapping with lease",
        ),
        ("owner is none", {"owner": "m", "makers": {"m": {}}}, "owner is m; wanted: none"),
        ("owner.size > 3", {"owner": "none"}, "wanted: more than 3"),
        ("true and size > 3", {"size": 9}, "this always holds"),
        ("some i in items has i.size > 3", {"items": []}, "items has no entries"),
        ("some i in items has i.size > 3", {}, "items is not recorded"),
        (
            "some i in items has i.size > 3",
            {"items": [{"size": 1}], "incomplete": ["items"]},
            "items may have entries that are not recorded",
        ),
        (
            "at least 2 i in items has i.size > 3",
            {"items": [{"size": 9}, {"size": 1}]},
            "1 of 2 entries of items; wanted: at least 2",
        ),
        (
            "more than 1/2 i in items where i.open has i.size > 3",
            {"items": [{"open": True, "size": 1}, {"open": False}]},
            "0 of 1 entry of items; wanted: more than 1/2",
        ),
        (
            "no i in items has i.size > 3",
            {"items": [{"size": 1}, {"size": 9}]},
            "items[1].size is 9; wanted: not more than 3",
        ),
        (
            "every i in items has i.size > 3",
            {"items": [{"size": 9}, {"size": 1}]},
            "items[1].size is 1; wanted: more than 3",
        ),
    ],
)
def test_a_fact_is_told_in_words(form: str, shop: Plain, said: str, define: Define) -> None:
    """What was found, by the record's own path, and what was wanted where it is not that."""
    shown = explain(define(f"captures when all of {{ a_label: {form} }}"), shop)
    assert said in f"{shown}\n"


def test_headings_are_labels_and_words_and_chains_are_drawn_together(define: Define) -> None:
    """One line for a chain of clauses without words; words are quoted."""
    rule = define(
        "captures when all of { outer: all of { inner: some i in items has all of {"
        ' big "or bigger": i.size > 3 } } }'
    )
    shown = explain(rule, {"items": [{"size": 1}]})
    assert '✗ outer > inner > items[0] > big "or bigger"' in shown


def test_many_entries_of_which_the_same_holds_are_told_together(define: Define) -> None:
    """Twelve entries are one paragraph; the one that differs is its own."""
    rule = define("captures when all of { a_label: no i in items has i.colour is red }")
    items: list[Plain] = [{"colour": "blue"}] * 15 + [{"colour": "green"}]
    shown = explain(rule, {"items": items})
    assert "items[9], items[10], items[11] and 3 more" in " ".join(shown.split())
    assert shown.count("colour is blue") == 1
    assert "items[15].colour is green" in shown


def test_alternatives_that_ask_for_one_fact_are_told_apart(define: Define) -> None:
    """What is wanted in one branch is not joined with what is wanted in the other."""
    rule = define(
        "captures when all of { a_label: size >= 3 and colour is red or size < 3 and open }"
    )
    shown = explain(rule, {})
    assert "size is not recorded; wanted: at least 3\n" in shown
    assert "size is not recorded; wanted: less than 3\n" in shown
    assert shown.index("? either") < shown.index("? or")
    excepted = define(
        "captures when all of { a_label: true } "
        "except when late: size >= 3 and colour is red or size < 3 and open"
    )
    shown = explain(excepted, {})
    assert "wanted: not at least 3\n" in shown
    assert "wanted: not less than 3\n" in shown


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("size is 1 or size is 5", "wanted: 1 or 5"),
        ("size between 3 and 5", "wanted: at least 3 and at most 5"),
        ("not (size between 3 and 5)", "wanted: not at least 3 or not at most 5"),
        ("not (size is 1 or size is 5)", "wanted: not 1 and not 5"),
    ],
)
def test_what_is_wanted_of_one_fact_is_joined_as_it_is_asked(
    form: str, said: str, define: Define
) -> None:
    """`and` where all is wanted, `or` where either is enough."""
    shown = explain(define(f"captures when all of {{ a_label: {form} }}"), {})
    assert f"size is not recorded; {said}\n" in shown


def test_an_exception_is_told_as_one(define: Define) -> None:
    """`except when`, where it is what keeps a record out."""
    rule = define('captures when all of { a_label: open } except when small "too small": size < 3')
    shown = explain(rule, {"open": True, "size": 1})
    assert "not captured" in shown
    assert 'except when small "too small"' in shown
    assert "size is 1" in shown


def test_an_ambiguity_names_what_each_reading_comes_to(define: Define) -> None:
    """The customary reading first."""
    rule = define(
        "captures when all of { a_label: reading of { wide: size > 1  tight: size > 5 } }"
    )
    shown = explain(rule, {"size": 3})
    assert "captured" in shown
    assert "a_label are ambiguous; read as wide: captured, as tight: not captured" in shown


def test_what_would_settle_is_told_for_lists_too(define: Define) -> None:
    """Closing a list, and adding an entry to it, are said in words."""
    rule = define("captures when all of { a_label: some i in items has i.size > 3 }")
    shown = explain(rule, {"items": [{"size": 1}], "incomplete": ["items"]})
    assert "Not captured if items has no further entries" in shown
    assert "Captured if items has an entry {size: 4}" in shown


@given(width=st.integers(40, 120))
def test_an_explanation_fits(width: int) -> None:
    """No line is wider than the paper (words longer than a line are broken)."""
    problems = Problems()

    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.kpr"
        words = "long words " * 20
        path.write_text(
            RULE.format(
                body=f'captures when all of {{ a_label "{words}": some i in items has'
                f' all of {{ another_label "{words}": i.colour in {{red, green}} }} }}'
            )
        )
        rule = load_rules([path], problems, {"shop": SHOP}).book.definitions["some-rule"]
    shown = explain(rule, {"items": [{"colour": "blue"}]}, width)
    assert max(map(cells, shown.split("\n"))) <= width


def test_what_fails_because_something_holds_stands_apart_from_it(define: Define) -> None:
    """A line bears the mark of what it names: `none of` fails where its part holds."""
    rule = define('captures when all of { outer: none of { inner "red": colour is red } }')
    shown = explain(rule, {"colour": "red"}).splitlines()
    assert shown[4:6] == ["✗ outer", '  ✓ inner "red"']


def test_the_top_is_shown_where_its_parts_do_not_say_it(define: Define) -> None:
    """It fails because its part holds; where they come to the same, it goes without saying."""
    none = define('captures when none of { inner "red": colour is red }')
    assert explain(none, {"colour": "red"}).splitlines()[4:6] == ["✗ captures", '  ✓ inner "red"']
    every = define('captures when all of { inner "red": colour is red }')
    assert "captures" not in explain(every, {"colour": "blue"})


def test_entries_bear_the_mark_of_what_is_asked_of_them(define: Define) -> None:
    """As clauses do, where several clauses of one decide."""
    rule = define(
        "captures when some i in items has all of { big: i.size > 3 red: i.colour is red }"
    )
    shown = explain(rule, {"items": [{"size": 1, "colour": "blue"}, {"size": 9, "colour": "red"}]})
    assert shown.splitlines()[4] == "✓ items[1]"
    shown = explain(rule, {"items": [{"size": 1, "colour": "blue"}]})
    assert shown.splitlines()[4] == "✗ items[0]"
    none = define("captures when all of { a_label: no i in items has i.colour is red }")
    shown = explain(none, {"items": [{"colour": "blue"}]})
    assert shown.splitlines()[4] == "✓ a_label > items[0]"


def test_a_claim_of_which_there_is_nothing_to_say_leaves_no_gap() -> None:
    """Established by nobody in particular, written nowhere: the others are told."""
    bare = Claimed("red", evidence="established")
    assert says_words([bare]) == ""
    assert says_words([bare, replace(bare, sources=("a-1",))]) == "a-1"


@pytest.mark.parametrize("width", [20, 40, 80])
def test_the_first_lines_fit_however_long_the_names_are(width: int, define: Define) -> None:
    """What was asked and what came of it, each on lines of its own where there is no room."""
    rule = replace(define("captures when size > 3"), outcome_word="barred from entry " * 5)
    found = Explained(
        Subject("a-shop-" * 12 + "z", "A shop", None),
        rule,
        Conditions(),
        judged(choose(rule), settled({"size": 9})),
        Settling((), more=False),
        {},
        (),
    )
    rows = explanation(found, Paper(width)).splitlines()
    assert max(map(cells, rows)) <= width
    assert "".join(rows).replace(" ", "").count("barredfromentry") == 5


def test_what_holds_whatever_the_facts_are_is_said_to(define: Define) -> None:
    """No facts suffice, so none are announced."""
    rule = define("captures when true")
    result = judged(choose(rule), settled({}))
    found = Explained(
        Subject("a-shop", "A shop", None),
        rule,
        Conditions(),
        result,
        Settling((), more=False),
        {},
        (),
        sufficient=suffices(result),
    )
    for shown in (explanation(found, Paper()), markdown_explanation(found)):
        assert shown.endswith("Captured whatever the facts are")


def test_every_ranked_fact_comes_with_who_claims_what_of_it(define: Define) -> None:
    """Not the first alone; one who does not know, of whom nothing is said, leaves nothing open."""
    rule = define("captures when all of { a_label: size > 3 another: open }")
    result = judged(choose(rule), settled({}))
    claims = (Claimed(None, evidence="established"),)
    facts = tuple(
        Ranked(path, 1, (), Unknown(path, "contested", (*claims, Claimed(value, ("me",)))))
        for path, value in (("size", 9), ("open", True))
    )
    subject = Subject("a-shop", "A shop", None)
    shown = ranking_table(Ranking(subject, rule, Conditions(), result, facts), Paper())
    for path, value in (("size", "9"), ("open", "true")):
        assert f"\n\n{path}\n  not known\n  {value}: alleged by me" in shown
