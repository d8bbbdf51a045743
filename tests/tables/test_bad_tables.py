"""What is wrong with a table is said, all at once, with column and first rows; nothing raises."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from shop import SHOP

from kprules.formula import nodes as n
from kprules.formula.definition import Definition, Judgement, choose
from kprules.records.shape import BOOL, DATE, NUMBER, Field, RecordShape, Scalar, Type, Vocabulary
from kprules.tables import blocks
from kprules.tables.kernel import Kernel
from kprules.tables.problems import TableProblem


def judgement(form: n.Form, name: str = "made-by-hand") -> Judgement:
    """Return a definition that is one form."""
    return choose(Definition(name, "", "shop", form, vocabulary=SHOP))


def fact(name: str, *more: str, variable: str = "", record: str = "shop") -> n.Path:
    """Return the path of a fact of the shop, or of an entry."""
    shape = SHOP.shape_of(record)
    kind: Type = shape.fields[name].type
    for field in more:
        kind = SHOP.shape_of(kind.record).fields[field].type  # type: ignore[union-attr]
    return n.Path(variable, record, (name, *more), kind)


RED = n.Compare(fact("colour"), "is", "red")


def problems(columns: dict[str, Any], *forms: n.Form) -> list[TableProblem]:
    """Return what is wrong with a table, apart from what it lacks."""
    kernel = Kernel([judgement(f, f"made-{i}") for i, f in enumerate(forms or (RED,))], SHOP)
    return [p for p in kernel.evaluate(pa.table(columns)).problems if p.is_error]


def test_value_outside_the_enumeration() -> None:
    """The column, the first rows, how many, and the values; their rows are undetermined."""
    column = ["red", "pink", None, "blue", "pink", "mauve"] * 3
    outcomes = Kernel([judgement(RED), judgement(n.Not(RED), "not-red")], SHOP).evaluate(
        pa.table({"colour": column})
    )
    (found,) = outcomes.problems
    assert (found.column, found.kind) == ("colour", "unknown-value")
    assert (found.rows, found.count) == ((1, 4, 5, 7, 10), 9)
    assert found.values == ("pink", "mauve")
    assert "red, green, blue" in found.help
    assert outcomes.rejected.tolist() == [1, 4, 5, 7, 10, 11, 13, 16, 17]
    assert not outcomes.ok
    assert outcomes.codes(0)[:6].tolist() == [2, 1, 1, 0, 1, 1]
    assert outcomes.codes(1)[:6].tolist() == [0, 1, 1, 2, 1, 1], "what cannot be read is unknown"


def test_value_outside_by_dictionary() -> None:
    """A dictionary may hold what no row has; what a row has is looked at."""
    plain = pa.array(["red", "blue", "red"])
    fine = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0]), pa.array(["red", "blue", "pink"]))
    wrong = pa.DictionaryArray.from_arrays(pa.array([0, 2, 0]), pa.array(["red", "blue", "pink"]))
    assert problems({"colour": fine}) == problems({"colour": plain}) == []
    (found,) = problems({"colour": wrong})
    assert (found.kind, found.rows, found.values) == ("unknown-value", (1,), ("pink",))


def test_rows_are_those_of_the_table_in_every_block() -> None:
    """Rows are counted through blocks, and through lists to the row that holds them."""
    size = n.Quantified(
        "some", "x", fact("items"), None,
        n.Compare(fact("colour", variable="x", record="item"), "is", "red"),
    )  # fmt: skip
    items = [
        [{"colour": "red"}, {"colour": "pink" if i in {3, 70, 129} else "blue"}] for i in range(200)
    ]
    outcomes = Kernel([judgement(size)], SHOP, block_rows=64).evaluate(pa.table({"items": items}))
    (found,) = outcomes.problems
    assert (found.column, found.rows, found.count) == ("items[].colour", (3, 70, 129), 3)
    assert outcomes.rejected.tolist() == [3, 70, 129]


def test_what_lies_under_a_null_is_not_looked_at() -> None:
    """A value under a null list or a null record is none."""
    colour = pa.array(["pink", "red"])
    struct = pa.StructArray.from_arrays([colour], ["colour"], mask=pa.array([True, False]))
    some = n.Compare(fact("site", "colour"), "is", "red")
    assert problems({"site": struct}, some) == []
    kernel = Kernel([judgement(some)], SHOP)
    assert kernel.evaluate(pa.table({"site": struct})).codes(0).tolist() == [1, 2]


@pytest.mark.parametrize(
    ("column", "array", "said"),
    [
        ("open", pa.array(["yes"]), "booleans"),
        ("size", pa.array(["12"]), "numbers"),
        ("size", pa.array([True]), "numbers"),
        ("colour", pa.array([1]), "texts"),
        ("since", pa.array([1]), "dates"),
        ("tags", pa.array(["new"]), "lists of texts"),
        ("tags", pa.array([[1]]), "lists of texts"),
        ("site", pa.array(["x"]), "records"),
        ("trading", pa.array(["2020"]), "records"),
        ("items", pa.array([["x"]]), "records"),
        ("items", pa.array([{"colour": "red"}]), "lists of records"),
        ("makers", pa.array(["m1"]), "map"),
    ],
)
def test_wrong_types(column: str, array: pa.Array, said: str) -> None:
    """A column whose type cannot hold the field is named with what it takes, and not read."""
    kernel = Kernel([judgement(n.Known(fact(column)))], SHOP)
    found = [p for p in kernel.check(pa.schema([(column, array.type)])) if p.is_error]
    assert [p.kind for p in found] == ["wrong-type"]
    assert found[0].column.startswith(column)
    assert said in found[0].help
    outcomes = kernel.evaluate(pa.table({column: array}))
    assert not outcomes.ok
    assert outcomes.codes(0).tolist() == [0], "the column counts as missing: nothing is known"


def test_unknown_columns() -> None:
    """Every column that is no field, also inside records and under dots, with the nearest."""
    found = problems(
        {
            "color": ["red"],
            "site": [{"colour": "red", "siz": 1}],
            "trading.until": ["2020"],
            "items": [[{"sice": 3}]],
        }
    )
    assert [(p.column, p.kind) for p in found] == [
        ("color", "unknown-column"),
        ("site.siz", "unknown-column"),
        ("trading.until", "unknown-column"),
        ("items[].sice", "unknown-column"),
    ]
    assert found[0].help == "did you mean `colour`?"


def test_clashing_columns() -> None:
    """A record and a column of its field, or two columns of one name, clash."""
    site = pa.array([{"colour": "red"}])
    found = problems({"site": site, "site.size": pa.array([1])})
    assert [(p.column, p.kind) for p in found] == [("site.size", "clashing-columns")]
    twice = pa.table([pa.array(["red"]), pa.array(["blue"])], names=["colour", "colour"])
    outcomes = Kernel([judgement(RED)], SHOP).evaluate(twice)
    assert [p.kind for p in outcomes.problems if p.is_error] == ["clashing-columns"]
    assert outcomes.codes(0).tolist() == [1]


def test_missing_columns_are_unknown_and_said() -> None:
    """A column that is looked at and missing: unknown, with whose it is; no error."""
    kernel = Kernel(
        [judgement(RED, "red-one"), judgement(n.Compare(fact("site", "size"), ">", 1), "size-one")],
        SHOP,
    )
    outcomes = kernel.evaluate(pa.table({"colour": ["red", None]}))
    assert outcomes.ok
    assert [(p.column, p.kind, p.help) for p in outcomes.problems] == [
        ("site", "missing-column", "looked at by size-one")
    ]
    assert outcomes.codes(0).tolist() == [2, 1]
    assert outcomes.codes(1).tolist() == [1, 1]


ANY_NUMBER = n.Compare(fact("size"), ">=", 0)


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_numbers_that_are_none(bad: float) -> None:
    """NaN and infinity are refused, as in records; null is unknown."""
    column = pa.array([1.0, bad, None, 2.0])
    (found,) = problems({"size": column}, ANY_NUMBER)
    assert (found.kind, found.rows, found.count) == ("bad-number", (1,), 1)


BOUNDED = RecordShape(
    "thing",
    {
        "count": Field("count", Scalar("number", whole=True, least=0)),
        "percent": Field("percent", Scalar("number", least=0, most=100)),
        "plain": Field("plain", NUMBER),
        "flag": Field("flag", BOOL),
    },
)
THINGS = Vocabulary("thing", BOUNDED, {"thing": BOUNDED})


@pytest.mark.parametrize(
    ("field", "column", "rows"),
    [
        ("count", pa.array([0, 5, -1]), (2,)),
        ("count", pa.array([0.0, 2.5, None, 3.0]), (1,)),
        ("count", pa.array([Decimal("1.0"), Decimal("1.5")]), (1,)),
        ("percent", pa.array([0.0, 100.0, 100.5, -0.1]), (2, 3)),
        ("percent", pa.array([None, 101, 3], pa.int8()), (1,)),
    ],
)
def test_numbers_out_of_bounds(field: str, column: pa.Array, rows: tuple[int, ...]) -> None:
    """Numbers that the vocabulary does not allow are said with their rows."""
    path = n.Path("", "thing", (field,), BOUNDED.fields[field].type)
    one = choose(Definition("thing-one", "", "thing", n.Compare(path, ">", 1), vocabulary=THINGS))
    outcomes = Kernel([one], THINGS).evaluate(pa.table({field: column}))
    assert [(p.kind, p.rows) for p in outcomes.problems] == [("bad-number", rows)]
    assert (outcomes.codes(0)[list(rows)] == 1).all()


@pytest.mark.parametrize(
    ("column", "rows"),
    [
        (pa.array(["2020", "2020-02-30", "soon", None, "2020-13", "2020-1-1"]), (1, 2, 4, 5)),
        (pa.array([datetime(2020, 6, 15), datetime(2020, 6, 15, 12)]), (1,)),  # noqa: DTZ001
        (pa.array([date(2020, 6, 15), None]), ()),
    ],
)
def test_dates(column: pa.Array, rows: tuple[int, ...]) -> None:
    """Texts that are no dates, and times of day, are said; dates, and parts of them, are read."""
    form = n.Compare(fact("since"), ">=", date(2020, 6, 15))
    found = problems({"since": column}, form)
    assert [p.rows for p in found] == ([rows] if rows else [])
    assert all(p.kind == "bad-date" for p in found)


@pytest.mark.parametrize("end", ["from", "to"])
def test_periods_that_end_before_they_begin(end: str) -> None:
    """They are said with their rows, whichever end is asked for, and neither end is known."""
    begins = ["2020", "2020-06-15", "2020-06", "2020", None, "2021"]
    ends = ["2019", "2020", "2020-06-14", "2020-01-01", "2019", None]
    ended = n.Compare(n.Path("", "shop", ("trading", end), DATE), ">=", date(2019, 6, 1))
    columns = {"trading.from": begins, "trading.to": ends}
    (found,) = problems(columns, ended)
    assert (found.column, found.kind) == ("trading", "period-reversed")
    assert found.rows == (0,), "some days of the others are in order"
    outcomes = Kernel([judgement(ended)], SHOP).evaluate(pa.table(columns))
    assert outcomes.codes(0)[0] == 1, "unknown, and not no"
    assert outcomes.rejected.tolist() == [0]


def test_periods_in_lists_that_end_before_they_begin() -> None:
    """The row is the one that holds the entry."""
    turned = {"trading": {"from": "2020-02-02", "to": "2020-02-01"}}
    late = n.Compare(n.Path("x", "item", ("trading", "to"), DATE), ">", date(2020, 6, 1))
    form = n.Quantified("some", "x", fact("items"), None, late)
    (found,) = problems({"items": [[], [turned], None]}, form)
    assert (found.column, found.kind, found.rows) == ("items[].trading", "period-reversed", (1,))


def test_references_to_nothing() -> None:
    """An id that names no entry of its own row's map is an error; so is one that stands twice."""
    makers = [[{"id": "m1"}], [{"id": "m2"}], None, [{"id": "m1"}, {"id": "m1"}]]
    owner = ["m1", "m1", "none", "m1"]
    found = problems({"makers": makers, "owner": owner}, n.Known(fact("owner")))
    assert [(p.column, p.kind, p.rows) for p in found] == [
        ("makers[].id", "duplicate-key", (3,)),
        ("owner", "unknown-record", (1,)),
    ]


def test_references_without_a_map() -> None:
    """Without the map's column, ids are known, compare, and lead to unknown facts."""
    forms = [
        n.Known(fact("owner")),
        n.Compare(fact("owner"), "is", fact("rival")),
        n.Compare(fact("owner", "colour"), "is", "red"),
        n.Compare(fact("owner"), "is", n.NONE),
    ]
    kernel = Kernel([judgement(f, f"made-{i}") for i, f in enumerate(forms)], SHOP)
    outcomes = kernel.evaluate(
        pa.table({"owner": ["a", "b", "none", None], "rival": ["a", "a", "a", "a"]})
    )
    assert outcomes.ok
    assert [outcomes.codes(i).tolist() for i in range(4)] == [
        [2, 2, 2, 0],
        [2, 0, 0, 1],
        [1, 1, 0, 1],
        [0, 0, 2, 1],
    ]


def test_incomplete_names_lists() -> None:
    """What `incomplete` names must be a list, also inside records; a name that is none is said."""
    form = n.Quantified("some", "x", fact("site", "shelf"), None, n.Const(value=True))
    items = n.Quantified("some", "x", fact("items"), None, n.Const(value=True))
    kernel = Kernel([judgement(form), judgement(items, "made-two")], SHOP)
    names = [["site.shelf"], ["items", "items.pieces"], ["itmes"], [None], None, []]
    site = pa.array(
        [{"shelf": []}] * 6, pa.struct([("shelf", pa.list_(pa.struct([("size", pa.int8())])))])
    )
    data = pa.table(
        {"incomplete": names, "site": site, "items": pa.array([[]] * 6, pa.list_(pa.struct([])))}
    )
    outcomes = kernel.evaluate(data)
    assert outcomes.codes(0).tolist() == [1, 0, 1, 1, 0, 0]
    assert outcomes.codes(1).tolist() == [0, 1, 1, 1, 0, 0]
    (found,) = [p for p in outcomes.problems if p.is_error]
    assert (found.column, found.kind, found.values) == ("incomplete", "unknown-value", ("itmes",))
    assert (found.rows, found.count) == ((2,), 1)
    assert outcomes.rejected.tolist() == [2]


def test_a_row_with_too_many_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row with more entries than can be looked at is undetermined; the others are judged."""
    monkeypatch.setattr(blocks, "MOST_ENTRIES", 1000)
    form = n.Quantified(
        "some", "x", fact("items"), None,
        n.Compare(fact("colour", variable="x", record="item"), "is", "red"),
    )  # fmt: skip
    items = [[{"colour": "red"}], [{"colour": "red"}] * 2000, [{"colour": "blue"}] * 500]
    outcomes = Kernel([judgement(form)], SHOP).evaluate(pa.table({"items": items}))
    assert [(p.kind, p.rows) for p in outcomes.problems if p.is_error] == [("row-too-long", (1,))]
    assert outcomes.codes(0).tolist() == [2, 1, 0]
    assert outcomes.rejected.tolist() == [1]
