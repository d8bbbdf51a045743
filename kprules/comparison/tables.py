"""Definitions over tables in files: block by block, with what is wrong found beside.

Guarantee: every row read is judged, refused or outside the days asked for, and counted as such;
memory does not grow with the table. A line in here touches blocks of columns and outcomes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from kprules.comparison.conditions import Conditions, days_covering, order_of
from kprules.comparison.matrix import Subject
from kprules.comparison.table_extras import Extras
from kprules.comparison.table_groups import refused_to_count_by, top_of
from kprules.comparison.table_problems import BadTableError, FileProblem
from kprules.comparison.table_text import typed, typed_schema
from kprules.formula.definition import Definition, Judgement, choose, combinations
from kprules.library.table_files.importing import CARRIED
from kprules.library.table_files.reading import OnError, Opened, Part, opened
from kprules.library.table_files.recognised import TableFile
from kprules.library.table_files.seen import Seen
from kprules.records.shape import Vocabulary
from kprules.tables.ids import schema_with_ids, with_ids
from kprules.tables.kernel import Kernel
from kprules.tables.outcomes import Outcomes
from kprules.tables.plain import plain_values
from kprules.tables.planes import unpack
from kprules.tables.problems import FIRST, Findings, TableProblem
from kprules.tables.rows import INCOMPLETE

KEEP: Final = "--extra-columns keep"
"""What carries columns through that are no fields."""


@dataclass(frozen=True, slots=True)
class Ask:
    """How tables are to be judged."""

    conditions: Conditions = field(default_factory=Conditions)
    as_of: date | None = None
    extra: Literal["keep", "refuse"] = "refuse"
    """What becomes of columns that are no fields."""
    on_error: OnError = "stop"
    beside: tuple[str, ...] = ()
    """Columns, or fields of records in them, that rows are counted by, whether fields or not."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was set apart."""

    path: str
    row: int
    """Its number in the file, counted from 1."""
    why: tuple[str, ...]
    record: Any = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that were judged together."""

    path: str
    batch: pa.RecordBatch
    """Their columns, as far as they were read."""
    ids: pa.Array
    outcomes: Outcomes
    rejects: tuple[Reject, ...]
    outside: int
    """Rows whose period does not include the day asked for."""
    share: float
    """How much of all bytes was read up to here."""
    subjects: Sequence[Subject] = ()
    """The cases that were judged, where the rows are cases."""


class TableJudge:
    """Definitions, ready for blocks of a table of their vocabulary."""

    def __init__(self, definitions: Sequence[Definition], conditions: Conditions) -> None:
        """Choose readings as the conditions ask: one, or all, which then must agree."""
        self.definitions = tuple(sorted(definitions, key=order_of))
        self.vocabulary: Vocabulary = self.definitions[0].vocabulary
        self.closed = conditions.closed
        groups: list[list[Judgement]] = [
            [choose(d, asked) for asked in combinations(d)]
            if conditions.readings == "all"
            else [choose(d, conditions.reading)]
            for d in self.definitions
        ]
        starts = np.cumsum([0, *(len(group) for group in groups)])
        self._spans = list(zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True))
        self.kernel = Kernel([j for group in groups for j in group], self.vocabulary)

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the definitions, in order."""
        return tuple(d.id for d in self.definitions)

    def judge(self, table: pa.Table | pa.RecordBatch) -> Outcomes:
        """Return the outcome of each definition on each row; readings that part leave it open."""
        if self.closed and INCOMPLETE in table.schema.names:
            table = table.drop_columns([INCOMPLETE])
        found = self.kernel.evaluate(table)
        if all(end - begin == 1 for begin, end in self._spans):
            return found
        planes = np.empty((len(self._spans), *found.planes.shape[1:]), np.uint8)
        for index, (begin, end) in enumerate(self._spans):
            planes[index, 0] = np.bitwise_and.reduce(found.planes[begin:end, 0])
            planes[index, 1] = np.bitwise_or.reduce(found.planes[begin:end, 1])
        return replace(found, definitions=self.ids, planes=planes)


class Rows(Protocol):
    """Definitions over rows, wherever these come from."""

    @property
    def ask(self) -> Ask:
        """How they are judged."""
        ...

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the definitions, in order."""
        ...

    @property
    def id_column(self) -> str:
        """The column that names the rows."""
        ...

    @property
    def extras(self) -> list[pa.Field]:
        """Columns that are carried through."""
        ...

    def blocks(self) -> Iterator[Block]:
        """Yield the rows in order, judged."""
        ...


@dataclass(slots=True)
class TableRun:
    """Definitions over some files."""

    files: Sequence[TableFile]
    judge: TableJudge
    ask: Ask
    missing: list[FileProblem] = field(default_factory=list)
    """The columns that definitions look at and a file lacks."""
    _extras: Extras = field(default_factory=Extras)
    _opened: list[Opened] = field(default_factory=list)
    _seen: Seen = field(default_factory=Seen)
    _again: npt.NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the definitions, in order."""
        return self.judge.ids

    @property
    def extras(self) -> list[pa.Field]:
        """Columns that are no fields, and are carried through."""
        return list(self._extras.fields.values())

    @property
    def id_column(self) -> str:
        """The column that names the rows."""
        return self.judge.vocabulary.about

    def open(self) -> None:
        """Open every file and check its columns; raise what is wrong with all of them."""
        wrong: list[FileProblem] = []
        strange: list[str] = []
        for file in self.files:
            found = opened(file)
            self._opened.append(found)
            schema = self._schema(found)
            beside = {top_of(name, schema.names) for name in self.ask.beside}
            carried = carried_by(schema)
            for problem in self.judge.kernel.check(schema):
                at = FileProblem(str(file.path), problem)
                if not problem.is_error:
                    self.missing.append(at)
                elif problem.kind != "unknown-column" or "[]" in problem.column:
                    wrong.append(at)
                elif problem.column in schema.names:
                    if self.ask.extra == "keep" or problem.column in carried:
                        column = schema.field(problem.column)
                        unlike = self._extras.add(column, str(file.path))
                        wrong += [FileProblem(str(file.path), unlike)] if unlike else []
                    elif problem.column not in beside:
                        wrong.append(replace(at, way=KEEP))
                else:
                    wrong.append(at)
            for name in self.ask.beside:
                bad = refused_to_count_by(name, schema)
                if bad is not None:
                    wrong.append(FileProblem(str(file.path), bad))
            if schema.names and not any(_stands(name, wrong, file) for name in schema.names):
                strange.append(str(file.path))
        if wrong:
            raise BadTableError(wrong, [_strange(strange, self.id_column)] if strange else [])

    def _schema(self, found: Opened) -> pa.Schema:
        if found.is_text:
            return typed_schema(found.schema, self.judge.vocabulary)
        return schema_with_ids(found.schema, self.id_column)

    def schemas(self) -> list[pa.Schema]:
        """Return the columns of the files, those that differ once."""
        found: list[pa.Schema] = []
        for each in map(self._schema, self._opened):
            if each not in found:
                found.append(each)
        return found

    def blocks(self) -> Iterator[Block]:
        """Yield the rows of all files in order, judged."""
        if self.ask.on_error == "skip":
            self._look_for_repeated()
        day = None if self.ask.as_of is None else covering(self.judge.vocabulary, self.ask.as_of)
        total = max(sum(f.size for f in self._opened), 1)
        before, first = 0, 0
        for found in self._opened:
            for part in found.parts(self._wanted, self.ask.on_error):
                share = (before + part.share * found.size) / total
                yield self._block(found, part, first, share, day)
                first += part.batch.num_rows
            before += found.size
        if self.ask.on_error == "stop":
            self._refuse_repeated()

    def _wanted(self, name: str) -> bool:
        top = name.split(".", maxsplit=1)[0]
        if top in self.judge.kernel.columns or name == self.id_column:
            return True
        if any(asked == name or asked.startswith(f"{name}.") for asked in self.ask.beside):
            return True
        return name in self._extras.fields or (self.ask.as_of is not None and top == "period")

    # --- one block --------------------------------------------------------------------------------

    def _block(
        self, found: Opened, part: Part, first: int, share: float, day: Kernel | None
    ) -> Block:
        path = str(found.file.path)
        batch, rows = with_ids(part.batch, self.id_column), part.rows
        findings = Findings()
        if found.is_text:
            batch = typed(batch, self.judge.vocabulary, findings)
        outcomes = self.judge.judge(batch)
        judged = [outcomes] if day is None else [outcomes, day.evaluate(batch)]
        every = (*findings.problems(), *(p for each in judged for p in each.problems))
        unlike = {
            (p.column, p.kind, p.message): p for p in reversed(every) if p.is_error and p.every.size
        }
        problems = [FileProblem(path, _placed(p, rows)) for p in reversed(unlike.values())]
        again = self._again[(self._again >= first) & (self._again < first + len(rows))] - first
        rejects = [Reject(path, r.row + 1, (r.message,), None, r.text) for r in part.refused]
        if problems and self.ask.on_error == "stop":
            raise BadTableError(problems)
        if self.ask.on_error == "stop":
            self._see(batch, first)
        if problems or again.size:
            found_bad = [findings.rejected(), *(each.rejected for each in judged)]
            bad = np.unique(np.concatenate([again, *found_bad])).astype(np.int64)
            rejects += self._rejects(path, part.batch, rows, bad, problems, again)
            good = np.ones(len(rows), np.bool_)
            good[bad] = False
            batch, rows = batch.filter(pa.array(good)), rows[good]
            outcomes = self.judge.judge(batch)
        outside = 0
        if day is not None:
            kept = unpack(day.evaluate(batch).possible(0), batch.num_rows).astype(np.bool_)
            outside = int((~kept).sum())
            if outside:
                batch, rows = batch.filter(pa.array(kept)), rows[kept]
                outcomes = self.judge.judge(batch)
        ids = self._ids(batch, rows, path).to_arrow().cast(pa.string())
        return Block(path, batch, ids, outcomes, tuple(rejects), outside, share)

    def _ids(self, batch: pa.RecordBatch, rows: npt.NDArray[np.int64], path: str) -> pl.Series:
        """Return the ids of rows; one without an id is named by its number."""
        ids: pl.Series | None = None
        if self.id_column in batch.schema.names:
            ids = pl.Series(batch.column(self.id_column).cast(pa.string()))
            if not ids.null_count():
                return ids
        several = f"{Path(path).name} " if len(self._opened) > 1 else ""
        named = f"{several}row " + pl.Series(rows + 1).cast(pl.String)
        return named if ids is None else ids.zip_with(ids.is_not_null(), named)

    def _rejects(
        self,
        path: str,
        batch: pa.RecordBatch,
        rows: npt.NDArray[np.int64],
        bad: npt.NDArray[np.int64],
        problems: Sequence[FileProblem],
        again: npt.NDArray[np.int64],
    ) -> Iterator[Reject]:
        why: dict[int, list[str]] = {int(rows[index]): [] for index in bad}
        for index in again:
            why[int(rows[index])].append(f"column `{self.id_column}`: an earlier row has this id")
        for each in problems:
            for number in each.problem.every:
                why[int(number)].append(f"column `{each.problem.column}`: {each.problem.message}")
        records = plain_values(batch.take(pa.array(bad)))
        for index, record in zip(bad, records, strict=True):
            number = int(rows[index])
            yield Reject(path, number + 1, tuple(why[number]), record)

    # --- ids --------------------------------------------------------------------------------------

    def _see(self, batch: pa.RecordBatch, first: int) -> None:
        """Take in the ids that rows have themselves: one that is named by its number has none."""
        if self.id_column in batch.schema.names:
            ids = pl.Series(batch.column(self.id_column).cast(pa.string()))
            self._seen.add(ids, first)

    def _look_for_repeated(self) -> None:
        """Read the ids alone, so that it is known beforehand which rows repeat one."""
        first = 0
        for found in self._opened:
            if self.id_column not in found.schema.names:
                continue
            for part in found.parts(self._wanted if found.is_text else self._is_id, "skip"):
                self._see(part.batch, first)
                first += part.batch.num_rows
        self._again = self._seen.repeated()

    def _is_id(self, name: str) -> bool:
        return name == self.id_column

    def _refuse_repeated(self) -> None:
        again = self._seen.repeated()
        if not again.size:
            return
        wanted = {int(row) for row in again[:FIRST]}
        shown: dict[str, tuple[list[int], list[str]]] = {}
        first = 0
        for found in self._opened:
            names = self._wanted if found.is_text else self._is_id
            for part in found.parts(names):
                here = [row - first for row in wanted if first <= row < first + len(part.rows)]
                if here:
                    ids = self._ids(part.batch, part.rows, str(found.file.path))
                    rows, values = shown.setdefault(str(found.file.path), ([], []))
                    rows += [int(part.rows[i]) for i in sorted(here)]
                    values += [str(ids[i]) for i in sorted(here)]
                first += len(part.rows)
        raise BadTableError(
            [
                FileProblem(
                    path,
                    TableProblem(
                        self.id_column,
                        "duplicate-key",
                        "ids that an earlier row has",
                        f"{len(again):,} rows in all" if len(again) > FIRST else "",
                        tuple(rows),
                        len(rows),
                        tuple(dict.fromkeys(values)),
                    ),
                )
                for path, (rows, values) in shown.items()
            ]
        )


def _stands(name: str, wrong: Sequence[FileProblem], file: TableFile) -> bool:
    """Return whether a column of a file is a field."""
    path = str(file.path)
    return not any(each.way and each.path == path and each.problem.column == name for each in wrong)


def _strange(paths: Sequence[str], about: str) -> str:
    """Say what makes cases of tables that have no column of theirs."""
    more = f" and {len(paths) - 1} other files" if len(paths) > 1 else ""
    return (
        f"no column of {paths[0]}{more} is a field of a {about}: `kprules import` makes cases of"
        " such a table, and `kprules import --list` names the mappings that ship"
    )


def carried_by(schema: pa.Schema) -> frozenset[str]:
    """Return the columns that `kprules import` carried through, by its own note in the schema."""
    try:
        names = json.loads((schema.metadata or {}).get(CARRIED, b"[]"))
    except ValueError:
        return frozenset()
    return frozenset(map(str, names)) if isinstance(names, list) else frozenset()


def _placed(problem: TableProblem, rows: npt.NDArray[np.int64]) -> TableProblem:
    """Return a problem of a block with its rows as the file numbers them."""
    every = rows[problem.every]
    return replace(problem, rows=tuple(int(r) for r in every[:FIRST]), every=every)


def covering(vocabulary: Vocabulary, day: date) -> Kernel:
    """Return what tells whether a row's period may include a day."""
    form = days_covering(vocabulary, day)
    definition = Definition("as-of", "as of", vocabulary.about, form, vocabulary=vocabulary)
    return Kernel([choose(definition)], vocabulary)
