"""Every construct of the language as the node that engines see."""

from datetime import date
from decimal import Decimal

import pytest
from rulebooks import checked, definition, form_of

from kprules.formula import nodes as n
from kprules.formula.definition import walk
from kprules.formula.nodes import NONE, Path
from kprules.records.shape import (
    BOOL,
    DATE,
    NUMBER,
    PERIOD,
    TEXT,
    ListOf,
    Nested,
    Reference,
    Type,
)


def _at(*fields: str, of: str = "", record: str = "shop", type_: Type = TEXT) -> Path:
    return Path(of, record, fields, type_)


COLOUR, SIZE, SINCE = _at("colour"), _at("size"), _at("since", type_=DATE)
TAGS, OPEN, LEASE, TRADING = _at("tags"), _at("open"), _at("lease"), _at("trading")
RED = n.Compare(COLOUR, "is", "red")

LEAVES = {
    "open": n.Compare(OPEN, "is", True),
    "open is true": n.Compare(OPEN, "is", True),
    "open is false": n.Compare(OPEN, "is", False),
    "open is not true": n.Not(n.Compare(OPEN, "is", True)),
    "open is licensed": n.Compare(OPEN, "is", _at("licensed")),
    "not open": n.Not(n.Compare(OPEN, "is", True)),
    "(open)": n.Compare(OPEN, "is", True),
    "true": n.Const(True),
    "false": n.Const(False),
    "colour is red": RED,
    'colour is "red"': RED,
    "colour is not red": n.Not(RED),
    "colour is trim": n.Compare(COLOUR, "is", _at("trim")),
    "grade is none": n.Compare(_at("grade"), "is", "none"),
    "name is motto": n.Compare(_at("name"), "is", _at("motto")),
    'name is "red"': n.Compare(_at("name"), "is", "red"),
    "colour in {red, green}": n.Member(COLOUR, frozenset({"red", "green"})),
    "colour not in {red}": n.Not(n.Member(COLOUR, frozenset({"red"}))),
    "size in {1, 2.0, 2.50}": n.Member(SIZE, frozenset({1, 2, Decimal("2.5")})),
    "open in {true}": n.Member(OPEN, frozenset({True})),
    "owner in {none}": n.Member(_at("owner"), frozenset({NONE})),
    "size is 2": n.Compare(SIZE, "is", 2),
    "size < weight": n.Compare(SIZE, "<", _at("weight")),
    "size >= 2.5": n.Compare(SIZE, ">=", Decimal("2.5")),
    "size between 1 and 5": n.All((n.Compare(SIZE, ">=", 1), n.Compare(SIZE, "<=", 5))),
    "size between weight and 5": n.All(
        (n.Compare(SIZE, ">=", _at("weight")), n.Compare(SIZE, "<=", 5))
    ),
    "since < 2020-06-15": n.Compare(SINCE, "<", date(2020, 6, 15)),
    "since >= trading.from": n.Compare(SINCE, ">=", _at("trading", "from")),
    "tags includes new": n.Includes(TAGS, "any", frozenset({"new"})),
    "tags includes any of {new, old}": n.Includes(TAGS, "any", frozenset({"new", "old"})),
    "tags includes all of {new, old}": n.Includes(TAGS, "all", frozenset({"new", "old"})),
    "tags includes all of {new}": n.Includes(TAGS, "any", frozenset({"new"})),
    "tags includes none of {new, old}": n.Not(n.Includes(TAGS, "any", frozenset({"new", "old"}))),
    "lease overlaps trading": n.Overlaps(LEASE, TRADING),
    "site.room.trading overlaps lease": n.Overlaps(_at("site", "room", "trading"), LEASE),
    "tags is known": n.Known(TAGS),
    "items is unknown": n.Not(n.Known(_at("items"))),
    "site is known": n.Known(_at("site")),
    "lease is not known": n.Not(n.Known(LEASE)),
    "owner is none": n.Compare(_at("owner"), "is", NONE),
    "owner is site.keeper": n.Compare(_at("owner"), "is", _at("site", "keeper")),
    "owner.partner.colour is blue": n.Compare(_at("owner", "partner", "colour"), "is", "blue"),
    "open and licensed and colour is red": n.All(
        (n.Compare(OPEN, "is", True), n.Compare(_at("licensed"), "is", True), RED)
    ),
    "open and (licensed and colour is red)": n.All(
        (n.Compare(OPEN, "is", True), n.Compare(_at("licensed"), "is", True), RED)
    ),
    "open or colour is red and licensed": n.Any(
        (
            n.Compare(OPEN, "is", True),
            n.All((RED, n.Compare(_at("licensed"), "is", True))),
        )
    ),
    "all of { a: open }": n.All((n.Compare(OPEN, "is", True),)),
    "any of { a: open b: licensed }": n.Any(
        (n.Compare(OPEN, "is", True), n.Compare(_at("licensed"), "is", True))
    ),
    "none of { a: open }": n.Not(n.Any((n.Compare(OPEN, "is", True),))),
}


@pytest.mark.parametrize(("text", "form"), LEAVES.items(), ids=LEAVES.keys())
def test_an_expression_is_its_node(text: str, form: n.Form) -> None:
    """Each spelling comes to the node that the language's page says it stands for."""
    assert form_of(text) == form


ITEMS = _at("items", type_=ListOf("item"))
ITEM_RED = n.Compare(_at("colour", of="i", record="item"), "is", "red")
ITEM_OPEN = n.Compare(_at("open", of="i", record="item"), "is", True)

QUANTIFIED = {
    "some i in items has i.colour is red": ("some", None),
    "every i in items has i.colour is red": ("every", None),
    "no i in items has i.colour is red": ("no", None),
    "at least 2 i in items has i.colour is red": (n.AtLeast(2), None),
    "more than 2 i in items has i.colour is red": (n.AtLeast(3), None),
    "at least 2/4 i in items has i.colour is red": (n.Share(1, 2, strictly=False), None),
    "more than 2/3 i in items has i.colour is red": (n.Share(2, 3, strictly=True), None),
    "some i in items where i.open has i.colour is red": ("some", ITEM_OPEN),
    "at least 1/2 i in items where i.open has i.colour is red": (
        n.Share(1, 2, strictly=False),
        ITEM_OPEN,
    ),
}


@pytest.mark.parametrize(("text", "how_where"), QUANTIFIED.items(), ids=QUANTIFIED.keys())
def test_a_quantifier_is_its_node(text: str, how_where: tuple[n.How, n.Form | None]) -> None:
    """A count beyond N is one more, and a share is in its lowest terms."""
    how, where = how_where
    assert form_of(text) == n.Quantified(how, "i", ITEMS, where, ITEM_RED)


def test_two_references_are_compared() -> None:
    """A field with a field, of whatever entries; they are the same where they name one record."""
    form = form_of("some m in makers has some i in items has i.maker is m.partner")
    assert isinstance(form, n.Quantified)
    assert isinstance(form.has, n.Quantified)
    compare = form.has.has
    assert isinstance(compare, n.Compare)
    assert compare.right == Path("m", "maker", ("partner",), TEXT)
    assert isinstance(compare.right, Path)
    assert compare.right.type == Reference("maker", "makers", none=True)


def test_lists_within_entries_are_quantified() -> None:
    """The path to an inner list begins at the outer variable."""
    form = form_of("some m in makers has every w in m.works has w.open")
    assert isinstance(form, n.Quantified)
    assert isinstance(form.has, n.Quantified)
    assert form.has.over == Path("m", "maker", ("works",), TEXT)


def test_a_variable_may_bear_the_name_of_a_field() -> None:
    """A variable comes before a field of the judged record."""
    form = form_of("some site in items has site.open")
    assert isinstance(form, n.Quantified)
    assert form.has == n.Compare(Path("site", "item", ("open",), BOOL), "is", True)


def test_types_travel_on_paths() -> None:
    """Each path carries the type of what it leads to."""
    form = form_of("lease overlaps trading and size < weight")
    types = [p.left.type for p in form.parts if isinstance(p, n.Overlaps | n.Compare)]  # type: ignore[union-attr]  # an All
    assert types == [PERIOD, NUMBER]


# --- what clauses are called ----------------------------------------------------------------------


def test_clauses_keep_their_labels_words_and_author() -> None:
    """`said` has the label, the words, the definition that wrote it and its place."""
    book, _ = checked(
        definition('captures when all of { a "in red": colour is red b: open and licensed }')
    )
    captures = book.definitions["one-text"].captures
    assert captures.said is not None
    assert captures.said.label == "captures"
    first, second = captures.parts  # type: ignore[union-attr]  # an All
    assert (first.said.label, first.said.words) == ("a", "in red")
    assert first.said.definition == "one-text"
    assert first.said.span.text == 'a "in red": colour is red'
    assert first.span.text == "colour is red"
    assert (second.said.label, second.said.words) == ("b", None)
    assert isinstance(second, n.All)


def test_labelled_groups_are_not_flattened() -> None:
    """A clause stays one part, whatever its form, so that explanations can name it."""
    form = form_of("all of { a: all of { b: open c: licensed } d: open }")
    assert isinstance(form, n.All)
    assert isinstance(form.parts[0], n.All)


# --- sets and terms -------------------------------------------------------------------------------

TERMS = """
set warm = {red}
term bright(i: item) "brightly coloured" { i.colour in warm }
term good(i: item, p: period) { bright(i) and i.trading overlaps p }
term busy(m: maker) "busy" { some w in m.works has some x in m.works has w.colour is x.colour }
term choosy(m: maker) { all of {
  a: reading of { wide: m.open strict: m.colour is red }
  b: m.colour is known
} }
term open_or_shut(m: maker) { reading of { open_one: m.open shut_one: not m.open } }
"""


def test_a_set_stands_for_its_values() -> None:
    """A named set is the values in its braces."""
    assert form_of("colour in warm", TERMS) == n.Member(COLOUR, frozenset({"red"}))
    includes = n.Includes(TAGS, "any", frozenset({"new", "old"}))
    assert form_of("tags includes any of kept", "set kept = {new, old}") == includes


def test_a_term_stands_for_its_body() -> None:
    """Parameters become the paths given, of records, references and periods alike."""
    form = form_of("some i in items has good(i, lease)", TERMS)
    assert isinstance(form, n.Quantified)
    item = Path("i", "item", ("colour",), TEXT)
    trading = Path("i", "item", ("trading",), PERIOD)
    assert form.has == n.All((n.Member(item, frozenset({"red"})), n.Overlaps(trading, LEASE)))


def test_a_term_knows_its_name_and_words() -> None:
    """A clause that is a term alone takes the term's words; within `and` it is called by name."""
    book, _ = checked(
        TERMS
        + definition(
            "captures when some i in items has all of "
            '{ a: bright(i) b "so said": bright(i) c: bright(i) and i.open }'
        )
    )
    form = book.definitions["one-text"].captures
    assert isinstance(form, n.Quantified)
    assert isinstance(form.has, n.All)
    a, b, c = form.has.parts
    assert a.said is not None
    assert (a.said.label, a.said.words, a.said.definition) == (
        "a",
        "brightly coloured",
        "one-text",
    )
    assert b.said is not None
    assert b.said.words == "so said"
    assert isinstance(c, n.All)
    inner = c.parts[0].said
    assert inner is not None
    assert (inner.label, inner.words, inner.definition) == (
        "bright",
        "brightly coloured",
        "term bright",
    )


def test_clauses_inside_a_term_are_the_terms_own() -> None:
    """Their labels may repeat, and `said` names the term as their author."""
    form = form_of("all of { a: choosy(owner) b: choosy(rival) }", TERMS)
    labels = [(f.said.label, f.said.definition) for f in walk(form) if f.said is not None]
    assert labels.count(("b", "term choosy")) == 2


def test_variables_of_a_term_take_other_names_where_theirs_are_taken() -> None:
    """No entry hides another: variables are unique along every branch."""
    form = form_of("some w in makers has busy(w)", TERMS)
    variables = [f.variable for f in walk(form) if isinstance(f, n.Quantified)]
    assert variables == ["w", "w_2", "x"]
    inner = next(f for f in walk(form) if isinstance(f, n.Compare))
    assert (str(inner.left), str(inner.right)) == ("w_2.colour", "x.colour")
    taken = form_of("some w in makers has some w_2 in makers has busy(w)", TERMS)
    variables = [f.variable for f in walk(taken) if isinstance(f, n.Quantified)]
    assert variables == ["w", "w_2", "w_3", "x"]


def test_a_term_is_applied_to_what_a_path_leads_to() -> None:
    """The term's paths go on where the argument ends, through references too."""
    form = form_of("some i in items has busy(i.maker)", TERMS)
    works = [f.over for f in walk(form) if isinstance(f, n.Quantified)][1:]
    assert [str(path) for path in works] == ["i.maker.works", "i.maker.works"]


def test_a_term_can_speak_of_the_whole_record() -> None:
    """The judged record itself is given by its name."""
    before = "term has_red(s: shop) { some i in s.items has i.colour is red }"
    form = form_of("has_red(shop)", before)
    assert form == n.Quantified("some", "i", ITEMS, None, ITEM_RED)


def test_a_record_given_to_a_term_may_be_asked_for() -> None:
    """`m is known` in a term asks of the path that is given."""
    form = form_of("there(site)", "term there(s: site) { s is known }")
    assert form == n.Known(_at("site"))
    assert isinstance(form, n.Known)
    assert form.fact.type == Nested("site")
    entry = form_of("some i in items has there(i.site)", "term there(s: site) { s is known }")
    assert isinstance(entry, n.Quantified)
    assert entry.has == n.Known(Path("i", "item", ("site",), TEXT))
    always = form_of("some i in items has there(i)", "term there(i: item) { i is known }")
    assert isinstance(always, n.Quantified)
    assert always.has == n.Const(True)


# --- readings -------------------------------------------------------------------------------------


def test_a_reading_bears_the_label_of_its_clause() -> None:
    """In a clause, anywhere inside its form, and in each form that has several options."""
    book, _ = checked(
        definition(
            "captures when all of {\n"
            "  a: reading of { wide: open strict: open and licensed }\n"
            "  b: some i in items has (reading of { any_red: i.colour is red  all_red: i.open })\n"
            "}"
        )
    )
    readings = book.definitions["one-text"].readings
    assert readings == {"a": ("wide", "strict"), "b": ("any_red", "all_red")}


def test_a_reading_inside_a_term_bears_the_terms_name_too() -> None:
    """One label has one reading, wherever the term is applied."""
    book, _ = checked(
        TERMS
        + definition(
            "captures when all of { a: choosy(owner) b: choosy(rival) c: open_or_shut(owner) }"
        )
    )
    readings = book.definitions["one-text"].readings
    assert readings == {
        "choosy.a": ("wide", "strict"),
        "open_or_shut": ("open_one", "shut_one"),
    }


# --- what definitions share -----------------------------------------------------------------------


def test_definitions_share_what_amendments_leave() -> None:
    """A clause that is not amended is one node in the base and in its descendants."""
    book, _ = checked(
        definition("captures when all of { a: colour is red b: open }", "base-text")
        + definition("widen b with c: licensed", "next-text", "base-text")
    )
    base, amended = (book.definitions[i].captures for i in ("base-text", "next-text"))
    assert base.parts[0] is amended.parts[0]  # type: ignore[union-attr]  # both are All
