"""From the arguments of a function to what an evaluation goes by.

Guarantee: a name that nothing bears is refused with the nearest one, as the command line does. A
line in here touches names.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Literal, TypeAlias, get_args

from pydantic import BaseModel

from kprules.comparison.conditions import Conditions
from kprules.diagnostics import Problems, did_you_mean
from kprules.formula.definition import Definition, Judgement, choose
from kprules.library.cases import LoadedCase, load_cases
from kprules.library.shipped import shipped
from kprules.records.settle import parties
from kprules.records.settled import Evidence
from kprules.records.vocabulary import VOCABULARIES
from kprules.reports.text import several

Readings: TypeAlias = Mapping[str, str] | Literal["customary", "all"]


def conditions_of(
    definitions: Sequence[Definition],
    case: LoadedCase | BaseModel | None = None,
    *,
    view: str | None = None,
    standard: Evidence = "established",
    readings: Readings = "customary",
    closed: bool = False,
) -> Conditions:
    """Return what an evaluation goes by; raise `ValueError` for a name that nothing bears."""
    _one_of("standard", standard, get_args(Evidence))
    if view is not None and case is not None:
        _check_view(view, case)
    if isinstance(readings, Mapping):
        for where, name in readings.items():
            _check_reading(where, name, definitions)
        return Conditions(standard, view, "customary", readings, closed)
    _one_of("readings", readings, ("customary", "all"))
    return Conditions(standard, view, readings, {}, closed)


def chosen(
    definitions: Sequence[Definition], readings: Mapping[str, str] | None
) -> tuple[Judgement, ...]:
    """Return definitions as they are to be read; raise `ValueError` for a reading there is not."""
    if readings is not None and not isinstance(readings, Mapping):
        raise ValueError(f"readings map `definition.label` to a name, and are not `{readings}`")
    conditions = conditions_of(definitions, readings=readings or {})
    return tuple(choose(definition, conditions.reading) for definition in definitions)


def check_definitions(*definitions: object) -> None:
    """Raise `TypeError` for what is no definition, such as the id of one."""
    for definition in definitions:
        if not isinstance(definition, Definition):
            raise TypeError(
                "a definition is meant here, such as `load_rules()[id]`, and not "
                f"{reprlib.repr(definition)}"
            )


def check_alike(one: Definition, other: Definition) -> None:
    """Raise `ValueError` for definitions about different kinds of record."""
    check_definitions(one, other)
    if one.about != other.about:
        raise ValueError(
            f"`{one.id}` is about a {one.about}, `{other.id}` about a {other.about}: they judge "
            "nothing in common"
        )


def _one_of(what: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        said = several([f"`{k}`" for k in known], "or")
        raise ValueError(f"{what} is {said}, and not `{value}`{_hint(str(value), known)}")


def _hint(name: str, known: Iterable[str]) -> str:
    hint = did_you_mean(name, known)
    return f"; {hint}" if hint else ""


def _check_view(view: str, case: LoadedCase | BaseModel) -> None:
    """Refuse a party that neither the record names, nor those read with it, nor those that ship.

    Which others there are is not known of a record that was not loaded: of a model of the caller's
    own, a party is refused that is spelt nearly as one that the record names.
    """
    loaded = isinstance(case, LoadedCase)
    own = parties(case.record if isinstance(case, LoadedCase) else case)
    if view in own:
        return
    known = own | case.beside() if isinstance(case, LoadedCase) else own
    if loaded or any(isinstance(case, each.root.model) for each in VOCABULARIES.values()):
        known |= _shipped_parties()
    elif not did_you_mean(view, known):
        return
    if view not in known:
        raise ValueError(f"no record names the party `{view}`{_hint(view, known)}")


@cache
def _shipped_parties() -> frozenset[str]:
    return named_by(load_cases((shipped("cases"),), Problems()))()


def named_by(cases: Iterable[LoadedCase]) -> Callable[[], frozenset[str]]:
    """Return what tells, once it is asked, which parties some records name."""
    found = tuple(cases)
    return cache(lambda: frozenset().union(*(parties(case.record) for case in found)))


def _check_reading(where: str, name: str, definitions: Sequence[Definition]) -> None:
    """Refuse a label of one of the definitions that has no readings, or not that one.

    What names another definition is left alone: one mapping may be meant for many.
    """
    owner, dot, label = where.partition(".")
    if not dot:
        raise ValueError(f"readings are named `definition.label`, and not `{where}`")
    for definition in definitions:
        names = definition.readings.get(label)
        if names is None and owner == definition.id:
            hint = _hint(label, definition.readings)
            raise ValueError(f"no words of `{owner}` called `{label}` have readings{hint}")
        if names is not None and owner in {definition.id, *definition.ancestors}:
            _one_of(f"`{where}`", name, names)
