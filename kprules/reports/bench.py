"""What was measured, in words and as data.

Guarantee: every figure measured is in the data; the table shows the dearest definitions only. A
line in here touches strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from kprules.comparison.bench import Bench, Measured
from kprules.reports.matrix_json import dumps
from kprules.reports.text import columns, line

DEAREST: Final = 5
"""How many definitions are shown."""
_UNITS: Final = ((1, "s"), (1e-3, "ms"), (1e-6, "µs"))


def bench_table(found: Bench) -> str:
    """Return the figures in columns."""
    lines: list[str] = []
    for heading, measured in (
        ("loading", found.loading),
        ("judging, one by one", found.judging),
        ("judging, as a table", found.table),
        (f"the {min(DEAREST, len(found.costs))} dearest definitions", found.costs[:DEAREST]),
    ):
        if measured:
            lines += [heading, *_rows(measured), ""]
    if not found.table:
        lines += ["as a table: pip install 'kprules[tables]'", ""]
    return "\n".join([*lines, *_where(found)])


def _rows(measured: Iterable[Measured]) -> Iterator[str]:
    rows = [(f"  {line(m.work)}", _time(m.seconds), _each(m)) for m in measured]
    return iter(columns([(work, time.rjust(8), each) for work, time, each in rows]))


def _each(measured: Measured) -> str:
    return f"{_time(measured.seconds / max(measured.count, 1))} a {measured.each}"


def _where(found: Bench) -> Iterator[str]:
    """Yield how a whole evaluation with reasons shares out its time, from files to reasons."""
    steps = [m for m in (*found.loading, *found.judging) if not m.work.startswith("compil")]
    total = sum(m.seconds for m in steps)
    yield f"where the time goes, from files to reasons ({_time(total)})"
    steps.sort(key=lambda m: -m.seconds)
    yield from columns([(f"{m.seconds / total:6.0%}", line(m.work)) for m in steps])


def _time(seconds: float) -> str:
    for unit, name in _UNITS:
        if seconds >= unit:
            return f"{seconds / unit:.3g} {name}"
    return f"{seconds * 1e9:.3g} ns"


def bench_json(found: Bench) -> str:
    """Return the figures as JSON."""

    def objects(measured: Iterable[Measured]) -> list[dict[str, object]]:
        return [
            {"work": m.work, "seconds": m.seconds, "count": m.count, "each": m.each}
            for m in measured
        ]

    return dumps(
        {
            "format": "kprules-bench/1",
            "loading": objects(found.loading),
            "judging": objects(found.judging),
            "table": objects(found.table),
            "definitions": objects(found.costs),
        },
        indent=1,
    )
