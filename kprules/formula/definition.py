"""A checked definition, and the judgement it becomes once its readings are chosen.

Guarantee: values; nothing is evaluated. A line in here touches nodes and headers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import product
from typing import Literal, assert_never

from kprules.formula.meaning import B, Engine, Inner, denote
from kprules.formula.nodes import (
    All,
    Any,
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
from kprules.logic import Truth, conjunction, disjunction, negation
from kprules.records.shape import RecordShape, Vocabulary
from kprules.source import Span

NOTHING = Vocabulary("nothing", RecordShape("nothing", {}), {})
"""The vocabulary of a definition made by hand."""

Status = Literal[
    "in_force", "adopted", "proposed", "blocked", "lapsed", "superseded", "descriptive"
]
STATUSES: tuple[Status, ...] = (
    "in_force", "adopted", "proposed", "blocked", "lapsed", "superseded", "descriptive",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as a definition names it: a key of the bibliography, words, a link."""

    key: str = ""
    text: str = ""
    url: str = ""
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the author means the definition to do to a named case, and under what conditions."""

    outcome: Literal["captured", "not_captured", "undetermined"]
    case: str
    view: str | None = None
    standard: Literal["established", "alleged"] = "established"
    readings: tuple[tuple[str, str], ...] = ()
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Definition:
    """A definition's finished form, after terms, sets and amendments; readings still open."""

    id: str
    title: str
    about: str
    captures: Form
    exceptions: tuple[Form, ...] = ()
    outcome_word: str = "captured"
    proposer: str = ""
    status: Status | None = None
    since: date | None = None
    until: date | None = None
    same_as: str | None = None
    sources: tuple[Cited, ...] = ()
    notes: tuple[str, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    ancestors: tuple[str, ...] = ()
    """The definitions that it amends: the nearest first, the root last."""
    vocabulary: Vocabulary = field(default=NOTHING, compare=False, repr=False)
    """The vocabulary that it was checked against."""
    span: Span | None = field(default=None, compare=False, repr=False)

    @cached_property
    def readings(self) -> Mapping[str, tuple[str, ...]]:
        """The labels whose words can be read in several ways, with the names of the readings."""
        found: dict[str, tuple[str, ...]] = {}
        for form in (self.captures, *self.exceptions):
            for node in walk(form):
                if isinstance(node, Reading):
                    found.setdefault(node.label, tuple(name for name, _ in node.options))
        return found

    @cached_property
    def chosen(self) -> dict[tuple[str, ...], Judgement]:
        """The judgements that were asked for, by the names of their readings."""
        return {}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A definition with its readings chosen: what engines see."""

    definition: Definition
    captures: Form
    exceptions: tuple[Form, ...]
    readings: Mapping[str, str]

    @property
    def id(self) -> str:
        """The id of the definition."""
        return self.definition.id


def judge(judgement: Judgement, on: Engine[B], inner: Inner[B] | None = None) -> Truth[B]:
    """Give a judgement its meaning: captures holds and no exception does."""
    of = inner or denote
    captures = of(judgement.captures, on)
    if not judgement.exceptions:
        return captures
    excepted = disjunction(on, [of(form, on) for form in judgement.exceptions])
    return conjunction(on, [captures, negation(on, excepted)])


def choose(definition: Definition, asked: Mapping[str, str] | None = None) -> Judgement:
    """Return the definition under the readings asked for, else the customary ones.

    `asked` maps `definition-id.label` to the name of a reading. The nearest ancestor that is named
    wins; one of the definition itself before all. Asked for again, it is the same object.
    """
    taken: dict[str, str] = {}
    for label, names in definition.readings.items():
        for owner in (definition.id, *definition.ancestors):
            name = (asked or {}).get(f"{owner}.{label}")
            if name is not None and name in names:
                taken[label] = name
                break
        else:
            taken[label] = names[0]
    names = tuple(taken.values())
    if names not in definition.chosen:
        definition.chosen[names] = Judgement(
            definition,
            read_as(definition.captures, taken),
            tuple(read_as(form, taken) for form in definition.exceptions),
            taken,
        )
    return definition.chosen[names]


def combinations(definition: Definition) -> Iterator[dict[str, str]]:
    """Yield every choice of readings, the customary one first, as `choose` takes it."""
    readings = definition.readings
    for names in product(*readings.values()):
        yield {f"{definition.id}.{k}": n for k, n in zip(readings, names, strict=True)}


def read_as(form: Form, taken: Mapping[str, str]) -> Form:
    """Return the form with every choice of readings, by label, replaced by the one taken."""
    match form:
        case Const() | Compare() | Member() | Includes() | Overlaps() | Known():
            return form
        case All(parts) | Any(parts):
            return replace(form, parts=tuple(read_as(p, taken) for p in parts))
        case Not(part):
            return replace(form, part=read_as(part, taken))
        case Quantified(where=where, has=has):
            return replace(
                form,
                where=None if where is None else read_as(where, taken),
                has=read_as(has, taken),
            )
        case Reading(label, options):
            option = read_as(dict(options)[taken[label]], taken)
            said = form.said or Said(label)
            return replace(option, said=replace(said, reading=taken[label]))
        case _:
            assert_never(form)


def walk(form: Form) -> Iterator[Form]:
    """Yield the form and all its parts, in the order written."""
    yield form
    for part in parts_of(form):
        yield from walk(part)


def parts_of(form: Form) -> tuple[Form, ...]:
    """Return the forms directly beneath a form, in the order written."""
    match form:
        case Const() | Compare() | Member() | Includes() | Overlaps() | Known():
            return ()
        case All(parts) | Any(parts):
            return parts
        case Not(part):
            return (part,)
        case Quantified(where=where, has=has):
            return (has,) if where is None else (where, has)
        case Reading(options=options):
            return tuple(option for _, option in options)
        case _:
            assert_never(form)
