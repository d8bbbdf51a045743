"""The options of `kprules eval` beside tables: each is honoured, or refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from running import Run

from kprules.cli.eval_command import command

ROWS: list[dict[str, Any]] = [
    {
        "case": str(number),
        "goods": {"material": "diamond" if number % 2 else None, "form": "rough", "carats": 2.0},
        "links": [{"relations": ["taxes"]}],
        "labels": ["b", "a"],
        "office": "north",
    }
    for number in range(1, 8)
]
OTHERS = ["labels", "office"]

# For each option: arguments, what is said where no table is named, and where one is; nothing where
# the option is honoured.
OPTIONS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "rule_paths": (("--rules", "mine"), "", ""),
    "case_paths": (("--cases", "mine"), "", "--cases"),
    "only": (("--only", "rough-diamonds"), "", ""),
    "about": (("--about", "case"), "", ""),
    "as_of": (("--as-of", "2023-01-01"), "", ""),
    "in_force": (("--in-force", "2010-01-01"), "", ""),
    "view": (("--view", "ukraine"), "", "--view"),
    "standard": (("--standard", "alleged"), "", "--standard"),
    "reading": (("--reading", "kpcs-core-2002.recognition=cumulative"), "", ""),
    "readings": (("--readings", "all"), "", ""),
    "closed": (("--closed",), "", ""),
    "by_view": (("--by-view", "--only", "west-2022"), "", "--by-view"),
    "fail_on": (("--fail-on", "captured"), "", ""),
    "keep_going": (("--keep-going",), "", ""),
    "long": (("--long", "--format", "csv"), "--long", ""),
    "count_by": (("--count-by", "goods.form"), "--count-by", ""),
    "explain_rows": (("--explain-rows", "1"), "--explain-rows", ""),
    "extra_columns": (("--extra-columns", "keep"), "--extra-columns", ""),
    "on_error": (("--on-error", "skip"), "--on-error", ""),
    "rejects": (("--on-error", "skip", "--rejects", "r.jsonl"), "is about tables", ""),
    "engine": (("--engine", "spark"), "spark", "spark"),
    "master": (("--master", "local"), "--master", "--master"),
    "format_": (("--format", "json"), "", ""),
    "output": (("-o", "out.csv", "--format", "csv"), "", ""),
    "no_color": (("--no-color",), "", ""),
}


@pytest.fixture
def table(here: Path) -> str:
    """Return the name of a small table; its ids are whole numbers, written as texts."""
    pq.write_table(pa.Table.from_pylist(ROWS).drop_columns(OTHERS), "t.parquet")
    return "t.parquet"


@pytest.fixture
def wide(here: Path) -> str:
    """Return the name of the same with columns that are no fields."""
    pq.write_table(pa.Table.from_pylist(ROWS), "w.parquet")
    return "w.parquet"


def test_every_option_is_told_to_go_with_tables_or_not() -> None:
    """A new option has to say whether it means anything beside a table."""
    assert {p.name for p in command.params} - {"named", "debug"} == OPTIONS.keys()


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_is_honoured_or_refused_by_name(option: str, table: str, kprules: Run) -> None:
    """Whether a table is named or a case."""
    asked, beside_cases, beside_tables = OPTIONS[option]
    own = () if option in {"by_view", "reading"} else ("--rules", "mine")
    for name, refused in (("rus-ukr-2022", beside_cases), (table, beside_tables)):
        ended = kprules("eval", name, *own, *asked)
        assert refused in ended.err
        assert (ended.code == 2) == bool(refused), ended.err
        assert ended.err.count("error:") == (1 if refused else 0)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--count-by", "goods.form", "--format", "csv"), "--count-by is for the report"),
        (("--count-by", "goods.form", "--format", "jsonl"), "--count-by is for the report"),
        (("--explain-rows", "2", "--format", "csv"), "--explain-rows is for the report"),
        (("--explain-rows", "2", "--format", "jsonl"), "--explain-rows is for the report"),
        (("--long",), "--long says how rows are written"),
        (("--long", "--format", "json"), "--long says how rows are written"),
        (("--long", "--format", "json", "-o", "x.json"), "--long says how rows are written"),
        (("-o", "x.jsonl", "--format", "csv"), "asks for JSON Lines, and --format csv for CSV"),
        (("-o", "x.parquet", "--format", "jsonl"), "asks for Parquet"),
        (("--explain-rows", "0"), "write a comma behind it: --explain-rows 0,"),
        (("--explain-rows", "10001"), "write a comma behind it: --explain-rows 10001,"),
        (("--explain-rows", " , "), "--explain-rows needs an id"),
        (("--count-by", ","), "--count-by needs a column"),
        (("--rejects", "r.jsonl"), "--rejects goes with --on-error skip"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_would_change_nothing_is_refused(
    asked: tuple[str, ...], said: str, table: str, judged: Run
) -> None:
    """Options that do not go together end with 2, one line, and no file."""
    before = sorted(Path().iterdir())
    ended = judged(table, *asked)
    assert ended.code == 2
    assert said in ended.err
    assert ended.out == ""
    assert sorted(Path().iterdir()) == before


def test_an_id_that_no_row_has_leaves_the_old_outcomes(table: str, judged: Run) -> None:
    """The mistake is found before a file takes its name; what would be explained is not lost."""
    Path("out.csv").write_text("old")
    ended = judged(table, "--explain-rows", "3,z-9", "-o", "out.csv")
    assert ended.code == 2
    assert "no row that was judged is called `z-9`\nnothing was written" in ended.err
    assert Path("out.csv").read_text() == "old"


@pytest.mark.parametrize("whole", [False, True])
def test_ids_that_are_numbers(whole: bool, here: Path, judged: Run) -> None:
    """A number with a comma behind it is an id; ids may be whole numbers in the table."""
    table = pa.Table.from_pylist(ROWS).drop_columns(OTHERS)
    ids = pa.array([int(r["case"]) for r in ROWS]) if whole else table.column("case")
    pq.write_table(table.set_column(0, "case", ids), "t.parquet")
    found = json.loads(judged("t.parquet", "--explain-rows", "3,", "--format", "json").out)
    assert {tuple(each["rows"]) for each in found["explained"]} == {("3",)}
    found = json.loads(judged("t.parquet", "--explain-rows", "3", "--format", "json").out)
    assert [e["rows"] for e in found["explained"][::2]] == [["1", "3"], ["2"]]
    assert judged("t.parquet", "-o", "out.csv").code == 0
    assert pl.read_csv("out.csv")["case"].to_list() == [1, 2, 3, 4, 5, 6, 7]


def test_whole_numbers_as_ids_may_not_stand_twice(here: Path, judged: Run) -> None:
    """As ids that are texts may not."""
    pq.write_table(pa.table({"case": [1, 2, 1], "goods.form": ["rough"] * 3}), "t.parquet")
    ended = judged("t.parquet")
    assert ended.code == 2
    assert "ids that an earlier row has: `1` (row 3)" in ended.err


def test_rows_are_counted_by_fields_of_records_and_by_sets(wide: str, judged: Run) -> None:
    """A dotted name leads into a record; null is `unknown`, and a set is its members in order."""
    keep = ("--extra-columns", "keep", "--format", "json")
    found = json.loads(judged(wide, "--count-by", "goods.material,labels", *keep).out)
    assert [group["by"] for group in found["groups"]] == [
        {"goods.material": "diamond", "labels": "a, b"},
        {"goods.material": "unknown", "labels": "a, b"},
    ]
    assert found["groups"][0]["counts"]["rough-diamonds"]["captured"] == 4


@pytest.mark.parametrize(
    ("column", "said"),
    [
        ("goods", "it holds records; count by a field of them: `goods.material`"),
        ("links", "it holds `list<"),
        ("links.relations", "`links` holds lists, so that no row has one value"),
        ("office.floor", "`office` holds no records"),
        ("goods.materiel", "no such column to count by; did you mean `goods.material`?"),
        ("ofice", "no such column to count by; did you mean `office`?"),
    ],
)
def test_columns_that_rows_cannot_be_counted_by(
    column: str, said: str, wide: str, judged: Run
) -> None:
    """Each is refused with what is wrong with it, before a row is read."""
    ended = judged(wide, "--count-by", column, "--extra-columns", "keep")
    assert ended.code == 2
    assert f"column `{column}`" in ended.err
    assert said in ended.err


@pytest.mark.parametrize("asked", [("--count-by", "goods.material,goods.form,case"), ()])
def test_a_report_fits_eighty_columns(asked: tuple[str, ...], kprules: Run, here: Path) -> None:
    """Whatever it is counted by, and however long the names of definitions and values are."""
    name = "a-definition-with-a-name-that-is-longer-than-a-screen-would-like-it-to-be-at-all"
    rule = 'source "a test" captures when goods.material is diamond'
    Path("long.kpr").write_text(
        "".join(f'definition {name}-{i} "L" {{ {rule} }}\n' for i in range(2))
    )
    rows = [{**r, "case": f"a-very-long-id-{'x' * 60}-{r['case']}"} for r in ROWS]
    pq.write_table(pa.Table.from_pylist(rows).drop_columns(OTHERS), "t.parquet")
    ended = kprules("eval", "t.parquet", "--rules", "long.kpr", *asked)
    assert ended.code == 0, ended.err
    rest = [row for row in ended.out.splitlines() if not row.startswith((name, "  "))]
    assert max(map(len, rest)) <= 80


def test_markdown_counts_by_columns_and_gives_reasons(table: str, judged: Run) -> None:
    """What is asked for is in the report, whatever its format."""
    ended = judged(table, "--format", "markdown", "--count-by", "goods.form", "--explain-rows", "1")
    assert ended.code == 0, ended.err
    assert "**rough-diamonds by goods.form**" in ended.out
    assert "| rough | 4 | 0 | 3 |" in ended.out
    assert "**1**, **rough-diamonds**: captured" in ended.out
    assert "goods.material is diamond" in ended.out
