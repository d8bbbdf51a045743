"""Definitions over a table at hand: Polars, pandas or Arrow in, the same kind out.

Guarantee: a row in, a row out, in order, with pandas' own index; ids and columns carried through
are the caller's own. What is wrong with a table is raised as a `BadTableError`, whoever finds it. A
line in here touches tables as wholes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, TypeVar

import pyarrow as pa

from kprules.comparison.conditions import Conditions
from kprules.comparison.table_problems import BadTableError, FileProblem
from kprules.comparison.tables import TableJudge
from kprules.formula.definition import Definition
from kprules.library.table_files.seen import repeated_ids
from kprules.tables.arrow import is_text
from kprules.tables.ids import with_ids
from kprules.tables.problems import FIRST, TableProblem
from kprules.tables.rows import INCOMPLETE

T = TypeVar("T")
_WHERE = "the table"
_KEEP = 'extra_columns="keep"'


def judged_table(
    table: T, definitions: Sequence[Definition], conditions: Conditions, *, keep: bool
) -> T:
    """Return ids, columns carried through, and outcomes; raise what is wrong with the table."""
    if not definitions:
        raise ValueError("a table is judged by one definition or more")
    if len({d.about for d in definitions}) > 1:
        raise ValueError("definitions about different kinds of record judge no table together")
    judge = TableJudge(definitions, conditions)
    about = judge.vocabulary.about
    whole = with_ids(_arrow(table, judge.vocabulary.root.fields), about)
    problems = [p for p in judge.kernel.check(whole.schema) if p.is_error]
    extras = [p.column for p in problems if p.kind == "unknown-column" and _is_top(p, whole)]
    wrong = [p for p in problems if p.column not in extras]
    wrong += taken_names(extras if keep else (), judge.ids)
    outcomes = judge.judge(whole)
    wrong += [p for p in outcomes.problems if p.every.size]
    if about in whole.schema.names and is_text(whole.schema.field(about).type):
        wrong += _repeated(whole, about)
    found = [FileProblem(_WHERE, p) for p in wrong]
    if not keep:
        found += [FileProblem(_WHERE, p, _KEEP) for p in problems if p.column in extras]
    if found:
        raise BadTableError(found)
    kept = [*([about] if about in whole.schema.names else []), *extras]
    like: T = _like(table, kept, dict(zip(judge.ids, outcomes.columns(), strict=True)))
    return like


def taken_names(extras: Collection[str], ids: Collection[str]) -> Iterator[TableProblem]:
    """Yield the columns carried through that have the name of a column of outcomes."""
    for name in extras:
        if name in ids:
            said = "has the name of a definition, whose outcomes would take its place"
            yield TableProblem(name, "clashing-columns", said, "give the column another name")


def _is_top(problem: TableProblem, table: pa.Table) -> bool:
    return problem.column in table.schema.names


def _repeated(table: pa.Table, about: str) -> Iterator[TableProblem]:
    """Yield the ids that stand twice."""
    again = repeated_ids(table.column(about))
    if again.size:
        rows = tuple(int(row) for row in again[:FIRST])
        values = tuple(str(table.column(about)[row]) for row in rows)
        message = "ids that an earlier row has"
        yield TableProblem(about, "duplicate-key", message, "", rows, len(again), values)


def _arrow(table: Any, fields: Collection[str]) -> pa.Table:
    house = type(table).__module__.split(".", maxsplit=1)[0]
    match table:
        case pa.Table():
            return table
        case pa.RecordBatch():
            return pa.Table.from_batches([table])
        case _ if house == "pandas":
            return _from_pandas(table, fields)
        case _ if house == "polars" and hasattr(table, "height"):
            return _from_polars(table, fields)
        case _ if hasattr(table, "__arrow_c_stream__"):
            return pa.table(table)
        case _:
            kind = type(table).__name__
            raise TypeError(f"a table of Arrow, Polars or pandas is needed, and not {kind}")


def _is_field(name: str, fields: Collection[str]) -> bool:
    return name.split(".", maxsplit=1)[0] in fields or name == INCOMPLETE


def _from_polars(frame: Any, fields: Collection[str]) -> pa.Table:
    """Return a table of Polars as Arrow's; columns that are no fields by their names alone."""
    judged = pa.table(frame.select([n for n in frame.columns if _is_field(n, fields)]))
    nothing = pa.nulls(frame.height)
    columns = [judged.column(n) if _is_field(n, fields) else nothing for n in frame.columns]
    return pa.Table.from_arrays(columns, frame.columns)


def _from_pandas(frame: Any, fields: Collection[str]) -> pa.Table:
    """Return a table of pandas as Arrow's; columns that are no fields by their names alone."""
    names = [str(name) for name in frame.columns]
    arrays: list[pa.Array] = []
    wrong: list[TableProblem] = []
    for index, name in enumerate(names):
        if not _is_field(name, fields):
            arrays.append(pa.nulls(len(frame)))
            continue
        try:
            arrays.append(pa.array(frame.iloc[:, index], from_pandas=True))
        except (pa.ArrowException, ValueError, TypeError, OverflowError) as e:
            said = str(e).split("\n")[0].strip().rstrip(".")
            wrong.append(
                TableProblem(
                    name, "wrong-type", f"values of no one type: {said[:1].lower()}{said[1:]}"
                )
            )
            arrays.append(pa.nulls(len(frame)))
    if wrong:
        raise BadTableError([FileProblem(_WHERE, problem) for problem in wrong])
    return pa.Table.from_arrays(arrays, names)


def _like(table: Any, kept: Sequence[str], outcomes: dict[str, pa.Array]) -> Any:
    """Return columns kept and outcomes as the kind of table that was handed in."""
    house = type(table).__module__.split(".", maxsplit=1)[0]
    if house == "polars":
        import polars as pl  # noqa: PLC0415 - the caller has it

        made = pl.from_arrow(pa.table(outcomes))
        assert isinstance(made, pl.DataFrame)  # noqa: S101 - a table becomes a frame
        return table.select(kept).hstack(made) if kept else made
    if house == "pandas":
        made = pa.table(outcomes).to_pandas().set_axis(table.index)
        names = {str(name): index for index, name in enumerate(table.columns)}
        for place, name in enumerate(kept):
            made.insert(place, table.columns[names[name]], table.iloc[:, names[name]])
        return made
    columns = {name: table.column(name) for name in kept} | outcomes
    if isinstance(table, pa.RecordBatch):
        return pa.RecordBatch.from_pydict(columns)
    return pa.table(columns)
