"""A vocabulary made by hand for tests of engines, and records of it as plain values.

It has every type of field and nothing of diamonds: a shop with its makers and items, each of which
holds the same plain facts; a site inside each, a room inside a site; works inside makers and pieces
inside items, so that lists stand in lists; references between them, that may be none.

A plain record is a dict. What is missing from it is unknown. Of the rest:

| field | value |
|---|---|
| bool, enumeration, text, number | the value |
| date | `"2020"`, `"2020-06"` or `"2020-06-15"` |
| period | `{"from": date, "to": date or "ongoing"}`; an end that is missing is unknown |
| set | a list; `None` in it is an unknown member |
| list | a list of dicts; `None` in it is an entry of which nothing is known |
| map | a dict of dicts |
| reference | an id in the map, or `"none"` |
| record | a dict |

and `incomplete` names the record's own lists that may have more entries.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from kprules.records.settled import (
    NO_RECORD,
    ONGOING,
    Incomplete,
    PartialDate,
    Settled,
    SettledPeriod,
    blank,
)
from kprules.records.shape import (
    BOOL,
    DATE,
    NUMBER,
    PERIOD,
    TEXT,
    Field,
    ListOf,
    Nested,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Type,
    Vocabulary,
    slot,
)

Plain = dict[str, Any]

COLOUR = Scalar("enum", ("red", "green", "blue"), "colour")
GRADE = Scalar("enum", ("none", "low", "high"), "grade")
TAGS = SetOf(Scalar("enum", ("new", "old", "rare"), "tag"))
MAYBE_MAKER = Reference("maker", "makers", none=True)
MAKER = Reference("maker", "makers")

_FACTS: Mapping[str, Type] = {
    "open": BOOL,
    "size": NUMBER,
    "colour": COLOUR,
    "tags": TAGS,
    "since": DATE,
    "trading": PERIOD,
}


def _shape(called: str, /, **more: Type) -> RecordShape:
    fields = {**_FACTS, **more}
    return RecordShape(called, {n: Field(n, t) for n, t in fields.items()})


ROOT = _shape(
    "shop",
    licensed=BOOL,
    trim=COLOUR,
    grade=GRADE,
    name=TEXT,
    motto=TEXT,
    weight=NUMBER,
    until=DATE,
    lease=PERIOD,
    marks=TAGS,
    site=Nested("site"),
    owner=MAYBE_MAKER,
    rival=MAKER,
    makers=ListOf("maker", keyed=True),
    items=ListOf("item"),
)
SHOP = Vocabulary(
    "shop",
    ROOT,
    {
        "shop": ROOT,
        "maker": _shape(
            "maker", name=TEXT, partner=MAYBE_MAKER, site=Nested("site"), works=ListOf("piece")
        ),
        "item": _shape(
            "item", grade=GRADE, maker=MAYBE_MAKER, site=Nested("site"), pieces=ListOf("piece")
        ),
        "site": _shape("site", keeper=MAYBE_MAKER, room=Nested("room"), shelf=ListOf("piece")),
        "room": _shape("room"),
        "piece": _shape("piece", maker=MAYBE_MAKER),
    },
)


def settled(plain: Plain) -> Settled:
    """Return a plain record of a shop as engines see it."""
    makers = {
        key: blank(SHOP.shape_of("maker"), f"makers.{key}") for key in plain.get("makers", ())
    }
    for key, maker in makers.items():
        maker._key = key
    root = blank(ROOT, "")
    _fill(root, plain, makers)
    return root


def _fill(into: Settled, plain: Plain, makers: Mapping[str, Settled]) -> None:
    for name, field in into._shape.fields.items():
        if name not in plain:
            continue
        raw = plain[name]
        place = f"{into._place}.{name}" if into._place else name
        match field.type:
            case Scalar(kind="date"):
                set_date(into, name, day(raw))
                continue
            case Scalar():
                value = raw
            case SetOf():
                value = frozenset(raw)
            case Reference():
                value = NO_RECORD if raw == "none" else makers[raw]
            case Nested(record):
                value = blank(SHOP.shape_of(record), place)
                _fill(value, raw, makers)
            case ListOf(record, keyed):
                entries: list[Settled] = []
                for index, entry in enumerate(raw):
                    at = (
                        makers[entry]
                        if keyed
                        else blank(SHOP.shape_of(record), f"{place}[{index}]")
                    )
                    _fill(at, (raw[entry] if keyed else entry) or {}, makers)
                    entries.append(at)
                value = (
                    Incomplete(entries) if name in plain.get("incomplete", ()) else tuple(entries)
                )
            case _:
                value = period(raw, place)
        setattr(into, slot(name), value)


def period(raw: Plain, place: str) -> SettledPeriod:
    """Return a settled period; an end that is missing is unknown."""
    made = SettledPeriod()
    made._key = made._raw = made._why = None
    made._place = place
    for end in ("from", "to"):
        set_date(made, end, day(raw.get(end)))
    return made


def set_date(into: Settled, name: str, value: date | PartialDate | None) -> None:
    """Set the three slots of a date."""
    low, high = (value.earliest, value.latest) if isinstance(value, PartialDate) else (value, value)
    setattr(into, slot(name), value)
    setattr(into, name + "_lo", low)
    setattr(into, name + "_hi", high)


def day(raw: str | None) -> date | PartialDate | None:
    """Read a date that may stop at the month or year."""
    if raw is None or raw == "ongoing":
        return ONGOING if raw else None
    year, month, last = ([int(part) for part in raw.split("-")] + [0, 0])[:3]
    if last:
        return date(year, month, last)
    if month:
        return PartialDate(date(year, month, 1), date(year, month, monthrange(year, month)[1]), raw)
    return PartialDate(date(year, 1, 1), date(year, 12, 31), raw)
