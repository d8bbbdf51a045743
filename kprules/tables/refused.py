"""A batch that cannot be judged is refused, where nobody gathers what is wrong with it.

Guarantee: what is raised names columns and values. A line in here reads problems.
"""

from __future__ import annotations

from kprules.tables.outcomes import Outcomes
from kprules.tables.problems import FIRST, TableProblem


class TableError(ValueError):
    """Columns or values that cannot be judged; raised in a task, so that the job fails with it."""


def refuse(outcomes: Outcomes, beside: str | None = None) -> None:
    """Raise what is wrong with a batch; columns that are missing are unknown, and not wrong.

    The column that is `beside` the facts need not be a field.
    """
    wrong = [
        problem
        for problem in outcomes.problems
        if problem.is_error and not (problem.kind == "unknown-column" and problem.column == beside)
    ]
    if wrong:
        raise TableError("; ".join(_said(problem) for problem in wrong[:FIRST]))


def _said(problem: TableProblem) -> str:
    """Say a problem without its rows: what number a row has in a batch tells nobody anything."""
    values = ": " + ", ".join(f"`{value}`" for value in problem.values) if problem.values else ""
    hint = f"; {problem.help}" if problem.help else ""
    return f"column `{problem.column}`: {problem.message}{values}{hint}"
