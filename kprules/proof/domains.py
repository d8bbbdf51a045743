"""Representatives: for each field a few values that stand for all that it could have.

Guarantee: any record can be changed, fact by fact, into one of representatives on which every
comparison comes out the same; so what no record of representatives does, no record does. A line in
here touches values and types.

Why that holds. A field that is only ever compared with constants cannot tell apart two values that
lie alike to all of them: one each stands for what is no constant, or lies between two. Fields that
are compared with each other are taken together: their facts, `facts` in number, have at most that
many values in any gap between constants, and an order of that many values fits into as many
representatives of the gap, or into all of it. Dates may stop short: then first and last day are two
values. Months and years that hold a constant stand for themselves; where dates are compared with
each other, pairs of days that are no month and no year (`Imagined`) are added, which only ever make
more records than there are, so that a proof over them holds; a case is never made of them.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise
from math import ceil, floor
from typing import Any, assert_never

from kprules.proof.asked import Asked, Key
from kprules.records.settled import PartialDate
from kprules.records.shape import PERIOD_FIELDS, Scalar, SetOf

_MOST_DAYS = 26
"""Days of one group of dates beyond which pairs that are no month or year are left out."""


@dataclass(frozen=True, slots=True)
class Imagined(PartialDate):
    """Two days that are the first and last of no month and no year."""


@dataclass(frozen=True, slots=True)
class _Group:
    """Fields whose values are compared with each other."""

    keys: tuple[Key, ...]
    crossed: bool
    """Whether a definition compares them; else they are the two ends of a period."""


class Domains:
    """The representatives of every field that some definitions ask about."""

    def __init__(
        self,
        asked: Asked,
        facts: Mapping[Key, int] | None = None,
        given: Mapping[Key, Iterable[Any]] | None = None,
        *,
        imagined: bool = True,
    ) -> None:
        """Note which fields go together.

        `facts` says how many facts there are of a field that is compared with others; `given` are
        values that must stand for themselves. Without `imagined`, dates are such as can be written.
        """
        self._asked = asked
        self.read = asked.reads
        self._facts = facts or {}
        self._given = {key: tuple(values) for key, values in (given or {}).items()}
        self._imagined = imagined
        self._groups = _groups(asked)
        self._made: dict[Key, tuple[Any, ...]] = {}
        self.short_of_dates = False
        """Whether dates that stop short may lie in more ways than the representatives do."""

    def crossed(self) -> frozenset[Key]:
        """Return the fields that are compared with others."""
        return frozenset(k for group in self._groups.values() if group.crossed for k in group.keys)

    def of(self, key: Key) -> tuple[Any, ...]:
        """Return the representatives of a field."""
        made = self._made.get(key)
        if made is None:
            group = self._groups.get(key, _Group((key,), crossed=False))
            self._make(group)
            made = self._made[key]
        return made

    def members(self, key: Key) -> tuple[Any, ...]:
        """Return the members of a set that matter."""
        return tuple(self._asked.constants.get(key, ()))

    def _make(self, group: _Group) -> None:
        types = {key: type_of(key, self._asked) for key in group.keys}
        named: dict[Any, None] = {}
        for key in group.keys:
            named.update(self._asked.constants.get(key, {}))
            named.update(dict.fromkeys(self._given.get(key, ())))
        many = sum(self._facts.get(key, 1) for key in group.keys) if group.crossed else 1
        kind = types[group.keys[0]].kind
        match kind:
            case "bool":
                self._made.update(dict.fromkeys(group.keys, (True, False)))
            case "enum":
                for key, scalar in types.items():
                    self._made[key] = _listed(scalar, list(types.values()), named, many)
            case "text":
                others = [_other_text(i) for i in range(many + len(named))]
                others = [text for text in others if text not in named][:many]
                self._made.update(dict.fromkeys(group.keys, (*named, *others)))
            case "number":
                numbers = _numbers(list(types.values()), named, many)
                for key, scalar in types.items():
                    self._made[key] = tuple(v for v in numbers if _admits(scalar, v))
            case "date":
                days = self._dates(group, named, 2 * many)
                self._made.update(dict.fromkeys(group.keys, days))
            case _:
                assert_never(kind)

    def _dates(self, group: _Group, named: Iterable[Any], many: int) -> tuple[Any, ...]:
        stopping = [v for v in named if isinstance(v, PartialDate)]
        fixed = {v for v in named if not isinstance(v, PartialDate)}
        fixed |= {day for v in stopping for day in (v.earliest, v.latest)}
        paired = len(group.keys) > 1
        days = sorted(fixed | set(_days(sorted(fixed), many if group.crossed else 1, paired)))
        short = {(v.earliest, v.latest): v for v in stopping}
        for day in days if group.crossed else sorted(fixed):
            for around in (_month(day), _year(day)):
                short.setdefault((around.earliest, around.latest), around)
        if group.crossed and self._imagined:
            if len(days) > _MOST_DAYS:
                self.short_of_dates = True
            else:
                for first, last in combinations(days, 2):
                    short.setdefault((first, last), Imagined(first, last, f"{first}/{last}"))
            around_fixed = [near for day in sorted(fixed) or days[:1] for near in _near(day)]
            short.update({(near.earliest, near.latest): near for near in around_fixed})
            ends = {day for near in around_fixed for day in (near.earliest, near.latest)}
            days = sorted({*days, *ends})  # more than are needed: so that cases are easily found
        return (*days, *short.values())


def type_of(key: Key, asked: Asked) -> Scalar:
    """Return the type of a field's values, or of a set's members."""
    record, dotted = key
    name, _, end = dotted.partition(".")
    if end:
        return PERIOD_FIELDS[end]
    kind = asked.vocabulary.records[record].fields[name].type
    if isinstance(kind, SetOf):
        return kind.member
    assert isinstance(kind, Scalar)  # noqa: S101 - asked of values alone
    return kind


def _groups(asked: Asked) -> dict[Key, _Group]:
    """Return for each field that does not stand alone the group that it is of."""
    root: dict[Key, Key] = {}

    def find(key: Key) -> Key:
        while root.setdefault(key, key) != key:
            key = root[key]
        return key

    for first, second in (*asked.beside, *asked.periods()):
        root[find(first)] = find(second)
    crossed = {find(first) for first, _ in asked.beside}
    keys: dict[Key, list[Key]] = {}
    for key in sorted(root):
        keys.setdefault(find(key), []).append(key)
    return {
        key: _Group(tuple(together), top in crossed)
        for top, together in keys.items()
        for key in together
    }


# --- values of no order ---------------------------------------------------------------------------


def _listed(
    scalar: Scalar, all_of: Sequence[Scalar], named: Iterable[Any], many: int
) -> tuple[Any, ...]:
    """Return the values named, some that are not and that all the fields have, and one's own."""
    rest = [v for v in scalar.values if v not in set(named)]
    common = [v for v in rest if all(v in other.values for other in all_of)][:many]
    own = [v for v in rest if v not in common and any(v not in o.values for o in all_of)][:many]
    return (*(v for v in named if v in scalar.values), *common, *own)


def _other_text(number: int) -> str:
    return "another-one" if number == 0 else f"another-{number + 1}"


# --- numbers --------------------------------------------------------------------------------------


def _admits(scalar: Scalar, value: Any) -> bool:
    return (
        (scalar.least is None or value >= scalar.least)
        and (scalar.most is None or value <= scalar.most)
        and not (scalar.whole and value != int(value))
    )


def _numbers(scalars: Sequence[Scalar], named: Iterable[Any], many: int) -> tuple[Any, ...]:
    """Return the numbers named and so many in every gap between them."""
    fixed = {*named}
    for scalar in scalars:
        fixed |= {bound for bound in (scalar.least, scalar.most) if bound is not None}
    if not fixed:
        return tuple(range(1, many + 1))
    parted = any(not scalar.whole for scalar in scalars)
    points = sorted(fixed)
    below = floor(points[0]) if points[0] != floor(points[0]) else points[0] - 1
    above = ceil(points[-1]) if points[-1] != ceil(points[-1]) else points[-1] + 1
    found = [
        *points,
        *(int(above) + i for i in range(many)),
        *(int(below) - i for i in range(many)),
    ]
    for low, high in pairwise(points):
        whole = range(floor(low) + 1, ceil(high))
        if len(whole) >= many:
            found += whole[:many]
            continue
        found += whole
        if parted:
            for first, last in pairwise([low, *whole, high]):
                found += _between(first, last, many)
    return tuple(dict.fromkeys(sorted(found)))


def _between(low: Any, high: Any, many: int) -> Iterator[Decimal]:
    """Yield so many decimals that lie between two numbers."""
    parts = 2
    while parts <= many:
        parts *= 2
    low, high = Decimal(low), Decimal(high)
    for i in range(1, many + 1):
        yield (low + (high - low) * i / parts).normalize()


# --- dates ----------------------------------------------------------------------------------------


def _days(fixed: Sequence[date], many: int, paired: bool) -> Iterator[date]:
    """Yield so many days in every gap; the first and last, of two ends of one period."""
    if not fixed:
        yield from (date(2000 + i, 1, 1) for i in range(many))
        return
    day = timedelta(days=1)
    for i in range(1, many + 1):
        if (fixed[0] - date.min).days >= i:
            yield fixed[0] - i * day
        if (date.max - fixed[-1]).days >= i:
            yield fixed[-1] + i * day
    for low, high in pairwise(fixed):
        inside = (high - low).days - 1
        for i in range(1, min(many, inside) + 1):
            yield low + i * day
        if paired and inside > 0:
            yield high - day


def _month(day: date) -> PartialDate:
    last = monthrange(day.year, day.month)[1]
    return PartialDate(day.replace(day=1), day.replace(day=last), f"{day:%Y-%m}".zfill(7))


def _near(day: date) -> Iterator[PartialDate]:
    """Yield the month and the year of a day, and those before and after."""
    for around in (_month(day), _year(day)):
        yield around
        whole = _month if len(around.text) == len("2000-01") else _year
        if around.earliest > date.min:
            yield whole(around.earliest - timedelta(days=1))
        if around.latest < date.max:
            yield whole(around.latest + timedelta(days=1))


def _year(day: date) -> PartialDate:
    return PartialDate(date(day.year, 1, 1), date(day.year, 12, 31), str(day.year).zfill(4))
