"""Days in no year from 1 to 9999, as Arrow may hold them: an error with column and row."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from running import Run

DAY = 86400
RULES = """
definition imported-late "Late" {
  status proposed
  source "a test"
  captures when goods.import_date >= 2000-01-01
}
"""


def _days(kind: pa.DataType, a_day: int, *days: int | None) -> pa.Array:
    width = pa.int32() if pa.types.is_date32(kind) else pa.int64()
    return pa.array([None if d is None else d * a_day for d in days], width).view(kind)


FAR: dict[str, tuple[pa.DataType, int]] = {
    "date32": (pa.date32(), 1),
    "date64": (pa.date64(), DAY * 1000),
    "seconds": (pa.timestamp("s"), DAY),
    "milliseconds": (pa.timestamp("ms"), DAY * 1000),
    "in a zone": (pa.timestamp("ms", "UTC"), DAY * 1000),
}


@pytest.fixture(params=FAR)
def table(request: pytest.FixtureRequest, here: Path) -> pa.Array:
    """Write days, two of which are in no year."""
    kind, a_day = FAR[request.param]
    days = _days(kind, a_day, 0, 12_000, 2_932_896, 2_932_897, None, -2_000_000_000, -719_162)
    rows = {"case": [f"a-{i}" for i in range(1, 8)], "goods.import_date": days}
    Path("n.kpr").write_text(RULES)
    pq.write_table(pa.table(rows), "t.parquet", version="2.6")
    return days


SAID = "column `goods.import_date`: dates outside the years 1 to 9999"


def test_a_day_in_no_year_is_an_error(table: Any, kprules: Run) -> None:
    """With the rows."""
    ended = kprules("eval", "t.parquet", "--rules", "n.kpr")
    assert ended.code == 2, ended.err
    assert f"t.parquet: {SAID} (rows 4, 6)" in ended.err


def test_its_row_may_be_set_apart(table: Any, kprules: Run) -> None:
    """The others are judged and explained."""
    skip = ("--on-error", "skip", "--rejects", "r.jsonl")
    ended = kprules("eval", "t.parquet", "--rules", "n.kpr", *skip, "-o", "o.csv")
    assert ended.code == 0, ended.err
    rejects = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert [(r["row"], r["why"]) for r in rejects] == [(4, [SAID]), (6, [SAID])]
    outcomes = [line.split(",")[1].strip('"') for line in Path("o.csv").read_text().splitlines()]
    assert outcomes[1:] == [
        "not_captured", "captured", "captured", "undetermined", "not_captured"
    ]  # fmt: skip
    ended = kprules("eval", "t.parquet", "--rules", "n.kpr", *skip, "--explain-rows", "7")
    assert ended.code == 0, ended.err
    assert "0001-01-01" in ended.out


def test_a_day_that_no_definition_looks_at_is_no_fault(kprules: Run, here: Path) -> None:
    """Reasons leave it out."""
    ends = [pa.array([0, 12_000], pa.int32()).view(pa.date32()) for _ in range(2)]
    ends[1] = pa.array([1, 5_000_000], pa.int32()).view(pa.date32())
    periods = pa.StructArray.from_arrays(ends, ["from", "to"])
    pq.write_table(pa.table({"case": ["a-1", "a-2"], "period": periods}), "t.parquet")
    Path("n.kpr").write_text(RULES.replace("goods.import_date", "period.from"))
    ended = kprules("eval", "t.parquet", "--rules", "n.kpr", "--explain-rows", "2")
    assert ended.code in {0, 2}, ended.err
    assert "fault" not in ended.err
