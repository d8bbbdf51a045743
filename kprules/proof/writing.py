"""A settled record as a case file would state it, and in words.

Guarantee: what is written is what the record states, in the spelling that the loader reads; fields
that must be there and that nobody asked about are filled with any value that their type has. A line
in here touches one settled record; it opens no file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, assert_never

from kprules.proof.admitted import may_be_blank, never_unknown
from kprules.proof.models import facts_in
from kprules.records.settled import (
    NO_RECORD,
    ONGOING,
    UNKNOWN_RECORD,
    Incomplete,
    PartialDate,
    Settled,
    SettledPeriod,
)
from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Type,
    Vocabulary,
    slot,
)

Plain = dict[str, Any]


def placed(record: Settled, vocabulary: Vocabulary) -> Settled:
    """Give every entry the place and id that it has once others are gone, in place."""
    _place(record, "")
    for field in vocabulary.root.fields.values():
        if isinstance(field.type, ListOf) and field.type.keyed:
            entries = getattr(record, slot(field.name)) or ()
            for number, entry in enumerate(entries, 1):
                key = field.type.record if len(entries) == 1 else f"{field.type.record}_{number}"
                entry._key = key  # noqa: SLF001 - this makes them
                _place(entry, f"{field.name}.{key}")
    return record


def _place(at: Settled, place: str) -> None:
    at._place = place  # noqa: SLF001 - as above
    for field in at._shape.fields.values():  # noqa: SLF001 - part of what a record shows
        value = getattr(at, slot(field.name))
        inside = f"{place}.{field.name}" if place else field.name
        if value is None or value is UNKNOWN_RECORD:
            continue
        match field.type:
            case Nested():
                _place(value, inside)
            case Period():
                value._place = inside  # noqa: SLF001 - as above
            case ListOf(keyed=keyed):
                for number, entry in enumerate(value):
                    key = f".{entry._key}" if keyed else f"[{number}]"  # noqa: SLF001 - as above
                    _place(entry, inside + key)
            case _:
                pass


def heads(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the fields that every record must have, and that say only which one it is."""
    return frozenset({vocabulary.about, "title"} & never_unknown(vocabulary.root))


def written(record: Settled, vocabulary: Vocabulary, named: Mapping[str, str]) -> Plain:
    """Return a record as a file states it, with some of its heads as `named`, whatever it says."""
    plain = {**_Writer(vocabulary).record(record, ""), **named}
    first = [name for name in (vocabulary.about, "title") if name in plain]
    return {name: plain[name] for name in (*first, *(n for n in plain if n not in first))}


def plain_entry(
    entry: Settled, vocabulary: Vocabulary, holder: RecordShape, name: str
) -> Plain | None:
    """Return an entry of a field of a record as a file states it; None where that says nothing."""
    dotted = entry._place  # noqa: SLF001 - as above
    return _Writer(vocabulary).entry(entry, dotted, blank=may_be_blank(holder, name))


class _Writer:
    """Writes one record; gathers the lists that may have more entries."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._incomplete: list[str] = []

    def record(self, at: Settled, dotted: str) -> Plain:
        """Write a record and all that is in it."""
        shape = at._shape  # noqa: SLF001 - part of what a record shows
        own: list[str] = []
        plain: Plain = {}
        required = never_unknown(shape)
        for name, field in shape.fields.items():
            value = getattr(at, slot(name))
            inside = f"{dotted}.{name}" if dotted else name
            if isinstance(value, Incomplete):
                own.append(name)
                self._incomplete.append(inside)
            if value is None or value is UNKNOWN_RECORD:
                if name in required:
                    plain[name] = _any(field.type, self._vocabulary)
                continue
            plain[name] = self._value(value, field.type, inside, blank=may_be_blank(shape, name))
        if self._vocabulary.root.model is None:
            named = own
        else:
            named = sorted(set(self._incomplete)) if not dotted else []
        return {**plain, "incomplete": named} if named else plain

    def entry(self, at: Settled, dotted: str, *, blank: bool) -> Plain | None:
        """Write an entry: null where it says nothing, may, and could not say nothing otherwise."""
        if blank and never_unknown(at._shape) and not any(True for _ in facts_in(at)):  # noqa: SLF001 - as above
            return None
        return self.record(at, dotted)

    def _value(self, value: Any, kind: Type, dotted: str, *, blank: bool) -> Any:
        match kind:
            case Scalar():
                return _scalar(value)
            case SetOf():
                known = [_scalar(v) for v in value if v is not None]
                return [*sorted(known, key=str), *(["unknown"] if None in value else [])]
            case Reference():
                return "none" if value is NO_RECORD else value._key  # noqa: SLF001 - as above
            case Nested():
                return self.record(value, dotted)
            case Period():
                return _period(value)
            case ListOf(keyed=True):
                return {e._key: self.entry(e, dotted, blank=blank) for e in value}  # noqa: SLF001 - as above
            case ListOf():
                return [self.entry(entry, dotted, blank=blank) for entry in value]
            case _:
                assert_never(kind)


def _period(value: SettledPeriod) -> Plain:
    """Write a period: an end that has not come is left out, one that is not known is said to be."""
    ends: Plain = {}
    if value.from_ is not None:
        ends["from"] = _scalar(value.from_)
        if value.to is None:
            ends["to"] = "unknown"
    if value.to is not None and (value.to != ONGOING or value.from_ is None):
        ends["to"] = _scalar(value.to)
    return ends


def _scalar(value: Any) -> Any:
    if isinstance(value, Decimal):
        near = float(value)
        return near if Decimal(repr(near)) == value else str(value)
    return str(value) if isinstance(value, date | PartialDate) else value


def _any(kind: Type, vocabulary: Vocabulary) -> Any:
    """Return some value of a type, for a field that must be there."""
    match kind:
        case Scalar("bool"):
            return False
        case Scalar("enum", values):
            return values[0]
        case Scalar("text"):
            return "another-one"
        case Scalar("number"):
            return next(v for v in (kind.least, kind.most, 0) if v is not None)
        case Scalar():
            return "2000-01-01"
        case SetOf():
            return []
        case ListOf(keyed=keyed):
            return {} if keyed else []
        case Reference():
            return "none"
        case Nested(record):
            shape = vocabulary.records[record]
            required = never_unknown(shape)
            return {
                f.name: _any(f.type, vocabulary)
                for f in shape.fields.values()
                if f.name in required
            }
        case Period():
            return {}
        case _:
            assert_never(kind)


# --- in words -------------------------------------------------------------------------------------


def in_words(stated: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what a written record, or a part of one, states, a fact a line."""
    return tuple(_lines(stated, ""))


def _lines(plain: Mapping[str, Any], place: str) -> Iterator[str]:
    for name, value in plain.items():
        path = f"{place}.{name}" if place else name
        match value:
            case _ if name == "incomplete":
                for listed in value:
                    yield f"{place + '.' if place else ''}{listed} may have more entries"
            case None:
                yield f"{path} is there, and nothing is known of it"
            case {} if not value:
                named = "is there, and nothing is known of it" if place else "is empty"
                yield f"{path} {named}"
            case Mapping():
                yield from _lines(value, path)
            case [dict() | None, *_]:
                for number, entry in enumerate(value):
                    if entry:
                        yield from _lines(entry, f"{path}[{number}]")
                    else:
                        yield f"{path}[{number}] is there, and nothing is known of it"
            case []:
                yield f"{path} is empty"
            case list():
                known = [str(v) for v in value if v != "unknown"]
                rest = ["perhaps more"] if "unknown" in value else []
                yield f"{path} includes {', '.join([*known, *rest])}"
            case bool():
                yield f"{path} is {'true' if value else 'false'}"
            case _:
                yield f"{path} is {value}"
