"""`kprules eval` of cases into a table: a row a case, its id, its title and its outcomes.

Guarantee: the outcomes are those of the matrix, written whole or not at all. A line in here touches
outcomes and files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from kprules.cli.ending import Cannot
from kprules.comparison.matrix import Matrix
from kprules.evaluation.trace import Outcome
from kprules.library.table_files.forms import Form
from kprules.library.table_files.recognised import TableFileError
from kprules.library.table_files.writing import whole, writer
from kprules.reports.matrix_table import column_name
from kprules.tables.outcomes import NAMES

Row: TypeAlias = tuple[str, str, Sequence[Outcome]]
"""Id, title and outcomes of a case."""
_TOGETHER = 1 << 14
_OUTCOME = pa.dictionary(pa.int8(), pa.string())
_CODES = {Outcome(name): code for code, name in enumerate(NAMES)}


def write_matrix(found: Matrix, about: str, file: str, form: Form) -> None:
    """Write the outcomes of a matrix as a table."""
    names = [column_name(found, column) for column in found.columns]
    rows = [(s.id, s.title, found.outcomes[s.id]) for s in found.subjects]
    _write(rows, _schema(about, names), file, form)


def _schema(about: str, names: Sequence[str]) -> pa.Schema:
    texts = [pa.field(name, pa.string()) for name in (about, "title")]
    return pa.schema([*texts, *(pa.field(name, _OUTCOME) for name in names)])


def _write(rows: Iterable[Row], schema: pa.Schema, file: str, form: Form) -> None:
    """Write rows, some at once, whole or not at all."""
    coming = iter(rows)
    try:
        with whole(Path(file), form) as sink, writer(sink, form, schema) as table:
            while some := list(islice(coming, _TOGETHER)):
                table.write(_batch(some, schema))
    except TableFileError as e:
        raise Cannot(str(e)) from e


def _batch(rows: Sequence[Row], schema: pa.Schema) -> pa.RecordBatch:
    names = pa.array(NAMES)
    columns = [pa.array([row[place] for row in rows], pa.string()) for place in (0, 1)]
    columns += [
        pa.DictionaryArray.from_arrays(
            pa.array([_CODES[row[2][place]] for row in rows], pa.int8()), names
        )
        for place in range(len(schema) - 2)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
