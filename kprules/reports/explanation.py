"""An explanation as text for a terminal, and as Markdown.

Guarantee: the clauses that decide, in the definition's own words, down to facts with who says so;
for an undetermined outcome also what would settle it. A line in here touches strings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from kprules.comparison.conditions import Conditions
from kprules.comparison.explained import Explained
from kprules.evaluation.facts import Plain
from kprules.evaluation.settling import Settles
from kprules.evaluation.trace import Outcome
from kprules.reports.clauses import Clause, clauses
from kprules.reports.sentences import names, value_words
from kprules.reports.text import Paper, line, outcome_words, several, wrap

_ORDER: Final = (Outcome.CAPTURED, Outcome.NOT_CAPTURED, Outcome.UNDETERMINED)


def explanation(found: Explained, paper: Paper) -> str:
    """Return an explanation for a terminal."""
    word = line(found.definition.outcome_word)
    outcome = found.result.outcome
    shown = paper.outcome(outcome, outcome_words(outcome, word))
    head = f"{line(found.subject.id)}, {line(found.definition.id)}: "
    lines = [f"{paper.paint(head, bold=True)}{paper.mark(outcome)} {shown}"]
    lines += wrap(line(found.subject.title), paper.width, "  ")
    lines += wrap(line(found.definition.title), paper.width, "  ")
    lines += [row for said in conditions_words(found.conditions) for row in wrap(said, paper.width)]
    lines.append("")
    for clause in clauses(found.result.decisive, found.definition.vocabulary):
        lines += _clause(clause, paper, 0)
    more = [*_further(found)]
    if more:
        lines.append("")
        for start, text in more:
            lines += wrap(text, paper.width, start, "  ")
    return "\n".join(lines)


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
    mark = paper.truth(clause.value)
    first, *rest = wrap(clause.heading, paper.width - len(indent) - 2, "", "  ")
    yield f"{indent}{mark} {paper.paint(first, bold=True)}"
    for row in rest:
        yield f"{indent}  {paper.paint(row, bold=True)}"
    for told in clause.told:
        yield from wrap(told.text, paper.width, f"{indent}    ", f"{indent}      ")
        for note in told.notes:
            for row in wrap(note, paper.width, f"{indent}      ", f"{indent}        "):
                yield paper.dim(row)
    for part in clause.parts:
        yield from _clause(part, paper, depth + 1)


def _further(found: Explained) -> Iterator[tuple[str, str]]:
    """Yield what else bears on the outcome: what settles it, readings, views."""
    word = found.definition.outcome_word
    for settles in found.settling.sets:
        yield f"Would be {outcome_words(settles.outcome, word)} if ", settled_words(settles)
    if found.settling.more:
        yield "", "Other facts would settle it too."
    for unknown in found.ambiguity:
        readings = [f"{line(n)} {_said(o, word)}" for n, o in (unknown.readings or {}).items()]
        yield "Words read in several ways, ", f"{line(unknown.path)}: {', '.join(readings)}"
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
    yield f"{indent}- {clause.value}: **{escape(clause.heading)}**"
    for told in clause.told:
        yield f"{indent}  - {escape(told.text)}"
        for note in told.notes:
            yield f"{indent}    - {escape(note)}"
    for part in clause.parts:
        yield from _bullets(part, depth + 1)


_SPECIAL: Final = str.maketrans({c: f"\\{c}" for c in "\\`*_[]<>#|&~$!"})


def escape(text: str) -> str:
    """Return text from outside as Markdown that means nothing but itself."""
    return line(text).translate(_SPECIAL)
