"""A proved relation between two definitions, in words.

Guarantee: says what was proved and what a witness shows, and nothing more; *not decided* is an
answer of its own, and says why. A line in here touches strings.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kprules.formula.definition import Judgement
from kprules.proof.relations import Compared, Finding, Kind, Relation, Sense
from kprules.reports.text import several

SENSES: Final = {Sense.SETTLED: "with settled facts", Sense.UNKNOWNS: "where facts are unknown"}
_SAYS: Final = {
    Kind.EQUAL: "{left} and {right} capture the same {records}",
    Kind.NARROWER: "{left} is narrower than {right}: all that it captures, {right} captures too",
    Kind.BROADER: "{left} is broader than {right}: it captures all that {right} does, and more",
    Kind.OVERLAPPING: "{left} and {right} overlap: both capture some {records}, and each some"
    " that the other does not",
    Kind.DISJOINT: "{left} and {right} are disjoint: nothing is captured by both",
    Kind.NOT_DECIDED: "how {left} lies to {right} was not decided ({why})",
}


def relation_words(relation: Relation) -> str:
    """Say how two definitions lie to each other over all possible records, in both senses."""
    settled, unknowns = relation.settled, relation.unknowns
    comma = "" if settled.kind is Kind.NOT_DECIDED else ","
    read = read_as([relation.left, relation.right])
    lead = f"Over all possible {records(relation)} {SENSES[settled.sense]}{read}{comma} "
    said = _say(relation, settled)
    if unknowns.kind is settled.kind and why(unknowns) in {"", why(settled)}:
        return f"{lead}{said}; likewise {SENSES[unknowns.sense]}."
    return f"{lead}{said}. Where facts are unknown, {_say(relation, unknowns)}."


def read_as(judgements: Iterable[Judgement]) -> str:
    """Say how the texts are read that can be read in several ways; empty where none can."""
    customary = [
        name == judgement.definition.readings[label][0]
        for judgement in judgements
        for label, name in judgement.readings.items()
    ]
    if not customary:
        return ""
    return f", the texts read as {'is customary' if all(customary) else 'was asked for'}"


def records(relation: Relation) -> str:
    """Say what both definitions judge: `cases`, `meetings`."""
    return f"{relation.left.definition.about}s"


def _say(relation: Relation, compared: Compared) -> str:
    return _SAYS[compared.kind].format(
        left=relation.left.id,
        right=relation.right.id,
        records=records(relation),
        why=why(compared),
    )


def findings(compared: Compared) -> tuple[Finding, Finding, Finding]:
    """Return what a relation rests on."""
    return compared.both, compared.only_left, compared.only_right


def why(compared: Compared) -> str:
    """Say why a relation was not decided; empty where it was."""
    if compared.kind is not Kind.NOT_DECIDED:
        return ""
    return several(dict.fromkeys(f.why for f in findings(compared) if f.exists is None))
