"""Every choice of the readings that a finding has to hold under.

Guarantee: all choices are there, the customary one first, or none where they are too many to be
looked at. A line in here touches labels and names; it asks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from math import prod

from kprules.formula.definition import Definition, read_as, walk
from kprules.formula.nodes import Form, Reading

MOST = 64
"""Choices beyond which none is looked at: as many as one definition may have; two may have more."""


def readings_of(clause: Form) -> list[Form]:
    """Return a clause under each choice of the readings inside it, the customary one first."""
    labels = {
        n.label: [name for name, _ in n.options] for n in walk(clause) if isinstance(n, Reading)
    }
    return [read_as(clause, taken) for taken in _choices(labels)]


def asked_of(id_: str, readings: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Return every choice of a definition's readings as `choose` takes it."""
    return _choices({f"{id_}.{label}": names for label, names in readings.items()})


def asked_of_both(
    one: Definition, other: Definition, every: Mapping[str, Definition]
) -> list[dict[str, str]]:
    """Return every choice of the readings of both; what they have from one source is read alike."""
    options: dict[str, dict[str, None]] = {}
    for definition in (one, other):
        for label, names in definition.readings.items():
            line = (definition, *(every[name] for name in definition.ancestors if name in every))
            owner = [each.id for each in line if label in each.readings][-1]
            options.setdefault(f"{owner}.{label}", {}).update(dict.fromkeys(names))
    return _choices(options)


def _choices(options: Mapping[str, Iterable[str]]) -> list[dict[str, str]]:
    """Return every way to choose one name for each key; none where those are too many."""
    names = [tuple(each) for each in options.values()]
    if prod(map(len, names)) > MOST:
        return []
    return [dict(zip(options, chosen, strict=True)) for chosen in product(*names)]
