"""What one fact comes to, under a view and a standard of evidence.

Guarantee: the rule in `said` is the whole rule. A line in here touches one fact; it knows neither
records nor fields.
"""

from __future__ import annotations

from typing import Any, Final

from kprules.records.facts import Fact
from kprules.records.settled import Claimed, Evidence, Why


def said(fact: Fact[Any], view: str | None, standard: Evidence) -> tuple[Any, Why | None]:
    """Return what one fact comes to, and why it is unknown if it is.

    | asked for | a fact becomes |
    |---|---|
    - Asked for nothing: its value if established; of a contested one, the value on which all
      claims agree if one of them is established, else unknown.
    - `alleged`: alleged values count too; claims that name different values stay unknown.
    - A view: what that party claims, or the opposite of what it denies, for a boolean, and unknown
      for anything else it denies; where it says nothing, as above.

    A claim of `unknown` neither agrees nor disagrees, except as a view. The members of a set that
    were written long are facts of their own.
    """
    if fact.contested:
        return _of_claims(fact, view, standard)
    if view is not None and view in fact.denied_by:
        if isinstance(fact.value, bool):
            return not fact.value, None
        return None, Why("denied", claimed(fact))
    mine = view is not None and view in fact.by
    if fact.value is None:
        return None, Why("unknown", claimed(fact))
    if fact.evidence == "alleged" and standard == "established" and not mine:
        return None, Why("alleged", claimed(fact))
    if not fact.members:
        open_ = isinstance(fact.value, frozenset) and None in fact.value
        return fact.value, Why("unknown") if open_ else None
    return _of_members(fact, view, standard)


def _of_claims(fact: Fact[Any], view: str | None, standard: Evidence) -> tuple[Any, Why | None]:
    mine = [c for c in fact.contested if view is not None and view in c.by]
    if mine:
        views = {c.value for c in mine}
        if len(views) > 1:
            return None, Why("contested", claimed(fact))
        return _value(mine[0].value, "unknown", fact)
    values = {c.value for c in fact.contested if c.value is not None}
    if len(values) > 1:
        return None, Why("contested", claimed(fact))
    if not values:
        return None, Why("unknown", claimed(fact))
    (value,) = values
    rests = [c for c in fact.contested if c.value is not None]
    if standard == "established" and all(c.evidence == "alleged" for c in rests):
        kind = "alleged" if len(rests) == len(fact.contested) else "contested"
        return None, Why(kind, claimed(fact))  # type: ignore[arg-type]  # two of the kinds
    return _value(value, "unknown", fact)


def _value(value: Any, kind: Any, fact: Fact[Any]) -> tuple[Any, Why | None]:
    """Return a claimed value; one that is, or holds, unknown says so."""
    if value is None or (isinstance(value, frozenset) and None in value):
        return value, Why(kind, claimed(fact))
    return value, None


_TELLING: Final = ("contested", "denied", "alleged", "unknown")
"""Where several members of a set are unknown, the reason that is told of the set: the first."""


def _of_members(fact: Fact[Any], view: str | None, standard: Evidence) -> tuple[Any, Why | None]:
    values = set(fact.value or ())
    reasons = [Why("unknown")] if None in values else []
    for member in fact.members:
        value, why = said(member, view, standard)
        values.add(value)
        if why is not None:
            reasons.append(why)
    if not reasons:
        return frozenset(values), None
    kind = min((why.kind for why in reasons), key=_TELLING.index)
    claims = tuple(c for why in reasons for c in why.claims)
    return frozenset(values), Why(kind, claims)


def claimed(fact: Fact[Any], sources: tuple[str, ...] = ()) -> tuple[Claimed, ...]:
    """Return everything that is said of a fact; claims that name no sources get those given."""
    if fact.contested:
        return tuple(
            Claimed(c.value, c.by, c.evidence, c.sources or sources) for c in fact.contested
        )
    whole = Claimed(fact.value, fact.by, fact.evidence, fact.sources or sources, fact.denied_by)
    if not fact.members:
        return (whole,)
    members = tuple(c for m in fact.members for c in claimed(m, fact.sources or sources))
    return (whole, *members) if fact.value else members
