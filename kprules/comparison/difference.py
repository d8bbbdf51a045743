"""What a variant changes: clause by clause in the authors' words, and case by case.

Guarantee: the clause changes, applied to the base text, give the variant's; each case change names
the outcome before and after, which are the matrix's. A line in here touches texts and outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from kprules.checking.amendments import Finished
from kprules.comparison.clause_changes import ClauseChange, clause_changes
from kprules.comparison.conditions import Conditions
from kprules.comparison.matrix import Subject, matrix, result_of, views_of
from kprules.evaluation.outcome import Result
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Definition, choose
from kprules.proof.relations import Relation, relate

WHY_UNPROVED: Final = "it is proved of one reading of the words at a time"


@dataclass(frozen=True, slots=True)
class CaseChange:
    """A case whose outcome differs."""

    subject: Subject
    before: Outcome
    after: Outcome
    reasons: tuple[Result, Result]
    """The outcomes before and after, with their reasons."""
    views: Mapping[str, Outcome]
    """The outcome after, as each party that says anything sees it; none where one was asked for."""

    @property
    def kind(self) -> Literal["gained", "lost", "settled", "unsettled"]:
        """Gained and lost are between captured and not; the others leave or reach undetermined."""
        if self.after is Outcome.UNDETERMINED:
            return "unsettled"
        if self.before is Outcome.UNDETERMINED:
            return "settled"
        return "gained" if self.after is Outcome.CAPTURED else "lost"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two definitions beside each other."""

    base: Definition
    variant: Definition
    clauses: tuple[ClauseChange, ...]
    """What became of `captures`, then of each exception."""
    cases: tuple[CaseChange, ...]
    same: int
    """How many cases have the same outcome under both."""
    conditions: Conditions
    relation: Relation | None = None
    """How the two lie to each other over all possible cases, where that was asked for."""
    why_unproved: str = ""
    """Why that was asked for and is not said."""


def difference(
    base: Definition,
    variant: Definition,
    texts: tuple[Finished, Finished],
    subjects: Iterable[Subject],
    conditions: Conditions,
    *,
    prove: bool = False,
) -> Difference:
    """Set two definitions, with their finished texts, beside each other on some cases.

    `prove` asks besides how they relate over all possible cases, under the readings asked for. Of
    every reading at once nothing is proved, unless the words have but one.
    """
    rows = tuple(subjects)
    cases = []
    if rows:
        before = matrix([base], rows, conditions).outcomes
        after = matrix([variant], rows, conditions).outcomes
        cases = [
            CaseChange(
                row,
                before[row.id][0],
                after[row.id][0],
                (
                    result_of(base, row.record, conditions),
                    result_of(variant, row.record, conditions),
                ),
                views_of(variant, row, conditions),
            )
            for row in sorted(rows, key=lambda r: r.id)
            if before[row.id] != after[row.id]
        ]
    changes = tuple(clause_changes(*texts))
    relation, why = None, ""
    if prove and conditions.readings == "all" and (base.readings or variant.readings):
        why = WHY_UNPROVED
    elif prove:
        relation = relate(choose(base, conditions.reading), choose(variant, conditions.reading))
    same = len(rows) - len(cases)
    return Difference(base, variant, changes, tuple(cases), same, conditions, relation, why)
