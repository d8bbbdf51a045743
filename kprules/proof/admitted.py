"""What a vocabulary's own models admit: facts that are unknown, lists that are incomplete.

Guarantee: a record that the models refuse for one of these is never proposed. A line in here reads
the annotations of models; a vocabulary made by hand admits everything.
"""

from __future__ import annotations

from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from kprules.records.case import Root
from kprules.records.facts import Fact
from kprules.records.shape import RecordShape, Vocabulary
from kprules.records.values import Values
from kprules.records.vocabulary import bare_type, field_name

_KNOWN: dict[int, tuple[RecordShape, frozenset[str]]] = {}


def never_unknown(shape: RecordShape) -> frozenset[str]:
    """Return the fields of a record that always have a value."""
    kept = _KNOWN.get(id(shape))
    if kept is None:
        kept = _KNOWN[id(shape)] = (shape, _never_unknown(shape))
    return kept[1]


def _never_unknown(shape: RecordShape) -> frozenset[str]:
    if shape.model is None:
        return frozenset()
    return frozenset(
        field_name(attribute, info)
        for attribute, info in shape.model.model_fields.items()
        if not _admits_unknown(info.annotation)
    )


def _admits_unknown(annotation: Any) -> bool:
    """Return whether None, or a fact that may be `unknown`, is of the type."""
    origin, args = get_origin(annotation), get_args(annotation)
    if annotation is None or annotation is NoneType or annotation is Any or origin is Fact:
        return True
    if origin is Annotated:
        return _admits_unknown(args[0])
    if origin in (Union, UnionType):
        return any(_admits_unknown(arg) for arg in args)
    return hasattr(annotation, "__value__") and _admits_unknown(annotation.__value__)


def may_be_blank(shape: RecordShape, name: str) -> bool:
    """Return whether entries of a list or map may be null: there, and nothing known of them."""
    return shape.model is None or name in _with_blanks(shape.model)


@cache
def _with_blanks(model: Any) -> frozenset[str]:
    """Return the fields of a model that hold entries which may be null."""
    return frozenset(
        field_name(attribute, info)
        for attribute, info in model.model_fields.items()
        if any(map(_admits_unknown, get_args(bare_type(info.annotation, ())[0])))
    )


def may_be_incomplete(vocabulary: Vocabulary, dotted: str) -> bool:
    """Return whether a record may say that a list has entries which are not recorded."""
    if vocabulary.root.model is None:
        return True
    named = _incomplete_names(vocabulary.root.model)
    return named is not None and (not named or dotted in named)


def may_be_reversed(vocabulary: Vocabulary) -> bool:
    """Return whether a period may end before it begins: only cases and meetings refuse that."""
    model = vocabulary.root.model
    return model is None or not issubclass(model, Root)


@cache
def _incomplete_names(model: Any) -> frozenset[str] | None:
    """Return the lists that `incomplete` may name: empty where any may be, None if absent."""
    info = model.model_fields.get("incomplete")
    if info is None:
        return None
    return frozenset(_listed(info.annotation))


def _listed(annotation: Any) -> tuple[str, ...]:
    """Return the values of the enumeration inside a set's annotation."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    for arg in get_args(annotation):
        if isinstance(arg, Values):
            return tuple(arg.meanings)
        found = _listed(arg)
        if found:
            return found
    return ()
