"""What people get wrong with `kprules import`: an error of a line, code 2, and nothing written."""

from pathlib import Path
from typing import Any

import pytest
from running import Run

MAPPING = """
[fields]
case = "t-{number}"
"goods.form" = {column = "state", values = {R = "rough"}}
"""
GROUPED = f"group = true\n{MAPPING}"


@pytest.mark.parametrize(("mapping", "table", "said"), [
    (MAPPING, "nunber,sate,x\n1,R,\n",
     "t.csv: has no column `number` (did you mean `nunber`?), `state` (did you mean `sate`?)"),
    (MAPPING, "number,state\n", "t.csv: holds no row"),
    (MAPPING, "number,state\n,R\n2,R\n,R\n",
     "t.csv: `case`, made of column `number`: rows without an id: 1, 3"),
    (GROUPED, "number,state\n,R\n2,R\n,X\n", "made of column `number`: rows without an id: 1, 3"),
    (GROUPED, "number,state\n,R\n2,R\n,\n", "made of column `number`: rows without an id: 1, 3"),
    (MAPPING, "number,state\n" + ",R\n" * 1001, "rows without an id: 1, 2, 3, 4, 5 and 996 more"),
    (MAPPING, "number,state\n1,X\n2,Y\n3,X\n4,R\n",
     "column `state`, for `goods.form`: values without a mapping: `X` (2), `Y` (1)"),
])  # fmt: skip
def test_a_table_that_does_not_fit_is_refused(
    mapping: str, table: str, said: str, imported_by: Any
) -> None:
    """Columns that are not there come with the nearest name, values with their counts."""
    ended, cases = imported_by(mapping, table)
    assert ended.code == 2
    assert said in ended.err
    assert cases is None


@pytest.mark.parametrize(("file", "said"), [
    ("nowhere/cases.parquet", "there is no folder `nowhere`"),
    ("cases", "`cases` is to end in .parquet or .arrow"),
    ("cases.csv", "`cases.csv` is to end in .parquet or .arrow"),
    (".", "`.` is to end in .parquet or .arrow"),
    ("folder.parquet", "folder.parquet"),
    ("t.arrow", "t.arrow"),
])  # fmt: skip
def test_a_file_that_cannot_be_written_is_refused(
    file: str, said: str, kprules: Run, here: Path
) -> None:
    """In one line, before a row is read."""
    Path("m.toml").write_text(MAPPING)
    Path("t.csv").write_text("number,state\n1,R\n")
    made = kprules("import", "--mapping", "m.toml", "t.csv", "-o", "t.arrow", "--rules", "mine")
    assert made.code == 0, made.err
    Path("folder.parquet").mkdir()
    before = Path("t.arrow").read_bytes()
    table = file if file == "t.arrow" else "t.csv"
    ended = kprules("import", "--mapping", "m.toml", table, "-o", file, "--rules", "mine")
    assert ended.code == 2
    assert said in ended.err
    assert len(ended.err.splitlines()) <= 2
    assert Path("t.arrow").read_bytes() == before
