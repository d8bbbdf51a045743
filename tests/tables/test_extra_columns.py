"""Columns that are no fields, carried through: as they are, or refused before any work."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest
from running import Run

KEEP = ("--extra-columns", "keep")
EVERY = {"parquet", "arrow", "csv", "jsonl"}
TEXTS = {"csv", "jsonl"}

# Each type with a value, and the forms that cannot hold it.
TYPES: list[tuple[pa.DataType, object, set[str]]] = [
    (pa.month_day_nano_interval(), (1, 2, 3), EVERY - {"arrow"}),
    (pa.binary(), b"\xff", TEXTS),
    (pa.binary(2), b"\xff\x00", TEXTS),
    (pa.large_binary(), b"\xff", TEXTS),
    (pa.struct([("a", pa.binary())]), {"a": b"\xff"}, TEXTS),
    (pa.list_(pa.list_(pa.binary())), [[b"\xff"]], TEXTS),
    (pa.duration("s"), 1, set()),
    (pa.decimal256(60, 2), Decimal("1" * 40 + ".25"), set()),
    (pa.decimal128(20, 3), Decimal("1.250"), set()),
    (pa.float16(), 1.5, set()),
    (pa.float32(), 0.3, set()),
    (pa.uint64(), 2**64 - 1, set()),
    (pa.struct([("a", pa.list_(pa.date32()))]), {"a": [date(2020, 1, 1)]}, set()),
    (pa.map_(pa.string(), pa.int8()), [("k", 1)], set()),
    (pa.list_view(pa.int64()), [1], set()),
    (pa.large_list(pa.string()), ["a"], set()),
    (pa.time64("us"), time(1, 2), set()),
    (pa.date64(), date(2020, 1, 1), set()),
    (pa.timestamp("ns", "UTC"), datetime(2020, 1, 1, tzinfo=UTC), set()),
    (pa.null(), None, set()),
    (pa.bool_(), True, set()),
]
READ: dict[str, Callable[[str], pa.Table]] = {
    "parquet": pq.read_table,
    "arrow": lambda name: pa.ipc.open_file(name).read_all(),
}


def _write(name: str, **columns: pa.Array) -> None:
    table = pa.table({"case": ["a-1", "a-2"], **columns})
    with pa.OSFile(name, "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


@pytest.mark.parametrize("form", sorted(EVERY))
@pytest.mark.parametrize(("kind", "value", "unheld"), TYPES, ids=[str(t[0]) for t in TYPES])
def test_a_column_of_any_type_is_written_or_refused_by_name(
    kind: pa.DataType, value: object, unheld: set[str], form: str, judged: Run, here: Path
) -> None:
    """Every value as it was where the form holds it; else one line, and no file."""
    column = pa.array([value, None], kind)
    _write("t.arrow", extra=column)
    ended = judged("t.arrow", *KEEP, "-o", f"out.{form}")
    if form in unheld:
        assert ended.code == 2
        assert f"column `extra`: `{kind}` cannot be written as" in ended.err
        assert not Path(f"out.{form}").exists()
        return
    assert ended.code == 0, ended.err
    if form in READ:
        found = READ[form](f"out.{form}").column("extra")
        assert found.to_pylist() == column.to_pylist()
    else:
        assert len(Path(f"out.{form}").read_text().splitlines()) == (3 if form == "csv" else 2)


def test_cells_of_csv_are_carried_through_as_they_stand(judged: Run, here: Path) -> None:
    """With their spaces, `unknown`, and numbers with a sign; a formula alone is marked as text."""
    cells = [" padded ", "unknown", "", "-5.20", "+1e3", "007", "=cmd()", "-x", 'say "a, b"']
    rows = [f'a-{i},"{cell.replace(chr(34), 2 * chr(34))}"' for i, cell in enumerate(cells)]
    Path("t.csv").write_text("case,note\n" + "\n".join(rows) + "\n")
    assert judged("t.csv", *KEEP, "-o", "o.parquet").code == 0
    assert pq.read_table("o.parquet").column("note").to_pylist() == cells
    assert judged("t.csv", *KEEP, "-o", "o.jsonl").code == 0
    lines = Path("o.jsonl").read_text().splitlines()
    assert [json.loads(line)["note"] for line in lines] == cells
    assert judged("t.csv", *KEEP, "-o", "o.csv").code == 0
    as_texts = pa.csv.ConvertOptions(column_types={"note": pa.string()})
    found = pa.csv.read_csv("o.csv", convert_options=as_texts).column("note").to_pylist()
    assert found == [f"'{cell}" if cell in {"=cmd()", "-x"} else cell for cell in cells]


def test_rows_are_counted_by_cells_without_the_spaces_around_them(judged: Run, here: Path) -> None:
    """An empty cell is unknown there."""
    Path("t.csv").write_text("case,office\na-1, north\na-2,north \na-3,\n")
    found = json.loads(judged("t.csv", "--count-by", "office", "--format", "json").out)
    assert [group["by"]["office"] for group in found["groups"]] == ["north", "unknown"]


@pytest.mark.parametrize("kind", [kind for kind, _, _ in TYPES], ids=str)
def test_rows_with_columns_of_any_type_are_set_apart(
    kind: pa.DataType, judged: Run, here: Path
) -> None:
    """And left out for the day that is asked for."""
    days = pa.array(["2000", "2020"])
    columns = {"goods.material": pa.array(["gold", "x"]), "period.from": days}
    _write("t.arrow", extra=pa.nulls(2, kind), **columns)
    skip = ("--on-error", "skip", "--rejects", "r.jsonl", "--as-of", "2010-01-01")
    ended = judged("t.arrow", *KEEP, *skip, "-o", "out.arrow")
    assert ended.code == 0, ended.err
    assert READ["arrow"]("out.arrow").num_rows == 1
    assert json.loads(Path("r.jsonl").read_text())["row"] == 2


def test_columns_with_dotted_names_are_carried_through(judged: Run, here: Path) -> None:
    """Under their own names; without the option each is refused by it."""
    _write("t.arrow", **{"office.name": pa.array(["n", "s"]), "office.at.floor": pa.array([1, 2])})
    assert judged("t.arrow", *KEEP, "-o", "o.parquet").code == 0
    assert pq.read_schema("o.parquet").names[1:3] == ["office.name", "office.at.floor"]
    ended = judged("t.arrow")
    assert "column `office.name`: no field is called so" in ended.err
    assert "column `office.at.floor`: no field is called so" in ended.err


def test_columns_of_runs_are_carried_through(judged: Run, here: Path) -> None:
    """Row by row."""
    _write("t.arrow", extra=pa.RunEndEncodedArray.from_arrays([1, 2], [5, None]))
    assert judged("t.arrow", *KEEP, "-o", "o.parquet").code == 0
    assert pq.read_table("o.parquet").column("extra").to_pylist() == [5, None]


ALIKE = [
    (pa.array([1, 2], pa.int8()), pa.array([3, 2**40], pa.int64()), [1, 2, 3, 2**40]),
    (pa.array([1, 2], pa.uint8()), pa.array([-3, 4], pa.int16()), [1, 2, -3, 4]),
    (pa.array([0.5, 1.5], pa.float32()), pa.array([2.5, 3.5]), [0.5, 1.5, 2.5, 3.5]),
    (pa.array(["a", "b"]), pa.array(["c", None]).dictionary_encode(), ["a", "b", "c", None]),
    (pa.nulls(2), pa.array([1, 2]), [None, None, 1, 2]),
    (pa.array([1, 2]), pa.nulls(2), [1, 2, None, None]),
]


@pytest.mark.parametrize(("one", "other", "both"), ALIKE, ids=range(len(ALIKE)))
def test_types_that_files_do_not_share_are_widened(
    one: pa.Array, other: pa.Array, both: list[object], judged: Run, here: Path
) -> None:
    """Where every value stays what it is."""
    _write("a.arrow", extra=one)
    _write("b.arrow", extra=other)
    pq.write_table(pa.table({"case": ["c-1"]}), "c.parquet")
    for path in ("a.arrow", "b.arrow"):
        named = READ["arrow"](path)
        ids = pa.array([f"{path[0]}-{i}" for i in range(2)])
        pq.write_table(named.set_column(0, "case", ids), f"{path[0]}.parquet")
    for out in ("o.parquet", "o.jsonl", "o.csv"):
        ended = judged("a.parquet", "b.parquet", "c.parquet", *KEEP, "-o", out)
        assert ended.code == 0, ended.err
    assert pq.read_table("o.parquet").column("extra").to_pylist() == [*both, None]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (pa.array([1, 2]), pa.array(["a", "b"])),
        (pa.array([1, 2]), pa.array([1.5, 2.5])),
        (pa.array([2**64 - 1, 1], pa.uint64()), pa.array([-1, 1])),
        (pa.array([[1], []]), pa.array([["a"], []])),
    ],
)
def test_types_that_clash_are_refused_with_both_files(
    one: pa.Array, other: pa.Array, judged: Run, here: Path
) -> None:
    """Before a row is read."""
    _write("a.arrow", extra=one)
    _write("b.arrow", extra=other)
    ended = judged("a.arrow", "b.arrow", *KEEP, "-o", "o.parquet")
    assert ended.code == 2
    assert f"b.arrow: column `extra`: `{other.type}` here and `{one.type}` in a.arrow" in ended.err
    assert not Path("o.parquet").exists()


@pytest.mark.parametrize(
    ("name", "more"),
    [("rough-diamonds", ()), ("outcome", ("--long",)), ("definition", ("--long",))],
)
def test_a_column_with_the_name_of_an_outcome_is_refused(
    name: str, more: tuple[str, ...], judged: Run, here: Path
) -> None:
    """Neither takes the other's place."""
    _write("t.arrow", **{name: pa.array([1, 2])})
    ended = judged("t.arrow", *KEEP, *more, "-o", "o.csv")
    assert ended.code == 2
    assert f"column `{name}` of the table has the name of a column of outcomes" in ended.err
    assert not Path("o.csv").exists()


def test_many_columns_that_are_no_fields_share_a_line(judged: Run, here: Path) -> None:
    """With the nearest fields; a table without a single field is sent to `import`."""
    columns = {f"column_{i}": pa.array([1, 2]) for i in range(30)}
    _write("t.arrow", good=pa.array(["a", "b"]), **columns)
    ended = judged("t.arrow")
    assert ended.code == 2
    (line,) = ended.err.splitlines()
    assert line.startswith("error: t.arrow: 31 columns are no fields: `good` (did you mean `goods`")
    assert line.endswith("and 19 more; --extra-columns keep carries them through")
    pq.write_table(pa.table(columns), "strange.parquet")
    ended = judged("strange.parquet", "t.arrow")
    assert ended.err.splitlines()[-1].startswith(
        "no column of strange.parquet is a field of a case"
    )
    assert "kprules import --list" in ended.err


def test_a_day_of_which_no_row_is_leaves_the_old_outcomes(judged: Run, here: Path) -> None:
    """An empty selection is an error, of rows as of cases."""
    _write("t.arrow", **{"period.from": pa.array(["2001", "2002"])})
    Path("o.csv").write_text("old")
    ended = judged("t.arrow", "--as-of", "1990-01-01", "-o", "o.csv")
    assert ended.code == 2
    assert "no row may be of 1990-01-01" in ended.err
    assert Path("o.csv").read_text() == "old"


def test_a_table_among_files_of_cases_is_said_to_be_one(kprules: Run, here: Path) -> None:
    """With the command that judges it."""
    pq.write_table(pa.table({"case": ["a-1"]}), "t.parquet")
    ended = kprules("eval", "--cases", "t.parquet")
    assert ended.code == 2
    assert "= help: it is a table: `kprules eval t.parquet`" in ended.err
