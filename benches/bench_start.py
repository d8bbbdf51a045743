"""Whole processes: `kprules eval` on what ships, and `--help`, beside what they import alone.

The program is installed from its wheel, byte-compiled, its cache filled by a first run. A time is
the processor's, of the process that is started.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import Any

import pytest

TOP = Path(__file__).resolve().parent.parent
IMPORTS = "import click, lark, yaml; from pydantic import BaseModel; yaml.CSafeLoader"
"""`import pydantic` alone imports next to nothing: its names are fetched when they are used."""
PROGRAMS = {
    "eval": {
        "kprules eval": ["-m", "kprules", "eval"],
        "imports alone": ["-c", IMPORTS],
    },
    "--help": {
        "kprules --help": ["-m", "kprules", "--help"],
        "click alone": ["-c", "import click"],
    },
}
SIDES = [(what, side) for what, sides in PROGRAMS.items() for side in sides]


def of_children() -> float:
    """Return the processor time of the processes that have ended."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel in a folder of its own."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    subprocess.run([*pip, str(folder), str(TOP)], check=True)  # noqa: S603 - pip
    return folder


@pytest.mark.benchmark(timer=of_children)
@pytest.mark.parametrize(("what", "side"), SIDES, ids=[side for _, side in SIDES])
def test_start(benchmark: Any, installed: Path, tmp_path: Path, what: str, side: str) -> None:
    """Time processes from their start to their end."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env |= {"PYTHONPATH": str(installed), "KPRULES_CACHE": str(installed / "cache")}
    command = [sys.executable, *PROGRAMS[what][side]]

    def start() -> None:
        subprocess.run(command, cwd=tmp_path, env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - as above

    benchmark.group = f"start, {what}"
    benchmark.pedantic(start, rounds=20, warmup_rounds=2)
