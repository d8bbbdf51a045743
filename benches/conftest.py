"""At the end of `python -m pytest benches --benchmark-only`: the targets, reached or missed.

The table is printed; a picture of it is saved in `.benchmarks/ratios.svg`. Polars has one core, on
both sides, unless POLARS_MAX_THREADS says otherwise.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from ratios import picture, reached, table

os.environ.setdefault("POLARS_MAX_THREADS", "1")  # read when Polars is imported


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the ratios of what was timed."""
    session: Any = getattr(config, "_benchmarksession", None)
    figures: dict[tuple[str, str], float] = {}
    for each in session.benchmarks if session is not None else ():
        side = each.extra_info.get("side") or (each.params or {}).get("side")
        if side and each.stats.rounds:
            figures[each.group, side] = each.stats.min
        for side, memory in each.extra_info.get("MiB", {}).items():
            figures[each.group, side] = memory
    found = reached(figures)
    if not found:
        return
    terminalreporter.section("ratios of the least times")
    for line in table(found):
        terminalreporter.write_line(line)
    file = config.rootpath / ".benchmarks" / "ratios.svg"
    file.parent.mkdir(exist_ok=True)
    file.write_text(picture(found), encoding="utf-8")
    terminalreporter.write_line(f"\n{file.relative_to(config.rootpath)}")
