"""Definitions as a SELECT: one more engine under `denote`.

Guarantee: its booleans are SQL that is never null, so that no engine's own nulls decide what is
unknown; lists are correlated subqueries over the tables of `kprules.tables.sql.layout`. Names and
constants go through the dialect's quoting and nothing else does. A line in here writes SQL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from kprules.formula.definition import Judgement, judge
from kprules.formula.meaning import Edge
from kprules.formula.nodes import NONE, NoneThere, Op, Path, Quantified, Share, Value
from kprules.logic import Truth
from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    Reference,
    Scalar,
    Type,
    Vocabulary,
)
from kprules.tables.sql.dialects import SPELLINGS, Dialect, Spelling
from kprules.tables.sql.joining import bare, joined_by, negated, within
from kprules.tables.sql.layout import RECORDS

_SIGNS: Mapping[Op, str] = {"is": "=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_NO_END = "9999-12-31"


def select(
    judgements: Sequence[Judgement],
    vocabulary: Vocabulary,
    dialect: Dialect,
    *,
    records: str = RECORDS,
) -> str:
    """Return a SELECT of `case_id` and, for each definition, the outcome under its id."""
    spelling = SPELLINGS[dialect]
    writing = _Writing(vocabulary, spelling)
    row = _Row("c", "''", "", vocabulary.root.name)
    columns = [f"c.{spelling.name('case_id')}"]
    for judgement in judgements:
        truth = judge(judgement, Emitter(writing, {"": row}))
        columns.append(
            f"CASE WHEN {truth.certain} THEN 'captured'\n"
            f"       WHEN {truth.possible} THEN 'undetermined'\n"
            f"       ELSE 'not_captured' END AS {spelling.name(judgement.id)}"
        )
    listed = ",\n  ".join(columns)
    return f"SELECT\n  {listed}\nFROM {spelling.name(records)} c\n"


@dataclass(frozen=True, slots=True)
class _Row:
    """A row in scope: its alias, its key as SQL, the path of its table, its record's name."""

    alias: str
    key: str
    path: str
    record: str


@dataclass(slots=True)
class _Writing:
    vocabulary: Vocabulary
    spelling: Spelling
    aliases: int = 0

    def alias(self) -> str:
        """Return a name for one more row."""
        self.aliases += 1
        return f"r{self.aliases}"


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a path leads: the row that holds it, the column, and what guards the way there.

    `absent` is SQL that is true where a reference on the way is none; `rows` are the rows to be
    fetched on the way, as (table, alias, condition), each beyond a reference.
    """

    row: _Row
    column: str
    type: Type
    absent: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...]


class Emitter:
    """An engine whose booleans are SQL expressions that are true or false, never null."""

    __slots__ = ("_writing", "scope")

    def __init__(self, writing: _Writing, scope: Mapping[str, _Row]) -> None:
        """Write SQL with some rows in scope."""
        self._writing = writing
        self.scope = scope

    def const(self, value: bool, /) -> str:
        """Return a constant."""
        return "TRUE" if value else "FALSE"

    def both(self, items: list[str], /) -> str:
        """Join by AND, without what is true anyway."""
        return joined_by("AND", items)

    def either(self, items: list[str], /) -> str:
        """Join by OR, without what is false anyway."""
        return joined_by("OR", items)

    def negate(self, item: str, /) -> str:
        """Negate."""
        return negated(item)

    def known(self, path: Path, /) -> str:
        """Return whether a fact is recorded: not null, or beyond a reference that is none."""
        found = self._find(path)
        if isinstance(found.type, Period):
            # An end that has not come is null beside a beginning, so the beginning decides.
            ends = self._find_in(found, "from")
            return self._or_absent(found, self._where(ends, f"{self._column(ends)} IS NOT NULL"))
        if isinstance(found.type, Nested):
            columns = sorted(self._columns_of(found.type.record, f"{found.column}."))
            names = [f"{found.row.alias}.{self._writing.spelling.name(c)}" for c in columns]
            so = joined_by("OR", [f"{name} IS NOT NULL" for name in names])
            return self._or_absent(found, self._where(found, so))
        return self._or_absent(found, self._where(found, f"{self._value(found)} IS NOT NULL"))

    def complete(self, path: Path, /) -> str:
        """Return whether a list or set may have no more in it."""
        found = self._find(path)
        column = self._column(found)
        so = joined_by("AND", [f"{column} IS NOT NULL", f"{column} = 'complete'"])
        return self._or_absent(found, self._where(found, so))

    def compare(
        self, left: Path, op: Op, right: Path | Value | NoneThere, _edges: tuple[Edge, Edge], /
    ) -> str:
        """Return whether two facts compare so; both are looked up where they stand."""
        first = self._find(left)
        value = self._value(first)
        if not isinstance(right, Path):
            literal = "'none'" if right is NONE else self._writing.spelling.value(right)
            so = [f"{value} IS NOT NULL", f"{value} {_SIGNS[op]} {literal}"]
            return self._where(first, joined_by("AND", so))
        second = self._find(right)
        other = self._value(second)
        so = [f"{value} IS NOT NULL", f"{other} IS NOT NULL", f"{value} {_SIGNS[op]} {other}"]
        return self._where(first, joined_by("AND", so), second.rows)

    def member(self, path: Path, values: frozenset[Value | NoneThere], /) -> str:
        """Return whether a fact is one of the values."""
        found = self._find(path)
        value = self._value(found)
        listed = self._listed("none" if v is NONE else v for v in values)
        so = [f"{value} IS NOT NULL", f"{value} IN ({listed})"]
        return self._where(found, joined_by("AND", so))

    def includes(self, path: Path, how: Literal["any", "all"], values: frozenset[Value], /) -> str:
        """Return whether a set lists the values."""
        found = self._find(path)
        spelling, alias = self._writing.spelling, self._writing.alias()
        table = spelling.table(_joined(found.row.path, found.column))
        mine = f"{self._same_case(alias, found.row)} AND {alias}.parent = {found.row.key}"
        wanted = f"{alias}.value IN ({self._listed(values)})"
        if how == "any":
            return self._where(
                found, f"EXISTS (SELECT 1 FROM {table} {alias} WHERE {mine} AND {wanted})"
            )
        count = (
            f"(SELECT COUNT(DISTINCT {alias}.value) FROM {table} {alias} WHERE {mine} AND {wanted})"
        )
        return self._where(found, f"({count} = {len(values)})")

    def count(
        self, least: int, form: Quantified, body: Callable[[Emitter], Truth[str]], /
    ) -> Truth[str]:
        """Count the entries that are so in a subquery, once for each plane."""
        entries = self._entries(form)
        truth = body(entries.inside)
        if least == 1:
            return Truth(entries.exists(truth.certain), entries.exists(truth.possible))
        return Truth(
            entries.where(f"({entries.count(truth.certain)} >= {least})"),
            entries.where(f"({entries.count(truth.possible)} >= {least})"),
        )

    def share(
        self,
        share: Share,
        form: Quantified,
        body: Callable[[Emitter], tuple[Truth[str], Truth[str]]],
        /,
    ) -> Truth[str]:
        """Set the counts for and against beside each other, once for each plane."""
        entries = self._entries(form)
        hits, against = body(entries.inside)

        def reached(pro: str, contra: str) -> str:
            sign = ">" if share.strictly else ">="
            yes, no = entries.count(pro), entries.count(contra)
            return entries.where(
                f"({yes} > 0 AND {yes} * {share.whole} {sign} {share.part} * ({yes} + {no}))"
            )

        return Truth(
            reached(hits.certain, against.certain), reached(hits.possible, against.possible)
        )

    # --- the way to a fact ------------------------------------------------------------------------

    def _find(self, path: Path) -> _Found:
        writing = self._writing
        row, column = self.scope[path.variable], ""
        record = row.record
        absent: list[str] = []
        rows: list[tuple[str, str, str]] = []
        kind: Type = Nested(record)
        for index, name in enumerate(path.fields):
            column = f"{column}.{name}" if column else name
            if isinstance(kind, Period):
                kind = path.type
                break
            kind = writing.vocabulary.records[record].fields[name].type
            if index + 1 == len(path.fields):
                break
            match kind:
                case Nested(record=record):
                    pass
                case Reference(record=record, through=through):
                    cell = f"{row.alias}.{writing.spelling.name(column)}"
                    absent.append(joined_by("AND", [f"{cell} IS NOT NULL", f"{cell} = 'none'"]))
                    alias = writing.alias()
                    same = self._same_case(alias, row)
                    rows.append((through, alias, joined_by("AND", [same, f"{alias}.key = {cell}"])))
                    row, column = _Row(alias, f"{alias}.key", through, record), ""
                case _:
                    pass
        return _Found(row, column, kind, tuple(absent), tuple(rows))

    def _find_in(self, found: _Found, end: str) -> _Found:
        return _Found(found.row, f"{found.column}.{end}", found.type, found.absent, found.rows)

    def _column(self, found: _Found) -> str:
        return f"{found.row.alias}.{self._writing.spelling.name(found.column)}"

    def _columns_of(self, record: str, prefix: str) -> Iterator[str]:
        """Yield the columns of a nested record, which is known where any of them is."""
        for field in self._writing.vocabulary.records[record].fields.values():
            match field.type:
                case Nested(record=inner):
                    yield from self._columns_of(inner, f"{prefix}{field.name}.")
                case Period():
                    yield f"{prefix}{field.name}.from"
                    yield f"{prefix}{field.name}.to"
                case _:
                    yield f"{prefix}{field.name}"

    def _value(self, found: _Found) -> str:
        """Return the value of a column as SQL; an end that has not come is the last of days."""
        column = self._column(found)
        begins = found.column.removesuffix(".to") + ".from"
        if isinstance(found.type, Scalar) and self._is_period_end(found):
            spelling = self._writing.spelling
            last = f"DATE '{_NO_END}'" if spelling.dates else f"'{_NO_END}'"
            start = f"{found.row.alias}.{spelling.name(begins)}"
            going_on = f"{column} IS NULL AND {start} IS NOT NULL"
            return f"(CASE WHEN {going_on} THEN {last} ELSE {column} END)"
        return column

    def _is_period_end(self, found: _Found) -> bool:
        """Return whether a column is the `to` of a period, and not a field that is called so."""
        parts = found.column.split(".")
        if len(parts) < 2 or parts[-1] != "to":  # noqa: PLR2004 - a period and its end
            return False
        kind: Type = Nested(found.row.record)
        for name in parts[:-1]:
            if not isinstance(kind, Nested):
                return False
            kind = self._writing.vocabulary.records[kind.record].fields[name].type
        return isinstance(kind, Period)

    def _where(self, found: _Found, so: str, more: tuple[tuple[str, str, str], ...] = ()) -> str:
        """Look for the rows on the way to a fact, and ask there."""
        rows = (*found.rows, *more)
        if not rows or so == "FALSE":
            return so
        tables = ", ".join(f"{self._writing.spelling.table(t)} {alias}" for t, alias, _ in rows)
        asked = joined_by("AND", [*(condition for _, _, condition in rows), so])
        return f"EXISTS (SELECT 1 FROM {tables} WHERE {bare(asked)})"

    def _or_absent(self, found: _Found, so: str) -> str:
        """Add what is true where a reference on the way is none, asked where it stands."""
        for depth in range(len(found.absent) - 1, -1, -1):
            way = _Found(found.row, found.column, found.type, (), found.rows[:depth])
            so = self.either([self._where(way, found.absent[depth]), so])
        return so

    def _same_case(self, alias: str, row: _Row) -> str:
        name = self._writing.spelling.name("case_id")
        return f"{alias}.{name} = {row.alias}.{name}"

    def _listed(self, values: object) -> str:
        assert not isinstance(values, str)  # noqa: S101 - an iterable of constants
        literals = [self._writing.spelling.value(v) for v in values]  # type: ignore[attr-defined]
        return ", ".join(sorted(literals))

    def _entries(self, form: Quantified) -> _Entries:
        found = self._find(form.over)
        assert isinstance(found.type, ListOf)  # noqa: S101 - checking admits lists alone
        alias = self._writing.alias()
        path = _joined(found.row.path, found.column)
        row = _Row(alias, f"{alias}.key", path, found.type.record)
        mine = f"{self._same_case(alias, found.row)} AND {alias}.parent = {found.row.key}"
        inside = Emitter(self._writing, {**self.scope, form.variable: row})
        source = f"{self._writing.spelling.table(path)} {alias} WHERE {mine}"
        return _Entries(inside, source, lambda so: self._where(found, so))


@dataclass(frozen=True, slots=True)
class _Entries:
    """The entries of a list as the source of subqueries."""

    inside: Emitter
    source: str
    where: Callable[[str], str]

    def exists(self, so: str) -> str:
        """Return whether any entry is so."""
        if so == "FALSE":
            return so
        return self.where(f"EXISTS (SELECT 1 FROM {self.source} AND {within(so)})")

    def count(self, so: str) -> str:
        """Return how many entries are so."""
        return f"(SELECT COUNT(*) FROM {self.source} AND {within(so)})"


def _joined(path: str, column: str) -> str:
    return f"{path}.{column}" if path else column
