"""Definitions over a table at hand: Polars, pandas or Arrow in, the same kind out.

Guarantee: a row in, a row out, in order. A line in here touches tables as wholes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import pyarrow as pa

from kprules.comparison.conditions import Conditions
from kprules.comparison.tables import BadTableError, FileProblem, TableJudge
from kprules.formula.definition import Definition
from kprules.library.table_files.seen import repeated_ids
from kprules.tables.problems import FIRST, TableProblem

T = TypeVar("T")
_WHERE = "the table"


def judged_table(
    table: T, definitions: Sequence[Definition], conditions: Conditions, *, keep: bool
) -> T:
    """Return ids, columns carried through, and outcomes; raise what is wrong with the table."""
    if not definitions:
        raise ValueError("a table is judged by one definition or more")
    if len({d.about for d in definitions}) > 1:
        raise ValueError("definitions about different kinds of record judge no table together")
    judge = TableJudge(definitions, conditions)
    whole = _arrow(table)
    problems = list(judge.kernel.check(whole.schema))
    extras = [p.column for p in problems if _is_extra(p, whole.schema) and keep]
    outcomes = judge.judge(whole)
    wrong = [
        FileProblem(_WHERE, p)
        for p in outcomes.problems
        if p.is_error and not (p.column in extras and p.kind == "unknown-column")
    ]
    about = judge.vocabulary.about
    named = about in whole.schema.names
    if named:
        again = repeated_ids(whole.column(about))
        if again.size:
            rows = tuple(int(row) for row in again[:FIRST])
            values = tuple(str(whole.column(about)[row]) for row in rows)
            message = "ids that an earlier row has"
            problem = TableProblem(about, "duplicate-key", message, "", rows, len(again), values)
            wrong.append(FileProblem(_WHERE, problem))
    if wrong:
        raise BadTableError(wrong)
    columns: dict[str, Any] = {about: whole.column(about)} if named else {}
    columns |= {name: whole.column(name) for name in extras}
    columns |= dict(zip(judge.ids, outcomes.columns(), strict=True))
    like: T = _like(table, pa.table(columns))
    return like


def _is_extra(problem: TableProblem, schema: pa.Schema) -> bool:
    return problem.kind == "unknown-column" and problem.column in schema.names


def _arrow(table: Any) -> pa.Table:
    match table:
        case pa.Table():
            return table
        case pa.RecordBatch():
            return pa.Table.from_batches([table])
        case _ if type(table).__module__.split(".", maxsplit=1)[0] == "pandas":
            return pa.Table.from_pandas(table, preserve_index=False)
        case _ if hasattr(table, "__arrow_c_stream__"):
            return pa.table(table)
        case _:
            kind = type(table).__name__
            raise TypeError(f"a table of Arrow, Polars or pandas is needed, and not {kind}")


def _like(table: Any, made: pa.Table) -> Any:
    """Return a table as the kind that was handed in."""
    house = type(table).__module__.split(".", maxsplit=1)[0]
    if house == "polars":
        import polars as pl  # noqa: PLC0415 - the caller has it

        return pl.from_arrow(made)
    if house == "pandas":
        return made.to_pandas()
    if isinstance(table, pa.RecordBatch):
        batches = made.combine_chunks().to_batches()
        return batches[0] if batches else pa.RecordBatch.from_pylist([], made.schema)
    return made
