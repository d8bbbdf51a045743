"""A library as a whole: names, shipped rules, headers, expectations and limits."""

from datetime import date

import pytest
from rulebooks import VOCABULARIES, checked, definition, found_in, only

from kprules.checking import check
from kprules.checking.limits import CHAIN, NESTING, NODES, READINGS
from kprules.diagnostics import Problems
from kprules.formula.definition import Cited, Expectation, choose, combinations
from kprules.source import Source
from kprules.syntax.parser import parse

OPEN = "captures when open"


def test_definitions_are_in_order_of_since_then_id() -> None:
    """The undated come last."""
    book, _ = checked(
        definition(OPEN, "z-late", head="since 2020-01-01")
        + definition(OPEN, "b-none")
        + definition(OPEN, "y-early", head="since 2010-01-01")
        + definition(OPEN, "a-late", head="since 2020-01-01")
    )
    assert list(book.definitions) == ["y-early", "a-late", "z-late", "b-none"]


def test_names_reach_across_files() -> None:
    """Terms, sets and bases may stand in any file, in any order."""
    book, problems = checked(
        definition("widen captures with b: colour in warm", "two-text", "one-text"),
        definition("captures when some i in items has bright(i)"),
        "set warm = {red} term bright(i: item) { i.colour in warm }",
    )
    assert problems == []
    assert set(book.definitions) == {"one-text", "two-text"}
    assert (list(book.terms), list(book.sets)) == (["bright"], ["warm"])
    assert len(book.files) == 3
    assert book.written["two-text"].amends is not None


@pytest.mark.parametrize(
    ("text", "code", "name"),
    [
        (definition(OPEN), "duplicate-definition", "one-text"),
        ("term t(i: item) { i.open }", "duplicate-term", "t"),
        ("set s = {red}", "duplicate-set", "s"),
    ],
)
def test_two_of_one_name_are_an_error_that_names_both(text: str, code: str, name: str) -> None:
    """The second is reported, with the first beside it, whichever files they are in."""
    _, problems = checked(text, text)
    (problem,) = [p for p in problems if p.is_error]
    assert problem.code == code
    assert problem.span is not None
    assert (problem.span.source.name, problem.span.text) == ("b.kpr", name)
    assert [span.source.name for span, _ in problem.also] == ["a.kpr"]


# --- shipped rules --------------------------------------------------------------------------------

SHIPPED = (
    "term bright(i: item) { i.colour is red }\nset warm = {red}\n"
    + definition("captures when all of { a: open b: licensed }")
    + definition("widen a with c: licensed", "two-text", "one-text")
)


@pytest.mark.parametrize("first", [0, 1])
def test_a_users_own_takes_the_place_of_the_shipped(first: int) -> None:
    """With a note that shows both, in whatever order the files come; descendants follow."""
    own = definition("captures when all of { a: colour is red }")
    texts = (own, SHIPPED) if first == 0 else (SHIPPED, own)
    shipped = "b.kpr" if first == 0 else "a.kpr"
    book, problems = checked(*texts, shipped=[shipped])
    assert [(p.code, p.severity) for p in problems] == [("replaces-shipped", "note")]
    assert problems[0].span is not None
    assert problems[0].span.source.name != shipped
    assert len(book.finished["two-text"].captures.form.clauses) == 1  # type: ignore[union-attr]  # a group


def test_a_users_term_and_set_take_the_place_of_the_shipped() -> None:
    """As definitions do."""
    own = "term bright(i: item) { i.colour in warm }\nset warm = {blue}\n" + definition(
        "captures when some i in items has bright(i)", "own-text"
    )
    book, problems = checked(SHIPPED, own, shipped=["a.kpr"])
    assert [p.code for p in problems] == ["replaces-shipped", "replaces-shipped"]
    assert "blue" in str(book.definitions["own-text"].captures)


def test_of_shipped_files_a_user_is_told_little() -> None:
    """Their warnings are their authors' business."""
    _, problems = checked(SHIPPED, shipped=["a.kpr"])
    assert problems == []
    speaking = definition(
        "captures when open expect captured under {view ukraine} one-case", head="source s2"
    )
    nothing = {"known_cases": (), "parties": (), "keys": ()}
    _, problems = checked(speaking, shipped=["a.kpr"], **nothing)
    assert problems == []
    _, problems = checked(speaking, **nothing)
    assert [p.code for p in problems] == ["unknown-source", "unknown-party", "unknown-case"]
    _, problems = checked(SHIPPED)
    assert [p.code for p in problems] == ["unused-term"]


def test_shipped_amendments_that_a_replacement_breaks_fall_away_with_a_warning() -> None:
    """The user's rules are sound; what no longer fits, and what amends it, is named once."""
    own = definition("captures when all of { other: colour is red }")
    shipped = SHIPPED + definition("", "three-text", "two-text")
    book, problems = checked(shipped, own, shipped=["a.kpr"])
    assert [(p.code, p.severity) for p in problems] == [
        ("replaces-shipped", "note"),
        ("falls-away", "warning"),
    ]
    assert problems[1].message == (
        "2 shipped definitions built on `one-text` fall away: two-text, three-text"
    )
    assert problems[1].span is not None
    assert (problems[1].span.source.name, problems[1].span.text) == ("b.kpr", "one-text")
    assert [word for _, word in problems[1].also] == ["no clause of `one-text` is called `a`"]
    assert list(book.definitions) == ["one-text"]


def test_a_term_that_takes_a_shipped_place_may_cost_definitions_too() -> None:
    """The warning stands at the term."""
    shipped = "term bright(i: item) { i.open }\n" + definition(
        "captures when some i in items has bright(i)"
    )
    book, problems = checked(shipped, "term bright(s: site) { s.open }", shipped=["a.kpr"])
    assert [(p.code, p.span and p.span.text) for p in problems if p.severity == "warning"] == [
        ("falls-away", "bright")
    ]
    assert book.definitions == {}


# --- headers --------------------------------------------------------------------------------------


def test_headers_are_read() -> None:
    """Each comes to its field."""
    book, problems = checked(
        definition(
            'outcome "sold" proposer "A maker" status blocked since 2020-01-01 until 2021-01-01\n'
            'same_as one-text source s2 "words" <https://example.org> source s3\n'
            'note "one" note "two" captures when open',
            "two-text",
        )
        + definition(OPEN)
    )
    assert problems == []
    found = book.definitions["two-text"]
    assert found.title == "Title"
    assert (found.outcome_word, found.proposer, found.status) == ("sold", "A maker", "blocked")
    assert (found.since, found.until) == (date(2020, 1, 1), date(2021, 1, 1))
    assert found.same_as == "one-text"
    assert found.sources == (
        Cited("", "A", ""),
        Cited("s2", "words", "https://example.org"),
        Cited("s3", "", ""),
    )
    assert found.notes == ("one", "two")


def test_a_definition_without_a_source_is_warned_of() -> None:
    """It is evaluated all the same; an amending one needs a source of its own."""
    book, problems = checked(
        "definition one-text { captures when open }\ndefinition two-text amends one-text {}"
    )
    assert [(p.code, p.severity) for p in problems] == [("missing-source", "warning")] * 2
    assert len(book.definitions) == 2


def test_names_that_the_caller_knows_are_checked() -> None:
    """Parties, cases, keys of the bibliography and definitions, each with the nearest name."""
    text = definition(
        "captures when open\n"
        "expect captured under {view ukrain} one-case, tow-case\n"
        "expect undetermined under {standard aleged} one-case",
        head="same_as two-txt source s22",
    )
    assert [p.code for p in checked(text)[1]] == ["unknown-definition", "unknown-value"]
    _, problems = checked(
        text, known_cases=["one-case", "two-case"], parties=["ukraine"], keys=["s2"]
    )
    assert [(p.code, p.help) for p in problems] == [
        ("unknown-definition", "did you mean `one-text`?"),
        ("unknown-source", "did you mean `s2`?"),
        ("unknown-party", "did you mean `ukraine`?"),
        ("unknown-case", "did you mean `two-case`?"),
        ("unknown-value", "write `established` or `alleged`"),
    ]
    assert {p.severity for p in problems} == {"error"}


def test_a_definition_cannot_be_the_same_as_itself() -> None:
    """`same_as` names another."""
    _, problems = checked(definition(OPEN, head="same_as one-text"))
    assert [p.code for p in problems] == ["unknown-definition"]


def test_expectations_are_read_a_case_each() -> None:
    """Readings come as `choose` takes them, of the definition or of one that it amends."""
    book, problems = checked(
        definition("captures when all of { a: reading of { wide: open strict: licensed } }")
        + definition(
            "expect captured under {view ukraine, standard alleged, reading a = strict} "
            "one-case, two-case\n"
            "expect not_captured under {reading one-text.a = strict} one-case",
            "two-text",
            "one-text",
        )
    )
    assert problems == []
    found = book.definitions["two-text"]
    strict = (("two-text.a", "strict"),)
    assert found.expectations == (
        Expectation("captured", "one-case", "ukraine", "alleged", strict),
        Expectation("captured", "two-case", "ukraine", "alleged", strict),
        Expectation("not_captured", "one-case", readings=(("one-text.a", "strict"),)),
    )
    for expected in found.expectations:
        assert choose(found, dict(expected.readings)).readings == {"a": "strict"}


def test_a_reading_of_a_term_may_be_expected() -> None:
    """Its label is the term's name and its own."""
    book, problems = checked(
        "term t(i: site) { all of { a: reading of { wide: i.open strict: i.colour is red } } }"
        + definition("captures when t(site)\nexpect captured under {reading t.a = strict} one-case")
    )
    assert problems == []
    assert only(book).expectations[0].readings == (("one-text.t.a", "strict"),)


@pytest.mark.parametrize(
    "condition", ["a = strct", "b = strict", "two-text.a = strict", "one-text.b = wide"]
)
def test_a_reading_that_is_not_there_is_an_error(condition: str) -> None:
    """Of a label without readings, of another definition, and of a name that is none of them."""
    _, problems = checked(
        definition(
            "captures when all of { a: reading of { wide: open strict: licensed } b: open }\n"
            f"expect captured under {{reading {condition}}} one-case"
        )
    )
    assert [p.code for p in problems] == ["unknown-reading"]


# --- terms ----------------------------------------------------------------------------------------


def test_a_definition_without_a_text_is_left_out() -> None:
    """What has no `captures` was reported when it was read; its descendants are silent."""
    problems = Problems()
    text = 'definition one-text { source "A" }' + definition("remove a", "two-text", "one-text")
    file = parse(Source("a.kpr", text), problems)
    book = check([file], VOCABULARIES, problems)
    assert [p.code for p in problems.found] == ["missing-captures"]
    assert book.definitions == {}


def test_terms_in_a_circle_are_an_error_and_holes() -> None:
    """Each circle is reported once, with every step; what applies them is silent."""
    book, problems = checked(
        "term a(i: item) { b(i) } term b(i: item) { c(i) } term c(i: item) { a(i) or b(i) }\n"
        "term d(i: item) { d(i) } term e(i: item) { i.open and d(i) }\n"
        + definition("captures when some i in items has (a(i) or d(i) or e(i))")
    )
    assert [p.code for p in problems] == ["term-cycle"] * 3
    assert book.definitions == {}


def test_a_term_that_nothing_applies_is_warned_of() -> None:
    """One that another term or an amendment applies is used."""
    _, problems = checked(
        "term a(i: item) { i.open } term b(i: item) { a(i) } term c(s: site) { s.open }\n"
        + definition("captures when all of { z: open }")
        + definition("narrow z with y: c(site)", "two-text", "one-text")
    )
    assert [(p.code, p.span.text) for p in problems if p.span] == [("unused-term", "b")]


# --- limits ---------------------------------------------------------------------------------------


def test_nesting_is_bounded_with_terms() -> None:
    """A form and the terms in it may be 64 deep together, and no more."""
    term = f"term deep(s: site) {{ {'not ' * 30}s.open }}\n"
    just = NESTING - 30 - 1
    assert found_in("not " * just + "deep(site)", term) == []
    assert found_in("not " * (just + 1) + "deep(site)", term) == [("too-deep", "deep(site)")]


def test_terms_upon_terms_are_nested() -> None:
    """Each application is a level, so that no chain of terms outgrows the stack."""
    chain = "term t0(s: site) { s.open }\n" + "".join(
        f"term t{i}(s: site) {{ s.colour is red and t{i - 1}(s) }}\n" for i in range(1, 2000)
    )
    codes = {code for code, _ in found_in("t1999(site)", chain)}
    assert codes == {"too-deep"}


def test_amendments_cannot_nest_without_end() -> None:
    """A text that grows deeper by amendments meets the limit where it goes past it."""
    text = definition("captures when all of { a0: open }", "base-text")
    body = "\n".join(
        f"replace a{i} with all of {{ a{i + 1}: licensed b{i}: open }}" for i in range(70)
    )
    _, problems = checked(text + definition(body, "deep-text", "base-text"))
    assert problems[0].code == "too-deep"
    assert {p.code for p in problems} == {"too-deep", "unknown-label"}
    widened = "\n".join(f"widen a0 with b{i}: colour is red" for i in range(70))
    _, problems = checked(text + definition(widened, "wide-text", "base-text"))
    assert {p.code for p in problems} == {"no-effect"}


def test_joining_a_clause_cannot_nest_without_end() -> None:
    """`extend` and `widen` meet the limit as `replace` does."""
    text = definition(f"captures when all of {{ a: {'not ' * (NESTING - 1)}open }}", "base-text")
    for amendment in (
        f"extend captures with b: {'not ' * NESTING}open",
        f"widen captures with b: {'not ' * NESTING}open",
        "widen captures with b: open",
    ):
        _, problems = checked(text + definition(amendment, "text-1", "base-text"))
        assert [p.code for p in problems] == ["too-deep"]


def test_a_chain_of_amendments_is_bounded() -> None:
    """The first that goes past the limit is reported, the rest are silent."""
    text = definition(OPEN, "text-0") + "".join(
        definition("", f"text-{i}", f"text-{i - 1}") for i in range(1, CHAIN + 10)
    )
    book, problems = checked(text)
    assert [p.code for p in problems] == ["too-deep"]
    assert problems[0].span is not None
    assert problems[0].span.text == f"text-{CHAIN}"
    assert len(book.definitions) == CHAIN + 1


def test_terms_that_double_are_counted_before_they_are_written_out() -> None:
    """Thirty doublings would be a thousand million nodes; the limit is met at once."""
    terms = "term t0(s: site) { s.open }\n" + "".join(
        f"term t{i}(s: site) {{ t{i - 1}(s) or t{i - 1}(s) }}\n" for i in range(1, 31)
    )
    book, problems = checked(terms + definition("captures when t30(site)"))
    assert [p.code for p in problems if p.code != "always"] == ["too-large"]
    assert book.definitions == {}


def test_a_finished_tree_is_bounded() -> None:
    """A definition with its terms written out; its descendants are silent."""
    term = "term big(s: site) { any of { " + " ".join(f"c{i}: s.size > {i}" for i in range(999))
    term += " } }\n"
    body = "captures when all of { " + " ".join(f"c{i}: big(site)" for i in range(NODES // 1000))
    fits = term + definition(body + " }")
    _, problems = checked(fits)
    assert [p.code for p in problems if p.code == "too-large"] == ["too-large"]
    less = term + definition(body.removesuffix("c9: big(site)") + " }")
    book, problems = checked(less + definition("narrow c0 with x: open", "two-text", "one-text"))
    assert len(book.definitions) == 2
    more = definition("narrow c0 with x: big(site)", "three-text", "two-text")
    book, problems = checked(
        less
        + definition("narrow c0 with x: open", "two-text", "one-text")
        + more
        + definition("", "four-text", "three-text")
    )
    assert [p.code for p in problems if p.code == "too-large"] == ["too-large"]
    assert set(book.definitions) == {"one-text", "two-text"}


def test_combinations_of_readings_are_bounded() -> None:
    """Six choices of two are allowed, seven are not, and descendants do not say so again."""
    clauses = [f"r{i}: reading of {{ a{i}: open b{i}: licensed }}" for i in range(7)]
    fits = definition("captures when all of { " + " ".join(clauses[:6]) + " }")
    book, problems = checked(fits)
    assert problems == []
    assert len(list(combinations(only(book)))) == READINGS
    book, problems = checked(
        fits
        + definition(f"extend captures with {clauses[6]}", "two-text", "one-text")
        + definition("", "three-text", "two-text")
        + definition("replace r0 with open", "four-text", "three-text")
    )
    assert [p.code for p in problems] == ["too-many-readings"]
    assert set(book.definitions) == {"one-text", "four-text"}


def test_an_empty_library_is_a_rulebook() -> None:
    """No files, no definitions, no problems."""
    book, problems = checked()
    assert (book.definitions, problems) == ({}, [])


# --- expectations that can only fail --------------------------------------------------------------


def test_an_expectation_about_another_kind_of_record_is_an_error() -> None:
    """Where the kinds that bear an id are known; an id that both bear is either's."""
    text = definition("captures when open\nexpect captured one-fair, one-both, one-shop")
    book, problems = checked(
        text, known_cases={"one-fair": {"fair"}, "one-both": {"fair", "shop"}, "one-shop": {"shop"}}
    )
    assert [(p.code, p.span.text) for p in problems if p.span] == [("type-mismatch", "one-fair")]
    assert book.definitions == {}
    assert checked(text, known_cases=["one-fair", "one-both", "one-shop"])[1] == []


@pytest.mark.parametrize(
    ("first", "second", "code"),
    [
        ("captured one-case", "not_captured one-case", "contradicting-expectation"),
        ("captured one-case", "captured one-case", ""),
        ("captured one-case", "undetermined under {view x} one-case", ""),
        ("captured under {view x} one-case", "undetermined under {view y} one-case", ""),
        (
            "captured under {view x, standard alleged} one-case",
            "undetermined under {standard alleged, view x} one-case",
            "contradicting-expectation",
        ),
        (
            "captured one-case",
            "undetermined under {standard established} one-case",
            "contradicting-expectation",
        ),
        (
            "captured one-case",
            "undetermined under {view x, view y} one-case",
            "duplicate-condition",
        ),
        (
            "captured one-case",
            "undetermined under {standard alleged, standard alleged} one-case",
            "duplicate-condition",
        ),
        (
            "captured under {reading a = strict} one-case",
            "undetermined under {reading a = wide, reading one-text.a = strict} one-case",
            "duplicate-condition",
        ),
    ],
)
def test_of_two_expectations_that_exclude_each_other_one_is_an_error(
    first: str, second: str, code: str
) -> None:
    """And of two conditions of which one only can be in force."""
    _, problems = checked(
        definition(
            "captures when all of { a: reading of { wide: open strict: licensed } }\n"
            f"expect {first}\nexpect {second}"
        )
    )
    assert [p.code for p in problems] == ([code] if code else [])
    assert all(p.also for p in problems)
