"""Tables that are wrong: what is said of them, what is set apart, and what is never written."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from running import Run

from kprules.library.table_files import reading, separated

GOOD: dict[str, list[Any]] = {
    "case": ["a-1", "a-2", "a-3"],
    "goods.material": ["diamond", "gold", "diamond"],
    "goods.form": ["rough", "rough", None],
    "goods.carats": [1.0, 2.0, None],
}


def _parquet(name: str = "t.parquet", **columns: Any) -> None:
    named = {k.replace("__", "."): v for k, v in columns.items()}
    pq.write_table(pa.table({**GOOD, **named}), name)


def _refused(ended: Any, *words: str) -> None:
    """Expect an error with these words, and nothing under the name asked for."""
    assert ended.code == 2, (ended.out, ended.err)
    for word in words:
        assert word in ended.err, ended.err
    assert "Traceback" not in ended.err
    assert not Path("out.parquet").exists()
    assert not [p for p in Path().iterdir() if p.name.startswith(".out")]


def test_a_value_outside_the_list_names_file_column_and_rows(judged: Run, here: Path) -> None:
    """The error has the file, the column, the value and the first rows."""
    _parquet(goods__form=["rough", "raw", "raw"])
    _refused(
        judged("t.parquet", "-o", "out.parquet"),
        "t.parquet: column `goods.form`", "`raw`", "rows 2, 3",
    )  # fmt: skip


def test_a_column_of_the_wrong_type_names_both_types(judged: Run, here: Path) -> None:
    """Numbers where texts belong are found before a row is read."""
    _parquet(goods__form=[1, 2, 3])
    _refused(judged("t.parquet", "-o", "out.parquet"), "`goods.form`", "int64", "texts")


def test_a_misspelt_column_has_the_nearest_field(judged: Run, here: Path) -> None:
    """`goods.from` is refused with `goods.form`."""
    _parquet(goods__from=["rough"] * 3)
    _refused(judged("t.parquet", "-o", "out.parquet"), "`goods.from`", "did you mean `form`")


def test_two_rows_of_one_id_are_refused(judged: Run, here: Path) -> None:
    """The error names the id and the row that repeats it, across files too."""
    _parquet(case=["a-1", "a-2", "a-1"])
    _refused(judged("t.parquet", "-o", "out.parquet"), "`case`", "`a-1`", "row 3")
    _parquet()
    _parquet("u.parquet", case=["b-1", "b-2", "a-2"])
    _refused(judged("t.parquet", "u.parquet", "-o", "out.parquet"), "u.parquet", "`a-2`", "row 3")


@pytest.mark.parametrize("kept", [3, 6, 40, 0.5, 0.95])
def test_a_truncated_file_is_refused(kept: float, judged: Run, here: Path) -> None:
    """Parquet cut short anywhere is an error that names the file."""
    _parquet()
    data = Path("t.parquet").read_bytes()
    size = int(kept if kept > 1 else kept * len(data))
    Path("t.parquet").write_bytes(data[:size])
    _refused(judged("t.parquet", "-o", "out.parquet"), "t.parquet: cannot be read")


def test_bytes_flipped_in_a_file_never_end_in_a_fault(judged: Run, here: Path) -> None:
    """Damage gives an error or an outcome, never a traceback."""
    _parquet()
    data = bytearray(Path("t.parquet").read_bytes())
    for place in range(5, len(data) - 8, max(len(data) // 25, 1)):
        hurt = bytearray(data)
        hurt[place] ^= 0xFF
        Path("t.parquet").write_bytes(hurt)
        ended = judged("t.parquet")
        assert ended.code in {0, 2}, (place, ended.err)


def test_arrow_cut_short_is_refused(judged: Run, here: Path) -> None:
    """An Arrow file without its end is an error that names the file."""
    with pa.OSFile("t.arrow", "wb") as sink, pa.ipc.new_file(sink, pa.table(GOOD).schema) as writer:
        writer.write_table(pa.table(GOOD))
    data = Path("t.arrow").read_bytes()
    Path("t.arrow").write_bytes(data[: len(data) // 2])
    _refused(judged("t.arrow", "-o", "out.parquet"), "t.arrow: cannot be read")


CSV = "case,goods.material,goods.form,goods.carats\na-1,diamond,rough,1\n"


def test_a_ragged_line_is_named(judged: Run, here: Path) -> None:
    """A row with too many cells is an error with its number."""
    Path("t.csv").write_text(CSV + "a-2,gold\na-3,diamond,rough,1\n")
    _refused(judged("t.csv", "-o", "out.parquet"), "t.csv: row 2: 2 cells", "4")


def test_bytes_that_are_no_text_are_named(judged: Run, here: Path) -> None:
    """A cell in another encoding is an error with column and row; so is a whole file."""
    Path("t.csv").write_bytes(CSV.encode() + b"a-2,diam\xe9ant,rough,1\n")
    _refused(judged("t.csv", "-o", "out.parquet"), "t.csv: column `goods.material`, row 2", "UTF-8")
    Path("t.csv").write_bytes(CSV.encode("utf-16"))
    _refused(judged("t.csv", "-o", "out.parquet"), "t.csv: is UTF-16")


@pytest.mark.parametrize(("text", "words"), [
    ("", "empty"),
    ("case,,goods.form\n", "column 2 has no name"),
    ("case,case\na,b\n", "two columns of this name"),
    (CSV + "a-2,gold,rough,heavy\n", "`heavy`"),
    (CSV + "a-2,gold,rough,nan\n", "`nan`"),
    (CSV + 'a-2,"gold,rough,1\n', "row 2: 2 cells"),
])  # fmt: skip
def test_csv_that_is_wrong_is_refused(text: str, words: str, judged: Run, here: Path) -> None:
    """Each mistake is said in words."""
    Path("t.csv").write_text(text)
    _refused(judged("t.csv", "-o", "out.parquet"), "t.csv", words)


def test_a_row_that_is_too_long_is_refused(
    judged: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A row of CSV longer than the limit is an error that states it."""
    monkeypatch.setattr(separated, "LONGEST_ROW", 1 << 10)
    Path("t.csv").write_text(CSV + f"a-2,gold,rough,{'1' * 5000}\n")
    _refused(judged("t.csv", "-o", "out.parquet"), "longer than 1,024 bytes")


def test_a_row_group_that_unpacks_to_too_much_is_refused(
    judged: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the row group, its size and the limit."""
    monkeypatch.setattr(reading, "LARGEST_GROUP", 64)
    _parquet()
    _refused(judged("t.parquet", "-o", "out.parquet"), "row group 1 unpacks to", "64 may be")


# --- rows set apart -------------------------------------------------------------------------------


def test_no_row_is_lost_where_bad_ones_are_set_apart(judged: Run, here: Path) -> None:
    """Accepted and rejected rows together are the rows read, and each reject says why."""
    rows = [
        "a-2,gold", "a-3,gold,raw,1", "a-1,gold,rough,1", "a-4,gold,rough,x", "a-5,gold,rough,1"
    ]  # fmt: skip
    Path("t.csv").write_bytes((CSV + "\n".join(rows)).encode() + b"\na-6,\xff,rough,1\n")
    ended = judged("t.csv", "-o", "out.csv", "--on-error", "skip", "--rejects", "rejects.jsonl")
    assert ended.code == 0, ended.err
    assert "7 rows read: 2 judged + 5 rejected" in ended.out
    assert [line.split(",")[0] for line in Path("out.csv").read_text().split()[1:]] == [
        '"a-1"', '"a-5"'
    ]  # fmt: skip
    rejects = [json.loads(line) for line in Path("rejects.jsonl").read_text().splitlines()]
    why = {r["row"]: r["why"][0] for r in rejects}
    assert "2 cells" in why[2]
    assert "`goods.form`" in why[3]
    assert "earlier row" in why[4]
    assert "`goods.carats`" in why[5]
    assert "UTF-8" in why[7]


def test_many_ragged_rows_keep_their_numbers(judged: Run, here: Path) -> None:
    """Rows between hundreds of ragged ones are numbered as the file has them."""
    lines = ["short" if i % 3 == 0 else f"a-{i},gold,{'raw' if i == 500 else 'rough'},1"
             for i in range(2, 700)]  # fmt: skip
    Path("t.csv").write_text(CSV + "\n".join(lines) + "\n")
    judged("t.csv", "--on-error", "skip", "--rejects", "r.jsonl")
    rejects = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    assert [r["row"] for r in rejects if r.get("record")] == [500]


# --- writing --------------------------------------------------------------------------------------


def test_the_old_result_stays_where_the_new_one_fails(judged: Run, here: Path) -> None:
    """An error in the last row leaves what lay under the name."""
    _parquet(goods__form=["rough", "rough", "raw"])
    Path("old.parquet").write_text("old")
    assert judged("t.parquet", "-o", "old.parquet").code == 2
    assert Path("old.parquet").read_text() == "old"


def test_a_table_is_never_written_over_itself(judged: Run, here: Path) -> None:
    """The output may be none of the inputs, under whatever name."""
    _parquet()
    before = Path("t.parquet").read_bytes()
    assert judged("t.parquet", "-o", "./t.parquet").code == 2
    assert Path("t.parquet").read_bytes() == before


def _large(rows: int = 400_000) -> None:
    table = pa.table({"case": [f"a-{i}" for i in range(rows)], "goods.form": ["rough"] * rows})
    pq.write_table(table, "large.parquet", row_group_size=20_000)


def _start(*more: str, limit: int | None = None) -> subprocess.Popen[bytes]:
    def bound() -> None:
        if limit is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-m", "kprules", "eval", "large.parquet", "--rules", "mine", *more],
        preexec_fn=bound,  # noqa: PLW1509 - no threads here
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def test_a_full_disk_is_an_error_without_a_half_written_file(here: Path) -> None:
    """Where the system takes no more bytes, the name asked for stays free."""
    _large()
    running = _start("-o", "out.csv", limit=200_000)
    _, said = running.communicate(timeout=120)
    assert running.returncode == 2, said
    assert b"out.csv" in said
    assert not Path("out.csv").exists()
    assert not [p for p in here.iterdir() if p.name.startswith(".out")]


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupt_leaves_the_old_result(sent: signal.Signals, here: Path) -> None:
    """Whenever the process ends, the name holds the old result or the whole new one."""
    _large(1_000_000)
    for after in (0.5, 1.5, 2.0, 2.5):
        Path("out.csv").write_text("old")
        running = _start("-o", "out.csv")
        time.sleep(after)
        running.send_signal(sent)
        running.communicate(timeout=120)
        text = Path("out.csv").read_text()
        assert text == "old" or text.count("\n") == 1_000_001
        if running.returncode != 0 and sent is signal.SIGINT:
            assert running.returncode in {130, -2}
