"""Spark says what the table engine says: on several partitions, many files, and after a failure."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import kprules
from kprules.formula.definition import choose

pa = pytest.importorskip("pyarrow")
pytest.importorskip("polars")
pyspark = pytest.importorskip("pyspark")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java", allow_module_level=True)

import polars as pl  # noqa: E402 - after the check that it is there
import pyarrow.parquet as pq  # noqa: E402 - as above

from kprules import spark  # noqa: E402 - as above
from kprules.cli.main import run  # noqa: E402 - as above
from kprules.records.vocabulary import VOCABULARIES  # noqa: E402 - as above
from kprules.tables.kernel import Kernel  # noqa: E402 - as above
from kprules.tables.outcomes import NAMES  # noqa: E402 - as above
from kprules.tables.sql.dialects import SPELLINGS  # noqa: E402 - as above
from kprules.tables.sql.emitter import select  # noqa: E402 - as above
from kprules.tables.sql.layout import create  # noqa: E402 - as above

ROWS = 1200
DYADS = Path(__file__).parents[3] / "shared" / "data" / "ucdp_dyadic_24_1" / "ucdp_dyadic_24_1.csv"
pytestmark = pytest.mark.filterwarnings("ignore")  # Spark's own, of pandas and of sockets


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    """Start Spark on two cores, with three tries for a task."""
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession  # noqa: PLC0415 - slow to import

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = (
            SparkSession.builder.master("local[2,3]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .getOrCreate()
        )
        made.sparkContext.setLogLevel("OFF")
        yield made
        made.stop()


@pytest.fixture(scope="module")
def rules() -> list[Any]:
    """Return the definitions about cases that ship: more outcomes than one number packs."""
    found = [d for d in kprules.load_rules().values() if d.about == "case"]
    assert len(found) > 32
    return found


@pytest.fixture(scope="module")
def table() -> Any:
    """Make a nested table in which much is unknown."""
    kinds = [["rebel_movement"], ["state_armed_forces"], None, [None], []]
    rows = [
        {
            "case": f"c-{i}",
            "goods": {
                "material": "diamond" if i % 3 else "gold",
                "form": "rough",
                "made": "natural",
            }
            if i % 7
            else None,
            "actors": [{"id": "a", "kinds": kinds[i % 5]}],
            "links": None
            if i % 11 == 0
            else [
                {
                    "actor": "a",
                    "finances": ["arms"] if j else None,
                    "targets": ["government"],
                    "target_legitimate": bool(i % 2),
                }
                for j in range(i % 4)
            ],
        }
        for i in range(ROWS)
    ]
    return pa.Table.from_pylist(rows)


def _expected(rules: list[Any], table: Any) -> dict[str, list[str]]:
    kernel = Kernel([choose(d) for d in rules], rules[0].vocabulary)
    outcomes = kernel.evaluate(table)
    names = np.array(NAMES)
    columns = [names[outcomes.codes(i)] for i in range(len(rules))]
    ids = table.column("case").to_pylist()
    return {case: [str(c[row]) for c in columns] for row, case in enumerate(ids)}


def _reached(frame: Any) -> dict[str, list[str]]:
    return {row[0]: list(row[1:]) for row in frame.collect()}


def test_many_files_on_several_partitions(
    session: Any, rules: list[Any], table: Any, tmp_path: Path
) -> None:
    """Each row of a Parquet data set of eight files comes to the table engine's outcomes."""
    step = ROWS // 8
    for part in range(8):
        pq.write_table(table.slice(part * step, step), tmp_path / f"part-{part}.parquet")
    frame = session.read.parquet(str(tmp_path)).repartition(5)
    assert _reached(spark.evaluate(frame, rules)) == _expected(rules, table)


def test_columns_with_dotted_names(
    session: Any, rules: list[Any], table: Any, tmp_path: Path
) -> None:
    """`goods.material` as a column of its own is the field, and may be carried through."""
    goods = table.column("goods").combine_chunks()
    dotted = table.drop_columns(["goods"])
    for name, column in zip(["material", "form", "made"], goods.flatten(), strict=True):
        dotted = dotted.append_column(f"goods.{name}", column)
    pq.write_table(dotted, tmp_path / "dotted.parquet")
    frame = session.read.parquet(str(tmp_path))
    judged = spark.evaluate(frame, rules, keep=["case", "goods.material"])
    assert judged.columns[:2] == ["case", "goods.material"]
    materials = dict(zip(*(dotted.column(n).to_pylist() for n in judged.columns[:2]), strict=True))
    found = {row[0]: list(row[2:]) for row in judged.collect() if row[1] == materials[row[0]]}
    assert found == _expected(rules, table)


def test_a_table_without_any_column_that_is_looked_at(session: Any, rules: list[Any]) -> None:
    """Rows that say nothing come to what a row of unknowns comes to."""
    frame = session.range(3).withColumnRenamed("id", "a.number")
    judged = spark.evaluate(frame, rules, keep=["a.number"]).collect()
    nothing = pa.table({"case": pa.array([None], pa.string())})
    kernel = Kernel([choose(d) for d in rules], rules[0].vocabulary)
    outcomes = kernel.evaluate(nothing)
    expected = [NAMES[outcomes.codes(i)[0]] for i in range(len(rules))]
    assert [list(row) for row in judged] == [[number, *expected] for number in range(3)]


def test_what_import_writes_is_judged_as_on_one_machine(session: Any, tmp_path: Path) -> None:
    """The real dyads, supposing diamonds, go from `import` through Spark to the same outcomes."""
    if not DYADS.exists():
        pytest.skip("the dyads are not among the real tables here")
    cases, one, many = (str(tmp_path / name) for name in ("dyads.parquet", "one.parquet", "many"))
    assert run(["import", "--mapping", "ucdp-dyadic-supposed", str(DYADS), "-o", cases]) == 0
    assert run(["eval", cases, "-o", one]) == 0
    assert run(["eval", cases, "--engine", "spark", "-o", many]) == 0
    expected = pl.read_parquet(one).with_columns(pl.all().cast(pl.String))
    found = pl.read_parquet(f"{many}/*.parquet")
    assert found.columns == expected.columns
    assert found.sort("case").equals(expected.sort("case"))


def test_a_task_that_fails_is_tried_again(
    session: Any, rules: list[Any], table: Any, tmp_path: Path
) -> None:
    """Partitions whose first attempt dies half way lose no row and repeat none."""
    pq.write_table(table, tmp_path / "all.parquet")
    frame = session.read.parquet(str(tmp_path)).repartition(3)

    def failing(batches: Iterator[Any]) -> Iterator[Any]:
        from pyspark import TaskContext  # noqa: PLC0415 - in the worker

        context = TaskContext.get()
        for batch in batches:
            yield batch
            if context is not None and context.attemptNumber() == 0:
                raise RuntimeError("the first attempt dies")

    risky = frame.mapInArrow(failing, frame.schema)
    assert _reached(spark.evaluate(risky, rules)) == _expected(rules, table)


def test_the_command_judges_a_data_set(
    session: Any,
    rules: list[Any],
    table: Any,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`eval --engine spark` writes a data set of the outcomes, and none over another."""
    source, goal = tmp_path / "rows.parquet", tmp_path / "outcomes"
    pq.write_table(table, source)
    only = ",".join(d.id for d in rules)
    asked = ["eval", "--engine", "spark", str(source), "--only", only, "-o", str(goal)]
    assert run(asked) == 0
    assert f"{ROWS:,} rows judged" in capsys.readouterr().err
    assert _reached(session.read.parquet(str(goal))) == _expected(rules, table)
    assert run(asked) == 2
    assert "exists" in capsys.readouterr().err


CONDITIONS = [
    ("--closed",),
    ("--readings", "all"),
    ("--as-of", "2003-05-01", "--closed", "--readings", "all", "--long"),
    ("--extra-columns", "keep", "--fail-on", "captured"),
]


@pytest.mark.parametrize("asked", CONDITIONS, ids=" ".join)
def test_options_mean_what_they_mean_on_one_machine(
    asked: tuple[str, ...], session: Any, rules: list[Any], table: Any, tmp_path: Path
) -> None:
    """The same rows, columns, outcomes and exit code; other days and incomplete lists included."""
    years = [{"from": f"{2000 + i % 5}", "to": f"{2001 + i % 5 + i % 2}"} for i in range(ROWS)]
    open_lists = [["links"] if i % 2 else [] for i in range(ROWS)]
    rows = table.append_column("period", pa.array(years))
    rows = rows.append_column("incomplete", pa.array(open_lists, pa.list_(pa.string())))
    if "--extra-columns" in asked:
        rows = rows.append_column("office", pa.array(["north", None] * (ROWS // 2)))
    cases, one, many = (str(tmp_path / name) for name in ("rows.parquet", "one.parquet", "many"))
    pq.write_table(rows, cases)
    command = ["eval", cases, *asked, "--only", ",".join(d.id for d in rules)]
    assert run([*command, "--engine", "spark", "-o", many]) == run([*command, "-o", one])
    expected = pl.read_parquet(one).with_columns(pl.all().cast(pl.String))
    found = pl.read_parquet(f"{many}/*.parquet")
    assert found.columns == expected.columns
    order = expected.columns[:2]
    assert found.sort(order).equals(expected.sort(order))


REFUSED = [
    (("--view", "ukraine"), "--view"),
    (("--by-view",), "--by-view"),
    (("--standard", "alleged"), "--standard"),
    (("--count-by", "case"), "--count-by: not with --engine spark"),
    (("--explain-rows", "3"), "--explain-rows: not with --engine spark"),
    (("--on-error", "skip", "--rejects", "r.jsonl"), "--on-error skip and --rejects: not with"),
    (("--format", "csv"), "--format csv: not with --engine spark"),
    (("-o", "outcomes.csv"), "writes Parquet, and `outcomes.csv`"),
    (("table.csv",), "reads Parquet, and `table.csv` is none"),
    (("s3a://bucket/table.feather",), "reads Parquet, and `s3a://bucket/table.feather` is none"),
]


@pytest.mark.parametrize(("asked", "said"), REFUSED, ids=[" ".join(a) for a, _ in REFUSED])
def test_what_spark_does_not_do_is_refused_by_name(
    asked: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No option is passed over in silence, and nothing but Parquet is handed to Spark."""
    goal = tmp_path / "outcomes"
    assert run(["eval", "rows.parquet", "--engine", "spark", "-o", str(goal), *asked]) == 2
    assert said in capsys.readouterr().err
    assert not goal.exists()


def test_a_master_without_spark_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """`--master` says that Spark was meant."""
    assert run(["eval", "rows.parquet", "--master", "local[2]"]) == 2
    assert "add --engine spark" in capsys.readouterr().err


def test_a_spark_that_does_not_start_is_said_in_one_line(tmp_path: Path, table: Any) -> None:
    """No fault of the program: what was tried, and what may be wrong."""
    pq.write_table(table, tmp_path / "rows.parquet")
    asked = ["eval", str(tmp_path / "rows.parquet"), "--engine", "spark", "-o", "outcomes"]
    importable = {"PYTHONPATH": str(Path(kprules.__file__).parents[1])}
    home = {"JAVA_HOME": str(tmp_path / "nowhere"), **importable}
    done = subprocess.run(
        [sys.executable, "-m", "kprules", *asked], cwd=tmp_path, env={**os.environ, **home},
        capture_output=True, encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert len(said) == 1
    assert said[0].startswith("error: Spark does not start on local[*]: ")
    assert said[0].endswith("Java 17 or newer where JAVA_HOME says")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "outcomes").exists()


def test_columns_are_checked_before_a_job_begins(
    session: Any, rules: list[Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A column that is no field and one of the wrong type are both said."""
    wrong = pa.table({"case": ["a"], "goods.materiel": ["diamond"], "goods.carats": ["heavy"]})
    pq.write_table(wrong, tmp_path / "wrong.parquet")
    goal = str(tmp_path / "outcomes")
    assert run(["eval", str(tmp_path / "wrong.parquet"), "--engine", "spark", "-o", goal]) == 2
    said = capsys.readouterr().err
    assert "column `goods.materiel`: no field is called so" in said
    assert "column `goods.carats`" in said


def test_a_job_that_fails_leaves_nothing(
    session: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The value and its column are said, and the name is free for the next try."""
    wrong = pa.table({"case": ["a", "b"], "goods.material": ["diamond", "dimond"]})
    pq.write_table(wrong, tmp_path / "wrong.parquet")
    goal = tmp_path / "outcomes"
    assert run(["eval", str(tmp_path / "wrong.parquet"), "--engine", "spark", "-o", str(goal)]) == 2
    said = capsys.readouterr().err
    assert "column `goods.material`: values outside the list: `dimond`" in said
    assert not goal.exists()


def test_columns_that_import_carried_need_no_option(
    session: Any, rules: list[Any], tmp_path: Path
) -> None:
    """What the mapping keeps is carried through on Spark too."""
    (tmp_path / "m.toml").write_text('keep = ["office"]\n[fields]\ncase = "c-{n}"\n')
    (tmp_path / "t.csv").write_text("n,office\n1,north\n2,south\n")
    cases, goal = str(tmp_path / "cases.parquet"), str(tmp_path / "outcomes")
    mapping, table = str(tmp_path / "m.toml"), str(tmp_path / "t.csv")
    assert run(["import", "--mapping", mapping, table, "-o", cases]) == 0
    assert run(["eval", cases, "--engine", "spark", "--only", rules[0].id, "-o", goal]) == 0
    found = pl.read_parquet(f"{goal}/*.parquet").sort("case")
    assert found["office"].to_list() == ["north", "south"]


def test_bytes_that_are_no_parquet(
    session: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The innermost of Java's causes is said, which names the file."""
    (tmp_path / "no.parquet").write_text("case,goods.material\na,diamond\n")
    goal = str(tmp_path / "outcomes")
    assert run(["eval", str(tmp_path / "no.parquet"), "--engine", "spark", "-o", goal]) == 2
    assert "no.parquet is not a Parquet file" in capsys.readouterr().err


def test_a_value_outside_its_list_fails_the_job(session: Any, rules: list[Any]) -> None:
    """The message names the column and the value."""
    frame = session.createDataFrame(
        [("c-1", ("stone",))], "case string, goods struct<material: string>"
    )
    with pytest.raises(Exception, match="material"):
        spark.evaluate(frame, rules).collect()


def test_columns_are_checked_on_the_driver(session: Any, rules: list[Any]) -> None:
    """A misspelt one, one of the wrong type, and one that would be written over: all at once."""
    kind = "case bigint, goods struct<material: string>, action string, links int"
    kind += f", `{rules[0].id}` int"
    frame = session.createDataFrame([(1, ("gold",), "x", 1, 2)], kind)
    with pytest.raises(ValueError, match="the DataFrame") as caught:
        spark.evaluate(frame, rules, keep=["case", rules[0].id])
    said = str(caught.value)
    assert "column `action`: no field is called so; did you mean `actors`?" in said
    assert "column `links`: `int32` cannot hold this field" in said
    assert f"column `{rules[0].id}`: has the name of a definition" in said
    fine = frame.drop("links", rules[0].id)
    (row,) = spark.evaluate(fine, rules, keep=["case", "action"]).collect()
    assert list(row[:2]) == [1, "x"]


def test_definitions_of_two_kinds_are_refused() -> None:
    """Cases and meetings never mix in one table."""
    with pytest.raises(ValueError, match="one kind of record"):
        spark.evaluate(None, kprules.load_rules())


def test_its_sql_is_sql_there(session: Any, rules: list[Any]) -> None:
    """Names of tables without full stops, which Spark refuses; the one case is undetermined."""
    vocabulary = VOCABULARIES["case"]
    said = create(vocabulary, SPELLINGS["spark"])
    made = re.findall(r"CREATE TABLE `([^`]+)` \((.*?)\n\);", said, re.DOTALL)
    assert len(made) == said.count("CREATE TABLE") > 20
    for name, columns in made:
        kind = columns.replace(" NOT NULL", "")
        rows = [("c-1", *[None] * kind.count(",\n"))] if name == "cases" else []
        session.createDataFrame(rows, kind).createOrReplaceTempView(name)
    query = select([choose(rule) for rule in rules], vocabulary, "spark")
    (found,) = session.sql(query).collect()
    assert found["case_id"] == "c-1"
    assert found["kpcs-core-2002"] == "undetermined"
