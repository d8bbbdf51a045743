"""The path that fields lead along, in a vocabulary: its type and the references on the way.

Guarantee: the same path as checking makes of the words. A line in here reads shapes, no record.
"""

from __future__ import annotations

from collections.abc import Sequence

from kprules.formula.nodes import Path
from kprules.records.shape import (
    PERIOD_FIELDS,
    Nested,
    Period,
    Reference,
    Type,
    Vocabulary,
)


def path_to(vocabulary: Vocabulary, variable: str, record: str, names: Sequence[str]) -> Path:
    """Return the path of a fact, from the judged record or from an entry in scope.

    Raises `KeyError` where a name is no field.
    """
    at: Type = Nested(record)
    nones: list[Path] = []
    for place, name in enumerate(names):
        if isinstance(at, Reference) and at.none:
            nones.append(Path(variable, record, tuple(names[:place]), at, tuple(nones)))
        match at:
            case Nested(inner) | Reference(inner):
                root = inner == vocabulary.about
                at = (vocabulary.root if root else vocabulary.records[inner]).fields[name].type
            case Period():
                at = PERIOD_FIELDS[name]
            case _:
                raise KeyError(name)
    return Path(variable, record, tuple(names), at, tuple(nones))
