"""The unknown facts of a case, ranked by how much of an outcome hangs on them.

Guarantee: a fact is counted once for every smallest set of facts that was replayed and settles the
outcome. A line in here touches one case and one definition.
"""

from __future__ import annotations

from dataclasses import dataclass

from kprules.comparison.conditions import Conditions
from kprules.comparison.matrix import Subject, result_of
from kprules.evaluation.facts import Unknown
from kprules.evaluation.outcome import Result
from kprules.evaluation.settling import ranked, would_settle
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Definition


@dataclass(frozen=True, slots=True)
class Ranked:
    """One unknown fact: how many ways of settling run through it, what it alone decides."""

    path: str
    ways: int
    alone: tuple[Outcome, ...]
    """The outcomes that it can settle by itself."""
    unknown: Unknown | None
    """Why it is not known, where the outcome's own reasons name it."""


@dataclass(frozen=True)
class Ranking:
    """The unknown facts that one outcome hangs on, the weightiest first."""

    subject: Subject
    definition: Definition
    conditions: Conditions
    result: Result
    facts: tuple[Ranked, ...]


def ranking(definition: Definition, subject: Subject, conditions: Conditions) -> Ranking:
    """Rank the unknown facts of a case by how many ways of settling an outcome run through them."""
    result = result_of(definition, subject.record, conditions)
    facts: list[Ranked] = []
    if result.outcome is Outcome.UNDETERMINED:
        alone: dict[str, dict[Outcome, None]] = {}
        for settles in would_settle(result, most=10_000).sets:
            if len(settles.facts) == 1:
                (path,) = settles.facts
                alone.setdefault(path.partition("[+]")[0], {})[settles.outcome] = None
        why = {unknown.home: unknown for unknown in result.unknown}
        facts = [
            Ranked(path, ways, tuple(sorted(alone.get(path, ()))), why.get(path))
            for path, ways in ranked(result)
        ]
    return Ranking(subject, definition, conditions, result, tuple(facts))
