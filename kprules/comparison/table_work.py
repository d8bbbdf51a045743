"""Definitions and conditions as they travel to the workers of a cluster.

Guarantee: a worker judges a batch as `kprules eval` judges a block of a table on one machine: the
same readings, lists closed or not, the same days. A line in here leads a batch to its judge.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from kprules.comparison.conditions import Conditions
from kprules.comparison.tables import TableJudge, covering
from kprules.formula.definition import Definition
from kprules.tables.outcomes import Outcomes
from kprules.tables.planes import unpack
from kprules.tables.spark import Judge, bare


@dataclass(frozen=True, slots=True)
class TableWork:
    """What a worker makes its judge of."""

    definitions: tuple[Definition, ...]
    """In the order of the outcomes."""
    conditions: Conditions
    as_of: date | None
    """A day that a row's period may include, or the row is left out."""
    columns: Collection[str]
    """The top-level columns that outcomes, and days, may depend on."""

    @property
    def ids(self) -> Sequence[str]:
        """The definitions, in order."""
        return [definition.id for definition in self.definitions]

    def begin(self) -> Judge:
        """Return a judge."""
        judge = TableJudge(self.definitions, self.conditions)
        if self.as_of is None:
            return lambda batch: (None, judge.judge(batch))
        days = covering(judge.vocabulary, self.as_of)

        def judged(batch: pa.RecordBatch) -> tuple[pa.BooleanArray | None, Outcomes]:
            outcomes = judge.judge(batch)
            may = unpack(days.evaluate(batch).possible(0), batch.num_rows).astype(np.bool_)
            if may.all() or not outcomes.ok:
                return None, outcomes
            wanted = pa.array(may)
            return wanted, judge.judge(batch.filter(wanted))

        return judged


def table_work(judge: TableJudge, conditions: Conditions, as_of: date | None) -> TableWork:
    """Return what travels for a judge; what only reports read stays behind."""
    days = () if as_of is None else ("period",)
    columns = (*judge.kernel.columns, *days)
    return TableWork(tuple(map(bare, judge.definitions)), conditions, as_of, columns)
