"""CSV that is wrong, and how the process ends over it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from running import Run

import kprules as kprules_package
from kprules.library.table_files.recognised import TableFileError
from kprules.library.table_files.separated import csv_parts

IMPORTABLE = {"PYTHONPATH": str(Path(kprules_package.__file__).parent.parent)}
MAPPING = '[fields]\ncase = "{id}"\ntitle = "{nowhere}"\n'
WRONG = {
    "two columns of a name": (
        ["eval", "t.csv", "--only", "us-eo14114-2024"],
        "case,goods.form,goods.form\na,rough,rough\n",
        "two columns of this name",
    ),
    "a mapping's column is not there": (
        ["import", "--mapping", "m.toml", "t.csv", "-o", "cases.parquet"],
        "id,x\n1,2\n",
        "has no column `nowhere`",
    ),
    "a quotation mark stays open": (
        ["eval", "t.csv", "--only", "us-eo14114-2024"],
        'case,goods.form\na,"rough\n' + "b,rough\n" * 5_000_000,
        "row 1: a quotation mark is never closed; it opens in column `goods.form`",
    ),
    "a ragged row": (
        ["eval", "t.csv", "--only", "us-eo14114-2024"],
        "case,goods.form\na\nb,rough\n",
        "row 1: 1 cells where the header has 2",
    ),
}


def _on_one_processor() -> None:
    """Let threads finish late: that is when one of them may meet the end of the process."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs a choice of processors")
@pytest.mark.parametrize("what", WRONG)
def test_the_process_ends_with_2_and_is_never_aborted(what: str, here: Path) -> None:
    """No thread that still reads is left to meet an interpreter which ends."""
    arguments, table, said = WRONG[what]
    Path("m.toml").write_text(MAPPING)
    Path("t.csv").write_text(table)
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-m", "kprules", *arguments],
            env={**os.environ, **IMPORTABLE},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            preexec_fn=_on_one_processor,
            check=False,
        )
        assert done.returncode == 2, done.stderr
        assert said in done.stderr


ABOUT_A_ROW = """case,goods.material,goods.form,goods.carats,links
a-1,diamond,rough,abc,
a-2,diamond,rough,2,"[{""relations"": [""taxes""]}]"
a-3,diamond,rubbish,1,
a-4,gold
"""


def test_a_row_set_apart_is_written_as_it_was_read(judged: Run, here: Path) -> None:
    """What could not be read as a number is there as the text that it was; a long row is whole."""
    long = "a-5," + "x" * 2000
    Path("t.csv").write_text(ABOUT_A_ROW + long + "\n")
    ended = judged("t.csv", "--on-error", "skip", "--rejects", "r.jsonl", "-o", "out.csv")
    assert ended.code == 0, ended.err
    found = {r["row"]: r for r in map(json.loads, Path("r.jsonl").read_text().splitlines())}
    assert sorted(found) == [1, 3, 4, 5]
    assert found[1]["record"] == {
        "case": "a-1", "goods.material": "diamond", "goods.form": "rough", "goods.carats": "abc",
        "links": "",
    }  # fmt: skip
    assert found[3]["record"]["goods.form"] == "rubbish"
    assert found[4]["text"] == "a-4,gold"
    assert found[5]["text"] == long
    assert Path("out.csv").read_text().splitlines()[1:] == ['"a-2","captured","captured"']


def test_rows_are_counted_where_no_column_is_looked_at(judged: Run, here: Path) -> None:
    """A table with nothing that a definition asks about has its rows all the same."""
    Path("t.csv").write_text("title,summary\na,b\nc,d\n")
    ended = judged("t.csv", "--format", "json")
    assert json.loads(ended.out)["rows"]["judged"] == 2


OPEN = ['x,"rough\nb,polished\n', 'x,"', 'x,"rough ""one""\n', 'x,"\n']
CLOSED = [
    'x,"rough"\n', 'x,"rough"', 'x,""', 'x,""""', 'x,"""a"""', 'x,"\n"\n', 'x,"a\nb"\r\n', "x,",
]  # fmt: skip


@pytest.mark.parametrize("rows", OPEN)
@pytest.mark.parametrize("names", [["case"], ["case", "title"]])
def test_rows_are_not_lost_in_a_quotation_that_is_never_closed(
    rows: str, names: list[str], tmp_path: Path
) -> None:
    """What follows an open mark is not taken for one cell without a word."""
    path = tmp_path / "t.csv"
    path.write_text("case,title\na,rough\n" + rows)
    with pytest.raises(TableFileError, match="row 2: a quotation mark is never closed"):
        list(csv_parts(path, names, skip=False))
    parts = list(csv_parts(path, names, skip=True))
    assert [number for _, numbers, _, _ in parts for number in numbers] == [0, 2, 3][
        : len(rows.splitlines())
    ]


@pytest.mark.parametrize("rows", CLOSED)
def test_cells_that_look_like_open_quotations_are_read(rows: str, tmp_path: Path) -> None:
    """Marks within cells, empty cells and lines within cells are no open marks."""
    path = tmp_path / "t.csv"
    path.write_text("case,title\na,rough\n" + rows, newline="")
    parts = list(csv_parts(path, ["case"], skip=False))
    assert sum(len(numbers) for _, numbers, _, _ in parts) == 2
