"""Records as plain data, in the one spelling that says the same in the shortest way.

Guarantee: what comes out is read back as an equal record; equal records come out equal, byte by
byte. A line in here touches values; it opens no file.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from kprules.records.facts import Fact, plain_fact, plain_value
from kprules.records.vocabulary import field_name


def plain_record(record: BaseModel) -> dict[str, Any]:
    """Return a record as plain values, lists and dictionaries; what is unknown is left out."""
    written: dict[str, Any] = {}
    for attribute, info in type(record).model_fields.items():
        value = record.__dict__[attribute]
        if value is None or (value == info.get_default(call_default_factory=True)):
            continue
        written[field_name(attribute, info)] = _plain(value)
    return written


def _plain(value: Any) -> Any:
    match value:
        case Fact():
            return plain_fact(value)
        case BaseModel():
            return plain_record(value)
        case dict():
            return {str(key): _plain(one) for key, one in value.items()}
        case tuple() | list():
            return [_plain(one) for one in value]
        case _:
            return plain_value(value)


def canonical(record: BaseModel) -> str:
    """Return what a record says as one line of JSON, the same for equal records."""
    return json.dumps(
        plain_record(record), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str
    )
