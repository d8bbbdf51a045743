"""Reasons for many outcomes of one case, equal parts judged once.

Guarantee: each result is the one that `kprules.evaluation.outcome.judged` would give; parts that
mean and say the same, on the same entries, share their notes. A line in here touches forms, notes
and one settled record at a time.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, assert_never

from kprules.comparison.switches import Readings, Switched, bearing_on
from kprules.evaluation.outcome import Result
from kprules.evaluation.reasons import Decisive
from kprules.evaluation.trace import Note, Outcome, Trace, outcome_of, value_of
from kprules.evaluation.walker import Likeness, Walker, likeness
from kprules.formula.definition import Judgement, judge
from kprules.formula.meaning import Engine, denote
from kprules.formula.nodes import (
    All,
    Compare,
    Const,
    Form,
    Includes,
    Known,
    Member,
    Not,
    Overlaps,
    Quantified,
    Reading,
    Said,
)
from kprules.formula.nodes import (
    Any as AnyOf,
)
from kprules.logic import Truth
from kprules.records.settled import Settled


@dataclass(slots=True)
class Forms:
    """One object for all forms that mean and say the same."""

    known: dict[Hashable, Form] = field(default_factory=dict)

    def judgement(self, judgement: Judgement) -> Judgement:
        """Return a judgement whose forms are those objects."""
        return replace(
            judgement,
            captures=self.of(judgement.captures),
            exceptions=tuple(self.of(form) for form in judgement.exceptions),
        )

    def of(self, form: Form) -> Form:
        """Return the object that stands for a form."""
        key: tuple[Any, ...]
        made: Form = form
        match form:
            case Const() | Compare() | Member() | Includes() | Overlaps() | Known():
                key = (type(form), form)
            case All(parts) | AnyOf(parts):
                parts = tuple(self.of(part) for part in parts)
                key = (type(form), *map(id, parts))
                made = replace(form, parts=parts)
            case Not(part):
                part = self.of(part)
                key = (Not, id(part))
                made = replace(form, part=part)
            case Quantified(how, variable, over, where, has):
                where = None if where is None else self.of(where)
                has = self.of(has)
                key = (Quantified, how, variable, over, id(where), id(has))
                made = replace(form, where=where, has=has)
            case Reading():
                raise AssertionError("readings are chosen before anything is judged")
            case _:
                assert_never(form)
        return self.known.setdefault((*key, says(form.said)), made)


def says(said: Said | None) -> tuple[str | None, ...] | None:
    """Return what an explanation shows of a clause's name and words."""
    return None if said is None else (said.label, said.words, said.reading)


class _Notebook:
    """Takes a note of each form on the entries in scope, once."""

    __slots__ = ("above", "known", "lists", "top")

    def __init__(self) -> None:
        self.above: list[Note] = []
        self.top: list[Note] = []
        self.known: dict[tuple[int, ...], tuple[Note, Truth[bool]]] = {}
        self.lists: dict[Likeness, tuple[Note, Truth[bool]]] = {}

    def __call__(self, form: Form, on: Engine[bool]) -> Truth[bool]:
        """Note what the form comes to, or recall it."""
        assert isinstance(on, Walker)  # noqa: S101 - the engine handed in below
        key = (id(form), *map(id, on.scope.values()))
        found = self.known.get(key)
        if found is None:
            like = likeness(form, on.scope)
            alike = None if like is None else self.lists.get(like)
            found = self.known[key] = self._noted(form, on, alike)
            if like is not None:
                self.lists.setdefault(like, found)
        (self.above[-1].parts if self.above else self.top).append(found[0])
        return found[1]

    def _noted(
        self, form: Form, on: Walker, alike: tuple[Note, Truth[bool]] | None
    ) -> tuple[Note, Truth[bool]]:
        """Note what a form comes to; what is `alike` came to the same, for the same reasons."""
        note = Note(form, on.scope)
        if alike is not None:
            note.value, note.parts = alike[0].value, alike[0].parts
            return note, alike[1]
        self.above.append(note)
        truth = denote(form, on, self)
        self.above.pop()
        note.value = value_of(truth)
        return note, truth


@dataclass(slots=True)
class Reasoner:
    """Judges one settled record by many judgements, with reasons."""

    record: Settled
    notes: _Notebook = field(default_factory=_Notebook)

    def result(self, judgement: Judgement) -> Result:
        """Judge by a judgement of shared forms."""
        self.notes.top.clear()
        truth = judge(judgement, Walker({"": self.record}), self.notes)
        captures, *exceptions = self.notes.top
        trace = Trace(judgement, self.record, outcome_of(truth), captures, exceptions)
        return Result(judgement, self.record, trace)


@dataclass(slots=True)
class Likenesses:
    """What tells explanations of one record apart, a number for each part."""

    numbers: dict[tuple[object, ...], int] = field(default_factory=dict)

    def of(self, trees: Iterable[Decisive]) -> tuple[Hashable, ...]:
        """Return what tells an explanation apart from others."""
        known: dict[int, int] = {}
        return tuple((tree.exception, self._number(tree, known)) for tree in trees)

    def _number(self, tree: Decisive, known: dict[int, int]) -> int:
        """Return the number of a part, equal for equal ones; `known` of those met already."""
        number = known.get(id(tree))
        if number is None:
            key = self._key(tree, [self._number(part, known) for part in tree.parts])
            number = known[id(tree)] = self.numbers.setdefault(key, len(self.numbers))
        return number

    def _key(self, tree: Decisive, parts: list[int]) -> tuple[object, ...]:
        note, form = tree.note, tree.note.form
        how: object = type(form)
        if not tree.parts:
            how = id(note)
        elif isinstance(form, Quantified):
            # What is counted is told of all entries, not only of those that decide.
            counts = not isinstance(form.how, str)
            wheres = tuple(part.note.form is form.where for part in tree.parts)
            how = id(note) if counts else (form.how, form.variable, form.over, wheres)
        return says(tree.said), tree.entry, note.value, how, *parts


@dataclass(frozen=True, slots=True)
class Reasoned:
    """The results of one definition on one case settled in one way, a reading each."""

    readings: Readings
    seen: int
    """Which way of settling the case."""
    results: tuple[Result, ...]
    """By choice of readings. A result is the same object where the reasons are the same."""
    same_as: tuple[int, ...]
    """For each way of settling the case, the first that is the same to the definition."""


@dataclass(slots=True)
class Reasons:
    """Gives the reasons for every outcome of a case, equal ones once."""

    forms: Forms = field(default_factory=Forms)
    judgements: dict[str, tuple[Judgement, ...]] = field(default_factory=dict)
    bearing: dict[str, frozenset[tuple[str, str]]] = field(default_factory=dict)

    def of(self, case: Switched, readings: Iterable[Readings]) -> Iterator[Reasoned]:
        """Yield the reasons of each definition for each way of settling that differs for it."""
        reasoners = [Reasoner(seen.settled) for seen in case.seen]
        known: list[dict[Hashable, Result]] = [{} for _ in case.seen]
        likenesses = [Likenesses() for _ in case.seen]
        for each in readings:
            chosen = self._chosen(each)
            same_as = self._same_as(case, each)
            customary = (id(chosen[0].captures), *map(id, chosen[0].exceptions))
            for index in sorted(set(same_as)):
                results = []
                for judgement in chosen:
                    result = reasoners[index].result(judgement)
                    # What would settle it is asked of a result, and is the definition's own.
                    owner = customary if result.outcome is Outcome.UNDETERMINED else ()
                    key = (result.outcome, owner, likenesses[index].of(result.decisive))
                    results.append(known[index].setdefault(key, result))
                yield Reasoned(each, index, tuple(results), same_as)

    def _same_as(self, case: Switched, readings: Readings) -> tuple[int, ...]:
        definition = readings.definition
        fields = self.bearing.get(definition.id)
        if fields is None:
            fields = self.bearing[definition.id] = bearing_on(definition)
        found: list[int] = []
        for index, seen in enumerate(case.seen):
            same = next(
                (
                    first
                    for first in range(index)
                    if found[first] == first
                    and all(case.seen[first].stated.get(f) == seen.stated.get(f) for f in fields)
                ),
                index,
            )
            found.append(same)
        return tuple(found)

    def _chosen(self, readings: Readings) -> tuple[Judgement, ...]:
        name = readings.definition.id
        if name not in self.judgements:
            self.judgements[name] = tuple(self.forms.judgement(j) for j in readings.judgements)
        return self.judgements[name]
