"""The columns that definitions look at and a table lacks.

Guarantee: of each path the first column that is missing is named, with the definitions that look at
it; what lies behind it is not named again. A line in here touches a schema and paths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.types as at

from kprules.formula.definition import Judgement
from kprules.records.shape import Period, RecordShape, Reference, Vocabulary
from kprules.tables.arrow import is_list, is_text
from kprules.tables.columns import arranged
from kprules.tables.needs import paths_of
from kprules.tables.problems import TableProblem
from kprules.tables.rows import PERIOD_SHAPE

_SHOWN: Final = 8
"""How many definitions a message names."""


def missing(
    schema: pa.Schema, judgements: Sequence[Judgement], vocabulary: Vocabulary
) -> tuple[TableProblem, ...]:
    """Return the columns that definitions look at and a table lacks, and whose they are."""
    tree = arranged(schema.names, lambda i: schema.field(i).type)
    lacking: dict[str, dict[str, None]] = {}
    known: dict[tuple[str, ...], str | None] = {}
    for judgement in judgements:
        for names in paths_of(judgement):
            if names not in known:
                known[names] = _first_missing(tree, names, vocabulary)
            column = known[names]
            if column is not None:
                lacking.setdefault(column, {})[judgement.id] = None
    return tuple(
        TableProblem(
            column,
            "missing-column",
            "no such column: unknown in every row",
            f"looked at by {', '.join(list(ids)[:_SHOWN])}{' …' if len(ids) > _SHOWN else ''}",
        )
        for column, ids in sorted(lacking.items())
    )


def _first_missing(
    tree: Mapping[str, Any], names: Sequence[str], vocabulary: Vocabulary
) -> str | None:
    """Return the first column on a path that is not there, as people write it."""
    shape: RecordShape = vocabulary.root
    found: Any = tree
    column: list[str] = []
    for name in names:
        kind = shape.fields[name].type
        found = _child(found, name)
        column.append(name)
        if found is None:
            return ".".join(column)
        if isinstance(kind, Reference) and not isinstance(found, Mapping) and is_text(found):
            found, column = _child(tree, kind.through), [kind.through]
            if found is None:
                return kind.through if name != names[-1] else None
        record = getattr(kind, "record", None)
        if isinstance(kind, Period):
            shape = PERIOD_SHAPE
        elif record is not None:
            shape = vocabulary.shape_of(record)
    return None


def _child(found: Any, name: str) -> Any:
    """Return the type of a field of a record, or of records in a list; `None` where it lacks."""
    if isinstance(found, Mapping):
        child = found.get(name)
    else:
        if at.is_map(found):
            found = found.item_type
        elif is_list(found):
            found = found.value_type
        index = found.get_field_index(name) if at.is_struct(found) else -1
        child = found.field(index).type if index >= 0 else None
    if isinstance(child, Mapping) or child is None:
        return child
    return None if at.is_null(child) else child
