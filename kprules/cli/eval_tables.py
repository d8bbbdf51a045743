"""`kprules eval` of tables: outcomes by the million, written whole or not at all.

Guarantee: nothing is judged before the columns of every table are sound; accepted and rejected rows
together are the rows read. A line in here touches arguments, files and progress.
"""

from __future__ import annotations

import hashlib
import json
import math
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import click
import pyarrow as pa

from kprules.cli import choosing, options
from kprules.cli.ending import Cannot, Ending, note
from kprules.cli.foretelling import foretell, tell_missing, tell_undetermined
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.output import Output, same_file
from kprules.cli.table_options import Request, Tables, refuse_claims
from kprules.cli.table_progress import telling
from kprules.comparison.conditions import Conditions
from kprules.comparison.explained import explained
from kprules.comparison.foreseen import Undecided, lacked
from kprules.comparison.receipt import receipt
from kprules.comparison.table_rows import MOST_ROWS, TooManyPatternsError, Wanted
from kprules.comparison.table_tally import Tally, TooManyGroupsError
from kprules.comparison.tables import Ask, BadTableError, Block, FileProblem, TableJudge, TableRun
from kprules.formula.definition import Definition
from kprules.library.table_files.recognised import TableFile, TableFileError
from kprules.library.table_files.writing import FORMS, Form, Writer, whole, writer
from kprules.reports.explanation import explanation
from kprules.reports.matrix_json import dumps, outcome_object
from kprules.reports.tables import rows_words, table_json, table_markdown, table_text
from kprules.reports.text import Paper, several
from kprules.tables import MissingExtraError, require
from kprules.tables.outcomes import NAMES

_SHOWN = 8
_FORMATS: dict[str, Form] = {"csv": "csv", "jsonl": "jsonl"}


def evaluate_tables(files: Sequence[TableFile], others: Sequence[str], request: Request) -> int:
    """Judge tables; return the exit code."""
    _refuse(others, request)
    try:
        require()
        return _evaluate(files, request)
    except MissingExtraError as e:
        raise Cannot(str(e)) from e
    except (TableFileError, BadTableError, TooManyGroupsError, TooManyPatternsError) as e:
        raise Cannot(f"{e}\nnothing was written" if request.shown.output else str(e)) from e


def _refuse(others: Sequence[str], request: Request) -> None:
    """Refuse what tables do not go with."""
    if others:
        raise click.UsageError(f"tables and cases are judged apart; `{others[0]}` is no table")
    refuse_claims(request.asked)
    if request.tables.rejects and request.tables.on_error != "skip":
        raise click.UsageError("--rejects goes with --on-error skip")


def _evaluate(files: Sequence[TableFile], request: Request) -> int:
    paths = Paths.of(request.lies.rule_paths, ())
    inputs = tuple(file.path for file in files)
    output = Output(request.shown.output, request.shown.no_color, (*paths.every, *inputs))
    _check_files(request, output)
    form, to_stdout = _form(request.shown)
    library = Library(paths)
    library.read_definitions()
    ending = stop_on_errors(library, keep_going=request.keep_going)
    conditions = choosing.conditions(library, request.asked)
    definitions = choosing.definitions(library, request.chosen)
    judge = TableJudge(definitions, conditions)
    run = TableRun(files, judge, _ask(request, conditions))
    run.open()
    tell_missing(found.problem.column for found in run.missing)
    told: set[str] = set()
    for schema in run.schemas():
        told |= foretell(judge.kernel.judgements, schema, judge.vocabulary, library.checked.own)
    tally = Tally(judge.ids, _count_by(request.tables))
    wanted = _wanted(request.tables, judge)
    _write(run, tally, wanted, form, request, to_stdout=to_stdout)
    if wanted.left:
        raise Cannot(f"no row is called {several([f'`{i}`' for i in sorted(wanted.left)][:5])}")
    stuck = _undetermined(run, tally)
    if to_stdout:
        note(rows_words(tally))
    else:
        found = _Found(tally, judge.definitions, conditions, wanted, run.missing, stuck, inputs)
        shown = found.shown(request, output)
        (output if form is None else Output(None, request.shown.no_color)).write(shown)
    tell_undetermined([each for each in stuck if each.id not in told])
    met = {name for code, name in enumerate(NAMES) if tally.counts[:, code].any()}
    return ending or (Ending.NO if met & set(request.fail_on) else Ending.DONE)


def _ask(request: Request, conditions: Conditions) -> Ask:
    tables = request.tables
    return Ask(
        conditions,
        request.chosen.as_of,
        tables.extra_columns or "refuse",
        tables.on_error or "stop",
        _count_by(tables),
    )


def _count_by(tables: Tables) -> tuple[str, ...]:
    return tuple(c.strip() for c in (tables.count_by or "").split(",") if c.strip())


def _wanted(tables: Tables, judge: TableJudge) -> Wanted:
    asked = (tables.explain_rows or "").strip()
    columns = frozenset(judge.kernel.columns)
    if asked.isascii() and asked.isdigit():
        if int(asked) > MOST_ROWS:
            raise click.UsageError(f"--explain-rows gives reasons for {MOST_ROWS:,} rows at most")
        return Wanted(judge.vocabulary, columns, int(asked))
    ids = frozenset(i.strip() for i in asked.split(",") if i.strip())
    return Wanted(judge.vocabulary, columns, ids=ids)


def _check_files(request: Request, output: Output) -> None:
    """Refuse to write over what is read, or the outcomes and the rejected rows into one file."""
    output.check()
    rejects = request.tables.rejects
    if rejects is None:
        return
    Output(rejects, inputs=output.inputs).check()
    if output.file is not None and same_file(output.file, rejects):
        raise Cannot(f"`{rejects}` would hold the outcomes and the rejected rows; name two files")


def _form(shown: options.Shown) -> tuple[Form | None, bool]:
    """Return how outcomes are written, if row by row, and whether to standard output."""
    if shown.format_ in _FORMATS and (shown.output is None or _suffix(shown.output) not in FORMS):
        return _FORMATS[shown.format_], shown.output is None
    if shown.output is None:
        return None, False
    form = FORMS.get(_suffix(shown.output))
    if form is None and shown.format_ == "table":
        raise Cannot(
            f"`{shown.output}` does not say how to write a row a case: end it in"
            f" {several(FORMS, 'or')}, or add --format csv or jsonl"
            " (--format json or markdown writes the counts)"
        )
    return form, False


def _suffix(name: str) -> str:
    return Path(name).suffix.lower()


# --- writing --------------------------------------------------------------------------------------


def _write(
    run: TableRun,
    tally: Tally,
    wanted: Wanted,
    form: Form | None,
    request: Request,
    *,
    to_stdout: bool,
) -> None:
    """Judge every block, and write outcomes and rejected rows."""
    with ExitStack() as stack:
        rejects = _reject_file(stack, request.tables)
        sink: Writer | None = None
        if form is not None:
            file: IO[bytes] = (
                sys.stdout.buffer
                if to_stdout or request.shown.output is None
                else stack.enter_context(whole(Path(request.shown.output), form))
            )
            schema = _schema(run, long=request.tables.long)
            sink = stack.enter_context(writer(file, form, schema))
        for block in telling(run.blocks()):
            tally.add(block)
            wanted.look(block)
            for reject in block.rejects:
                if rejects is not None:
                    rejects.write(_reject_line(reject))
            if sink is not None:
                for part in _rows(run, block, long=request.tables.long):
                    sink.write(part)
        if rejects is not None:  # while nothing has taken its name: a full disk undoes both
            _flush(rejects, request.tables)


def _reject_file(stack: ExitStack, tables: Tables) -> IO[bytes] | None:
    if tables.rejects is None:
        return None
    return stack.enter_context(whole(Path(tables.rejects), "jsonl"))


def _flush(rejects: IO[bytes], tables: Tables) -> None:
    try:
        rejects.flush()
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


def _schema(run: TableRun, *, long: bool) -> pa.Schema:
    names = ("definition", "outcome") if long else run.judge.ids
    taken = [f.name for f in run.extras if f.name in {*names, run.id_column}]
    if taken:
        raise Cannot(f"the column `{taken[0]}` of the table has the name of a column of outcomes")
    own = [pa.field(name, _OUTCOME) for name in names]
    return pa.schema([pa.field(run.id_column, pa.string()), *run.extras, *own])


def _rows(run: TableRun, block: Block, *, long: bool) -> Iterator[pa.RecordBatch]:
    """Yield a block's rows as they are written."""
    rows = block.outcomes.rows
    extras = [
        block.batch.column(f.name).cast(f.type)
        if f.name in block.batch.schema.names
        else pa.nulls(rows, f.type)
        for f in run.extras
    ]
    outcomes = block.outcomes.columns()
    schema = _schema(run, long=long)
    if not long:
        yield pa.RecordBatch.from_arrays([block.ids, *extras, *outcomes], schema=schema)
        return
    names = pa.array(run.judge.ids)
    for index, column in enumerate(outcomes):
        which = pa.DictionaryArray.from_arrays(pa.array([index] * rows, pa.int8()), names)
        yield pa.RecordBatch.from_arrays([block.ids, *extras, which, column], schema=schema)


# --- saying ---------------------------------------------------------------------------------------


def _undetermined(run: TableRun, tally: Tally) -> list[Undecided]:
    """Return the definitions that no row decides, with the columns that they miss."""
    ids = set(tally.undetermined())
    judgements = [j for j in run.judge.kernel.judgements if j.id in ids]
    return lacked(judgements, run.schemas(), run.judge.vocabulary)


@dataclass(frozen=True, slots=True)
class _Found:
    """Everything that a report on tables says."""

    tally: Tally
    definitions: Sequence[Definition]
    conditions: Conditions
    wanted: Wanted
    missing: Sequence[FileProblem]
    undetermined: Sequence[Undecided]
    inputs: Sequence[Path]

    def shown(self, request: Request, output: Output) -> str:
        """Return the report in the format asked for."""
        match request.shown.format_:
            case "json":
                return table_json(
                    self.tally,
                    self.definitions,
                    self._receipt(request),
                    [
                        {"column": m.problem.column, "says": m.problem.help, "file": m.path}
                        for m in self.missing
                    ],
                    list(self._reasons()),
                    [{"definition": u.id, "missing": list(u.columns)} for u in self.undetermined],
                )
            case "markdown":
                return table_markdown(self.tally, self.definitions)
            case _:
                paper = output.paper()
                parts = [table_text(self.tally, self.definitions, paper)]
                return "\n\n".join([*parts, *self._explanations(paper)])

    def _receipt(self, request: Request) -> dict[str, Any]:
        digests = [_digest(path) for path in self.inputs]
        chosen = request.chosen
        return receipt(self.definitions, digests, self.conditions, chosen.as_of, chosen.in_force)

    def _explanations(self, paper: Paper) -> Iterator[str]:
        for subject, ids in self.wanted.subjects():
            for definition in self.definitions:
                text = explanation(explained(definition, subject, self.conditions), paper)
                yield _same(ids) + text

    def _reasons(self) -> Iterator[dict[str, Any]]:
        from kprules.comparison.matrix import Column  # noqa: PLC0415 - for reasons only

        for subject, ids in self.wanted.subjects():
            for definition in self.definitions:
                result = explained(definition, subject, self.conditions).result
                yield outcome_object(subject, Column(definition), result, {"rows": ids})


def _same(ids: Sequence[str]) -> str:
    """Say which further rows have the same facts."""
    if len(ids) == 1:
        return ""
    more = f" and {len(ids) - 1 - _SHOWN} more" if len(ids) - 1 > _SHOWN else ""
    return f"The same facts: {', '.join(map(dumps, ids[1 : _SHOWN + 1]))}{more}\n"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
