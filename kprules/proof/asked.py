"""What definitions ask of each field: the values they name, what they set side by side.

Guarantee: everything that a definition can tell apart about a field is noted here, so that values
with the same notes are the same to it. A line in here reads formulas and shapes; no record, no
solver.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, assert_never

from kprules.formula import nodes as n
from kprules.formula.definition import Judgement
from kprules.formula.nodes import Form, Path
from kprules.records.shape import (
    DATE,
    PERIOD_FIELDS,
    ListOf,
    Nested,
    Period,
    Reference,
    Type,
    Vocabulary,
)

Key: TypeAlias = tuple[str, str]
"""A field by the name of its record; an end of a period as `period.from`."""
Place: TypeAlias = tuple[str, ...]
"""Where entries of a list stand, whichever entry: `("links",)`, `("items", "pieces")`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One field on a path: in which record, and where that stands."""

    place: Place
    dotted: str
    """The field as seen from the entry, or the whole record, that holds it: `site.keeper`."""
    key: Key
    type: Type

    @property
    def list_place(self) -> Place:
        """Where the entries stand, if the field is a list."""
        return (*self.place, self.dotted)


def trail(path: Path, places: Mapping[str, Place], vocabulary: Vocabulary) -> list[Step]:
    """Return the steps of a path; a reference leads to the place of the map that it names."""
    steps: list[Step] = []
    place = places[path.variable]
    record, prefix, period = path.record, "", ""
    for name in path.fields:
        dotted = f"{prefix}.{name}" if prefix else name
        kind: Type
        if period:
            steps.append(Step(place, dotted, (record, f"{period}.{name}"), PERIOD_FIELDS[name]))
            continue
        kind = vocabulary.records[record].fields[name].type
        steps.append(Step(place, dotted, (record, name), kind))
        match kind:
            case Nested(inner):
                record, prefix = inner, dotted
            case Reference(inner, through):
                record, prefix, place = inner, "", (through,)
            case Period():
                period, prefix = name, dotted
            case _:
                pass
    return steps


@dataclass(slots=True)
class Asked:
    """What some definitions ask."""

    vocabulary: Vocabulary
    constants: dict[Key, dict[Any, None]] = field(default_factory=dict)
    """The values named for a field, members of sets among them, in the order first met."""
    beside: set[tuple[Key, Key]] = field(default_factory=set)
    """Fields that are compared with each other."""
    reads: set[Key] = field(default_factory=set)
    known: set[Key] = field(default_factory=set)
    """Fields of which it is asked whether they are known, and those on the way there."""
    shared: set[str] = field(default_factory=set)
    """Maps of which it matters which entry a reference names."""
    references: set[tuple[Place, str, str]] = field(default_factory=set)
    """The references followed: the place and field that holds one, and the map it names."""
    has_share: bool = False

    def note(self, judgement: Judgement) -> None:
        """Note all that a definition asks."""
        for form in (judgement.captures, *judgement.exceptions):
            self._form(form, {"": ()})

    def merged(self, others: Iterable[Asked]) -> Asked:
        """Return what these and others ask together."""
        together = Asked(self.vocabulary)
        for asked in (self, *others):
            for key, values in asked.constants.items():
                together.constants.setdefault(key, {}).update(values)
            together.beside |= asked.beside
            together.reads |= asked.reads
            together.known |= asked.known
            together.shared |= asked.shared
            together.references |= asked.references
            together.has_share |= asked.has_share
        return together

    def periods(self) -> Iterator[tuple[Key, Key]]:
        """Yield the periods of which both ends are read: `from` must not come after `to`."""
        for record, name in self.reads:
            if name.endswith(".from") and (record, name[:-4] + "to") in self.reads:
                yield (record, name), (record, name[:-4] + "to")

    def both_ends(self) -> None:
        """Read of each period both ends, where one is read."""
        for record, name in tuple(self.reads):
            period, _, end = name.partition(".")
            if end:
                self.reads |= {(record, f"{period}.{other}") for other in PERIOD_FIELDS}

    def _form(self, form: Form, places: Mapping[str, Place]) -> None:
        match form:
            case n.Const() | n.Reading():
                pass
            case n.All(parts) | n.Any(parts):
                for part in parts:
                    self._form(part, places)
            case n.Not(part):
                self._form(part, places)
            case n.Compare(left, _, right):
                self._compare(left, right, places)
            case n.Member(fact, values):
                self._value(self._read(fact, places), values)
            case n.Includes(fact, _, values):
                self._value(self._read(fact, places), values)
            case n.Overlaps(left, right):
                # An end that is unknown is bounded by the other end of its own period.
                one, other = [self._ends(path, places) for path in (left, right)]
                self.beside |= {(a, z) for a in one for z in other}
            case n.Known(fact):
                read = self._read(fact, places)
                self.known |= {step.key for step in read}
                if read and isinstance(read[-1].type, Period):
                    self.known |= {*self._ends(fact, places)}
            case n.Quantified(how, variable, over, where, has):
                self.has_share |= isinstance(how, n.Share)
                last = self._read(over, places)[-1]
                assert isinstance(last.type, ListOf)  # noqa: S101 - checking sees to it
                if last.type.keyed and last.list_place == (last.dotted,):
                    self.shared.add(last.dotted)
                inside = {**places, variable: last.list_place}
                if where is not None:
                    self._form(where, inside)
                self._form(has, inside)
            case _:
                assert_never(form)

    def _read(self, path: Path, places: Mapping[str, Place]) -> list[Step]:
        steps = trail(path, places, self.vocabulary)
        self.reads |= {step.key for step in steps}
        for step in steps:
            if isinstance(step.type, Reference):
                self.references.add((step.place, step.dotted, step.type.through))
        return steps

    def _value(self, steps: list[Step], values: Iterable[Any]) -> None:
        named = self.constants.setdefault(steps[-1].key, {}) if steps else {}
        for value in sorted((v for v in values if v is not n.NONE), key=str):
            named[value] = None

    def _compare(
        self, left: Path, right: Path | n.Value | n.NoneThere, places: Mapping[str, Place]
    ) -> None:
        first = self._read(left, places)
        if not isinstance(right, Path):
            self._value(first, [right])
            return
        second = self._read(right, places)
        kinds = [(p.type, s[-1].key if s else None) for p, s in ((left, first), (right, second))]
        for kind, key in kinds:
            if isinstance(kind, Reference):
                self.shared.add(kind.through)
            elif key is None:
                raise AssertionError(f"{left} and {right} are records of no map")
        if first and second and not isinstance(first[-1].type, Reference):
            self.beside.add((first[-1].key, second[-1].key))

    def _ends(self, path: Path, places: Mapping[str, Place]) -> tuple[Key, Key]:
        begins, ends = (
            Path(path.variable, path.record, (*path.fields, end), DATE) for end in ("from", "to")
        )
        return self._read(begins, places)[-1].key, self._read(ends, places)[-1].key


def asked_by(judgement: Judgement, vocabulary: Vocabulary) -> Asked:
    """Return what a definition asks."""
    asked = Asked(vocabulary)
    asked.note(judgement)
    return asked
