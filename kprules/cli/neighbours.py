"""Where a definition is that was not read, for it lies in a file beside those that were named.

Guarantee: only help is added; nothing more is read than what a command was given. A line in here
touches the texts of rule files.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from kprules.diagnostics import Problems
from kprules.library.checked import SUFFIX

_FOLDER: Final = Path("rules")
_HEAD: Final = re.compile(r"^\s*definition\s+([a-z0-9-]+)", re.MULTILINE)


def point_out(problems: Problems) -> None:
    """Say of definitions that are not known which file of ./rules has them."""
    unknown = [p for p in problems.found if p.code == "unknown-definition" and not p.help]
    beside = _definitions() if unknown else {}
    for index, problem in enumerate(problems.found):
        file = beside.get(problem.span.text) if problem in unknown and problem.span else None
        if file is not None:
            problems.found[index] = replace(problem, help=f"{file} has it: name that file too")


def _definitions() -> dict[str, Path]:
    """Return the file of each definition in ./rules."""
    found: dict[str, Path] = {}
    for file in sorted(_FOLDER.rglob(f"*{SUFFIX}")) if _FOLDER.is_dir() else ():
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        for met in _HEAD.finditer(text):
            found.setdefault(met[1], file)
    return found
