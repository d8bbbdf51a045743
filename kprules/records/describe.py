"""The vocabulary as plain values, for people and programs to read.

Guarantee: printed from the models, so it cannot say what they do not. A line in here arranges
texts; it prints nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from kprules.records.shape import (
    PERIOD_FIELDS,
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Type,
    Vocabulary,
)


@dataclass(frozen=True, slots=True)
class Described:
    """A field as a person meets it."""

    path: str
    """Where a record has it, such as `links[].actor`."""
    record: str
    """The record that has it, as definitions call it: `link`."""
    name: str
    type: str
    """Its type in words."""
    doc: str
    """Meaning, unit and coding rule."""
    values: Mapping[str, str]
    """Allowed values with their meanings; empty where any may be."""
    type_name: str = ""
    """What its enumeration is called."""

    @property
    def spelling(self) -> str:
        """How definitions reach it from an entry in scope: `link.actor`."""
        return f"{self.record}.{self.name}"

    def plain(self) -> dict[str, Any]:
        """Return everything as plain values."""
        return {
            "path": self.path,
            "record": self.record,
            "field": self.name,
            "type": self.type,
            "meaning": self.doc,
            "values": dict(self.values),
        }


def described(vocabulary: Vocabulary) -> list[Described]:
    """Return every field of every record, in the order of the models."""
    return list(_fields(vocabulary, vocabulary.root, "", ()))


def _fields(
    vocabulary: Vocabulary, shape: RecordShape, before: str, above: tuple[str, ...]
) -> Iterator[Described]:
    for name, entry in shape.fields.items():
        path = before + name
        kind = _enumeration(entry.type)
        values = {v: kind.meanings.get(v, "") for v in kind.values} if kind else {}
        yield Described(
            path,
            shape.name,
            name,
            in_words(entry.type),
            entry.doc,
            values,
            kind.name if kind else "",
        )
        match entry.type:
            case Nested(record):
                under = f"{path}."
            case ListOf(record, keyed):
                under = f"{path}.<id>." if keyed else f"{path}[]."
            case _:
                continue
        if record not in above:
            below = vocabulary.shape_of(record)
            yield from _fields(vocabulary, below, under, (*above, shape.name))


def _enumeration(kind: Type) -> Scalar | None:
    scalar = kind.member if isinstance(kind, SetOf) else kind
    return scalar if isinstance(scalar, Scalar) and scalar.kind == "enum" else None


def in_words(kind: Type) -> str:
    """Return a type in words."""
    match kind:
        case Scalar():
            return _scalar_in_words(kind)
        case SetOf(member):
            return f"set of {_scalar_in_words(member)}"
        case Reference(record, through, none):
            return f"{record}, by its id in `{through}`" + (", or `none`" if none else "")
        case ListOf(record, keyed):
            return f"{record} records under ids" if keyed else f"list of {record} records"
        case Nested(record):
            return f"{record} record"
        case Period():
            return "period: " + " and ".join(f"`{end}`" for end in PERIOD_FIELDS)
        case _:
            assert_never(kind)


def _scalar_in_words(kind: Scalar) -> str:
    match kind.kind:
        case "bool":
            return "true or false"
        case "enum":
            if kind.name:
                return kind.name + (" or `none`" if kind.name == "country" and _none(kind) else "")
            return "one of " + ", ".join(f"`{v}`" for v in kind.values)
        case "text":
            return "text"
        case "date":
            return "date: day, month or year"
        case "number":
            what = "whole number" if kind.whole else "number"
            if kind.least is not None and kind.most is not None:
                return f"{what} from {kind.least} to {kind.most}"
            if kind.least is not None:
                return f"{what}, {kind.least} or more"
            return f"{what}, {kind.most} or less" if kind.most is not None else what
        case _:
            assert_never(kind.kind)


def _none(kind: Scalar) -> bool:
    return "none" in kind.values


def find_described(vocabulary: Vocabulary, asked: str) -> list[Described]:
    """Return the fields that a person may mean.

    By path (`links[].finances`, or without brackets and ids), by record and field
    (`link.finances`), by field alone and by a record's name, or by an enumeration's.
    """
    every = described(vocabulary)
    wanted = _loose(asked)
    keys: tuple[Callable[[Described], tuple[str, ...]], ...] = (
        lambda d: (_loose(d.path),),
        lambda d: (d.spelling,),
        lambda d: (d.name, d.record),
        lambda d: (d.type_name.replace(" ", "_"),),
    )
    meant = {asked, wanted, asked.replace(" ", "_")}
    for key in keys:
        found = [d for d in every if not meant.isdisjoint(key(d))]
        if found:
            # A record that is there once bears the name of its field: both are meant.
            return found + [d for d in every if d.record == asked and d not in found]
    return []


def _loose(path: str) -> str:
    return path.replace("[]", "").replace(".<id>", "")


def names_to_ask_for(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the spellings that `find_described` knows, for the nearest one to be found."""
    return names_of(described(vocabulary))


def names_of(every: Iterable[Described]) -> frozenset[str]:
    """Return the spellings of some fields."""
    return frozenset(
        name
        for d in every
        for name in (_loose(d.path), d.spelling, d.name, d.record, d.type_name.replace(" ", "_"))
        if name
    )
