"""`kprules.evaluate_table`: a table in, a table of the same kind out."""

from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import kprules
from kprules.comparison.table_problems import BadTableError

ROWS = {
    "case": ["a-1", "a-2", "a-3"],
    "goods.material": ["diamond", "gold", "diamond"],
    "goods.form": ["rough", "rough", None],
}
FOUND = ["captured", "not_captured", "undetermined"]


@pytest.fixture
def rules(here: Path) -> dict[str, Any]:
    """Return one definition."""
    found = kprules.load_rules("mine")
    return {"rough-diamonds": found["rough-diamonds"]}


def test_polars_arrow_and_pandas_come_back_as_they_went_in(rules: dict[str, Any]) -> None:
    """Each kind of table gives the same outcomes, in its own kind."""
    frame = kprules.evaluate_table(pl.DataFrame(ROWS), rules)
    assert isinstance(frame, pl.DataFrame)
    assert frame["case"].to_list() == ROWS["case"]
    assert frame["rough-diamonds"].cast(pl.String).to_list() == FOUND
    table = kprules.evaluate_table(pa.table(ROWS), rules.values())
    assert isinstance(table, pa.Table)
    assert table["rough-diamonds"].to_pylist() == FOUND
    batch = kprules.evaluate_table(pa.RecordBatch.from_pydict(ROWS), rules)
    assert isinstance(batch, pa.RecordBatch)
    assert batch["rough-diamonds"].to_pylist() == FOUND


def test_pandas_comes_back_as_pandas(rules: dict[str, Any]) -> None:
    """A pandas frame gives a pandas frame, where pandas is installed."""
    pandas = pytest.importorskip("pandas")
    frame = kprules.evaluate_table(pandas.DataFrame(ROWS), rules)
    assert list(frame["rough-diamonds"]) == FOUND


def test_what_is_wrong_with_a_table_is_raised_at_once(rules: dict[str, Any]) -> None:
    """Columns that are no fields, bad values and repeated ids are said together, and kept apart."""
    rows = {
        **ROWS,
        "goods.form": ["rough", "raw", None],
        "case": ["a", "a", "b"],
        "more": [1, 2, 3],
    }
    with pytest.raises(ValueError, match="`more`") as caught:
        kprules.evaluate_table(pa.table(rows), rules)
    assert "`raw`" in str(caught.value)
    assert "`a`" in str(caught.value)
    kept = kprules.evaluate_table(
        pa.table({**ROWS, "more": [1, 2, 3]}), rules, extra_columns="keep"
    )
    assert kept.column_names == ["case", "more", "rough-diamonds"]


def test_definitions_about_other_kinds_are_left_out() -> None:
    """All that ships can be handed in: rows are cases unless meetings are asked for."""
    rules = kprules.load_rules()
    cases = kprules.evaluate_table(pa.table(ROWS), rules)
    assert set(cases.column_names) == {"case", *(i for i, d in rules.items() if d.about == "case")}
    meetings = kprules.evaluate_table(pa.table({"meeting": ["a-1"]}), rules, about="meeting")
    about_meetings = {i for i, d in rules.items() if d.about == "meeting"}
    assert set(meetings.column_names) == {"meeting", *about_meetings}
    alone = {i: rules[i] for i in about_meetings}
    assert kprules.evaluate_table(pa.table({"meeting": ["a-1"]}), alone).equals(meetings)
    with pytest.raises(ValueError, match="about `case` and `meeting`"):
        kprules.evaluate_table(pa.table(ROWS), rules, about="shipment")


def test_other_things_are_no_tables(rules: dict[str, Any]) -> None:
    """A list is refused with the kinds that are taken."""
    with pytest.raises(TypeError, match="Arrow, Polars or pandas"):
        kprules.evaluate_table([1, 2], rules)
    with pytest.raises(ValueError, match="one definition or more"):
        kprules.evaluate_table(pa.table(ROWS), {})


@pytest.mark.parametrize("name", ["rough-diamonds"])
def test_a_column_with_the_name_of_a_definition_is_refused(
    name: str, rules: dict[str, Any]
) -> None:
    """Its own values are not written over; nor is it judged as a field."""
    rows = {**ROWS, name: [1, 2, 3]}
    for table in (pa.table(rows), pl.DataFrame(rows), pa.RecordBatch.from_pydict(rows)):
        with pytest.raises(BadTableError, match=f"column `{name}`: has the name of a definition"):
            kprules.evaluate_table(table, rules, extra_columns="keep")


def test_a_misspelt_column_is_refused_with_the_nearest_field(rules: dict[str, Any]) -> None:
    """And with the way to carry it through, as it is called here."""
    with pytest.raises(BadTableError) as caught:
        kprules.evaluate_table(pa.table({"case": ["a"], "good": ["x"]}), rules)
    assert "did you mean `goods`?" in str(caught.value)
    assert 'extra_columns="keep" carries it through' in str(caught.value)


def test_ids_that_are_whole_numbers_come_back_as_they_were(rules: dict[str, Any]) -> None:
    """They may stand once; other types of ids are refused, and nothing else is raised."""
    table = pa.table({**ROWS, "case": [1, 2, 3]})
    assert kprules.evaluate_table(table, rules)["case"].equals(table["case"])
    with pytest.raises(BadTableError, match="ids that an earlier row has: `1`"):
        kprules.evaluate_table(pa.table({**ROWS, "case": [1, 2, 1]}), rules)
    for ids in ([1.5, 2.5, 3.5], [b"\xff", b"a", b"b"], [{"a": 1}] * 3, [[1]] * 3):
        with pytest.raises(BadTableError, match=r"column `case`: `.*` cannot hold this field"):
            kprules.evaluate_table(pa.table({**ROWS, "case": ids}), rules)


def test_columns_kept_are_the_callers_own(rules: dict[str, Any]) -> None:
    """Whatever their types."""
    frame = pl.DataFrame({**ROWS, "seen": [object(), 1, "a"]}, schema_overrides={"seen": pl.Object})
    kept = kprules.evaluate_table(frame.with_row_index(), rules, extra_columns="keep")
    assert kept.columns == ["case", "index", "seen", "rough-diamonds"]
    assert kept.schema["index"] == pl.UInt32
    assert kept["seen"].to_list()[1:] == [1, "a"]
    bare = kprules.evaluate_table(frame.drop("seen", "case"), rules)
    assert bare.columns == ["rough-diamonds"]


def test_pandas_keeps_its_index_and_its_columns(rules: dict[str, Any]) -> None:
    """Also objects of no type that Arrow has, and names that are no texts."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {"note": [1, "b", None], 7: [{1}, 2, "c"], **ROWS}, index=["x", "y", "x"]
    )
    found = kprules.evaluate_table(frame, rules, extra_columns="keep")
    assert list(found.columns) == ["case", "note", 7, "rough-diamonds"]
    assert list(found.index) == ["x", "y", "x"]
    assert list(found[7]) == [{1}, 2, "c"]
    assert list(found["rough-diamonds"]) == FOUND
    assert frame.join(found[["rough-diamonds"]].iloc[[1]], how="inner").index.tolist() == ["y"]


def test_what_arrow_cannot_read_is_said_as_any_other_mistake(rules: dict[str, Any]) -> None:
    """Values of several types, and two columns of one name."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({**ROWS, "goods.material": ["diamond", 1, {"a"}]})
    with pytest.raises(BadTableError, match=r"column `goods.material`: values of no one type"):
        kprules.evaluate_table(frame, rules)
    twice = pandas.DataFrame([["a", "rough", "x"]], columns=["case", "goods.form", "goods.form"])
    with pytest.raises(BadTableError, match="two columns of this name"):
        kprules.evaluate_table(twice, rules)
