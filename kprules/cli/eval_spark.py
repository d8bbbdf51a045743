"""`kprules eval --engine spark`: a Parquet data set judged on a cluster.

Guarantee: the table engine's outcomes; an option is as it is on one machine, or is refused by name;
the data set written is complete when the command ends well (Spark marks it so), and none is written
over. A line in here touches arguments and a session.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import click
import pyarrow as pa
import pyarrow.parquet as pq

from kprules.cli import choosing
from kprules.cli.ending import Cannot, Ending, note
from kprules.cli.foretelling import foretell, tell_missing
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.table_options import Request
from kprules.comparison.table_problems import BadTableError, FileProblem
from kprules.comparison.table_work import table_work
from kprules.comparison.tables import KEEP, TableJudge, carried_by
from kprules.library.table_files.forms import form_named
from kprules.library.table_files.recognised import TableFileError, tables_among
from kprules.reports.text import several
from kprules.tables.ids import schema_with_ids
from kprules.tables.spark import arrow_schema, judged, named

_LONGEST: Final = 400
_NO_PARQUET: Final = frozenset(
    {".csv", ".tsv", ".arrow", ".feather", ".ipc", ".json", ".jsonl", ".ndjson", ".yaml", ".yml"}
)


def evaluate_on_spark(inputs: Sequence[str], request: Request) -> int:
    """Judge Parquet files on Spark; return the exit code."""
    goal = _refuse(inputs, request)
    library = Library(Paths.of(request.lies.rule_paths, ()))
    library.read_definitions()
    ending = stop_on_errors(library, keep_going=request.keep_going)
    conditions = choosing.conditions(library, request.asked)
    judge = TableJudge(choosing.definitions(library, request.chosen), conditions)
    session, own = _session(request.tables.master)
    try:
        frame = session.read.parquet(*inputs)
        schema = schema_with_ids(arrow_schema(frame), judge.vocabulary.about)
        carried = _carried(frame, schema, judge, keep=request.tables.extra_columns == "keep")
        foretell(judge.kernel.judgements, schema, judge.vocabulary, library.checked.own)
        about = judge.vocabulary.about
        kept = [*([about] if about in frame.columns else []), *carried]
        work = table_work(judge, conditions, request.chosen.as_of)
        made = named(
            judged(frame, work, keep=kept, beside=carried, words=True),
            work.ids,
            keep=kept,
            long=request.tables.long,
        )
        with _whole(session, goal):
            made.write.mode("errorifexists").parquet(goal)
        written = session.read.parquet(goal)
        rows = written.count() // (len(judge.ids) if request.tables.long else 1)
        other = _other_days(frame, rows) if request.chosen.as_of else ""
        met = _met(written, judge.ids, request)
    except BadTableError as e:
        raise Cannot(f"{e}\nnothing was written") from e
    except Exception as e:
        if not type(e).__module__.startswith(("pyspark", "py4j")):
            raise
        raise Cannot(f"Spark could not do it: {_said(e)}") from e
    finally:
        if own:
            session.stop()
    note(f"{rows:,} rows judged{other}, written to {goal}")
    return ending or (Ending.NO if met else Ending.DONE)


# --- what does not go with Spark ------------------------------------------------------------------


def _refuse(inputs: Sequence[str], request: Request) -> str:
    """Refuse what Spark does not go with; return what is written to."""
    if not inputs:
        raise click.UsageError("--engine spark judges Parquet files; name them")
    goal = request.shown.output
    if goal is None:
        raise click.UsageError("--engine spark writes a data set; name it with -o")
    request.refuse_cases()
    alone = list(_alone(request))
    if alone:
        raise click.UsageError(
            f"{several(alone)}: not with --engine spark, which stops at what cannot be read"
            " and shows no report; leave --engine spark out"
        )
    if form_named(goal) not in {None, "parquet"}:
        raise click.UsageError(f"--engine spark writes Parquet, and `{goal}` is named otherwise")
    _refuse_others(inputs)
    return goal


def _alone(request: Request) -> Iterator[str]:
    """Yield the options given that go with one machine alone."""
    tables = request.tables
    if tables.count_by:
        yield "--count-by"
    if tables.explain_rows:
        yield "--explain-rows"
    if tables.on_error == "skip":
        yield "--on-error skip"
    if tables.rejects:
        yield "--rejects"
    if request.shown.format_ != "table":
        yield f"--format {request.shown.format_}"


def _refuse_others(inputs: Sequence[str]) -> None:
    """Refuse tables that are no Parquet, by what they hold where they are at hand."""
    try:
        tables, _ = tables_among([name for name in inputs if "://" not in name])
    except TableFileError as e:
        raise Cannot(str(e)) from e
    others = [str(table.path) for table in tables if table.kind != "parquet"]
    others += [name for name in inputs if PurePosixPath(name).suffix.lower() in _NO_PARQUET]
    if others:
        raise Cannot(
            f"--engine spark reads Parquet, and `{others[0]}` is none; write it as Parquet, or"
            " leave --engine spark out: one machine reads CSV, Arrow and Feather too"
        )


# --- columns --------------------------------------------------------------------------------------


def _carried(frame: Any, schema: pa.Schema, judge: TableJudge, *, keep: bool) -> list[str]:
    """Return the columns that are no fields and are carried through; raise what is wrong."""
    wrong: list[FileProblem] = []
    extras: list[FileProblem] = []
    missing: list[str] = []
    for problem in judge.kernel.check(schema):
        at = FileProblem("the data set", problem)
        if not problem.is_error:
            missing.append(problem.column)
        elif problem.kind == "unknown-column" and problem.column in schema.names:
            extras.append(at)
        else:
            wrong.append(at)
    known = _noted(frame) if extras and not keep else frozenset()
    wrong += [replace(at, way=KEEP) for at in extras if not keep and at.problem.column not in known]
    if wrong:
        raise BadTableError(wrong)
    carried = [at.problem.column for at in extras]
    taken = {"definition", "outcome", *judge.ids}.intersection(carried)
    if taken:
        raise Cannot(
            f"column `{min(taken)}` of the table has the name of a column of outcomes; give it"
            " another, or leave it out"
        )
    tell_missing(missing)
    return carried


def _noted(frame: Any) -> Collection[str]:
    """Return the columns that `kprules import` carried through, where its files are at hand."""
    places = [urlsplit(name) for name in frame.inputFiles()]
    local = [unquote(place.path) for place in places if place.scheme == "file"]
    return frozenset().union(*(carried_by(pq.read_schema(path)) for path in local))


# --- what came of it ------------------------------------------------------------------------------


def _other_days(frame: Any, judged: int) -> str:
    return f" and {frame.count() - judged:,} of other days left out"


def _met(written: Any, ids: Sequence[str], request: Request) -> bool:
    """Return whether an outcome of --fail-on was written."""
    if not request.fail_on:
        return False
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra

    names = ["outcome"] if request.tables.long else ids
    met = [f.max(written[f"`{name}`"].isin(*request.fail_on)) for name in names]
    return any(written.agg(*met).first())


@contextmanager
def _whole(session: Any, goal: str) -> Iterator[None]:
    """Refuse to write over anything; take away what a job that fails leaves."""
    context = session.sparkContext
    # Only the Java side knows the system that the data set lies in.
    path = context._jvm.org.apache.hadoop.fs.Path(goal)  # noqa: SLF001 - as said
    files = path.getFileSystem(context._jsc.hadoopConfiguration())  # noqa: SLF001 - as said
    if files.exists(path):
        raise Cannot(f"`{goal}` exists, and no data set is written over; name another")
    try:
        yield
    except BaseException:
        files.delete(path, True)
        raise


def _session(master: str | None) -> tuple[Any, bool]:
    """Return a session, and whether it was begun here."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - slow to import

    there = SparkSession.getActiveSession()
    if there is not None:
        return there, False
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("kprules").config("spark.ui.enabled", "false")
    try:
        session = builder.master(master or "local[*]").getOrCreate()
    except Exception as e:
        if not type(e).__module__.startswith(("pyspark", "py4j")):
            raise
        raise Cannot(
            f"Spark does not start on {master or 'local[*]'}: {_said(e)}; see that the master is"
            " right, and Java 17 or newer where JAVA_HOME says"
        ) from e
    session.sparkContext.setLogLevel("ERROR")
    return session, True


def _said(error: Exception) -> str:
    """Return what is wrong from the many lines that Spark says it in."""
    text = str(error)
    own = re.search(r"TableError: (.+)", text)
    if own:
        return own.group(1)[:_LONGEST]
    lines = [line.strip() for line in text.strip().splitlines()]
    # Its own errors begin with a code in brackets; of Java's, the innermost cause says the most.
    causes = [line.partition(": ")[2] for line in lines if line.startswith(("Caused by:", ": "))]
    first = lines[0] if not causes else re.sub(r"^[\w.$]+(Exception|Error): ", "", causes[-1])
    return first[:_LONGEST].rstrip(".")
