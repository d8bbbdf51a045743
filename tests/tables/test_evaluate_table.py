"""`kprules.evaluate_table`: a table in, a table of the same kind out."""

from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import kprules

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
