"""The definitions of `consignments` as one would write them in Polars by hand, for speed.

Flat ones in two steps: every different comparison as a column first, then the definitions over
those. Polars' own nulls are unknowns here: its `&` and `|` are Kleene's. Uses by exploding the list,
judging the entries, grouping and joining back.
"""

from __future__ import annotations

from functools import reduce
from operator import and_, or_
from typing import Any

import polars as pl

from kprules.formula.definition import Judgement
from kprules.formula.nodes import (
    All,
    AtLeast,
    Compare,
    Form,
    Member,
    Not,
    Quantified,
)
from kprules.formula.nodes import (
    Any as AnyOf,
)

Counts = list[tuple[int, int, int]]


class Comparisons:
    """Every different comparison once, each to become a column."""

    def __init__(self) -> None:
        """Begin with none."""
        self.columns: dict[Form, pl.Expr] = {}

    def over(self, form: Form) -> pl.Expr:
        """Return a form over the columns of comparisons."""
        match form:
            case All(parts):
                return reduce(and_, [self.over(p) for p in parts])
            case AnyOf(parts):
                return reduce(or_, [self.over(p) for p in parts])
            case Not(part):
                return ~self.over(part)
        name = f"c{len(self.columns)}"
        if form in self.columns:
            return pl.col(self.columns[form].meta.output_name())
        self.columns[form] = compared(form).alias(name)
        return pl.col(name)

    def frame(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the comparisons as columns."""
        return table.select(self.columns.values())


def compared(form: Form) -> pl.Expr:
    """Return one comparison."""
    match form:
        case Compare(left, "is", bool(value)):
            return pl.col(left.fields[-1]) if value else ~pl.col(left.fields[-1])
        case Compare(left, "is", value):
            return pl.col(left.fields[-1]) == value
        case Compare(left, ">=", value):
            return pl.col(left.fields[-1]) >= value
        case Compare(left, "<", value):
            return pl.col(left.fields[-1]) < value
        case Member(fact, values):
            # Faster than `is_in`, and what it comes to.
            return reduce(or_, [pl.col(fact.fields[-1]) == v for v in sorted(values, key=str)])
    raise AssertionError(form)


def counted(frame: pl.DataFrame) -> Counts:
    """Return how many rows have each outcome, by column."""
    found = []
    for column in frame:
        captured, unknown = int(column.sum()), column.null_count()
        found.append((len(column) - captured - unknown, unknown, captured))
    return found


def flat_counts(table: pl.DataFrame, judgements: list[Judgement], at_once: int = 100) -> Counts:
    """Judge flat facts in two steps; so many definitions at once."""
    comparisons = Comparisons()
    forms = [comparisons.over(j.captures).alias(j.id) for j in judgements]
    columns = comparisons.frame(table)
    found: Counts = []
    for begin in range(0, len(forms), at_once):
        found += counted(columns.select(forms[begin : begin + at_once]))
    return found


def list_counts(table: pl.DataFrame, judgements: list[Judgement]) -> Counts:
    """Judge uses: explode, compare, group, join back, and combine with the flat facts."""
    comparisons, entries = Comparisons(), Comparisons()
    bodies: dict[Form, str] = {}
    finals: list[pl.Expr] = []
    for judgement in judgements:
        assert isinstance(judgement.captures, All)
        parts: list[pl.Expr] = []
        for part in judgement.captures.parts:
            if isinstance(part, Quantified):
                body = bodies.setdefault(part.has, f"b{len(bodies)}")
                parts.append(_enough(part.how, body))
            else:
                parts.append(comparisons.over(part))
        finals.append(reduce(and_, parts).alias(judgement.id))
    flat = comparisons.frame(table).with_row_index("row")
    exploded = (
        table.lazy()
        .select("uses")
        .with_row_index("row")
        .explode("uses", empty_as_null=False)
        .unnest("uses")
    )
    forms = [entries.over(body).alias(name) for body, name in bodies.items()]
    sums: list[pl.Expr] = []
    for name in bodies.values():
        sums += [
            pl.col(name).sum().alias(f"{name}_yes"),
            pl.col(name).null_count().alias(f"{name}_open"),
        ]
    judged = (
        exploded.select("row", *entries.columns.values())
        .select("row", *forms)
        .group_by("row", maintain_order=False)
        .agg(sums)
    )
    joined = flat.lazy().join(judged, on="row", how="left")
    filled = joined.with_columns(pl.col("^b.*_(yes|open)$").fill_null(0))
    return counted(filled.select(finals).collect())


def _enough(how: Any, body: str) -> pl.Expr:
    """Return whether enough entries are so: true, false, or null where the unknown ones decide."""
    least = how.least if isinstance(how, AtLeast) else 1
    sure, maybe = pl.col(f"{body}_yes"), pl.col(f"{body}_yes") + pl.col(f"{body}_open")
    so = pl.when(sure >= least).then(True).when(maybe < least).then(False)
    return ~so if how == "no" else so
