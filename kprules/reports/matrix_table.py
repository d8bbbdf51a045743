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
_ROW_HEADS = range(39, 23, -1)
"""The widths that ids of cases may have beside many columns; wider ones are shortened."""
_FEW = 12
"""Up to so many columns need no grouping."""
_TITLE = 20
"""The least room that is worth filling with titles."""
_GAP = 2


@dataclass(frozen=True, slots=True)
class _Head:
    """A column with its place in the matrix and the letter that it stands under."""

    index: int
    column: Column
    key: str = ""


@dataclass(frozen=True, slots=True)
class _Group:
    """Columns that stand together, under a name."""

    name: str
    heads: tuple[_Head, ...]


def table(matrix: Matrix, paper: Paper, *, as_of: str | None = None) -> str:
    """Return the matrix with a line of counts at its end."""
    lines = [*_worded(matrix, paper)] or [*_lettered(matrix, paper)]
    lines.append("")
    if as_of and not all(subject.surely for subject in matrix.subjects):
        lines += wrap(
            f"The period of a case marked ~ may not include {as_of}: its dates leave it open.",
            paper.width,
        )
    lines += _counts(matrix, paper)
    return "\n".join(lines)


def column_name(matrix: Matrix, column: Column) -> str:
    """Return what a column is called: the definition, or the party whose view it is."""
    if not matrix.by_view:
        return column.name
    return "established" if column.view is None else column.view


# --- few columns: words -----------------------------------------------------------------------


def _worded(matrix: Matrix, paper: Paper) -> Iterator[str]:
    """Yield the matrix with outcomes in words, if it is narrow enough; else nothing."""
    names = [line(column_name(matrix, column)) for column in matrix.columns]
    row_head = max(cells(_row_name(subject)) for subject in matrix.subjects)
    if row_head + sum(cells(name) + _GAP for name in names) > paper.width:
        return
    words = [
        [
            f"{paper.mark(o)} {line(outcome_words(o, c.definition.outcome_word))}"
            for o, c in zip(matrix.outcomes[subject.id], matrix.columns, strict=True)
        ]
        for subject in matrix.subjects
    ]
    widths = [max(map(cells, texts)) for texts in zip(names, *words, strict=True)]
    used = row_head + sum(width + _GAP for width in widths)
    if used > paper.width:
        return
    if matrix.by_view:
        yield from _caption(matrix, paper)
    else:
        yield from _titles(matrix, names, paper)
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


def _titles(matrix: Matrix, names: Sequence[str], paper: Paper) -> Iterator[str]:
    width = max(map(cells, names))
    for column, name in zip(matrix.columns, names, strict=True):
        title = cut(line(column.definition.title), paper.width - width - _GAP, paper.ellipsis)
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


def _lettered(matrix: Matrix, paper: Paper) -> Iterator[str]:
    """Yield the matrix in blocks of columns that fit, each below its legend."""
    step = 2 if len(matrix.columns) <= len(_LETTERS) else len(str(len(matrix.columns))) + 1
    names, blocks = _laid_out(matrix, step, paper)
    row_head = max(map(cells, names))
    if matrix.by_view:
        yield from _caption(matrix, paper)
        yield ""
    for number, block in enumerate(blocks):
        if number:
            yield ""
        yield from _legend(matrix, block, paper)
        yield ""
        yield from _block(matrix, block, names, row_head, step, paper, titles=len(blocks) == 1)


def _laid_out(matrix: Matrix, step: int, paper: Paper) -> tuple[list[str], list[list[_Group]]]:
    """Return the names of the rows and the blocks: as few as can be, then names as long."""
    full = [_row_name(subject) for subject in matrix.subjects]
    best: tuple[list[str], list[list[_Group]]] | None = None
    for width in _ROW_HEADS:
        names = [squeeze(name, min(width, paper.width // 2), paper.ellipsis) for name in full]
        if len(set(names)) < len(set(full)):
            break
        row_head = max(map(cells, names))
        blocks = list(_blocks(matrix, paper.width - row_head, step))
        if best is None or len(blocks) < len(best[1]):
            best = names, blocks
    if best is None:
        row_head = max(map(cells, full))
        best = full, list(_blocks(matrix, paper.width - row_head, step))
    return best[0], _lettering(best[1])


def _blocks(matrix: Matrix, room: int, step: int) -> Iterator[list[_Group]]:
    """Yield blocks of groups that fit side by side; a group that is too wide is divided.

    A few columns that fit stay in their order, as one group.
    """
    heads = tuple(_Head(index, column) for index, column in enumerate(matrix.columns))
    widest = max(1, room // step)
    if len(heads) <= min(widest, _FEW):
        yield [_Group("", heads)]
        return
    block: list[_Group] = []
    taken = 0
    for group in _groups(matrix, heads):
        for start in range(0, len(group.heads), widest):
            part = group.heads[start : start + widest]
            if block and taken + 1 + len(part) * step > room:
                yield block
                block, taken = [], 0
            taken += len(part) * step + bool(block)
            block.append(_Group(group.name, part))
    if block:
        yield block


def _groups(matrix: Matrix, heads: Sequence[_Head]) -> list[_Group]:
    """Return the columns by status; definitions with an outcome word of their own come last."""
    if matrix.by_view:
        return [_Group("", tuple(heads))]
    groups = []
    for usual in (True, False):
        for status in (*STATUSES, None):
            found = tuple(
                head
                for head in heads
                if head.column.definition.status == status
                and (head.column.definition.outcome_word == "captured") is usual
            )
            if found:
                name = status_words(status).capitalize()
                groups.append(_Group(name if usual else f"{name}, with another outcome", found))
    return groups


def _lettering(blocks: list[list[_Group]]) -> list[list[_Group]]:
    """Return the blocks with letters on their columns, or numbers where letters do not suffice."""
    number = sum(len(group.heads) for block in blocks for group in block)
    keys = iter(_LETTERS if number <= len(_LETTERS) else map(str, range(1, number + 1)))
    return [
        [
            _Group(g.name, tuple(_Head(h.index, h.column, next(keys)) for h in g.heads))
            for g in block
        ]
        for block in blocks
    ]


def _legend(matrix: Matrix, block: Sequence[_Group], paper: Paper) -> Iterator[str]:
    every = [head for group in block for head in group.heads]
    names = {head.index: line(column_name(matrix, head.column)) for head in every}
    key_width = max(len(head.key) for head in every)
    name_width = min(max(map(cells, names.values())), max(12, paper.width // 3))
    for group in block:
        if group.name:
            yield paper.paint(group.name, bold=True)
        for head in group.heads:
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
    block: Sequence[_Group],
    names: Sequence[str],
    row_head: int,
    step: int,
    paper: Paper,
    *,
    titles: bool,
) -> Iterator[str]:
    keys = " ".join("".join(f"{head.key:>{step}}" for head in group.heads) for group in block)
    yield paper.paint(f"{' ' * row_head}{keys}", bold=True)
    room = paper.width - row_head - cells(keys) - _GAP if titles else 0
    for subject, name in zip(matrix.subjects, names, strict=True):
        outcomes = matrix.outcomes[subject.id]
        marks = " ".join(
            "".join(" " * (step - 1) + paper.outcome(outcomes[head.index]) for head in group.heads)
            for group in block
        )
        title = cut(line(subject.title), room, paper.ellipsis) if room >= _TITLE else ""
        yield f"{pad(name, row_head)}{marks}{' ' * _GAP}{paper.dim(title)}".rstrip()


def status_words(status: str | None) -> str:
    """Say a status in words."""
    return (status or "no status").replace("_", " ")


# --- counts ---------------------------------------------------------------------------------------


def _counts(matrix: Matrix, paper: Paper) -> list[str]:
    """Return what was judged, and the line of counts, which is the key to the marks too."""
    counts = matrix.counts()
    words = {definition.outcome_word for definition in matrix.definitions}
    word = line(words.pop()) if len(words) == 1 else "captured"
    shown = "   ".join(
        f"{paper.outcome(outcome)} {outcome_words(outcome, word)} {counts[outcome]}"
        for outcome in (Outcome.CAPTURED, Outcome.NOT_CAPTURED, Outcome.UNDETERMINED)
    )
    what = "view" if matrix.by_view else "definition"
    rows = counted(len(matrix.subjects), line(matrix.definitions[0].about))
    return [f"{rows}, {counted(len(matrix.columns), what)}", shown]
