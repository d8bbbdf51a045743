"""What all definitions say of one case, at first sight: on whose facts, and what else they capture.

Guarantee: each answer is read off the outcomes under every switch; nothing is judged again. A line
in here touches outcomes as values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kprules.comparison.switches import OUTCOMES, Readings, Switched, Switches
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Definition


class Stand(StrEnum):
    """How a definition stands to a case, all views and standards considered."""

    CAPTURES = "captures"
    """On established facts."""
    DEPENDS = "depends"
    """Not on established facts, but on those of some party."""
    ALLEGED = "alleged"
    """On nobody's, but where alleged facts count."""
    OPEN = "open"
    """Captured on no facts that anybody states, and not ruled out on established ones."""
    SPARES = "spares"
    """Not captured, whoever's facts are taken."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one definition says of one case."""

    definition: Definition
    stand: Stand
    established: Outcome
    alleged: Outcome
    """Where alleged facts count."""
    views: Mapping[str, Outcome]
    """As each party sees the facts."""
    readings: tuple[tuple[str, Mapping[str, Outcome]], ...]
    """On established facts: the words whose reading alone changes the outcome, name by name."""
    besides: tuple[str, ...]
    """The other cases that it captures on established facts."""
    akin: tuple[str, ...]
    """Those of the others whose goods come from where the goods of the case do."""

    def parties(self, outcome: Outcome) -> tuple[str, ...]:
        """Return the parties on whose facts the outcome is so."""
        return tuple(party for party, seen in self.views.items() if seen is outcome)


def answers(switches: Switches, case: Switched) -> tuple[Answer, ...]:
    """Return what each definition says of a case, in the order of the definitions."""
    return tuple(_answer(switches, case, each) for each in switches.readings)


def _answer(switches: Switches, case: Switched, readings: Readings) -> Answer:
    at = readings.start
    established = OUTCOMES[case.outcomes(None, "established")[at]]
    alleged = OUTCOMES[case.outcomes(None, "alleged")[at]]
    views = {p: OUTCOMES[case.outcomes(p, "established")[at]] for p in case.parties}
    others = [
        other
        for other in switches.cases
        if other is not case
        and OUTCOMES[other.outcomes(None, "established")[at]] is Outcome.CAPTURED
    ]
    besides = tuple(other.subject.id for other in others)
    akin = tuple(other.subject.id for other in others if origins(other) & origins(case))
    stand = _stand(established, alleged, views)
    parting = tuple(_parting(case, readings))
    return Answer(readings.definition, stand, established, alleged, views, parting, besides, akin)


def origins(case: Switched) -> frozenset[str]:
    """Return where the goods of a case come from, as far as it is established.

    Nothing, where the kind of record has no goods.
    """
    goods = getattr(case.seen[0].settled, "goods", None)
    found = getattr(goods, "origins", None) or ()
    return frozenset(country for country in found if isinstance(country, str))


def _stand(established: Outcome, alleged: Outcome, views: Mapping[str, Outcome]) -> Stand:
    if established is Outcome.CAPTURED:
        return Stand.CAPTURES
    if Outcome.CAPTURED in views.values():
        return Stand.DEPENDS
    if alleged is Outcome.CAPTURED:
        return Stand.ALLEGED
    if established is Outcome.UNDETERMINED:
        return Stand.OPEN
    return Stand.SPARES


def _parting(case: Switched, readings: Readings) -> list[tuple[str, Mapping[str, Outcome]]]:
    """Return the words whose reading, all others being the customary ones, changes the outcome."""
    outcomes = case.outcomes(None, "established")
    customary, *others = readings.judgements
    found: dict[str, dict[str, Outcome]] = {}
    for offset, judgement in enumerate(others, 1):
        changed = [
            label for label, name in judgement.readings.items() if customary.readings[label] != name
        ]
        if len(changed) == 1:
            label = changed[0]
            by_name = found.setdefault(
                label, {customary.readings[label]: OUTCOMES[outcomes[readings.start]]}
            )
            by_name[judgement.readings[label]] = OUTCOMES[outcomes[readings.start + offset]]
    return [(label, by_name) for label, by_name in found.items() if len(set(by_name.values())) > 1]


def most_disputed(switches: Switches) -> Switched | None:
    """Return the case on which whose facts are taken decides most often, if it ever does.

    It decides where a definition captures the case on one party's facts and not on another's.
    Among equals: where the most outcomes are settled by somebody's facts, then the first by id.
    """

    def weight(case: Switched) -> tuple[int, int]:
        parting = settled = 0
        for each in switches.readings:
            plain = case.outcomes(None, "established")[each.start]
            seen = [case.outcomes(p, "established")[each.start] for p in case.parties]
            parting += {0, 2} <= set(seen)
            settled += sum(number != 1 for number in seen) if plain == 1 else 0
        return parting, settled

    best = max(switches.cases, key=weight, default=None)  # the first of equals
    return best if best is not None and any(weight(best)) else None
