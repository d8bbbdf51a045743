"""The program as a process: how it starts, what it imports, how it ends, what a terminal sees."""

import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from running import Run

import kprules as kprules_package
from kprules.cli import main

PROGRAM = [sys.executable, "-m", "kprules"]
IMPORTABLE = {"PYTHONPATH": str(Path(kprules_package.__file__).parent.parent)}
"""The package as these tests import it, for processes that start elsewhere."""
MOST_WORK = 6
HEAVY = ("lark", "pydantic", "rich", "yaml", "pysat", "jinja2", "numpy", "polars")

UNUSED = ("lark", "yaml", "kprules.evaluation.reasons", "kprules.evaluation.ways")


def _start(
    *arguments: str, cwd: Path, env: dict[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *arguments],
        cwd=cwd,
        env={**os.environ, **IMPORTABLE, **(env or {})},
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    "line", ["import kprules", "import kprules.cli.main as m; m.run(['--help'])"]
)
def test_starting_imports_nothing_heavy(line: str, here: Path) -> None:
    """Neither `import kprules` nor `kprules --help` brings in a parser, pydantic or rich."""
    script = (
        f"{line}\nimport sys; print(sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=here,
        env={**os.environ, **IMPORTABLE},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stderr.strip() == "[]"


def test_a_matrix_brings_in_neither_the_parser_nor_the_reasons(here: Path, tmp_path: Path) -> None:
    """What was read before is not parsed again, and outcomes alone need no reasons."""
    script = (
        "import kprules.cli.main as m, sys; m.run(['eval']);"
        f"print(sorted(set({UNUSED!r}) & sys.modules.keys()), file=sys.stderr)"
    )
    env = {**os.environ, **IMPORTABLE, "KPRULES_CACHE": str(tmp_path / "cache")}
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", script],
            cwd=here, env=env, capture_output=True, encoding="utf-8", check=True,
        )  # fmt: skip
    assert done.stderr.strip() == "[]"


def test_version_and_help_answer(here: Path) -> None:
    """`--version` names the version; `-h` is `--help`."""
    assert _start("--version", cwd=here).stdout.startswith("kprules, version 0.1.0")
    assert _start("-h", cwd=here).stdout == _start("--help", cwd=here).stdout


def test_the_exit_codes_reach_the_shell(here: Path) -> None:
    """0, 1 and 2 as processes; what is wrong is on standard error alone."""
    (here / "a.kpr").write_text("set a_set={a}")
    assert _start("--help", cwd=here).returncode == 0
    assert _start("fmt", "--check", "a.kpr", cwd=here).returncode == 1
    wrong = _start("fmt", "b.kpr", cwd=here)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith("error")


def test_a_fault_ends_with_3_and_asks_for_a_report(
    kprules: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback without `--debug`; with it, the fault comes through."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("oh\x1b[31m")

    monkeypatch.setattr("kprules.cli.list_command.in_force", broken)
    ended = kprules("list", "--in-force", "2020-01-01")
    assert ended.code == 3
    assert "fault of kprules itself" in ended.err
    assert "report" in ended.err
    assert "Traceback" not in ended.err
    assert "\x1b" not in ended.err
    for asked in (["--debug", "list"], ["list", "--debug"]):
        with pytest.raises(ZeroDivisionError):
            main.run([*asked, "--in-force", "2020-01-01"])


def test_an_interrupt_ends_with_130(kprules: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Quietly, without a traceback."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("kprules.cli.list_command.in_force", interrupted)
    ended = kprules("list", "--in-force", "2020-01-01")
    assert ended.code == 130
    assert "Traceback" not in ended.err


def test_a_closed_pipe_is_quiet(here: Path) -> None:
    """`kprules … | head -1` says nothing on standard error."""
    for arguments in (["eval"], ["list", "--format", "jsonl"], ["vocabulary"]):
        with subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=here,
            env={**os.environ, **IMPORTABLE},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as started:
            assert started.stdout is not None
            assert started.stderr is not None
            started.stdout.close()
            assert started.stderr.read() == b""
            assert started.wait() == 0


def test_a_variable_of_the_environment_that_is_in_force_is_said(here: Path) -> None:
    """`KPRULES_VIEW` works as `--view` does, and an option on the line goes before it."""
    env = {"KPRULES_VIEW": "russia", "KPRULES_FORMAT": "json", "KPRULES_ONLY": "west-2022"}
    done = _start("eval", "rus-ukr-2022", cwd=here, env=env)
    assert "KPRULES_VIEW=russia is in force" in done.stderr
    assert "KPRULES_FORMAT=json is in force" in done.stderr
    assert json.loads(done.stdout)["outcomes"][0]["outcome"] == "not_captured"
    other = _start("eval", "rus-ukr-2022", "--view", "ukraine", cwd=here, env=env)
    assert "KPRULES_VIEW" not in other.stderr
    assert json.loads(other.stdout)["outcomes"][0]["outcome"] == "captured"


def test_the_same_input_gives_the_same_bytes_in_another_folder_and_process(
    tmp_path: Path, root: Path
) -> None:
    """Paths, line endings, file names and hash seeds leave no trace in a report."""
    reports = []
    for number, ending in enumerate(("\n", "\r\n")):
        folder = tmp_path / f"folder-{number}" / ("deep" * number)
        (folder / "r").mkdir(parents=True)
        text = (root / "rules" / "west-2022.kpr").read_text().replace("west-2022", "west-own")
        (folder / "r" / f"file{number}.kpr").write_text(text, newline=ending)
        done = _start(
            "eval", "rus-*", "ang-*", "--rules", "r", "--only", "kpcs-core-2002",
            "--format", "json", cwd=folder, env={"PYTHONHASHSEED": str(number + 1)},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        reports.append(done.stdout)
    assert reports[0] == reports[1]
    assert str(tmp_path) not in reports[0]


# --- output -----------------------------------------------------------------------------------


def test_output_is_written_whole_or_not_at_all(kprules: Run, here: Path) -> None:
    """A file that is there keeps its content where the command fails; else it is replaced."""
    (here / "report.csv").write_text("old")
    asked = ("eval", "--format", "csv", "-o", "report.csv")
    assert kprules(*asked, "--only", "nothing-there").code == 2
    assert (here / "report.csv").read_text() == "old"
    ended = kprules(*asked)
    assert (ended.code, ended.out) == (0, "")
    assert (here / "report.csv").read_text().startswith("case,title,")
    assert [path.name for path in here.iterdir()] == ["report.csv"]


def test_output_never_goes_over_an_input(kprules: Run, here: Path) -> None:
    """Neither a file that is named, nor one in a folder that is read, under any of its names."""
    (here / "cases").mkdir()
    case = here / "cases" / "x-y.yaml"
    case.write_text("case: x-y\ntitle: T\n")
    (here / "link.csv").symlink_to(case)
    (here / "hard.csv").hardlink_to(case)
    for name in ("cases/x-y.yaml", "link.csv", "hard.csv"):
        ended = kprules("eval", "--format", "csv", "-o", name)
        assert ended.code == 2
        assert "is read by this command" in ended.err
    assert case.read_text() == "case: x-y\ntitle: T\n"
    assert kprules("eval", "-o", "cases").code == 2
    assert kprules("eval", "-o", "nowhere/report.txt").code == 2


def test_a_file_of_output_has_no_colours(kprules: Run, here: Path) -> None:
    """Marks, but no escapes."""
    kprules("eval", "-o", "report.txt")
    text = (here / "report.txt").read_text(encoding="utf-8")
    assert "●" in text
    assert "\x1b" not in text


def test_marks_have_a_spelling_in_ascii(here: Path) -> None:
    """Where an encoding cannot show the signs, others stand for them, and nothing breaks."""
    env = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0", "LC_ALL": "C"}
    done = _start("eval", "civ-*", "--only", "kpcs-core-2002,west-2022", cwd=here, env=env)
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    assert "# captured" in done.stdout
    explained = _start("explain", "civ-fn-2002-2011", "kpcs-core-2002", cwd=here, env=env)
    assert explained.returncode == 0, explained.stderr
    assert explained.stdout.isascii()


# --- a person's terminal ----------------------------------------------------------------------


def _terminal(
    *arguments: str, cwd: Path, columns: int = 80, rows: int = 400, **env: str
) -> tuple[str, int]:
    child = pexpect.spawn(
        PROGRAM[0],
        [*PROGRAM[1:], *arguments],
        cwd=str(cwd),
        env={**os.environ, **IMPORTABLE, "TERM": "xterm", **env},
        dimensions=(rows, columns),
        encoding="utf-8",
        timeout=60,
    )
    text = child.read()
    child.close()
    return text.replace("\r\n", "\n"), child.exitstatus


def test_a_terminal_gets_colours_unless_it_says_otherwise(here: Path) -> None:
    """`--no-color` and `NO_COLOR` leave the marks alone."""
    asked = ("eval", "ang-unita-1992-2002", "--only", "kpcs-core-2002")
    coloured, code = _terminal(*asked, cwd=here)
    assert code == 0
    assert "\x1b[1;31m● captured" in coloured
    assert "\x1b" not in _terminal(*asked, "--no-color", cwd=here)[0]
    assert "\x1b" not in _terminal(*asked, cwd=here, NO_COLOR="1")[0]


def test_a_long_matrix_is_paged_for_a_person(here: Path) -> None:
    """The pager gets it all; a matrix that fits the screen is not paged."""
    pager = "sed s/^/paged:/"
    long, _ = _terminal("eval", "--no-color", cwd=here, rows=24, PAGER=pager)
    assert "paged:" in long
    short, _ = _terminal("eval", "can-nwt", "--no-color", cwd=here, PAGER=pager)
    assert "paged:" not in short


@pytest.mark.parametrize("columns", [60, 80, 132])
def test_the_whole_matrix_fits_the_terminal(columns: int, here: Path) -> None:
    """Every line of the whole library fits, however wide the terminal is."""
    text, code = _terminal("eval", "--no-color", cwd=here, columns=columns, rows=2000)
    assert code == 0
    assert max(map(len, text.split("\n"))) <= columns
    assert "● captured" in text.rstrip().split("\n")[-1]


def test_explanations_and_lists_fit_80_columns(whole: Run) -> None:
    """Links alone may be wider: they stay whole."""
    for arguments in (
        ("explain", "rus-ukr-2022", "kpcs-core-2002"),
        ("explain", "rus-ukr-2022", "eu-2023"),
        ("explain", "car-2015", "ddi-2017"),
        ("explain", "sle-ruf-1991-2002", "milovanovic-2012"),
        ("show", "milovanovic-2012"),
        ("list",),
        ("vocabulary",),
        ("vocabulary", "measure.kind"),
        ("vocabulary", "--missing", "rus-ukr-2022"),
        ("check", "--summary"),
    ):
        ended = whole(*arguments)
        assert ended.code == 0, ended.err
        wide = [row for row in ended.out.split("\n") if len(row) > 80 and "<http" not in row]
        assert wide == [], arguments


def _seconds_of_work(command: list[str], cwd: Path) -> float:
    """Return the processor time of a process, the least of three runs."""
    found = []
    for _ in range(3):
        before = os.times()
        subprocess.run(
            command, cwd=cwd, env={**os.environ, **IMPORTABLE}, capture_output=True, check=True
        )
        after = os.times()
        found.append(after.children_user - before.children_user)
    return min(found)


def test_eval_of_the_whole_library_is_little_work(here: Path) -> None:
    """With caches warm, a few times what it takes to import the libraries that it stands on."""
    libraries = (
        "import click, lark, pydantic, yaml; from yaml import CSafeLoader; pydantic.BaseModel"
    )
    imports = _seconds_of_work([sys.executable, "-c", libraries], here)
    assert _seconds_of_work([*PROGRAM, "eval"], here) < MOST_WORK * imports


# --- shells -----------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_for_the_shell(shell: str, here: Path) -> None:
    """The script asks the program itself."""
    done = _start("completion", shell, cwd=here)
    assert done.returncode == 0
    assert "_KPRULES_COMPLETE" in done.stdout


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (["kprules", "ex"], "explain"),
        (["kprules", "explain", "rus-ukr-20"], "rus-ukr-2022"),
        (["kprules", "explain", "rus-ukr-2022", "kpcs-"], "kpcs-core-2002"),
        (["kprules", "eval", "--only", "kpcs-core-2002,west-"], "kpcs-core-2002,west-2022"),
        (["kprules", "eval", "--stand"], "--standard"),
        (["kprules", "eval", "--standard", "a"], "alleged"),
    ],
)
def test_completion_offers_commands_options_and_ids(
    typed: list[str], offered: str, here: Path
) -> None:
    """What bash would ask while a person types."""
    env = {
        "_KPRULES_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(typed),
        "COMP_CWORD": str(len(typed) - 1),
    }
    done = _start(cwd=here, env=env)
    assert offered in [row.partition(",")[2] for row in done.stdout.split("\n")]


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_stream_that_was_closed_before_the_start_is_nowhere(closed: str, here: Path) -> None:
    """The exit code is what it would be; nothing is said of it, and no file is written into."""
    for arguments, code in (
        ("list", 0),
        ("eval --fail-on captured --format json -o m.json", 1),
        ("explain", 2),
    ):
        line = f"{shlex.join(PROGRAM)} {arguments} {closed}"
        done = subprocess.run(
            ["sh", "-c", line],
            cwd=here,
            env={**os.environ, **IMPORTABLE},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code
        assert "Traceback" not in done.stdout + done.stderr
    assert json.loads((here / "m.json").read_text())["outcomes"]


def test_whoever_reads_only_the_beginning_may_ask_for_the_answer(here: Path) -> None:
    """`kprules test | head -0` ends with the code of the whole, under `pipefail`."""
    (here / "rules").mkdir()
    (here / "rules" / "own-rule.kpr").write_text(
        'definition own-rule "Own" {\n  source "Own"\n  captures when goods.form is rough\n'
        "  expect not_captured rus-ukr-2022\n}\n"
    )
    for stream in ("stdout", "stderr"):
        with subprocess.Popen(
            [*PROGRAM, "test"],
            cwd=here,
            env={**os.environ, **IMPORTABLE},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as started:
            one, other = started.stdout, started.stderr
            assert one is not None
            assert other is not None
            closed, read = (one, other) if stream == "stdout" else (other, one)
            closed.close()
            assert b"Traceback" not in read.read()
            assert started.wait() == 1
