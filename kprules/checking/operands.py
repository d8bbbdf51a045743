"""Right-hand sides: the value, or the other fact, that a fact is compared with.

Guarantee: what is returned fits the type on the left; anything else is reported once, with what was
expected and what was found. A bare word is a value of the enumeration on the left before it is a
path. A line in here touches values and types.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal, assert_never

from kprules.checking.paths import Paths, Scope
from kprules.checking.words import help_for, kind_of, one_of
from kprules.diagnostics import Problems
from kprules.formula.nodes import NONE, NoneThere, Path, Value
from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    Reference,
    Scalar,
    SetOf,
    Type,
)
from kprules.source import Span
from kprules.syntax import tree

Right = Value | Path | NoneThere
_MANY = 30
"""Values of an enumeration beyond which help does not list them."""


class Refused:
    """A right-hand side that was reported."""

    __slots__ = ()


REFUSED: Final = Refused()


def comparable(left: Type, right: Type) -> bool:
    """Return whether facts of two types can be the same, or one before the other."""
    match left, right:
        case Scalar("enum"), Scalar("enum"):
            return bool(left.name and left.name == right.name) or (
                set(left.values) - {"none"} == set(right.values) - {"none"}
            )
        case Scalar(kind), Scalar(other):
            return kind == other
        case Reference(record, through), Reference(other, there):
            return (record, through) == (other, there)
        case _:
            return False


class Operands:
    """Reads right-hand sides against the type on the left."""

    def __init__(self, paths: Paths, problems: Problems) -> None:
        """Read words as the paths of a vocabulary where they are no values."""
        self.paths = paths
        self.problems = problems

    def read(self, operand: tree.Operand, left: Path, scope: Scope) -> Right | Refused:
        """Return what a fact is compared with."""
        if isinstance(operand, tree.Path):
            return self._word(operand, left, scope)
        return self.literal(operand, left)

    def literal(
        self, operand: tree.Text | tree.Number | tree.Day | tree.Truth, left: Path
    ) -> Value | Refused:
        """Return a value written out, if it is of the left side's type."""
        type_ = _member_type(left.type)
        if not isinstance(type_, Scalar):
            return self._mismatch(left, operand.span, _found(operand), type_)
        match type_.kind, operand:
            case "bool", tree.Truth(value=value):
                return value
            case "text", tree.Text(text=text):
                return text
            case "date", tree.Day(value=day):
                return day
            case "number", tree.Number(value=number):
                return _exact(number)
            case "enum", tree.Text(text=text):
                return self._listed(text, operand.span, type_, left)
            case "enum", tree.Number(written=text) if text in type_.values:
                return text
            case _:
                return self._mismatch(left, operand.span, _found(operand), type_)

    def value(self, operand: tree.Operand, left: Path) -> Value | NoneThere | Refused:
        """Return one of the values in braces: there, a bare word is a value and no path."""
        if not isinstance(operand, tree.Path):
            return self.literal(operand, left)
        type_ = _member_type(left.type)
        word = str(operand)
        match type_:
            case Scalar("enum") if len(operand.parts) == 1:
                return self._listed(word, operand.span, type_, left)
            case Reference(none=True) if word == "none":
                return NONE
            case Reference():
                hint = "compare references one at a time, with `is` and `or`"
            case Scalar("text") if len(operand.parts) == 1:
                hint = f'a text stands in quotes: `"{word}"`'
            case _:
                hint = "braces hold values; compare with another fact by `is`"
        found = "a path" if len(operand.parts) > 1 else "a bare word"
        return self._mismatch(left, operand.span, found, type_, hint)

    # --- bare words -------------------------------------------------------------------------------

    def _word(self, operand: tree.Path, left: Path, scope: Scope) -> Right | Refused:
        """Return a word as a value of the enumeration on the left, else as a path."""
        word = operand.parts[0].text
        alone = len(operand.parts) == 1
        type_ = _member_type(left.type)
        is_enum = isinstance(type_, Scalar) and type_.kind == "enum"
        if alone and isinstance(type_, Scalar) and is_enum and word in type_.values:
            return word
        if alone and word == "none" and isinstance(type_, Reference):
            return NONE if type_.none else self._never_none(left, operand.span)
        found = self.paths.find(operand, scope)
        if found is not None and comparable(type_, found.type):
            return found
        if alone and isinstance(type_, Scalar) and is_enum:
            return self._listed(word, operand.span, type_, left)
        if found is not None:
            return self._mismatch(left, operand.span, kind_of(found.type), type_)
        if alone and isinstance(type_, Scalar) and not self._near(word, scope):
            self.problems.report(
                "unknown-value",
                f"`{word}` is neither {kind_of(type_)} nor a field",
                operand.span,
                label=f"expected {kind_of(type_)}",
                help=f'a text stands in quotes: `"{word}"`'
                if type_.kind == "text"
                else _spelling(type_),
            )
            return REFUSED
        self.paths.resolve(operand, scope)
        return REFUSED

    def _near(self, word: str, scope: Scope) -> bool:
        fields = self.paths.fields_of(scope.root.record) if scope.root is not None else ()
        return bool(help_for(word, [*scope.variables, *fields]))

    def _listed(self, word: str, span: Span, type_: Scalar, left: Path) -> str | Refused:
        """Return a word that the enumeration lists, or report one that it does not."""
        if word in type_.values:
            return word
        few = f"one of {one_of(type_.values)}" if len(type_.values) <= _MANY else ""
        if type_.name == "country":
            few = "a country is three capitals, as in ISO 3166-1 alpha-3"
        capitals = word.upper()
        if capitals in type_.values:
            few = f"did you mean `{capitals}`?"
        self.problems.report(
            "unknown-value",
            f"`{left}` is never `{word}`",
            span,
            label=f"not {kind_of(type_)}" if type_.name else "not one of its values",
            help=help_for(word, type_.values, otherwise=few),
        )
        return REFUSED

    def _never_none(self, left: Path, span: Span) -> Refused:
        self.problems.report(
            "unknown-value",
            f"`{left}` is never none",
            span,
            label="always names a record",
            help=f"where it may be left out, ask `{left} is known`",
        )
        return REFUSED

    def _mismatch(self, left: Path, span: Span, found: str, type_: Type, hint: str = "") -> Refused:
        expected = kind_of(type_)
        if not hint and isinstance(type_, Scalar):
            hint = _spelling(type_)
        self.problems.report(
            "type-mismatch",
            f"`{left}` is {expected}, and this is {found}",
            span,
            label=f"expected {expected}",
            help=hint,
        )
        return REFUSED


def _member_type(type_: Type) -> Scalar | SetOf | Reference | ListOf | Nested | Period:
    """Return the type of what is compared: a set's members, else the fact itself."""
    return type_.member if isinstance(type_, SetOf) else type_


def _exact(number: Decimal) -> int | Decimal:
    """Return an int when whole, so that equal numbers are equal values."""
    return int(number) if number == number.to_integral_value() else number.normalize()


def _found(operand: tree.Text | tree.Number | tree.Day | tree.Truth) -> str:
    match operand:
        case tree.Text():
            return "a text"
        case tree.Number():
            return "a number"
        case tree.Day():
            return "a date"
        case tree.Truth():
            return "true or false"
        case _:
            assert_never(operand)


def _spelling(type_: Scalar) -> str:
    """Say how a value of the type is written."""
    kind: Literal["bool", "enum", "text", "number", "date"] = type_.kind
    match kind:
        case "bool":
            return "write `true` or `false`"
        case "enum":
            return f"one of {one_of(type_.values)}"
        case "text":
            return 'a text stands in quotes: `"…"`'
        case "number":
            return "write a number, such as `25` or `0.5`"
        case "date":
            return "write a date, such as `2003-01-01`"
        case _:
            assert_never(kind)
