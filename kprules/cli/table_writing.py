"""The outcomes of a table as they are judged: row by row into a file, rejected rows into another.

Guarantee: all files are written whole or none is. A line in here touches blocks and files.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from kprules.cli.ending import Cannot
from kprules.cli.table_goal import Goal
from kprules.cli.table_options import Tables
from kprules.cli.table_progress import telling
from kprules.comparison.table_rows import NoSuchRowError, Wanted
from kprules.comparison.table_tally import Tally
from kprules.comparison.tables import Block, Rows
from kprules.library.table_files.forms import CALLED, Form
from kprules.library.table_files.recognised import TableFileError
from kprules.library.table_files.writing import Writer, unwritable, whole, writer
from kprules.reports.text import several


def write_outcomes(
    run: Rows,
    tally: Tally,
    wanted: Wanted,
    goal: Goal,
    tables: Tables,
) -> None:
    """Judge every block, and write outcomes and rejected rows.

    Raises `NoSuchRowError` for a day or for ids that no row has, while nothing has taken its name.
    """
    schema = None if goal.form is None else _schema(run, goal.form, long=tables.long)
    with ExitStack() as stack:
        rejects = _reject_file(stack, tables)
        sink: Writer | None = None
        if goal.form is not None and schema is not None:
            file: IO[bytes] = (
                sys.stdout.buffer
                if goal.file is None
                else stack.enter_context(whole(goal.file, goal.form))
            )
            sink = stack.enter_context(writer(file, goal.form, schema))
        for block in telling(run.blocks()):
            tally.add(block)
            wanted.look(block)
            if rejects is not None:
                with _named(tables):
                    rejects.writelines(map(_reject_line, block.rejects))
            if sink is not None:
                for part in _rows(run, block, schema, long=tables.long):
                    sink.write(part)
        if tally.outside and not tally.rows and not tally.rejected:
            raise NoSuchRowError(f"no row may be of {run.ask.as_of}: all are of other days")
        wanted.end()
        if rejects is not None:  # while nothing has taken its name: a full disk undoes both
            with _named(tables):
                rejects.flush()


def _reject_file(stack: ExitStack, tables: Tables) -> IO[bytes] | None:
    if tables.rejects is None:
        return None
    return stack.enter_context(whole(Path(tables.rejects), "jsonl"))


@contextmanager
def _named(tables: Tables) -> Iterator[None]:
    """Say of a failure that it is the rejected rows' file, and not that of the outcomes."""
    try:
        yield
    except OSError as e:
        why = (e.strerror or str(e)).lower()
        raise TableFileError(Path(str(tables.rejects)), f"cannot be written: {why}") from e


def _reject_line(reject: Any) -> bytes:
    row = {"file": reject.path, "row": reject.row, "why": list(reject.why)}
    row |= {"text": reject.text} if reject.text else {"record": _finite(reject.record)}
    return json.dumps(row, ensure_ascii=False, default=str, allow_nan=False).encode() + b"\n"


def _finite(value: Any) -> Any:
    """Return a value as JSON can hold it: numbers that are none, or have no end, as texts."""
    match value:
        case dict():
            return {key: _finite(inner) for key, inner in value.items()}
        case list():
            return [_finite(inner) for inner in value]
        case float() if not math.isfinite(value):
            return str(value)
        case _:
            return value


_OUTCOME = pa.dictionary(pa.int8(), pa.string())


def _schema(run: Rows, form: Form, *, long: bool) -> pa.Schema:
    """Return the columns that are written; refuse to carry through what has no place among them."""
    names = ("definition", "outcome") if long else run.ids
    taken = [f"`{f.name}`" for f in run.extras if f.name in {*names, run.id_column}]
    if taken:
        raise Cannot(
            f"column {several(taken)} of the table has the name of a column of outcomes;"
            " give it another, or leave it out"
        )
    bad = unwritable(pa.schema(run.extras), form)
    if bad:
        said = several([f"column `{f.name}`: `{f.type}`" for f in bad])
        raise Cannot(
            f"{said} cannot be written as {CALLED[form]}; name a file of another form, or leave"
            " the column out"
        )
    own = [pa.field(name, _OUTCOME) for name in names]
    return pa.schema([pa.field(run.id_column, pa.string()), *run.extras, *own])


def _rows(run: Rows, block: Block, schema: pa.Schema, *, long: bool) -> Iterator[pa.RecordBatch]:
    """Yield a block's rows as they are written."""
    rows = block.outcomes.rows
    extras = [
        block.batch.column(f.name).cast(f.type)
        if f.name in block.batch.schema.names
        else pa.nulls(rows, f.type)
        for f in run.extras
    ]
    outcomes = block.outcomes.columns()
    if not long:
        yield pa.RecordBatch.from_arrays([block.ids, *extras, *outcomes], schema=schema)
        return
    names = pa.array(run.ids)
    for index, column in enumerate(outcomes):
        which = pa.DictionaryArray.from_arrays(pa.array([index] * rows, pa.int8()), names)
        yield pa.RecordBatch.from_arrays([block.ids, *extras, which, column], schema=schema)
