"""Everything that a report shows, as values: outcomes under every switch, disputes, relations.

Guarantee: outcomes, relations and differences are those of the commands `eval`, `compare` and
`diff`; here they are only gathered. A line in here touches definitions, cases and outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kprules.checking.amendments import Finished
from kprules.comparison.answers import Answer, answers, most_disputed
from kprules.comparison.clause_changes import ClauseChange, clause_changes
from kprules.comparison.disputed import Disputed, disputed
from kprules.comparison.matrix import Subject
from kprules.comparison.order import Order, order
from kprules.comparison.switches import OUTCOMES, Switched, Switches, switches
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Definition
from kprules.proof.relations import Relations, relate_all

SECONDS = 60.0
"""How long proving relations may take; what is open then is not decided."""


@dataclass(frozen=True)
class Gathered:
    """What a report shows."""

    switches: Switches
    relations: Relations
    """Of every two definitions, under customary readings, on all possible records."""
    order: Order
    differences: Mapping[tuple[str, str], tuple[ClauseChange, ...]]
    """By the ids of two definitions: what became of the clauses of the first in the second."""
    disputed: tuple[Disputed, ...]
    answers: Mapping[str, tuple[Answer, ...]]
    """By the id of a case: what each definition says of it."""
    focus: Switched | None
    """The case that the report begins with."""

    @property
    def about(self) -> str:
        """The kind of record."""
        return self.switches.definitions[0].about


def gathered(
    definitions: Iterable[Definition],
    subjects: Iterable[Subject],
    texts: Mapping[str, Finished],
    focus: str | None = None,
    *,
    seconds: float = SECONDS,
) -> Gathered:
    """Gather what a report on some definitions and cases shows; `focus` is the id of a case."""
    found = switches(definitions, subjects)
    relations = relate_all(
        [each.judgements[0] for each in found.readings], seconds=seconds, witnesses=False
    )
    by_id = {case.subject.id: case for case in found.cases}
    return Gathered(
        found,
        relations,
        order(relations, _captured(found)),
        _differences(found.definitions, texts),
        tuple(fact for case in found.cases for fact in disputed(case, found.readings)),
        {id_: answers(found, case) for id_, case in by_id.items()},
        most_disputed(found) if focus is None else by_id[focus],
    )


def _captured(found: Switches) -> dict[str, int]:
    """Count the cases that each definition captures on established facts."""
    return {
        each.definition.id: sum(
            OUTCOMES[case.outcomes(None, "established")[each.start]] is Outcome.CAPTURED
            for case in found.cases
        )
        for each in found.readings
    }


def _differences(
    definitions: tuple[Definition, ...], texts: Mapping[str, Finished]
) -> dict[tuple[str, str], tuple[ClauseChange, ...]]:
    return {
        (base.id, variant.id): tuple(clause_changes(texts[base.id], texts[variant.id]))
        for base in definitions
        for variant in definitions
        if base is not variant
    }
