"""Golden errors: a file for each mistake, and what is said of it.

`<code>.kpr` or `<code>-<variant>.kpr` holds the mistake, the `.txt` of the same name what a person
reads. `KPRULES_GOLDEN=write` writes the second from what is said now; read it before committing.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

import kprules
from kprules.checking import check
from kprules.diagnostics import Problem, Problems, render
from kprules.records.vocabulary import VOCABULARIES
from kprules.source import Source
from kprules.syntax.parser import parse

HERE = Path(__file__).parent
MISTAKES = sorted(HERE.glob("*.kpr"))

CASES = {"rus-ukr-2022", "ang-unita-1992-2002", "sle-ruf-1991-2002"}
PARTIES = {"ukraine", "russia"}
KEYS = {"s1", "s2", "seed-003"}

NOT_HERE = {"control-character", "replaces-shipped", "falls-away"}
"""Codes that take more than a text file: bytes that editors drop, a second file."""

_REPORTED = re.compile(r'(?:report|warn|twice|\bsay|Problem)\(\s*"([a-z]+(?:-[a-z]+)*)",')


def problems_of(path: Path) -> list[Problem]:
    """Return what is said of a file: of its text, and if that is sound, of what it means."""
    problems = Problems()
    file = parse(Source(path.name, path.read_bytes().decode()), problems)
    if not problems.errors:
        check([file], VOCABULARIES, problems, known_cases=CASES, parties=PARTIES, keys=KEYS)
    return problems.found


@pytest.mark.parametrize("path", MISTAKES, ids=lambda path: path.stem)
def test_a_mistake_is_explained_as_before(path: Path) -> None:
    """Expect the very words of the golden file, and in them the code that the name promises."""
    found = problems_of(path)
    said = "\n\n".join(map(render, found)) + "\n"
    golden = path.with_suffix(".txt")
    if os.environ.get("KPRULES_GOLDEN") == "write":
        golden.write_text(said, encoding="utf-8", newline="\n")
    assert said == golden.read_text(encoding="utf-8")
    assert any(f"{path.stem}-".startswith(f"{p.code}-") for p in found)


def test_every_golden_file_has_its_mistake() -> None:
    """Expect no message without the file that causes it."""
    assert [t.name for t in sorted(HERE.glob("*.txt")) if not t.with_suffix(".kpr").exists()] == []


def test_every_code_has_a_golden_file() -> None:
    """Expect a file for each code that syntax and checking know how to report."""
    rooms = Path(kprules.__file__).parent
    codes = {
        code
        for room in ("syntax", "checking")
        for module in (rooms / room).glob("*.py")
        for code in _REPORTED.findall(module.read_text(encoding="utf-8"))
    }
    assert len(codes) > 40
    stems = [f"{path.stem}-" for path in MISTAKES]
    missing = {c for c in codes if not any(stem.startswith(f"{c}-") for stem in stems)}
    assert missing <= NOT_HERE
