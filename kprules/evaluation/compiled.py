"""The compiled engine: definitions as one Python function, for outcomes without reasons.

Guarantee: one more engine under `denote`. Its booleans are expressions (`expressions`), which
`python_source` writes out, equal parts computed once and each list walked once. Names in the source
are field names that are checked identifiers and names made here; constants go in by a table, so no
text of a rule or case ever becomes code. A line in here touches expressions and one record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from kprules.evaluation.python_source import write
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Judgement, judge
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
from kprules.records.settled import Settled
from kprules.records.shape import PERIOD, PERIOD_FIELDS

_OUTCOMES = (Outcome.NOT_CAPTURED, Outcome.UNDETERMINED, Outcome.CAPTURED)


class Compiler:
    """An engine whose booleans are expressions; `scope` says which loop a variable walks."""

    __slots__ = ("scope", "store")

    def __init__(self, store: Expressions, scope: Mapping[str, Loop]) -> None:
        """Write into a store, within some loops."""
        self.store = store
        self.scope = scope

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
        return self.store.add(KnownFact(self._place(path)))

    def complete(self, path: Path, /) -> int:
        """Return the expression that a list or set has no more in it."""
        return self.store.add(CompleteFact(self._place(path)))

    def compare(
        self, left: Path, op: Op, right: Path | Value | NoneThere, edges: tuple[Edge, Edge], /
    ) -> int:
        """Return the expression of a comparison; it says that the facts are known, too."""
        if op == "is" and not isinstance(right, Path):
            return self.store.add(OneOf(self._place(left), frozenset({right})))
        other = self._place(right) if isinstance(right, Path) else right
        return self.store.add(Compared(self._place(left), op, other, edges))

    def member(self, path: Path, values: frozenset[Value | NoneThere], /) -> int:
        """Return the expression that a fact is one of the values."""
        return self.store.add(OneOf(self._place(path), values))

    def includes(self, path: Path, how: Literal["any", "all"], values: frozenset[Value], /) -> int:
        """Return the expression that a set lists the values."""
        return self.store.add(Lists(self._place(path), "any" if len(values) == 1 else how, values))

    def count(
        self, least: int, form: Quantified, body: Callable[[Compiler], Truth[int]], /
    ) -> Truth[int]:
        """Return the expressions that enough entries are so."""
        loop, entry = self._entry(form)
        truth = body(entry)

        def counted(item: int) -> int:
            if item == self.store.false:
                return item
            return self.store.add(Counted(loop, least, item))

        return Truth(counted(truth.certain), counted(truth.possible))

    def share(
        self,
        share: Share,
        form: Quantified,
        body: Callable[[Compiler], tuple[Truth[int], Truth[int]]],
        /,
    ) -> Truth[int]:
        """Return the expressions that the entries come to a share."""
        loop, entry = self._entry(form)
        pro, contra = body(entry)
        return Truth(
            self.store.add(Shared(loop, share, pro.certain, contra.certain)),
            self.store.add(Shared(loop, share, pro.possible, contra.possible)),
        )

    def _place(self, path: Path) -> Place:
        return Place(self.scope[path.variable] if path.variable else None, path)

    def _entry(self, form: Quantified) -> tuple[Loop, Compiler]:
        over = self._place(form.over)
        level = sum(loop.over == over for loop in self.scope.values())
        loop = Loop(over, level)
        return loop, Compiler(self.store, {**self.scope, form.variable: loop})


def compile_outcomes(
    judgements: Sequence[Judgement],
) -> Callable[[Settled], tuple[Outcome, ...]]:
    """Return a function from a settled record to the outcome of each judgement, in their order."""
    numbers = compile_numbers(judgements)

    def outcomes(record: Settled) -> tuple[Outcome, ...]:
        return tuple([_OUTCOMES[n] for n in numbers(record)])

    return outcomes


def compile_numbers(judgements: Sequence[Judgement]) -> Callable[[Settled], tuple[int, ...]]:
    """Return a function to 0 (not captured), 1 (undetermined) or 2 (captured) for each judgement."""
    store = Expressions()
    truths = [judge(judgement, Compiler(store, {})) for judgement in judgements]
    return write(store, [(t.certain, t.possible) for t in truths])
