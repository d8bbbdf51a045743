"""A set of definitions as one Python function.

Guarantee: the function returns what the expressions say. Conditions become nested *if*s as planned
(`python_plan`); a list is walked once for all that is asked of its entries from there on; what is
certain is asked where it is possible. A line in here arranges; it spells no fact (`python_source`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, cast

from kprules.evaluation.python_plan import Block, Planner, Step, parts
from kprules.evaluation.python_source import Source, bodies, facts
from kprules.formula.expressions import Counted, Expressions, Loop, Place, Shared

Fact = tuple[Place, str]
"""A fact that is fetched, and what of it."""


def write(
    store: Expressions, truths: Sequence[tuple[int, int]], within: Sequence[Loop] = ()
) -> Callable[..., tuple[int, ...]]:
    """Return the function that computes, for each (certain, possible), 0, 1 or 2.

    It takes a record and, for each list that it is asked within, the entry in scope.
    """
    source, constants = written(store, truths, within)
    scope: dict[str, Any] = dict(constants)
    # Only names made here, field names that are identifiers, and operators stand in the source.
    exec(compile(source, "<kprules compiled definitions>", "exec"), scope)  # noqa: S102 - as said
    return cast("Callable[..., tuple[int, ...]]", scope["outcomes"])


def written(
    store: Expressions, truths: Sequence[tuple[int, int]], within: Sequence[Loop] = ()
) -> tuple[str, Mapping[str, object]]:
    """Return the source of the function, and the constants that it names."""
    blocks = _Blocks(store)
    blocks.function(truths, within)
    return "\n".join([*blocks.source.lines, ""]), blocks.source.constants


class _Blocks:
    """The function as it is written."""

    def __init__(self, store: Expressions) -> None:
        self.store = store
        self.source = Source(store)
        self.planner = Planner(store)
        self._free: dict[int, frozenset[Loop]] = {}
        self._read: dict[int, tuple[Fact, ...]] = {}

    def function(self, truths: Sequence[tuple[int, int]], within: Sequence[Loop]) -> None:
        """Write the function."""
        entries = [self.source.name(loop, self.source.new("e")) for loop in within]
        self.source.line(0, f"def outcomes({', '.join(['r', *entries])}):")
        results = [self.source.new("o") for _ in truths]
        self.source.line(1, " = ".join([*results, "0"]))
        steps: list[Step] = []
        for name, (certain, possible) in zip(results, truths, strict=True):
            step = Step(self.planner.all_of(certain), f"{name} = 2")
            if certain != possible:
                step = Step(self.planner.all_of(possible), f"{name} = 1", (step,))
            steps.append(step)
        self._block(self.planner.plan(steps, 1), 1)
        self.source.line(1, "return (" + "".join(f"{name}, " for name in results) + ")")

    # --- blocks -----------------------------------------------------------------------------------

    def _block(self, block: Block, depth: int) -> None:
        """Write a block; what gets a name in it is forgotten after it."""
        mark = self.source.mark()
        for action in block.actions:
            self.source.line(depth, action)
        inside = [list(dict.fromkeys([test, *beneath.tests()])) for test, beneath in block.items]
        walked = Counter(loop for tests in inside for loop in self._loops(tests))
        fetched = self._fetched(block)
        for index, (test, beneath) in enumerate(block.items):
            # What this one and a later one need is made ready here, for both.
            rest = [number for tests in inside[index:] for number in tests]
            self._ready([test], rest, depth)
            for loop in self._loops(inside[index]):
                if walked[loop] > 1:
                    self._walk(loop, rest, depth)
            for place, edge in fetched[index]:
                self.source.fetch(place, edge, depth)
            self.source.fetch_all(test, depth)
            self.source.line(depth, f"if {self.source.spell(test)}:")
            self._block(beneath, depth + 1)
        if not block.actions and not block.items:
            self.source.line(depth, "pass")
        self.source.forget(mark)

    def _fetched(self, block: Block) -> list[list[Fact]]:
        """Return, for each condition, the facts that it and another need, itself or beneath it."""
        read = [
            list(dict.fromkeys(f for n in (test, *beneath.tests()) for f in self._facts(n)))
            for test, beneath in block.items
        ]
        met = Counter(fact for facts_read in read for fact in facts_read)
        return [[fact for fact in facts_read if met[fact] > 1] for facts_read in read]

    def _facts(self, number: int) -> tuple[Fact, ...]:
        """Return the facts that an expression is spelled with: of a count none, it has a name."""
        found = self._read.get(number)
        if found is None:
            every = dict.fromkeys(facts(self.store.nodes[number]))
            for part in parts(self.store, number):
                every.update(dict.fromkeys(self._facts(part)))
            self._read[number] = found = tuple(every)
        return found

    # --- loops ------------------------------------------------------------------------------------

    def _ready(self, numbers: Iterable[int], rest: Sequence[int], depth: int) -> None:
        """Walk the lists whose answers some expressions need, for all that follows."""
        for number in numbers:
            for counted in self.planner.in_order(number):
                if counted not in self.source.names:
                    self._walk(self._loop(counted), rest, depth)

    def _walk(self, loop: Loop, rest: Sequence[int], depth: int) -> None:
        """Walk a list for all that is asked of its entries in what follows."""
        asked = dict.fromkeys(
            counted
            for number in rest
            for counted in self.planner.in_order(number)
            if counted not in self.source.names
            and self._loop(counted) == loop
            and all(outer in self.source.names for outer in self._free_in(counted))
        )
        inner = [body for number in asked for body in bodies(self.store.nodes[number])]
        for body in inner:  # answers about all entries that are asked of each
            for counted in self.planner.in_order(body):
                if counted not in self.source.names and loop not in self._free_in(counted):
                    self._walk(self._loop(counted), inner, depth)
        self._walk_once(loop, [n for n in asked if n not in self.source.names], depth)

    def _walk_once(self, loop: Loop, asked: list[int], depth: int) -> None:
        entries = self.source.fetch(loop.over, "exact", depth)
        flags: list[str] = []
        counts: list[str] = []
        gathered: dict[int, list[str]] = {}
        actions: dict[int, list[str]] = {}
        for number in asked:
            node = self.store.nodes[number]
            flag = isinstance(node, Counted) and node.least == 1
            gathered[number] = names = [self.source.new("c") for _ in bodies(node)]
            (flags if flag else counts).extend(names)
            for name, body in zip(names, bodies(node), strict=True):
                action = f"{name} = True" if flag else f"{name} += 1"
                actions.setdefault(body, []).append(action)
        for names, zero in ((flags, "False"), (counts, "0")):
            if names:
                self.source.line(depth, " = ".join([*names, zero]))
        variable = self.source.new("e")
        self.source.line(depth, f"for {variable} in {entries} or ():")
        mark = self.source.mark()
        self.source.name(loop, variable)
        self._block(self.planner.plan(self._nested(actions), depth + 1), depth + 1)
        self.source.forget(mark)
        for number in asked:
            self.source.name(number, self._reached(number, gathered[number], depth))

    def _nested(self, actions: Mapping[int, list[str]]) -> list[Step]:
        """Return the steps of a loop: what is certain asked where it is possible."""
        beneath: dict[int, list[int]] = {}
        for body in actions:
            possible = self.store.maybe.get(body, body)
            beneath.setdefault(possible if possible in actions else body, []).append(body)

        def step(body: int) -> Step:
            then = tuple(step(b) for b in beneath.get(body, ()) if b != body)
            return Step(self.planner.all_of(body), "; ".join(actions[body]), then)

        return [step(body) for body, inner in beneath.items() if body in inner]

    def _reached(self, number: int, names: list[str], depth: int) -> str:
        """Return the name of whether the entries that were counted are enough."""
        node = self.store.nodes[number]
        if isinstance(node, Shared):
            pro, contra = names
            sign = ">" if node.share.strictly else ">="
            text = (
                f"{pro} > 0 and {pro} * {node.share.whole:d} {sign} "
                f"{node.share.part:d} * ({pro} + {contra})"
            )
        else:
            assert isinstance(node, Counted)  # noqa: S101 - loops ask for counts and shares
            if node.least == 1:
                return names[0]
            text = f"{names[0]} >= {node.least:d}"
        name = self.source.new("t")
        self.source.line(depth, f"{name} = {text}")
        return name

    # --- what is known of loops -------------------------------------------------------------------

    def _loop(self, number: int) -> Loop:
        node = self.store.nodes[number]
        assert isinstance(node, Counted | Shared)  # noqa: S101 - asked of these alone
        return node.loop

    def _loops(self, numbers: Iterable[int]) -> list[Loop]:
        """Return the lists still to be walked for some expressions."""
        counted = (c for number in numbers for c in self.planner.in_order(number))
        return list(dict.fromkeys(self._loop(c) for c in counted if c not in self.source.names))

    def _free_in(self, number: int) -> frozenset[Loop]:
        """Return the loops whose entries an expression speaks of."""
        found = self._free.get(number)
        if found is None:
            node = self.store.nodes[number]
            inner = (*parts(self.store, number), *bodies(node))
            found = frozenset[Loop]().union(
                *map(self._free_in, inner), *(_loops_of(place) for place, _ in facts(node))
            )
            if isinstance(node, Counted | Shared):
                found = (found - {node.loop}) | _loops_of(node.loop.over)
            self._free[number] = found
        return found


def _loops_of(place: Place) -> frozenset[Loop]:
    return frozenset() if place.scope is None else frozenset({place.scope})
