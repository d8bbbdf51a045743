"""In what order conditions are asked, so that what many need is asked once.

Guarantee: a plan does each step where all that it needs is so, and nowhere else. A line in here
orders expressions; it writes no Python (`python_blocks`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from kprules.formula.expressions import (
    Compared,
    CompleteFact,
    Conj,
    Counted,
    Disj,
    Expressions,
    KnownFact,
    Lists,
    Negated,
    OneOf,
    Place,
    Shared,
)

_DEEPEST = 30
"""How far conditions are nested, loops counted in: Python's own limit is 100."""


@dataclass(frozen=True, slots=True)
class Step:
    """What to do where all of some expressions are so, and what then to ask further."""

    needs: tuple[int, ...]
    action: str
    then: tuple[Step, ...] = ()


@dataclass(slots=True)
class Block:
    """What to do, and then conditions one after another, each with the block beneath it."""

    actions: list[str] = field(default_factory=list)
    items: list[tuple[int, Block]] = field(default_factory=list)

    def tests(self) -> Iterator[int]:
        """Yield the conditions, those beneath too."""
        for test, beneath in self.items:
            yield test
            yield from beneath.tests()


class Planner:
    """Orders the steps of one store of expressions."""

    def __init__(self, store: Expressions) -> None:
        """Plan over a store."""
        self.store = store
        self._counted: dict[int, frozenset[int]] = {}
        self._ordered: dict[int, tuple[int, ...]] = {}
        self._costs: dict[int, int] = {}
        self._weaker: dict[int, tuple[int, tuple[int, ...]]] = {}

    def plan(self, steps: Iterable[Step], depth: int) -> Block:
        """Return the steps as nested conditions, beginning at some depth."""
        return self._block(steps, frozenset(), frozenset(), depth)

    def _block(
        self, steps: Iterable[Step], so: frozenset[int], walked: frozenset[int], depth: int
    ) -> Block:
        """Plan steps where some expressions are so and some counts are at hand."""
        block = Block()
        left: list[Step] = []
        waiting = list(reversed(list(steps)))
        while waiting:
            step = waiting.pop()
            needs = dict.fromkeys(n for need in step.needs for n in self._left(need, so))
            if self.store.false in needs:
                continue
            if needs:
                left.append(Step(tuple(needs), step.action, step.then))
            else:
                block.actions.append(step.action)
                waiting.extend(reversed(step.then))
        if depth > _DEEPEST:
            left = [replace(s, needs=(self.store.both(list(s.needs)),)) for s in left]
        for test, inside in self._grouped(left, walked):
            walked |= self.counted(test)
            beneath = self._block(inside, so | {test, *self.all_of(test)}, walked, depth + 1)
            block.items.append((test, beneath))
        return block

    def _grouped(
        self, steps: list[Step], walked: frozenset[int]
    ) -> Iterator[tuple[int, list[Step]]]:
        """Yield the condition that most steps share, with those steps; then of the rest likewise.

        No list is walked before what can be asked without.
        """
        while steps:
            counts = Counter(n for step in steps for n in step.needs)
            free = [n for n in counts if self.counted(n) <= walked] or list(counts)
            best = max(free, key=lambda n: (counts[n], -self.cost(n)))
            yield best, [s for s in steps if best in s.needs]
            steps = [s for s in steps if best not in s.needs]

    # --- what is known of expressions -------------------------------------------------------------

    def all_of(self, number: int) -> tuple[int, ...]:
        """Return the expressions that all have to be so."""
        node = self.store.nodes[number]
        return node.parts if isinstance(node, Conj) else (number,)

    def counted(self, number: int) -> frozenset[int]:
        """Return the counts and shares that an expression is spelled with."""
        found = self._counted.get(number)
        if found is None:
            node = self.store.nodes[number]
            if isinstance(node, Counted | Shared):
                found = frozenset({number})
            else:
                found = frozenset[int]().union(*map(self.counted, parts(self.store, number)))
            self._counted[number] = found
        return found

    def in_order(self, number: int) -> tuple[int, ...]:
        """Return the counts and shares that an expression is spelled with, the first made first."""
        found = self._ordered.get(number)
        if found is None:
            self._ordered[number] = found = tuple(sorted(self.counted(number)))
        return found

    def cost(self, number: int) -> int:
        """Return about how much it takes to compute an expression."""
        found = self._costs.get(number)
        if found is None:
            self._costs[number] = found = self._cost(number)
        return found

    def _cost(self, number: int) -> int:
        match self.store.nodes[number]:
            case Conj(items) | Disj(items):
                return sum(map(self.cost, items))
            case Negated(part):
                return self.cost(part)
            case Lists():
                return 4
            case Compared():
                return 3
            case OneOf():
                return 2
            case _:
                return 1

    def _left(self, number: int, so: frozenset[int]) -> tuple[int, ...]:
        """Return what of an expression is not yet said where some are so.

        Where a fact may be as asked, it is where it is known, or its list has no more in it.
        """
        if number in so or number == self.store.true:
            return ()
        found = self._weaker.get(number)
        if found is None:
            self._weaker[number] = found = self._weaker_than(number)
        weaker, rest = found
        return rest if weaker in so else (number,)

    def _weaker_than(self, number: int) -> tuple[int, tuple[int, ...]]:
        """Return what may be so where a fact is unknown, and what is then left to be asked."""
        store, node = self.store, self.store.nodes[number]
        so = store.nodes[node.part] if isinstance(node, Negated) else node
        if not isinstance(so, OneOf | Compared | Lists) or isinstance(node, Negated) != so.maybe:
            return number, ()  # it does not say that a fact is known
        turned = store.add(replace(so, maybe=not so.maybe))
        weaker = store.negate(turned) if isinstance(node, Negated) else turned
        match so:
            case Lists(place):
                closed = store.add(CompleteFact(place))
                return weaker, (closed if so.maybe else store.either([closed, number]),)
            case OneOf(place):
                return weaker, (store.add(KnownFact(place)),)
            case Compared(left, _, right):
                sides = [left, *([right] if isinstance(right, Place) else [])]
                return weaker, tuple(store.add(KnownFact(side)) for side in sides)


def parts(store: Expressions, number: int) -> Sequence[int]:
    """Return the expressions that are spelled inside one: not those of a loop."""
    match store.nodes[number]:
        case Conj(items) | Disj(items):
            return items
        case Negated(part):
            return (part,)
        case _:
            return ()
