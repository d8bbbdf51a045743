"""The options of `kprules eval` that are about tables.

Guarantee: each is declared once; given without a table, it is refused. A line in here touches
arguments.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

import click

from kprules.cli.options import PATH, Asked, Chosen, From, Shown, gathered, option


@dataclass(frozen=True, slots=True)
class Tables:
    """How tables are judged."""

    long: bool = False
    count_by: str | None = None
    explain_rows: str | None = None
    extra_columns: Literal["keep", "refuse"] | None = None
    on_error: Literal["stop", "skip"] | None = None
    rejects: str | None = None
    engine: Literal["spark"] | None = None
    master: str | None = None

    def refuse_master(self) -> None:
        """Refuse a master of nothing."""
        if self.master is not None and self.engine != "spark":
            raise click.UsageError("--master is Spark's: add --engine spark, or leave it out")

    def first_given(self) -> str:
        """Return the first of the options that was given; empty where none was."""
        given = (f.name for f in fields(self) if getattr(self, f.name) != f.default)
        return next((f"--{name.replace('_', '-')}" for name in given), "")

    def refuse(self) -> None:
        """Refuse what makes no sense without a table."""
        if option := self.first_given():
            raise click.UsageError(
                f"{option} is about tables (Parquet, Arrow, CSV, JSON Lines): name some, and no"
                " cases beside them"
            )


tables_options = gathered(
    "about_tables", Tables,
    option(
        "--long", "long", is_flag=True, help="Tables: write a row for each case and definition."
    ),
    option(
        "--count-by", "count_by", metavar="COLUMN[,COLUMN]",
        help="Tables: count by these columns too, or by fields of records in them.",
    ),
    option(
        "--explain-rows", "explain_rows", metavar="N|ID[,ID]",
        help="Tables: give reasons for the first N rows, or for those with these ids; an id that"
        " is a number has a comma behind it: `7,`.",
    ),
    option(
        "--extra-columns", "extra_columns", type=click.Choice(["keep", "refuse"]),
        help="Tables: carry columns that are no fields through, or refuse them (default).",
    ),
    option(
        "--on-error", "on_error", type=click.Choice(["stop", "skip"]),
        help="Tables: stop at rows that cannot be read (default), or set them apart.",
    ),
    option(
        "--rejects", "rejects", type=PATH, metavar="FILE",
        help="Tables: where --on-error skip writes the rows set apart, as JSON Lines.",
    ),
    option(
        "--engine", "engine", type=click.Choice(["spark"]),
        help="Tables: judge Parquet files on Spark, and write a data set (Parquet) with -o.",
    ),
    option(
        "--master", "master", metavar="URL",
        help="With --engine spark: Spark's master; local[*] by itself.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """What was typed."""

    lies: From
    chosen: Chosen
    asked: Asked
    shown: Shown
    tables: Tables
    fail_on: tuple[str, ...]
    keep_going: bool

    def refuse_cases(self) -> None:
        """Refuse what makes no sense with a table: who claims what, and files of cases."""
        if self.asked.view is not None or self.asked.standard != "established":
            raise click.UsageError(
                "the facts of a table are plain: nobody contests or alleges them, so that --view"
                " and --standard change nothing; leave them out"
            )
        if self.lies.case_paths:
            raise click.UsageError(
                "--cases (KPRULES_CASES) names files of cases, and a table is judged without them;"
                " leave it out"
            )
