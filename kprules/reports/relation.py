"""A proved relation between two definitions, in words.

Guarantee: says what was proved and what a witness shows, and nothing more; *not decided* is an
answer of its own. A line in here touches strings.
"""

from __future__ import annotations

from typing import Final

from kprules.proof.relations import Compared, Kind, Relation

_SAYS: Final = {
    Kind.EQUAL: "{left} and {right} capture the same cases",
    Kind.NARROWER: "{left} is narrower than {right}: all that it captures, {right} captures too",
    Kind.BROADER: "{left} is broader than {right}: it captures all that {right} does, and more",
    Kind.OVERLAPPING: "{left} and {right} overlap: each captures some that the other does not",
    Kind.DISJOINT: "{left} and {right} are disjoint: nothing is captured by both",
    Kind.NOT_DECIDED: "how {left} lies to {right} was not decided",
}


def relation_words(relation: Relation) -> str:
    """Say how two definitions lie to each other over all possible cases, in both senses."""
    said = _say(relation, relation.settled)
    lead = "Over all possible cases with settled facts, "
    if relation.settled.kind is Kind.NOT_DECIDED:
        lead = "Over all possible cases with settled facts "
    if relation.unknowns.kind is relation.settled.kind:
        return f"{lead}{said}; likewise where facts are unknown."
    return f"{lead}{said}. Where facts are unknown, {_say(relation, relation.unknowns)}."


def _say(relation: Relation, compared: Compared) -> str:
    return _SAYS[compared.kind].format(left=relation.left.id, right=relation.right.id)
