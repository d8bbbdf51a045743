"""Coverage: which clauses of definitions the cases put to the test.

Guarantee: a clause counts as *decisive* in a case only where it is among the reasons for the
outcome and another truth of it, everything else being as it is, would make another outcome; what a
clause cannot come to is left out only where the text alone or a proof shows it. A line in here
touches definitions, settled records and truths; it shows nothing.

Every clause of a finished definition counts, under each of its readings; what lies inside a term is
the term's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kprules.comparison.conditions import Conditions, order_of
from kprules.comparison.matrix import Subject, settle
from kprules.comparison.reachable import (
    Aspect,
    Occurrence,
    inside_term,
    occurrences,
    parts_of,
    shown_by_proof,
    shown_by_text,
)
from kprules.evaluation.reasons import Decisive, decisive
from kprules.evaluation.trace import Note, Outcome, Trace, Value, outcome_of, traced
from kprules.evaluation.walker import Walker
from kprules.formula.definition import Definition, Judgement, choose, judge
from kprules.formula.meaning import Engine, denote
from kprules.formula.nodes import Form, Reading
from kprules.logic import Truth
from kprules.records.settled import Settled

ASPECTS: Final[tuple[Aspect, ...]] = ("true", "false", "unknown", "decisive")
SYNTHETIC: Final = "synthetic"
"""The tag of cases that were made up to put a clause to the test."""

Key = tuple[str, str | None]
"""A clause of a definition by its label, and the reading where its words have several."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The case that shows an aspect of a clause."""

    case: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Covered:
    """A clause, with the case that shows each aspect of it, and what it cannot come to."""

    definition: Definition
    label: str
    reading: str | None
    seen: Mapping[Aspect, Shown]
    impossible: Mapping[Aspect, str]
    """Aspects left out, each with what shows that they cannot be."""

    @property
    def missing(self) -> tuple[Aspect, ...]:
        """The aspects that could be seen and are not."""
        return tuple(a for a in ASPECTS if a not in self.seen and a not in self.impossible)

    @property
    def possible(self) -> int:
        """How many aspects could be seen."""
        return len(self.seen) + len(self.missing)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The clauses of some definitions, in order."""

    clauses: tuple[Covered, ...] = ()

    @property
    def seen(self) -> int:
        """How many aspects of clauses some case shows."""
        return sum(len(clause.seen) for clause in self.clauses)

    @property
    def seen_in_real_cases(self) -> int:
        """How many of them a case shows that was not made up."""
        return sum(not s.synthetic for clause in self.clauses for s in clause.seen.values())

    @property
    def possible(self) -> int:
        """How many aspects could be shown."""
        return sum(clause.possible for clause in self.clauses)

    @property
    def percent(self) -> int:
        """The share that is shown, rounded down; everything, where there is nothing to show."""
        return 100 * self.seen // self.possible if self.possible else 100

    def of(self, definition: Definition) -> Coverage:
        """Return the part that is of one definition."""
        return Coverage(tuple(c for c in self.clauses if c.definition.id == definition.id))

    @property
    def definitions(self) -> tuple[Definition, ...]:
        """The definitions, in order."""
        return tuple({c.definition.id: c.definition for c in self.clauses}.values())


def coverage(
    definitions: Iterable[Definition], subjects: Iterable[tuple[str, Subject]]
) -> Coverage:
    """Return which clauses the cases put to the test; subjects come with their kind of record.

    Cases are judged by nobody's view, on established facts, under each reading; those that were
    made up show only what no other does.
    """
    by_kind: dict[str, list[Subject]] = {}
    for about, subject in subjects:
        by_kind.setdefault(about, []).append(subject)
    records = {about: sorted(found, key=lambda s: s.id) for about, found in by_kind.items()}
    covered: list[Covered] = []
    settled: dict[str, list[_Case]] = {}
    for definition in sorted(definitions, key=order_of):
        cases = settled.get(definition.about)
        if cases is None:
            cases = settled[definition.about] = [
                _Case(Shown(s.id, is_synthetic(s)), settle(s.record, definition, Conditions()))
                for s in records.get(definition.about, ())
            ]
        covered += _of_definition(definition, cases)
    return Coverage(tuple(covered))


def is_synthetic(subject: Subject) -> bool:
    """Say whether a case was made up: whether `synthetic` is among its tags."""
    tags = getattr(subject.record, "tags", None)
    return SYNTHETIC in (getattr(tags, "value", tags) or ())


@dataclass(frozen=True, slots=True)
class _Case:
    shown: Shown
    record: Settled


def _of_definition(definition: Definition, cases: Sequence[_Case]) -> Iterator[Covered]:
    judgements = [choose(definition, asked) for asked in choices(definition)]
    clauses: dict[Key, list[Occurrence]] = {}
    for judgement in judgements:
        for occurrence in occurrences(judgement):
            said = occurrence.said
            clauses.setdefault((said.label, said.reading), []).append(occurrence)
    seen: dict[Key, dict[Aspect, Shown]] = {key: {} for key in clauses}
    never = {key: shown_by_text(found) for key, found in clauses.items()}
    for synthetic in (False, True):
        mine = [case for case in cases if case.shown.synthetic is synthetic]
        for judgement in judgements:
            keys = {(o.said.label, o.said.reading) for o in occurrences(judgement)}
            for case in mine:
                if all(len(seen[key]) + len(never[key]) == len(ASPECTS) for key in keys):
                    break
                _look(judgement, case, seen)
    for key, found in seen.items():
        for aspect in ASPECTS:
            if aspect not in found and aspect not in never[key]:
                why = shown_by_proof(clauses[key], aspect)
                never[key] |= {aspect: why} if why else {}
        in_order = {aspect: found[aspect] for aspect in ASPECTS if aspect in found}
        yield Covered(definition, *key, in_order, never[key])


# --- under which readings -----------------------------------------------------------------------


def choices(definition: Definition) -> list[dict[str, str]]:
    """Return choices of readings that between them take every reading, the customary one first."""
    found: list[dict[str, str]] = [{}]
    customary = {label: names[0] for label, names in definition.readings.items()}
    for form in (definition.captures, *definition.exceptions):
        for chain in _chains(form, {}):
            asked = {f"{definition.id}.{k}": v for k, v in chain.items() if customary[k] != v}
            if asked not in found:
                found.append(asked)
    return found


def _chains(form: Form, chain: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Yield, for every reading of every word, the choice of it and of those that it lies in."""
    match form:
        case Reading(label, options):
            for name, option in options:
                chosen = {**chain, label: name}
                yield chosen
                yield from _chains(option, chosen)
        case _:
            for part in parts_of(form):
                yield from _chains(part, chain)


# --- looking at one case ------------------------------------------------------------------------


def _look(judgement: Judgement, case: _Case, seen: Mapping[Key, dict[Aspect, Shown]]) -> None:
    """Note what one case shows of the clauses."""
    trace = traced(judgement, case.record, apart=True)
    numbers: dict[int, int] = {}
    for number, note in enumerate(_notes(trace)):
        numbers[id(note)] = number
        said = note.form.said
        if said is not None and not inside_term(said):
            seen[said.label, said.reading].setdefault(_AS_SEEN[note.value], case.shown)
    for note in _deciding(decisive(trace)):
        said = note.form.said
        if said is None or inside_term(said) or "decisive" in seen[said.label, said.reading]:
            continue
        if _hangs_on(judgement, case.record, trace.outcome, note.value, numbers[id(note)]):
            seen[said.label, said.reading]["decisive"] = case.shown


_AS_SEEN: Final[Mapping[Value, Aspect]] = {
    Value.TRUE: "true", Value.FALSE: "false", Value.UNKNOWN: "unknown",
}  # fmt: skip


def _notes(trace: Trace) -> Iterator[Note]:
    """Yield the notes in the order that the forms were asked."""
    waiting = [*reversed(trace.exceptions), trace.captures]
    while waiting:
        note = waiting.pop()
        yield note
        waiting += reversed(note.parts)


def _deciding(trees: Sequence[Decisive]) -> Iterator[Note]:
    for tree in trees:
        yield tree.note
        yield from _deciding(tree.parts)


def _hangs_on(
    judgement: Judgement, record: Settled, outcome: Outcome, value: Value, number: int
) -> bool:
    """Say whether another truth of one clause, in one entry, would make another outcome."""
    others = [v for v in (Value.TRUE, Value.FALSE) if v is not value]
    return any(_supposing(judgement, record, number, other) is not outcome for other in others)


def _supposing(judgement: Judgement, record: Settled, number: int, value: Value) -> Outcome:
    holds = value is Value.TRUE
    inner = _Supposing(number, Truth(holds, holds))
    return outcome_of(judge(judgement, Walker({"": record}), inner))


@dataclass(slots=True)
class _Supposing:
    """Gives forms their meaning, but for one, by its number: it is supposed to be so."""

    number: int
    truth: Truth[bool]
    _asked: int = -1

    def __call__(self, form: Form, on: Engine[bool]) -> Truth[bool]:
        """Return what is supposed, or what the form means."""
        self._asked += 1
        return self.truth if self._asked == self.number else denote(form, on, self)
