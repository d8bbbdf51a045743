"""The ranking of unknown facts as text, Markdown and JSON.

Guarantee: each fact with its weight, why it is not known and who claims what of it, and what it
alone would decide; words that are open beside it. A line in here touches strings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kprules.comparison.settling import Ranked, Ranking
from kprules.evaluation.trace import Outcome
from kprules.reports.explanation import conditions_words, heading_lines
from kprules.reports.matrix_json import claim_objects, dumps, unknown_object
from kprules.reports.sentences import claim_words, claimed_words
from kprules.reports.text import Paper, columns, escape, line, outcome_words, several, wrap

FORMAT = "kprules-ranking/1"


def ranking_table(found: Ranking, paper: Paper) -> str:
    """Return the ranking for a terminal."""
    word = line(found.definition.outcome_word)
    outcome = found.result.outcome
    lines = heading_lines(found.subject.id, found.definition.id, outcome, word, paper)
    lines += [row for text in conditions_words(found.conditions) for row in wrap(text, paper.width)]
    if not found.facts:
        return "\n".join([*lines, *wrap(nothing(found), paper.width)])
    if found.result.ambiguity:
        lines += wrap(_open_words(found), paper.width)
    rows = [("ways", "fact", "why not known"), *(_row(fact) for fact in found.facts)]
    lines += ["", *columns(rows)]
    for fact in found.facts:
        if fact.alone:
            said = f"{line(fact.path)} alone can settle it: {_alone(fact, word)}"
            lines += wrap(said, paper.width)
    for fact in found.facts:
        claimed = list(_claims(fact))
        if claimed:
            lines += ["", *wrap(line(fact.path), paper.width)]
            lines += [row for said in claimed for row in wrap(said, paper.width, "  ", "    ")]
    return "\n".join(lines)


def _alone(fact: Ranked, word: str) -> str:
    return several([outcome_words(outcome, word) for outcome in fact.alone], "or")


def _claims(fact: Ranked) -> Iterator[str]:
    """Yield who claims what of a fact."""
    for claim in fact.unknown.claims if fact.unknown else ():
        value = "not known" if claim.value is None else claimed_words(claim.value)
        yield ": ".join(filter(None, (value, claim_words(claim))))


def _open_words(found: Ranking) -> str:
    """Say which words are open, where facts are too."""
    return (
        f"{_labels(found)} can be read in several ways; what is ranked settles it on all of them."
    )


def _labels(found: Ranking) -> str:
    return several([line(u.path.rpartition(".")[2]) for u in found.result.ambiguity])


def nothing(found: Ranking) -> str:
    """Say why there is nothing to rank."""
    if found.result.ambiguity:
        words = f"words are open: {_labels(found)} can be read in several ways"
        if len(found.result.unknown) == len(found.result.ambiguity):
            return f"Not facts but {words}."
        return f"Besides facts {words}; no three facts settle it on all of them."
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
    if found.result.ambiguity:
        lines += [escape(_open_words(found)), ""]
    lines += ["| ways | fact | why not known | alone settles it |", "| --- | --- | --- | --- |"]
    for fact in found.facts:
        cells = (*_row(fact), _alone(fact, line(found.definition.outcome_word)))
        lines.append(f"| {' | '.join(map(escape, cells))} |")
    claims = [
        f"- {escape(line(fact.path))}: {escape(said)}"
        for fact in found.facts
        for said in _claims(fact)
    ]
    return "\n".join([*lines, *(["", *claims] if claims else [])])


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
                    "claims": claim_objects(fact.unknown.claims if fact.unknown else ()),
                }
                for fact in found.facts
            ],
            "ambiguous": [unknown_object(unknown) for unknown in found.result.ambiguity],
        },
        indent=1,
    )
