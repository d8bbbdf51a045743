"""What each key of a mapping's TOML takes.

Guarantee: a value of another type is refused by its key, with what the key takes; nothing is turned
into something else. A line in here touches TOML values; it knows no field of a record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Final, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

NOT_MEANT: Final = "not-meant"
"""The kind of error that says in words what a key takes."""


def _takes(meant: str, read: Callable[[Any], Any]) -> PlainValidator:
    """Return what reads a value, or says what is meant where that comes to nothing."""

    def checked(said: Any) -> Any:
        found = read(said)
        if found is None:
            raise PydanticCustomError(NOT_MEANT, "{meant}", {"meant": meant})
        return found

    return PlainValidator(checked)


def _text(said: Any) -> str | None:
    return said if isinstance(said, str) else None


def _name(said: Any) -> str | None:
    return said if isinstance(said, str) and said.strip() else None


def _cell(said: Any) -> str | None:
    """Return what a cell is compared with: TOML's numbers as they are written."""
    fits = isinstance(said, str | int | Decimal) and not isinstance(said, bool)
    return str(said) if fits else None


def _each(read: Callable[[Any], str | None]) -> Callable[[Any], tuple[str, ...] | None]:
    def every(said: Any) -> tuple[str, ...] | None:
        if not isinstance(said, list):
            return None
        found = tuple(one for one in map(read, said) if one is not None)
        return found if len(found) == len(said) else None

    return every


def _one_or_more(said: Any) -> tuple[str, ...] | None:
    return _each(_name)(said if isinstance(said, list) else [said]) or None


def _table(said: Any) -> Mapping[str, Any] | None:
    return said if isinstance(said, dict) else None


def _tables(said: Any) -> tuple[Mapping[str, Any], ...] | None:
    found = said if isinstance(said, list) else [said]
    return tuple(found) if all(isinstance(one, dict) for one in found) else None


def _array_of_tables(said: Any) -> tuple[Mapping[str, Any], ...] | None:
    return _tables(said) if isinstance(said, list) else None


def _truth(said: Any) -> bool | None:
    return said if isinstance(said, bool) else None


def _names_by_name(said: Any) -> Mapping[str, str] | None:
    fits = isinstance(said, dict) and said and all(map(_name, said.values()))
    return said if fits else None


def _values(said: Any) -> str | Mapping[str, Any] | None:
    return said if isinstance(said, dict) else _name(said)


def _numbers(said: Any) -> tuple[str, ...] | None:
    return _each(_cell)(said) or None


_Words: TypeAlias = Annotated[str, _takes("a text", _text)]
_Name: TypeAlias = Annotated[str | None, _takes("a text that is not empty", _name)]
_Names: TypeAlias = Annotated[tuple[str, ...], _takes("a list of names", _each(_name))]
_Cells: TypeAlias = Annotated[tuple[str, ...], _takes("a list of texts", _each(_cell))]
_Table: TypeAlias = Annotated[Mapping[str, Any], _takes("a table", _table)]
_Truth: TypeAlias = Annotated[bool, _takes("`true` or `false`", _truth)]
_Whens: TypeAlias = Annotated[
    tuple[Mapping[str, Any], ...], _takes("a table with a `column`, or a list of them", _tables)
]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class MappingShape(_Shape):
    """A whole mapping."""

    title: _Words = ""
    about: _Words = "case"
    source: _Words = ""
    unknown: _Cells = ()
    group: _Truth = False
    keep: _Names = ()
    include: _Names = ()
    expand: _Table = {}
    fields: _Table = {}
    entries: Annotated[
        tuple[Mapping[str, Any], ...],
        _takes("a list of tables, each written `[[entries]]`", _array_of_tables),
    ] = ()
    incomplete: _Table = {}
    values: _Table = {}


class ExpandShape(_Shape):
    """Columns each of which makes rows of its own."""

    name: _Name = None
    columns: _Names = ()


class RuleShape(_Shape):
    """How a field is read off a row."""

    column: _Name = None
    values: Annotated[
        str | Mapping[str, Any] | None,
        _takes("a table, or the name of a table under `[values]`", _values),
    ] = None
    otherwise: Any = None
    split: _Name = None
    date: Annotated[
        tuple[str, ...], _takes("the form of a date, or a list of forms", _one_or_more)
    ] = ()
    constant: Any = None
    text: Annotated[str | None, _takes("a text", _text)] = None
    flags: Annotated[
        Mapping[str, str],
        _takes("a table from names of columns to members of the set", _names_by_name),
    ] = {}
    yes: _Cells = ("1", "true")
    no: _Cells = ("0", "false")


class EntryShape(_Shape):
    """An entry that a row makes in a list."""

    list: _Name = None
    when: _Whens = ()
    repeat: Annotated[tuple[str, ...], _takes("a list of numbers or texts", _numbers)] = ()
    fields: _Table = {}


class ConditionShape(_Shape):
    """What is asked of a column."""

    column: _Name = None
    among: Annotated[tuple[str, ...] | None, _takes("a list of texts", _each(_cell))] = Field(
        None, alias="in"
    )
    outside: Annotated[tuple[str, ...] | None, _takes("a list of texts", _each(_cell))] = Field(
        None, alias="not_in"
    )
    blank: Annotated[bool | None, _takes("`true` or `false`", _truth)] = None
