"""The matrix as CSV and as Markdown.

Guarantee: a cell of CSV that comes from outside is never a formula, and Markdown from outside means
nothing but itself. A line in here touches strings.
"""

from __future__ import annotations

import csv
import io

from kprules.comparison.matrix import Matrix
from kprules.evaluation.trace import Outcome
from kprules.reports.matrix_json import day_object
from kprules.reports.matrix_table import column_name
from kprules.reports.text import counted, escape, line, outcome_words

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FEW = 6


def cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula."""
    return f"'{line(text)}" if text.startswith(_FORMULA) else line(text)


def csv_matrix(matrix: Matrix, *, as_of: bool = False) -> str:
    """Return the matrix as CSV: a row a case, a column a definition or party.

    `as_of`: and a column on whether the case's period surely includes the day asked for.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = [cell(column_name(matrix, column)) for column in matrix.columns]
    writer.writerow(["case", "title", *(["as_of"] if as_of else []), *heads])
    for subject in matrix.subjects:
        outcomes = [str(o) for o in matrix.outcomes[subject.id]]
        day = day_object(subject).values() if as_of else ()
        writer.writerow([cell(subject.id), cell(subject.title), *day, *outcomes])
    return out.getvalue()


_MARKS = {Outcome.CAPTURED: "●", Outcome.NOT_CAPTURED: "·", Outcome.UNDETERMINED: "?"}


def markdown_matrix(matrix: Matrix) -> str:
    """Return the matrix as a Markdown table; many definitions as numbers with a legend."""
    few = len(matrix.columns) <= _FEW
    names = [escape(column_name(matrix, column)) for column in matrix.columns]
    heads = names if few else [str(i + 1) for i in range(len(names))]
    lines = []
    if not few:
        for number, (name, column) in enumerate(zip(names, matrix.columns, strict=True), 1):
            title = "" if matrix.by_view else f": {escape(column.definition.title)}"
            lines.append(f"{number}. **{name}**{title}")
        lines.append("")
    lines.append(f"| case | {' | '.join(heads)} |")
    lines.append(f"|---|{'---|' * len(heads)}")
    for subject in matrix.subjects:
        shown = [
            f"{_MARKS[o]} {escape(outcome_words(o, c.definition.outcome_word))}"
            if few
            else _MARKS[o]
            for o, c in zip(matrix.outcomes[subject.id], matrix.columns, strict=True)
        ]
        sure = "" if subject.surely else " ~"
        lines.append(f"| {escape(subject.id)}{sure} | {' | '.join(shown)} |")
    counts = matrix.counts()
    key = ", ".join(f"{_MARKS[o]} {outcome_words(o, 'captured')} {counts[o]}" for o in _MARKS)
    lines += ["", f"{counted(len(matrix.subjects), 'case')}: {key}"]
    return "\n".join(lines) + "\n"
