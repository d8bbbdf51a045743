"""Plain records of a shop (`shop`), drawn at random, and what can be learnt of them.

Values come from small pools, so that they collide.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from picks import Pick, one, rarely
from shop import ROOT, SHOP, Plain

from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Type,
)

NUMBERS = (0, 1, 2, Decimal("1.5"))
DAYS = ("2020-06-15", "2020-06-16", "2020", "2020-06", "2021-01-01", "2019")
WHOLE_DAYS = tuple(day for day in DAYS if len(day) == len("2020-06-15"))
TEXTS = ("a", "b")


@dataclass(frozen=True)
class Gaps:
    """How often, in a hundred, a fact is left out, a list is incomplete, an entry a blank."""

    facts: int = 22
    lists: int = 12
    entries: int = 4


NO_GAPS = Gaps(0, 0, 0)


def record(pick: Pick, gaps: Gaps = Gaps()) -> Plain:
    """Draw a plain record of a shop."""
    return _Drawer(pick, gaps).shop({})


def learn(
    pick: Pick, plain: Plain, *, everything: bool = False, but: AbstractSet[str] = frozenset()
) -> Plain:
    """Return the record with some of its unknown facts known, or all; but not some of them.

    A fact is named by the path where it lives: a list that may grow, an end of a period, too.
    """
    drawer = _Drawer(pick, NO_GAPS if everything else Gaps(40, 40, 20), but)
    return drawer.shop(plain)


@dataclass
class _Drawer:
    """Draws what is not known of a record, but for the gaps that remain."""

    pick: Pick
    gaps: Gaps
    but: AbstractSet[str] = frozenset()
    ids: list[str] = field(default_factory=list)

    def shop(self, known: Plain) -> Plain:
        """Draw a shop of which something is known already."""
        self.ids = list(known.get("makers", ()))
        grows = "makers" not in known or "makers" in known.get("incomplete", ())
        if grows and not self._gap("makers", self.gaps.lists):
            fresh = ("m1", "m2", "m3", "m4", "m5")[len(self.ids) :]
            self.ids += fresh[: one(self.pick, (0, 1, 2, 2, 3))]
            known = {"makers": {}, **known, "incomplete": [*known.get("incomplete", ()), "makers"]}
        return self.record(ROOT, "", known)

    def record(self, shape: RecordShape, place: str, known: Plain) -> Plain:
        """Draw a record."""
        drawn: Plain = {}
        still_open = []
        for name, at in shape.fields.items():
            home = f"{place}.{name}" if place else name
            grows = name not in known or name in known.get("incomplete", ())
            closed = not self._gap(home, self._rate(at.type))
            if name in known:
                drawn[name] = self.more(at.type, home, known[name], grows=grows and closed)
            elif name == "makers" or not closed:
                continue
            elif not isinstance(at.type, Reference) or self.ids or at.type.none:
                drawn[name] = self.new(at.type, home)
            if isinstance(at.type, ListOf) and grows and name in drawn and not self._shut(home):
                still_open.append(name)
        return {**drawn, **({"incomplete": still_open} if still_open else {})}

    def new(self, kind: Type, home: str) -> Any:
        """Draw the value of a fact that is not known."""
        pick = self.pick
        match kind:
            case Scalar("bool"):
                return not pick(2)
            case Scalar("enum", values):
                return one(pick, values)
            case Scalar("text"):
                return one(pick, TEXTS)
            case Scalar("number"):
                return one(pick, NUMBERS)
            case Scalar():
                return one(pick, DAYS if self.gaps.facts else WHOLE_DAYS)
            case SetOf(member):
                members: list[Any] = [v for v in member.values if pick(2)]
                return [*members, *([None] if self._gap(home, self.gaps.facts) else [])]
            case Reference(none=none):
                return one(pick, [*self.ids, *(["none"] if none else [])])
            case Nested(inner):
                return self.record(SHOP.shape_of(inner), home, {})
            case ListOf(inner):
                return self.entries(inner, home, 0, one(pick, (0, 1, 2, 2, 3)))
            case Period():
                ends = self.period(home, {})
                if "to" in ends and pick(6) == 5:
                    ends["to"] = "ongoing"
                return ends

    def more(self, kind: Type, home: str, old: Any, *, grows: bool) -> Any:
        """Draw what there is more to a fact than is known."""
        match kind:
            case Scalar("date"):
                return self.day(home, old)
            case Scalar() | Reference():
                return old
            case SetOf(member):
                if None not in old or self._gap(home, self.gaps.facts):
                    return old
                return [v for v in member.values if v in old or self.pick(2)]
            case Nested(inner):
                return self.record(SHOP.shape_of(inner), home, old)
            case ListOf(inner, keyed=True):
                shape = SHOP.shape_of(inner)
                return {k: self.record(shape, f"{home}.{k}", old.get(k, {})) for k in self.ids}
            case ListOf(inner):
                shape = SHOP.shape_of(inner)
                known = [self.record(shape, f"{home}[{i}]", e or {}) for i, e in enumerate(old)]
                return known + self.entries(inner, home, len(old), self.pick(3) if grows else 0)
            case Period():
                return self.period(home, old)

    def entries(self, record: str, home: str, first: int, count: int) -> list[Plain | None]:
        """Draw entries of a list."""
        return [
            None
            if rarely(self.pick, self.gaps.entries)
            else self.record(SHOP.shape_of(record), f"{home}[{first + index}]", {})
            for index in range(count)
        ]

    def period(self, home: str, known: Plain) -> Plain:
        """Draw the ends of a period that are not known."""
        ends: Plain = {}
        for end in ("from", "to"):
            if end in known:
                ends[end] = self.day(f"{home}.{end}", known[end])
            elif not self._gap(f"{home}.{end}", self.gaps.facts // 2):
                ends[end] = one(self.pick, DAYS if self.gaps.facts else WHOLE_DAYS)
        return ends

    def day(self, home: str, old: str) -> str:
        """Draw a day within a date that may stop short."""
        if old == "ongoing" or old in WHOLE_DAYS or self._gap(home, self.gaps.facts):
            return old
        within = [d for d in ("2020-06-15", "2020-06-16", "2019-12-31") if d.startswith(old)]
        return one(self.pick, within or [old])

    def _rate(self, kind: Type) -> int:
        return self.gaps.lists if isinstance(kind, ListOf | Nested) else self.gaps.facts

    def _gap(self, home: str, percent: int) -> bool:
        return home in self.but or rarely(self.pick, percent)

    def _shut(self, home: str) -> bool:
        return home not in self.but and not rarely(self.pick, self.gaps.lists)
