"""The engine whose booleans are expressions: definitions written out, equal parts held once.

Guarantee: one more engine under `denote`; it looks at no record. What is known beforehand of all
records at hand (`Foresight`) is folded in, and changes no outcome of theirs. A line in here touches
paths, loops and expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Literal, Protocol

from kprules.formula.expressions import (
    Compared,
    CompleteFact,
    Counted,
    Expressions,
    KnownFact,
    Lists,
    Loop,
    OneOf,
    Place,
    Shared,
)
from kprules.formula.meaning import Edge
from kprules.formula.nodes import NoneThere, Op, Path, Quantified, Share, Value
from kprules.logic import Truth
from kprules.records.shape import PERIOD, PERIOD_FIELDS


class Foresight(Protocol):
    """What is known of a fact in every record at hand; `None` where that differs."""

    def known(self, place: Place, /) -> bool | None:
        """Return whether the fact is recorded."""
        ...

    def complete(self, place: Place, /) -> bool | None:
        """Return whether the list or set has no more in it."""
        ...

    def whole_days(self, place: Place, /) -> bool:
        """Return whether no date there stops at the month or year."""
        ...


class Blind:
    """Nothing is known beforehand."""

    def known(self, _: Place, /) -> bool | None:
        """Return that it differs."""
        return None

    complete = known

    def whole_days(self, _: Place, /) -> bool:
        """Return that some may not be."""
        return False


class Lowering:
    """An engine that writes into a store; `scope` says which loop a variable walks."""

    __slots__ = ("foresight", "scope", "store")

    def __init__(
        self, store: Expressions, scope: Mapping[str, Loop], foresight: Foresight | None = None
    ) -> None:
        """Write into a store, within some loops."""
        self.store = store
        self.scope = scope
        self.foresight: Foresight = foresight or Blind()

    def const(self, value: bool, /) -> int:
        """Return the expression of a constant."""
        return self.store.true if value else self.store.false

    def both(self, items: list[int], /) -> int:
        """Return the expression that all are so."""
        return self.store.both(items)

    def either(self, items: list[int], /) -> int:
        """Return the expression that any is so."""
        return self.store.either(items)

    def negate(self, item: int, /) -> int:
        """Return the expression that it is not so."""
        return self.store.negate(item)

    def known(self, path: Path, /) -> int:
        """Return the expression that a fact is recorded: of a period, that both ends are."""
        if path.type == PERIOD:
            ends = [
                replace(path, fields=(*path.fields, e), type=t) for e, t in PERIOD_FIELDS.items()
            ]
            return self.store.both([self.known(end) for end in ends])
        place = self._place(path)
        foreseen = self.foresight.known(place)
        return self.store.add(KnownFact(place)) if foreseen is None else self.const(foreseen)

    def complete(self, path: Path, /) -> int:
        """Return the expression that a list or set has no more in it."""
        place = self._place(path)
        foreseen = self.foresight.complete(place)
        return self.store.add(CompleteFact(place)) if foreseen is None else self.const(foreseen)

    def compare(
        self, left: Path, op: Op, right: Path | Value | NoneThere, edges: tuple[Edge, Edge], /
    ) -> int:
        """Return the expression of a comparison; it says that the facts are known, too."""
        if op == "is" and not isinstance(right, Path):
            return self.member(left, frozenset({right}))
        first, second = edges
        place = self._place(left)
        if self._never(place):
            return self.store.false
        if first != "exact" and self.foresight.whole_days(place):
            first = "earliest"
        if not isinstance(right, Path):
            second = "exact"
            return self.store.add(Compared(place, op, right, (first, second)))
        other = self._place(right)
        if self._never(other):
            return self.store.false
        if second != "exact" and self.foresight.whole_days(other):
            second = "earliest"
        return self.store.add(Compared(place, op, other, (first, second)))

    def member(self, path: Path, values: frozenset[Value | NoneThere], /) -> int:
        """Return the expression that a fact is one of the values."""
        place = self._place(path)
        return self.store.false if self._never(place) else self.store.add(OneOf(place, values))

    def includes(self, path: Path, how: Literal["any", "all"], values: frozenset[Value], /) -> int:
        """Return the expression that a set lists the values."""
        place = self._place(path)
        if self._never(place):
            return self.store.false
        return self.store.add(Lists(place, "any" if len(values) == 1 else how, values))

    def count(
        self, least: int, form: Quantified, body: Callable[[Lowering], Truth[int]], /
    ) -> Truth[int]:
        """Return the expressions that enough entries are so."""
        loop, entry = self.entry(form)
        if self._never(loop.over):
            return Truth(self.store.false, self.store.false)
        truth = self.store.pair(body(entry))

        def counted(item: int) -> int:
            if item == self.store.false:
                return item
            return self.store.add(Counted(loop, least, item))

        return self.store.pair(Truth(counted(truth.certain), counted(truth.possible)))

    def share(
        self,
        share: Share,
        form: Quantified,
        body: Callable[[Lowering], tuple[Truth[int], Truth[int]]],
        /,
    ) -> Truth[int]:
        """Return the expressions that the entries come to a share."""
        loop, entry = self.entry(form)
        if self._never(loop.over):
            return Truth(self.store.false, self.store.false)
        pro, contra = body(entry)
        self.store.pair(pro)
        self.store.pair(Truth(certain=contra.possible, possible=contra.certain))
        return Truth(
            self.store.add(Shared(loop, share, pro.certain, contra.certain)),
            self.store.add(Shared(loop, share, pro.possible, contra.possible)),
        )

    def _never(self, place: Place) -> bool:
        """Return whether the fact is unknown in every record at hand."""
        return self.foresight.known(place) is False

    def _place(self, path: Path) -> Place:
        return Place(self.scope[path.variable] if path.variable else None, path)

    def entry(self, form: Quantified) -> tuple[Loop, Lowering]:
        """Return the loop over a list, and the engine within it."""
        over = self._place(form.over)
        level = sum(loop.over == over for loop in self.scope.values())
        loop = Loop(over, level)
        return loop, Lowering(self.store, {**self.scope, form.variable: loop}, self.foresight)
