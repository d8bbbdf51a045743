"""Tables in memory beside hand-written Polars: flat facts, lists, ten times as much, memory.

All sides judge the same Polars table, on one core, and count the same outcomes; a time is the
processor's. BENCH_ROWS says how many rows there are.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any

import polars as pl
import pyarrow as pa
import pytest
from by_polars import flat_counts, list_counts
from consignments import (
    CONSIGNMENTS,
    ROWS,
    Counts,
    consignments,
    flat_definitions,
    list_definitions,
    same,
)

from kprules.tables.kernel import Kernel

LISTED = ROWS // 5
SIDES = ("kprules", "Polars")
ROUNDS = {12: 9, 200: 5, 1000: 3}
pytestmark = [pytest.mark.benchmark(timer=process_time), pytest.mark.timeout(0)]


@pytest.fixture(scope="module")
def flat() -> pl.DataFrame:
    """Consignments of flat facts, as codes in memory."""
    return consignments(ROWS)


@pytest.fixture(scope="module")
def listed() -> pl.DataFrame:
    """Consignments with 0 to 4 uses each."""
    return consignments(LISTED, uses=True)


@cache
def flat_kernel(count: int) -> Kernel:
    """Return definitions of flat facts, ready for tables."""
    return Kernel(flat_definitions(count), CONSIGNMENTS)


def timed(benchmark: Any, group: str, side: str, work: Callable[[], Any], rounds: int) -> Any:
    """Time one side, warm; return what it came to."""
    benchmark.group, benchmark.extra_info["side"] = group, side
    return benchmark.pedantic(work, rounds=rounds, warmup_rounds=1)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("count", [12, 200, 1000])
def test_flat(benchmark: Any, flat: pl.DataFrame, count: int, side: str) -> None:
    """Time definitions of flat facts, beside Polars in two steps."""
    judgements, kernel = flat_definitions(count), flat_kernel(count)
    sides: dict[str, Callable[[], Counts]] = {
        "kprules": lambda: kernel.counts(flat),
        "Polars": lambda: flat_counts(flat, judgements),
    }
    group = f"{ROWS:,} flat rows, {count} definitions"
    same(group, timed(benchmark, group, side, sides[side], ROUNDS[count]))


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("count", [12, 200])
def test_lists(benchmark: Any, listed: pl.DataFrame, count: int, side: str) -> None:
    """Time definitions about lists, beside exploding, grouping and joining."""
    judgements = list_definitions(count)
    kernel = Kernel(judgements, CONSIGNMENTS)
    sides: dict[str, Callable[[], Counts]] = {
        "kprules": lambda: kernel.counts(listed),
        "Polars": lambda: list_counts(listed, judgements),
    }
    group = f"{LISTED:,} rows of uses, {count} definitions"
    same(group, timed(benchmark, group, side, sides[side], ROUNDS[count]))


@pytest.mark.parametrize("side", ["all", "a tenth"])
def test_ten_times_the_rows(benchmark: Any, flat: pl.DataFrame, side: str) -> None:
    """See whether the time grows as the rows do."""
    kernel, rows = flat_kernel(200), flat if side == "all" else flat[: ROWS // 10]
    timed(benchmark, "flat rows, rows x 10", side, lambda: kernel.counts(rows), 9)


@pytest.mark.parametrize("side", ["1000", "100"])
def test_ten_times_the_definitions(benchmark: Any, flat: pl.DataFrame, side: str) -> None:
    """See whether the time grows less than the definitions do."""
    kernel = flat_kernel(int(side))
    timed(benchmark, "flat rows, definitions x 10", side, lambda: kernel.counts(flat), 5)


def test_compiling(benchmark: Any) -> None:
    """See how long it takes to ready a thousand definitions for a table."""
    judgements, few = flat_definitions(1000), consignments(64)
    work = lambda: Kernel(judgements, CONSIGNMENTS).counts(few)  # noqa: E731 - the work
    timed(benchmark, "compile for tables", "kprules", work, 3)


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
    flat, kernel = consignments(ROWS), flat_kernel(1000)
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


def test_memory_of_a_thousand_definitions(benchmark: Any) -> None:
    """See how much more memory a thousand definitions take, where outcomes are counted."""
    benchmark.group = "memory, 1000 definitions"
    (more,) = benchmark.pedantic(lambda: alone("a_thousand_definitions"))
    benchmark.extra_info["MiB"] = {"kprules": more, "allowed": 250}


def test_memory_of_a_stream(benchmark: Any) -> None:
    """See whether the memory stays as it is when ten times as many batches stream by."""
    benchmark.group = "memory, batches x 10"
    less, more = benchmark.pedantic(lambda: alone("streams"))
    benchmark.extra_info["MiB"] = {"all": more, "a tenth": less}


def _copies(batch: pa.RecordBatch, count: int) -> Iterator[pa.RecordBatch]:
    for _ in range(count):
        yield pa.RecordBatch.from_arrays(batch.columns, schema=batch.schema)


if __name__ == "__main__":
    measured = {"a_thousand_definitions": a_thousand_definitions, "streams": streams}[sys.argv[1]]()
    sys.stdout.write(" ".join(str(figure) for figure in measured))
