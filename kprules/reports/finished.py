"""A definition's finished text: who wrote each clause, what was changed, terms, sources, notes.

Guarantee: the text is what is judged, clause for clause, in the one spelling. A line in here
touches texts as written and strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from kprules.checking.amendments import Finished
from kprules.checking.rulebook import Rulebook
from kprules.checking.walk import applications, children
from kprules.diagnostics import cells
from kprules.formula.definition import Definition
from kprules.reports.definitions import definition_object
from kprules.reports.matrix_json import dumps
from kprules.reports.matrix_table import status_words
from kprules.reports.text import Paper, escape, line, wrap
from kprules.syntax import tree
from kprules.syntax.printer import print_clause, print_item

FORMAT = "kprules-definition/1"
_LABEL = re.compile(r'\s*(?:except when )?([a-z][a-z0-9_]*(?: \(before\))?)(?: "|:)')
_NARROWEST = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A definition with all that is shown of it."""

    definition: Definition
    text: Finished
    written: tuple[tree.Definition, ...]
    """The definition as written and those that it amends, the nearest first."""
    used: tuple[tree.Term | tree.SetOf, ...]
    """The terms and sets that it uses, in order of first use."""
    sources: Mapping[str, Any]
    """The bibliography."""


def shown(book: Rulebook, definition: Definition, sources: Mapping[str, Any]) -> Shown:
    """Gather what is shown of a definition."""
    ids = (definition.id, *definition.ancestors)
    text = book.finished[definition.id]
    written = tuple(book.written[i] for i in ids if i in book.written)
    return Shown(definition, text, written, tuple(_used(book, text)), sources)


def _used(book: Rulebook, text: Finished) -> Iterator[tree.Term | tree.SetOf]:
    """Yield the terms and sets that a text uses, and those that they use."""
    seen: set[str] = set()
    todo = [text.captures.form, *(clause.form for clause in text.exceptions)]
    while todo:
        form = todo.pop(0)
        for name in (*(a.term.text for a in applications(form)), *_sets(form)):
            item = book.terms.get(name) or book.sets.get(name)
            if name in seen or item is None:
                continue
            seen.add(name)
            yield item
            if isinstance(item, tree.Term):
                todo.append(item.form)


def _sets(form: tree.Form) -> Iterator[str]:
    match form:
        case (
            tree.Member(values=tree.SetName(name=name))
            | tree.Includes(values=tree.SetName(name=name))
        ):
            yield name.text
        case _:
            for part in children(form):
                yield from _sets(part)


# --- for a terminal -----------------------------------------------------------------------------


def finished_text(found: Shown, paper: Paper) -> str:
    """Return a definition for a person to read."""
    definition = found.definition
    lines = wrap(f"{line(definition.id)}: {line(definition.title)}", paper.width, "", "  ")
    lines[0] = paper.paint(lines[0], bold=True)
    for row in header(definition):
        lines += wrap(row, paper.width, "  ", "    ")
    lines += ["", *body(found, paper)]
    changes = [f"{a.id.text}: {c}" for a in reversed(found.written) for c in changes_of(a)]
    if changes:
        lines += ["", paper.paint("Changed by amendment", bold=True)]
        lines += [row for change in changes for row in wrap(change, paper.width, "  ", "      ")]
    if found.used:
        lines += ["", paper.paint("Terms and sets", bold=True)]
        for item in found.used:
            lines += _indented(print_item(item, paper.width - 2).rstrip("\n"), paper)
    for title, rows in (
        ("Sources", [*source_words(found)]),
        ("Notes", [line(note) for note in definition.notes]),
    ):
        if rows:
            lines += ["", paper.paint(title, bold=True)]
            lines += [part for row in rows for part in wrap(row, paper.width, "  ", "      ")]
    return "\n".join(lines)


def header(definition: Definition) -> Iterator[str]:
    """Yield what the header says, in sentences."""
    said = []
    if definition.ancestors:
        said.append(f"amends {line(', which amends '.join(definition.ancestors))}")
    if definition.status:
        said.append(status_words(definition.status))
    if definition.since:
        said.append(f"since {definition.since}")
    if definition.until:
        said.append(f"until {definition.until}")
    if definition.about != "case":
        said.append(f"about a {line(definition.about)}")
    if definition.outcome_word != "captured":
        said.append(f"outcome: {line(definition.outcome_word)}")
    if definition.same_as:
        said.append(f"same as {line(definition.same_as)} on purpose")
    if said:
        yield "; ".join(said)
    if definition.proposer:
        yield f"proposed by {line(definition.proposer)}"


def body(found: Shown, paper: Paper) -> Iterator[str]:
    """Yield the finished text; where several definitions wrote it, each clause says which."""
    origins = {clause.label.text: clause.origin for clause in found.text.clauses()}
    tracked = len(set(origins.values())) > 1
    margin = max(cells(line(origin)) for origin in origins.values()) + 2 if tracked else 0
    width = max(_NARROWEST, paper.width - margin)
    texts = [print_clause(found.text.captures, width).replace("captures:", "captures when", 1)]
    texts += [f"except when {print_clause(c, width)}" for c in found.text.exceptions]
    for row in "\n".join(texts).split("\n"):
        label = _LABEL.match(row) if tracked else None
        origin = line(origins.get(label.group(1), "")) if label else ""
        yield from _row(row, origin, origin == found.definition.id, paper)


def _row(row: str, origin: str, own: bool, paper: Paper) -> Iterator[str]:
    """Yield a row of text with who wrote it at its right."""
    indent = row[: len(row) - len(row.lstrip())]
    rows = wrap(row, paper.width, indent, f"{indent}    ") if cells(row) > paper.width else [row]
    *before, last = [line_of(r) for r in rows]
    yield from before
    if not origin:
        yield last
        return
    mark = paper.paint(origin, "cyan") if own else paper.dim(origin)
    room = paper.width - cells(last) - cells(origin)
    if room >= 1:
        yield f"{last}{' ' * room}{mark}"
    else:
        yield last
        yield f"{' ' * (paper.width - cells(origin))}{mark}"


def line_of(row: str) -> str:
    """Return a row of text, its indentation kept, that cannot act on a terminal."""
    indent = row[: len(row) - len(row.lstrip(" "))]
    return indent + line(row)


def _indented(text: str, paper: Paper) -> Iterator[str]:
    for row in text.split("\n"):
        if cells(row) + 2 > paper.width:
            yield from (line_of(r) for r in wrap(row, paper.width, "  ", "      "))
        else:
            yield line_of(f"  {row}")


def changes_of(definition: tree.Definition) -> Iterator[str]:
    """Yield each amendment that a definition makes, in words."""
    for amendment in definition.amendments:
        match amendment:
            case tree.Replace(label=label):
                yield f"replaces {line(label.text)}"
            case tree.Remove(label=label):
                yield f"removes {line(label.text)}"
            case tree.Change(verb=verb, label=label, clause=clause):
                yield f"{verb}s {line(label.text)} with {line(clause.label.text)}"
            case tree.Except(clause=clause):
                yield f"excepts {line(clause.label.text)}"
            case _:
                assert_never(amendment)


def source_words(found: Shown) -> Iterator[str]:
    """Yield each source: its key, the words of the definition, the entry of the bibliography."""
    for cited in found.definition.sources:
        entry = found.sources.get(cited.key)
        parts: list[str | None] = [cited.text]
        if entry is not None:
            parts += [entry.title, entry.publisher, None if entry.date is None else str(entry.date)]
        told = ", ".join(line(part) for part in parts if part)
        url = cited.url or (entry.url if entry is not None else "")
        link = f" <{line(str(url))}>" if url else ""
        yield f"{line(cited.key)}: {told}{link}" if cited.key else f"{told}{link}"


# --- as data and Markdown -----------------------------------------------------------------------


def json_finished(found: Shown) -> str:
    """Return a definition with its finished text as JSON."""
    plain = Paper(10_000)
    text = print_clause(found.text.captures).replace("captures:", "captures when", 1)
    exceptions = [f"except when {print_clause(c)}" for c in found.text.exceptions]
    return dumps(
        {
            "format": FORMAT,
            **definition_object(found.definition),
            "text": "\n".join([text, *exceptions]),
            "clauses": [
                {
                    "label": clause.label.text,
                    "words": None if clause.words is None else clause.words.text,
                    "written_by": clause.origin,
                }
                for clause in found.text.clauses()
            ],
            "changes": [
                {
                    "definition": each.id.text,
                    "amends": each.amends and each.amends.text,
                    "change": c,
                }
                for each in reversed(found.written)
                for c in changes_of(each)
            ],
            "terms": [print_item(item, plain.width).rstrip("\n") for item in found.used],
        },
        indent=1,
    )


def markdown_finished(found: Shown) -> str:
    """Return a definition as Markdown."""
    definition = found.definition
    fence = "`" * 3
    lines = [f"## {escape(definition.id)}: {escape(definition.title)}", ""]
    lines += [f"{escape(row)}\n" for row in header(definition)]
    lines += [f"{fence}text", *body(found, Paper(100)), fence, ""]
    for item in found.used:
        text = print_item(item).rstrip("\n")
        lines += [f"{fence}text", *(line_of(row) for row in text.split("\n")), fence, ""]
    changes = [f"{a.id.text}: {c}" for a in reversed(found.written) for c in changes_of(a)]
    for title, rows in (
        ("Changed by amendment", changes),
        ("Sources", [*source_words(found)]),
        ("Notes", definition.notes),
    ):
        if rows:
            lines += [f"### {title}", "", *(f"- {escape(row)}" for row in rows), ""]
    return "\n".join(lines)
