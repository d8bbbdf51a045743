"""CSV that is wrong, and how the process ends over it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import kprules as kprules_package

IMPORTABLE = {"PYTHONPATH": str(Path(kprules_package.__file__).parent.parent)}
MAPPING = '[fields]\ncase = "{id}"\ntitle = "{nowhere}"\n'
WRONG = {
    "two columns of a name": (
        ["eval", "t.csv", "--only", "us-eo14114-2024"],
        "case,goods.form,goods.form\na,rough,rough\n",
        "two columns of this name",
    ),
    "a mapping's column is not there": (
        ["import", "--mapping", "m.toml", "t.csv", "-o", "cases.parquet"],
        "id,x\n1,2\n",
        "has no column `nowhere`",
    ),
    "a quotation mark stays open": (
        ["eval", "t.csv", "--only", "us-eo14114-2024"],
        'case,goods.form\na,"rough\n' + "b,rough\n" * 5_000_000,
        "a quotation mark may be open",
    ),
    "a ragged row": (
        ["eval", "t.csv", "--only", "us-eo14114-2024"],
        "case,goods.form\na\nb,rough\n",
        "row 1: 1 cells where the header has 2",
    ),
}


def _on_one_processor() -> None:
    """Let threads finish late: that is when one of them may meet the end of the process."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs a choice of processors")
@pytest.mark.parametrize("what", WRONG)
def test_the_process_ends_with_2_and_is_never_aborted(what: str, here: Path) -> None:
    """No thread that still reads is left to meet an interpreter which ends."""
    arguments, table, said = WRONG[what]
    Path("m.toml").write_text(MAPPING)
    Path("t.csv").write_text(table)
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-m", "kprules", *arguments],
            env={**os.environ, **IMPORTABLE},
            capture_output=True,
            encoding="utf-8",
            timeout=60,
            preexec_fn=_on_one_processor,
            check=False,
        )
        assert done.returncode == 2, done.stderr
        assert said in done.stderr
