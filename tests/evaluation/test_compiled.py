"""What the compiled engine must withstand: depth, width, sharing, and text that is no code."""

from __future__ import annotations

import pytest
from engines import evaluate_on
from shop import SHOP, Plain, settled

from kprules.evaluation.compiled import compile_outcomes
from kprules.evaluation.trace import outcome
from kprules.formula import nodes as n
from kprules.formula.definition import Definition, Judgement, choose
from kprules.formula.nodes import Form, Path

FIELDS = SHOP.root.fields
RECORDS: tuple[Plain, ...] = (
    {"open": True, "size": 1, "items": [{"open": True, "size": 0}]},
    {"open": False, "size": 3, "tags": ["new"], "since": "2020", "until": "2021-01-01"},
    {"items": [{}], "incomplete": ["items"]},
    {},
)


def at(field: str, variable: str = "") -> Path:
    """Return the path of a fact of the shop or of an entry."""
    return Path(variable, "item" if variable else "shop", (field,), FIELDS[field].type)


def leaf(index: int) -> Form:
    """Return one of a few questions."""
    leaves: tuple[Form, ...] = (
        n.Compare(at("open"), "is", True),
        n.Compare(at("size"), ">=", index % 3),
        n.Includes(at("tags"), "any", frozenset({"new"})),
        n.Compare(at("since"), "<", at("until")),
    )
    return leaves[index % len(leaves)]


def groups(depth: int) -> Form:
    """Return *all* in *any* in *all*, so deep."""
    form = leaf(0)
    for index in range(depth):
        form = (n.Any if index % 2 else n.All)((leaf(index), form))
    return form


def denials(depth: int) -> Form:
    """Return *not all* in *not all*, so deep."""
    form = leaf(0)
    for index in range(depth):
        form = n.Not(n.All((leaf(index + 1), form)))
    return form


def loops(depth: int, how: n.How) -> Form:
    """Return quantifiers inside each other over one list, so deep."""
    form: Form = n.Compare(at("open", f"x{depth}"), "is", True)
    for index in range(depth, 0, -1):
        size = n.Compare(at("size", f"x{index}"), "<=", index % 3)
        form = n.Quantified(how, f"x{index}", at("items"), None, n.All((size, form)))
    return form


def judgement(form: Form, name: str = "a-b") -> Judgement:
    """Return a definition that captures where a form holds."""
    return choose(Definition(name, "", "shop", form))


FORMS: dict[str, Form] = {
    "groups, 62 deep": groups(62),
    "denials, 62 deep": denials(62),
    "12 loops": loops(12, "some"),
    "13 loops": loops(13, "every"),
    "60 loops": loops(60, "no"),
    "6 shares": loops(6, n.Share(1, 2, strictly=True)),
    "200 groups of 20": n.Any(tuple(n.All(tuple(map(leaf, range(i, i + 20)))) for i in range(200))),
    "1,000 parts": n.All(tuple(n.Compare(at("size"), ">=", i) for i in range(1000))),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_deep_and_wide_definitions(form: Form) -> None:
    """Whatever the checker lets through is compiled, or else walked, and comes to the same."""
    records = [settled(plain) for plain in RECORDS]
    one = judgement(form)
    assert evaluate_on("compiled", one, records) == evaluate_on("walker", one, records)


def test_all_of_them_together() -> None:
    """So they do in one function, those that are walked among them."""
    judgements = [judgement(form, name) for name, form in FORMS.items()]
    compiled = compile_outcomes(judgements)
    for record in map(settled, RECORDS):
        assert compiled(record) == tuple(outcome(one, record) for one in judgements)


def test_no_definitions() -> None:
    """Nothing to judge is no outcome, not an error."""
    assert compile_outcomes([])(settled({})) == ()


def test_text_is_no_code() -> None:
    """A value that looks like Python is compared and never run."""
    text = '"] or __import__("os").abort() #\n\\'
    one = judgement(
        n.Any((n.Compare(at("name"), "is", text), n.Member(at("motto"), frozenset({text, "'"}))))
    )
    for plain in ({"name": text}, {"motto": "'"}):
        assert evaluate_on("compiled", one, [settled(plain)]) == ["captured"]
