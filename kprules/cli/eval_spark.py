"""`kprules eval --engine spark`: a Parquet data set judged on a cluster.

Guarantee: the table engine's outcomes; the data set written is complete when the command ends well
(Spark marks it so), and none is written over. A line in here touches arguments and a session.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Sequence
from typing import Any

import click

from kprules.cli import choosing, options
from kprules.cli.ending import Cannot, Ending, note
from kprules.cli.loading import Library, Paths, stop_on_errors
from kprules.cli.table_options import Request
from kprules.formula.definition import choose
from kprules.tables.spark import MissingExtraError, evaluate

_LONGEST = 400


def evaluate_on_spark(named: Sequence[str], request: Request) -> int:
    """Judge Parquet files on Spark; return the exit code."""
    if not named:
        raise click.UsageError("--engine spark judges Parquet files; name them")
    if request.shown.output is None:
        raise click.UsageError("--engine spark writes a data set; name it with -o")
    library = Library(Paths.of(request.lies.rule_paths, request.lies.case_paths))
    library.read_definitions()
    ending = stop_on_errors(library, keep_going=request.keep_going)
    definitions = choosing.definitions(library, request.chosen)
    readings = choosing.conditions(library, options.Asked(reading=request.asked.reading)).reading
    judgements = [choose(definition, readings) for definition in definitions]
    session, own = _session(request.tables.master)
    try:
        frame = session.read.parquet(*named)
        keep = [definitions[0].about] if definitions[0].about in frame.columns else []
        judged = evaluate(frame, judgements, keep=keep)
        judged.write.mode("errorifexists").parquet(request.shown.output)
        rows = session.read.parquet(request.shown.output).count()
    except (MissingExtraError, ValueError) as e:
        raise Cannot(str(e)) from e
    except Exception as e:
        if not type(e).__module__.startswith(("pyspark", "py4j")):
            raise
        raise Cannot(f"Spark could not do it: {_said(e)}") from e
    finally:
        if own:
            session.stop()
    note(f"{rows:,} rows judged, written to {request.shown.output}")
    return ending or Ending.DONE


def _session(master: str | None) -> tuple[Any, bool]:
    """Return a session, and whether it was begun here."""
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - an extra, used here alone
    except ImportError:
        raise Cannot("Spark needs pyspark: pip install 'kprules[spark]'") from None
    there = SparkSession.getActiveSession()
    if there is not None:
        return there, False
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("kprules").config("spark.ui.enabled", "false")
    session = builder.master(master or "local[*]").getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session, True


def _said(error: Exception) -> str:
    """Return what is wrong from the many lines that Spark says it in."""
    text = str(error)
    own = re.search(r"TableError: (.+)", text)
    first = own.group(1) if own else text.strip().splitlines()[0]
    return first[:_LONGEST]
