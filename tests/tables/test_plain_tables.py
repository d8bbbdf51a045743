"""Tables as people have them: every digit, key and reason is kept, and a case's outcome with it."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from running import Run

import kprules as kp
from kprules.batches import judging

NUMBERS = """
definition at-least "At least" { source "a test" captures when goods.carats >= 0.3 }
definition just-so "Exactly" { source "a test" captures when goods.parcel_carats is 123456789012345678 }
definition the-heavier "Heavier" { source "a test" captures when goods.parcel_carats > goods.carats }
"""  # noqa: E501 - one definition a line
ROWS = {
    "a-1": ("0.299999999999999999", "123456789012345678"),
    "a-2": ("0.3", "123456789012345679"),
    "a-3": ("123456789012345677", "123456789012345678"),
    "a-4": ("1e-1", "2.50"),
    "a-5": ("", "1"),
}


def test_numbers_of_csv_keep_every_digit(kprules: Run, here: Path) -> None:
    """What a case says of 18 digits, a cell says too."""
    Path("n.kpr").write_text(NUMBERS)
    cells = "".join(f"{name},{c},{p}\n" for name, (c, p) in ROWS.items())
    Path("n.csv").write_text(f"case,goods.carats,goods.parcel_carats\n{cells}")
    for name, (carats, parcel) in ROWS.items():
        goods = f"  carats: {carats or 'unknown'}\n  parcel_carats: {parcel}\n"
        Path(f"{name}.yaml").write_text(f"case: {name}\ntitle: A\ngoods:\n{goods}")
    table = kprules("eval", "n.csv", "--rules", "n.kpr", "--format", "csv").out.split()
    cases = kprules(
        "eval", *(f"{name}.yaml" for name in ROWS), "--rules", "n.kpr", "--format", "json"
    )
    said = {(o["case"], o["definition"]): o["outcome"] for o in json.loads(cases.out)["outcomes"]}
    head, *rows = [row.replace('"', "").split(",") for row in table]
    for row in rows:
        for definition, outcome in zip(head[1:], row[1:], strict=True):
            assert outcome == said[row[0], definition], (row[0], definition)


@pytest.mark.parametrize("cell", ["1e30", "99999999999999999999", "0.0000000000000000001"])
def test_a_cell_of_too_many_digits_is_refused(judged: Run, here: Path, cell: str) -> None:
    """As a case's is; its row is named."""
    Path("t.csv").write_text(f"case,goods.carats\na-1,{cell}\n")
    ended = judged("t.csv")
    assert ended.code == 2
    assert "more than 18 digits" in ended.err
    assert "(row 1)" in ended.err


DIGITS = ("0.1", "0.30000000000000004", "12345678901234567.89", "12345678901234567.88", "3.0", "7")
LISTED = """
definition income-above "Above" {
  status proposed
  source "a test"
  captures when some link in links has link.usd_per_year > 12345678901234567.88
}

definition income-same "Same" {
  status proposed
  source "a test"
  captures when some link in links has link.usd_per_year is 0.1
}

definition deaths-three "Three" {
  status proposed
  source "a test"
  captures when some abuse in abuses has abuse.deaths is 3
}
"""
INCOMES = """
[fields]
case = "{name}"
[[entries]]
list = "links"
fields = {usd_per_year = {column = "usd"}}
[[entries]]
list = "abuses"
fields = {deaths = {column = "dead"}}
"""


@pytest.mark.parametrize("way", ["cells", "import"])
def test_numbers_in_lists_are_those_of_a_case(kprules: Run, here: Path, way: str) -> None:
    """Whether they come as JSON in a cell or through a mapping, every digit counts."""
    Path("n.kpr").write_text(LISTED)
    names = [f"a-{i}" for i in range(len(DIGITS))]
    dead = ["3" if d == "3.0" else "1" for d in DIGITS]
    for name, usd, deaths in zip(names, DIGITS, dead, strict=True):
        record = f'"links":[{{"usd_per_year":{usd}}}],"abuses":[{{"deaths":{deaths}}}]'
        Path(f"{name}.json").write_text(f'{{"case":"{name}","title":"A",{record}}}')
    if way == "cells":
        rows = "".join(
            f'{n},"[{{""usd_per_year"":{u}}}]","[{{""deaths"":{u if u == "3.0" else d}}}]"\n'
            for n, u, d in zip(names, DIGITS, dead, strict=True)
        )
        Path("t.csv").write_text(f"case,links,abuses\n{rows}")
        table = "t.csv"
    else:
        rows = "".join(f"{n},{u},{d}\n" for n, u, d in zip(names, DIGITS, dead, strict=True))
        Path("t.csv").write_text(f"name,usd,dead\n{rows}")
        Path("m.toml").write_text(INCOMES)
        table = "t.parquet"
        made = kprules("import", "--mapping", "m.toml", "t.csv", "-o", table, "--rules", "n.kpr")
        assert made.code == 0, made.err
    said = kprules("eval", table, "--rules", "n.kpr", "--format", "csv")
    assert said.code == 0, said.err
    head, *rest = [row.replace('"', "").split(",") for row in said.out.split()]
    files = (f"{name}.json" for name in names)
    cases = kprules("eval", *files, "--rules", "n.kpr", "--format", "json")
    wanted = {(o["case"], o["definition"]): o["outcome"] for o in json.loads(cases.out)["outcomes"]}
    assert {wanted[n, "income-above"] for n in names} == {"captured", "not_captured"}
    for row in rest:
        for definition, outcome in zip(head[1:], row[1:], strict=True):
            assert outcome == wanted[row[0], definition], (row[0], definition)
    reasons = kprules("eval", table, "--rules", "n.kpr", "--explain-rows", ",".join(names))
    assert "0.30000000000000004" in reasons.out
    assert "000000000000" not in reasons.out.replace("0.30000000000000004", "")


@pytest.mark.parametrize("number", ["1e30", "NaN", "1234567890123456789", "0.1e-18"])
def test_a_number_in_a_list_that_no_case_may_have_is_refused(
    judged: Run, here: Path, number: str
) -> None:
    """Its row is named."""
    Path("t.csv").write_text(f'case,links\na-1,"[{{""usd_per_year"":{number}}}]"\n')
    ended = judged("t.csv")
    assert ended.code == 2
    assert "(row 1)" in ended.err


def test_a_misspelt_key_in_a_cell_is_refused(judged: Run, here: Path) -> None:
    """It would be dropped, and its fact be unknown."""
    Path("t.csv").write_text('case,links\na-1,"[{""relation"":[""taxes""]}]"\n')
    ended = judged("t.csv")
    assert ended.code == 2
    assert "no JSON of the field's shape" in ended.err


def test_every_reason_of_a_column_is_told(judged: Run, here: Path) -> None:
    """A number that is none beside one out of bounds: both rows have their reasons."""
    Path("t.csv").write_text("case,goods.carats\na-1,1e400\na-2,-1\na-3,none\na-4,2\n")
    ended = judged("t.csv", "--on-error", "skip", "--rejects", "r.jsonl", "-o", "o.csv")
    assert ended.code == 0
    rejects = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert [reject["row"] for reject in rejects] == [1, 2, 3]
    assert all(reject["why"] for reject in rejects)


def test_a_long_value_is_cut_in_messages(judged: Run, here: Path) -> None:
    """An error fits a screen whatever the table holds."""
    Path("t.csv").write_text(f"case,goods.material\na-1,{'x' * 100_000}\n")
    assert len(judged("t.csv").err) < 1000


def test_rejected_numbers_that_are_none_are_written_as_json(judged: Run, here: Path) -> None:
    """JSON knows no NaN."""
    pl.DataFrame({"case": ["a-1"], "goods.carats": [float("nan")]}).write_parquet("t.parquet")
    judged("t.parquet", "--on-error", "skip", "--rejects", "r.jsonl", "-o", "o.csv")

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    reject = json.loads(Path("r.jsonl").read_text(), parse_constant=refuse)
    assert reject["record"]["goods.carats"] == "nan"


@pytest.mark.parametrize(
    "more",
    [
        ("--explain-rows", "2"),
        ("--count-by", "goods.material"),
        ("--extra-columns", "keep", "-o", "o.csv"),
        ("--extra-columns", "keep", "-o", "o.parquet"),
        ("--on-error", "skip", "--rejects", "r.jsonl"),
    ],
)
def test_arrow_files_as_polars_writes_them(judged: Run, here: Path, more: tuple[str, ...]) -> None:
    """Their texts lie apart, alone, in lists and in records."""
    frame = pl.DataFrame(
        {
            "case": ["a-1", "a-2", "a-3"],
            "goods.material": ["diamond", "gold", None],
            "links": [[{"relations": ["taxes"]}], [], None],
            "note": ["one", "two", None],
        }
    )
    extra = () if "--extra-columns" in more else ("note",)
    frame.drop(extra).write_ipc("t.arrow")
    assert judged("t.arrow", *more).code == 0


def test_rows_without_ids_are_never_the_same(judged: Run, here: Path) -> None:
    """Files of one name in two folders, and an id that is spelt as the number of a row."""
    for year in ("2020", "2021"):
        Path(year).mkdir()
        pl.DataFrame({"goods.material": ["diamond"]}).write_parquet(f"{year}/part-0.parquet")
    assert judged("2020", "2021").code == 0
    pl.DataFrame({"case": ["row 2", None], "goods.carats": [1, 2]}).write_parquet("t.parquet")
    assert judged("t.parquet").code == 0


def test_a_reading_that_there_is_not_is_refused() -> None:
    """As in every other call: a misspelt one would be read as is customary."""
    core = [kp.load_rules()["kpcs-core-2002"]]
    with pytest.raises(ValueError, match="did you mean `cumulative`"):
        judging(core, readings={"kpcs-core-2002.recognition": "cumulativ"})
    with pytest.raises(ValueError, match="readings map"):
        judging(core, readings="all")  # type: ignore[arg-type]  # what a caller may try
