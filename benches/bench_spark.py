"""Spark on two cores: `kprules.spark.evaluate` beside Spark's own SQL, on a Parquet data set.

Both read consignments with 0 to 4 uses each, and make a column a definition that nobody keeps
(Spark's `noop`); they must count the same outcomes. A time is the clock's: the work is that of
several processes.
"""

from __future__ import annotations

import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from by_spark import columns
from consignments import ROWS, consignments, list_definitions, same

from kprules.formula.definition import Judgement
from kprules.spark import evaluate
from kprules.tables.outcomes import NAMES

LISTED = ROWS // 5
COUNTS = (12, 200)
JUDGEMENTS = {count: list_definitions(count) for count in COUNTS}
pytestmark = [pytest.mark.timeout(0), pytest.mark.filterwarnings("ignore")]  # Spark's own


@pytest.fixture(scope="module")
def frame(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Begin Spark, and write the consignments that it reads."""
    pytest.importorskip("pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    os.environ["PYSPARK_PYTHON"] = os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    here = Path(__file__).parent
    os.environ["PYTHONPATH"] = os.pathsep.join([str(here), str(here.parent)])  # for the workers
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra

    path = tmp_path_factory.mktemp("tables") / "consignments.parquet"
    consignments(LISTED, uses=True).write_parquet(path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        yield session.read.parquet(str(path))
        session.stop()


def by_kprules(frame: Any, judgements: list[Judgement], *, packed: bool = False) -> Any:
    """Return the outcomes by the table engine."""
    return evaluate(frame, [j.definition for j in judgements], packed=packed)


def by_spark(frame: Any, judgements: list[Judgement]) -> Any:
    """Return the outcomes by Spark's own SQL."""
    return frame.selectExpr(*columns(judgements))


def outcome_of_names(name: str) -> list[str]:
    """Return when a column of names holds each outcome."""
    return [f"`{name}` = '{outcome}'" for outcome in NAMES]


def outcome_of_truths(name: str) -> list[str]:
    """Return when a column of truths stands for each outcome."""
    return [f"not `{name}`", f"`{name}` is null", f"`{name}`"]


SIDES: dict[
    str, tuple[Callable[[Any, list[Judgement]], Any], Callable[[str], list[str]] | None]
] = {
    "kprules": (by_kprules, outcome_of_names),
    "kprules, packed": (partial(by_kprules, packed=True), None),
    "Spark's own SQL": (by_spark, outcome_of_truths),
}


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("side", SIDES)
def test_spark(benchmark: Any, frame: Any, side: str, count: int) -> None:
    """Time definitions about lists."""
    work, outcomes = SIDES[side]
    judgements = JUDGEMENTS[count]
    judged = work(frame, judgements)
    benchmark.group = f"{LISTED:,} nested rows, {count} definitions, Spark"
    benchmark.pedantic(
        lambda: judged.write.format("noop").mode("overwrite").save(), rounds=3, warmup_rounds=2
    )
    if outcomes is None:
        return
    asked = [f"count_if({so})" for j in judgements for so in outcomes(j.id)]
    found = list(judged.selectExpr(*asked).first())
    same(benchmark.group, [found[i : i + 3] for i in range(0, len(found), 3)])
