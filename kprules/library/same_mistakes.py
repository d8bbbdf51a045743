"""Mistakes that many lines of a file make alike: a few are told in full, the others counted.

Guarantee: every kind of mistake is told where it first is, and every line that makes it counted. A
line in here touches problems and numbers of lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from kprules.diagnostics import Problem

_TOLD: Final = 5
"""Mistakes of one kind that are told in full."""
_NUMBERED: Final = 5
"""Further lines whose numbers are told."""
_INDEX: Final = re.compile(r"\[\d+\]")


@dataclass(slots=True)
class SameMistakes:
    """The mistakes of one file so far."""

    told: dict[tuple[str, str, str], int] = field(default_factory=dict)
    left: dict[tuple[str, str, str], tuple[Problem, list[int]]] = field(default_factory=dict)
    """For each kind that is told no more: the first of them, and the lines of all."""

    def news(self, problems: Iterable[Problem], line: int) -> Iterator[Problem]:
        """Yield the problems of a line that are to be told in full."""
        for problem in problems:
            kind = (problem.code, problem.message, _INDEX.sub("[]", problem.label))
            met = self.told[kind] = self.told.get(kind, 0) + 1
            if met <= _TOLD:
                yield problem
                continue
            numbers = self.left.setdefault(kind, (problem, []))[1]
            if not numbers or numbers[-1] != line:
                numbers.append(line)

    def rest(self) -> Iterator[Problem]:
        """Yield a problem for each kind of which more were met than were told."""
        for problem, numbers in self.left.values():
            if len(numbers) > 1:
                known = ", ".join(map(str, numbers[:_NUMBERED]))
                more = len(numbers) - _NUMBERED
                lines = f"lines {known}{f' and {more:,} more' if more > 0 else ''}"
                said = f"{len(numbers):,} more lines make this mistake: {problem.message}"
                problem = replace(problem, message=said, help=lines)  # noqa: PLW2901 - as told
            yield problem
