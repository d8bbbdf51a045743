"""The ranking of unknown facts as text, Markdown and JSON.

Guarantee: each fact with its weight, why it is not known, and what it alone would decide. A line in
here touches strings.
"""

from __future__ import annotations

from typing import Any

from kprules.comparison.settling import Ranked, Ranking
from kprules.evaluation.trace import Outcome
from kprules.reports.explanation import conditions_words
from kprules.reports.matrix_json import dumps
from kprules.reports.sentences import claim_words, claimed_words
from kprules.reports.text import Paper, columns, escape, line, outcome_words, several, wrap

FORMAT = "kprules-ranking/1"


def ranking_table(found: Ranking, paper: Paper) -> str:
    """Return the ranking for a terminal."""
    word = line(found.definition.outcome_word)
    outcome = found.result.outcome
    head = f"{line(found.subject.id)}, {line(found.definition.id)}: "
    said = paper.outcome(outcome, outcome_words(outcome, word))
    lines = [f"{paper.paint(head, bold=True)}{paper.mark(outcome)} {said}"]
    lines += [row for text in conditions_words(found.conditions) for row in wrap(text, paper.width)]
    if not found.facts:
        return "\n".join([*lines, *wrap(nothing(found), paper.width)])
    rows = [("ways", "fact", "why not known"), *(_row(fact) for fact in found.facts)]
    lines += ["", *columns(rows)]
    for fact in found.facts:
        if fact.alone:
            outcomes = several([outcome_words(o, word) for o in fact.alone], "or")
            lines += wrap(f"{line(fact.path)} alone can settle it: {outcomes}", paper.width)
    first = found.facts[0]
    if first.unknown is not None and first.unknown.claims:
        lines.append("")
        for claim in first.unknown.claims:
            value = "not known" if claim.value is None else claimed_words(claim.value)
            lines += wrap(f"{value}: {claim_words(claim)}", paper.width, "  ", "    ")
    return "\n".join(lines)


def nothing(found: Ranking) -> str:
    """Say why there is nothing to rank."""
    if found.result.ambiguity:
        labels = several([line(u.path.rpartition(".")[2]) for u in found.result.ambiguity])
        return f"Not facts but words are open: {labels} can be read in several ways."
    if found.result.outcome is Outcome.UNDETERMINED:
        return "No three facts settle it; `kprules explain` names what is unknown."
    return "It is settled: no unknown fact can change it by being known."


def _row(fact: Ranked) -> tuple[str, str, str]:
    return str(fact.ways), line(fact.path), fact.unknown.why if fact.unknown else "missing"


def ranking_markdown(found: Ranking) -> str:
    """Return the ranking as a Markdown table."""
    outcome = outcome_words(found.result.outcome, found.definition.outcome_word)
    names = f"**{escape(found.subject.id)}**, **{escape(found.definition.id)}**"
    lines = [f"{names}: {escape(outcome)}", ""]
    if not found.facts:
        return "\n".join([*lines, escape(nothing(found))])
    lines += ["| ways | fact | why not known |", "| --- | --- | --- |"]
    lines += [f"| {' | '.join(map(escape, _row(fact)))} |" for fact in found.facts]
    return "\n".join(lines)


def ranking_json(found: Ranking, receipt: dict[str, Any]) -> str:
    """Return the ranking as JSON."""
    return dumps(
        {
            "format": FORMAT,
            "receipt": receipt,
            "case": found.subject.id,
            "definition": found.definition.id,
            "outcome": str(found.result.outcome),
            "facts": [
                {
                    "path": fact.path,
                    "ways": fact.ways,
                    "alone": [str(outcome) for outcome in fact.alone],
                    "why": fact.unknown.why if fact.unknown else "missing",
                }
                for fact in found.facts
            ],
        },
        indent=1,
    )
