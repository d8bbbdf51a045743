"""The vocabulary for people: fields, types, allowed values, meanings; and what a case leaves out.

Guarantee: everything is printed from the models. A line in here touches strings.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kprules.comparison.missing import Missing
from kprules.diagnostics import cells
from kprules.records.books import books
from kprules.records.describe import Described, described, in_words
from kprules.records.shape import Vocabulary
from kprules.reports.matrix_json import dumps
from kprules.reports.text import Paper, columns, counted, cut, escape, line, wrap


def overview(vocabulary: Vocabulary, paper: Paper) -> str:
    """Return every field of every record with its type, and the beginning of its meaning."""
    lines: list[str] = []
    seen: set[str] = set()
    every = [*described(vocabulary), *books(vocabulary)]
    for record in dict.fromkeys(d.record for d in every):
        shape = vocabulary.root if record == vocabulary.about else vocabulary.shape_of(record)
        about = cut(f"{line(record)}  {line(shape.doc)}", paper.width, paper.ellipsis)
        lines.append(paper.paint(about, bold=True))
        rows = []
        for d in every:
            if d.record == record and d.spelling not in seen:
                seen.add(d.spelling)
                rows.append([f"  {line(d.name)}", cut(_type(d), 28, paper.ellipsis), line(d.doc)])
        lines += [cut(row, paper.width, paper.ellipsis) for row in columns(rows)]
        lines.append("")
    lines += wrap(
        "`kprules vocabulary FIELD` says everything of one field, such as `link.finances`.",
        paper.width,
    )
    return "\n".join(lines)


def _type(described_: Described) -> str:
    if described_.values and not described_.type_name:
        return f"one of {counted(len(described_.values), 'value')}"
    return line(described_.type)


def details(found: Sequence[Described], paper: Paper) -> str:
    """Return all that is known of some fields."""
    return "\n\n".join("\n".join(_details(d, paper)) for d in found)


def _details(d: Described, paper: Paper) -> Iterator[str]:
    yield f"{paper.paint(line(d.spelling), bold=True)}  {line(d.type)}"
    if d.path != d.spelling:
        yield f"  in a file: {line(d.path)}"
    yield from wrap(line(d.doc), paper.width, "  ") if d.doc else ()
    width = max(map(cells, d.values), default=0)
    for value, meaning in d.values.items():
        start = f"    {line(value)}{' ' * (width - cells(value))}  "
        yield from wrap(line(meaning), paper.width, start, " " * len(start))


def missing_words(case: str, found: Sequence[Missing], asked: int, paper: Paper) -> str:
    """Return what a case leaves out, with how many definitions read it."""
    if not found:
        return f"{line(case)} leaves out nothing that {counted(asked, 'definition')} read."
    rows = [["definitions", "field", "type"]]
    rows += [[f"{len(m.definitions):>11}", line(m.path), line(in_words(m.type))] for m in found]
    lines = [cut(row, paper.width, paper.ellipsis) for row in columns(rows)]
    lines[0] = paper.paint(lines[0], bold=True)
    return "\n".join(
        [
            *lines,
            "",
            f"{line(case)} leaves out {counted(len(found), 'fact')} that definitions read.",
        ]
    )


def markdown_missing(case: str, found: Sequence[Missing], asked: int) -> str:
    """Return what a case leaves out as a Markdown table."""
    if not found:
        return f"{escape(case)} leaves out nothing that {counted(asked, 'definition')} read.\n"
    rows = [
        f"| {len(m.definitions)} | `{line(m.path)}` | {escape(in_words(m.type))} |" for m in found
    ]
    total = f"{escape(case)} leaves out {counted(len(found), 'fact')} that definitions read."
    return "\n".join(["| definitions | field | type |", "|---:|---|---|", *rows, "", total, ""])


def json_fields(found: Sequence[Described]) -> str:
    """Return fields as JSON."""
    return dumps({"format": "kprules-fields/1", "fields": [d.plain() for d in found]}, indent=1)


def json_missing(case: str, found: Sequence[Missing]) -> str:
    """Return what a case leaves out as JSON."""
    return dumps(
        {
            "format": "kprules-missing/1",
            "case": case,
            "missing": [
                {
                    "path": m.path,
                    "field": f"{m.record}.{m.field}",
                    "type": in_words(m.type),
                    "definitions": list(m.definitions),
                }
                for m in found
            ],
        },
        indent=1,
    )


def markdown_fields(found: Sequence[Described]) -> str:
    """Return fields as a Markdown table; values that have meanings in a list below each."""
    lines: list[str] = []
    for d in found:
        lines += [f"### {escape(d.spelling)}", "", f"{escape(d.type)}. {escape(d.doc)}", ""]
        lines += [f"- **{escape(v)}**: {escape(m)}" for v, m in d.values.items()]
        lines += [""] if d.values else []
    return "\n".join(lines)
