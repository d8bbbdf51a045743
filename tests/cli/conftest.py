"""The command line in tests: run in this process, in a folder of its own, on a small library."""

import os
import re
import shutil
from pathlib import Path

import pytest
from running import Ended, Run

from kprules.cli.main import run
from kprules.library.shipped import shipped

SMALL_RULES = ("terms", "kpcs-core-2002", "west-2022", "kp-consensus-2003", "us-eo14068-2022")
"""What stands for the shipped rules in most tests; the cases are those that they speak of."""


@pytest.fixture(scope="session")
def small_library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder like the shipped one, with a few of its rules and cases."""
    top = tmp_path_factory.mktemp("shipped")
    (top / "rules").mkdir()
    spoken_of = set()
    for name in SMALL_RULES:
        path = shipped("rules") / f"{name}.kpr"
        shutil.copyfile(path, top / "rules" / path.name)
        spoken_of |= set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)+", path.read_text(encoding="utf-8")))
    for path in shipped("cases").rglob("*.yaml"):
        if path.stem in spoken_of | {"sources", "kasane-2022"}:
            target = top / "cases" / path.relative_to(shipped("cases"))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    return top


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, in an environment that asks for nothing."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in [n for n in os.environ if n.startswith("KPRULES_") and n != "KPRULES_CACHE"]:
        monkeypatch.delenv(name)
    for name in ("COLUMNS", "LINES", "NO_COLOR", "PAGER", "LESS"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def whole(here: Path, capfd: pytest.CaptureFixture[str]) -> Run:
    """Run `kprules` in the empty folder, on the whole shipped library."""

    def kprules(*arguments: str) -> Ended:
        capfd.readouterr()
        code = run(list(arguments))
        said = capfd.readouterr()
        return Ended(code, said.out, said.err)

    return kprules


@pytest.fixture
def kprules(whole: Run, small_library: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run `kprules` in the empty folder, on the small library."""
    for module in ("loading", "check_command", "names"):
        monkeypatch.setattr(f"kprules.cli.{module}.shipped", lambda what: small_library / what)
    return whole
