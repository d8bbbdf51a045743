"""An explanation as text for a terminal, and as Markdown.

Guarantee: the clauses that decide, in the definition's own words, down to facts with who says so,
and what else bears on the outcome (`bearing`). A line in here touches strings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import takewhile

from kprules.comparison.conditions import Conditions
from kprules.comparison.explained import Explained
from kprules.diagnostics import cells
from kprules.evaluation.trace import Outcome
from kprules.reports.bearing import further, left_out
from kprules.reports.clauses import clauses
from kprules.reports.text import (
    Paper,
    columns,
    cut,
    escape,
    line,
    outcome_words,
    wrap,
)
from kprules.reports.told import Clause, Told


def explanation(
    found: Explained,
    paper: Paper,
    sources: Mapping[str, str] | None = None,
    *,
    whole: bool = True,
) -> str:
    """Return an explanation for a terminal; `sources` are the titles of sources, by key.

    Unless it is to be `whole`, it ends after the shortest change, with a word on what was left out.
    """
    word = line(found.definition.outcome_word)
    lines = heading_lines(found.subject.id, found.definition.id, found.result.outcome, word, paper)
    for title in _titles(found):
        lines += wrap(line(title), paper.width, "  ")
    lines += [row for said in conditions_words(found.conditions) for row in wrap(said, paper.width)]
    lines.append("")
    told = clauses(found.result.deciding, found.definition.vocabulary)
    for clause in told:
        lines += clause_lines(clause, paper, 0)
    titles = [*_sources(told, sources or {}, paper)]
    more = [*further(found, whole=whole)]
    if not whole:
        more += left_out(found, titles=bool(titles))
    if more:
        lines.append("")
        for start, text in more:
            lines += wrap(text, paper.width, start, "  ")
    return "\n".join([*lines, *(titles if whole else [])])


def _titles(found: Explained) -> Iterator[str]:
    """Yield the titles of case and definition; a row of a table has none but its id."""
    if found.subject.title != found.subject.id:
        yield found.subject.title
    yield found.definition.title


def heading_lines(
    case: str, definition: str, outcome: Outcome, word: str, paper: Paper
) -> list[str]:
    """Return what is said of which case: in one line, or beneath the names where they are long."""
    head = f"{line(case)}, {line(definition)}:"
    words = line(outcome_words(outcome, word))
    if cells(f"{head} . {words}") <= paper.width:
        said = f"{paper.mark(outcome)} {paper.outcome(outcome, words)}"
        return [f"{paper.paint(head, bold=True)} {said}"]
    rows = [paper.paint(row, bold=True) for row in wrap(head, paper.width, "", "  ")]
    first, *more = [paper.outcome(outcome, row) for row in wrap(words, paper.width - 4)]
    return [*rows, f"  {paper.mark(outcome)} {first}", *(f"    {row}" for row in more)]


def _sources(told: list[Clause], titles: Mapping[str, str], paper: Paper) -> Iterator[str]:
    """Yield the titles of the sources named."""
    keys = [key for key in dict.fromkeys(_keys(told)) if key in titles]
    if keys:
        yield ""
        for row in columns([[f"  {line(key)}", line(titles[key])] for key in sorted(keys)]):
            yield paper.dim(cut(row, paper.width, paper.ellipsis))


def _keys(told: list[Clause]) -> Iterator[str]:
    for clause in told:
        for fact in clause.told:
            yield from fact.sources
        yield from _keys(clause.parts)


def conditions_words(conditions: Conditions) -> Iterator[str]:
    """Say what an evaluation went by, where that is not the usual."""
    if conditions.view is not None:
        yield f"As {line(conditions.view)} sees the facts."
    if conditions.standard == "alleged":
        yield "Alleged facts count."
    if conditions.closed:
        yield "Lists are taken to be complete."
    if conditions.readings == "all":
        yield "On every reading of the words; the reasons are those of the customary one."
    for label, name in conditions.reading.items():
        yield f"{line(label)} read as {line(name)}."


def clause_lines(clause: Clause, paper: Paper, depth: int) -> Iterator[str]:
    """Yield a clause, its facts and its parts, so deep in the tree."""
    indent = "  " * depth
    mark = paper.truth(clause.value)
    heading, clause = _with_only_part(clause, paper.width - len(indent) - 2)
    first, *rest = heading
    yield f"{indent}{mark} {paper.paint(first, bold=True)}"
    for row in rest:
        yield f"{indent}  {paper.paint(row, bold=True)}"
    for told in _at_once(clause.told, paper.width - len(indent) - 4):
        yield from _told(told, paper, indent)
    for part in clause.parts:
        yield from clause_lines(part, paper, depth + 1)


def _with_only_part(clause: Clause, width: int) -> tuple[list[str], Clause]:
    """Return a heading, with that of the only part behind it where this takes fewer lines.

    With it comes the clause of which the facts and parts follow.
    """
    heading, rows = clause.heading, wrap(clause.heading, width, "", "  ")
    while len(clause.parts) == 1 and not clause.told:
        (part,) = clause.parts
        longer = f"{heading} > {part.heading}"
        joined = wrap(longer, width, "", "  ")
        apart = len(rows) + len(wrap(part.heading, width - 2, "", "  "))
        if part.value is not clause.value or len(joined) >= apart:
            break
        heading, rows, clause = longer, joined, part
    return rows, clause


def _at_once(facts: Sequence[Told], width: int) -> Iterator[Told]:
    """Yield facts, neighbours that rest on the same as one where this takes fewer lines."""
    at = 0
    while at < len(facts):
        one = facts[at]
        alike = [*takewhile(partial(_rests_on_the_same, one), facts[at:])] or [one]
        several = replace(one, fact=", ".join(fact.fact for fact in alike))
        apart = sum(len(_rows(fact, width)) for fact in alike)
        if len(_rows(several, width)) >= apart:
            alike, several = [one], one
        yield several
        at += len(alike)


def _rests_on_the_same(one: Told, other: Told) -> bool:
    plain = not (one.wanted or one.notes or other.wanted or other.notes)
    return plain and bool(one.says) and one.says == other.says


def _rows(told: Told, width: int) -> list[str]:
    return wrap(f"{told.fact} ({told.says})", width, "", "  ")


def _told(told: Told, paper: Paper, indent: str) -> Iterator[str]:
    """Yield a fact, with what was wanted and who says so on the same line where there is room."""
    start, more = f"{indent}    ", f"{indent}      "
    fact = line(told.fact)  # the ids in it may be a table's, which holds what it likes
    wanted = f"; wanted: {line(told.wanted)}" if told.wanted else ""
    says = f" ({told.says})" if told.says else ""
    if cells(f"{start}{fact}{wanted}{says}") <= paper.width:
        yield f"{start}{fact}{wanted}{paper.dim(says)}"
    else:
        yield from wrap(fact + says, paper.width, start, more)
        if told.wanted:
            yield from wrap(f"wanted: {line(told.wanted)}", paper.width, more, f"{more}  ")
    for note in told.notes:
        yield from wrap(note, paper.width, more, f"{more}  ")


# --- Markdown -----------------------------------------------------------------------------------


def markdown_explanation(found: Explained, *, whole: bool = True) -> str:
    """Return an explanation as Markdown, `whole` or short as for a terminal."""
    word = found.definition.outcome_word
    outcome = outcome_words(found.result.outcome, word)
    lines = [
        f"**{escape(found.subject.id)}**, **{escape(found.definition.id)}**: {escape(outcome)}",
        "",
        " ".join(f"{escape(title)}." for title in _titles(found)),
        *map(escape, conditions_words(found.conditions)),
        "",
    ]
    for clause in clauses(found.result.deciding, found.definition.vocabulary):
        lines += _bullets(clause, 0)
    bearing = [*further(found, whole=whole), *(() if whole else left_out(found, titles=False))]
    more = [f"- {escape(start + text)}" for start, text in bearing]
    return "\n".join([*lines, *(["", *more] if more else [])])


def _bullets(clause: Clause, depth: int) -> Iterator[str]:
    indent = "  " * depth
    yield f"{indent}- {clause.value}: **{escape(clause.heading)}**"
    for told in clause.told:
        wanted = f"; wanted: {told.wanted}" if told.wanted else ""
        says = f" ({told.says})" if told.says else ""
        yield f"{indent}  - {escape(told.fact + wanted + says)}"
        for note in told.notes:
            yield f"{indent}    - {escape(note)}"
    for part in clause.parts:
        yield from _bullets(part, depth + 1)
