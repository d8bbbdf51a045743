"""Definitions beside cases: the matrix.

Guarantee: an outcome here is the one that `Matrix.result` gives the reasons of. Values only: how
they are shown is said in `kprules.reports`. A line in here touches definitions, records, outcomes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kprules.comparison.conditions import Conditions, order_of
from kprules.evaluation.compiled import compile_outcomes
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Definition, Judgement, choose, combinations
from kprules.records.settle import parties, settle_case
from kprules.records.settled import Settled

if TYPE_CHECKING:
    from kprules.evaluation.outcome import Result


@dataclass(frozen=True, slots=True)
class Subject:
    """A case as the matrix takes it."""

    id: str
    title: str
    record: Any = field(repr=False)
    """The validated record, or one whose facts are settled already: a row of a table."""
    digest: str = ""
    """A hash of what the record says."""
    surely: bool = True
    """Whether its period surely includes the day that was asked for."""


@dataclass(frozen=True, slots=True)
class Column:
    """A definition, as one party sees the facts or as nobody in particular does."""

    definition: Definition
    view: str | None = None

    @property
    def name(self) -> str:
        """The id of the definition."""
        return self.definition.id


@dataclass(frozen=True)
class Matrix:
    """Cases in order of id; definitions in order of `since`, then id; an outcome for each pair."""

    subjects: tuple[Subject, ...]
    definitions: tuple[Definition, ...]
    columns: tuple[Column, ...]
    conditions: Conditions
    outcomes: Mapping[str, tuple[Outcome, ...]]
    """For each case, the outcomes in order of the columns."""
    settled: Mapping[tuple[str, str | None], Settled] = field(repr=False)
    """Each case's facts as each view has them."""
    by_view: bool = False

    def counts(self) -> Counter[Outcome]:
        """Return how often each outcome occurs."""
        return Counter(outcome for row in self.outcomes.values() for outcome in row)

    def result(self, subject: Subject, column: Column) -> Result:
        """Return the outcome of one pair with its reasons."""
        return _result(column.definition, self.settled[subject.id, column.view], self.conditions)


def settle(record: Any, definition: Definition, conditions: Conditions) -> Settled:
    """Return a record with its facts settled as the conditions ask."""
    if isinstance(record, Settled):
        return record
    return settle_case(
        record,
        definition.vocabulary,
        view=conditions.view,
        standard=conditions.standard,
        closed=conditions.closed,
    )


def result_of(definition: Definition, record: Any, conditions: Conditions) -> Result:
    """Judge one record by one definition, with reasons."""
    return _result(definition, settle(record, definition, conditions), conditions)


def views_of(
    definition: Definition, subject: Subject, conditions: Conditions
) -> dict[str, Outcome]:
    """Return the outcome as each party that says anything sees it; none where one was asked for."""
    if conditions.view is not None:
        return {}
    return {
        party: result_of(definition, subject.record, replace(conditions, view=party)).outcome
        for party in sorted(parties(subject.record))
    }


def _result(definition: Definition, settled: Settled, conditions: Conditions) -> Result:
    from kprules.evaluation.outcome import judged, judged_under_all  # noqa: PLC0415 - for reasons

    if conditions.readings == "all":
        return judged_under_all(definition, settled)
    return judged(choose(definition, conditions.reading), settled)


def matrix(
    definitions: Iterable[Definition],
    subjects: Iterable[Subject],
    conditions: Conditions,
    views: Sequence[str | None] | None = None,
) -> Matrix:
    """Judge every case by every definition; with `views`, once as each of them sees the facts.

    `None` among the views is nobody's: the facts by the standard of evidence alone.
    """
    ordered = sorted(definitions, key=order_of)
    rows = tuple(sorted(subjects, key=lambda s: s.id))
    seen = [conditions.view] if views is None else list(views)
    columns = tuple(Column(d, view) for d in ordered for view in seen)
    judge = judging(ordered, conditions)
    settled = {
        (row.id, view): settle(row.record, ordered[0], replace(conditions, view=view))
        for row in rows
        for view in seen
    }
    outcomes: dict[str, tuple[Outcome, ...]] = {}
    for row in rows:
        by_view = {view: judge(settled[row.id, view]) for view in seen}
        outcomes[row.id] = tuple(
            by_view[view][index] for index in range(len(ordered)) for view in seen
        )
    return Matrix(
        rows, tuple(ordered), columns, conditions, outcomes, settled, by_view=views is not None
    )


def judging(
    definitions: Sequence[Definition], conditions: Conditions
) -> Callable[[Settled], tuple[Outcome, ...]]:
    """Return a function from a settled record to an outcome for each definition."""
    chosen: list[list[Judgement]] = [
        [choose(d, asked) for asked in combinations(d)]
        if conditions.readings == "all"
        else [choose(d, conditions.reading)]
        for d in definitions
    ]
    outcomes = compile_outcomes([judgement for group in chosen for judgement in group])

    def judge(record: Settled) -> tuple[Outcome, ...]:
        reached = iter(outcomes(record))
        groups = [{next(reached) for _ in group} for group in chosen]
        return tuple(group.pop() if len(group) == 1 else Outcome.UNDETERMINED for group in groups)

    return judge
