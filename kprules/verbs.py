"""The Python interface to what compares: `compare`, `diff`, `nearest`, `settle`.

Guarantee: the same answers as the commands of those names; each result shows itself in a notebook
(`_repr_html_`), its text escaped. A line in here calls one function of another room.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from pydantic import BaseModel

from kprules.api import (
    Cases,
    LoadedCase,
    Rules,
    evaluate,
    load_cases,
    load_rules,
    record_of,
    subject_of,
)
from kprules.asking import check_alike, conditions_of
from kprules.comparison.difference import Difference, difference
from kprules.comparison.settling import Ranking, ranking
from kprules.evaluation.outcome import Result
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Definition, choose
from kprules.proof import nearest as nearest_room
from kprules.proof.nearest import Change
from kprules.proof.relations import SECONDS, Relation, relate
from kprules.records.settle import parties
from kprules.reports.difference import difference_table
from kprules.reports.relation import relation_words
from kprules.reports.settling import ranking_table
from kprules.reports.text import Paper


def _block(text: str) -> str:
    return f'<pre style="white-space: pre-wrap">{escape(text)}</pre>'


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two definitions relate over all possible cases."""

    relation: Relation

    @property
    def kind(self) -> str:
        """`equal`, `narrower`, `broader`, `overlapping`, `disjoint` or `not decided`."""
        return str(self.relation.kind)

    @property
    def kind_where_unknown(self) -> str:
        """The same where facts may be unknown: what one captures on what is known."""
        return str(self.relation.unknowns.kind)

    @property
    def witnesses(self) -> Mapping[str, Mapping[str, Any]]:
        """Cases that show it: `both`, `only_left`, `only_right`, those that there are."""
        compared = self.relation.settled
        found = {
            "both": compared.both,
            "only_left": compared.only_left,
            "only_right": compared.only_right,
        }
        return {name: f.witness.case for name, f in found.items() if f.witness is not None}

    def __str__(self) -> str:
        """Say the relation."""
        return relation_words(self.relation)

    def _repr_html_(self) -> str:
        return _block(str(self))


@dataclass(frozen=True, slots=True)
class Diff:
    """What a variant changes: of the words, and of the outcomes of some cases."""

    difference: Difference

    def __str__(self) -> str:
        """Set the two beside each other."""
        return difference_table(self.difference, Paper())

    def _repr_html_(self) -> str:
        return _block(str(self))


@dataclass(frozen=True, slots=True)
class Nearest(Sequence[Change]):
    """The smallest changes of fact that would turn an outcome round."""

    changes: tuple[Change, ...]
    outcome: Outcome
    """The outcome that they would turn round."""

    def __getitem__(self, index: Any) -> Any:
        """Return one change, or some."""
        return self.changes[index]

    def __iter__(self) -> Iterator[Change]:
        """Yield the changes, the smallest first."""
        return iter(self.changes)

    def __len__(self) -> int:
        """Count the changes."""
        return len(self.changes)

    def __str__(self) -> str:
        """Say each change as a condition; where there is none, say so."""
        if self.outcome is Outcome.UNDETERMINED:
            return "undetermined: `settle` ranks the facts that the outcome hangs on"
        if not self.changes:
            return f"{self.outcome}: no change of facts was found that turns it round"
        return "\n".join(f"{change.outcome} if {change}" for change in self.changes)

    def _repr_html_(self) -> str:
        return _block(str(self))


@dataclass(frozen=True, slots=True)
class Settled:
    """The unknown facts that an outcome hangs on, the weightiest first."""

    ranking: Ranking

    @property
    def facts(self) -> tuple[tuple[str, int], ...]:
        """Each fact's path, and how many ways of settling run through it."""
        return tuple((fact.path, fact.ways) for fact in self.ranking.facts)

    def __str__(self) -> str:
        """List the facts."""
        return ranking_table(self.ranking, Paper())

    def _repr_html_(self) -> str:
        return _block(str(self))


def compare(
    left: Definition,
    right: Definition,
    *,
    readings: Mapping[str, str] | None = None,
    seconds: float = SECONDS,
) -> Comparison:
    """Say how a definition relates to another over all possible cases, proved or shown.

    Raises `ValueError` for a reading that there is not, and for definitions about different kinds.
    """
    check_alike(left, right)
    conditions_of([left, right], readings=readings or {})
    return Comparison(relate(choose(left, readings), choose(right, readings), seconds=seconds))


def diff(
    base: Definition,
    variant: Definition,
    *,
    rules: Rules | None = None,
    cases: Cases | None = None,
    view: str | None = None,
    **conditions: Any,
) -> Diff:
    """Say what a variant changes of a base.

    `rules` are those that both come from, for they keep the texts; by themselves, the ones that
    ship. `cases` are those whose outcomes are compared; likewise. `view` and `conditions` are those
    of `evaluate`. Raises `ValueError` for names that nothing bears, and for definitions about
    different kinds.
    """
    check_alike(base, variant)
    book = (load_rules() if rules is None else rules).book
    for one in (base, variant):
        if one.id not in book.finished:
            raise ValueError(f"`rules` hold no text of `{one.id}`; hand in those it comes from")
    texts = (book.finished[base.id], book.finished[variant.id])
    records = load_cases(about=base.about) if cases is None else cases
    subjects = [subject_of(case, case.record) for case in records.values()]
    naming = sorted(records.values(), key=lambda case: view not in parties(case.record))
    asked = conditions_of([base, variant], *naming[:1], view=view, **conditions)
    return Diff(difference(base, variant, texts, subjects, asked, prove=True))


def nearest(definition: Definition, case: LoadedCase | BaseModel, **conditions: Any) -> Nearest:
    """Return the smallest changes of fact that would turn a settled outcome round.

    `conditions` are those of `evaluate`. An undetermined outcome has none; see `settle`.
    """
    result: Result = evaluate(definition, case, **conditions)
    return Nearest(nearest_room.nearest(result), result.outcome)


def settle(definition: Definition, case: LoadedCase | BaseModel, **conditions: Any) -> Settled:
    """Rank the unknown facts of a case by how much of the outcome hangs on each.

    `conditions` are those of `evaluate`.
    """
    subject = subject_of(case, record_of(case, definition))
    return Settled(ranking(definition, subject, conditions_of([definition], case, **conditions)))
