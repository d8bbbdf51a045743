"""Where outcomes go: whole files, pipes and devices left what they are, signals, full disks."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from running import Run

import kprules as kprules_package

IMPORTABLE = {"PYTHONPATH": str(Path(kprules_package.__file__).parent.parent)}
PROGRAM = [sys.executable, "-m", "kprules"]
TABLE = "case,goods.material,goods.form,goods.carats\na-1,diamond,rough,2\na-2,gold,rough,1\n"
OUTCOMES = '"case","large-diamonds","rough-diamonds"\n'


@pytest.fixture
def table(here: Path) -> str:
    """Return the name of a small table."""
    Path("t.csv").write_text(TABLE)
    return "t.csv"


def _read_from(pipe: str) -> tuple[threading.Thread, list[str]]:
    got: list[str] = []
    thread = threading.Thread(target=lambda: got.append(Path(pipe).read_text()))
    thread.start()
    return thread, got


@pytest.mark.parametrize("form", ["csv", "jsonl", "json", "markdown"])
def test_a_pipe_is_written_to_and_stays_a_pipe(form: str, table: str, judged: Run) -> None:
    """Whatever is a text goes through; the pipe is not replaced by a file."""
    os.mkfifo("pipe")
    thread, got = _read_from("pipe")
    ended = judged(table, "-o", "pipe", "--format", form)
    thread.join(20)
    assert ended.code == 0, ended.err
    assert stat.S_ISFIFO(Path("pipe").stat().st_mode)
    assert "large-diamonds" in got[0]
    assert sorted(p.name for p in Path().iterdir()) == ["mine", "pipe", "t.csv"]


def test_a_table_that_needs_a_file_is_refused_a_pipe(table: str, judged: Run) -> None:
    """Parquet and Arrow are not written in order."""
    os.mkfifo("out.parquet")
    ended = judged(table, "-o", "out.parquet")
    assert ended.code == 2
    assert "out.parquet: is no file" in ended.err
    assert stat.S_ISFIFO(Path("out.parquet").stat().st_mode)


def test_a_device_is_never_replaced(table: str, judged: Run, kprules: Run) -> None:
    """A device of one's own making, like /dev/null, is one afterwards."""
    try:
        os.mknod("null", 0o666 | stat.S_IFCHR, os.makedev(1, 3))
    except (AttributeError, PermissionError):
        pytest.skip("no devices can be made here")
    assert judged(table, "-o", "null", "--format", "csv").code == 0
    assert kprules("show", "west-2022", "-o", "null").code == 0
    assert kprules("eval", "rus-ukr-2022", "--only", "west-2022", "-o", "null").code == 0
    assert stat.S_ISCHR(Path("null").stat().st_mode)


def test_a_socket_is_refused(table: str, judged: Run) -> None:
    """What is neither a file nor a pipe keeps its name too."""
    os.mknod("here.csv", 0o600 | stat.S_IFSOCK)
    ended = judged(table, "-o", "here.csv")
    assert ended.code == 2
    assert "neither a file nor a pipe" in ended.err
    assert stat.S_ISSOCK(Path("here.csv").stat().st_mode)


def test_standard_output_under_its_name_is_standard_output(table: str, judged: Run) -> None:
    """`-o /dev/stdout` is what no -o is."""
    plain = judged(table, "--format", "csv")
    assert plain.out.startswith(OUTCOMES)
    assert judged(table, "--format", "csv", "-o", "/dev/stdout").out == plain.out


def test_through_a_link_the_file_is_written_and_the_link_stays(table: str, judged: Run) -> None:
    """Also where the file lies in another folder."""
    Path("deep").mkdir()
    Path("deep/out.csv").write_text("old")
    Path("out.csv").symlink_to("deep/out.csv")
    assert judged(table, "-o", "out.csv").code == 0
    assert Path("out.csv").is_symlink()
    assert Path("deep/out.csv").read_text().startswith(OUTCOMES)


@pytest.mark.parametrize("name", ["out.xlsx", "out.tsv", "out.txt", "out.json", "out"])
def test_a_name_that_says_no_form_is_refused(name: str, table: str, judged: Run) -> None:
    """A row a case was promised: counts are not written there without a word."""
    ended = judged(table, "-o", name)
    assert ended.code == 2
    assert ".parquet" in ended.err
    assert ".csv" in ended.err
    assert not Path(name).exists()
    assert judged(table, "-o", name, "--format", "csv").code == 0
    assert Path(name).read_text().startswith(OUTCOMES)
    assert judged(table, "-o", name, "--format", "json").code == 0
    assert json.loads(Path(name).read_text())["rows"]["judged"] == 2


def test_outcomes_and_rejected_rows_never_share_a_file(table: str, judged: Run) -> None:
    """Under one name, through a link, or over what is read."""
    skip = ("--on-error", "skip", "--rejects")
    Path("link.csv").symlink_to("out.csv")
    for out, rejects in (("out.csv", "out.csv"), ("out.csv", "./mine/../out.csv"),
                         ("out.csv", "link.csv")):  # fmt: skip
        ended = judged(table, "-o", out, *skip, rejects)
        assert ended.code == 2
        assert "name two files" in ended.err
        assert not Path("out.csv").exists()
    for rejects in (table, "mine/two.kpr"):
        ended = judged(table, *skip, rejects)
        assert ended.code == 2
        assert "is read by this command" in ended.err
    assert Path(table).read_text() == TABLE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize(
    "arguments",
    [
        ("eval", "t.csv", "--format", "csv"),
        ("eval", "t.csv", "--format", "jsonl"),
        ("eval", "t.csv"),
        ("compare", "kpcs-core-2002", "west-2022"),
        ("report", "--only", "kpcs-core-2002"),
        ("list",),
        ("vocabulary",),
    ],
)
def test_a_full_disk_behind_standard_output_ends_with_2(
    arguments: tuple[str, ...], table: str
) -> None:
    """It is no fault of the program, whichever command meets it."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*PROGRAM, *arguments], env={**os.environ, **IMPORTABLE}, stdout=full,
            stderr=subprocess.PIPE, encoding="utf-8", timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert done.stderr.endswith("error: the result cannot be written: no space left on device\n")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is full")
@pytest.mark.parametrize("rejected", [1, 5000])
def test_a_full_disk_under_rejected_rows_leaves_the_old_outcomes(
    rejected: int, here: Path, judged: Run
) -> None:
    """Whether it is met on the way or when the last rows are written; it is said whose it is."""
    rows = "".join(f"b-{i},nonsense\n" for i in range(rejected))
    Path("t.csv").write_text("case,goods.material\na-1,gold\n" + rows)
    Path("out.csv").write_text("old")
    ended = judged("t.csv", "--on-error", "skip", "--rejects", "/dev/full", "-o", "out.csv")
    assert ended.code == 2
    assert "error: /dev/full: cannot be written: no space left on device" in ended.err
    assert ended.err.endswith("nothing was written\n")
    assert Path("out.csv").read_text() == "old"
    assert sorted(p.name for p in Path().iterdir()) == ["mine", "out.csv", "t.csv"]


def test_files_that_grow_too_large_leave_the_old_ones(here: Path) -> None:
    """A limit on the size of files stands for a disk that fills up."""
    resource = pytest.importorskip("resource")
    rows = "".join(f"b-{i},nonsense\n" for i in range(5000))
    Path("t.csv").write_text("case,goods.material\na-1,gold\n" + rows)
    for name in ("out.parquet", "r.jsonl"):
        Path(name).write_text("old")
    asked = ["eval", "t.csv", "--rules", "mine", "--on-error", "skip", "--rejects", "r.jsonl"]
    done = subprocess.run(
        [*PROGRAM, *asked, "-o", "out.parquet"], env={**os.environ, **IMPORTABLE},
        capture_output=True, encoding="utf-8", timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "error: r.jsonl: cannot be written: file too large" in done.stderr
    assert [Path(name).read_text() for name in ("out.parquet", "r.jsonl")] == ["old", "old"]
    assert len(list(Path().iterdir())) == 4


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_the_old_file_and_nothing_beside_it(
    sent: signal.Signals, here: Path
) -> None:
    """What was half written is removed, and what lay there before is what lies there."""
    rows = "".join(f"a-{i},diamond,rough,2\n" for i in range(1_000_000))
    Path("t.csv").write_text(TABLE.split("\n", maxsplit=1)[0] + "\n" + rows)
    Path("out.csv").write_text("old")
    with subprocess.Popen(
        [*PROGRAM, "eval", "t.csv", "-o", "out.csv"], env={**os.environ, **IMPORTABLE},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, encoding="utf-8",
    ) as started:  # fmt: skip
        until = time.monotonic() + 60
        while not list(Path().glob(".out.csv.*")) and time.monotonic() < until:
            time.sleep(0.01)
        started.send_signal(sent)
        _, said = started.communicate(timeout=60)
    assert started.returncode == 130, said
    assert said.endswith("interrupted\n")
    assert Path("out.csv").read_text() == "old"
    assert list(Path().glob(".out.csv.*")) == []
