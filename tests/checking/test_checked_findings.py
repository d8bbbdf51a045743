"""Forms that no case can make true, or false: found where the text shows it, and nowhere else."""

from collections.abc import Mapping
from typing import Any

import pytest
from drawn_records import record
from hypothesis import given
from picks import Pick, drawn, one
from reference import truth_of
from rulebooks import checked, definition
from shop import SHOP, Plain
from strategies import Writer

from kprules.checking.findings import Verdict, clash, leaf_verdict, quantified_verdict, tautology
from kprules.checking.paths import Paths
from kprules.diagnostics import Problems
from kprules.formula import nodes as n

NEVER = {
    "colour is red and colour is green": "colour is green",
    "colour is red and colour is not red": "colour is not red",
    "colour in {red, green} and colour is blue": "colour is blue",
    "colour in {red} and licensed and colour in {green}": "colour in {green}",
    "colour not in {red, green} and colour is not blue and colour is known": "colour is not blue",
    "open and not open": "not open",
    "open and open is false": "open is false",
    "size > 5 and size < 3": "size < 3",
    "size > 5 and size <= 5": "size <= 5",
    "size between 1 and 5 and size > 5": "size > 5",
    "size is 3 and size > 3": "size > 3",
    "since < 2020-01-01 and since >= 2020-01-01": "since >= 2020-01-01",
    "size in {1, 5} and size > 2 and size < 4": "size < 4",
    "size <= 5 and size in {6, 7}": "size in {6, 7}",
    "not not open and not open": "not open",
    "open and not (licensed or open)": "open",
    "size < size": "size < size",
    "colour in {}": "colour in {}",
    "tags includes any of {}": "tags includes any of {}",
    "colour is unknown and colour is red": "colour is red",
    "colour is unknown and colour is not red": "colour is not red",
    "tags includes new and tags includes none of {new}": "tags includes none of {new}",
    "items is known and items is unknown": "items is unknown",
    "owner is none and owner is not none": "owner is not none",
    'name is "a" and name is "b"': 'name is "b"',
    "all of { a: open b: all of { c: licensed d: not open } }": "not open",
    "all of { a: open b: none of { c: open d: licensed } }": "open",
    "(some i in items has i.open) and (no i in items has i.open)": "no i in items has i.open",
    "more than 1/1 i in items has i.open": "more than 1/1 i in items has i.open",
    "some i in items where i.open has not i.open": "some i in items where i.open has not i.open",
}
ALWAYS = {
    "open or not open": "not open",
    "colour is red or colour is not red": "colour is not red",
    "colour is red or colour in {green, blue}": "colour in {green, blue}",
    "size < 5 or size >= 5": "size >= 5",
    "colour in {red, green, blue}": "colour in {red, green, blue}",
    "size <= size": "size <= size",
    "tags includes all of {}": "tags includes all of {}",
    "colour not in {}": "colour not in {}",
    "not (open and not open)": "not open",
    "no i in items where i.open has not i.open": "no i in items where i.open has not i.open",
    "not colour in {}": "colour in {}",
    "any of { a: open b: any of { c: licensed d: not open } }": "not open",
    "every i in items where i.open has i.open": "every i in items where i.open has i.open",
    "some i in items has i is known": "i is known",
    "some i in items has (i.open or i is known)": "i is known",
}
NEITHER = (
    "true",
    "not true",
    "false or false",
    "open and true",
    "open or true",
    "colour is red and trim is green",
    "colour is red or colour is green",
    "size > 3 and size < 5",
    "size >= 5 and size <= 5",
    "tags includes new and tags includes old",
    "colour is not red and colour is not green",
    "items is known",
    # beyond a reference that is none, every comparison is false, and its negation true
    "owner.colour is owner.colour",
    "owner.size <= owner.size",
    "owner.colour in {red, green, blue}",
    "owner.size < 5 or owner.size >= 5",
    "owner.colour is not red and owner.colour is not green and owner.colour is not blue",
    "lease overlaps lease",
    # one entry and another may differ
    "(some i in items has i.open) and (some i in items has not i.open)",
    "(some i in items has i.open) and (some j in items has not j.open)",
    "some i in items where i.open has i.colour is red",
)


def _warned(text: str) -> list[tuple[str, str]]:
    _, problems = checked(definition(f"captures when {text}"))
    assert [p.message for p in problems if p.is_error] == []
    return [(p.code, p.span.text) for p in problems if p.span]


@pytest.mark.parametrize(("text", "words"), NEVER.items(), ids=NEVER.keys())
def test_what_never_holds_is_found(text: str, words: str) -> None:
    """One warning, at the part that makes the form impossible."""
    assert _warned(text) == [("never", words)]


@pytest.mark.parametrize(("text", "words"), ALWAYS.items(), ids=ALWAYS.keys())
def test_what_always_holds_is_found(text: str, words: str) -> None:
    """One warning, at the part that makes the form certain; a denial of nothing is one."""
    expected = "never" if text.startswith(("not colour", "not (")) else "always"
    assert _warned(text) == [(expected, words)]


@pytest.mark.parametrize("text", NEITHER)
def test_what_a_case_decides_is_left_alone(text: str) -> None:
    """A literal is meant, and a form that some case makes true and some false is no finding."""
    assert _warned(text) == []


def test_an_empty_set_of_values_asks_nothing() -> None:
    """`in {}` is false of an unknown fact too, so that no more follows from it."""
    assert _warned("colour in {} or colour is known") == [("never", "colour in {}")]


def test_bounds_of_a_field_count() -> None:
    """Numbers that a field cannot hold are never there, and those it must hold always."""
    head = "about fair"
    cases = {
        "visitors < 0": "never",
        "visitors is 2.5": "never",
        "visitors in {-1, 0.5}": "never",
        "rating > 10": "never",
        "rating >= 10 and rating > 9.5": "",
        "rating < 20": "always",
        "visitors >= 0": "always",
        "not visitors < 0": "never",
        "rating <= 10": "always",
        "rating between -5 and -1": "never",
        "rating is 2.5": "",
        "visitors is not 2.5": "always",
    }
    for text, expected in cases.items():
        _, problems = checked(definition(f"captures when {text}", head=head))
        assert [p.code for p in problems] == ([expected] if expected else []), text


def test_a_contradiction_is_reported_once_for_all_descendants() -> None:
    """A descendant that keeps the clauses does not repeat the warning; one that adds one does."""
    base = definition("captures when all of { a: open b: colour is red c: licensed }", "base-text")
    kept = definition("remove c", "next-text", "base-text")
    clashing = definition("narrow b with d: colour is green", "bad-text", "base-text")
    _, problems = checked(base + kept + clashing)
    (problem,) = problems
    assert problem.code == "never"
    assert problem.span is not None
    assert problem.span.text == "colour is green"
    assert [span.text for span, _ in problem.also] == ["colour is red"]


VACUOUS = {
    "every i in items has i.open": True,
    "no i in items has i.open": True,
    "not some i in items has i.open": True,
    "all of { a: every i in items has i.open b: no m in makers has m.open }": True,
    "reading of { a: every i in items has i.open b: no i in items has i.open }": True,
    "reading of { a: every i in items has i.open b: some i in items has i.open }": False,
    "open and every i in items has i.open": False,
    "some i in items has every p in i.pieces has p.open": False,
    "every i in items has some p in i.pieces has p.open": True,
    "at least 1/2 i in items has i.open": False,
    "at least 1 i in items has i.open": False,
    "true": False,
    "true or some i in items has i.open": False,
    "open": False,
}


@pytest.mark.parametrize(("text", "vacuous"), VACUOUS.items(), ids=VACUOUS.keys())
def test_an_exception_that_an_empty_list_satisfies_is_found(text: str, vacuous: bool) -> None:
    """`every` and `no` hold of no entries at all: an exception by them alone lets such cases go."""
    _, problems = checked(definition(f"captures when open\nexcept when lone: {text}"))
    assert [p.code for p in problems] == ["vacuous-exception"] * vacuous


# --- against the oracle ---------------------------------------------------------------------------

PATHS = Paths(SHOP, Problems())
_FACTS = ("open", "colour", "size", "since", "grade", "tags", "owner")


def _near(pick: Pick) -> tuple[n.Form, list[n.Form]]:
    """Draw a group of comparisons that meet often: two facts, some of them negated."""
    writer, scope = Writer(pick), (("", "shop"),)
    parts: list[n.Form] = []
    for _ in range(2 + pick(3)):
        leaf = writer.form(scope, 1) if pick(4) == 3 else _leaf(pick)
        parts.append(n.Not(leaf) if pick(3) == 2 else leaf)
    return (n.All if pick(2) else n.Any)(tuple(parts)), parts


def _leaf(pick: Pick) -> n.Form:
    shape = SHOP.root.fields
    name = one(pick, ("colour", "size", "open"))
    start = one(pick, ((), (), ("owner",), ("site", "keeper")))
    path = n.Path("", "shop", (*start, name), shape[name].type)
    if pick(6) == 5:
        return n.Known(path)
    if name == "open":
        return n.Compare(path, "is", not pick(2))
    if name == "colour":
        values = frozenset(c for c in ("red", "green", "blue") if pick(2))
        return n.Member(path, values) if pick(2) else n.Compare(path, "is", "red")
    return n.Compare(path, one(pick, ("is", "<", "<=", ">", ">=")), pick(3) * 5)


groups = drawn(_near)
records = drawn(record)


def _verdict(form: n.Form, parts: list[n.Form]) -> Verdict | None:
    if isinstance(form, n.All):
        return "never" if clash(parts, PATHS.may_be_absent) else None
    return "always" if tautology(parts, PATHS.may_be_absent) else None


@given(group=groups, plain=records)
def test_no_record_refutes_a_finding(group: tuple[n.Form, list[n.Form]], plain: Plain) -> None:
    """What is called never is true of no record, and what is called always false of none."""
    form, parts = group
    scope: Mapping[str, Any] = {"": plain}
    verdict = _verdict(form, parts)
    assert (verdict, truth_of(form, scope)) not in {("never", "t"), ("always", "f")}
    for part in parts:
        verdict = leaf_verdict(part, PATHS.may_be_absent)
        assert (verdict, truth_of(part, scope)) not in {("never", "t"), ("always", "f")}
        if isinstance(part, n.Quantified):
            found = quantified_verdict(part, PATHS.may_be_absent)
            said = found[0] if found else None
            assert (said, truth_of(part, scope)) not in {("never", "t"), ("always", "f")}
