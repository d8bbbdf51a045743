"""Every construct, as it is written and what it is read as."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from rule_texts import definition, form, mistakes, read

from kprules.diagnostics import Problems
from kprules.records.values import LARGEST_NUMBER
from kprules.source import Source, Span
from kprules.syntax import tree
from kprules.syntax.limits import DIGITS
from kprules.syntax.parser import parse

NOWHERE = Span(Source("", ""), 0, 0)


def name(text: str) -> tree.Name:
    """Return a name."""
    return tree.Name(NOWHERE, text)


def path(text: str) -> tree.Path:
    """Return a path."""
    return tree.Path(NOWHERE, tuple(map(name, text.split("."))))


def number(text: str) -> tree.Number:
    """Return a number."""
    return tree.Number(NOWHERE, Decimal(text), text)


def values(*items: tree.Operand) -> tree.Values:
    """Return values in braces."""
    return tree.Values(NOWHERE, items)


def day(text: str) -> tree.Day:
    """Return a date."""
    return tree.Day(NOWHERE, date.fromisoformat(text))


P, Q, V = path("p"), path("p.q"), path("v")
TRUE = tree.Truth(NOWHERE, value=True)
X = name("x")

FORMS: dict[str, tree.Form] = {
    "p": P,
    "p.q": Q,
    "p . q": Q,
    "true": TRUE,
    "false": tree.Truth(NOWHERE, value=False),
    "p is v": tree.Compare(NOWHERE, P, "is", V),
    "p is not v": tree.Compare(NOWHERE, P, "is not", V),
    "p is RUS": tree.Compare(NOWHERE, P, "is", path("RUS")),
    "p is q.r": tree.Compare(NOWHERE, P, "is", path("q.r")),
    "p is true": tree.Compare(NOWHERE, P, "is", TRUE),
    "p is all": tree.Compare(NOWHERE, P, "is", path("all")),
    "p is not and": tree.Compare(NOWHERE, P, "is not", path("and")),
    "p is known.x": tree.Compare(NOWHERE, P, "is", path("known.x")),
    'p is "a \\"b\\" \\\\"': tree.Compare(NOWHERE, P, "is", tree.Text(NOWHERE, 'a "b" \\')),
    "p < 2.50": tree.Compare(NOWHERE, P, "<", number("2.50")),
    "p <= -3": tree.Compare(NOWHERE, P, "<=", number("-3")),
    "p > 2003-01-31": tree.Compare(NOWHERE, P, ">", day("2003-01-31")),
    "p >= q": tree.Compare(NOWHERE, P, ">=", path("q")),
    "p between 1 and 2": tree.Between(NOWHERE, P, number("1"), number("2")),
    "p between and and or": tree.Between(NOWHERE, P, path("and"), path("or")),
    "p in {}": tree.Member(NOWHERE, P, negated=False, values=values()),
    "p in {v, 1,}": tree.Member(NOWHERE, P, negated=False, values=values(V, number("1"))),
    "p in {not_known, none}": tree.Member(
        NOWHERE, P, negated=False, values=values(path("not_known"), path("none"))
    ),
    "p not in s": tree.Member(NOWHERE, P, negated=True, values=tree.SetName(NOWHERE, name("s"))),
    "p in s.t": tree.Member(NOWHERE, P, negated=False, values=tree.SetName(NOWHERE, name("s.t"))),
    "p includes v": tree.Includes(NOWHERE, P, "one", values(V)),
    "p includes none": tree.Includes(NOWHERE, P, "one", values(path("none"))),
    "p includes any of {v}": tree.Includes(NOWHERE, P, "any", values(V)),
    "p includes all of s": tree.Includes(NOWHERE, P, "all", tree.SetName(NOWHERE, name("s"))),
    "p includes none of {}": tree.Includes(NOWHERE, P, "none", values()),
    "p overlaps q": tree.Overlaps(NOWHERE, P, path("q")),
    "p is known": tree.Known(NOWHERE, P, known=True),
    "p is unknown": tree.Known(NOWHERE, P, known=False),
    "p is not known": tree.Known(NOWHERE, P, known=False),
    "p is not unknown": tree.Known(NOWHERE, P, known=True),
    "t(p, p.q)": tree.Apply(NOWHERE, name("t"), (P, Q)),
    "not p": tree.Not(NOWHERE, P),
    "not p is v": tree.Not(NOWHERE, tree.Compare(NOWHERE, P, "is", V)),
    "not p and v": tree.And(NOWHERE, (tree.Not(NOWHERE, P), V)),
    "p and v and p": tree.And(NOWHERE, (P, V, P)),
    "p or v or p": tree.Or(NOWHERE, (P, V, P)),
    "p or v and p": tree.Or(NOWHERE, (P, tree.And(NOWHERE, (V, P)))),
    "(p or v) and p": tree.And(NOWHERE, (tree.Parenthesised(NOWHERE, tree.Or(NOWHERE, (P, V))), P)),
    "some x in p has v": tree.Quantified(NOWHERE, "some", X, P, None, V),
    "every x in p.q where v or p has v": tree.Quantified(
        NOWHERE, "every", X, Q, tree.Or(NOWHERE, (V, P)), V
    ),
    "no x in p has not v": tree.Quantified(NOWHERE, "no", X, P, None, tree.Not(NOWHERE, V)),
    "at least 2 x in p has v": tree.Quantified(
        NOWHERE, tree.Count(NOWHERE, "at least", 2), X, P, None, V
    ),
    "more than 1/2 x in p has v": tree.Quantified(
        NOWHERE, tree.Count(NOWHERE, "more than", 1, 2), X, P, None, V
    ),
    "some x in p has p or v": tree.Or(
        NOWHERE, (tree.Quantified(NOWHERE, "some", X, P, None, P), V)
    ),
    "some x in p where some x in p has v has v": tree.Quantified(
        NOWHERE, "some", X, P, tree.Quantified(NOWHERE, "some", X, P, None, V), V
    ),
    'all of { a: p  b "words": v }': tree.Group(
        NOWHERE,
        "all",
        (
            tree.Clause(NOWHERE, name("a"), None, P),
            tree.Clause(NOWHERE, name("b"), tree.Text(NOWHERE, "words"), V),
        ),
    ),
    "none of { a: p }": tree.Group(NOWHERE, "none", (tree.Clause(NOWHERE, name("a"), None, P),)),
    "reading of { a: p }": tree.ReadingOf(NOWHERE, (tree.Clause(NOWHERE, name("a"), None, P),)),
}


@pytest.mark.parametrize("text", FORMS)
def test_a_form_is_read_as_its_tree(text: str) -> None:
    """Expect the tree beside each spelling."""
    assert form(text) == FORMS[text]


def test_places_cover_the_words() -> None:
    """Expect every form's place to be exactly its spelling."""
    for text in FORMS:
        assert form(text).span.text == text


def _nodes(node: object) -> list[tree.Written]:
    if isinstance(node, tuple):
        return [inner for each in node for inner in _nodes(each)]
    if not is_dataclass(node) or isinstance(node, Span | Source):
        return []
    inner = [n for f in fields(node) for n in _nodes(getattr(node, f.name))]
    return [*inner, node] if isinstance(node, tree.Written) else inner


def test_every_place_lies_in_its_own_file(root: Path) -> None:
    """Expect the places of every node of the shipped rules to say the words they stand for."""
    for file in sorted((root / "rules").glob("*.kpr")):
        text = file.read_text(encoding="utf-8")
        parsed = read(text)
        for node in _nodes(parsed.items):
            covered = node.span.text
            assert covered == covered.strip() != ""
            match node:
                case tree.Name(text=words):
                    assert covered == words
                case tree.Text(text=words):
                    assert covered[0] in '"<'
                    assert len(covered) >= len(words) + 2
                case tree.Clause(label=label):
                    assert covered.startswith(label.text)


HEADER = """about meeting outcome "adopted" proposer "A, B" status in_force since 2003-01-01
  until 2004-02-29 same_as c-d source "words" source s2 source seed-003 "words" <https://e.org/#x>
  source "x" <HTTP://e.org> note "n" note "n" captures when true"""


def test_a_header_is_read_in_order() -> None:
    """Expect every keyword with its value, sources and notes as often as they stand there."""
    read_as = definition(HEADER)
    assert [h.keyword if isinstance(h, tree.Header) else "source" for h in read_as.headers] == [
        "about", "outcome", "proposer", "status", "since", "until", "same_as",
        "source", "source", "source", "source", "note", "note",
    ]  # fmt: skip
    assert read_as.headers[0] == tree.Header(NOWHERE, "about", name("meeting"))
    assert read_as.headers[4] == tree.Header(NOWHERE, "since", day("2003-01-01"))
    sources = [h for h in read_as.headers if isinstance(h, tree.SourceHeader)]
    assert [
        (s.key and s.key.text, s.text and s.text.text, s.url and s.url.text) for s in sources
    ] == [
        (None, "words", None),
        ("s2", None, None),
        ("seed-003", "words", "https://e.org/#x"),
        (None, "x", "HTTP://e.org"),
    ]


def test_a_base_keeps_its_exceptions_apart() -> None:
    """Expect the clause `captures`, exceptions beside it, no amendments."""
    base = definition("captures when p except when e: v except when f: v")
    assert base.captures == tree.Clause(NOWHERE, name("captures"), None, P)
    assert [e.clause.label.text for e in base.exceptions] == ["e", "f"]
    assert base.amendments == ()


def test_amendments_stand_in_the_order_written() -> None:
    """Expect every kind of amendment in its place, exceptions among them."""
    amending = definition(
        'replace a "w" with p remove captures except when e: v widen a with b: p '
        "narrow a with b: p extend a with b: all of { c: p }",
        "definition a-b amends c-d",
    )
    assert [type(a).__name__ for a in amending.amendments] == [
        "Replace", "Remove", "Except", "Change", "Change", "Change",
    ]  # fmt: skip
    assert amending.exceptions == ()
    assert amending.amends == name("c-d")
    assert amending.amendments[0] == tree.Replace(NOWHERE, name("a"), tree.Text(NOWHERE, "w"), P)


def test_expectations_carry_their_conditions() -> None:
    """Expect outcome, conditions and cases; a definition's id before the label of a reading."""
    expects = definition(
        "captures when p expect captured a-b, c-d expect undetermined under "
        "{view ukraine, standard alleged, reading k-2.r = s,} a-b"
    ).expects
    assert expects[0] == tree.Expect(NOWHERE, "captured", (), (name("a-b"), name("c-d")))
    assert expects[1].conditions == (
        tree.Condition(NOWHERE, "view", name("ukraine")),
        tree.Condition(NOWHERE, "standard", name("alleged")),
        tree.Condition(NOWHERE, "reading", name("k-2.r"), name("s")),
    )


def test_terms_and_sets_are_read() -> None:
    """Expect parameters, words and body; values of every kind."""
    term, set_of = read('term t(x: goods, y: period) "w" { x.q } set s = {RUS, "a", 1, v}').items
    assert term == tree.Term(
        NOWHERE,
        name("t"),
        (
            tree.Parameter(NOWHERE, name("x"), name("goods")),
            tree.Parameter(NOWHERE, name("y"), name("period")),
        ),
        tree.Text(NOWHERE, "w"),
        path("x.q"),
    )
    assert isinstance(set_of, tree.SetOf)
    assert len(set_of.values.items) == 4


def test_clauses_know_who_wrote_them() -> None:
    """Expect the id of the definition, or the term's name, on every clause."""
    text = "definition a-b { captures when all of { c: p } } term t(x: y) { all of { d: x.q } }"
    base, term = read(text).items
    assert isinstance(base, tree.Definition)
    assert isinstance(term, tree.Term)
    assert base.captures is not None
    assert base.captures.origin == "a-b"
    assert isinstance(base.captures.form, tree.Group)
    assert base.captures.form.clauses[0].origin == "a-b"
    assert isinstance(term.form, tree.Group)
    assert term.form.clauses[0].origin == "term t"


def test_fields_may_bear_the_languages_words() -> None:
    """Expect words of the language as fields, first or behind a dot, wherever none is meant."""
    assert form("status.until.not is is") == tree.Compare(
        NOWHERE, path("status.until.not"), "is", path("is")
    )
    assert form("some x in all has x.has") == tree.Quantified(
        NOWHERE, "some", X, path("all"), None, path("x.has")
    )
    assert form("island is islands or hashtag") == tree.Or(
        NOWHERE, (tree.Compare(NOWHERE, path("island"), "is", path("islands")), path("hashtag"))
    )


def test_line_ends_and_byte_order_marks_do_not_matter() -> None:
    """Expect the same tree from a file of Windows, with a byte-order mark and without."""
    text = "# first\nset a = {b,\n  c}\n\n# last\n"
    plain = read(text)
    windows = read("\ufeff" + text.replace("\n", "\r\n"))
    assert windows.items == plain.items
    assert [c.text for c in windows.comments] == [c.text for c in plain.comments]
    assert windows.items[0].span.line == plain.items[0].span.line == 2


def test_comments_say_whether_they_have_their_line() -> None:
    """Expect text, place and kind of each comment, and none inside texts and links."""
    text = 'set a = {b} # behind\n  # own\nset c = {"# no"}\n#last'
    assert [(c.text, c.own_line) for c in read(text).comments] == [
        ("# behind", False),
        ("# own", True),
        ("#last", True),
    ]
    assert read(HEADER.join(("definition a-b {", "}"))).comments == ()


def test_an_empty_file_is_no_mistake() -> None:
    """Expect nothing of nothing, and of comments alone."""
    assert read("").items == ()
    assert read(" \n# only words\n").items == ()


def test_sound_items_outlive_their_neighbours() -> None:
    """Expect the items without mistakes although others could not be read."""
    text = "set a = {b}\nterm t(x: y) { x. }\ndefinition a-b { captures when p }\nset c = "
    problems = Problems()
    file = parse(Source("test.kpr", text), problems)
    assert [type(item).__name__ for item in file.items] == ["SetOf", "Definition"]
    assert len(problems.found) == 2


def test_many_mistakes_are_told_at_once() -> None:
    """Expect one problem for each of five mistakes in one definition."""
    text = """definition a-b {
  status blokced
  note No quotes
  captures when all of {
    a: goods.form is
    b: goods.form = rough
    c: at least 0 x in xs has x.a
  }
}
"""
    assert [p.span.line for p in mistakes(text) if p.span] == [2, 3, 6, 6, 7]


def test_rules_and_cases_have_one_limit_of_numbers() -> None:
    """What a rule may name, a fact may be, and the other way round."""
    assert 10**DIGITS == LARGEST_NUMBER
