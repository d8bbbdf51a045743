"""What a definition says of a plain record, worked out slowly and apart: the engines' oracle.

It follows the language's own page, shares no code with `formula.meaning`, `logic` or any engine,
and reads plain records (`shop`), not settled ones. Connectives are Kleene's tables; a date that
stops short is every day it may be; a count or share is every way in which the truth of `where` and
`has` may be settled, entry by entry.
"""

from __future__ import annotations

import operator
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import reduce
from itertools import product
from typing import Any, Literal

from kleene import AND, NOT, OR
from shop import SHOP, Plain

from kprules.formula import nodes as n
from kprules.formula.definition import Judgement
from kprules.records.shape import ListOf, Period, Reference, Scalar

Truth = Literal["t", "f", "u"]


class _Mark:
    """Something that is no value."""


UNKNOWN, NOT_THERE = _Mark(), _Mark()
_HOLDS = {
    "is": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_OF_INTEREST = [
    day + timedelta(days=shift)
    for day in (date(2020, 6, 15), date(2020, 6, 16), date(2021, 1, 1), date(2019, 12, 31))
    for shift in (-1, 0, 1)
]


def outcome(judgement: Judgement, plain: Plain) -> str:
    """Return the outcome of a definition on a plain record."""
    scope = {"": plain}
    truth = truth_of(judgement.captures, scope)
    for exception in judgement.exceptions:
        truth = AND[truth, NOT[truth_of(exception, scope)]]
    return {"t": "captured", "f": "not_captured", "u": "undetermined"}[truth]


def truth_of(form: n.Form, scope: Mapping[str, Any]) -> str:
    """Return the truth of a form on plain records: the judged one under the empty name."""
    match form:
        case n.Const(value):
            return _sure(value)
        case n.Compare(left, op, right):
            return _compare(scope, left, op, right)
        case n.Member(fact, values):
            if not values:
                return "f"
            return _any(_compare(scope, fact, "is", v) for v in values)
        case n.Includes(fact, how, values):
            return _includes(find(scope, fact), how, values)
        case n.Overlaps(left, right):
            return _overlap(scope, left, right)
        case n.Known(fact):
            found = find(scope, fact)
            if isinstance(fact.type, Period) and isinstance(found, dict):
                return _sure({"from", "to"} <= set(found))
            return _sure(found is not UNKNOWN)
        case n.All(parts):
            return reduce(lambda a, b: AND[a, b], [truth_of(p, scope) for p in parts], "t")
        case n.Any(parts):
            return _any(truth_of(p, scope) for p in parts)
        case n.Not(part):
            return NOT[truth_of(part, scope)]
        case n.Quantified():
            return _quantified(form, scope)
        case _:
            raise AssertionError(form)


def _sure(value: object) -> Truth:
    return "t" if value else "f"


def _any(truths: Iterable[str]) -> str:
    return reduce(lambda a, b: OR[a, b], truths, "f")


def _agreed(values: Iterable[object]) -> Truth:
    """Return what every way of settling comes to, else that it is unknown."""
    found = {bool(v) for v in values}
    return "u" if len(found) == 2 else _sure(found.pop())


# --- facts ----------------------------------------------------------------------------------------


def find(scope: Mapping[str, Any], path: n.Path) -> Any:
    """Return the plain value at the end of a path; a reference as its id, a list as a pair."""
    at: Any = scope[path.variable]
    record = path.record
    for index, name in enumerate(path.fields):
        if record == "period":
            return at.get(name, UNKNOWN)
        if at is None or name not in at:
            return UNKNOWN
        kind = SHOP.records[record].fields[name].type
        holder, at = at, at[name]
        last = index + 1 == len(path.fields)
        if isinstance(kind, ListOf):
            entries = list(at.values()) if kind.keyed else at
            return entries, name not in holder.get("incomplete", ())
        if isinstance(kind, Reference) and not last:
            if at == "none":
                return NOT_THERE
            at = scope[""]["makers"][at]
        record = "period" if isinstance(kind, Period) else getattr(kind, "record", record)
    return at


def _end(path: n.Path, name: str) -> n.Path:
    return n.Path(path.variable, path.record, (*path.fields, name), Scalar("date"))


def _days(value: Any) -> list[date]:
    """Return the days that a date may be: its first and last, and those that pools come near."""
    if isinstance(value, date):
        return [value]
    if value == "ongoing":
        return [date.max]
    numbers = [int(part) for part in value.split("-")]
    if len(numbers) == 3:
        return [date(*numbers)]
    year, first, last = numbers[0], (numbers[1:] or [1])[0], (numbers[1:] or [12])[0]
    begin, end = date(year, first, 1), date(year, last, monthrange(year, last)[1])
    return [begin, end, *(day for day in _OF_INTEREST if begin <= day <= end)]


def _compare(scope: Mapping[str, Any], left: n.Path, op: n.Op, right: Any) -> Truth:
    first = find(scope, left)
    second = find(scope, right) if isinstance(right, n.Path) else right
    if first is NOT_THERE or second is NOT_THERE:
        return "f"
    if first is UNKNOWN or second is UNKNOWN:
        return "u"
    holds = _HOLDS[op]
    if left.type == Scalar("date"):
        return _agreed(holds(a, b) for a, b in product(_days(first), _days(second)))
    if second is n.NONE:
        return _sure(first == "none")
    return _sure(holds(first, second))


def _overlap(scope: Mapping[str, Any], left: n.Path, right: n.Path) -> Truth:
    """Settle unknown ends in every way that leaves no period ending before it begins."""
    periods = []
    for path in (left, right):
        ends = [find(scope, _end(path, name)) for name in ("from", "to")]
        if NOT_THERE in ends:
            return "f"
        periods.append(ends)
    known = [day for ends in periods for end in ends if end is not UNKNOWN for day in _days(end)]
    some = sorted({date.min, *known, date.max})
    ways = [
        [
            (begin, end)
            for begin, end in product(*(some if e is UNKNOWN else _days(e) for e in ends))
            if UNKNOWN not in ends or begin <= end
        ]
        for ends in periods
    ]
    return _agreed(
        begin <= other_end and other_begin <= end
        for (begin, end), (other_begin, other_end) in product(*ways)
    )


def _includes(found: Any, how: str, values: frozenset[Any]) -> Truth:
    if not values:
        return _sure(how == "all")
    if found is UNKNOWN:
        return "u"
    if found is NOT_THERE:
        return "f"
    listed = [v in found for v in values]
    if all(listed) if how == "all" else any(listed):
        return "t"
    return "u" if None in found else "f"


# --- counts ---------------------------------------------------------------------------------------

_WAYS = {"t": (True,), "f": (False,), "u": (True, False)}


def _quantified(form: n.Quantified, scope: Mapping[str, Any]) -> Truth:
    found = find(scope, form.over)
    if found is UNKNOWN:
        return "u"
    entries, complete = ([], True) if found is NOT_THERE else found
    truths = []
    for entry in entries:
        inside = {**scope, form.variable: entry}
        where = "t" if form.where is None else truth_of(form.where, inside)
        truths.append((where, truth_of(form.has, inside)))
    if not complete and isinstance(form.how, n.Share):
        return "u"
    return counted(form.how, truths, complete=complete)


def counted(how: n.How, truths: list[tuple[str, str]], *, complete: bool = True) -> Truth:
    """Settle `where` and `has` of the entries, and what may be missing, in every way."""
    settled = [[(w, h) for w in _WAYS[a] for h in _WAYS[b]] for a, b in truths]
    more = [[]] if complete else [[], [(True, True)] * 9, [(True, False)] * 9]
    return _agreed(
        _holds(how, [h for w, h in [*ways, *extra] if w])
        for ways in product(*settled)
        for extra in more
    )


def _holds(how: n.How, entries: list[bool]) -> bool:
    hits = sum(entries)
    match how:
        case "some":
            return hits > 0
        case "every":
            return hits == len(entries)
        case "no":
            return hits == 0
        case n.AtLeast(least):
            return hits >= least
        case n.Share(part, whole, strictly):
            if not entries:
                return False
            have, need = hits / len(entries), part / whole
            return have > need if strictly else have >= need
