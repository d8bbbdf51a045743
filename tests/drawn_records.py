"""Plain records of a shop (`shop`), drawn at random, and what can be learnt of them.

Values come from small pools, so that they collide.
"""

from __future__ import annotations

from dataclasses import dataclass
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
    return _record(pick, ROOT, gaps, {})


def _record(pick: Pick, shape: RecordShape, gaps: Gaps, ids: Plain) -> Plain:
    drawn: Plain = {}
    names = list(shape.fields)
    if "makers" in shape.fields:  # before what refers to them
        names.remove("makers")
        names.insert(0, "makers")
    for name in names:
        kind = shape.fields[name].type
        rate = gaps.lists if isinstance(kind, ListOf | Nested) else gaps.facts
        if rarely(pick, rate):
            continue
        if name == "makers":
            ids.update({key: {} for key in ("m1", "m2", "m3")[: one(pick, (0, 1, 2, 2, 3))]})
        if isinstance(kind, Reference) and not ids and not kind.none:
            continue
        drawn[name] = value(pick, kind, gaps, ids)
        if isinstance(kind, ListOf) and rarely(pick, gaps.lists):
            drawn.setdefault("incomplete", []).append(name)
    return drawn


def value(pick: Pick, kind: Type, gaps: Gaps, ids: Plain) -> Any:
    """Draw the plain value of a field."""
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
            return one(pick, DAYS if gaps.facts else WHOLE_DAYS)
        case SetOf(member):
            members: list[Any] = [v for v in member.values if pick(2)]
            return [*members, *([None] if rarely(pick, gaps.facts) else [])]
        case Reference(none=none):
            return one(pick, [*ids, *(["none"] if none else [])])
        case Nested(inner):
            return _record(pick, SHOP.shape_of(inner), gaps, ids)
        case ListOf(inner, keyed):
            shape = SHOP.shape_of(inner)
            if keyed:
                return {key: _record(pick, shape, gaps, ids) for key in ids}
            return [
                None if rarely(pick, gaps.entries) else _record(pick, shape, gaps, ids)
                for _ in range(one(pick, (0, 1, 2, 2, 3)))
            ]
        case Period():
            return _period(pick, gaps)


def _period(pick: Pick, gaps: Gaps) -> Plain:
    drawn: Plain = {}
    days = DAYS if gaps.facts else WHOLE_DAYS
    for end in ("from", "to"):
        if not rarely(pick, gaps.facts // 2):
            drawn[end] = one(pick, days)
    if "to" in drawn and pick(6) == 5:
        drawn["to"] = "ongoing"
    return drawn


# --- what can be learnt -------------------------------------------------------------------------


def learn(pick: Pick, plain: Plain, *, everything: bool = False) -> Plain:
    """Return the record with some of its unknown facts known; or with no gap left."""
    gaps = NO_GAPS if everything else Gaps(40, 40, 20)
    ids: Plain = dict.fromkeys(plain.get("makers", {}))
    unknown = "makers" not in plain
    if (unknown and not rarely(pick, gaps.lists)) or "makers" in plain.get("incomplete", ()):
        ids.update(dict.fromkeys(("m4", "m5")[: pick(3)]))
        unknown = False
    learnt = _learn(pick, {"makers": {}, **plain}, ROOT, gaps, ids)
    if unknown:
        del learnt["makers"]
    return learnt


def _learn(pick: Pick, plain: Plain, shape: RecordShape, gaps: Gaps, ids: Plain) -> Plain:
    known: Plain = {}
    for name, field in shape.fields.items():
        kind = field.type
        if name in plain:
            grows = name in plain.get("incomplete", ())
            known[name] = _learnt(pick, plain[name], kind, gaps, ids, grows=grows)
        elif isinstance(kind, Reference) and not (kind.none or ids):
            continue
        elif not rarely(pick, gaps.facts):
            known[name] = value(pick, kind, gaps, ids)
    still_open = [name for name in plain.get("incomplete", ()) if rarely(pick, gaps.lists)]
    return {**known, **({"incomplete": still_open} if still_open else {})}


def _learnt(pick: Pick, old: Any, kind: Type, gaps: Gaps, ids: Plain, *, grows: bool) -> Any:
    match kind:
        case Scalar("date"):
            return _day_within(pick, old, gaps)
        case Scalar() | Reference():
            return old
        case SetOf(member):
            if None not in old or rarely(pick, gaps.facts):
                return old
            return [v for v in member.values if v in old or pick(2)]
        case Nested(inner):
            return _learn(pick, old, SHOP.shape_of(inner), gaps, ids)
        case ListOf(inner, keyed):
            shape = SHOP.shape_of(inner)
            if keyed:
                fresh = [key for key in ids if key not in old]
                return {
                    **{key: _learn(pick, old[key], shape, gaps, ids) for key in old},
                    **{key: _record(pick, shape, gaps, ids) for key in fresh},
                }
            more = [_record(pick, shape, gaps, ids) for _ in range(pick(3) if grows else 0)]
            return [_learn(pick, entry or {}, shape, gaps, ids) for entry in old] + more
        case Period():
            ends = {}
            for end in ("from", "to"):
                if end in old:
                    ends[end] = _day_within(pick, old[end], gaps)
                elif not rarely(pick, gaps.facts):
                    ends[end] = _day_within(pick, one(pick, DAYS), gaps)
            return ends


def _day_within(pick: Pick, old: str, gaps: Gaps) -> str:
    within = [d for d in ("2020-06-15", "2020-06-16", "2019-12-31") if d.startswith(old)]
    if old == "ongoing" or len(old) == 10 or rarely(pick, gaps.facts):
        return old
    return one(pick, within)
