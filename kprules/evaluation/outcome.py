"""What a definition says of a case, with the reasons.

Guarantee: one pass of `denote` over one record gives the outcome and every reason. A line in here
touches one record and one checked definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kprules.evaluation.facts import Unknown
from kprules.evaluation.reasons import Decisive, Reason, decisive, reasons, unknowns
from kprules.evaluation.trace import Outcome, Trace, outcome
from kprules.evaluation.tracing import traced_often
from kprules.formula.definition import Definition, Judgement, choose, combinations
from kprules.records.settled import Settled

MOST_READINGS = 64
"""How many combinations of readings are tried together."""


@dataclass(frozen=True)
class Result:
    """The outcome of one definition on one case, with its reasons; they are read off on demand."""

    judgement: Judgement
    record: Settled
    trace: Trace
    ambiguity: tuple[Unknown, ...] = ()
    """Where the words are ambiguous: the readings that part, with what each comes to."""

    @property
    def outcome(self) -> Outcome:
        """Captured, not captured or undetermined."""
        return Outcome.UNDETERMINED if self.ambiguity else self.trace.outcome

    @cached_property
    def decisive(self) -> list[Decisive]:
        """The deciding part of the notes, as a tree."""
        return decisive(self.trace)

    @cached_property
    def because(self) -> tuple[Reason, ...]:
        """The clauses that decide, each with its facts."""
        return reasons(self.decisive, self.judgement.definition.vocabulary)

    @cached_property
    def unknown(self) -> tuple[Unknown, ...]:
        """The unknown facts, or the ambiguous words, that an undetermined outcome hangs on."""
        if self.ambiguity:
            return self.ambiguity
        if self.trace.outcome is not Outcome.UNDETERMINED:
            return ()
        return unknowns(self.decisive, self.judgement.definition.vocabulary)


def judged(judgement: Judgement, record: Settled) -> Result:
    """Judge a settled record under chosen readings."""
    return Result(judgement, record, traced_often(judgement, record))


def judged_under_all(definition: Definition, record: Settled) -> Result:
    """Judge a settled record under every combination of readings.

    One outcome under all is the outcome. Where they part it is undetermined, because the words are
    ambiguous. The reasons are those under the customary readings.
    """
    outcomes: list[tuple[Mapping[str, str], Outcome]] = []
    for asked in combinations(definition):
        judgement = choose(definition, asked)
        outcomes.append((judgement.readings, outcome(judgement, record)))
    result = judged(choose(definition), record)
    if len({o for _, o in outcomes}) == 1:
        return result
    return Result(result.judgement, record, result.trace, tuple(_parting(definition, outcomes)))


def _parting(
    definition: Definition, outcomes: list[tuple[Mapping[str, str], Outcome]]
) -> list[Unknown]:
    """Return the labels on whose reading the outcome hangs, each with its readings' outcomes."""
    found = []
    for label, names in definition.readings.items():
        by_rest: dict[tuple[tuple[str, str], ...], set[Outcome]] = {}
        by_name: dict[str, list[Outcome]] = {name: [] for name in names}
        for readings, reached in outcomes:
            rest = tuple(sorted((k, v) for k, v in readings.items() if k != label))
            by_rest.setdefault(rest, set()).add(reached)
            if reached not in by_name[readings[label]]:
                by_name[readings[label]].append(reached)
        if any(len(reached) > 1 for reached in by_rest.values()):
            outcomes_of = {name: " or ".join(reached) for name, reached in by_name.items()}
            found.append(Unknown(f"{definition.id}.{label}", "ambiguous", readings=outcomes_of))
    return found
