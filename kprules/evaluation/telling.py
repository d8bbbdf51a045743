"""Reasons of record after record, by Python that was written for one judgement.

Guarantee: the reasons and unknown facts that `reasons` reads off the notes, in the same order. What
the record does not change (labels, words, names of facts) is made ready when the Python is written,
outcome by outcome, as each is first met. A line in here touches one record at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

from kprules.evaluation.facts import Unknown
from kprules.evaluation.frames import Frame, Values, framed
from kprules.evaluation.reasons import Reason
from kprules.evaluation.telling_source import TooDeepError, telling_source
from kprules.formula.definition import Judgement
from kprules.records.settled import Settled

Told = tuple[tuple[Reason, ...], tuple[Unknown, ...]]
_Written = Callable[[Settled, Values, dict[str, Unknown]], tuple[Reason, ...]]
_UNDETERMINED = 1


def _not_yet(_: Settled, __: Values, ___: dict[str, Unknown]) -> tuple[Reason, ...]:
    raise AssertionError("written when its outcome is first met")


@dataclass(slots=True, eq=False)
class Telling:
    """What was compiled for a judgement: what all of its parts come to, and what decides."""

    judgement: Judgement
    frame: Frame
    _written: list[_Written | None] = field(default_factory=lambda: [_not_yet] * 3)

    @classmethod
    def of(cls, judgement: Judgement) -> Telling:
        """Compile a judgement."""
        return cls(judgement, framed(judgement))

    def told(self, record: Settled, values: Values) -> Told | None:
        """Return the reasons and the unknown facts; None where the forms nest too deep for Python.

        `values` are those of the outermost frame on the record.
        """
        outcome = values[-1]
        tell = self._written[outcome]
        if tell is _not_yet:
            tell = self._written[outcome] = self._write(outcome)
        if tell is None:
            return None
        if outcome != _UNDETERMINED:
            return tell(record, values, {}), ()
        unknown: dict[str, Unknown] = {}
        return tell(record, values, unknown), tuple(unknown.values())

    def _write(self, outcome: int) -> _Written | None:
        try:
            source, constants = telling_source(self.judgement, self.frame, outcome)
        except TooDeepError:
            return None
        scope: dict[str, Any] = dict(constants)
        # Only names made here, field names that are identifiers, and operators are in the source.
        exec(compile(source, "<kprules compiled reasons>", "exec"), scope)  # noqa: S102 - as said
        return cast("_Written", scope["tell"])
