"""Tables in tests: files in a folder of their own, judged by `kprules eval`."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from postgres import Postgres, running
from running import Ended, Run

from kprules.cli.main import run

RULES = """
definition rough-diamonds "Rough diamonds" {
  status proposed
  source "a test"
  captures when goods.material is diamond and goods.form is rough
}

definition large-diamonds "Large diamonds that somebody taxes" {
  status proposed
  source "a test"
  captures when all of {
    stone: goods.material is diamond and goods.carats >= 1
    tax: some link in links has link.relations includes taxes
  }
}
"""


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Run PostgreSQL, where it is installed."""
    with running() as server:
        yield server


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a folder with two definitions, in an environment that asks for nothing."""
    monkeypatch.chdir(tmp_path)
    for name in [n for n in os.environ if n.startswith("KPRULES_") and n != "KPRULES_CACHE"]:
        monkeypatch.delenv(name)
    for name in ("COLUMNS", "LINES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "two.kpr").write_text(RULES)
    return tmp_path


@pytest.fixture
def kprules(here: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run `kprules` in that folder."""

    def command(*arguments: str) -> Ended:
        capfd.readouterr()
        code = run(list(arguments))
        said = capfd.readouterr()
        return Ended(code, said.out, said.err)

    return command


@pytest.fixture
def judged(kprules: Run) -> Run:
    """Run `kprules eval` by the two definitions alone."""

    def command(*arguments: str) -> Ended:
        return kprules("eval", *arguments, "--rules", "mine")

    return command


@pytest.fixture
def imported_by(kprules: Run) -> Callable[[str, str], tuple[Ended, Any]]:
    """Import a table by a mapping, and return how it ended and the cases, if any."""
    import polars as pl  # noqa: PLC0415 - an extra

    def command(mapping: str, table: str) -> tuple[Ended, Any]:
        Path("m.toml").write_text(mapping)
        Path("t.csv").write_text(table)
        Path("cases.parquet").unlink(missing_ok=True)
        ended = kprules(
            "import", "--mapping", "m.toml", "t.csv", "-o", "cases.parquet", "--rules", "mine"
        )
        cases = pl.read_parquet("cases.parquet") if Path("cases.parquet").exists() else None
        return ended, cases

    return command
