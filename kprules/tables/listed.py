"""The names of lists, as the column `incomplete` gives them.

Guarantee: a list inside records has their names before it, with dots, through lists too. A line in
here touches shapes.
"""

from __future__ import annotations

from functools import lru_cache

from kprules.records.shape import ListOf, Nested, RecordShape, Vocabulary


def own_lists(shape: RecordShape) -> tuple[str, ...]:
    """Return the names of a record's own lists."""
    return tuple(n for n, field in shape.fields.items() if isinstance(field.type, ListOf))


def all_lists(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the names of the judged record's lists, and of all inside it."""
    return _all_lists(_ById(vocabulary))


class _ById:
    """A vocabulary as a key: two are the same where they are one object."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def __hash__(self) -> int:
        return id(self.vocabulary)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and self.vocabulary is other.vocabulary


@lru_cache(maxsize=16)
def _all_lists(key: _ById) -> tuple[str, ...]:
    found: list[str] = []

    def walk(shape: RecordShape, before: str, above: tuple[str, ...]) -> None:
        for name, field in shape.fields.items():
            kind = field.type
            if isinstance(kind, ListOf):
                found.append(before + name)
            if isinstance(kind, ListOf | Nested) and kind.record not in above:
                inner = key.vocabulary.shape_of(kind.record)
                walk(inner, f"{before}{name}.", (*above, kind.record))

    walk(key.vocabulary.root, "", (key.vocabulary.root.name,))
    return tuple(found)
