"""What a table leaves undetermined in every row: foretold before anyone waits, and told after.

Guarantee: what is foretold follows from the columns alone; each such definition is named, with the
columns that it looks at and that are missing. A line in here touches standard error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import pyarrow as pa

from kprules.cli.ending import beside, note
from kprules.comparison.foreseen import Undecided, undecided
from kprules.formula.definition import Judgement
from kprules.records.shape import Vocabulary
from kprules.reports.text import counted, several


def foretell(
    judgements: Sequence[Judgement],
    schema: pa.Schema,
    vocabulary: Vocabulary,
    own: Collection[str] = (),
) -> frozenset[str]:
    """Name the definitions that stay undetermined in every row, and return their ids."""
    ordered = sorted(judgements, key=lambda j: j.id not in own)
    found = undecided(ordered, schema, vocabulary)
    ids = frozenset(each.id for each in found)
    if found:
        many = len({judgement.id for judgement in judgements})
        number = counted(len(ids), "definition")
        note(f"{number} of {many} undetermined in every row, for want of columns:")
        _by_columns(found)
    return ids


def tell_undetermined(found: Sequence[Undecided]) -> None:
    """Name the definitions that stayed undetermined in every row, though this was not foretold."""
    if not found:
        return
    number = counted(len(found), "definition")
    note(f"{number} undetermined in every row, as it turned out; looked at, and missing:")
    _by_columns(found)


def _by_columns(found: Sequence[Undecided]) -> None:
    """Name definitions behind the columns that they miss."""
    by_columns: dict[tuple[str, ...], dict[str, None]] = {}
    for each in found:
        by_columns.setdefault(each.columns, {})[each.id] = None
    for columns, ids in by_columns.items():
        beside(f"{', '.join(columns) or 'no column'}: {', '.join(ids)}")


def tell_missing(columns: Iterable[str]) -> None:
    """Say which columns are not there, and so unknown."""
    missing = list(dict.fromkeys(columns))
    if not missing:
        return
    shown = several([f"`{column}`" for column in missing])
    note(f"no such columns, so unknown in every row: {shown}")
