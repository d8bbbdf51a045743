"""The receipt of a report: what was used, as hashes of its content.

Guarantee: the same content gives the same receipt on any machine, wherever the files lie and
however their lines end; whatever can change an outcome is in it. A line in here touches content.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from kprules.comparison.conditions import Conditions, order_of
from kprules.formula.definition import Definition
from kprules.version import __version__

_APART = frozenset({"span", "vocabulary", "type", "expectations"})
"""Fields that are not content of a definition: where it was written, what it was checked against,
what its author expects of it."""


def receipt(
    definitions: Iterable[Definition],
    digests: Iterable[str],
    conditions: Conditions,
    as_of: date | None = None,
    day_in_force: date | None = None,
) -> dict[str, Any]:
    """Return the receipt of a report on some records, by the hashes of each, and definitions."""
    asked: Any = conditions.readings
    if conditions.reading and conditions.readings == "customary":
        asked = dict(sorted(conditions.reading.items()))
    return {
        "kprules": __version__,
        "rules": digest([content(d) for d in sorted(definitions, key=order_of)]),
        "cases": digest(sorted(digests)),
        "options": {
            "standard": conditions.standard,
            "view": conditions.view,
            "as_of": as_of and as_of.isoformat(),
            "in_force": day_in_force and day_in_force.isoformat(),
            "readings": asked,
            "closed": conditions.closed,
        },
    }


def digest(content: Any) -> str:
    """Return the hash of some content: one spelling, whatever order its mappings came in."""
    return "sha256:" + hashlib.sha256(_text(content).encode()).hexdigest()


def _text(content: Any) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content(value: Any) -> Any:
    """Return a definition, or a part of one, as JSON knows it, without its places in a text."""
    match value:
        case None | bool() | int() | str():
            return value
        case Decimal() | date():
            return [type(value).__name__, str(value)]
        case frozenset():
            return sorted((content(v) for v in value), key=_text)
        case tuple():
            return [content(v) for v in value]
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return [
                type(value).__name__,
                *(content(getattr(value, n)) for n in _names(value.__class__)),
            ]
        case _:
            return str(value)


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(
        f.name
        for f in dataclasses.fields(kind)
        if f.name not in _APART and not f.name.startswith("_")
    )
