"""A second way to write definitions as SQL, which leaves what is unknown to SQL's own nulls.

It shares nothing with `kprules.tables.sql.emitter` but the layout of the tables, and nothing with
`kprules.formula.meaning`: AND, OR and NOT are SQL's own over true, false and null; a quantifier is
`TRUE IN (SELECT …)`, which is null where no entry is so and some are unknown; a list that may have
more entries has a null one. `Unsaid` is raised where nulls cannot say it: shares of a list,
fewer than one, and whether a record inside a record is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import assert_never

from kprules.formula.definition import Judgement
from kprules.formula.nodes import (
    NONE,
    All,
    Any,
    AtLeast,
    Compare,
    Const,
    Form,
    Includes,
    Known,
    Member,
    Not,
    Overlaps,
    Path,
    Quantified,
    Reading,
    Share,
)
from kprules.records.shape import DATE, ListOf, Nested, Period, Reference, Type, Vocabulary


class Unsaid(Exception):  # noqa: N818 - no error: another question is asked
    """SQL's own nulls cannot say it."""


@dataclass(frozen=True)
class Row:
    """A row in scope: its alias, the path of its table, its key, and the kind of record."""

    alias: str
    path: str
    key: str
    record: str


@dataclass(frozen=True)
class Cell:
    """Where a path ends: the row, the column in it, and the column's type."""

    row: Row
    column: str
    type: Type

    def __str__(self) -> str:
        """Return the column as SQL; an end that is not yet there is the last of days."""
        here = f'{self.row.alias}."{self.column}"'
        period, _, end = self.column.rpartition(".")
        if end == "to" and isinstance(self.type, Period):
            begun = f'{self.row.alias}."{period}.from" IS NOT NULL'
            return f"COALESCE({here}, CASE WHEN {begun} THEN '9999-12-31' END)"
        return here

    @property
    def place(self) -> str:
        """Return the name of the table of what the column's list or set holds."""
        return f"{self.row.path}.{self.column}" if self.row.path else self.column


Asked = Callable[[Cell], str]


def select(judgement: Judgement, vocabulary: Vocabulary) -> str:
    """Return a SELECT of case ids and outcomes."""
    root = Row("c", "", "''", vocabulary.root.name)
    parts = (judgement.captures, *(Not(exception) for exception in judgement.exceptions))
    so = Nulls(vocabulary).say(All(parts), {"": root})
    outcome = f"CASE {so} WHEN TRUE THEN 'captured' WHEN FALSE THEN 'not_captured'"
    return f"SELECT case_id, {outcome} ELSE 'undetermined' END FROM cases c "  # noqa: S608 - ours


class Nulls:
    """Writes formulas as SQL of three values."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        """Begin with no aliases given."""
        self.vocabulary = vocabulary
        self.aliases = 0

    def say(self, form: Form, scope: Mapping[str, Row]) -> str:
        """Write a formula: true, false, or null where it is unknown."""
        match form:
            case Const(value):
                return "TRUE" if value else "FALSE"
            case All(parts):
                return _joined(" AND ", "TRUE", [self.say(part, scope) for part in parts])
            case Any(parts):
                return _joined(" OR ", "FALSE", [self.say(part, scope) for part in parts])
            case Not(part):
                return f"(NOT {self.say(part, scope)})"
            case Compare(left, op, Path() as right):
                return self.beside(left, "=" if op == "is" else op, right, scope)
            case Compare(left, op, right):
                value = "none" if right is NONE else right
                sign = "=" if op == "is" else op
                return self.of(left, scope, lambda cell: f"({cell} {sign} {_literal(value)})")
            case Member(fact, values):
                listed = _listed("none" if v is NONE else v for v in values)
                if not values:
                    return "FALSE"
                return self.of(fact, scope, lambda cell: f"({cell} IN ({listed}))")
            case Includes(fact, how, values):
                by, nothing = (" OR ", "FALSE") if how == "any" else (" AND ", "TRUE")
                if not values:
                    return nothing
                return self.of(fact, scope, lambda cell: self.includes(cell, by, values))
            case Overlaps(left, right):
                meets = [_in_time(left, right), _in_time(right, left)]
                return self.say(All(tuple(meets)), scope)
            case Known(fact):
                value, absent = self.look(self.reached(fact, scope), _recorded)
                return f"(COALESCE({value}, FALSE) OR {absent})"
            case Quantified("some", variable, over, where, has):
                return self.some(variable, over, _and(where, has), scope)
            case Quantified("no", variable, over, where, has):
                return f"(NOT {self.some(variable, over, _and(where, has), scope)})"
            case Quantified("every", variable, over, where, has):
                return f"(NOT {self.some(variable, over, _and(where, Not(has)), scope)})"
            case Quantified(AtLeast(least), variable, over, where, has) if least > 0:
                return self.at_least(least, variable, over, _and(where, has), scope)
            case Quantified(AtLeast() | Share()):
                raise Unsaid
            case Reading(label):
                raise AssertionError(label)
            case _:
                assert_never(form)

    # --- facts ------------------------------------------------------------------------------------

    def of(self, fact: Path, scope: Mapping[str, Row], asked: Asked) -> str:
        """Ask of a fact; false beyond a reference that is none, null beyond one not known."""
        value, absent = self.look(self.reached(fact, scope), asked)
        return value if absent == "FALSE" else f"(CASE WHEN {absent} THEN FALSE ELSE {value} END)"

    def beside(self, left: Path, sign: str, right: Path, scope: Mapping[str, Row]) -> str:
        """Set two facts beside each other; beyond a reference that is none nothing compares."""
        one, no_one = self.look(self.reached(left, scope), str)
        two, no_two = self.look(self.reached(right, scope), str)
        return f"(CASE WHEN {no_one} OR {no_two} THEN FALSE ELSE {one} {sign} {two} END)"

    def includes(self, cell: Cell, by: str, values: Iterable[object]) -> str:
        """Ask whether values are in a set: `IN` is null where it has a null and not the value."""
        alias = self.alias()
        members = f'SELECT {alias}.value FROM "{cell.place}" {alias} WHERE {_of(alias, cell.row)}'  # noqa: S608 - as above
        parts = [f"{_literal(v)} IN ({members})" for v in sorted(values, key=str)]
        return f"(CASE WHEN {cell} IS NOT NULL THEN {_joined(by, '', parts)} END)"

    def reached(self, path: Path, scope: Mapping[str, Row]) -> tuple[Row, tuple[str, ...]]:
        """Return where a path begins and its fields."""
        return scope[path.variable], path.fields

    def look(self, where: tuple[Row, tuple[str, ...]], asked: Asked) -> tuple[str, str]:
        """Return what is asked at the end of a path, and whether a reference before it is none."""
        row, fields = where
        column = ""
        kind: Type = Nested(row.record)
        for index, name in enumerate(fields):
            column = f"{column}.{name}" if column else name
            if isinstance(kind, Period):
                break
            assert isinstance(kind, Nested)
            kind = self.vocabulary.records[kind.record].fields[name].type
            if isinstance(kind, Reference) and index + 1 < len(fields):
                return self.beyond(row, f'{row.alias}."{column}"', kind, fields[index + 1 :], asked)
        return asked(Cell(row, column, kind)), "FALSE"

    def beyond(
        self, row: Row, cell: str, kind: Reference, fields: tuple[str, ...], asked: Asked
    ) -> tuple[str, str]:
        """Go on in the record that a reference names."""
        alias = self.alias()
        there = Row(alias, kind.through, f"{alias}.key", kind.record)
        value, absent = self.look((there, fields), asked)
        found = f'FROM "{kind.through}" {alias} WHERE {_same(alias, row)} AND {alias}.key = {cell}'
        none = f"COALESCE({cell} = 'none', FALSE)"
        if absent != "FALSE":
            none = f"({none} OR COALESCE((SELECT {absent} {found}), FALSE))"
        return f"(SELECT {value} {found})", none

    # --- lists ------------------------------------------------------------------------------------

    def some(self, variable: str, over: Path, body: Form, scope: Mapping[str, Row]) -> str:
        """Ask whether true is among the entries; more that may come are a null."""

        def asked(cell: Cell) -> str:
            entries, inside = self.entries(cell, variable, scope)
            more = f"SELECT NULL WHERE COALESCE({cell}, '') <> 'complete'"
            return f"(TRUE IN (SELECT {self.say(body, inside)} {entries} UNION ALL {more}))"

        return self.of(over, scope, asked)

    def at_least(
        self, least: int, variable: str, over: Path, body: Form, scope: Mapping[str, Row]
    ) -> str:
        """Count the entries that are so: WHERE passes over null, IS NOT FALSE does not."""

        def asked(cell: Cell) -> str:
            entries, inside = self.entries(cell, variable, scope)
            so = self.say(body, inside)
            return (
                f"(CASE WHEN (SELECT COUNT(*) {entries} AND {so}) >= {least} THEN TRUE"
                f" WHEN COALESCE({cell}, '') <> 'complete' THEN NULL"
                f" WHEN (SELECT COUNT(*) {entries} AND {so} IS NOT FALSE) >= {least} THEN NULL"
                " ELSE FALSE END)"
            )

        return self.of(over, scope, asked)

    def entries(
        self, cell: Cell, variable: str, scope: Mapping[str, Row]
    ) -> tuple[str, Mapping[str, Row]]:
        """Return where the entries of a list are, and the scope inside one."""
        alias = self.alias()
        assert isinstance(cell.type, ListOf)
        row = Row(alias, cell.place, f"{alias}.key", cell.type.record)
        return f'FROM "{cell.place}" {alias} WHERE {_of(alias, cell.row)}', {**scope, variable: row}

    def alias(self) -> str:
        """Return a new alias."""
        self.aliases += 1
        return f"n{self.aliases}"


def _recorded(cell: Cell) -> str:
    if isinstance(cell.type, Nested):
        raise Unsaid
    if isinstance(cell.type, Period) and not cell.column.endswith((".from", ".to")):
        return f'({cell.row.alias}."{cell.column}.from" IS NOT NULL)'
    return f"({cell} IS NOT NULL)"


def _same(alias: str, row: Row) -> str:
    return f"{alias}.case_id = {row.alias}.case_id"


def _of(alias: str, row: Row) -> str:
    return f"{_same(alias, row)} AND {alias}.parent = {row.key}"


def _and(where: Form | None, has: Form) -> Form:
    return has if where is None else All((where, has))


def _in_time(one: Path, other: Path) -> Form:
    """Return that one period begins before another ends, which it does too if an end bounds it."""
    (begins, over), (begun, ends) = [
        [_end(period, name) for name in ("from", "to")] for period in (one, other)
    ]
    bounds = (
        ((begins, begun), (ends,)),
        ((over, ends), (begins,)),
        ((over, begun), (begins, ends)),
    )
    return Any(
        (
            Compare(begins, "<=", ends),
            *(
                All((Compare(a, "<=", z), *(Not(Known(end)) for end in unknown)))
                for (a, z), unknown in bounds
            ),
        )
    )


def _end(period: Path, name: str) -> Path:
    return Path(period.variable, period.record, (*period.fields, name), DATE)


def _joined(by: str, nothing: str, parts: list[str]) -> str:
    return f"({by.join(parts)})" if parts else nothing


def _listed(values: Iterable[object]) -> str:
    return ", ".join(sorted(_literal(v) for v in values))


def _literal(value: object) -> str:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case str():
            doubled = value.replace("'", "''")
            return f"'{doubled}'"
        case date():
            return f"'{value.isoformat()}'"
        case _:
            return str(value)
