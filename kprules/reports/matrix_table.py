"""The matrix for a terminal.

Guarantee: no line is wider than the paper; every mark reads without colour; where definitions are
many they stand under letters, in blocks of their status, with a legend. A line in here touches
strings and outcomes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kprules.comparison.matrix import Column, Matrix, Subject
from kprules.diagnostics import cells
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import STATUSES
from kprules.reports.text import Paper, counted, cut, line, outcome_words, pad, squeeze, wrap

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ROW_HEAD = 34
"""The widest that ids of cases are shown beside many columns."""
_TITLE = 20
"""The least room that is worth filling with titles."""
_GAP = 2


@dataclass(frozen=True, slots=True)
class _Head:
    """A column with its place in the matrix and the letters that it stands under."""

    index: int
    column: Column
    key: str
    group: str


def table(matrix: Matrix, paper: Paper, *, as_of: str | None = None) -> str:
    """Return the matrix with a line of counts at its end."""
    heads = _heads(matrix)
    lines = [*_worded(matrix, heads, paper)] or [*_lettered(matrix, heads, paper)]
    lines.append("")
    if as_of and not all(subject.surely for subject in matrix.subjects):
        lines += wrap(
            f"The period of a case marked ~ may not include {as_of}: its dates leave it open.",
            paper.width,
        )
    lines += _counts(matrix, paper)
    return "\n".join(lines)


def _heads(matrix: Matrix) -> list[_Head]:
    many = len(matrix.columns) > len(_LETTERS)
    return [
        _Head(
            index,
            column,
            str(index + 1) if many else _LETTERS[index],
            "" if matrix.by_view else column.definition.status or "",
        )
        for index, column in enumerate(matrix.columns)
    ]


def column_name(matrix: Matrix, column: Column) -> str:
    """Return what a column is called: the definition, or the party whose view it is."""
    if not matrix.by_view:
        return column.name
    return "established" if column.view is None else column.view


# --- few columns: words -----------------------------------------------------------------------


def _worded(matrix: Matrix, heads: Sequence[_Head], paper: Paper) -> Iterator[str]:
    """Yield the matrix with outcomes in words, if it is narrow enough; else nothing."""
    names = [line(column_name(matrix, head.column)) for head in heads]
    words = [
        [
            f"{paper.mark(o)} {line(outcome_words(o, h.column.definition.outcome_word))}"
            for o, h in zip(matrix.outcomes[subject.id], heads, strict=True)
        ]
        for subject in matrix.subjects
    ]
    widths = [max(map(cells, texts)) for texts in zip(names, *words, strict=True)]
    row_head = max(cells(_row_name(subject)) for subject in matrix.subjects)
    used = row_head + sum(width + _GAP for width in widths)
    if used > paper.width:
        return
    if matrix.by_view:
        yield from _caption(matrix, paper)
    else:
        yield from _titles(heads, names, paper)
    yield ""
    spread = [pad(n, w) for n, w in zip(names, widths, strict=True)]
    yield _row(
        pad("", row_head), [paper.paint(name, bold=True) for name in spread], "", paper, used
    )
    for subject, texts in zip(matrix.subjects, words, strict=True):
        shown = [
            paper.outcome(outcome, pad(text, width))
            for outcome, text, width in zip(matrix.outcomes[subject.id], texts, widths, strict=True)
        ]
        yield _row(pad(_row_name(subject), row_head), shown, subject.title, paper, used)


def _titles(heads: Sequence[_Head], names: Sequence[str], paper: Paper) -> Iterator[str]:
    width = max(map(cells, names))
    for head, name in zip(heads, names, strict=True):
        title = cut(line(head.column.definition.title), paper.width - width - _GAP, paper.ellipsis)
        yield f"{pad(name, width)}{' ' * _GAP}{paper.dim(title)}".rstrip()


def _caption(matrix: Matrix, paper: Paper) -> list[str]:
    definition = matrix.definitions[0]
    return wrap(f"{line(definition.id)}: {line(definition.title)}", paper.width)


def _row(head: str, shown: Sequence[str], title: str, paper: Paper, used: int) -> str:
    gap = " " * _GAP
    room = paper.width - used - _GAP
    title = cut(line(title), room, paper.ellipsis) if title and room >= _TITLE else ""
    return gap.join([head, *shown, *([paper.dim(title)] if title else [])]).rstrip()


def _row_name(subject: Subject) -> str:
    return line(subject.id) if subject.surely else f"{line(subject.id)} ~"


# --- many columns: letters ----------------------------------------------------------------------


def _lettered(matrix: Matrix, heads: Sequence[_Head], paper: Paper) -> Iterator[str]:
    """Yield the matrix in blocks of columns that fit, each below its legend."""
    names = _row_names(matrix, paper)
    row_head = max(map(cells, names))
    step = len(heads[-1].key) + 1
    room = max(1, (paper.width - row_head - 1) // step)
    blocks = list(_blocks(heads, room))
    if matrix.by_view:
        yield from _caption(matrix, paper)
        yield ""
    for number, block in enumerate(blocks):
        if number:
            yield ""
        yield from _legend(matrix, block, paper, grouped=len(blocks) > 1)
        yield ""
        yield from _block(matrix, block, names, row_head, step, paper)


def _row_names(matrix: Matrix, paper: Paper) -> list[str]:
    """Return the ids of the cases, shortened where that leaves them different."""
    full = [_row_name(subject) for subject in matrix.subjects]
    short = [squeeze(n, min(_ROW_HEAD, paper.width // 2), paper.ellipsis) for n in full]
    return short if len(set(short)) == len(set(full)) else full


def _blocks(heads: Sequence[_Head], room: int) -> Iterator[list[list[_Head]]]:
    """Yield blocks of groups that fit side by side; a group that is too wide is divided.

    Columns that all fit stay in their order, as one group.
    """
    if len(heads) <= room:
        yield [list(heads)]
        return
    block: list[list[_Head]] = []
    taken = 0
    for group in _groups(heads):
        for start in range(0, len(group), room):
            part = group[start : start + room]
            if block and taken + len(part) + 1 > room:
                yield block
                block, taken = [], 0
            block.append(part)
            taken += len(part) + 1
    if block:
        yield block


def _groups(heads: Sequence[_Head]) -> list[list[_Head]]:
    order = [*STATUSES, ""]
    found = [[head for head in heads if head.group == group] for group in order]
    return [group for group in found if group]


def _legend(
    matrix: Matrix, block: Sequence[Sequence[_Head]], paper: Paper, *, grouped: bool
) -> Iterator[str]:
    every = [head for group in block for head in group]
    names = {head.index: line(column_name(matrix, head.column)) for head in every}
    key_width = max(len(head.key) for head in every)
    name_width = min(max(map(cells, names.values())), max(12, paper.width // 3))
    for group in block:
        if grouped and group[0].group:
            yield paper.paint(status_words(group[0].group).capitalize(), bold=True)
        for head in group:
            name = squeeze(names[head.index], name_width, paper.ellipsis)
            start = f"  {head.key:>{key_width}}  {pad(name, name_width)}  "
            title = "" if matrix.by_view else _title(head.column)
            title = cut(title, paper.width - cells(start), paper.ellipsis)
            yield f"{start}{paper.dim(title)}".rstrip()


def _title(column: Column) -> str:
    word = column.definition.outcome_word
    said = "" if word == "captured" else f" [{word}]"
    return line(column.definition.title + said)


def _block(
    matrix: Matrix,
    block: Sequence[Sequence[_Head]],
    names: Sequence[str],
    row_head: int,
    step: int,
    paper: Paper,
) -> Iterator[str]:
    keys = " ".join("".join(f"{head.key:>{step}}" for head in group) for group in block)
    yield paper.paint(f"{' ' * row_head}{keys}", bold=True)
    used = row_head + cells(keys)
    for subject, name in zip(matrix.subjects, names, strict=True):
        outcomes = matrix.outcomes[subject.id]
        marks = " ".join(
            "".join(" " * (step - 1) + paper.outcome(outcomes[head.index]) for head in group)
            for group in block
        )
        room = paper.width - used - _GAP
        title = cut(line(subject.title), room, paper.ellipsis) if room >= _TITLE else ""
        yield f"{pad(name, row_head)}{marks}{' ' * _GAP}{paper.dim(title)}".rstrip()


def status_words(status: str) -> str:
    """Say a status in words."""
    return status.replace("_", " ")


# --- counts ---------------------------------------------------------------------------------------


def _counts(matrix: Matrix, paper: Paper) -> list[str]:
    """Return what was judged, and the line of counts, which is the key to the marks too."""
    counts = matrix.counts()
    shown = "   ".join(
        f"{paper.outcome(outcome)} {outcome_words(outcome, 'captured')} {counts[outcome]}"
        for outcome in (Outcome.CAPTURED, Outcome.NOT_CAPTURED, Outcome.UNDETERMINED)
    )
    columns = (
        counted(len(matrix.columns), "view")
        if matrix.by_view
        else counted(len(matrix.columns), "definition")
    )
    return [f"{counted(len(matrix.subjects), 'case')}, {columns}", shown]
