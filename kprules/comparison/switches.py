"""Outcomes under every switch: as each party sees the facts, on either standard, on every reading.

Guarantee: each outcome is the compiled engine's on the case settled so, under readings chosen so;
ways of settling a case that come to the same facts are held once. A line in here touches
definitions, settled records and outcomes as values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from kprules.comparison.conditions import order_of
from kprules.comparison.matrix import Subject
from kprules.comparison.missing import fields_of
from kprules.evaluation.compiled import compile_numbers
from kprules.evaluation.outcome import MOST_READINGS
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Definition, Judgement, choose, combinations
from kprules.records.settle import parties, settle_case
from kprules.records.settled import (
    NO_RECORD,
    UNKNOWN_RECORD,
    Evidence,
    Incomplete,
    Settled,
    SettledPeriod,
)
from kprules.records.shape import ListOf, Nested, Period, Reference, Scalar, SetOf, Vocabulary, slot

STANDARDS: Final[tuple[Evidence, ...]] = ("established", "alleged")
OUTCOMES: Final = (Outcome.NOT_CAPTURED, Outcome.UNDETERMINED, Outcome.CAPTURED)
"""By the numbers that the compiled engine gives them."""

Stated = Mapping[tuple[str, str], tuple[Any, ...]]
"""For each record and field, what a settled case states: place, value, why it is unknown."""


@dataclass(frozen=True, slots=True)
class Readings:
    """A definition with the choices of its readings, the customary one first."""

    definition: Definition
    judgements: tuple[Judgement, ...]
    start: int
    """The number of its first judgement among those of all definitions."""
    whole: bool
    """Whether every choice is here; of too many, only the customary one is."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A case with its facts settled in one way, or in several that come to the same."""

    settled: Settled = field(repr=False)
    outcomes: tuple[int, ...]
    """By the number of each judgement: 0 not captured, 1 undetermined, 2 captured."""
    stated: Stated = field(repr=False)


@dataclass(frozen=True, slots=True)
class Switched:
    """A case under every view and standard."""

    subject: Subject
    parties: tuple[str, ...]
    """Everybody who says anything in it."""
    seen: tuple[Seen, ...]
    """The ways that differ; first nobody's view, on established facts."""
    under: Mapping[tuple[str | None, Evidence], int]
    """Which of them each view and standard comes to."""

    def outcomes(self, view: str | None, standard: Evidence) -> tuple[int, ...]:
        """Return the outcome of every judgement under a view and a standard.

        A party of which the case knows nothing sees it as nobody in particular does.
        """
        known = view if view in self.parties else None
        return self.seen[self.under[known, standard]].outcomes


@dataclass(frozen=True, slots=True)
class Switches:
    """Definitions in order of `since`, then id; cases in order of id; the outcomes of each pair."""

    readings: tuple[Readings, ...]
    cases: tuple[Switched, ...]

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The definitions."""
        return tuple(each.definition for each in self.readings)

    @property
    def parties(self) -> tuple[str, ...]:
        """Everybody who says anything in any case."""
        return tuple(sorted({party for case in self.cases for party in case.parties}))


def switches(definitions: Iterable[Definition], subjects: Iterable[Subject]) -> Switches:
    """Judge every case by every definition under every switch."""
    readings = tuple(_readings(sorted(definitions, key=order_of)))
    judge = compile_numbers([j for each in readings for j in each.judgements])
    vocabulary = readings[0].definition.vocabulary
    rows = sorted(subjects, key=lambda s: s.id)
    return Switches(readings, tuple(_switched(row, vocabulary, judge) for row in rows))


def _readings(definitions: Sequence[Definition]) -> Iterator[Readings]:
    start = 0
    for definition in definitions:
        number = 1
        for names in definition.readings.values():
            number *= len(names)
        whole = number <= MOST_READINGS
        choices = combinations(definition) if whole else iter([{}])
        judgements = tuple(choose(definition, asked) for asked in choices)
        yield Readings(definition, judgements, start, whole)
        start += len(judgements)


def _switched(
    subject: Subject, vocabulary: Vocabulary, judge: Callable[[Settled], tuple[int, ...]]
) -> Switched:
    named = tuple(sorted(parties(subject.record)))
    seen: list[Seen] = []
    under: dict[tuple[str | None, Evidence], int] = {}
    for view in (None, *named):
        for standard in STANDARDS:
            settled = settle_case(subject.record, vocabulary, view=view, standard=standard)
            says = stated(settled, vocabulary)
            same = next((i for i, other in enumerate(seen) if other.stated == says), None)
            if same is None:
                same = len(seen)
                seen.append(Seen(settled, tuple(judge(settled)), says))
            under[view, standard] = same
    return Switched(subject, named, tuple(seen), under)


# --- what a settled case states -----------------------------------------------------------------


def stated(record: Settled, vocabulary: Vocabulary) -> Stated:
    """Return everything that a settled record states, field by field."""
    found: dict[tuple[str, str], list[Any]] = {}
    _state(record, vocabulary.about, vocabulary, found)
    return {key: tuple(values) for key, values in found.items()}


def _state(
    at: Settled, record: str, vocabulary: Vocabulary, found: dict[tuple[str, str], list[Any]]
) -> None:
    shape = vocabulary.root if record == vocabulary.about else vocabulary.shape_of(record)
    place, reasons = at._place, at._why or {}  # noqa: SLF001 - the record's own account of itself
    for name, entry in shape.fields.items():
        value = getattr(at, slot(name))
        why = reasons.get(name)
        told: Any = value
        match entry.type:
            case Scalar() | SetOf():
                pass
            case Reference():
                told = _pointer(value)
            case Period():
                told = _ends(value)
            case Nested(record=inner):
                told = _pointer(value)
                if isinstance(value, Settled) and value._raw is not None:  # noqa: SLF001 - as above
                    _state(value, inner, vocabulary, found)
            case ListOf(record=inner):
                told = None if value is None else (len(value), isinstance(value, Incomplete))
                for each in value or ():
                    _state(each, inner, vocabulary, found)
        found.setdefault((record, name), []).append((place, told, why and (why.kind, why.claims)))


def _pointer(value: Any) -> Any:
    """Return which record a field leads to: its id or place, or why to none."""
    if not isinstance(value, Settled):
        return value
    if value is NO_RECORD or value is UNKNOWN_RECORD:
        return value is NO_RECORD
    return value._key or value._place  # noqa: SLF001 - as above


def _ends(value: Any) -> Any:
    if not isinstance(value, SettledPeriod):
        return None
    reasons = {name: why.kind for name, why in (value._why or {}).items()}  # noqa: SLF001 - as above
    return value.from_, value.to, tuple(sorted(reasons.items()))


def bearing_on(definition: Definition) -> frozenset[tuple[str, str]]:
    """Return the fields that an explanation of a definition's outcome can speak of.

    Those that it reads, and those by which the entries of lists are named.
    """
    vocabulary = definition.vocabulary
    shapes = {vocabulary.about: vocabulary.root, **vocabulary.records}
    naming = {
        (record, name)
        for record, shape in shapes.items()
        for name, entry in shape.fields.items()
        if name == "name" or isinstance(entry.type, Reference)
    }
    return frozenset(naming | set(fields_of(definition)))
