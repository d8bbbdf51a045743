"""At the end of `python -m pytest benches --benchmark-only`: the targets, reached or missed.

The table is printed; a picture of it is saved in `.benchmarks/ratios.svg`.
"""

from __future__ import annotations

from typing import Any

import pytest
from ratios import picture, reached, table


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the ratios of what was timed."""
    session: Any = getattr(config, "_benchmarksession", None)
    times: dict[tuple[str, str], float] = {}
    for each in session.benchmarks if session is not None else ():
        side = each.extra_info.get("side") or (each.params or {}).get("side")
        if side and each.stats.rounds:
            times[each.group, side] = each.stats.min
    found = reached(times)
    if not found:
        return
    terminalreporter.section("ratios of the least times")
    for line in table(found):
        terminalreporter.write_line(line)
    file = config.rootpath / ".benchmarks" / "ratios.svg"
    file.parent.mkdir(exist_ok=True)
    file.write_text(picture(found), encoding="utf-8")
    terminalreporter.write_line(f"\n{file.relative_to(config.rootpath)}")
