"""How definitions relate over all possible cases, as a table, as Markdown and as JSON.

Guarantee: each relation bears its mark and its word, in both senses; the cases that show it are
given in words, or their files named. A line in here touches strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Any, Final

from kprules.comparison.order import Order
from kprules.evaluation.trace import Outcome
from kprules.proof.relations import (
    Compared,
    Extent,
    Kind,
    Reach,
    Relation,
    Relations,
    Sense,
    Witness,
)
from kprules.reports.difference_json import relation_object
from kprules.reports.matrix_json import dumps
from kprules.reports.relation import SENSES, read_as, relation_words, why
from kprules.reports.text import Paper, counted, escape, line, pad, several, wrap
from kprules.reports.witness_files import WitnessFiles, showing

FORMAT = "kprules-relations/1"
_MARKS: Final = {
    Kind.EQUAL: "=", Kind.NARROWER: "<", Kind.BROADER: ">", Kind.OVERLAPPING: "x",
    Kind.DISJOINT: "|", Kind.NOT_DECIDED: "?",
}  # fmt: skip
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FEW = 4
_EXTENTS: Final = {
    Extent.NOTHING: "nothing", Extent.SOMETHING: "some", Extent.EVERYTHING: "all",
    Extent.NOT_DECIDED: "how much is not decided",
}  # fmt: skip


def relations_table(
    relations: Relations, order: Order, paper: Paper, files: WitnessFiles | None = None
) -> str:
    """Return the relations for a terminal: few in words with their witnesses, many as a table.

    `files` hold the witnesses, where they were written; then each line names those that show it, or
    it is said how to find them.
    """
    few = len(relations.judgements) <= _FEW
    parts = _in_words(relations, paper, files) if few else _as_table(relations, paper)
    rest = (
        _extents(relations, paper),
        _equal(relations, order, paper),
        _not_decided(relations, paper),
        _counts(relations, paper),
        [] if few or files is None else _traced(relations, files, paper),
    )
    return "\n\n".join("\n".join(part) for part in (*parts, *rest) if part)


def _in_words(
    relations: Relations, paper: Paper, files: WitnessFiles | None
) -> Iterator[list[str]]:
    for relation in relations:
        yield [
            *wrap(relation_words(relation), paper.width),
            *_witnesses(relation, paper, files),
        ]


def _witnesses(relation: Relation, paper: Paper, files: WitnessFiles | None) -> Iterator[str]:
    for witness in showing(relation):
        yield from (
            paper.paint(row, bold=True) for row in wrap(f"{_said(witness)}:", paper.width, "  ")
        )
        for fact in witness.words or ("nothing is stated",):
            yield from wrap(line(fact), paper.width, "    ", "      ")
        if files is not None:
            path = line(f"{files.folder}/{files.name(witness)}")
            yield from wrap(path, paper.width, "    in ", "      ")


def _said(witness: Witness) -> str:
    """Say what a witness shows: `both capture`, `a captures, b does not`."""
    (one, first), (other, second) = witness.outcomes
    if first is second is Outcome.CAPTURED:
        return f"{one} and {other} both capture"
    if first is not Outcome.CAPTURED:
        one, other, second = other, one, first
    tail = "does not" if second is Outcome.NOT_CAPTURED else "is undetermined"
    return f"{one} captures, {other} {tail}"


def _as_table(relations: Relations, paper: Paper) -> Iterator[list[str]]:
    marks = ", ".join(f"{mark} {kind}" for kind, mark in _MARKS.items())
    lead = f"The row beside the column, over all possible {_records(relations)}"
    read = read_as(relations.judgements)
    yield wrap(f"{lead} {SENSES[Sense.SETTLED]}{read}: {marks}", paper.width)
    yield from _grids(relations, Sense.SETTLED, paper)
    told = "what the row captures on the facts that are known, beside what the column does"
    if not _parting(relations):
        yield wrap(f"Where facts are unknown ({told}) every pair lies likewise.", paper.width)
        return
    yield wrap(f"The same where facts are unknown: {told}", paper.width)
    yield from _grids(relations, Sense.UNKNOWNS, paper)


def _parting(relations: Relations) -> bool:
    """Return whether any pair lies differently in the two senses."""
    return any(r.settled.kind is not r.unknowns.kind for r in relations)


def _grids(relations: Relations, sense: Sense, paper: Paper) -> Iterator[list[str]]:
    number = len(relations.judgements)
    keys = _LETTERS if number <= len(_LETTERS) else [str(i + 1) for i in range(number)]
    step = max(len(str(key)) for key in keys[:number]) + 1
    name = max(len(j.id) for j in relations.judgements)
    room = max(1, (paper.width - name - 4 - step) // step)
    for start in range(0, number, room):
        columns = range(start, min(start + room, number))
        head = "".join(f"{keys[i]:>{step}}" for i in columns)
        lines = [paper.paint(f"{' ' * (name + step + 2)}{head}", bold=True)]
        for row, judgement in enumerate(relations.judgements):
            cells = "".join(f"{_mark(relations, row, column, sense):>{step}}" for column in columns)
            lines.append(f"{keys[row]:>{step}} {pad(line(judgement.id), name)} {cells}")
        yield lines


def _mark(relations: Relations, row: int, column: int, sense: Sense) -> str:
    return "\\" if row == column else _MARKS[_in(relations.between(row, column), sense).kind]


def _in(relation: Relation, sense: Sense) -> Compared:
    return relation.settled if sense is Sense.SETTLED else relation.unknowns


def _records(relations: Relations) -> str:
    return f"{relations.judgements[0].definition.about}s"


def _extents(relations: Relations, paper: Paper) -> list[str]:
    """Say which definitions capture nothing, or all, in which sense."""
    found: dict[tuple[Extent, Extent], list[str]] = {}
    for reach in relations.reaches:
        found.setdefault((reach.settled, reach.unknowns), []).append(reach.judgement.id)
    lines: list[str] = []
    for (settled, unknowns), ids in found.items():
        said = f"captures {_EXTENTS[settled]}"
        if unknowns is not settled:
            said += f" {SENSES[Sense.SETTLED]}, {_EXTENTS[unknowns]} {SENSES[Sense.UNKNOWNS]}"
        if (settled, unknowns) != (Extent.SOMETHING, Extent.SOMETHING):
            lines += wrap(f"{said}: {several(ids)}", paper.width)
    return lines


def _equal(relations: Relations, order: Order, paper: Paper) -> list[str]:
    lines: list[str] = []
    at = {judgement.id: index for index, judgement in enumerate(relations.judgements)}
    for group in order.groups:
        ids = [definition.id for definition in group.definitions]
        if len(ids) > 1:
            pairs = combinations((at[id_] for id_ in ids), 2)
            throughout = all(relations.between(*p).unknowns.kind is Kind.EQUAL for p in pairs)
            lead = "The same" if throughout else "The same with settled facts only"
            lines += wrap(f"{lead}: {several(ids)}", paper.width)
    return lines


def _not_decided(relations: Relations, paper: Paper) -> list[str]:
    """Say why pairs were not decided, and which."""
    found: dict[str, dict[str, None]] = {}
    for relation in relations:
        for compared in (relation.settled, relation.unknowns):
            if compared.kind is Kind.NOT_DECIDED:
                pair = f"{relation.left.id} and {relation.right.id}"
                found.setdefault(why(compared), {})[pair] = None
    lines: list[str] = []
    for said, pairs in found.items():
        rest = len(pairs) - _FEW
        listed = "; ".join(list(pairs)[:_FEW]) + (f"; and {rest} more" if rest > 0 else "")
        lines += wrap(f"Not decided, because {said}: {listed}", paper.width)
    return lines


def _counts(relations: Relations, paper: Paper) -> list[str]:
    senses = [_counted(relations, sense) for sense in Sense]
    pairs = counted(len(relations.pairs), "pair")
    if not _parting(relations):
        return wrap(f"{pairs}: {senses[0]}", paper.width)
    leads = (f"{pairs} ", " " * (len(pairs) + 1))
    return [
        row
        for lead, sense, said in zip(leads, Sense, senses, strict=True)
        for row in wrap(f"{SENSES[sense]}: {said}", paper.width, lead, leads[1] + "  ")
    ]


def _counted(relations: Relations, sense: Sense) -> str:
    found = [(sum(_in(r, sense).kind is kind for r in relations), kind) for kind in Kind]
    return ", ".join(f"{number} {kind}" for number, kind in found if number)


def _traced(relations: Relations, files: WitnessFiles, paper: Paper) -> list[str]:
    """Say how the files are named that show a mark of the table, by the first there is."""
    folder = line(files.folder)
    for relation in relations:
        for witness in showing(relation):
            asked = f"{relation.left.id},{relation.right.id}"
            about = relation.left.definition.about
            asked += "" if about == "case" else f" --about {about}"
            said = (
                f"What shows each mark lies in {folder}, named for the two definitions in the order"
                " of the rows: in-…-in-…, in-…-not-in-…, not-in-…-in-…; open-in-… is undetermined."
                f" So `kprules eval {folder}/{files.name(witness)} --only {asked}` judges the"
                " first; `--format markdown` lists the files pair by pair."
            )
            return wrap(said if paper.unicode else said.replace("…", "..."), paper.width)
    return []


def relations_markdown(relations: Relations, files: WitnessFiles | None = None) -> str:
    """Return the relations as a Markdown table, a line a pair, with the files that show it."""
    heads = ["definition", "relation", "definition", "where facts are unknown"]
    lines = [
        _row([*heads, *([f"shown in {escape(files.folder)} by"] if files is not None else [])])
    ]
    lines.append(_row(["---"] * (len(heads) + (files is not None))))
    for relation in relations:
        cells = [relation.left.id, _kind(relation.settled), relation.right.id]
        cells.append(_kind(relation.unknowns))
        if files is not None:
            cells.append(", ".join(map(files.name, showing(relation))))
        lines.append(_row(map(escape, cells)))
    return "\n".join(lines)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _kind(compared: Compared) -> str:
    said = why(compared)
    return f"{compared.kind} ({said})" if said else str(compared.kind)


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
