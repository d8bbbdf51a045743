"""What a table will leave undetermined in every row, said before anyone waits.

Guarantee: what is said follows from the columns alone. A line in here touches standard error.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import click
import pyarrow as pa

from kprules.cli.ending import note
from kprules.comparison.foreseen import undecided
from kprules.diagnostics import plain
from kprules.formula.definition import Judgement
from kprules.records.shape import Vocabulary
from kprules.reports.text import counted, several

_SHOWN = 6
_MOST = 12
_COLUMNS = 8


def foretell(
    judgements: Sequence[Judgement],
    schema: pa.Schema,
    vocabulary: Vocabulary,
    own: Collection[str] = (),
) -> None:
    """Name the definitions that stay undetermined in every row, by the columns that are missing."""
    ordered = sorted(judgements, key=lambda j: j.id not in own)
    found = undecided(ordered, schema, vocabulary)
    if not found:
        return
    many = {judgement.id for judgement in judgements}
    number = counted(len({each.id for each in found}), "definition")
    note(f"{number} of {len(many)} undetermined in every row, for want of columns:")
    by_columns: dict[tuple[str, ...], dict[str, None]] = {}
    for each in found:
        by_columns.setdefault(each.columns, {})[each.id] = None
    for columns, ids in list(by_columns.items())[:_MOST]:
        names = list(ids)
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        said = ", ".join(names[:_SHOWN]) + more
        click.echo(plain(f"  {', '.join(columns)}: {said}"), err=True)
    if len(by_columns) > _MOST:
        click.echo(f"  and {len(by_columns) - _MOST} groups of columns more", err=True)


def tell_missing(columns: Iterable[str]) -> None:
    """Say which columns are not there, and so unknown."""
    missing = list(dict.fromkeys(columns))
    if not missing:
        return
    shown = several([f"`{column}`" for column in missing[:_COLUMNS]])
    more = f" and {len(missing) - _COLUMNS} more" if len(missing) > _COLUMNS else ""
    note(f"no such columns, so unknown in every row: {shown}{more}")
