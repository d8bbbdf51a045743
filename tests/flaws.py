"""What a store of expressions guarantees of itself, checked apart from what it means."""

from __future__ import annotations

from collections.abc import Iterator

from kprules.formula.expressions import (
    Compared,
    CompleteFact,
    Conj,
    Constant,
    Disj,
    Expression,
    Expressions,
    KnownFact,
    Lists,
    Negated,
    OneOf,
    Place,
)


def flaws(store: Expressions) -> Iterator[str]:
    """Yield what is not as `kprules.formula.expressions` promises."""
    seen: set[tuple[type, Expression]] = set()
    for number, node in enumerate(store.nodes):
        if (type(node), node) in seen:
            yield f"{number} is held twice"
        seen.add((type(node), node))
        match node:
            case Negated(part) if isinstance(store.nodes[part], Conj | Disj | Negated | Constant):
                yield f"{number} negates no atom and no count"
            case Conj(parts) | Disj(parts):
                yield from _group_flaws(store, number, node, [store.nodes[p] for p in parts])
            case _:
                pass


def _group_flaws(
    store: Expressions, number: int, node: Conj | Disj, parts: list[Expression]
) -> Iterator[str]:
    if len(parts) < 2 or len(set(node.parts)) < len(parts):
        yield f"{number} is a group of too few, or of one twice"
    if any(isinstance(part, Constant) or type(part) is type(node) for part in parts):
        yield f"{number} holds a constant, or a group of its own kind"
    negated = [store.nodes[part.part] for part in parts if isinstance(part, Negated)]
    if any(part in parts for part in negated):
        yield f"{number} holds something and its opposite"
    if isinstance(node, Conj):
        said = [place for part in parts for place in _surely_known(part)]
        if any(isinstance(part, KnownFact) and part.place in said for part in parts):
            yield f"{number} says twice that a fact is known"
        return
    unknown = [part.place for part in negated if isinstance(part, KnownFact)]
    open_ones = [part.place for part in negated if isinstance(part, CompleteFact)]
    for part in parts:
        places = _surely_known(part)
        missed = open_ones if isinstance(part, Lists) else unknown
        if places and all(place in missed for place in places):
            yield f"{number} holds apart what is unknown and what is so"
        if any(place in missed for place in _maybe_unknown(part)):
            yield f"{number} says twice that a fact may be unknown"


def _surely_known(node: Expression) -> tuple[Place, ...]:
    match node:
        case Compared(left, _, Place() as right, _, False):
            return (left, right)
        case Compared(place, _, _, _, False) | OneOf(place, _, False) | Lists(place, _, _, False):
            return (place,)
        case _:
            return ()


def _maybe_unknown(node: Expression) -> tuple[Place, ...]:
    match node:
        case Compared(left, _, Place() as right, _, True):
            return (left, right)
        case Compared(place, _, _, _, True) | OneOf(place, _, True) | Lists(place, _, _, True):
            return (place,)
        case _:
            return ()


def weaker(store: Expressions) -> Iterator[str]:
    """Yield what the store says wrongly, or not, of certain beside possible."""
    for number, node in enumerate(store.nodes):
        if isinstance(node, Compared | OneOf | Lists) and node.maybe:
            certain = [c for c, possible in store.maybe.items() if possible == number]
            if not certain:
                yield f"{number} may be so, and nothing is the same for certain"
    for first in store.maybe:
        met = [first]
        while met[-1] in store.maybe:
            met.append(store.maybe[met[-1]])
            if met.count(met[-1]) > 1:
                yield f"{first} implies itself"
                break
