"""What becomes of each clause between any two definitions, and how they relate, for the page.

Guarantee: the changes are those that `kprules diff` lists; the relation is the one that it proves.
A line in here touches clauses and strings.

For each two definitions, by their numbers: the changes by number, and the relation in words. A
change is its kind, label, words before and after, form before and after (where the words do not
tell it), how far it is set in, and whether it is of an exception.
"""

from __future__ import annotations

from typing import Any

from kprules.comparison.clause_changes import ClauseChange
from kprules.comparison.page import Gathered
from kprules.reports.difference import form_words, forms, listed
from kprules.reports.page.names import spaced
from kprules.reports.page.packing import Table
from kprules.reports.relation import relation_words
from kprules.reports.text import line
from kprules.syntax import tree


def change_data(gathered: Gathered) -> dict[str, Any]:
    """Return the differences between every two definitions."""
    strings: Table[str] = Table()
    changes: Table[tuple[Any, ...]] = Table()
    definitions = gathered.switches.definitions
    pairs: list[list[Any]] = []
    for first, base in enumerate(definitions):
        row: list[Any] = []
        for second, variant in enumerate(definitions):
            if first == second:
                row.append(0)
                continue
            found = [
                changes.add(_change(change, depth, strings))
                for whole in gathered.differences[base.id, variant.id]
                for depth, _, change in listed(whole)
            ]
            relation = relation_words(gathered.relations.between(first, second))
            row.append([found, strings.add(relation)])
        pairs.append(row)
    return {"strings": strings.all(), "changes": changes.all(), "pairs": pairs}


def _change(change: ClauseChange, depth: int, strings: Table[str]) -> tuple[Any, ...]:
    shown = dict(forms(change))

    def words(clause: tree.Clause | None) -> int:
        return strings.add("" if clause is None or not clause.words else line(clause.words.text))

    def form(which: str) -> int:
        clause = shown.get(which)
        return strings.add("" if clause is None else form_words(clause))

    return (
        change.kind,
        strings.add(spaced(line(change.label))),
        words(change.before),
        words(change.after),
        form("was:"),
        form("now:"),
        depth,
        int(change.exception),
    )
