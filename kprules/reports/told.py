"""What an explanation is made of: clauses and entries, and the facts told of each.

Guarantee: words that are shown as they stand; who holds what stands beside them as values. A line
in here touches strings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from kprules.comparison.claims import Position, Stance
from kprules.evaluation.trace import Note, Value
from kprules.records.settled import Claimed
from kprules.reports import sentences


@dataclass(slots=True)
class Told:
    """A fact in words, what was wanted instead, and who says so or affirms and denies it."""

    fact: str
    wanted: str = ""
    says: str = ""
    notes: list[str] = field(default_factory=list)
    sources: tuple[str, ...] = ()
    """Keys of the sources named."""
    note: Note | None = None
    """The comparison that it tells of; none where it tells of a list, or of several entries."""
    claims: list[Claimed] = field(default_factory=list)
    """What a known fact rests on."""
    positions: list[Position] = field(default_factory=list)
    """What everybody claims of an unknown one."""


@dataclass(frozen=True, slots=True)
class Title:
    """What a clause, or an entry of a list, is called: a part of a heading."""

    label: str
    words: str = ""
    reading: str = ""
    entry: bool = False


@dataclass(slots=True)
class Clause:
    """A clause, or an entry of a list, that decides: heading, what it came to, facts, parts."""

    heading: str
    value: Value
    """Of an entry of a list: whether it is as its quantifier asks, so that `no` asks to fail."""
    told: list[Told] = field(default_factory=list)
    parts: list[Clause] = field(default_factory=list)
    quotes: bool = False
    """Whether the heading carries words of the text."""
    titles: list[Title] = field(default_factory=list)
    """The parts of the heading."""
    exception: bool = False


# --- who takes which position ---------------------------------------------------------------------

_STANCES: Final = {"affirms": "affirmed", "denies": "denied", "leaves open": "left open"}


def positions_words(positions: Sequence[Position]) -> list[str]:
    """Say what each holds: `affirmed by ukraine: {army_budget} (alleged; s100)`.

    Where nobody affirms what is wanted, nobody is answered: `said by kpcsc: objected (alleged)`.
    """
    answered = any(position.stance == "affirms" for position in positions)
    return [_position_words(position, answered=answered) for position in positions]


def _position_words(position: Position, *, answered: bool) -> str:
    """Say what somebody holds; where nobody is named, what is written where."""
    claim = position.claim
    denies = position.by == claim.denied_by and position.by != claim.by
    by = sentences.names(position.by)
    if claim.value is None and not denies:
        return f"{f'not known to {by}' if by else 'said to be not known'}{_sources(claim.sources)}"
    stance = _STANCES[position.stance] if answered or denies else "said"
    text = f"{stance} by {by}" if by else stance
    if denies:
        return f"{text}: not {sentences.claimed_words(claim.value)}"
    after = f"; {sentences.keys(claim.sources)}" if claim.sources else ""
    return f"{text}: {sentences.claimed_words(claim.value)} ({claim.evidence}{after})"


def _sources(keys: tuple[str, ...]) -> str:
    return f" ({sentences.keys(keys)})" if keys else ""


_TURNED: Final[dict[Stance, Stance]] = {
    "affirms": "denies",
    "denies": "affirms",
    "leaves open": "leaves open",
}


def turned(position: Position) -> Position:
    """Return a position on a comparison as one on its opposite, where that is what is wanted."""
    return replace(position, stance=_TURNED[position.stance])


def joined(some: list[Position], more: list[Position], *, every: bool) -> list[Position]:
    """Return positions on two things asked of one fact as positions on both, or on either."""
    weighs: list[Stance] = ["affirms", "leaves open", "denies"]
    found: dict[tuple[object, ...], Position] = {}
    for position in (*some, *more):
        key = (position.by, position.claim)
        known = found.get(key)
        heavier = max if every else min
        if known is None or heavier(known, position, key=lambda p: weighs.index(p.stance)) != known:
            found[key] = position
    return list(found.values())


def says_words(claims: list[Claimed]) -> str:
    """Say what a known fact rests on."""
    return "; ".join(dict.fromkeys(filter(None, map(sentences.claim_words, claims))))
