"""Definitions over Spark DataFrames: `kprules.spark.evaluate(frame, rules)`.

Guarantee: the table engine's outcomes, row by row. A line in here turns rules into judgements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kprules.asking import chosen
from kprules.formula.definition import Definition, Judgement
from kprules.tables import spark

_WHERE = "the DataFrame"


def evaluate(
    frame: Any,
    rules: Mapping[str, Definition] | Iterable[Definition],
    *,
    keep: Sequence[str] | None = None,
    readings: Mapping[str, str] | None = None,
    packed: bool = False,
) -> Any:
    """Return a DataFrame of ids and an outcome column for each definition.

    `rules` are definitions about one kind of record. `keep` names the columns to carry through; by
    itself the id's, which is called like the kind of record (`case`). `readings` maps
    `definition.label` to the name of a reading. Needs `kprules[spark]`, on the workers too.

    Raises a `ValueError` (`BadTableError` of `kprules.comparison.table_problems`), before any job,
    where a column that is not kept is no field, holds what its field cannot, or has the name of a
    definition.
    """
    definitions = list(rules.values() if isinstance(rules, Mapping) else rules)
    abouts = {definition.about for definition in definitions}
    if len(abouts) != 1:
        raise ValueError(f"definitions about one kind of record, and not {sorted(abouts)}")
    (about,) = abouts
    if keep is None:
        keep = [about] if about in frame.columns else []
    judgements = chosen(definitions, readings)
    beside = _check(frame, judgements, keep)
    return spark.evaluate(frame, judgements, keep=keep, beside=beside, packed=packed)


def _check(frame: Any, judgements: Sequence[Judgement], keep: Sequence[str]) -> tuple[str, ...]:
    """Raise what is wrong with the columns; return those kept that are no fields."""
    from kprules.comparison.table_frames import taken_names  # noqa: PLC0415 - brings in engines
    from kprules.comparison.table_problems import BadTableError, FileProblem  # noqa: PLC0415 - as above
    from kprules.tables import columns  # noqa: PLC0415 - as above
    from kprules.tables.ids import schema_with_ids  # noqa: PLC0415 - as above

    vocabulary = judgements[0].definition.vocabulary
    schema = schema_with_ids(spark.arrow_schema(frame), vocabulary.about)
    problems = columns.check(schema, vocabulary)
    extras = [p.column for p in problems if p.kind == "unknown-column" and p.column in schema.names]
    wrong = [p for p in problems if p.column not in extras]
    wrong += taken_names(keep, [judgement.id for judgement in judgements])
    found = [FileProblem(_WHERE, p) for p in wrong]
    found += [
        FileProblem(_WHERE, p, "keep=[…]")
        for p in problems
        if p.column in extras and p.column not in keep
    ]
    if found:
        raise BadTableError(found)
    return tuple(extras)
