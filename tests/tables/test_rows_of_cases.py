"""Cases into tables by the name of the file, and tables among other files in a folder."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from running import Run

GOODS = [
    {"material": "diamond", "form": "rough", "carats": 2},
    {"material": "gold", "form": "rough"},
    {"material": "diamond"},
]
ROUGH = ["captured", "not_captured", "undetermined"]
READ = {".parquet": pl.read_parquet, ".arrow": pl.read_ipc, ".csv": pl.read_csv}


@pytest.fixture
def lines(here: Path) -> str:
    """Return the name of a file with a case a line."""
    records = [{"case": f"c-{i}", "title": f"C {i}", "goods": g} for i, g in enumerate(GOODS)]
    records.append({"meeting": "m-1", "title": "A meeting"})
    Path("c.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))
    return "c.jsonl"


@pytest.fixture
def documents(here: Path) -> str:
    """Return the name of a folder with the same cases in files of their own."""
    Path("own").mkdir()
    for number, goods in enumerate(GOODS):
        record = {"case": f"c-{number}", "title": f"C {number}", "goods": goods}
        Path(f"own/c-{number}.json").write_text(json.dumps(record))
    return "own/"


@pytest.mark.parametrize("suffix", [".parquet", ".arrow", ".csv"])
@pytest.mark.parametrize("named", ["lines", "documents"])
def test_cases_are_written_as_the_table_that_a_name_asks_for(
    named: str, suffix: str, judged: Run, request: pytest.FixtureRequest
) -> None:
    """A row a case, whatever files they are in; never the matrix of a terminal."""
    ended = judged(request.getfixturevalue(named), "-o", f"out{suffix}")
    assert ended.code == 0, ended.err
    found = READ[suffix](f"out{suffix}")
    assert found.columns == ["case", "title", "large-diamonds", "rough-diamonds"]
    assert found["case"].to_list() == ["c-0", "c-1", "c-2"]
    assert found["rough-diamonds"].cast(pl.String).to_list() == ROUGH


@pytest.mark.parametrize("named", ["many/", "many/*.jsonl", "m*/?.jsonl"])
def test_folders_and_patterns_of_json_lines(named: str, lines: str, judged: Run) -> None:
    """Are as good as the files in them."""
    Path("many").mkdir()
    first, *rest = Path(lines).read_text().splitlines(keepends=True)
    Path("many/a.jsonl").write_text(first)
    Path("many/b.jsonl").write_text("".join(rest))
    for more in ((), ("--only", "rough-diamonds")):
        ended = judged(named, "-o", "out.parquet", *more)
        assert ended.code == 0, ended.err
        assert "3 rows read: 3 judged" in ended.out
        assert pl.read_parquet("out.parquet")["case"].to_list() == ["c-0", "c-1", "c-2"]
    assert len(judged(named, "--format", "csv").out.splitlines()) == 4
    ended = judged("many")
    assert ended.code == 2
    assert "the folder is named `many/`" in ended.err
    ended = judged("many/*.yaml")
    assert ended.code == 2
    assert "no file matches `many/*.yaml`" in ended.err


def test_json_lines_by_name_are_those_of_the_format(lines: str, judged: Run) -> None:
    """`-o FILE.jsonl` is `--format jsonl`, with the reasons."""
    assert judged(lines, "-o", "out.jsonl").code == 0
    assert judged(lines, "-o", "same.jsonl", "--format", "jsonl").code == 0
    assert Path("out.jsonl").read_text() == Path("same.jsonl").read_text()
    assert json.loads(Path("out.jsonl").read_text().splitlines()[0])["because"]


def test_views_of_cases_are_columns(lines: str, kprules: Run) -> None:
    """`--by-view` goes into a table too."""
    ended = kprules("eval", "rus-*", "--only", "west-2022", "--by-view", "-o", "out.parquet")
    assert ended.code == 0, ended.err
    assert pq.read_schema("out.parquet").names[:3] == ["case", "title", "established"]


@pytest.mark.parametrize(
    ("name", "form"),
    [("x.parquet", "csv"), ("x.csv", "json"), ("x.arrow", "markdown"), ("x.jsonl", "csv")],
)
def test_a_name_and_a_format_that_part_are_refused(
    name: str, form: str, documents: str, judged: Run
) -> None:
    """No file is called Parquet and is none."""
    ended = judged(documents, "-o", name, "--format", form)
    assert ended.code == 2
    assert f"the name `{name}` asks for" in ended.err
    assert not Path(name).exists()


@pytest.mark.parametrize("wrong", ['{"case": "c-9", "goods": {"form": "raw"}}', '{"case": "c-0"'])
def test_a_line_that_is_wrong_leaves_the_old_table(wrong: str, lines: str, judged: Run) -> None:
    """All mistakes are said with their lines; with --keep-going the sound cases are written."""
    Path("out.parquet").write_text("old")
    with Path(lines).open("a") as file:
        file.write(wrong + "\n")
    ended = judged(lines, "-o", "out.parquet")
    assert ended.code == 2
    assert "c.jsonl:5:" in ended.err
    assert Path("out.parquet").read_text() == "old"
    assert judged(lines, "-o", "out.parquet", "--keep-going").code == 2
    assert len(pl.read_parquet("out.parquet")) == 3


def test_two_lines_with_one_id_are_refused(lines: str, judged: Run) -> None:
    """As in any other file of cases."""
    with Path(lines).open("a") as file:
        file.write('{"case": "c-0", "title": "Again"}\n')
    ended = judged(lines, "-o", "out.parquet")
    assert ended.code == 2
    assert "two records are called `c-0`" in ended.err
    assert not Path("out.parquet").exists()


def test_conditions_hold_for_lines_too(lines: str, judged: Run) -> None:
    """Outcomes that are not to be met, days, kinds, and nothing chosen."""
    assert judged(lines, "-o", "o.parquet", "--fail-on", "undetermined").code == 1
    assert judged(lines, "-o", "o.parquet", "--as-of", "2020-01-01").code == 0
    Path("none.jsonl").write_text('{"meeting": "m-1", "title": "A meeting"}\n')
    ended = judged("none.jsonl", "-o", "none.parquet")
    assert ended.code == 2
    assert "no case was chosen" in ended.err
    assert not Path("none.parquet").exists()


def _table(name: str, *ids: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    rows = {"case": list(ids), "goods.material": ["gold"] * len(ids)}
    pq.write_table(pa.table(rows), name)


def test_a_folder_is_read_by_what_its_files_begin_with(judged: Run, here: Path) -> None:
    """Parquet without a suffix is read, notes of other programs are passed over."""
    _table("data/year=2020/part-0", "a-1")
    _table("data/year=2021/part-0.parquet", "a-2")
    Path("data/_SUCCESS").write_text("")
    Path("data/_delta_log").mkdir()
    Path("data/_delta_log/0.json").write_text('{"case": 1}')
    Path("data/schema.json").write_text('{"type": "object"}')
    Path("data/read.me").write_text("hello")
    Path("data/rules.kpr").write_text("")
    for named in ("data", "data/year=*"):
        ended = judged(named, "--format", "json")
        assert ended.code == 0, ended.err
        assert json.loads(ended.out)["rows"]["judged"] == 2


@pytest.mark.parametrize("name", ["c.yaml", "c.jsonl", "c.json"])
def test_a_folder_of_tables_and_cases_is_refused(name: str, judged: Run, here: Path) -> None:
    """Neither is passed over in silence."""
    _table("data/a.parquet", "a-1")
    Path(f"data/{name}").write_text('{"case": "c-1"}')
    ended = judged("data")
    assert ended.code == 2
    assert f"data: holds tables (`a.parquet`) and cases (`{name}`)" in ended.err
