"""One line of a file of cases, read the quick way: without the places of what it says.

Guarantee: a record comes back only where the careful way (`documents`) would return the very same
one without a problem; of every other line nothing does, and the careful way says why. A line in
here touches one text.
"""

from __future__ import annotations

import json
from typing import Any, Final

from pydantic import ValidationError

from kprules.library.bibliography import Bibliography
from kprules.library.documents import Kind, Read, identity
from kprules.library.trees import DEEPEST
from kprules.library.yaml_trees import beyond_deepest
from kprules.records.values import is_control
from kprules.records.vocabulary import VOCABULARIES
from kprules.records.whole import LOOKED_THROUGH, wrong_facts

_LONGEST: Final = 100_000
"""Characters of a line that is read so: a longer one may hold more values than are allowed."""
_ATTRIBUTE: Final = '"from_"'
"""The one field that the program calls otherwise than records do, and takes by that name too."""


class _Odd(Exception):  # noqa: N818 - no error: another way is taken
    """The line is not read the quick way."""


def read_quickly(text: str, bibliography: Bibliography) -> Read | None:
    """Return the record of a line, or nothing where that takes more than a look."""
    if len(text) > _LONGEST or _ATTRIBUTE in text or _is_deep(text):
        return None
    try:
        data = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_int=_as_written,
            parse_float=_as_written,
            parse_constant=_refuse,
        )
        name = next(name for name in VOCABULARIES if name in data)
        vocabulary = VOCABULARIES[name]
        if ("\\" in text and _acts(data)) or any(wrong_facts(data, vocabulary)):
            return None
        own = data.get("sources")
        brought = own.keys() if isinstance(own, dict) else ()
        cites = tuple(dict.fromkeys(key for key in _cited(data) if key not in brought))
        if not all(key in bibliography for key in cites):
            return None
        record = vocabulary.root.model.model_validate(data, strict=False, context=LOOKED_THROUGH)
    except (_Odd, ValidationError, StopIteration, ValueError, TypeError, RecursionError):
        return None
    kind = Kind(vocabulary.root.model, vocabulary, name)
    return Read(identity(record, kind), kind, record, cites)


def _is_deep(text: str) -> bool:
    opened = text.count("[") + text.count("{")
    return opened > DEEPEST and beyond_deepest(text, 0, len(text)) is not None


def _as_written(number: str) -> str:
    return number


def _refuse(_: str) -> Any:
    raise _Odd


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object as the careful way reads it: truths are texts, and no key stands twice."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Odd
    for key, value in pairs:
        if value is True or value is False:
            found[key] = _WORDS[value]
        elif type(value) is list:
            found[key] = _listed(value)
    return found


_WORDS: Final = {True: "true", False: "false"}


def _listed(values: list[Any]) -> list[Any]:
    return [
        _WORDS[v] if v is True or v is False else _listed(v) if type(v) is list else v
        for v in values
    ]


def _acts(value: Any) -> bool:
    """Return whether a text or key holds a character that acts on a terminal, or half a one."""
    match value:
        case str():
            return not (value.isascii() and value.isprintable()) and any(
                is_control(c) and c != "\r" for c in value
            )
        case dict():
            return any(_acts(k) or _acts(v) for k, v in value.items())
        case list():
            return any(map(_acts, value))
        case _:
            return False


def _cited(data: dict[str, Any]) -> list[str]:
    """Return the keys of sources that a record names."""
    found: list[str] = []
    _add_sources(data, found, ("sources", "cites"))
    return found


def _add_sources(
    record: dict[str, Any], found: list[str], under: tuple[str, ...] = ("sources",)
) -> None:
    for key, value in record.items():
        kind = type(value)
        if kind is dict:
            _add_sources(value, found)
        elif kind is list:
            if key in under:
                _add_keys(value, found)
            else:
                _add_listed(value, found)


def _add_listed(values: list[Any], found: list[str]) -> None:
    for value in values:
        kind = type(value)
        if kind is dict:
            _add_sources(value, found)
        elif kind is list:
            _add_listed(value, found)


def _add_keys(values: list[Any], found: list[str]) -> None:
    for value in values:
        if type(value) is not str:
            raise _Odd
        found.append(value)
