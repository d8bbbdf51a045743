"""A vocabulary of numbers, dates, periods and texts, with values in plenty around the constants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

from picks import Pick, one

from kprules.formula import nodes as n
from kprules.formula.definition import Definition, Judgement, choose
from kprules.formula.nodes import Form, Path
from kprules.proof.models import set_value
from kprules.records.settled import ONGOING, PartialDate, Settled, SettledPeriod, blank
from kprules.records.shape import (
    DATE,
    PERIOD,
    TEXT,
    Field,
    RecordShape,
    Scalar,
    Type,
    Vocabulary,
)

WHOLE = Scalar("number", whole=True, least=0, most=5)
PARTED = Scalar("number", whole=False, least=0, most=2)
_FIELDS: dict[str, Type] = {
    "whole": WHOLE, "other": WHOLE, "parted": PARTED, "day": DATE, "end": DATE,
    "first": PERIOD, "second": PERIOD, "name": TEXT, "motto": TEXT,
}  # fmt: skip
ROOT = RecordShape("bill", {name: Field(name, kind) for name, kind in _FIELDS.items()})
BILL = Vocabulary("bill", ROOT, {"bill": ROOT})
GROUPS = (
    ("whole",), ("whole", "other"), ("whole", "parted"), ("whole", "other", "parted"),
    ("day",), ("day", "end"), ("first",), ("first", "second"), ("name", "motto"),
)  # fmt: skip
"""Fields that definitions ask of together."""

DAYS = [date(2020, 5, 30) + timedelta(days=i) for i in range(6)]
SHORT = [
    PartialDate(date(2020, 5, 1), date(2020, 5, 31), "2020-05"),
    PartialDate(date(2020, 6, 1), date(2020, 6, 30), "2020-06"),
    PartialDate(date(2020, 7, 1), date(2020, 7, 31), "2020-07"),
    PartialDate(date(2020, 1, 1), date(2020, 12, 31), "2020"),
    PartialDate(date(2019, 1, 1), date(2019, 12, 31), "2019"),
]
NAMED = (date(2020, 5, 31), date(2020, 6, 1), date(2020, 6, 3))
ORDER: tuple[n.Op, ...] = ("is", "<", "<=", ">", ">=")


def fact(*fields: str) -> Path:
    """Return a path of a bill."""
    return Path("", "bill", fields, _FIELDS[fields[0]] if len(fields) == 1 else DATE)


# --- every record -------------------------------------------------------------------------------


def bills(group: Sequence[str], *, settled: bool) -> Iterator[Settled]:
    """Yield records with every value of a pool for each field of a group."""
    for values in product(*(_pool(name, settled, len(group)) for name in group)):
        bill = blank(ROOT, "")
        for name, value in zip(group, values, strict=True):
            if isinstance(value, tuple):
                setattr(bill, name, _period(*value))
            else:
                set_value(bill, name, value)
        yield bill


def _pool(name: str, settled: bool, beside: int) -> list[Any]:
    ends = [*DAYS, date(2019, 12, 31), date(2021, 5, 5), *([] if settled else [None, *SHORT])]
    gap = [] if settled else [None]
    match name:
        case "whole" | "other":
            return [*range(6), *gap]
        case "parted":
            return [0, Decimal("0.3"), Decimal("0.5"), Decimal("0.7"), 1, Decimal("1.2"), 2, *gap]
        case "name" | "motto":
            return ["a", "b", "c", "d", *gap]
        case "day" | "end":
            return ends
        case _:
            pairs = [(a, b) for a in ends for b in (*ends, ONGOING) if _in_order(a, b)]
            return pairs if beside == 1 else pairs[:: 5 if settled else 9]


def _in_order(first: Any, last: Any) -> bool:
    if first is None or last is None:
        return True
    begins = first.earliest if isinstance(first, PartialDate) else first
    return bool(begins <= (last.latest if isinstance(last, PartialDate) else last))


def _period(first: Any, last: Any) -> SettledPeriod:
    made = SettledPeriod()
    made._key = made._raw = made._why = None
    made._place = "period"
    set_value(made, "from", first)
    set_value(made, "to", last)
    return made


# --- definitions --------------------------------------------------------------------------------


def drawn(pick: Pick, group: Sequence[str], name: str = "bill-one") -> Judgement:
    """Draw a definition that asks of a group's fields."""
    return choose(Definition(name, name, "bill", _form(pick, group, 3), vocabulary=BILL))


def _form(pick: Pick, group: Sequence[str], depth: int) -> Form:
    kind = pick(10) if depth else 0
    if kind < 4:
        return _leaf(pick, group)
    if kind < 6:
        return n.Not(_form(pick, group, depth - 1))
    joined = n.All if kind < 8 else n.Any
    return joined(tuple(_form(pick, group, depth - 1) for _ in range(2)))


def _leaf(pick: Pick, group: Sequence[str]) -> Form:
    name = one(pick, group)
    beside = one(pick, group)
    match name:
        case "whole" | "other" | "parted":
            if beside != name and pick(2):
                return n.Compare(fact(name), one(pick, ORDER), fact(beside))
            constants = (0, 1, 2, 4) if name != "parted" else (0, Decimal("0.5"), 1, 2)
            if pick(5) == 4:
                return n.Member(fact(name), frozenset({one(pick, constants), 1}))
            return n.Compare(fact(name), one(pick, ORDER), one(pick, constants))
        case "day" | "end":
            if beside != name and pick(2):
                return n.Compare(fact(name), one(pick, ORDER), fact(beside))
            return n.Compare(fact(name), one(pick, ORDER), one(pick, NAMED))
        case "first" | "second":
            if beside != name and pick(2):
                return n.Overlaps(fact(name), fact(beside))
            if pick(9) == 8:
                return n.Known(fact(name))
            end = fact(name, one(pick, ("from", "to")))
            return n.Compare(end, one(pick, ORDER), one(pick, NAMED))
        case _:
            if beside != name and pick(2):
                return n.Compare(fact(name), "is", fact(beside))
            return n.Member(fact(name), frozenset({"a", one(pick, ("a", "b"))}))
