"""Tables beside hand-written Polars: flat facts, lists, ten times as much, memory.

Both sides judge the same Polars table in turn, round by round, on one core (POLARS_MAX_THREADS=1),
and must count the same outcomes. A table at the end shows the least processor time of each, the
ratio and the target. Run: POLARS_MAX_THREADS=1 python -m pytest benches/bench_tables.py -s
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any

os.environ.setdefault("POLARS_MAX_THREADS", "1")

import polars as pl
import pyarrow as pa
import pytest
from by_polars import Counts, flat_counts, list_counts
from consignments import (
    CONSIGNMENTS,
    consignments,
    flat_definitions,
    list_definitions,
)

from kprules.formula.definition import Judgement
from kprules.tables.kernel import Kernel

FLAT_ROWS = int(os.environ.get("BENCH_ROWS", "5000000"))
LIST_ROWS = FLAT_ROWS // 5
Row = tuple[str, str, str, str, str]


@pytest.fixture(scope="module")
def figures() -> Iterator[list[Row]]:
    """Gather figures, and print them when all are there."""
    rows: list[Row] = [("work", "kprules", "beside", "ratio", "target")]
    yield rows
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)) for row in rows]
    sys.stdout.write("\n".join(["", *(line.rstrip() for line in lines), ""]))


@pytest.fixture(scope="module")
def flat() -> pl.DataFrame:
    """Consignments of flat facts, as codes in memory."""
    return consignments(FLAT_ROWS)


@pytest.fixture(scope="module")
def listed() -> pl.DataFrame:
    """Consignments with 0 to 4 uses each."""
    return consignments(LIST_ROWS, uses=True)


def times(*sides: Callable[[], Any], rounds: int) -> tuple[list[list[float]], list[Any]]:
    """Return what each side took and came to, in turn, round by round."""
    took: list[list[float]] = [[] for _ in sides]
    results: list[Any] = [None] * len(sides)
    for _ in range(rounds):
        for index, side in enumerate(sides):
            begin = process_time()
            results[index] = side()
            took[index].append(process_time() - begin)
    return took, results


def beside(
    figures: list[Row],
    work: str,
    target: float,
    ours: Callable[[], Any],
    theirs: Callable[[], Counts],
    rounds: int,
) -> None:
    """Set both sides beside each other, and note the figures."""
    ours()  # compile, and warm both
    took, (found, wanted) = times(ours, theirs, rounds=rounds)
    assert [tuple(int(n) for n in row) for row in found] == wanted
    mine, other = min(took[0]), min(took[1])
    note(figures, work, f"{mine * 1e3:.0f} ms", f"{other * 1e3:.0f} ms", mine / other, target)


def note(figures: list[Row], work: str, mine: str, other: str, ratio: float, target: float) -> None:
    """Note one line of figures."""
    figures.append((work, mine, other, f"{ratio:.3f}", f"<= {target}"))


@pytest.mark.parametrize(
    ("count", "target", "rounds"), [(12, 0.8, 9), (200, 0.4, 4), (1000, 0.2, 3)]
)
def test_flat(
    flat: pl.DataFrame, figures: list[Row], count: int, target: float, rounds: int
) -> None:
    """Set definitions of flat facts beside Polars in two steps."""
    judgements = flat_definitions(count)
    kernel = Kernel(judgements, CONSIGNMENTS)
    beside(
        figures,
        f"{FLAT_ROWS:,} flat rows, {count} definitions",
        target,
        lambda: kernel.counts(flat),
        lambda: flat_counts(flat, judgements),
        rounds,
    )


@pytest.mark.parametrize(("count", "target", "rounds"), [(12, 0.25, 7), (200, 0.12, 2)])
def test_lists(
    listed: pl.DataFrame, figures: list[Row], count: int, target: float, rounds: int
) -> None:
    """Set definitions about lists beside exploding, grouping and joining."""
    judgements = list_definitions(count)
    kernel = Kernel(judgements, CONSIGNMENTS)
    beside(
        figures,
        f"{LIST_ROWS:,} rows of 0-4 uses, {count} definitions",
        target,
        lambda: kernel.counts(listed),
        lambda: list_counts(listed, judgements),
        rounds,
    )


def test_ten_times_the_rows(flat: pl.DataFrame, figures: list[Row]) -> None:
    """See whether the time grows as the rows do."""
    kernel = Kernel(flat_definitions(200), CONSIGNMENTS)
    few = flat[: FLAT_ROWS // 10]
    kernel.counts(few)
    took, _ = times(lambda: kernel.counts(few), lambda: kernel.counts(flat), rounds=5)
    less, more = min(took[0]), min(took[1])
    note(figures, "rows x 10", f"{more * 1e3:.0f} ms", f"{less * 1e3:.0f} ms", more / less, 10.5)


def test_ten_times_the_definitions(flat: pl.DataFrame, figures: list[Row]) -> None:
    """See whether the time grows less than the definitions do."""
    kernels = [Kernel(flat_definitions(count), CONSIGNMENTS) for count in (100, 1000)]
    for kernel in kernels:
        kernel.counts(flat[:1000])
    took, _ = times(*[lambda k=k: k.counts(flat) for k in kernels], rounds=3)
    less, more = min(took[0]), min(took[1])
    note(
        figures, "definitions x 10", f"{more * 1e3:.0f} ms", f"{less * 1e3:.0f} ms", more / less, 8
    )


# --- memory ---------------------------------------------------------------------------------------


def resident(what: str) -> float:
    """Return how many MiB the process holds (`VmRSS`), or has held at most (`VmHWM`)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(what):
            return int(line.split()[1]) / 1024
    raise AssertionError(what)


def most(work: Callable[[], Any]) -> float:
    """Return how many MiB the process holds at most while it does a piece of work."""
    Path("/proc/self/clear_refs").write_text("5")  # the most that was held is forgotten
    work()
    return resident("VmHWM")


def alone(what: str) -> list[float]:
    """Return the figures of a measurement of memory, made in a process of its own."""
    command = [sys.executable, __file__, what]
    where = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[1])])}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=where)  # noqa: S603 - this file
    return [float(figure) for figure in done.stdout.split()]


def a_thousand_definitions() -> list[float]:
    """Count the outcomes of a thousand definitions."""
    flat = consignments(FLAT_ROWS)
    kernel = Kernel(flat_definitions(1000), CONSIGNMENTS)
    before = resident("VmRSS")
    return [most(lambda: kernel.counts(flat)) - before]


def streams() -> list[float]:
    """Judge some batches, and ten times as many."""
    batch = consignments(100_000, uses=True).to_arrow().to_batches()[0]
    kernel = Kernel(list_definitions(50), CONSIGNMENTS)

    def stream(batches: int) -> None:
        for outcomes in kernel.stream(_copies(batch, batches)):
            outcomes.counts()

    stream(10)
    return [most(lambda: stream(10)), most(lambda: stream(100))]


def test_memory_of_a_thousand_definitions(figures: list[Row]) -> None:
    """See how much more memory a thousand definitions take, where outcomes are counted."""
    (more,) = alone("a_thousand_definitions")
    note(figures, "memory, 1000 definitions", f"{more:.0f} MiB", "250 MiB", more / 250, 1)


def test_memory_of_a_stream(figures: list[Row]) -> None:
    """See whether the memory stays as it is when ten times as many batches stream by."""
    less, more = alone("streams")
    figure = f"{more:.0f} MiB", f"{less:.0f} MiB"
    note(figures, "memory, batches x 10", *figure, more / less, 1.2)


def _copies(batch: pa.RecordBatch, count: int) -> Iterator[pa.RecordBatch]:
    for _ in range(count):
        yield pa.RecordBatch.from_arrays(batch.columns, schema=batch.schema)


def test_compiling(benchmark: Any) -> None:
    """See how long it takes to ready a thousand definitions for a table."""
    judgements: list[Judgement] = flat_definitions(1000)
    few = consignments(64)
    benchmark.pedantic(lambda: Kernel(judgements, CONSIGNMENTS).counts(few), rounds=3)


if __name__ == "__main__":
    measured = {"a_thousand_definitions": a_thousand_definitions, "streams": streams}[sys.argv[1]]()
    sys.stdout.write(" ".join(str(figure) for figure in measured))
