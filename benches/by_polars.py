"""The definitions of `consignments` as one would write them in Polars by hand, for speed.

Flat ones in two steps: every different comparison as a column first, then the definitions over
those. Polars' own nulls are unknowns here: its `&` and `|` are Kleene's. Uses by exploding the
list, judging the entries, grouping and joining back.
"""

from __future__ import annotations

from functools import reduce
from operator import and_, or_

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
    flat, entries = Comparisons(), Comparisons()
    asked: dict[tuple[Form, bool], str] = {}
    finals: list[pl.Expr] = []
    for judgement in judgements:
        assert isinstance(judgement.captures, All)
        parts: list[pl.Expr] = []
        for part in judgement.captures.parts:
            if isinstance(part, Quantified):
                two = isinstance(part.how, AtLeast)
                name = asked.setdefault((part.has, two), f"b{len(asked)}")
                found = _two(name) if two else pl.col(name)
                parts.append(~found if part.how == "no" else found)
            else:
                parts.append(flat.over(part))
        finals.append(reduce(and_, parts).alias(judgement.id))
    forms = [entries.over(body).alias(name) for (body, _), name in asked.items()]
    groups: list[pl.Expr] = []
    for (_, two), name in asked.items():
        if two:
            groups += [pl.col(name).sum(), pl.col(name).null_count().alias(f"{name}_open")]
        else:  # Kleene's own: true, or null where only an unknown entry may be so
            groups.append(pl.col(name).any(ignore_nulls=False))
    judged = (
        table.lazy()
        .select("uses")
        .with_row_index("row")
        .filter(pl.col("uses").list.len() > 0)
        .explode("uses")
        .unnest("uses")
        .select("row", *entries.columns.values())
        .select("row", *forms)
        .group_by("row")
        .agg(groups)
    )
    anys = [name for (_, two), name in asked.items() if not two]
    counts = [n for (_, two), name in asked.items() if two for n in (name, f"{name}_open")]
    joined = (
        flat.frame(table)
        .with_columns(empty=table["uses"].list.len() == 0)
        .with_row_index("row")
        .lazy()
        .join(judged, on="row", how="left")
        .with_columns(
            *[pl.col(name).fill_null(0) for name in counts],
            *[pl.when("empty").then(False).otherwise(pl.col(name)).alias(name) for name in anys],
        )
    )
    return counted(joined.select(finals).collect())


def _two(name: str) -> pl.Expr:
    """Return whether two entries are so: true, false, or null where the unknown ones decide."""
    sure, maybe = pl.col(name), pl.col(name) + pl.col(f"{name}_open")
    return pl.when(sure >= 2).then(True).when(maybe < 2).then(False)
