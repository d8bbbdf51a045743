"""How definitions relate over all possible cases, as a table, as Markdown and as JSON.

Guarantee: each relation bears its mark and its word; the cases that show it are given in words. A
line in here touches strings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from kprules.comparison.order import Order
from kprules.proof.relations import Extent, Finding, Kind, Reach, Relation, Relations
from kprules.reports.difference_json import relation_object
from kprules.reports.matrix_json import dumps
from kprules.reports.relation import relation_words
from kprules.reports.text import Paper, escape, line, pad, several, wrap

FORMAT = "kprules-relations/1"
_MARKS: Final = {
    Kind.EQUAL: "=", Kind.NARROWER: "<", Kind.BROADER: ">", Kind.OVERLAPPING: "x",
    Kind.DISJOINT: "|", Kind.NOT_DECIDED: "?",
}  # fmt: skip
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FEW = 4


def relations_table(relations: Relations, order: Order, paper: Paper) -> str:
    """Return the relations for a terminal: few in words with their witnesses, many as a table."""
    if len(relations.judgements) <= _FEW:
        lines = list(_in_words(relations, paper))
    else:
        lines = list(_as_table(relations, paper))
    lines += [*_extents(relations.reaches, paper), *_equal(order, paper), *_counts(relations)]
    return "\n".join(lines)


def _in_words(relations: Relations, paper: Paper) -> Iterator[str]:
    for relation in relations:
        yield from wrap(relation_words(relation), paper.width)
        yield from _witnesses(relation, paper)
        yield ""


def _witnesses(relation: Relation, paper: Paper) -> Iterator[str]:
    left, right = relation.left.id, relation.right.id
    compared = relation.settled
    shows = (
        (compared.only_left, f"{left} captures, {right} does not"),
        (compared.only_right, f"{right} captures, {left} does not"),
    )
    for finding, said in shows:
        if finding.witness is not None:
            yield paper.paint(f"  {said}:", bold=True)
            for fact in finding.witness.words:
                yield from wrap(line(fact), paper.width, "    ", "      ")


def _as_table(relations: Relations, paper: Paper) -> Iterator[str]:
    number = len(relations.judgements)
    keys = _LETTERS if number <= len(_LETTERS) else [str(i + 1) for i in range(number)]
    step = max(len(str(key)) for key in keys[:number]) + 1
    name = max(len(j.id) for j in relations.judgements)
    room = max(1, (paper.width - name - 4 - step) // step)
    yield from _legend(paper)
    for start in range(0, number, room):
        shown = range(start, min(start + room, number))
        yield ""
        head = "".join(f"{keys[i]:>{step}}" for i in shown)
        yield paper.paint(f"{' ' * (name + step + 2)}{head}", bold=True)
        for row, judgement in enumerate(relations.judgements):
            cells = "".join(f"{_mark(relations, row, column):>{step}}" for column in shown)
            yield f"{keys[row]:>{step}} {pad(line(judgement.id), name)} {cells}"


def _mark(relations: Relations, row: int, column: int) -> str:
    return "\\" if row == column else _MARKS[relations.between(row, column).kind]


def _legend(paper: Paper) -> list[str]:
    said = ", ".join(f"{mark} {kind}" for kind, mark in _MARKS.items())
    return wrap(
        f"The row beside the column, over all possible cases with settled facts: {said}",
        paper.width,
    )


def _extents(reaches: Sequence[Reach], paper: Paper) -> Iterator[str]:
    for extent, said in ((Extent.NOTHING, "captures nothing"), (Extent.EVERYTHING, "captures all")):
        found = [r.judgement.id for r in reaches if r.settled is extent]
        if found:
            yield from wrap(f"{said}: {several(found)}", paper.width)


def _equal(order: Order, paper: Paper) -> Iterator[str]:
    joined = [g for g in order.groups if len(g.definitions) > 1]
    if joined:
        yield ""
        for group in joined:
            yield from wrap(f"The same: {several([d.id for d in group.definitions])}", paper.width)


def _counts(relations: Relations) -> Iterator[str]:
    found = [f"{sum(r.kind is kind for r in relations)} {kind}" for kind in Kind]
    yield ""
    yield f"{len(relations.pairs)} pairs: {', '.join(c for c in found if not c.startswith('0 '))}"


def relations_markdown(relations: Relations) -> str:
    """Return the relations as a Markdown table, a line a pair."""
    lines = ["| definition | relation | definition | where facts are unknown |"]
    lines.append("| --- | --- | --- | --- |")
    for relation in relations:
        cells = [relation.left.id, str(relation.kind), relation.right.id]
        cells.append(str(relation.unknowns.kind))
        lines.append(f"| {' | '.join(map(escape, cells))} |")
    return "\n".join(lines)


def relations_json(relations: Relations, order: Order, receipt: dict[str, Any]) -> str:
    """Return the relations with their witnesses, how much each captures, and the order."""
    return dumps(
        {
            "format": FORMAT,
            "receipt": receipt,
            "definitions": [_reach(reach) for reach in relations.reaches],
            "relations": [relation_object(relation) for relation in relations],
            "order": {
                "groups": [[d.id for d in group.definitions] for group in order.groups],
                "edges": [list(edge) for edge in order.edges],
            },
        },
        indent=1,
    )


def _reach(reach: Reach) -> dict[str, Any]:
    return {
        "id": reach.judgement.id,
        "title": reach.judgement.definition.title,
        "captures": {"settled": str(reach.settled), "unknowns": str(reach.unknowns)},
    }


def witnesses(relations: Relations) -> Iterator[Finding]:
    """Yield what shows the relations: for each pair the cases that tell it apart."""
    for relation in relations:
        for finding in (relation.settled.only_left, relation.settled.only_right):
            if finding.witness is not None:
                yield finding
