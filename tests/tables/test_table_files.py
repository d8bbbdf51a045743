"""`kprules eval` of tables: what it reads, counts, writes and explains."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from running import Run

Rows = list[dict[str, Any]]

ROWS: Rows = [
    {"case": "a-1", "goods": {"material": "diamond", "form": "rough", "carats": 2.0},
     "links": [{"relations": ["taxes"]}], "country": "AGO"},
    {"case": "a-2", "goods": {"material": "diamond", "form": "rough", "carats": 0.5},
     "links": [{"relations": ["taxes"]}], "country": "AGO"},
    {"case": "a-3", "goods": {"material": "gold", "form": "rough", "carats": 2.0},
     "links": [], "country": "COD"},
    {"case": "a-4", "goods": {"material": "diamond", "form": None, "carats": 2.0},
     "links": None, "country": None},
    {"case": "a-5", "goods": {"material": "diamond", "form": "polished", "carats": 3.0},
     "links": [{"relations": None}, {"relations": ["taxes"]}], "country": "COD"},
]  # fmt: skip
ROUGH = ["captured", "captured", "not_captured", "undetermined", "not_captured"]
LARGE = ["captured", "not_captured", "not_captured", "undetermined", "captured"]


def _table(rows: Rows = ROWS, *, country: bool = False) -> pa.Table:
    table = pa.Table.from_pylist(rows)
    return table if country else table.drop_columns(["country"])


def _flat(rows: Rows = ROWS) -> str:
    """Return the rows as CSV: sets behind semicolons, lists as JSON."""
    lines = ["case,goods.material,goods.form,goods.carats,links"]
    for row in rows:
        goods = row["goods"]
        links = "" if row["links"] is None else json.dumps(row["links"]).replace('"', '""')
        lines.append(
            f'{row["case"]},{goods["material"]},{goods["form"] or ""},{goods["carats"]},"{links}"'
        )
    return "\n".join(lines) + "\n"


def _write(name: str, table: pa.Table) -> None:
    match Path(name).suffix:
        case ".parquet":
            pq.write_table(table, name, row_group_size=2)
        case ".csv":
            Path(name).write_text(_flat())
        case ".stream":
            with pa.OSFile(name, "wb") as sink, pa.ipc.new_stream(sink, table.schema) as writer:
                writer.write_table(table, 2)
        case _:
            with pa.OSFile(name, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table, 2)


@pytest.mark.parametrize("name", ["t.parquet", "t.feather", "t.arrow", "t.stream", "t.csv", "t.x"])
def test_every_kind_of_table_gives_the_same_outcomes(name: str, judged: Run, here: Path) -> None:
    """Parquet, Arrow files and streams, and CSV are told by content and name, and agree."""
    if name == "t.x":
        _write("t.parquet", _table())
        Path("t.parquet").rename(name)
    else:
        _write(name, _table())
    ended = judged(name, "-o", "out.csv")
    assert ended.code == 0, ended.err
    found = pl.read_csv("out.csv")
    assert found["case"].to_list() == [r["case"] for r in ROWS]
    assert found["rough-diamonds"].to_list() == ROUGH
    assert found["large-diamonds"].to_list() == LARGE


@pytest.mark.parametrize("name", ["out.parquet", "out.csv", "out.jsonl", "out.arrow"])
def test_outcomes_are_written_in_every_form(name: str, judged: Run, here: Path) -> None:
    """One row a case, a column a definition; `--long` a row for each of both."""
    _write("t.parquet", _table())
    assert judged("t.parquet", "-o", name).code == 0
    read = {"parquet": pl.read_parquet, "csv": pl.read_csv, "jsonl": pl.read_ndjson}
    reader = read.get(Path(name).suffix[1:], pl.read_ipc)
    found = reader(name)
    assert found.columns == ["case", "large-diamonds", "rough-diamonds"]
    assert found["rough-diamonds"].cast(pl.String).to_list() == ROUGH
    assert judged("t.parquet", "-o", name, "--long").code == 0
    long = reader(name)
    assert long.columns == ["case", "definition", "outcome"]
    assert len(long) == 2 * len(ROWS)


def test_outcomes_are_dictionary_encoded_in_parquet(judged: Run, here: Path) -> None:
    """A column of outcomes is a dictionary of three names."""
    _write("t.parquet", _table())
    judged("t.parquet", "-o", "out.parquet")
    assert pa.types.is_dictionary(pq.read_schema("out.parquet").field("rough-diamonds").type)


def test_folders_and_globs_hold_many_files(judged: Run, here: Path) -> None:
    """The files of a folder, or of a pattern, are one table; rows without ids are numbered."""
    Path("many").mkdir()
    for part in range(3):
        named = [{**r, "case": f"{r['case']}-{part}"} for r in ROWS]
        pq.write_table(_table(named), f"many/{part}.parquet")
    for argument in ("many", "many/*.parquet"):
        ended = judged(argument, "--format", "json")
        assert ended.code == 0, ended.err
        assert json.loads(ended.out)["rows"]["judged"] == 15


def test_counts_agreement_and_rows_that_split(judged: Run, here: Path) -> None:
    """The report counts outcomes, sets definitions beside each other and names splitting rows."""
    _write("t.parquet", _table())
    ended = judged("t.parquet", "--format", "json")
    found = json.loads(ended.out)
    counts = {d["id"]: list(d["counts"].values()) for d in found["definitions"]}
    assert counts == {"large-diamonds": [2, 2, 1], "rough-diamonds": [2, 2, 1]}
    (pair,) = found["agreement"]
    # three of five agree; chance: 0.4² + 0.4² + 0.2²
    assert pair["agreeing"] == 3
    assert pair["kappa"] == pytest.approx((0.6 - 0.36) / 0.64, abs=1e-6)
    assert pair["split"] == found["split"] == 2
    assert [s["case"] for s in found["splits"]] == ["a-2", "a-5"]
    text = judged("t.parquet").out
    assert "60.0 %" in text
    assert "5 rows read: 5 judged" in text
    assert all(len(line) <= 80 for line in text.splitlines())


def test_rows_are_counted_by_columns(judged: Run, here: Path) -> None:
    """Groups have counts of their own; null is `unknown`."""
    _write("t.parquet", _table(country=True))
    ended = judged("t.parquet", "--count-by", "country", "--format", "json")
    assert ended.code == 0, ended.err
    groups = {g["by"]["country"]: g["counts"] for g in json.loads(ended.out)["groups"]}
    assert groups["AGO"]["rough-diamonds"]["captured"] == 2
    assert groups["unknown"]["rough-diamonds"]["undetermined"] == 1
    assert judged("t.parquet", "--count-by", "nowhere").code == 2


def test_columns_that_are_no_fields_are_refused_or_kept(judged: Run, here: Path) -> None:
    """An unknown column is an error with the nearest field; `keep` carries it through."""
    _write("t.parquet", _table(country=True))
    ended = judged("t.parquet")
    assert ended.code == 2
    assert "t.parquet: column `country`: no field is called so" in ended.err
    assert "--extra-columns keep" in ended.err
    assert judged("t.parquet", "--extra-columns", "keep", "-o", "out.csv").code == 0
    assert pl.read_csv("out.csv").columns[:2] == ["case", "country"]


def test_missing_columns_are_unknown_and_said(judged: Run, here: Path) -> None:
    """A column that a definition looks at and the table lacks is no error; nothing is folded."""
    pq.write_table(pa.table({"case": ["a-1"], "goods.material": ["diamond"]}), "t.parquet")
    ended = judged("t.parquet", "--format", "json")
    assert ended.code == 0
    assert "`goods.form`" in ended.err
    counts = {d["id"]: d["counts"]["undetermined"] for d in json.loads(ended.out)["definitions"]}
    assert counts == {"large-diamonds": 1, "rough-diamonds": 1}


def test_definitions_that_no_row_decides_are_named_with_what_they_miss(
    kprules: Run, here: Path
) -> None:
    """All of them, by the columns; those that columns alone foretell are not told twice."""
    rules = "".join(
        f'definition by-certificate-{i} "C" {{ status proposed source "a test"'
        f" captures when goods.material is diamond and goods.certificate is none }}\n"
        for i in range(30)
    )
    Path("many.kpr").write_text(rules)
    pq.write_table(pa.table({"case": ["a-1"], "goods.material": ["diamond"]}), "t.parquet")
    ended = kprules("eval", "t.parquet", "--rules", "many.kpr", "--rules", "mine", "-o", "o.csv")
    assert ended.code == 0, ended.err
    named = ended.err.replace(",", " ").split()
    for name in [*(f"by-certificate-{i}" for i in range(30)), "rough-diamonds"]:
        assert named.count(name) == 1, ended.err
    assert "more" not in named
    assert "  goods.certificate: by-certificate-0," in ended.err
    assert "  goods.form: rough-diamonds" in ended.err
    asked = ("t.parquet", "--rules", "many.kpr", "--only", "by-certificate-0", "--format", "json")
    found = json.loads(kprules("eval", *asked).out)["undetermined_in_every_row"]
    assert {"definition": "by-certificate-0", "missing": ["goods.certificate"]} in found


def test_notes_fit_the_terminal(kprules: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """80 columns where nobody says otherwise; lists have one `and`."""
    pq.write_table(pa.table({"case": ["a-1"]}), "t.parquet")
    for width, columns in ((80, None), (120, "120"), (50, "50")):
        if columns:
            monkeypatch.setenv("COLUMNS", columns)
        ended = kprules("eval", "t.parquet", "-o", "o.csv")
        assert ended.code == 0
        assert width - 30 < max(map(len, ended.err.splitlines())) <= width
        missing = ended.err.partition(" definitions of ")[0]
        assert missing.split().count("and") == 1


def test_reasons_are_given_once_for_each_pattern_of_facts(judged: Run, here: Path) -> None:
    """Rows with the same facts share one explanation, which names them all."""
    same = [{**ROWS[0], "case": f"b-{i}"} for i in range(4)] + [ROWS[2]]
    _write("t.parquet", _table(same))
    ended = judged("t.parquet", "--explain-rows", "5", "--format", "json")
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)["explained"]
    assert [f["rows"] for f in found[::2]] == [["b-0", "b-1", "b-2", "b-3"], ["a-3"]]
    text = judged("t.parquet", "--explain-rows", "a-3").out
    assert "goods.material is gold" in text
    assert judged("t.parquet", "--explain-rows", "z-9").code == 2
    assert judged("t.parquet", "--explain-rows", "99999").code == 2


def test_reasons_agree_with_the_outcomes_of_the_table(judged: Run, here: Path) -> None:
    """The evaluator says of a row's record what the table engine said of the row."""
    _write("t.parquet", _table())
    found = json.loads(judged("t.parquet", "--explain-rows", "5", "--format", "json").out)
    by_case: dict[str, list[str]] = {}
    for each in found["explained"]:
        by_case.setdefault(each["definition"], []).append(each["outcome"])
    assert by_case == {"large-diamonds": LARGE, "rough-diamonds": ROUGH}


def test_rows_of_other_days_are_left_out(judged: Run, here: Path) -> None:
    """`--as-of` keeps rows whose period may include the day."""
    rows = {
        "case": ["a-1", "a-2", "a-3"],
        "goods.material": ["gold"] * 3,
        "period.from": ["2001", "2010-05", None],
        "period.to": ["2003", None, None],
    }
    pq.write_table(pa.table(rows), "t.parquet")
    ended = judged("t.parquet", "--as-of", "2002-06-01", "--format", "json")
    assert json.loads(ended.out)["rows"] == {
        "read": 3, "judged": 2, "rejected": 0, "other_days": 1,
    }  # fmt: skip


def test_periods_that_end_before_they_begin_are_refused(judged: Run, here: Path) -> None:
    """As in a file of cases; also where the day that is asked for is all that looks at them."""
    rows = {
        "case": ["a-1", "a-2"],
        "goods.material": ["gold"] * 2,
        "period.from": ["2020", "2010-05"],
        "period.to": ["2019", None],
    }
    pq.write_table(pa.table(rows), "t.parquet")
    asked = ("t.parquet", "--as-of", "2019-06-01")
    ended = judged(*asked)
    assert ended.code == 2
    assert "t.parquet: column `period`: periods that end before they begin (row 1)" in ended.err
    skipped = judged(*asked, "--on-error", "skip", "--format", "json")
    assert json.loads(skipped.out)["rows"] == {
        "read": 2, "judged": 1, "rejected": 1, "other_days": 0,
    }  # fmt: skip


def test_outcomes_go_to_standard_output_row_by_row(judged: Run, here: Path) -> None:
    """`--format csv` without a file prints the outcomes; the count of rows is said beside."""
    _write("t.parquet", _table())
    ended = judged("t.parquet", "--format", "csv")
    assert ended.out.splitlines()[0] == '"case","large-diamonds","rough-diamonds"'
    assert len(ended.out.splitlines()) == 6
    assert "5 rows read" in ended.err


def test_a_cell_is_never_a_formula(judged: Run, here: Path) -> None:
    """Ids that begin like formulas are marked as text in CSV."""
    _write("t.parquet", _table([{**ROWS[0], "case": "=cmd()"}]))
    judged("t.parquet", "-o", "out.csv")
    assert '"\'=cmd()"' in Path("out.csv").read_text()


def test_options_of_tables_need_a_table(kprules: Run, here: Path) -> None:
    """`--long` and its like are refused beside cases, and cases beside tables."""
    assert kprules("eval", "--long").code == 2
    _write("t.parquet", _table())
    assert kprules("eval", "t.parquet", "rus-ukr-2022").code == 2
    assert kprules("eval", "t.parquet", "--view", "ukraine").code == 2
    assert kprules("eval", "t.parquet", "--by-view").code == 2
    assert kprules("eval", "nothing*.parquet").code == 2


def test_fail_on_looks_at_tables_too(judged: Run, here: Path) -> None:
    """An outcome that was not to be met ends with 1."""
    _write("t.parquet", _table())
    assert judged("t.parquet", "--fail-on", "captured").code == 1
