"""The smallest sets of literals that must be true together, one after the other.

Guarantee: each set is minimal, none holds another, smaller ones come first, and all up to the
number and size asked for are found unless the time runs out. A line in here touches literals.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from time import monotonic

from kprules.proof.gates import Gates, Literal
from kprules.proof.solver import Solver


def smallest(
    gates: Gates,
    solver: Solver,
    assumed: Sequence[Literal],
    costs: Sequence[Literal],
    largest: int,
    until: float,
    *,
    otherwise: int = 0,
) -> Iterator[tuple[frozenset[Literal], Collection[Literal]]]:
    """Yield minimal sets of costs that are true in models of what is assumed, with the model.

    A set given is never part of a later one, so that those asked for next are others. Where there
    is none of at most `largest`, sets of the least size up to `otherwise` are given.
    """
    most = min(max(largest, otherwise), len(costs))
    counted = gates.counts(costs, most + 1)
    active = gates.fresh()
    met = False
    for size in range(most + 1):
        if met and size > largest:
            return
        limit = [-counted[size + 1]]
        while monotonic() < until:
            if not solver.holds([*assumed, *limit, active], until):
                break
            met = True
            model = solver.model()
            found = frozenset(c for c in costs if (c in model if c > 0 else -c not in model))
            yield found, model
            gates.require(-active, *(-c for c in found))
            if not found:
                return
