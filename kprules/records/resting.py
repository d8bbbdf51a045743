"""Which facts of a record have to rest on a source, and do not.

Guarantee: what is unknown states nothing, and a name or a reference only says what is meant; any
other fact rests on the sources that it names. A line in here touches one fact of a validated
record; it settles nothing.
"""

from __future__ import annotations

from typing import Any, Final

from kprules.records.facts import Fact
from kprules.records.shape import Reference, Type

_NAMES: Final = frozenset({"name", "tags"})
"""Fields that say what a thing is called, and state nothing of it."""


def floats(name: str, type_: Type | None, value: Any) -> bool:
    """Say whether a field states something and names nothing that it rests on.

    `type_` is the field's, where its record has a shape. That a reference is `none` is a statement;
    which record of the case it leads to is none.
    """
    if name in _NAMES or not isinstance(value, Fact):
        return False
    if isinstance(type_, Reference) and value.value != "none":
        return False
    return _unsourced(value)


def _unsourced(fact: Fact[Any]) -> bool:
    if fact.sources:
        return False
    if fact.contested:
        return not all(claim.sources for claim in fact.contested if claim.value is not None)
    if fact.members and not fact.value:
        return any(_unsourced(member) for member in fact.members)
    return fact.value is not None
