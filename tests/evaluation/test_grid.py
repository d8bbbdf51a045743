"""Every operator on every value that matters, on every engine.

The expected truths are typed in: `t`, `f` or `u` for each column.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from engines import ENGINES, evaluate_on
from shop import SHOP, Plain, settled

from kprules.formula import nodes as n
from kprules.formula.definition import Definition, choose
from kprules.formula.nodes import Form, Path
from kprules.formula.paths import path_to
from kprules.records.shape import Type

OUTCOMES = {"t": "captured", "f": "not_captured", "u": "undetermined"}
ENGINE = pytest.mark.parametrize("engine", ENGINES)


def at(dotted: str) -> Path:
    """Return the path of a shop's fact."""
    return path_to(SHOP, "", "shop", dotted.split("."))


def truth(engine: str, form: Form, plain: Plain) -> str:
    """Return the truth of a form on a record, and of its negation, which must be the opposite."""
    (found,), (opposite,) = (
        evaluate_on(engine, choose(Definition("a-b", "", "shop", f)), [settled(plain)])
        for f in (form, n.Not(form))
    )
    letter = next(k for k, v in OUTCOMES.items() if v == found)
    assert opposite == OUTCOMES[{"t": "f", "f": "t", "u": "u"}[letter]]
    return letter


Make = Callable[[Path, Any], Form]
MAKES: dict[str, Make] = {
    "is": lambda p, v: n.Compare(p, "is", v),
    "is not": lambda p, v: n.Not(n.Compare(p, "is", v)),
    "<": lambda p, v: n.Compare(p, "<", v),
    "<=": lambda p, v: n.Compare(p, "<=", v),
    ">": lambda p, v: n.Compare(p, ">", v),
    ">=": lambda p, v: n.Compare(p, ">=", v),
    "between": lambda p, v: n.All((n.Compare(p, ">=", v), n.Compare(p, "<=", v))),
    "in": lambda p, v: n.Member(p, frozenset({v})),
    "not in": lambda p, v: n.Not(n.Member(p, frozenset({v}))),
    "in {}": lambda p, _: n.Member(p, frozenset()),
    "is known": lambda p, _: n.Known(p),
    "is unknown": lambda p, _: n.Not(n.Known(p)),
}

# operator: below, equal, above, unknown, absent
ORDERED = {
    "is": "ftfuf",
    "is not": "tftut",
    "<": "tffuf",
    "<=": "ttfuf",
    ">": "fftuf",
    ">=": "fttuf",
    "between": "ftfuf",
    "in": "ftfuf",
    "not in": "tftut",
    "in {}": "fffff",
    "is known": "tttft",
    "is unknown": "ffftf",
}


@ENGINE
@pytest.mark.parametrize(("operator", "expected"), ORDERED.items())
def test_numbers(engine: str, operator: str, expected: str) -> None:
    """A number beside 5."""
    numbers: list[tuple[str, Plain]] = [
        *(("size", {"size": number}) for number in (4, 5, 6)),
        ("size", {}),
        ("owner.size", {"owner": "none"}),
    ]
    found = [truth(engine, MAKES[operator](at(fact), 5), plain) for fact, plain in numbers]
    assert "".join(found) == expected


@ENGINE
@pytest.mark.parametrize(("operator", "expected"), ORDERED.items())
def test_days(engine: str, operator: str, expected: str) -> None:
    """A day beside 15 June 2020."""
    day = date(2020, 6, 15)
    found = [
        truth(engine, MAKES[operator](at(fact), day), plain)
        for fact, plain in [
            ("since", {"since": "2020-06-14"}),
            ("since", {"since": "2020-06-15"}),
            ("since", {"since": "2020-06-16"}),
            ("since", {}),
            ("owner.since", {"owner": "none"}),
        ]
    ]
    assert "".join(found) == expected


# operator: 2019, 2020, 2021, 2020-05, 2020-06, 2020-07, all beside 2020-06-15
PARTIAL = {
    "is": "fuffuf",
    "is not": "tuttut",
    "<": "tuftuf",
    "<=": "tuftuf",
    ">": "futfut",
    ">=": "futfut",
    "between": "fuffuf",
    "in": "fuffuf",
    "not in": "tuttut",
    "in {}": "ffffff",
    "is known": "tttttt",
    "is unknown": "ffffff",
}
# the same beside the last day, then the first day, of June 2020, of the value `2020-06`
EDGES = {
    "is": "uu",
    "<": "uf",
    "<=": "tu",
    ">": "fu",
    ">=": "ut",
}


@ENGINE
@pytest.mark.parametrize(("operator", "expected"), PARTIAL.items())
def test_dates_that_stop_short(engine: str, operator: str, expected: str) -> None:
    """A month or year beside a day: unknown where some day in it would change the answer."""
    written = ["2019", "2020", "2021", "2020-05", "2020-06", "2020-07"]
    form = MAKES[operator](at("since"), date(2020, 6, 15))
    assert "".join(truth(engine, form, {"since": text}) for text in written) == expected


@ENGINE
@pytest.mark.parametrize(("operator", "expected"), EDGES.items())
def test_edges_of_a_month(engine: str, operator: str, expected: str) -> None:
    """A month beside its own last and first day."""
    days = [date(2020, 6, 30), date(2020, 6, 1)]
    found = [truth(engine, MAKES[operator](at("since"), day), {"since": "2020-06"}) for day in days]
    assert "".join(found) == expected


# operator: another, equal, unknown, absent
NAMED = {
    "is": "ftuf",
    "is not": "tfut",
    "in": "ftuf",
    "not in": "tfut",
    "in {}": "ffff",
    "is known": "ttft",
    "is unknown": "fftf",
}


@ENGINE
@pytest.mark.parametrize(("operator", "expected"), NAMED.items())
@pytest.mark.parametrize(
    ("field", "other", "equal"),
    [("open", False, True), ("open", True, False), ("colour", "red", "blue"), ("name", "a", "b")],
)
def test_names_and_truths(
    engine: str, field: str, other: Any, equal: Any, operator: str, expected: str
) -> None:
    """A truth, an enumerated value and a text beside a value."""
    found = [
        truth(engine, MAKES[operator](at(fact), equal), plain)
        for fact, plain in [
            (field, {field: other}),
            (field, {field: equal}),
            (field, {}),
            (f"owner.{field}", {"owner": "none"}),
        ]
    ]
    assert "".join(found) == expected


# operator: some maker, none, unknown, beyond none
REFERENCES = {
    "is": "ftuf",
    "is not": "tfut",
    "in": "ftuf",
    "not in": "tfut",
    "is known": "ttft",
    "is unknown": "fftf",
}


@ENGINE
@pytest.mark.parametrize(("operator", "expected"), REFERENCES.items())
def test_references_beside_none(engine: str, operator: str, expected: str) -> None:
    """A reference beside `none`: one beyond a reference that is none is not there to be none."""
    references: list[tuple[str, Plain]] = [
        ("owner", {"makers": {"m": {}}, "owner": "m"}),
        ("owner", {"owner": "none"}),
        ("owner", {}),
        ("owner.partner", {"owner": "none"}),
    ]
    found = [truth(engine, MAKES[operator](at(fact), n.NONE), plain) for fact, plain in references]
    assert "".join(found) == expected


@ENGINE
@pytest.mark.parametrize("operator", ["is", "<", "<=", ">", ">="])
@pytest.mark.parametrize("left", ["1", "2", "unknown", "absent"])
@pytest.mark.parametrize("right", ["1", "2", "unknown", "absent"])
def test_facts_beside_facts(engine: str, operator: str, left: str, right: str) -> None:
    """False where either is not there; unknown where either is; else as the numbers compare."""
    plain: Plain = {"owner": "none"}
    sides = []
    for value, field in ((left, "size"), (right, "weight")):
        if value.isdigit():
            plain[field] = int(value)
        sides.append(at("owner.size") if value == "absent" else at(field))
    form = MAKES[operator](sides[0], sides[1])
    if "absent" in (left, right):
        expected = "f"
    elif "unknown" in (left, right):
        expected = "u"
    else:
        column = {("1", "2"): 0, ("1", "1"): 1, ("2", "2"): 1, ("2", "1"): 2}[left, right]
        expected = ORDERED[operator][column]
    assert truth(engine, form, plain) == expected


@ENGINE
@pytest.mark.parametrize("fact", ["size", "colour", "name", "open", "since", "owner"])
def test_a_fact_beside_itself(engine: str, fact: str) -> None:
    """Unknown beside itself where it is unknown: ask `is known`."""
    form = n.Compare(at(fact), "is", at(fact))
    known: dict[str, Plain] = {
        "size": {"size": 1},
        "colour": {"colour": "red"},
        "name": {"name": "a"},
        "open": {"open": False},
        "since": {"since": "2020-01-01"},
        "owner": {"owner": "none"},
    }
    assert truth(engine, form, {}) == "u"
    assert truth(engine, form, known[fact]) == "t"
    if fact != "owner":
        beyond = at(f"owner.{fact}")
        assert truth(engine, n.Compare(beyond, "is", beyond), {"owner": "none"}) == "f"


@ENGINE
def test_references_beside_references(engine: str) -> None:
    """The same entry is the same; none is none; beyond none there is nothing to be the same."""
    form = n.Compare(at("owner"), "is", at("rival"))
    two: Plain = {"makers": {"a": {"size": 1}, "b": {"size": 1}}}
    assert truth(engine, form, {**two, "owner": "a", "rival": "a"}) == "t"
    assert truth(engine, form, {**two, "owner": "a", "rival": "b"}) == "f"
    assert truth(engine, form, {**two, "owner": "none", "rival": "b"}) == "f"
    assert truth(engine, form, {**two, "owner": "a"}) == "u"
    partners = n.Compare(at("owner.partner"), "is", at("rival.partner"))
    none: Plain = {"makers": {"a": {"partner": "none"}, "b": {"partner": "none"}}}
    assert truth(engine, partners, {**none, "owner": "a", "rival": "b"}) == "t"
    assert truth(engine, partners, {**none, "owner": "none", "rival": "b"}) == "f"
    beyond = n.Compare(at("owner.partner"), "is", at("owner.partner"))
    assert truth(engine, beyond, {"owner": "none"}) == "f"


NEW, OLD = frozenset({"new"}), frozenset({"new", "old"})
# form: [], [new], [new old], [rare], [rare ?], [new ?], unknown, absent
SETS: dict[str, tuple[Form, str]] = {
    "any of new": (n.Includes(at("tags"), "any", NEW), "fttfutuf"),
    "all of new": (n.Includes(at("tags"), "all", NEW), "fttfutuf"),
    "any of both": (n.Includes(at("tags"), "any", OLD), "fttfutuf"),
    "all of both": (n.Includes(at("tags"), "all", OLD), "fftfuuuf"),
    "any of {}": (n.Includes(at("tags"), "any", frozenset()), "ffffffff"),
    "all of {}": (n.Includes(at("tags"), "all", frozenset()), "tttttttt"),
    "is known": (n.Known(at("tags")), "ttttttft"),
}


@ENGINE
@pytest.mark.parametrize(("form", "expected"), SETS.values(), ids=SETS)
def test_sets(engine: str, form: Form, expected: str) -> None:
    """Listed is listed; what is not listed is unknown where a member is."""
    found = [
        truth(engine, form, {"tags": tags})
        for tags in ([], ["new"], ["new", "old"], ["rare"], ["rare", None], ["new", None])
    ]
    found.append(truth(engine, form, {}))
    found.append(truth(engine, _beyond_none(form), {"owner": "none"}))
    assert "".join(found) == expected


def _beyond_none(form: Form) -> Form:
    match form:
        case n.Includes(_, how, values):
            return n.Includes(at("owner.tags"), how, values)
        case _:
            return n.Known(at("owner.tags"))


SPRING = {"from": "2020-03-01", "to": "2020-05-31"}
PERIODS: dict[str, tuple[Plain, str]] = {
    "within": ({"from": "2020-04-01", "to": "2020-04-30"}, "t"),
    "around": ({"from": "2019-01-01", "to": "2021-01-01"}, "t"),
    "to its first day": ({"from": "2020-01-01", "to": "2020-03-01"}, "t"),
    "to the day before": ({"from": "2020-01-01", "to": "2020-02-29"}, "f"),
    "from its last day": ({"from": "2020-05-31", "to": "2020-06-30"}, "t"),
    "from the day after": ({"from": "2020-06-01", "to": "2020-06-30"}, "f"),
    "still going on": ({"from": "2020-01-01", "to": "ongoing"}, "t"),
    "going on since after": ({"from": "2020-06-01", "to": "ongoing"}, "f"),
    "from before to whenever": ({"from": "2020-01-01"}, "u"),
    "from within to whenever": ({"from": "2020-04-01"}, "t"),
    "from its first day to whenever": ({"from": "2020-03-01"}, "t"),
    "from a month within to whenever": ({"from": "2020-05"}, "t"),
    "from some day of the year to whenever": ({"from": "2020"}, "u"),
    "from after to whenever": ({"from": "2020-06-01"}, "f"),
    "since whenever to before": ({"to": "2020-02-01"}, "f"),
    "since whenever to within": ({"to": "2020-04-01"}, "t"),
    "since whenever to its last day": ({"to": "2020-05-31"}, "t"),
    "since whenever to after": ({"to": "2020-06-01"}, "u"),
    "since whenever and going on": ({"to": "ongoing"}, "u"),
    "in a month that meets": ({"from": "2020-01-01", "to": "2020-03"}, "t"),
    "in a month that may meet": ({"from": "2020-01-01", "to": "2020"}, "u"),
    "whenever": ({}, "u"),
}


@ENGINE
@pytest.mark.parametrize(("other", "expected"), PERIODS.values(), ids=PERIODS)
def test_periods(engine: str, other: Plain, expected: str) -> None:
    """Two periods share a day; an end that is not known decides only where it could."""
    for first, second in (("trading", "lease"), ("lease", "trading")):
        form = n.Overlaps(at(first), at(second))
        assert truth(engine, form, {"trading": SPRING, "lease": other}) == expected


@ENGINE
def test_periods_whose_nearer_ends_are_both_unknown(engine: str) -> None:
    """A period ends no sooner than it begins: one that had ended by then had begun."""
    form = n.Overlaps(at("trading"), at("lease"))
    for day, expected in (("2020-03-01", "t"), ("2020-02-29", "u"), ("2020-03-02", "f")):
        ended, begun = {"to": "2020-03-01"}, {"from": day}
        for first, second in ((ended, begun), (begun, ended)):
            assert truth(engine, form, {"trading": first, "lease": second}) == expected


@ENGINE
@pytest.mark.parametrize("op", ["is", "<", "<=", ">", ">="])
def test_what_is_beyond_none_beside_what_is_unknown(engine: str, op: n.Op) -> None:
    """Beyond a reference that is none nothing compares, known or unknown."""
    for names in (("owner.size", "size"), ("owner.since", "since"), ("owner.trading.to", "since")):
        for left, right in (names, names[::-1]):
            form = n.Compare(at(left), op, at(right))
            assert truth(engine, form, {"owner": "none"}) == "f"
            assert truth(engine, n.Not(form), {"owner": "none"}) == "t"
            assert truth(engine, form, {}) == "u"
    deeper = n.Compare(at("owner.partner.size"), op, at("size"))
    makers = {"m-1": {"partner": "none"}}
    assert truth(engine, deeper, {"owner": "m-1", "makers": makers}) == "f"
    assert truth(engine, deeper, {"owner": "none"}) == "f"


@ENGINE
def test_periods_left_out_and_beyond_none(engine: str) -> None:
    """A period that is left out may overlap; one beyond a reference that is none does not."""
    assert truth(engine, n.Overlaps(at("trading"), at("lease")), {"trading": SPRING}) == "u"
    beyond = n.Overlaps(at("trading"), at("owner.trading"))
    assert truth(engine, beyond, {"trading": SPRING, "owner": "none"}) == "f"
    assert truth(engine, n.Known(at("owner.trading")), {"owner": "none"}) == "t"
    known = n.Known(at("trading"))
    cases: list[tuple[Plain, str]] = [
        ({}, "f"),
        ({"trading": {}}, "f"),
        ({"trading": {"from": "2020"}}, "f"),
        ({"trading": {"to": "2020"}}, "f"),
        ({"trading": {"from": "2020", "to": "2021"}}, "t"),
        ({"trading": {"from": "2020", "to": "ongoing"}}, "t"),
    ]
    for plain, expected in cases:
        assert truth(engine, known, plain) == expected


TYPES: dict[str, tuple[Any, Any]] = {
    "site": ({}, {"size": 1}),
    "makers": ({}, {"a": {}}),
    "items": ([], [{}]),
    "owner": ("none", "none"),
}


@ENGINE
@pytest.mark.parametrize("field", TYPES)
def test_known_records_and_lists(engine: str, field: str) -> None:
    """A record, list or reference is known where it is recorded at all, even with nothing in it."""
    known = n.Known(at(field))
    assert truth(engine, known, {}) == "f"
    for raw in TYPES[field]:
        assert truth(engine, known, {field: raw}) == "t"
    if field in {"makers", "items"}:
        assert truth(engine, known, {field: TYPES[field][0], "incomplete": [field]}) == "t"


def entry(field: str, kind: Type) -> Path:
    """Return the path of an item's fact."""
    return Path("x", "item", (field,), kind)


OPEN = n.Compare(entry("open", SHOP.shape_of("item").fields["open"].type), "is", True)
HOWS: dict[str, n.How] = {
    "some": "some",
    "every": "every",
    "no": "no",
    "at least 2": n.AtLeast(2),
    "at least half": n.Share(1, 2, strictly=False),
    "more than half": n.Share(1, 2, strictly=True),
}
LISTS: tuple[Plain, ...] = (
    {"items": []},
    {"items": [{"open": True}]},
    {"items": [{"open": False}]},
    {"items": [{}]},
    {"items": [None]},
    {"items": [{"open": True}, {"open": False}]},
    {"items": [{"open": True}, {"open": True}]},
    {"items": [{"open": True}, {}]},
    {"items": [{"open": False}, {}]},
    {"items": [{"open": True}, {"open": True}], "incomplete": ["items"]},
    {"items": [{"open": False}], "incomplete": ["items"]},
    {"items": [], "incomplete": ["items"]},
    {},
)
# [], [t], [f], [u], [?], [t f], [t t], [t u], [f u], open [t t], open [f], open [], unknown
QUANTIFIED = {
    "some": "ftfuutttutuuu",
    "every": "ttfuuftufufuu",
    "no": "tftuufffufuuu",
    "at least 2": "fffffftuftuuu",
    "at least half": "ftfuutttuuuuu",
    "more than half": "ftfuuftufuuuu",
}


@ENGINE
@pytest.mark.parametrize(("how", "expected"), QUANTIFIED.items())
def test_quantifiers(engine: str, how: str, expected: str) -> None:
    """How many entries are open: of lists full, empty, incomplete, unknown."""
    form = n.Quantified(HOWS[how], "x", at("items"), None, OPEN)
    assert "".join(truth(engine, form, plain) for plain in LISTS) == expected


@ENGINE
@pytest.mark.parametrize(("how", "expected"), list(zip(HOWS, "fttfff", strict=True)))
def test_a_list_beyond_none_has_no_entries(engine: str, how: str, expected: str) -> None:
    """A list beyond a reference that is none is empty and complete."""
    over = Path("", "shop", ("owner", "works"), SHOP.shape_of("maker").fields["works"].type)
    form = n.Quantified(HOWS[how], "x", over, None, OPEN)
    assert truth(engine, form, {"owner": "none"}) == expected
    assert truth(engine, form, {}) == "u"
    assert truth(engine, n.Known(over), {"owner": "none"}) == "t"
