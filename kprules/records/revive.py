"""Records from plain data that `kprules.records.plain` wrote of sound ones.

Guarantee: gives back the very record that was written, without validating it again; so it is for
what this program has written itself and for nothing else. One plan a model is made once. A line in
here touches plain values and annotations.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel

from kprules.records.facts import Claim, Fact
from kprules.records.values import read_date
from kprules.records.vocabulary import bare_type, field_name

M = TypeVar("M", bound=BaseModel)
Make = Callable[[Any], Any]


def revive(model: type[M], data: Mapping[str, Any]) -> M:
    """Return the record of a model that was written as this data."""
    plan = _plan(model)
    values = {}
    for key, value in data.items():
        attribute, make = plan[key]
        values[attribute] = value if make is None else make(value)
    return model.model_construct(**values)


@cache
def _plan(model: type[BaseModel]) -> dict[str, tuple[str, Make | None]]:
    """Return attribute and maker for each key; nothing makes what is plain already."""
    plan: dict[str, tuple[str, Make | None]] = {}
    for attribute, info in model.model_fields.items():
        core, notes = bare_type(info.annotation, info.metadata)
        plan[field_name(attribute, info)] = (attribute, _maker(core, notes))
    return plan


def _maker(core: Any, notes: list[Any]) -> Make | None:
    if Fact in notes:
        return _fact_maker(core)
    origin, args = get_origin(core), get_args(core)
    if inspect.isclass(core) and issubclass(core, BaseModel):
        return lambda data: revive(core, data)
    if origin is not None and inspect.isclass(origin):
        inner = _maker(*bare_type(args[-1] if args[-1] is not ... else args[0], ()))
        if issubclass(origin, Mapping):
            return lambda data: {k: v if inner is None else inner(v) for k, v in data.items()}
        make: Callable[[Any], Any] = origin
        return lambda data: make(data if inner is None else map(inner, data))
    return _value_maker(core)


def _value_maker(core: Any) -> Make | None:
    if core is Decimal:
        return Decimal
    return read_date if core is date else None


def _fact_maker(core: Any) -> Make:
    is_set = get_origin(core) is frozenset
    member = _value_maker(bare_type(get_args(core)[0], ())[0] if is_set else core)

    def value(data: Any) -> Any:
        if data == "unknown":
            return None
        if is_set:
            return frozenset(one(v) for v in data)
        return data if member is None else member(data)

    def one(data: Any) -> Any:
        if data == "unknown":
            return None
        return data if member is None else member(data)

    def long(data: dict[str, Any], make: Make) -> Fact[Any]:
        more = _more(data)
        said = data["value"]
        if is_set and make is value and isinstance(said, list):
            return _set_fact(said, more)
        return Fact(make(said), **more)

    def _set_fact(said: list[Any], more: dict[str, Any]) -> Fact[Any]:
        members = tuple(long(m, one) for m in said if isinstance(m, dict))
        bare = frozenset(one(m) for m in said if not isinstance(m, dict))
        return Fact(bare, members=members, **more)

    def fact(data: Any) -> Fact[Any]:
        if isinstance(data, dict):
            if "contested" in data:
                return Fact(contested=tuple(_claim(c, value) for c in data["contested"]))
            return long(data, value)
        if is_set and isinstance(data, list):
            return _set_fact(data, {})
        return Fact(value(data))

    return fact


def _claim(data: dict[str, Any], value: Make) -> Claim[Any]:
    return Claim(value(data["value"]), **_more(data))


def _more(data: dict[str, Any]) -> dict[str, Any]:
    """Return what is said about a value."""
    return {k: v if k == "evidence" else tuple(v) for k, v in data.items() if k != "value"}
