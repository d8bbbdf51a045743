"""Definitions over Spark DataFrames: `kprules.spark.evaluate(frame, rules)`.

Guarantee: the table engine's outcomes, row by row. A line in here turns rules into judgements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kprules.asking import chosen
from kprules.formula.definition import Definition
from kprules.tables import spark


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
    """
    definitions = list(rules.values() if isinstance(rules, Mapping) else rules)
    abouts = {definition.about for definition in definitions}
    if len(abouts) != 1:
        raise ValueError(f"definitions about one kind of record, and not {sorted(abouts)}")
    (about,) = abouts
    if keep is None:
        keep = [about] if about in frame.columns else []
    judgements = chosen(definitions, readings)
    return spark.evaluate(frame, judgements, keep=keep, packed=packed)
