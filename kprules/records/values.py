"""The kinds of value that facts have: enumerations with meanings, truths, numbers, dates, texts.

Guarantee: each reads what a person wrote by the kind of the fact and never by a guess: `NO` is a
country or a word and never false, `1e5` a number only where a number is asked for. Numbers and
dates are finite and bounded. A line in here touches one plain value.
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Final, LiteralString, TypeAlias, TypeVar

from pydantic import (
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from kprules.records.countries import COUNTRIES
from kprules.records.settled import PartialDate

T = TypeVar("T")
LONGEST_TEXT: Final = 10_000
LARGEST_NUMBER: Final = 10**18
"""Numbers of 19 digits and more are mistakes: no weight, sum or count of the debate is near."""


@dataclass(frozen=True, slots=True)
class Values:
    """An enumeration: what it is called, and each allowed value with its meaning."""

    name: str
    meanings: Mapping[str, str]

    def __hash__(self) -> int:
        """Hash by name: pydantic looks metadata up."""
        return hash(self.name)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Allow the listed values and no other."""
        return core_schema.literal_schema(list(self.meanings))


class Unjudged:
    """Marks a field that keeps the books of a record (sources, gaps): definitions never see it."""

    __slots__ = ()


UNJUDGED: Final = Unjudged()


class Identity:
    """Marks the field that holds the id of a record."""

    __slots__ = ()


IDENTITY: Final = Identity()


def read_truth(raw: Any) -> Any:
    """Read `true` and `false`; anything else is refused by the field."""
    if isinstance(raw, bool):
        return raw
    if raw in ("true", "false"):
        return raw == "true"
    raise PydanticCustomError("type-mismatch", "`true` or `false` is meant here")


_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?(\d+))?", re.ASCII)
_TOO_LARGE: Final = "a number has at most 18 digits on either side"
_LONGEST_NUMBER: Final = 60
_LONGEST_EXPONENT: Final = 3
"""Characters that are read at all; what is longer is too large, or has too many digits."""


def read_number(raw: Any) -> int | Decimal:
    """Read a finite decimal number: an `int` where it is whole, else a `Decimal`."""
    if isinstance(raw, str):
        found = _NUMBER.fullmatch(raw.strip())
        if found is None:
            raise PydanticCustomError("type-mismatch", "a decimal number is meant here")
        if len(raw) > _LONGEST_NUMBER or len(found[4] or "") > _LONGEST_EXPONENT:
            raise PydanticCustomError("too-large", _TOO_LARGE)
        return _bounded(Decimal(raw.strip()))
    if isinstance(raw, bool) or not isinstance(raw, int | float | Decimal):
        raise PydanticCustomError("type-mismatch", "a decimal number is meant here")
    return _bounded(Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw))


def _bounded(number: Decimal) -> int | Decimal:
    if not number.is_finite():
        raise PydanticCustomError("type-mismatch", "a number must be finite")
    if number.copy_abs() >= LARGEST_NUMBER or number.adjusted() < -18:  # noqa: PLR2004 - 18 digits
        if number:
            raise PydanticCustomError("too-large", _TOO_LARGE)
        return 0
    whole = number.to_integral_value()
    return int(whole) if whole == number else number


_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def read_date(raw: Any) -> date | PartialDate:
    """Read a date of the form `2003-01-01`, `2003-01` or `2003`."""
    if isinstance(raw, PartialDate):
        return raw
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    text = str(raw).strip() if isinstance(raw, str | int) and not isinstance(raw, bool) else ""
    found = _DATE.fullmatch(text)
    if found is None:
        raise PydanticCustomError("bad-date", "a date is written `2003-01-01`, `2003-01` or `2003`")
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        raise PydanticCustomError("bad-date", "there is no such day in the calendar") from None
    if day is not None:
        return first
    last = month or 12
    return PartialDate(first, date(first.year, last, monthrange(first.year, last)[1]), text)


class _Dates:
    """Gives `date | PartialDate` its one way of being read."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            read_date, serialization=core_schema.to_string_ser_schema()
        )


def read_text(raw: Any) -> Any:
    """Refuse characters that act on a terminal or turn text round, and halves of characters."""
    if isinstance(raw, str) and not (raw.isascii() and raw.isprintable()):
        for c in raw:
            if is_control(c):
                raise PydanticCustomError(
                    "control-character", "the character U+{code} is hidden here",
                    {"code": f"{ord(c):04X}"},
                )  # fmt: skip
    return raw


_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""The characters that change the direction of what follows (Unicode, annex 9)."""


def is_control(c: str) -> bool:
    """Return whether a character is a control, a turn of direction or half a surrogate pair."""
    return c in _TURNS or (unicodedata.category(c) in {"Cc", "Cs"} and c not in "\t\n")


def none_if_unknown(raw: Any) -> Any:
    """Read `unknown` as what it says: nothing is known."""
    return None if isinstance(raw, str) and raw == "unknown" else raw


Maybe: TypeAlias = Annotated[T | None, BeforeValidator(none_if_unknown)]
"""A record, map or list that may be left out, or said to be `unknown`."""

YesNo: TypeAlias = Annotated[bool, BeforeValidator(read_truth)]
Count: TypeAlias = Annotated[int, BeforeValidator(read_number), Field(ge=0)]
Amount: TypeAlias = Annotated[Decimal, BeforeValidator(read_number), Field(ge=0)]
Percent: TypeAlias = Annotated[Decimal, BeforeValidator(read_number), Field(ge=0, le=100)]
When: TypeAlias = Annotated[date | PartialDate, _Dates()]
Text: TypeAlias = Annotated[
    str, BeforeValidator(read_text), StringConstraints(min_length=1, max_length=LONGEST_TEXT)
]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)


@dataclass(frozen=True, slots=True)
class Shaped:
    """Marks a text that has a fixed shape: what it is called, its pattern, and that in words."""

    name: str
    pattern: str
    words: str
    code: LiteralString = "bad-id"
    """What the mistake is called."""

    def fits(self, text: str) -> bool:
        """Return whether a text has the shape."""
        return _compiled(self.pattern).fullmatch(text) is not None

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Refuse other texts in words rather than by the pattern."""

        def fits(text: str) -> str:
            if not self.fits(text):
                raise PydanticCustomError(
                    self.code, "{name}: {words}", {"name": self.name, "words": self.words}
                )
            return text

        return core_schema.no_info_after_validator_function(fits, core_schema.str_schema())

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Give the pattern."""
        return {"type": "string", "pattern": f"^{self.pattern}$"}


_SNAKE: Final = r"[a-z][a-z0-9_]{0,99}"
PartyId: TypeAlias = Annotated[
    str, Shaped("a party", _SNAKE, "lower-case letters, digits and underscores")
]
"""Who says something: `ukraine`, `un_panel_of_experts_caf`."""
EntryId: TypeAlias = Annotated[
    str, Shaped("an id", _SNAKE, "lower-case letters, digits and underscores")
]
"""An actor or conflict of a case: `cpc`, `war`."""
SourceKey: TypeAlias = Annotated[
    str,
    Shaped("a source", r"(?=.{1,100}$)[A-Za-z0-9]+(-[A-Za-z0-9]+)*", "letters, digits and hyphens"),
]
"""A key of the bibliography: `s2`, `s-2021-569`."""
RECORD_ID: Final = Shaped(
    "an id",
    r"(?=.{1,100}$)[a-z0-9]+(-[a-z0-9]+)+",
    "lower-case letters and digits, with at least one hyphen between",
)
RecordId: TypeAlias = Annotated[str, RECORD_ID]
"""An id of a case, meeting or definition: lower case, with at least one hyphen."""
Url: TypeAlias = Annotated[
    str,
    Shaped(
        "a link",
        r"https?://[^\s<>\"\\]{1,2000}",
        "http:// or https://, without blanks",
        code="bad-url",
    ),
]

_COUNTRY = Values("country", COUNTRIES)
Country: TypeAlias = Annotated[str, _COUNTRY]
CountryOrNone: TypeAlias = Annotated[
    str, Values("country", {**COUNTRIES, "none": "it did not happen in any country"})
]
