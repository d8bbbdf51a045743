"""Changes of fact, and facts that settle, as JSON.

Guarantee: paths are where facts live; values are plain. A line in here touches values.
"""

from __future__ import annotations

from typing import Any

from kprules.proof.blocking import Blocking
from kprules.proof.nearest import Change
from kprules.proof.sufficing import Sufficient
from kprules.reports.matrix_json import value_object


def change_object(change: Change) -> dict[str, Any]:
    """Return a change: what the outcome would be, and the steps to it."""
    return {
        "outcome": str(change.outcome),
        "steps": [
            {
                "how": str(step.how),
                "path": step.path,
                "now": value_object(step.now),
                "then": value_object(step.then),
                "others": [value_object(other) for other in step.others],
            }
            for step in change.steps
        ],
    }


def sufficient_object(enough: Sufficient) -> dict[str, Any]:
    """Return facts that suffice for an outcome, by path; `closed` where a list has no more."""
    return {
        "facts": {fact.path: value_object(fact.value) for fact in enough.facts},
        "closed": [fact.path for fact in enough.facts if fact.closed],
    }


def blocking_object(one: Blocking) -> dict[str, Any]:
    """Return who is in the way: how many of which entries, and the outcome without them."""
    return {
        "list": one.path,
        "least": one.least,
        "entries": list(one.entries),
        "outcome": str(one.outcome),
    }
