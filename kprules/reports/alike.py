"""Entries of which the same holds, told as one where there are many.

Guarantee: what is told of some entries together holds of each, with everybody who says so of any;
where others say so, or say otherwise, entries are told apart. A line in here touches clauses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kprules.comparison.claims import Position
from kprules.records.settled import Claimed
from kprules.reports.sentences import claimed_words
from kprules.reports.text import several
from kprules.reports.told import Clause, Title, Told, positions_words, says_words

_APART = 3
"""Up to so many entries are told one by one; of more, those that are alike together."""

_NAMED = 12
"""So many entries are named; of more, the first of them."""


def together(by_entry: dict[str, Clause], variable: str) -> list[Clause]:
    """Return the entries, by place, those of which the same holds as one where there are many."""
    if len(by_entry) <= _APART:
        return list(by_entry.values())
    alike: dict[tuple[object, ...], list[tuple[str, Clause]]] = {}
    for place, clause in by_entry.items():
        alike.setdefault(_likeness(clause, place), []).append((place, clause))
    return [
        group[0][1] if len(group) == 1 else _shared(group, variable) for group in alike.values()
    ]


def _shared(group: Sequence[tuple[str, Clause]], variable: str) -> Clause:
    """Return the clause that several entries have in common."""
    headings = [clause.heading for _, clause in group]
    shown = headings if len(headings) <= _NAMED + 1 else headings[:_NAMED]
    more = [f"{len(headings) - len(shown)} more"] if len(shown) < len(headings) else []
    one = _merged([clause for _, clause in group], f"{group[0][0]}.", f"{variable}.")
    one.heading = several([*shown, *more])
    one.titles = [Title(one.heading, entry=True)]
    return one


def _likeness(clause: Clause, place: str) -> tuple[object, ...]:
    """Return what is told of an entry, whichever it is and wherever it is written."""
    inner = tuple((p.heading, *_likeness(p, place)) for p in clause.parts)
    told = tuple(
        (t.fact.replace(f"{place}.", ""), t.wanted, tuple(map(_stance, t.positions)))
        for t in clause.told
    )
    return clause.value, told, inner


def _merged(clauses: Sequence[Clause], old: str, new: str) -> Clause:
    """Return clauses that are alike as one, with the sources of all."""
    first = clauses[0]
    told = [_told(each, old, new) for each in zip(*(c.told for c in clauses), strict=True)]
    parts = [_merged(each, old, new) for each in zip(*(c.parts for c in clauses), strict=True)]
    return Clause(first.heading, first.value, told, parts, first.quotes, first.titles)


def _told(each: Sequence[Told], old: str, new: str) -> Told:
    first = each[0]
    positions = [
        replace(same[0], claim=_claim([position.claim for position in same]))
        for same in zip(*(told.positions for told in each), strict=True)
    ]
    claims = [_claim(same) for same in _by_holder(claim for told in each for claim in told.claims)]
    return Told(
        first.fact.replace(old, new),
        first.wanted,
        says_words(claims),
        positions_words(positions) or first.notes,
        tuple(dict.fromkeys(key for told in each for key in told.sources)),
        claims=claims,
        positions=positions,
    )


def _by_holder(claims: Iterable[Claimed]) -> list[list[Claimed]]:
    """Return claims by who holds them, and on what evidence."""
    found: dict[tuple[object, ...], list[Claimed]] = {}
    for claim in claims:
        found.setdefault((claim.by, claim.evidence, claim.denied_by), []).append(claim)
    return list(found.values())


def _claim(claims: Sequence[Claimed]) -> Claimed:
    """Return claims of the same people as one, with the sources of all."""
    sources = dict.fromkeys(key for claim in claims for key in claim.sources)
    return replace(claims[0], sources=tuple(sources))


def _stance(position: Position) -> tuple[object, ...]:
    """Return who holds what, wherever it is written."""
    claim = position.claim
    return position.stance, position.by, claimed_words(claim.value), claim.evidence, claim.denied_by
