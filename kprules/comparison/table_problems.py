"""What is wrong with tables, and in which file; said all at once.

Guarantee: a problem is a line; columns of one file that are no fields share one. A line in here
touches problems and strings; no engine, so that what is raised can be caught where none is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kprules.tables.problems import TableProblem

_LONGEST_VALUE: Final = 60
"""Characters of a value that are shown where it cannot be read."""
_FEW: Final = 3
"""Columns that are no fields of which each has a line of its own."""
_SHOWN: Final = 12
"""Columns that share a line at most."""


@dataclass(frozen=True, slots=True)
class FileProblem:
    """What is wrong with a table, and in which file; rows are those of the file."""

    path: str
    problem: TableProblem
    way: str = ""
    """What carries a column through that is no field."""


class BadTableError(ValueError):
    """Tables that cannot be judged: `problems` says what is wrong with them, and where."""

    def __init__(self, problems: Sequence[FileProblem], hints: Sequence[str] = ()) -> None:
        """Keep the problems, and say them all."""
        self.problems = tuple(problems)
        super().__init__("\n".join([*_lines(self.problems), *hints]))


def _lines(problems: Sequence[FileProblem]) -> Iterator[str]:
    """Yield what is said; of many columns that are no fields of one file once."""
    together: dict[tuple[str, str], list[TableProblem]] = {}
    for found in problems:
        if found.way:
            together.setdefault((found.path, found.way), []).append(found.problem)
    for found in problems:
        key = found.path, found.way
        if len(together.get(key, ())) <= _FEW:
            yield said(found)
        elif found.problem is together[key][0]:
            yield _said_together(*key, together[key])


def _said_together(path: str, way: str, problems: Sequence[TableProblem]) -> str:
    names = [f"`{p.column}`" + (f" ({p.help})" if p.help else "") for p in problems[:_SHOWN]]
    more = f" and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
    return (
        f"{path}: {len(problems)} columns are no fields: {', '.join(names)}{more};"
        f" {way} carries them through"
    )


def said(found: FileProblem) -> str:
    """Say a problem on a line: file, column, what is wrong, first rows and values."""
    problem = found.problem
    text = f"{found.path}: column `{problem.column}`: {problem.message}"
    if problem.values:
        text += ": " + ", ".join(f"`{_cut(value)}`" for value in problem.values)
    if problem.rows:
        shown = ", ".join(f"{row + 1:,}" for row in problem.rows)
        more = (
            f" and {problem.count - len(problem.rows):,} more"
            if problem.count > len(problem.rows)
            else ""
        )
        text += f" (row{'s' if problem.count > 1 else ''} {shown}{more})"
    way = f"{found.way} carries it through" if found.way else ""
    hint = f"{problem.help} Else {way}" if problem.help and way else problem.help or way
    return text + (f"; {hint}" if hint else "")


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"
