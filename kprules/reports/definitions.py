"""The list of definitions: by status and date, and as data.

Guarantee: every definition given is listed once, in order of `since`, then id. A line in here
touches headers and strings.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from kprules.comparison.conditions import order_of
from kprules.diagnostics import cells
from kprules.formula.definition import STATUSES, Definition
from kprules.reports.matrix_files import cell
from kprules.reports.matrix_json import dumps
from kprules.reports.matrix_table import status_words
from kprules.reports.text import Paper, columns, counted, cut, escape, line, pad

FORMAT = "kprules-definitions/1"


def groups(definitions: Sequence[Definition]) -> Iterator[tuple[str, list[Definition]]]:
    """Yield the definitions of each status, oldest first."""
    for status in (*STATUSES, None):
        found = sorted((d for d in definitions if d.status == status), key=order_of)
        if found:
            yield status_words(status), found


def listing(definitions: Sequence[Definition], paper: Paper) -> str:
    """Return the definitions as a list for a terminal."""
    lines: list[str] = []
    ids = max((cells(line(d.id)) for d in definitions), default=0)
    for status, found in groups(definitions):
        lines.append(paper.paint(status.capitalize(), bold=True))
        rows = [[f"  {_days(d)}", pad(line(d.id), ids), _title(d)] for d in found]
        lines += [cut(row, paper.width, paper.ellipsis) for row in columns(rows)]
        lines.append("")
    return "\n".join([*lines, counted(len(definitions), "definition")])


def _days(definition: Definition) -> str:
    if definition.since is None and definition.until is None:
        return ""
    since = definition.since.isoformat() if definition.since else ""
    return f"{since} to {definition.until}" if definition.until else since


def _title(definition: Definition) -> str:
    word = definition.outcome_word
    notes = [] if word == "captured" else [word]
    notes += [] if definition.about == "case" else [f"about a {definition.about}"]
    return line(definition.title) + (f" [{line(', '.join(notes))}]" if notes else "")


def definition_object(definition: Definition) -> dict[str, Any]:
    """Return the header of a definition as data."""
    return {
        "id": definition.id,
        "title": definition.title,
        "about": definition.about,
        "status": definition.status,
        "since": definition.since and definition.since.isoformat(),
        "until": definition.until and definition.until.isoformat(),
        "outcome_word": definition.outcome_word,
        "proposer": definition.proposer or None,
        "amends": definition.ancestors[0] if definition.ancestors else None,
        "same_as": definition.same_as,
        "readings": {label: list(names) for label, names in definition.readings.items()},
        "sources": [
            {"key": s.key or None, "text": s.text or None, "url": s.url or None}
            for s in definition.sources
        ],
        "notes": list(definition.notes),
    }


def json_listing(definitions: Sequence[Definition]) -> str:
    """Return the definitions as JSON."""
    ordered = sorted(definitions, key=order_of)
    return dumps({"format": FORMAT, "definitions": [*map(definition_object, ordered)]}, indent=1)


def jsonl_listing(definitions: Sequence[Definition]) -> str:
    """Return the definitions as JSON Lines."""
    ordered = sorted(definitions, key=order_of)
    return "".join(f"{dumps(definition_object(d))}\n" for d in ordered)


def csv_listing(definitions: Sequence[Definition]) -> str:
    """Return the definitions as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["id", "title", "about", "status", "since", "until", "amends", "proposer"])
    for d in sorted(definitions, key=order_of):
        texts = [
            d.id, d.title, d.about, d.status, d.since, d.until, next(iter(d.ancestors), ""),
            d.proposer,
        ]  # fmt: skip
        writer.writerow([cell("" if t is None else str(t)) for t in texts])
    return out.getvalue()


def markdown_listing(definitions: Sequence[Definition]) -> str:
    """Return the definitions as Markdown tables, one a status."""
    lines: list[str] = []
    for status, found in groups(definitions):
        lines += [f"### {status.capitalize()}", "", "| since | id | title |", "|---|---|---|"]
        lines += [f"| {_days(d)} | {escape(d.id)} | {escape(_title(d))} |" for d in found]
        lines.append("")
    return "\n".join(lines)
