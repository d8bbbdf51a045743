"""Expectations: what authors mean their definitions to do to named cases, beside what they do.

Guarantee: each expectation is judged under its own conditions and no others. A line in here touches
outcomes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from kprules.comparison.conditions import Conditions
from kprules.comparison.matrix import Subject, result_of
from kprules.evaluation.outcome import Result
from kprules.formula.definition import Definition, Expectation


@dataclass(frozen=True, slots=True)
class Judged:
    """An expectation with what came of it; no result where there is no such case."""

    definition: Definition
    expectation: Expectation
    result: Result | None

    @property
    def holds(self) -> bool:
        """Whether the definition does what its author means it to."""
        return self.result is not None and self.result.outcome == self.expectation.outcome


def conditions_of(definition: Definition, expectation: Expectation) -> Conditions:
    """Return the conditions that an expectation names."""
    asked = {
        label if "." in label else f"{definition.id}.{label}": name
        for label, name in expectation.readings
    }
    return Conditions(expectation.standard, expectation.view, "customary", asked)


def judge_expectations(
    definitions: Iterable[Definition], subjects: Mapping[tuple[str, str], Subject]
) -> Iterator[Judged]:
    """Judge every expectation of some definitions; subjects are by kind of record and id."""
    for definition in definitions:
        for expectation in definition.expectations:
            subject = subjects.get((definition.about, expectation.case))
            result = None
            if subject is not None:
                going_by = conditions_of(definition, expectation)
                result = result_of(definition, subject.record, going_by)
            yield Judged(definition, expectation, result)
