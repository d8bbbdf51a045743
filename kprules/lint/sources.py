"""What does not rest on a source, and sources on which nothing rests.

Guarantee: warnings only, each with its place, and a doubt is none. A line in here touches checked
definitions, validated records and the bibliography; it settles nothing and judges nothing.

Whether a definition's date fits its sources depends on what it is. A *descriptive* wording, or one
of no status, is as old as the oldest place that describes it. A resolution, a law or a proposal has
a day of its own, and is rightly known from reports and copies of later days; but where the oldest
of them is more than three years younger (of those that ship, the furthest is a year and a half),
the date is doubted too. So `since` is too early where every source is dated, and so much later, on
whichever day of its month or year it appeared; a source without a date leaves it open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from pydantic import BaseModel

from kprules.diagnostics import Problems
from kprules.formula.definition import Definition
from kprules.records.case import Cited
from kprules.records.facts import Fact
from kprules.records.resting import floats
from kprules.records.settle import attributes_of, sources_of
from kprules.records.settled import PartialDate
from kprules.records.shape import ListOf, Nested, Period, RecordShape, Vocabulary
from kprules.source import Span

SYNTHETIC: Final = "synthetic"
"""The tag of records that were made up, and rest on nothing."""
_MOST_NAMED: Final = 4
_REPORTED: Final = timedelta(days=3 * 366)
"""How much younger the reports of a text may be that has a day of its own."""

Place = tuple[str | int, ...]


# --- facts without a source -----------------------------------------------------------------------


def unsourced(record: BaseModel, vocabulary: Vocabulary) -> Iterator[tuple[Place, list[str]]]:
    """Yield where a record states facts and names no source, with the fields.

    A fact rests on its own sources, or on those of the record that holds it; a set of members that
    each name theirs does too. An empty list says that there is none, and rests on the sources of
    its record. What is unknown needs none, nor which record of the case is meant.
    """
    tags = getattr(record, "tags", None)
    if SYNTHETIC not in (getattr(tags, "value", tags) or ()):
        yield from _unsourced(record, vocabulary.root, vocabulary, ())


def _unsourced(
    record: BaseModel, shape: RecordShape, vocabulary: Vocabulary, place: Place
) -> Iterator[tuple[Place, list[str]]]:
    bare: list[str] = []
    inner: list[tuple[Place, list[str]]] = []
    rests = bool(sources_of(record))
    attributes = attributes_of(shape)
    for name, field in shape.fields.items():
        value = record.__dict__[attributes[name]]
        match field.type:
            case Nested(inside) if isinstance(value, BaseModel):
                part = vocabulary.records[inside]
                inner += _unsourced(value, part, vocabulary, (*place, name))
            case ListOf(inside) if value:
                part = vocabulary.records[inside]
                entries = value.items() if isinstance(value, Mapping) else enumerate(value)
                for key, entry in entries:
                    inner += _unsourced(entry, part, vocabulary, (*place, name, key))
            case ListOf() if value is not None and not rests:
                bare.append(name)
            case Period() if isinstance(value, BaseModel) and not rests:
                ends = {"from": value.__dict__["from_"], "to": value.__dict__["to"]}
                bare += [f"{name}.{end}" for end, fact in ends.items() if floats(end, None, fact)]
            case _:
                if not rests and floats(name, field.type, value):
                    bare.append(name)
    if bare:
        yield place, bare
    yield from inner


def warn_of_unsourced(
    record: BaseModel,
    vocabulary: Vocabulary,
    span: Callable[[Place], Span],
    problems: Problems,
) -> None:
    """Report every place where a record states facts without a source; `span` finds it."""
    for place, names in unsourced(record, vocabulary):
        shown = ", ".join(f"`{name}`" for name in names[:_MOST_NAMED])
        more = f" and {len(names) - _MOST_NAMED} more" if names[_MOST_NAMED:] else ""
        problems.warn(
            "missing-source",
            f"no source is given for {shown}{more}",
            span((*place, *names[0].split("."))),
            label="on what does it rest?",
            help="cite the bibliography: `{value: …, sources: [key]}`, or "
            f"`{'sources' if place else 'cites'}: [key]` for all facts of the record and for lists "
            "that are empty",
        )


# --- sources that nothing cites -------------------------------------------------------------------


def cited_by(record: object) -> Iterator[str]:
    """Yield the keys of the bibliography that a record cites, anywhere in it."""
    match record:
        case Fact():
            yield from record.sources
            for claim in record.contested:
                yield from claim.sources
            for member in record.members:
                yield from cited_by(member)
        case BaseModel():
            yield from sources_of(record)
            for value in record.__dict__.values():
                yield from cited_by(value)
        case dict():
            for value in record.values():
                yield from cited_by(value)
        case tuple():
            for value in record:
                yield from cited_by(value)
        case _:
            pass


def warn_of_uncited(
    keys: Iterable[str],
    records: Iterable[BaseModel],
    definitions: Iterable[Definition],
    span: Callable[[str], Span],
    problems: Problems,
) -> None:
    """Report every source, by key, that no record and no definition cites; `span` finds it."""
    cited = {key for record in records for key in cited_by(record)}
    cited |= {source.key for definition in definitions for source in definition.sources}
    for key in keys:
        if key not in cited:
            problems.warn(
                "uncited-source",
                f"nothing cites `{key}`",
                span(key),
                label="no case, meeting or definition",
                help="cite it where it bears something out, or take it out",
            )


# --- dates ----------------------------------------------------------------------------------------


def warn_of_early(
    definitions: Iterable[Definition], bibliography: Mapping[str, Cited], problems: Problems
) -> None:
    """Report definitions that are dated before all that they are known from."""
    for definition in definitions:
        dates = [_first_day(bibliography.get(s.key)) for s in definition.sources]
        known = [day for day in dates if day is not None]
        described = definition.status in {None, "descriptive"}
        if (
            definition.since is not None
            and known
            and len(known) == len(dates)
            and min(known) - definition.since > (timedelta() if described else _REPORTED)
        ):
            problems.warn(
                "date-before-source",
                f"`{definition.id}` is dated {definition.since}, before all of its sources",
                definition.span,
                label=f"the oldest is of {min(known)} at the earliest",
                help="date it by the oldest source, or cite an older one",
            )


def _first_day(source: Cited | None) -> date | None:
    """Return the first day on which a source may have appeared; none where that is not known."""
    when = None if source is None else source.date
    return when.earliest if isinstance(when, PartialDate) else when
