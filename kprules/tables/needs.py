"""Which columns definitions look at, before any table is there.

Guarantee: every column that could change an outcome is named; for a reference both its own and the
map's that it names entries of. A line in here touches paths.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from kprules.formula.definition import Judgement
from kprules.formula.expressions import Compared, Lists, OneOf, Place
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
    Path,
    Quantified,
    Reading,
    Value,
)
from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Vocabulary,
)
from kprules.tables.rows import INCOMPLETE, PERIOD_SHAPE
from kprules.tables.sources import ID
from kprules.tables.steps import Fetch, Program

Dotted = tuple[str, ...]


def columns_read(judgements: Sequence[Judgement], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the dotted names of the columns that judgements look at, in order of the alphabet."""
    found: dict[Dotted, None] = {}
    for judgement in judgements:
        for names in paths_of(judgement):
            _follow((), names, vocabulary, found)
    return tuple(sorted(".".join(names) for names in found))


def paths_of(judgement: Judgement) -> Iterator[Dotted]:
    """Yield the fields of every path of a judgement, from the judged record on."""
    for form in (judgement.captures, *judgement.exceptions):
        for path, scopes in _paths(form, {"": ()}):
            yield scopes[path.variable] + path.fields


def _paths(form: Form, scopes: Mapping[str, Dotted]) -> Iterator[tuple[Path, Mapping[str, Dotted]]]:
    """Yield every path of a form, with the column that each variable in scope walks."""
    match form:
        case Const():
            return
        case Compare(left, _, right):
            yield left, scopes
            if isinstance(right, Path):
                yield right, scopes
        case Member(fact) | Includes(fact) | Known(fact):
            yield fact, scopes
        case Overlaps(left, right):
            for path in (left, right):
                for end in ("from", "to"):
                    yield Path(path.variable, path.record, (*path.fields, end), path.type), scopes
        case All(parts) | Any(parts):
            for part in parts:
                yield from _paths(part, scopes)
        case Not(part):
            yield from _paths(part, scopes)
        case Quantified(_, variable, over, where, has):
            yield over, scopes
            inside = {**scopes, variable: scopes[over.variable] + over.fields}
            if where is not None:
                yield from _paths(where, inside)
            yield from _paths(has, inside)
        case Reading(options=options):
            for _, option in options:
                yield from _paths(option, scopes)
        case _:
            assert_never(form)


def _follow(
    prefix: Dotted, fields: Sequence[str], vocabulary: Vocabulary, found: dict[Dotted, None]
) -> None:
    """Note the columns of a path: what it ends in, and what its references go through."""
    shape, column = vocabulary.root, Dotted()
    names = (*prefix, *fields)
    for index, name in enumerate(names):
        kind = shape.fields[name].type
        column = (*column, name)
        last = index + 1 == len(names)
        match kind:
            case Scalar() | SetOf():
                found[column] = None
            case Period():
                shape = PERIOD_SHAPE
                if last:
                    found[*column, "from"] = found[*column, "to"] = None
            case Nested(record):
                shape = vocabulary.shape_of(record)
                if last:
                    found[column] = None
            case ListOf(record):
                shape = vocabulary.shape_of(record)
                found[column] = None
                found[INCOMPLETE,] = None
            case Reference(record, through):
                shape = vocabulary.shape_of(record)
                found[column] = None
                found[through, ID] = None
                if not last:
                    _follow((through,), names[index + 1 :], vocabulary, found)
            case _:
                assert_never(kind)


def top_level(columns: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the columns that dotted names lie in."""
    return tuple(dict.fromkeys(name.split(".")[0] for name in columns))


# --- what a program needs to know of columns before it reads them ---------------------------------


def holder(place: Place, vocabulary: Vocabulary) -> RecordShape:
    """Return the shape of the record that holds the last field of a place."""
    scope = place.scope
    if scope is None:
        shape = vocabulary.root
    else:
        kind = scope.over.path.type
        assert isinstance(kind, ListOf)  # noqa: S101 - loops walk lists
        shape = vocabulary.shape_of(kind.record)
    for name in place.path.fields[:-1]:
        kind = shape.fields[name].type
        if isinstance(kind, Period):
            shape = PERIOD_SHAPE
        else:
            assert isinstance(kind, Nested | Reference)  # noqa: S101 - only records have fields
            shape = vocabulary.shape_of(kind.record)
    return shape


def mentioned(program: Program, vocabulary: Vocabulary) -> dict[tuple[str, str], tuple[Value, ...]]:
    """Return the values that a program names beside each field, by record and field."""
    found: dict[tuple[str, str], dict[Value, None]] = {}
    for step in program.fetches:
        match step.work:
            case Fetch(OneOf(place, values)) | Fetch(Lists(place, _, values)):
                key = holder(place, vocabulary).name, place.path.fields[-1]
                plain = [v for v in values if isinstance(v, Value)]
                found.setdefault(key, {}).update(dict.fromkeys(sorted(plain, key=str)))
            case _:
                pass
    return {key: tuple(values) for key, values in found.items()}


def pooled(program: Program, vocabulary: Vocabulary) -> frozenset[tuple[str, str]]:
    """Return the fields with texts that a program sets beside other texts."""
    found = set[tuple[str, str]]()
    for step in program.fetches:
        match step.work:
            case Fetch(Compared(left, _, Place() as right)):
                for place in (left, right):
                    kind = place.path.type
                    if isinstance(kind, Scalar) and kind.kind == "text":
                        found.add((holder(place, vocabulary).name, place.path.fields[-1]))
            case _:
                pass
    return frozenset(found)
