"""A Parquet file in, outcomes in a Parquet file out: `kprules eval` beside hand-written Polars.

Both read the same columns, the id and the facts that twelve definitions look at, as a stream, and
write the id and a column a definition. Ours has more to do: it refuses ids that stand twice and
texts that are none, and counts how far definitions agree. A time is the processor's.
"""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

import polars as pl
import pytest
from by_polars import Comparisons, counted
from consignments import CONSIGNMENTS, ROWS, Counts, consignments, flat_definitions, same

from kprules.cli.table_goal import Goal
from kprules.cli.table_options import Tables
from kprules.cli.table_writing import write_outcomes
from kprules.comparison.conditions import Conditions
from kprules.comparison.table_rows import Wanted
from kprules.comparison.table_tally import Tally
from kprules.comparison.tables import Ask, TableJudge, TableRun
from kprules.library.table_files.recognised import TableFile
from kprules.tables.outcomes import NAMES

ID = CONSIGNMENTS.about
JUDGEMENTS = flat_definitions(12)
pytestmark = [pytest.mark.benchmark(timer=process_time), pytest.mark.timeout(0)]


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write consignments with ids."""
    path = tmp_path_factory.mktemp("tables") / "consignments.parquet"
    ids = pl.format("c-{}", pl.int_range(pl.len())).alias(ID)
    consignments(ROWS).select(ids, pl.all()).write_parquet(path)
    return path


def by_kprules(table: Path, outcomes: Path) -> None:
    """Do what `kprules eval TABLE -o OUTCOMES` does once the definitions are read."""
    judge = TableJudge([j.definition for j in JUDGEMENTS], Conditions())
    run = TableRun([TableFile(table, "parquet")], judge, Ask())
    run.open()
    wanted = Wanted(judge.vocabulary, frozenset(judge.kernel.columns))
    write_outcomes(run, Tally(judge.ids), wanted, Goal("parquet", outcomes), Tables())


def by_polars(table: Path, outcomes: Path) -> None:
    """Do the same by hand: comparisons, then definitions, true, false or null."""
    comparisons = Comparisons()
    forms = [comparisons.over(j.captures).alias(j.id) for j in JUDGEMENTS]
    (
        pl.scan_parquet(table)
        .select(ID, *comparisons.columns.values())
        .select(ID, *forms)
        .sink_parquet(outcomes, compression="zstd", compression_level=1)  # as ours is
    )


def names_counted(outcomes: Path) -> Counts:
    """Count the outcomes of a file that names them."""
    found = pl.read_parquet(outcomes, columns=[j.id for j in JUDGEMENTS])
    return [[int((column == name).sum()) for name in NAMES] for column in found]


def truths_counted(outcomes: Path) -> Counts:
    """Count the outcomes of a file of truths."""
    return counted(pl.read_parquet(outcomes, columns=[j.id for j in JUDGEMENTS]))


SIDES = {"kprules eval": (by_kprules, names_counted), "Polars": (by_polars, truths_counted)}


@pytest.mark.parametrize("side", SIDES)
def test_parquet_to_parquet(benchmark: Any, table: Path, tmp_path: Path, side: str) -> None:
    """Time twelve definitions from file to file."""
    work, counts = SIDES[side]
    outcomes = tmp_path / "outcomes.parquet"
    benchmark.group = f"{ROWS:,} rows, 12 definitions, Parquet to Parquet"
    benchmark.pedantic(work, (table, outcomes), rounds=5, warmup_rounds=1)
    same(benchmark.group, counts(outcomes))
