"""Texts of which parts could not be read: what is said of the rest, and what is not."""

import pytest
from rulebooks import VOCABULARIES, definition

from kprules.checking import Rulebook, check
from kprules.diagnostics import Problems
from kprules.source import Source
from kprules.syntax.parser import parse


def read(*texts: str) -> tuple[Rulebook, list[tuple[str, str]]]:
    """Return what texts define, and the codes and places of what is said of them."""
    problems = Problems()
    files = [parse(Source(f"{i}.kpr", text), problems) for i, text in enumerate(texts)]
    book = check(files, VOCABULARIES, problems)
    return book, [(p.code, p.span.text if p.span else "") for p in problems.found]


TORN = definition(
    "captures when all of { a: open b: colour is is red c: colr is red d: licensed }", "torn-text"
)


def test_the_rest_of_a_torn_definition_is_checked() -> None:
    """The clauses before and after the mistake too, and expectations; it is not evaluated."""
    book, found = read(TORN.replace("a: open", "a: opn"))
    assert found == [
        ("syntax", "c"),
        ("unknown-field", "opn"),
        ("unknown-value", "is"),
        ("unknown-field", "colr"),
    ]
    assert book.definitions == {}


def test_what_speaks_of_a_torn_item_is_no_mistake() -> None:
    """Neither an amendment of it, nor a label, a term or a set that may be among what is lost."""
    book, found = read(
        TORN.replace("colr", "colour")
        + "term t(i: item) { i.open open }\nset s = {red, , blue}\n"
        + "term unused(i: item) { i.open }\n"
        + definition("widen gone with x: colour is rde", "two-text", "torn-text")
        + definition("widen a with x: colour is rde", "three-text", "two-text")
        + definition(
            "captures when some i in items has t(i)", "four-text", head="same_as torn-text"
        )
        + definition("captures when colour in s", "five-text"),
        definition("captures when open", "sound-text"),
    )
    assert [code for code, _ in found if code != "syntax"] == ["unknown-value", "unknown-value"]
    assert {at for code, at in found if code == "unknown-value"} == {"is", "rde"}
    assert set(book.definitions) == {"sound-text"}


@pytest.mark.parametrize(
    "text",
    [
        "captures when all of { a: opn b: any of { c: colour is rde }\n  expect captured x-y",
        "captures when all of { a: opn b: any of { c: colour is rde",
    ],
)
def test_a_brace_left_open_hides_nothing(text: str) -> None:
    """What was read before the text, or the next part, shows it is taken as it stands."""
    after = definition("remove b", "two-text", "one-text")
    _, found = read(definition(text) if "expect" in text else definition(text)[:-2] + "\n" + after)
    codes = [code for code, _ in found]
    assert codes.count("syntax") == 1
    assert [f for f in found if f[0] != "syntax"] == [
        ("unknown-field", "opn"),
        ("unknown-value", "rde"),
    ]


def test_a_definition_whose_head_cannot_be_read_has_a_name() -> None:
    """What amends it finds it."""
    _, found = read(
        'definition one-text amend two-text "t" { captures when open }\n'
        + definition("captures when licensed", "two-text")
        + definition("remove b", "three-text", "one-text")
    )
    assert {code for code, _ in found} == {"syntax"}


def test_a_label_is_not_taken_for_the_value_of_the_clause_before() -> None:
    """One mistake, told once."""
    _, found = read(definition("captures when all of { a: colour is  b: open c: opn }"))
    assert found == [("syntax", "b"), ("unknown-field", "opn")]


def test_of_two_of_one_name_neither_is_used() -> None:
    """Nor what rests on them: nobody knows which is meant."""
    twice = "term t(i: item) { i.open }\nset s = {red}\n" + definition(
        "captures when open", "two-text"
    )
    book, found = read(
        twice,
        twice,
        definition("", "amends-text", "two-text")
        + definition("captures when some i in items has t(i)", "term-text")
        + definition("captures when colour in s", "set-text")
        + definition("captures when open", "sound-text"),
    )
    assert {code for code, _ in found} == {
        "duplicate-definition", "duplicate-term", "duplicate-set"
    }  # fmt: skip
    assert set(book.definitions) == {"sound-text"}


def test_a_torn_text_in_a_shipped_ones_place_leaves_neither() -> None:
    """The shipped text is not judged under a name that its user gave to another."""
    problems = Problems()
    files = [
        parse(Source("shipped.kpr", definition("captures when open")), problems),
        parse(Source("own.kpr", definition("captures when colour is is red")), problems),
    ]
    book = check(files, VOCABULARIES, problems, shipped=["shipped.kpr"])
    assert "one-text" not in book.definitions
