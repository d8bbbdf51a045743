"""`kprules eval` of cases into a table: a row a case, its id, its title and its outcomes.

Guarantee: the outcomes are those of the matrix, written whole or not at all; of JSON Lines one
record at a time is in memory. A line in here touches cases, outcomes and files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from kprules.cli import choosing
from kprules.cli.ending import Cannot, Ending, note
from kprules.cli.loading import Library, stop_on_errors
from kprules.cli.table_options import Request
from kprules.cli.table_progress import share_told
from kprules.comparison.conditions import Conditions, covers, order_of
from kprules.comparison.matrix import Matrix, judging, settle
from kprules.evaluation.trace import Outcome, Value
from kprules.formula.definition import Definition
from kprules.library.cases import each_case
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


def evaluate_lines(
    files: Sequence[str], library: Library, request: Request, file: str, form: Form
) -> int:
    """Judge the cases of JSON Lines one by one; return the exit code."""
    library.read_bibliography(files)
    library.read_definitions()
    conditions = choosing.conditions(library, request.asked)
    definitions = sorted(choosing.definitions(library, request.chosen), key=order_of)
    about = request.chosen.about
    count, met, ending = 0, set[str](), Ending.DONE

    def rows() -> Iterator[Row]:
        nonlocal count, ending
        for row in _judged(files, library, definitions, conditions, request.chosen.as_of):
            yield row
            count += 1
            met.update(row[2])
        ending = stop_on_errors(library, keep_going=request.keep_going)
        if not count:
            raise Cannot(f"no {about} was chosen")

    told = share_told(rows(), lambda: count)
    _write(told, _schema(about, [d.id for d in definitions]), file, form)
    note(f"{count:,} judged, written to {file}")
    return ending or (Ending.NO if met & set(request.fail_on) else Ending.DONE)


def _judged(
    files: Sequence[str],
    library: Library,
    definitions: Sequence[Definition],
    conditions: Conditions,
    as_of: date | None,
) -> Iterator[Row]:
    """Yield the cases of the kind that definitions are about, and of the day, with outcomes."""
    vocabulary = definitions[0].vocabulary
    judge = judging(definitions, conditions)
    for case in each_case(files, library.problems, library.bibliography):
        if case.about != vocabulary.about:
            continue
        record = settle(case.record, definitions[0], conditions)
        if as_of is None or covers(record, vocabulary, as_of) is not Value.FALSE:
            yield case.id, case.title, judge(record)


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
