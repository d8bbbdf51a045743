"""What a table can never decide, seen from its columns alone.

Guarantee: a definition said to be undecided is undetermined in every row, whatever the columns
hold; the others may still be. A line in here touches expressions and names of columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

import pyarrow as pa
import pyarrow.types as at

from kprules.formula.definition import Judgement, judge
from kprules.formula.expressions import Expressions, Place
from kprules.formula.lowering import Lowering
from kprules.records.shape import ListOf, Nested, Period, Reference, Scalar, SetOf, Vocabulary
from kprules.tables.arrow import is_list, is_text
from kprules.tables.columns import arranged
from kprules.tables.lacking import missing
from kprules.tables.rows import PERIOD_SHAPE


@dataclass(frozen=True, slots=True)
class Undecided:
    """A definition that a table never decides, and the columns that it looks at and misses."""

    id: str
    columns: tuple[str, ...]


def undecided(
    judgements: Sequence[Judgement], schema: pa.Schema, vocabulary: Vocabulary
) -> list[Undecided]:
    """Return the definitions that stay undetermined in every row of a table with these columns."""
    found = []
    for judgement in judgements:
        store = Expressions()
        truth = judge(judgement, Lowering(store, {}, _Columns(schema, vocabulary)))
        if truth.certain == store.false and truth.possible == store.true:
            problems = missing(schema, [judgement], vocabulary)
            found.append(Undecided(judgement.id, tuple(p.column for p in problems)))
    return found


def lacked(
    judgements: Sequence[Judgement], schemas: Sequence[pa.Schema], vocabulary: Vocabulary
) -> list[Undecided]:
    """Return the columns that each definition looks at and that some table lacks."""
    found: dict[str, set[str]] = {}
    for judgement in judgements:
        columns = found.setdefault(judgement.id, set())
        for schema in schemas:
            columns.update(p.column for p in missing(schema, [judgement], vocabulary))
    return [Undecided(id_, tuple(sorted(columns))) for id_, columns in found.items()]


class _Columns:
    """Foresees that a column which is not there is unknown in every row, and nothing else."""

    def __init__(self, schema: pa.Schema, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.tree = arranged(schema.names, lambda i: schema.field(i).type)

    def known(self, place: Place, /) -> bool | None:
        return False if self._lacks(_fields(place)) else None

    complete = known

    def whole_days(self, _: Place, /) -> bool:
        return False

    def _lacks(self, fields: Sequence[str]) -> bool:
        """Return whether a column on the way is missing.

        Beyond a reference that may be none, and of the end of a period that has begun, nothing is
        said: it may be known not to be there, or not to have come.
        """
        shape = self.vocabulary.root
        found: Any = self.tree
        for index, name in enumerate(fields):
            kind = shape.fields[name].type
            found = _child(found, name)
            if found is None:
                return name != "to" or shape is not PERIOD_SHAPE
            match kind:
                case Period():
                    shape = PERIOD_SHAPE
                case Nested(record) | ListOf(record):
                    shape = self.vocabulary.shape_of(record)
                case Reference(record, through, none):
                    if none and index + 1 < len(fields):
                        return False
                    shape = self.vocabulary.shape_of(record)
                    if not isinstance(found, Mapping) and is_text(found):
                        found = self.tree.get(through)
                        if found is None:
                            return index + 1 < len(fields)
                case Scalar() | SetOf():
                    pass
                case _:
                    assert_never(kind)
        return False


def _fields(place: Place) -> tuple[str, ...]:
    """Return the path of fields to a fact, from the whole record."""
    above = () if place.scope is None else _fields(place.scope.over)
    return (*above, *place.path.fields)


def _child(found: Any, name: str) -> Any:
    """Return the type of a field of a record, or of the records in a list."""
    if isinstance(found, Mapping):
        return found.get(name)
    if at.is_map(found):
        found = found.item_type
    elif is_list(found):
        found = found.value_type
    index = found.get_field_index(name) if at.is_struct(found) else -1
    return found.field(index).type if index >= 0 else None
