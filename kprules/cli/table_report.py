"""What a report on tables says, in each of its formats.

Guarantee: a row's reasons are those of its outcome. A line in here touches counts and texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kprules.cli.ending import Ending, note
from kprules.cli.output import Output
from kprules.cli.table_goal import Goal
from kprules.cli.table_options import Request
from kprules.comparison.conditions import Conditions
from kprules.comparison.explained import Explained, explained
from kprules.comparison.foreseen import Undecided
from kprules.comparison.matrix import Column
from kprules.comparison.receipt import receipt
from kprules.comparison.table_problems import FileProblem
from kprules.comparison.table_rows import Wanted
from kprules.comparison.table_tally import Tally
from kprules.formula.definition import Definition
from kprules.reports.explanation import explanation, markdown_explanation
from kprules.reports.matrix_json import dumps, outcome_object
from kprules.reports.tables import rows_words, table_json, table_markdown, table_text
from kprules.reports.text import Paper, escape
from kprules.tables.outcomes import NAMES

_SHOWN = 8


def show(found: Found, goal: Goal, request: Request, output: Output) -> None:
    """Give out the report; where rows went to standard output, say how many there were."""
    if goal.to_stdout:
        note(rows_words(found.tally))
        return
    shown = found.shown(request, output)
    (output if goal.form is None else Output(None, request.shown.no_color)).write(shown)


def met_in(tally: Tally, request: Request) -> Ending:
    """Return how the command ends: whether an outcome was met that was not to be."""
    met = {name for code, name in enumerate(NAMES) if tally.counts[:, code].any()}
    return Ending.NO if met & set(request.fail_on) else Ending.DONE


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that a report on tables says."""

    tally: Tally
    definitions: Sequence[Definition]
    conditions: Conditions
    wanted: Wanted
    inputs: Sequence[Path]
    missing: Sequence[FileProblem] = ()
    undetermined: Sequence[Undecided] = ()

    def shown(self, request: Request, output: Output) -> str:
        """Return the report in the format asked for."""
        match request.shown.format_:
            case "json":
                return table_json(
                    self.tally,
                    self.definitions,
                    self._receipt(request),
                    [
                        {"column": m.problem.column, "says": m.problem.help, "file": m.path}
                        for m in self.missing
                    ],
                    list(self._reasons()),
                    [{"definition": u.id, "missing": list(u.columns)} for u in self.undetermined],
                )
            case "markdown":
                parts = [table_markdown(self.tally, self.definitions), *self._markdown()]
                return "\n".join(parts)
            case _:
                paper = output.paper()
                parts = [table_text(self.tally, self.definitions, paper), *self._texts(paper)]
                return "\n\n".join(parts)

    def _receipt(self, request: Request) -> dict[str, Any]:
        digests = [_digest(path) for path in self.inputs]
        chosen = request.chosen
        return receipt(self.definitions, digests, self.conditions, chosen.as_of, chosen.in_force)

    def _texts(self, paper: Paper) -> Iterator[str]:
        for ids, found in self._explained():
            yield "".join(f"{row}\n" for row in _same(ids)) + explanation(found, paper)

    def _markdown(self) -> Iterator[str]:
        for ids, found in self._explained():
            same = "".join(f"{escape(row)}\n\n" for row in _same(ids))
            yield f"{same}{markdown_explanation(found)}\n"

    def _explained(self) -> Iterator[tuple[list[str], Explained]]:
        for subject, ids in self.wanted.subjects():
            for definition in self.definitions:
                yield ids, explained(definition, subject, self.conditions)

    def _reasons(self) -> Iterator[dict[str, Any]]:
        for ids, found in self._explained():
            column = Column(found.definition)
            yield outcome_object(found.subject, column, found.result, {"rows": ids})


def _same(ids: Sequence[str]) -> Iterator[str]:
    """Say which further rows have the same facts."""
    if len(ids) > 1:
        more = f" and {len(ids) - 1 - _SHOWN} more" if len(ids) - 1 > _SHOWN else ""
        yield f"The same facts: {', '.join(map(dumps, ids[1 : _SHOWN + 1]))}{more}"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
