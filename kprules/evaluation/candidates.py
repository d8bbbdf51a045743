"""Which values a fact could take, one for each way that a definition can tell them apart.

Guarantee: two values that every comparison on a fact treats alike are represented by one, the first
in the vocabulary's order. A line in here touches comparisons and values; it judges no record.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import combinations
from typing import Any, assert_never

from kprules.evaluation.supposing import Fact, type_of
from kprules.evaluation.walker import HOLDS
from kprules.formula.definition import Judgement, walk
from kprules.formula.nodes import Compare, Form, Includes, Member, NoneThere, Path
from kprules.records.settled import NO_RECORD, PartialDate, Settled
from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    Reference,
    Scalar,
    SetOf,
    Vocabulary,
    slot,
)

Test = Callable[[Any], object]
MOST = 12
"""How many values of one fact are tried."""
_WEIGHED = 60
"""How many of the constants that a fact is compared with are weighed."""
_OTHER_TEXT = "another"


class Candidates:
    """The values worth trying for each fact that some judgements read."""

    def __init__(
        self, judgements: Iterable[Judgement], vocabulary: Vocabulary, record: Settled
    ) -> None:
        """Note what the judgements ask of each field."""
        self._record = record
        self._tests: dict[tuple[str, str], list[Test]] = {}
        self._constants: dict[tuple[str, str], list[Any]] = {}
        self._beside: set[tuple[str, str]] = set()
        self._known: dict[tuple[object, ...], list[Any]] = {}
        self.cut = False
        """Whether there were more values to try than were handed out."""
        for judgement in judgements:
            for form in (judgement.captures, *judgement.exceptions):
                for node in walk(form):
                    self._note(node, vocabulary)

    def of(self, fact: Fact, beside: Iterable[Any] = ()) -> list[Any]:
        """Return settled values that the fact could turn out to have; `beside`: known others."""
        others = tuple(beside)
        asked = (fact.record, fact.field, fact.now, others)
        if asked not in self._known:
            self._known[asked] = self._values(fact, others)
        return self._known[asked]

    def _values(self, fact: Fact, beside: tuple[Any, ...]) -> list[Any]:
        key = (fact.record, fact.field)
        constants = [*self._constants.get(key, ()), *(v for v in beside if v is not None)]
        ordered = isinstance(fact.type, Scalar) and fact.type.kind in {"number", "date"}
        match fact.type:
            case Scalar():
                if ordered:
                    constants = self._spread(constants, _WEIGHED)
                values: Iterable[Any] = _scalars(fact.type, constants, fact.now)
            case SetOf():
                known = frozenset(v for v in fact.now or () if v is not None)
                values = (known | more for more in _sets(constants))
            case Reference(through=through, none=none):
                entries = getattr(self._record, slot(through), None) or ()
                return self._first([*entries, *([NO_RECORD] if none else [])])
            case ListOf() | Nested() | Period():
                return []
            case _:
                assert_never(fact.type)
        if key in self._beside:
            return self._first(list(dict.fromkeys(values)))
        tests = list(self._tests.get(key, ()))
        for other in beside:
            tests += [partial(operator.eq, other), partial(_below, other)]
        alike: dict[tuple[object, ...], Any] = {}
        for value in values:
            alike.setdefault(tuple([test(value) for test in tests]), value)
            if len(alike) > MOST and not ordered:
                break
        found = list(alike.values())
        return self._spread(found, MOST) if ordered else self._first(found)

    def _first(self, values: list[Any]) -> list[Any]:
        """Return the first of many values."""
        self.cut = self.cut or len(values) > MOST
        return values[:MOST]

    def _spread(self, values: list[Any], most: int) -> list[Any]:
        """Return some of many values that have an order, the least and the greatest among them."""
        if len(values) <= most:
            return values
        self.cut = True
        ordered = sorted(values, key=_order)
        return [ordered[round(i * (len(ordered) - 1) / (most - 1))] for i in range(most)]

    def _note(self, node: Form, vocabulary: Vocabulary) -> None:
        match node:
            case Compare(left, op, Path() as right):
                for path in (left, right):
                    self._beside.add(_field(path, vocabulary))
            case Compare(left, op, right):
                holds = HOLDS[op]
                self._add(left, vocabulary, [right], lambda v: holds(v, right))
            case Member(fact, values):
                self._add(fact, vocabulary, values, lambda v: v in values)
            case Includes(fact, "any", values):
                self._add(fact, vocabulary, values, lambda v: not values.isdisjoint(v))
            case Includes(fact, _, values):
                self._add(fact, vocabulary, values, lambda v: values <= v)
            case _:
                pass

    def _add(self, path: Path, vocabulary: Vocabulary, values: Iterable[Any], test: Test) -> None:
        key = _field(path, vocabulary)
        known = self._constants.setdefault(key, [])
        ordered = sorted((v for v in values if not isinstance(v, NoneThere)), key=str)
        known += [v for v in ordered if v not in known]
        self._tests.setdefault(key, []).append(test)


def _field(path: Path, vocabulary: Vocabulary) -> tuple[str, str]:
    """Return the record and field that a path ends in."""
    record = path.record
    for name in path.fields[:-1]:
        match type_of(vocabulary, record, name):
            case Reference(record=inner) | Nested(record=inner):
                record = inner
            case _:
                record = "period"
    return record, path.fields[-1]


def _order(value: Any) -> Any:
    """Return what values of a fact are ordered by; of a date that stops short, its first day."""
    return value.earliest if isinstance(value, PartialDate) else value


def _below(other: Any, value: Any) -> bool:
    try:
        return bool(value < other)
    except TypeError:
        return False


def _scalars(kind: Scalar, constants: list[Any], now: Any) -> Iterator[Any]:
    match kind.kind:
        case "bool":
            yield from (True, False)
        case "enum":
            yield from kind.values
        case "text":
            yield from constants
            yield _OTHER_TEXT
        case "number":
            yield from _numbers(kind, constants)
        case "date":
            days = {_day(c) for c in constants} or {date(2000, 1, 1)}
            for day in sorted(days):
                yield from (d for d in _around(day) if _may_be(now, d))
            if isinstance(now, PartialDate):
                yield from (now.earliest, now.latest)
        case _:
            assert_never(kind.kind)


def _numbers(kind: Scalar, constants: list[Any]) -> Iterator[Any]:
    if not constants:
        constants = [kind.least if kind.least is not None else 0]
    step = Decimal("0.01") if not kind.whole else 1
    if all(isinstance(c, int) for c in constants):
        step = 1
    for constant in sorted(constants):
        for value in (constant, constant - step, constant + step):
            if (kind.least is None or value >= kind.least) and (
                kind.most is None or value <= kind.most
            ):
                yield value


def _day(value: Any) -> date:
    if isinstance(value, PartialDate):
        return value.earliest
    assert isinstance(value, date)  # noqa: S101 - dates are compared with dates
    return value


def _around(day: date) -> Iterator[date]:
    yield day
    if day > date.min:
        yield day - timedelta(days=1)
    if day < date.max:
        yield day + timedelta(days=1)


def _may_be(now: Any, day: date) -> bool:
    return not isinstance(now, PartialDate) or now.earliest <= day <= now.latest


def _sets(constants: list[Any]) -> Iterator[frozenset[Any]]:
    """Yield subsets of what is asked for: each alone, none, all, then pairs."""
    for value in constants:
        yield frozenset({value})
    yield frozenset()
    yield frozenset(constants)
    for pair in combinations(constants[:6], 2):
        yield frozenset(pair)
