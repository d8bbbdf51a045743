"""What does not fit: each mistake in a form, its code, and the words that are underlined."""

import pytest
from rulebooks import checked, definition, found_in

BEFORE = """
set warm = {red}
set sizes = {1, 2}
set misspelt = {red, gren}
term bright(i: item) { i.colour is red }
term during(p: period) { p.from >= 2020-01-01 }
term fits(s: stall) { s.area > 1 }
"""

MISTAKES = {
    # names
    "colr is red": ("unknown-field", "colr"),
    "site.colr is red": ("unknown-field", "site.colr"),
    "colour.shade is red": ("unknown-field", "colour.shade"),
    "tags.colour is red": ("unknown-field", "tags.colour"),
    "lease.start < 2020-01-01": ("unknown-field", "lease.start"),
    "some i in itms has i.open": ("unknown-field", "itms"),
    "some i in items has i.opn": ("unknown-field", "i.opn"),
    "some i in items has j.open": ("unknown-variable", "j"),
    "j.open": ("unknown-variable", "j"),
    "some i in items has i.open or i.colour is red": ("unknown-variable", "i"),
    "some i in items has i.open and (open or i.colour is red)": ("unknown-variable", "i"),
    "not some i in items has i.open or i.colour is red": ("unknown-variable", "i"),
    "bight(owner)": ("unknown-term", "bight"),
    "colour in worm": ("unknown-set", "worm"),
    "colour in red": ("unknown-set", "red"),
    "colour in site.tags": ("unknown-set", "site.tags"),
    # values
    "colour is rd": ("unknown-value", "rd"),
    "colour is open": ("unknown-value", "open"),
    "colour is none": ("unknown-value", "none"),
    'colour is "rd"': ("unknown-value", '"rd"'),
    "colour in {red, rd}": ("unknown-value", "rd"),
    "colour in misspelt": ("unknown-value", "gren"),
    "tags includes nwe": ("unknown-value", "nwe"),
    "rival is none": ("unknown-value", "none"),
    "name is word": ("unknown-value", "word"),
    "size > many": ("unknown-value", "many"),
    "size > wieght": ("unknown-field", "wieght"),
    "size > site.wieght": ("unknown-field", "site.wieght"),
    "owner is nobody": ("unknown-field", "nobody"),
    # types of a value
    "colour is 3": ("type-mismatch", "3"),
    "colour is true": ("type-mismatch", "true"),
    "colour is grade": ("unknown-value", "grade"),
    "colour is site.grading": ("unknown-field", "site.grading"),
    "colour is owner.name": ("type-mismatch", "owner.name"),
    'open is "yes"': ("type-mismatch", '"yes"'),
    "open is yes": ("unknown-value", "yes"),
    "name is 3": ("type-mismatch", "3"),
    "name is size": ("type-mismatch", "size"),
    "size < 2020-01-01": ("type-mismatch", "2020-01-01"),
    "size < since": ("type-mismatch", "since"),
    "since < 2020": ("type-mismatch", "2020"),
    "owner is 3": ("type-mismatch", "3"),
    "owner is size": ("type-mismatch", "size"),
    "name in {word}": ("type-mismatch", "word"),
    "size in {weight}": ("type-mismatch", "weight"),
    "colour in {site.colour}": ("type-mismatch", "site.colour"),
    "owner in {rival}": ("type-mismatch", "rival"),
    "some m in makers has owner is m": ("type-mismatch", "m"),
    "some m in makers has m is owner": ("type-mismatch", "m"),
    "colour in sizes": ("type-mismatch", "sizes"),
    "name in warm": ("type-mismatch", "warm"),
    "tags includes 3": ("type-mismatch", "3"),
    "tags includes any of sizes": ("type-mismatch", "sizes"),
    "tags includes warm": ("type-mismatch", "warm"),
    # the wrong word
    "tags is new": ("type-mismatch", "tags"),
    "tags in {new}": ("type-mismatch", "tags"),
    "colour includes red": ("type-mismatch", "colour"),
    "colour < red": ("type-mismatch", "colour"),
    "name between 1 and 2": ("type-mismatch", "name"),
    "items is known and items.open": ("type-mismatch", "items.open"),
    "items is red": ("type-mismatch", "items"),
    "site is red": ("type-mismatch", "site"),
    "lease is trading": ("type-mismatch", "lease"),
    "lease overlaps since": ("type-mismatch", "since"),
    "colour": ("type-mismatch", "colour"),
    "tags": ("type-mismatch", "tags"),
    "owner": ("type-mismatch", "owner"),
    "not site": ("type-mismatch", "site"),
    "some i in tags has true": ("type-mismatch", "tags"),
    "some i in colour has true": ("type-mismatch", "colour"),
    # terms
    "bright(owner)": ("type-mismatch", "owner"),
    "bright(items)": ("type-mismatch", "items"),
    "during(since)": ("type-mismatch", "since"),
    "during(lease, lease)": ("type-mismatch", "during(lease, lease)"),
    "fits(site)": ("type-mismatch", "site"),
    # the rest
    "some i in items has some i in items has i.open": ("duplicate-variable", "i"),
    "size between 5 and 1": ("period-reversed", "5 and 1"),
    "since between 2020-01-02 and 2020-01-01": ("period-reversed", "2020-01-02 and 2020-01-01"),
}


@pytest.mark.parametrize(("text", "found"), MISTAKES.items(), ids=MISTAKES.keys())
def test_a_mistake_is_found_once_where_it_is(text: str, found: tuple[str, str]) -> None:
    """One error with the code of the mistake, under the words that are wrong."""
    assert [f for f in found_in(text, BEFORE) if f[0] != "unused-term"] == [found]


HELP = {
    "colr is red": "did you mean `colour`?",
    "site.colr is red": "did you mean `site.colour`?",
    "site.weight > 3": "`weight` is a field of `shop`",
    "shop.open": "without its name: `open`",
    "some i in items has grde is low": "did you mean `grade`?",
    "some i in items has pieces is known": "did you mean `i.pieces`?",
    "some item in items has itm.open": "did you mean `item`?",
    "some i in items has i.open or i.colour is red": "`some i in items has (… or …)`",
    "size > many": "write a number",
    "open is yes": "write `true` or `false`",
    "name is word": '`"word"`',
    "colour is rd": "did you mean `red`?",
    "colour is RED": "did you mean `red`?",
    "colour is yellow_one": "one of `red`, `green` or `blue`",
    "tags is new": "`tags includes …`",
    "colour includes red": "`colour is …`",
    "items.open": "`some item in items has item.open …`",
    "lease is trading": "`lease overlaps …`",
    "colour in red": "write `colour is red`",
    "some i in items has i.colour in tags": "write `tags includes …`",
    "tags includes warm": "`includes any of warm`",
    "lease.start < 2020-01-01": "`lease.from` and `lease.to`",
    "size between 5 and 1": "`between 1 and 5`",
    "rival is none": "`rival is known`",
}


@pytest.mark.parametrize(("text", "words"), HELP.items(), ids=HELP.keys())
def test_help_says_what_to_do(text: str, words: str) -> None:
    """The help names the nearest name, or the word that goes with the type."""
    _, problems = checked(BEFORE + definition(f"captures when {text}"))
    found = [p for p in problems if p.is_error]
    assert words in found[0].help


def test_every_mistake_is_reported_at_once() -> None:
    """Mistakes in several clauses, and both sides of an `and`, are all found."""
    _, problems = checked(
        definition(
            "captures when all of {\n"
            "  a: colr is red and size < red\n"
            "  b: some i in items where i.opn has i.colour is rd\n"
            "  c: lease overlaps since\n"
            "}"
        )
    )
    assert [p.span.text for p in problems if p.span] == ["colr", "red", "i.opn", "rd", "since"]


def test_a_term_sees_only_its_parameters() -> None:
    """The judged record's fields are no names inside a term."""
    _, problems = checked(
        "term bright(i: item) { i.open and colour is red }"
        + definition("captures when some i in items has bright(i)")
    )
    (problem,) = problems
    assert problem.code == "unknown-variable"
    assert problem.help == "a term sees only its parameters: `i`"


def test_an_error_in_a_term_is_reported_once() -> None:
    """However often the term is applied, and in terms that apply it."""
    book, problems = checked(
        "term bright(i: item) { i.colr is red }\n"
        "term brighter(i: item) { bright(i) and i.open }\n"
        + definition("captures when some i in items has (bright(i) or brighter(i))")
        + definition("captures when some i in items has brighter(i)", "two-text")
    )
    assert [p.code for p in problems] == ["unknown-field"]
    assert book.definitions == {}


def test_an_error_in_a_base_is_not_repeated_by_its_descendants() -> None:
    """What a base says wrongly is its own; a descendant that drops the clause is sound."""
    book, problems = checked(
        definition("captures when all of { a: colr is red b: open }", "base-text")
        + definition("widen b with c: licensed", "next-text", "base-text")
        + definition("remove a", "good-text", "base-text")
    )
    assert [p.code for p in problems] == ["unknown-field"]
    assert list(book.definitions) == ["good-text"]
    assert set(book.finished) == {"base-text", "next-text", "good-text"}


def test_a_clause_is_checked_in_the_scope_that_it_joins() -> None:
    """A clause put under a quantifier sees its variable; one put beside it does not."""
    base = definition(
        "captures when all of { a: some i in items has all of { b: i.open } }", "base-text"
    )
    _, problems = checked(
        base
        + definition("widen b with c: i.colour is red", "good-text", "base-text")
        + definition("extend a with c: i.colour is red", "also-good-text", "base-text")
        + definition("widen a with c: i.colour is red", "bad-text", "base-text")
    )
    assert [(p.code, p.span.text) for p in problems if p.span] == [("unknown-variable", "i")]


def test_a_definition_judges_its_own_kind_of_record() -> None:
    """`about` chooses the vocabulary; without it the first is meant."""
    book, problems = checked(
        definition("captures when visitors > 3 and venue.covered", head="about fair")
        + definition("captures when open", "two-text")
        + definition("captures when visitors > 3", "three-text")
    )
    assert [(p.code, p.span.text) for p in problems if p.span] == [("unknown-field", "visitors")]
    assert [book.definitions[i].about for i in ("one-text", "two-text")] == ["fair", "shop"]
    assert book.definitions["one-text"].vocabulary.about == "fair"


def test_about_is_inherited_and_cannot_change() -> None:
    """An amending definition judges what its base does."""
    base = definition("captures when venue.covered", "base-text", head="about fair")
    book, problems = checked(
        base
        + definition("widen captures with a: visitors > 3", "next-text", "base-text")
        + definition("", "last-text", "next-text", head="about fair")
    )
    assert problems == []
    assert {d.about for d in book.definitions.values()} == {"fair"}
    _, problems = checked(base + definition("", "next-text", "base-text", head="about shop"))
    assert [p.code for p in problems] == ["type-mismatch"]


def test_terms_are_checked_for_the_records_they_speak_of() -> None:
    """A term that no definition applies is checked all the same."""
    _, problems = checked(
        "term fits(s: stall) { s.are > 1 }\nterm bad(s: stal) { s.area > 1 }\n"
        "term both(s: stall, i: item) { s.area > i.size }\n" + definition("captures when open")
    )
    codes = [(p.code, p.span.text) for p in problems if p.span and p.is_error]
    assert codes == [("unknown-record", "stal"), ("unknown-field", "s.are")]
