"""From pydantic models to the vocabulary that definitions are checked against.

Guarantee: any model of records whose fields have known types becomes a vocabulary; one that has
others is refused with every such field named, all at once. A line in here reads annotations; it
makes no record and judges none.

A field may be a `bool`, `str`, `int`, `Decimal`, `float` (taken as the decimal that it prints as),
`date`, a `Literal` or `Enum` of texts, a set or frozenset of those, a model, a list or tuple of
models, a `dict[str, Model]`, a `Period`, any of these optional, any of the first inside `Fact[…]`;
a text that names an entry of a map of the whole record is marked with `Reference`. `None` is
unknown. A field marked `UNJUDGED` or `exclude=True` is left out.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache, partial
from itertools import pairwise
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from kprules.records.case import Case, Period
from kprules.records.facts import Fact
from kprules.records.meeting import Meeting
from kprules.records.settled import PartialDate
from kprules.records.shape import (
    BOOL,
    DATE,
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
from kprules.records.values import Unjudged, Values

_WRITABLE = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


class UnsupportedModelError(TypeError):
    """A model cannot be a vocabulary. `fields` says of each wrong field what is wrong."""

    def __init__(self, model: type[BaseModel], fields: Sequence[tuple[str, str]]) -> None:
        """Keep the fields, and say them all."""
        self.fields = tuple(fields)
        said = "; ".join(f"`{name}`: {why}" for name, why in fields)
        super().__init__(f"{model.__name__} cannot be judged: {said}")


class _UnsupportedError(Exception):
    """One field is not supported, and why."""


def record_name(model: type[BaseModel]) -> str:
    """Return the name of a record in definitions: the class's own, in snake case."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", model.__name__)
    return words.split("[")[0].lower()


def field_name(name: str, info: FieldInfo) -> str:
    """Return the name of a field in definitions and files: its alias if it has one."""
    alias = info.validation_alias if isinstance(info.validation_alias, str) else info.alias
    return alias or name


def is_judged(info: FieldInfo) -> bool:
    """Return whether definitions may ask about a field."""
    return not info.exclude and not any(isinstance(m, Unjudged) for m in info.metadata)


def vocabulary_of(model: type[BaseModel], about: str) -> Vocabulary:
    """Return the vocabulary of a kind of record, or refuse with every field that has no meaning."""
    reading = _Reading()
    root = reading.shape(model)
    wrong = reading.wrong + _dangling(root, reading.shapes)
    if wrong:
        raise UnsupportedModelError(model, wrong)
    return Vocabulary(about, root, {name: reading.shapes[name] for name in reading.shapes})


def _dangling(root: RecordShape, shapes: Mapping[str, RecordShape]) -> list[tuple[str, str]]:
    """Return the references that name no map of the whole record, or one of other records."""
    wrong: list[tuple[str, str]] = []
    for shape in shapes.values():
        for entry in shape.fields.values():
            if not isinstance(entry.type, Reference):
                continue
            through = root.fields.get(entry.type.through)
            if through is None or through.type != ListOf(entry.type.record, keyed=True):
                why = f"`{entry.type.through}` is no map of `{entry.type.record}` records"
                wrong.append((f"{shape.name}.{entry.name}", why))
    return wrong


@dataclass(slots=True)
class _Reading:
    """The shapes met so far, and what is wrong with fields."""

    shapes: dict[str, RecordShape] = field(default_factory=dict)
    models: dict[str, type[BaseModel]] = field(default_factory=dict)
    wrong: list[tuple[str, str]] = field(default_factory=list)

    def shape(self, model: type[BaseModel]) -> RecordShape:
        """Return the shape of a model; one that contains itself is met once."""
        name = record_name(model)
        if name in self.models:
            if self.models[name] is not model:
                raise _UnsupportedError(f"two different records would be called `{name}`")
            return self.shapes[name]
        self.models[name] = model
        fields: dict[str, Field] = {}
        doc = inspect.cleandoc(model.__doc__ or "") if model.__doc__ != BaseModel.__doc__ else ""
        shape = self.shapes[name] = RecordShape(name, fields, doc, model)
        if not model.__pydantic_fields_complete__:
            model.model_rebuild()
        for attribute, info in model.model_fields.items():
            if not is_judged(info):
                continue
            known = field_name(attribute, info)
            try:
                if not _WRITABLE.fullmatch(known):
                    raise _UnsupportedError(  # noqa: TRY301 - all fields are refused in one place
                        "definitions cannot write this name; give an alias in snake_case"
                    )
                found = self.type(info.annotation, info.metadata)
            except _UnsupportedError as e:
                self.wrong.append((f"{name}.{known}", str(e)))
                continue
            fields[known] = Field(known, found, partial(_meaning, model, attribute))
        self._clashes(shape)
        return shape

    def _clashes(self, shape: RecordShape) -> None:
        """Refuse names that the settled form of a date field takes."""
        names = {slot(name) for name in shape.fields}
        for name, entry in shape.fields.items():
            if isinstance(entry.type, Scalar) and entry.type.kind == "date":
                for end in (name + "_lo", name + "_hi"):
                    if end in names:
                        why = f"the name is taken by the days of the date `{name}`"
                        self.wrong.append((f"{shape.name}.{end}", why))

    def type(self, annotation: Any, metadata: Sequence[Any]) -> Type:
        """Return the type of a field, or refuse it."""
        core, notes = bare_type(annotation, metadata)
        found = self._type(core, notes)
        if Fact in notes and not isinstance(found, Scalar | SetOf | Reference):
            raise _UnsupportedError("only values, sets and references are facts")
        return found

    def _type(self, core: Any, notes: Sequence[Any]) -> Type:
        for note in notes:
            if isinstance(note, Reference):
                if core is not str:
                    raise _UnsupportedError("a reference is a text")
                return note
        origin, args = get_origin(core), get_args(core)
        if inspect.isclass(core) and issubclass(core, Period):
            return PERIOD
        if inspect.isclass(core) and issubclass(core, BaseModel):
            return Nested(self.shape(core).name)
        if origin is not None and inspect.isclass(origin):
            if issubclass(origin, AbstractSet):
                return SetOf(_scalar(*bare_type(args[0], ())))
            if issubclass(origin, Mapping) and bare_type(args[0], ())[0] is str:
                return ListOf(self._entry(args[1]), keyed=True)
            if issubclass(origin, tuple) and len(args) == 2 and args[1] is ...:  # noqa: PLR2004
                return ListOf(self._entry(args[0]))
            if issubclass(origin, Sequence) and not issubclass(origin, tuple):
                return ListOf(self._entry(args[0]))
        return _scalar(core, notes)

    def _entry(self, annotation: Any) -> str:
        core, _ = bare_type(annotation, ())
        if inspect.isclass(core) and issubclass(core, BaseModel) and not issubclass(core, Period):
            return self.shape(core).name
        raise _UnsupportedError(
            f"a list or map holds records, and not {_spelt(core)}; values go into a set"
        )


def bare_type(annotation: Any, metadata: Sequence[Any]) -> tuple[Any, list[Any]]:
    """Return a type without `Optional`, `Annotated`, aliases and `Fact`, and what they noted."""
    notes = list(metadata)
    while True:
        origin, args = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            annotation = args[0]
            notes += args[1:]
        elif origin is Fact:
            annotation = args[0]
            notes.append(Fact)
        elif origin in (Union, UnionType):
            rest = [a for a in args if a is not NoneType]
            if len(rest) != 1:
                if set(rest) == {date, PartialDate}:
                    return date, notes
                raise _UnsupportedError(f"a field has one type, and not {_spelt(annotation)}")
            annotation = rest[0]
        elif hasattr(annotation, "__value__"):
            annotation = annotation.__value__
        else:
            break
    return annotation, [n for note in notes for n in _noted(note)]


def _noted(note: Any) -> list[Any]:
    return [note, *note.metadata] if isinstance(note, FieldInfo) else [note]


def _scalar(core: Any, notes: Sequence[Any]) -> Scalar:
    """Return a scalar type, or refuse what is none."""
    for note in notes:
        if isinstance(note, Values):
            return Scalar("enum", tuple(note.meanings), note.name, note.meanings)
    if get_origin(core) is Literal:
        return _enumeration(get_args(core), "")
    if not inspect.isclass(core):
        raise _UnsupportedError(f"{_spelt(core)} has no meaning in definitions")
    if issubclass(core, Enum):
        return _enumeration(tuple(m.value for m in core), _words(core.__name__))
    if core is bool:
        return BOOL
    if core is str:
        return TEXT
    if core in (int, Decimal, float):
        least, most = _bounds(notes, whole=core is int)
        return Scalar("number", whole=core is int, least=least, most=most)
    if core is date:
        return DATE
    raise _UnsupportedError(f"{_spelt(core)} has no meaning in definitions")


def _enumeration(values: tuple[Any, ...], name: str) -> Scalar:
    for value in values:
        if not isinstance(value, str):
            raise _UnsupportedError(f"an enumeration has texts as values, and not {value!r}")
    return Scalar("enum", tuple(v.value if isinstance(v, Enum) else v for v in values), name)


def _bounds(notes: Sequence[Any], *, whole: bool) -> tuple[Any, Any]:
    """Return the least and the greatest value allowed, as far as constraints say."""
    least = most = None
    for note in notes:
        low, above = getattr(note, "ge", None), getattr(note, "gt", None)
        high, below = getattr(note, "le", None), getattr(note, "lt", None)
        if above is not None:
            low = above + 1 if whole and isinstance(above, int) else above
        if below is not None:
            high = below - 1 if whole and isinstance(below, int) else below
        least, most = (low if low is not None else least), (high if high is not None else most)
    return tuple(Decimal(repr(b)) if isinstance(b, float) else b for b in (least, most))  # type: ignore[return-value]  # two in, two out


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).lower()


def _spelt(annotation: Any) -> str:
    return f"`{getattr(annotation, '__name__', None) or annotation}`"


def _meaning(model: type[BaseModel], attribute: str) -> str:
    info = model.model_fields[attribute]
    return info.description or attribute_docs(model).get(attribute, "")


def attribute_docs(model: type[BaseModel]) -> dict[str, str]:
    """Return the texts below the fields of a class, its bases' too; none without its source."""
    docs: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            docs |= _module_docs(base.__module__).get(base.__qualname__, {})
    return docs


@cache
def _module_docs(name: str) -> dict[str, dict[str, str]]:
    """Return the attribute docstrings of every class of a module, by qualified name."""
    try:
        tree = ast.parse(inspect.getsource(sys.modules[name]))
    except (KeyError, OSError, TypeError, SyntaxError):
        return {}
    found: dict[str, dict[str, str]] = {}
    _collect(tree, "", found)
    return found


def _collect(node: ast.AST, prefix: str, found: dict[str, dict[str, str]]) -> None:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.ClassDef(name=name, body=body):
                found[prefix + name] = _documented(body)
                _collect(child, f"{prefix}{name}.", found)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                _collect(child, f"{prefix}{name}.<locals>.", found)
            case _:
                pass


def _documented(body: Sequence[ast.stmt]) -> dict[str, str]:
    docs: dict[str, str] = {}
    for field_, doc in pairwise(body):
        match field_, doc:
            case (
                ast.AnnAssign(target=ast.Name(id=name)),
                ast.Expr(value=ast.Constant(value=str() as text)),
            ):
                docs[name] = inspect.cleandoc(text)
            case _:
                pass
    return docs


_MODELS: Final[Mapping[str, type[BaseModel]]] = {"case": Case, "meeting": Meeting}


class _Shipped(Mapping[str, Vocabulary]):
    """The vocabularies that ship, each read from its model when first asked for."""

    def __getitem__(self, about: str) -> Vocabulary:
        if about not in _MODELS:
            raise KeyError(about)
        return _shipped(about)

    def __iter__(self) -> Iterator[str]:
        return iter(_MODELS)

    def __len__(self) -> int:
        return len(_MODELS)


@cache
def _shipped(about: str) -> Vocabulary:
    return vocabulary_of(_MODELS[about], about)


VOCABULARIES: Final[Mapping[str, Vocabulary]] = _Shipped()
CASE: Vocabulary
MEETING: Vocabulary


def __getattr__(name: str) -> Vocabulary:
    """Return `CASE` or `MEETING`; the models are read when first asked for."""
    if name in {"CASE", "MEETING"}:
        return VOCABULARIES[name.lower()]
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
