"""An explanation as text for a terminal, and as Markdown.

Guarantee: the clauses that decide, in the definition's own words, down to facts with who says so;
for an undetermined outcome also what would settle it. A line in here touches strings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kprules.comparison.conditions import Conditions
from kprules.comparison.explained import Explained
from kprules.diagnostics import cells
from kprules.evaluation.facts import Plain
from kprules.evaluation.settling import Settles
from kprules.evaluation.trace import Outcome
from kprules.reports.clauses import Clause, Told, clauses
from kprules.reports.sentences import names, value_words
from kprules.reports.text import (
    Paper,
    columns,
    counted,
    cut,
    escape,
    line,
    outcome_words,
    several,
    wrap,
)

_MOST_CHANGES = 3
_ORDER: Final = (Outcome.CAPTURED, Outcome.NOT_CAPTURED, Outcome.UNDETERMINED)


def explanation(found: Explained, paper: Paper, sources: Mapping[str, str] | None = None) -> str:
    """Return an explanation for a terminal; `sources` are the titles of sources, by key."""
    word = line(found.definition.outcome_word)
    outcome = found.result.outcome
    shown = paper.outcome(outcome, outcome_words(outcome, word))
    head = f"{line(found.subject.id)}, {line(found.definition.id)}: "
    lines = [f"{paper.paint(head, bold=True)}{paper.mark(outcome)} {shown}"]
    lines += wrap(line(found.subject.title), paper.width, "  ")
    lines += wrap(line(found.definition.title), paper.width, "  ")
    lines += [row for said in conditions_words(found.conditions) for row in wrap(said, paper.width)]
    lines.append("")
    told = clauses(found.result.decisive, found.definition.vocabulary)
    for clause in told:
        lines += _clause(clause, paper, 0)
    more = [*_further(found)]
    if more:
        lines.append("")
        for start, text in more:
            lines += wrap(text, paper.width, start, "  ")
    lines += _sources(told, sources or {}, paper)
    return "\n".join(lines)


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


def _clause(clause: Clause, paper: Paper, depth: int) -> Iterator[str]:
    indent = "  " * depth
    mark = paper.dot if clause.value is None else paper.truth(clause.value)
    first, *rest = wrap(clause.heading, paper.width - len(indent) - 2, "", "  ")
    yield f"{indent}{mark} {paper.paint(first, bold=True)}"
    for row in rest:
        yield f"{indent}  {paper.paint(row, bold=True)}"
    for told in clause.told:
        yield from _told(told, paper, indent)
    for part in clause.parts:
        yield from _clause(part, paper, depth + 1)


def _told(told: Told, paper: Paper, indent: str) -> Iterator[str]:
    """Yield a fact, with what was wanted and who says so on the same line where there is room."""
    start, more = f"{indent}    ", f"{indent}      "
    wanted = f"; wanted: {told.wanted}" if told.wanted else ""
    says = f" ({told.says})" if told.says else ""
    if cells(f"{start}{told.fact}{wanted}{says}") <= paper.width:
        yield f"{start}{told.fact}{wanted}{paper.dim(says)}"
        return
    yield from wrap(told.fact + says, paper.width, start, more)
    if told.wanted:
        yield from wrap(f"wanted: {told.wanted}", paper.width, more, f"{more}  ")
    for note in told.notes:
        yield from wrap(note, paper.width, more, f"{more}  ")


def _further(found: Explained) -> Iterator[tuple[str, str]]:
    """Yield what else bears on the outcome: what settles it, readings, views."""
    word = found.definition.outcome_word
    for settles in found.settling.sets:
        would = "would be" if settles.outcome is Outcome.CAPTURED else "would not be"
        yield f"It {would} {line(word)} if ", settled_words(settles)
    if found.settling.more:
        yield "", "Other facts would settle it too."
    for enough in found.sufficient[:1]:
        yield "It suffices that ", line(str(enough))
    for change in found.changes[:_MOST_CHANGES]:
        would = "would be" if change.outcome is Outcome.CAPTURED else "would not be"
        yield f"It {would} {line(word)} if ", line(str(change))
    if len(found.changes) > _MOST_CHANGES:
        rest = len(found.changes) - _MOST_CHANGES
        yield "", f"{counted(rest, 'more such change')}: --format json lists them."
    for unknown in found.ambiguity:
        label = line(unknown.path.rpartition(".")[2])
        readings = [f"{line(n)}: {_said(o, word)}" for n, o in (unknown.readings or {}).items()]
        yield f"The words of {label} are ambiguous; read as ", ", as ".join(readings)
    if found.result.unknown_elsewhere:
        facts = [f"{line(u.path)} ({u.why})" for u in found.result.unknown_elsewhere]
        yield "On other readings it hangs on facts too: ", several(facts)
    if len(set(found.views.values()) | {found.result.outcome}) > 1:
        for outcome in _ORDER:
            parties = [party for party, seen in found.views.items() if seen is outcome]
            if parties:
                yield f"{outcome_words(outcome, word).capitalize()} as seen by ", names(parties)


def _said(outcomes: str, word: str) -> str:
    """Say the outcomes of a reading in the definition's own word."""
    known: Mapping[str, Outcome] = {str(o): o for o in Outcome}
    return several(
        [outcome_words(known[o], word) if o in known else o for o in outcomes.split(" or ")], "or"
    )


def settled_words(settles: Settles) -> str:
    """Spell a set of facts that would settle an outcome."""
    return " and ".join(_fact(path, value) for path, value in settles.facts.items())


def _fact(path: str, value: Plain) -> str:
    if value == "complete":
        return f"{line(path)} has no further entries"
    if path.endswith("[+]"):
        return f"{line(path.removesuffix('[+]'))} has an entry {value_words(value)}"
    return f"{line(path)} is {value_words(value)}"


# --- Markdown -----------------------------------------------------------------------------------


def markdown_explanation(found: Explained) -> str:
    """Return an explanation as Markdown."""
    word = found.definition.outcome_word
    outcome = outcome_words(found.result.outcome, word)
    lines = [
        f"**{escape(found.subject.id)}**, **{escape(found.definition.id)}**: {escape(outcome)}",
        "",
        f"{escape(found.subject.title)}. {escape(found.definition.title)}.",
        *map(escape, conditions_words(found.conditions)),
        "",
    ]
    for clause in clauses(found.result.decisive, found.definition.vocabulary):
        lines += _bullets(clause, 0)
    more = [f"- {escape(start + text)}" for start, text in _further(found)]
    return "\n".join([*lines, *(["", *more] if more else [])])


def _bullets(clause: Clause, depth: int) -> Iterator[str]:
    indent = "  " * depth
    value = "" if clause.value is None else f"{clause.value}: "
    yield f"{indent}- {value}**{escape(clause.heading)}**"
    for told in clause.told:
        wanted = f"; wanted: {told.wanted}" if told.wanted else ""
        says = f" ({told.says})" if told.says else ""
        yield f"{indent}  - {escape(told.fact + wanted + says)}"
        for note in told.notes:
            yield f"{indent}    - {escape(note)}"
    for part in clause.parts:
        yield from _bullets(part, depth + 1)
