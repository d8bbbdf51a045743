"""What a definition says of a case, with the reasons.

Guarantee: one pass of `denote` over one record gives the outcome and every reason. A line in here
touches one record and one checked definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from kprules.evaluation.facts import Unknown
from kprules.evaluation.reasons import Decisive, Reason, decisive, reasons, unknowns
from kprules.evaluation.telling import Told
from kprules.evaluation.trace import Outcome, Trace, outcome
from kprules.evaluation.tracing import FramedTrace, traced_often
from kprules.formula.definition import Definition, Judgement, choose, combinations
from kprules.records.settled import Settled

_OPEN: Final = Outcome.UNDETERMINED
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
    readings: tuple[tuple[Judgement, Outcome], ...] = ()
    """Where every reading was asked for: the definition under each, with the outcome."""

    @property
    def outcome(self) -> Outcome:
        """Captured, not captured or undetermined."""
        return _OPEN if self.ambiguity else self.trace.outcome

    @property
    def judgements(self) -> tuple[Judgement, ...]:
        """The definition under each reading that counts."""
        return tuple(judgement for judgement, _ in self.readings) or (self.judgement,)

    @cached_property
    def traces(self) -> tuple[Trace, ...]:
        """The notes under each reading that counts."""
        if not self.readings:
            return (self.trace,)
        return tuple(traced_often(judgement, self.record) for judgement, _ in self.readings)

    @cached_property
    def decisive(self) -> list[Decisive]:
        """The deciding part of the notes, as a tree."""
        return decisive(self.trace)

    @cached_property
    def deciding(self) -> list[Decisive]:
        """The same, where nothing is captured with every entry of a list that stands against it."""
        if self.outcome is not Outcome.NOT_CAPTURED:
            return self.decisive
        return decisive(self.trace, every=True)

    @property
    def because(self) -> tuple[Reason, ...]:
        """The clauses that decide, each with its facts."""
        told = _told(self.trace)
        return self._read_off if told is None else told[0]

    @cached_property
    def _read_off(self) -> tuple[Reason, ...]:
        return reasons(self.decisive, self.judgement.definition.vocabulary)

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """The ambiguous words and the unknown facts that an undetermined outcome hangs on."""
        return self._hangs_on if self.outcome is _OPEN or self.readings else ()

    @cached_property
    def _hangs_on(self) -> tuple[Unknown, ...]:
        return (*self.ambiguity, *self._open(self.trace), *self.unknown_elsewhere)

    @cached_property
    def unknown_elsewhere(self) -> tuple[Unknown, ...]:
        """Of the unknown facts, those that decide on other readings than the customary one."""
        if not self.readings:
            return ()
        told = {unknown.home for unknown in self._open(self.trace)}
        found: dict[str, Unknown] = {}
        for trace in self.traces:
            for unknown in self._open(trace) if trace.outcome is _OPEN else ():
                if unknown.home not in told:
                    found.setdefault(unknown.home, unknown)
        return tuple(found.values())

    def _open(self, trace: Trace) -> tuple[Unknown, ...]:
        """Return the unknown facts that decide; none where readings part on known ones alone."""
        settled = {outcome for _, outcome in self.readings if outcome is not _OPEN}
        if self.outcome is not _OPEN or len(settled) > 1:
            return ()
        told = _told(trace)
        if told is not None:
            return told[1]
        deciding = self.decisive if trace is self.trace else decisive(trace)
        return unknowns(deciding, self.judgement.definition.vocabulary)


def _told(trace: Trace) -> Told | None:
    """Return the reasons and the unknown facts, where Python was written for them."""
    return trace.told() if isinstance(trace, FramedTrace) else None


def judged(judgement: Judgement, record: Settled) -> Result:
    """Judge a settled record under chosen readings."""
    return Result(judgement, record, traced_often(judgement, record))


def judged_under_all(definition: Definition, record: Settled) -> Result:
    """Judge a settled record under every combination of readings.

    One outcome under all is the outcome. Where they part it is undetermined, because the words are
    ambiguous. The reasons are those under the customary readings; unknown facts, those on any.
    """
    judgements = [choose(definition, asked) for asked in combinations(definition)]
    readings = tuple((judgement, outcome(judgement, record)) for judgement in judgements)
    outcomes = [(judgement.readings, reached) for judgement, reached in readings]
    trace = traced_often(judgements[0], record)
    return Result(judgements[0], record, trace, tuple(_parting(definition, outcomes)), readings)


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
