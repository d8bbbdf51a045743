"""Entries under ids: an id that two of a row have is refused, whether or not it is referred to."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from running import Run

TWO_REBELS = """
definition two-rebels "Two" {
  status proposed
  source "a test"
  captures when at least 2 a in actors has a.kinds includes rebel_movement
}
"""
REBEL = {"kinds": ["rebel_movement"]}
SAME = [{"id": "a", **REBEL}, {"id": "b", **REBEL}, {"id": "a", **REBEL}]
APART = [{"id": "a", **REBEL}, {"id": None, **REBEL}, {"id": None, **REBEL}]
ENTRY = pa.struct({"id": pa.string(), "kinds": pa.list_(pa.string())})
SAID = "column `actors[].id`: ids that an earlier entry of the row has"


def _write(actors: pa.Array) -> None:
    Path("n.kpr").write_text(TWO_REBELS)
    table = pa.table({"case": [f"a-{i}" for i in range(len(actors))], "actors": actors})
    pq.write_table(table, "t.parquet")


def test_an_id_that_two_entries_of_a_row_have_is_refused(kprules: Run, here: Path) -> None:
    """With the rows; entries without an id are no other's."""
    _write(pa.array([APART, SAME, None, [], SAME], pa.list_(ENTRY)))
    ended = kprules("eval", "t.parquet", "--rules", "n.kpr")
    assert ended.code == 2
    assert f"t.parquet: {SAID}: `a` (rows 2, 5)" in ended.err


def test_such_rows_may_be_set_apart(kprules: Run, here: Path) -> None:
    """The others are judged."""
    _write(pa.array([APART, SAME, None, [], SAME], pa.list_(ENTRY)))
    skip = ("--on-error", "skip", "--rejects", "r.jsonl")
    ended = kprules("eval", "t.parquet", "--rules", "n.kpr", *skip)
    assert "5 rows read: 3 judged + 2 rejected" in ended.out + ended.err
    rejects = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert [(r["row"], r["why"]) for r in rejects] == [(2, [SAID]), (5, [SAID])]


def test_a_map_with_one_key_twice_is_refused(kprules: Run, here: Path) -> None:
    """Arrow lets it pass."""
    entries = [("a", REBEL), ("a", REBEL)]
    kind = pa.map_(pa.string(), pa.struct({"kinds": pa.list_(pa.string())}))
    _write(pa.array([entries, entries[:1]], kind))
    ended = kprules("eval", "t.parquet", "--rules", "n.kpr")
    assert ended.code == 2
    assert f"{SAID}: `a` (row 1)" in ended.err


def test_so_is_one_in_a_cell_of_csv(kprules: Run, here: Path) -> None:
    """The list is written as JSON there."""
    Path("n.kpr").write_text(TWO_REBELS)
    cell = json.dumps(SAME).replace('"', '""')
    Path("t.csv").write_text(f'case,actors\na-1,[]\na-2,"{cell}"\n')
    ended = kprules("eval", "t.csv", "--rules", "n.kpr")
    assert ended.code == 2
    assert f"{SAID}: `a` (row 2)" in ended.err


SIDES = """
[fields]
case = "t-{c}"
[[entries]]
list = "actors"
fields = {id = {column = "a"}, name = {column = "name"}, kinds = {column = "kind", split = "|"}}
[[entries]]
list = "actors"
when = {column = "b", blank = false}
fields = {id = {column = "b"}}
"""


def test_a_mapping_that_makes_two_entries_of_one_id_is_refused(
    imported_by: Any, here: Path
) -> None:
    """They are named with their rows."""
    ended, cases = imported_by(SIDES, "c,a,b,name,kind\n1,x,y,X,\n2,z,z,Z,\n3,,,N,\n")
    assert ended.code == 2
    assert cases is None
    assert "t.csv: two entries of a case have one id: `z` in `actors` (row 2)" in ended.err


def test_entries_of_grouped_rows_with_one_id_are_one_and_agree(
    imported_by: Any, here: Path
) -> None:
    """What one row leaves open another may say; what they say differently is refused."""
    mapping = f"group = true\n{SIDES}"
    rows = "c,a,b,name,kind\n1,x,x,X,\n1,x,,,militia|company\n1,x,y,X,company|militia\n"
    ended, cases = imported_by(mapping, rows)
    assert ended.code == 0, ended.err
    assert cases["actors"].to_list()[0] == [
        {"id": "x", "name": "X", "kinds": ["militia", "company"]},
        {"id": "y", "name": None, "kinds": None},
    ]
    ended, cases = imported_by(mapping, rows + "1,x,,Xavier,\n")
    assert ended.code == 2
    assert cases is None
    assert "the rows of `t-1` say `X` and `Xavier` of `actors.x.name`" in ended.err
