"""The order of definitions by *narrower than*: its Hasse diagram, equal ones joined.

Guarantee: an edge is a proved relation on settled facts, and none that others imply is listed. A
line in here touches relations as values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kprules.formula.definition import Definition
from kprules.proof.relations import Kind, Relations


@dataclass(frozen=True, slots=True)
class Joined:
    """Definitions that capture the same, and how many of some cases they capture."""

    definitions: tuple[Definition, ...]
    captured: int | None = None

    @property
    def name(self) -> str:
        """The ids, joined."""
        return " = ".join(d.id for d in self.definitions)


@dataclass(frozen=True, slots=True)
class Order:
    """Groups of equal definitions, and which lies next below which."""

    groups: tuple[Joined, ...]
    edges: tuple[tuple[int, int], ...]
    """Numbers of groups: the narrower, then the broader."""
    undecided: tuple[tuple[str, str], ...]
    """Pairs of definitions whose relation was not decided."""


def order(relations: Relations, captured: Mapping[str, int] | None = None) -> Order:
    """Return the order of definitions; `captured` says how many cases each captures."""
    number = len(relations.judgements)
    first = list(range(number))
    below: dict[int, set[int]] = {i: set() for i in range(number)}
    undecided = []
    for (left, right), relation in relations.pairs.items():
        match relation.kind:
            case Kind.EQUAL:
                low, high = sorted((first[left], first[right]))
                first = [low if f == high else f for f in first]
            case Kind.NARROWER:
                below[left].add(right)
            case Kind.BROADER:
                below[right].add(left)
            case Kind.NOT_DECIDED:
                undecided.append((relation.left.id, relation.right.id))
            case Kind.OVERLAPPING | Kind.DISJOINT:
                pass
    heads = sorted(set(first))
    above = {head: {first[b] for b in below[head]} - {head} for head in heads}
    edges = [
        (heads.index(low), heads.index(high))
        for low in heads
        for high in sorted(above[low])
        if not any(high in above[between] for between in above[low])
    ]
    groups = []
    for head in heads:
        definitions = tuple(
            judgement.definition
            for judgement, f in zip(relations.judgements, first, strict=True)
            if f == head
        )
        count = None if captured is None else captured.get(definitions[0].id)
        groups.append(Joined(definitions, count))
    return Order(tuple(groups), tuple(edges), tuple(undecided))
