"""JSON Lines of cases: counted, explained and set apart as the rows of a table are."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from running import Run

import kprules as kp
from kprules.records.plain import plain_record

GOODS = [
    {"material": "diamond", "form": "rough", "carats": 2},
    {"material": "gold", "form": "rough"},
    {"material": "diamond", "form": {"value": "rough", "evidence": "alleged", "by": ["raid"]}},
]


def write(name: str, records: Sequence[Any]) -> str:
    """Write records, or texts, a line each."""
    texts = [r if isinstance(r, str) else json.dumps(r) for r in records]
    Path(name).write_text("".join(f"{text}\n" for text in texts))
    return name


def cases(count: int) -> list[dict[str, Any]]:
    """Return so many cases with the same three goods, in two countries."""
    return [
        {
            "case": f"c-{i}",
            "title": f"C {i}",
            "countries": ["AGO"] if i % 2 else ["BWA", "CAF"],
            "period": {"from": f"20{10 + i % 3}-01-01"},
            "goods": GOODS[i % 3],
        }
        for i in range(count)
    ]


def test_what_ships_comes_to_the_same_outcomes_as_lines(here: Path, kprules: Run) -> None:
    """Each case under each definition and either standard of evidence."""
    loaded = {id_: c for id_, c in kp.load_cases().items() if c.about == "case"}
    write("c.jsonl", [plain_record(case.record) for case in loaded.values()])
    for standard in ("established", "alleged"):
        ended = kprules("eval", "c.jsonl", "-o", "out.parquet", "--standard", standard)
        assert ended.code == 0, ended.err
        whole = kprules("eval", *loaded, "--format", "csv", "--standard", standard)
        assert pl.read_parquet("out.parquet").cast(pl.String).write_csv() == whole.out


def test_few_are_a_matrix_and_many_are_counted(here: Path, judged: Run) -> None:
    """The limit is a thousand; what is written for each case is the same on both sides of it."""
    few, many = write("few.jsonl", cases(1000)), write("many.jsonl", cases(1001))
    assert "1000 cases" in judged(few).out
    assert "1,001 rows read: 1,001 judged" in judged(many).out
    rows = [[*csv.reader(judged(n, "--format", "csv").out.splitlines())] for n in (few, many)]
    assert rows[0] == sorted(rows[1][:-1], key=lambda row: (row[0] != "case", row[0]))


def test_cases_are_counted_by_what_they_hold(here: Path, judged: Run) -> None:
    """Sets, fields of records, ends of periods, the id; what is unknown is called so."""
    name = write("c.jsonl", [*cases(6), {"case": "c-x", "title": "Nothing known"}])
    asked = ("--only", "rough-diamonds", "--format", "json")
    for by, counts in (
        ("countries", {"AGO": [1, 1, 1], "BWA, CAF": [1, 1, 1], "unknown": [0, 0, 1]}),
        ("goods.material", {"diamond": [2, 0, 2], "gold": [0, 2, 0], "unknown": [0, 0, 1]}),
        ("goods.form", {"rough": [2, 2, 0], "unknown": [0, 0, 3]}),
        (
            "period.from",
            {
                "2010-01-01": [2, 0, 0],
                "2011-01-01": [0, 2, 0],
                "2012-01-01": [0, 0, 2],
                "unknown": [0, 0, 1],
            },
        ),
    ):
        groups = json.loads(judged(name, *asked, "--count-by", by).out)["groups"]
        found = {g["by"][by]: [*g["counts"]["rough-diamonds"].values()] for g in groups}
        assert found == counts
    for by, why in (
        ("links", "cannot be counted by"),
        ("good", "no such column"),
        ("goods", "a field of"),
    ):
        ended = judged(name, "--count-by", by)
        assert ended.code == 2
        assert why in ended.err


def test_reasons_for_lines_are_those_of_the_cases(here: Path, judged: Run) -> None:
    """With who says what; cases of the same facts share them."""
    name = write("c.jsonl", cases(6))
    ended = judged(name, "--only", "rough-diamonds", "--explain-rows", "c-2,c-5,c-1")
    assert ended.code == 0, ended.err
    assert "c-2, rough-diamonds: ? undetermined" in ended.out
    assert "alleged" in ended.out
    assert "raid" in ended.out
    assert "goods.material is {gold}" in ended.out or "goods.material is gold" in ended.out
    ended = judged(name, "--explain-rows", "c-9")
    assert ended.code == 2
    assert "`c-9`" in ended.err


WRONG = [
    '{"case": "c-8", "goods": {"form": "raw"}}',
    '{"case": "c-9"',
    '{"case": "c-0", "title": "Again"}',
    '{"case": "c-9", "title": "T", "goods": {}, "goods": {}}',
    '{"case": "c-9", "title": "T\\u001b[31m"}',
    '{"case": "c-9", "title": "T", "links": [{"actor": "nobody"}]}',
]


def test_lines_that_are_wrong_are_set_apart(here: Path, judged: Run) -> None:
    """Accepted and rejected lines are all lines, each rejected one with its number and reasons."""
    name = write("c.jsonl", [*cases(3), "", *WRONG, *cases(5)[3:]])
    with Path(name).open("ab") as file:
        file.write(b'{"case": "c-7", "title": "\xff"}\n{"meeting": "m-1", "title": "M"}\n')
    asked = ("--on-error", "skip", "--rejects", "r.jsonl", "-o", "o.parquet", "--long")
    ended = judged(name, *asked)
    assert ended.code == 0, ended.err
    assert "12 rows read: 5 judged + 7 rejected" in ended.out
    rejects = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert [r["row"] for r in rejects] == [5, 6, 7, 8, 9, 10, 13]
    assert all(r["why"] for r in rejects)
    assert rejects[0]["text"] == WRONG[0]
    assert any("goods.form" in why and "`raw`" in why for why in rejects[0]["why"])
    assert "two records are called `c-0`" in rejects[2]["why"][0]
    assert len(pl.read_parquet("o.parquet")) == 5 * 2
    Path("o.parquet").write_text("old")
    ended = judged(name, "-o", "o.parquet")
    assert ended.code == 2
    assert Path("o.parquet").read_text() == "old"
    for line in (5, 6, 7, 8, 9, 10, 13):
        assert f"c.jsonl:{line}:" in ended.err


def test_a_day_leaves_cases_of_others_out(here: Path, judged: Run) -> None:
    """They are counted as read."""
    name = write("c.jsonl", cases(6))
    ended = judged(name, "--as-of", "2011-06-01", "--count-by", "case")
    assert ended.code == 0, ended.err
    assert "6 rows read: 4 judged" in ended.out


def test_a_view_is_taken_by_lines_too(here: Path, judged: Run) -> None:
    """What is alleged becomes known to who says it."""
    name = write("c.jsonl", cases(3))
    asked = ("--only", "rough-diamonds", "-o", "o.parquet")
    assert judged(name, *asked, "--view", "raid").code == 0
    assert pl.read_parquet("o.parquet")["rough-diamonds"].to_list()[2] == "captured"


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (("--extra-columns", "keep"), "--extra-columns is about columns"),
        (("--rejects", "r.jsonl"), "--rejects goes with --on-error skip"),
        (("--long",), "--long says how rows are written"),
        (("--by-view", "--count-by", "countries"), "--by-view goes with a matrix, and --count-by"),
        (("--cases", "c.jsonl", "--long"), "--cases (KPRULES_CASES) goes with a matrix"),
        (("rus-ukr-2022", "--count-by", "countries"), "name some, and no cases beside them"),
        (("none.jsonl", "--count-by", "countries"), "`none.jsonl` cannot be read: no such file"),
    ],
)
def test_options_that_change_nothing_are_refused(
    asked: tuple[str, ...], why: str, here: Path, judged: Run
) -> None:
    """By name, with a way out."""
    ended = judged(write("c.jsonl", cases(2)), *asked)
    assert ended.code == 2
    assert why in ended.err


def test_a_line_of_a_megabyte_and_a_mark_at_the_beginning(here: Path, judged: Run) -> None:
    """A line that is too long is one refused line; a byte order mark is passed over."""
    long = json.dumps({"case": "c-9", "title": "x" * (1 << 20)})
    name = write("c.jsonl", [*cases(1), long, *cases(3)[1:]])
    Path(name).write_bytes(b"\xef\xbb\xbf" + Path(name).read_bytes())
    ended = judged(name, "--on-error", "skip", "-o", "o.csv")
    assert ended.code == 0, ended.err
    assert "4 rows read: 3 judged + 1 rejected" in ended.out
    assert pl.read_csv("o.csv")["case"].to_list() == ["c-0", "c-1", "c-2"]


def test_a_mistake_that_many_lines_make_is_told_a_few_times(here: Path, judged: Run) -> None:
    """Then counted, with lines; other mistakes are told all the same, however late."""
    wrong = [{"case": f"x{i}", "title": "X"} for i in range(2000)]
    name = write("c.jsonl", [*cases(2), *wrong, WRONG[0]])
    ended = judged(name, "-o", "o.parquet")
    assert ended.code == 2
    assert ended.err.count("error[bad-id]") == 6
    assert "1,995 more lines make this mistake: an id: lower-case letters" in ended.err
    assert "lines 8, 9, 10, 11, 12 and 1,990 more" in ended.err
    assert "`raw` is no form" in ended.err
    assert "too-many" not in ended.err


def test_a_long_line_is_shown_around_its_mistake(
    here: Path, judged: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As far as the terminal is wide."""
    monkeypatch.setenv("COLUMNS", "60")
    summary, goods = "words " * 100, {"form": "raw"}
    for record in (
        {"case": "c-1", "title": "C", "summary": summary, "goods": goods},
        {"case": "c-1", "title": "C", "goods": goods, "summary": summary},
        {"case": "c-1", "title": "C", "goods": goods},
    ):
        ended = judged(write("c.jsonl", [record]), "-o", "o.parquet")
        shown = [line for line in ended.err.splitlines() if line.startswith(("1 |", "  |"))]
        assert all(len(line) <= 70 for line in shown)
        line, marks = next(pair for pair in pairwise(shown) if "^" in pair[1])
        at = marks.index("^")
        assert line[at : at + marks.count("^")] == '"raw"'


def test_a_file_that_cannot_be_read_is_an_error_even_where_lines_are_set_apart(
    here: Path, judged: Run
) -> None:
    """No file is passed over in silence."""
    write("a.jsonl", cases(2))
    write("b.jsonl", [])
    ended = judged("a.jsonl", "b.jsonl", "--on-error", "skip", "-o", "o.parquet")
    assert ended.code == 2
    assert "b.jsonl" in ended.err
    assert not Path("o.parquet").exists()
