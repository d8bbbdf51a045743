"""All that bears on one outcome: its reasons, what would settle it, whose view changes it.

Guarantee: values; each outcome in it was judged. A line in here touches one record and one
definition.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kprules.comparison.conditions import Conditions
from kprules.comparison.matrix import Subject, result_of, settle, views_of
from kprules.evaluation.facts import Unknown
from kprules.evaluation.outcome import MOST_READINGS, Result, judged_under_all
from kprules.evaluation.settling import Settling, would_settle
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Definition
from kprules.proof.blocking import Blocking, blocking
from kprules.proof.nearest import Change, nearest
from kprules.proof.sufficing import Sufficient, suffices


@dataclass(frozen=True)
class Explained:
    """One outcome with everything that bears on it."""

    subject: Subject
    definition: Definition
    conditions: Conditions
    result: Result
    settling: Settling
    views: Mapping[str, Outcome]
    """The outcome as each party that says anything sees it; none where one view was asked for."""
    ambiguity: tuple[Unknown, ...]
    """The words on whose reading the outcome hangs, with what each reading comes to."""
    changes: tuple[Change, ...] = ()
    """The smallest changes of fact that would turn a settled outcome round, where asked for."""
    sufficient: tuple[Sufficient, ...] = ()
    """Sets of facts that suffice for a captured case, whatever the rest, where asked for."""
    blocking: tuple[Blocking, ...] = ()
    """Where it is not captured: who of a list is in the way together, where asked for."""


def explained(
    definition: Definition, subject: Subject, conditions: Conditions, *, near: bool = False
) -> Explained:
    """Judge one case by one definition and gather what bears on the outcome.

    `near` asks besides for the nearest changes of a settled outcome, for what suffices for it, and
    for who is in its way.
    """
    result = result_of(definition, subject.record, conditions)
    return Explained(
        subject,
        definition,
        conditions,
        result,
        would_settle(result),
        views_of(definition, subject, conditions),
        result.ambiguity or _ambiguity(definition, subject, conditions),
        nearest(result) if near and not result.ambiguity else (),
        suffices(result) if near and result.outcome is Outcome.CAPTURED else (),
        blocking(result) if near else (),
    )


def _ambiguity(
    definition: Definition, subject: Subject, conditions: Conditions
) -> tuple[Unknown, ...]:
    number = 1
    for names in definition.readings.values():
        number *= len(names)
    if number == 1 or number > MOST_READINGS:
        return ()
    return judged_under_all(definition, settle(subject.record, definition, conditions)).ambiguity
