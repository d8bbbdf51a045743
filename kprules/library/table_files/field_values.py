"""Values of fields, read from the texts of cells or stated by a mapping.

Guarantee: what comes out is a value of the field's type, every digit of it; anything else is
refused. A line in here touches one value.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from pydantic_core import PydanticCustomError

from kprules.diagnostics import did_you_mean
from kprules.records.shape import Reference, Scalar, SetOf, Type
from kprules.records.values import read_date, read_number

UNKNOWN: Final = "unknown"
KEEP: Final = "keep"
"""What a mapping says of texts that are to be read as they stand."""
_DATE: Final = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")


class UnmappedError(ValueError):
    """A value that the mapping does not know."""


class NotOfFieldError(ValueError):
    """A value that a mapping states and its field cannot hold; the text says why."""


def read(text: str, kind: Type) -> Any:
    """Return a text as a value of a kind, or refuse it."""
    if not isinstance(kind, Scalar):
        return text
    match kind.kind:
        case "text":
            return text
        case "enum":
            if text not in kind.values:
                raise UnmappedError(text)
            return text
        case "date":
            if not _DATE.fullmatch(text):
                raise UnmappedError(text)
            return text
        case "bool":
            return _truth(text)
        case _:
            return _number(text, kind)


def _truth(text: str) -> bool:
    lower = text.lower()
    if lower not in {"true", "false"}:
        raise UnmappedError(text)
    return lower == "true"


def _number(text: str, kind: Scalar) -> int | Decimal:
    """Return a number of at most 18 digits on either side, spelled as a case's is."""
    try:
        number = read_number(text)
    except PydanticCustomError:
        raise UnmappedError(text) from None
    if kind.whole and not isinstance(number, int):
        raise UnmappedError(text)
    return number


def member_of(kind: Type) -> Type:
    """Return the type of a set's members; of any other field its own."""
    return kind.member if isinstance(kind, SetOf) else kind


def stated(said: Any, kind: Type) -> Any:
    """Return what a mapping states as what a field of a kind holds: a list for a set.

    What is `unknown` is `None`.
    """
    if said == UNKNOWN:
        return None
    if isinstance(kind, SetOf):
        members = said if isinstance(said, list) else [said]
        return [None if one == UNKNOWN else _one(one, kind.member) for one in members]
    return _one(said, kind)


def _one(said: Any, kind: Type) -> Any:
    if isinstance(said, list | dict):
        raise NotOfFieldError("one value is meant here")
    match kind:
        case Scalar("bool"):
            if isinstance(said, bool) or said in ("true", "false"):
                return said in (True, "true")
            raise NotOfFieldError("`true` or `false` is meant here")
        case Scalar("number"):
            return _stated_number(said, kind)
        case Scalar("date"):
            return _stated_date(said)
        case Scalar("enum"):
            if said in kind.values:
                return said
            raise NotOfFieldError(did_you_mean(str(said), kind.values))
        case Scalar() | Reference() if isinstance(said, str):
            return said
        case _:
            raise NotOfFieldError("a text is meant here")


def _stated_number(said: Any, kind: Scalar) -> int | Decimal:
    try:
        number = read_number(said)
    except PydanticCustomError as e:
        raise NotOfFieldError(e.message()) from None
    if kind.whole and not isinstance(number, int):
        raise NotOfFieldError("a whole number is meant here")
    if kind.least is not None and number < kind.least:
        raise NotOfFieldError(f"it is at least {kind.least}")
    if kind.most is not None and number > kind.most:
        raise NotOfFieldError(f"it is at most {kind.most}")
    return number


def _stated_date(said: Any) -> str:
    if isinstance(said, date) and not isinstance(said, datetime):
        return said.isoformat()
    try:
        read_date(said)
    except PydanticCustomError as e:
        raise NotOfFieldError(e.message()) from None
    return str(said)
