"""Somebody's table as a table of cases, by a mapping.

Guarantee: every row is in a case, and no two cases have one id; nothing is written while a value is
without a mapping. Blocks go through one at a time, unless rows are to be grouped into cases, which
takes them all into memory. A line in here touches columns.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from kprules.diagnostics import did_you_mean
from kprules.library.table_files.grouping import grouped
from kprules.library.table_files.mapping import NUMBER, Entry, Mapped, Rule
from kprules.library.table_files.reading import Opened, complaints
from kprules.library.table_files.recoding import Cells, Unmapped, holds, recoded
from kprules.library.table_files.recognised import TableFileError
from kprules.library.table_files.seen import Seen
from kprules.library.table_files.types import ID, INCOMPLETE, arrow_type, is_keyed

CARRIED: Final = b"kprules.carried"
"""Names, in a schema's metadata, of columns that are no fields and are carried through."""
_BLOCK: Final = 1 << 16
_SHOWN: Final = 5


def mapped_schema(mapping: Mapped) -> pa.Schema:
    """Return the columns of the cases that a mapping makes."""
    fields = [pa.field(rule.field, _type(rule, mapping)) for rule in mapping.rules]
    for name in mapping.lists():
        inner = [pa.field(r.field, _type(r, mapping)) for r in _entry_rules(mapping, name)]
        fields.append(pa.field(name, pa.list_(pa.struct(inner))))
    if mapping.incomplete:
        fields.append(pa.field(INCOMPLETE, pa.list_(pa.string())))
    fields += [pa.field(name, pa.string()) for name in mapping.keep]
    return pa.schema(fields, {CARRIED: json.dumps(list(mapping.keep)).encode()})


def _type(rule: Rule, mapping: Mapped) -> pa.DataType:
    return arrow_type(rule.type, mapping.vocabulary)


def _entry_rules(mapping: Mapped, name: str) -> list[Rule]:
    """Return a rule for each field that some entry of a list has."""
    found = {r.field: r for e in mapping.entries if e.into == name for r in e.rules}
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Cases:
    """Cases that rows which follow each other make."""

    path: Path
    batch: pa.RecordBatch
    rows: npt.NDArray[np.int64]
    """The row of the file that each is made of, counted from 0."""


@dataclass(slots=True)
class Import:
    """A mapping at work on some files."""

    mapping: Mapped
    files: Sequence[Opened]
    read: int = 0
    cases: int = 0
    unmapped: Unmapped = field(default_factory=Unmapped)
    _nameless: list[int] = field(default_factory=list)
    """Rows without an id, counted from 0."""
    _twice: list[tuple[str, str, int]] = field(default_factory=list)
    """Entries whose id an earlier entry of their case has: list, id, place in the block."""

    def check(self) -> None:
        """Refuse files that lack a column which the mapping reads, with the nearest name."""
        for found in self.files:
            names = set(found.schema.names)
            lacking = [c for c in dict.fromkeys(self.mapping.columns()) if c not in names]
            if lacking:
                near = [did_you_mean(c, names) for c in lacking]
                shown = [
                    f"`{c}` ({hint})" if hint else f"`{c}`"
                    for c, hint in zip(lacking, near, strict=True)
                ]
                raise TableFileError(found.file.path, f"has no column {', '.join(shown)}")

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield cases; raise values without a mapping in the end, all of them with counts."""
        for batch in self._grouped() if self.mapping.group else self._apart():
            self.cases += batch.num_rows
            yield batch
        self._refuse()

    def _refuse(self) -> None:
        """Raise values without a mapping, rows without an id, or that there are no rows."""
        path = ", ".join(str(f.file.path) for f in self.files)
        nameless = []
        if self._nameless:
            shown = ", ".join(f"{row + 1:,}" for row in self._nameless[:_SHOWN])
            more = f" and {len(self._nameless) - _SHOWN:,} more" if self._nameless[_SHOWN:] else ""
            nameless = [f"{self._id_columns()}: rows without an id: {shown}{more}"]
        if self.unmapped.found:
            raise TableFileError(
                path,
                "\n  ".join(["values are without a mapping:", *self.unmapped.lines(), *nameless]),
                "add them to the mapping's `values`, or say what else becomes of them:"
                ' `otherwise = "unknown"`',
            )
        if nameless:
            raise TableFileError(path, *nameless)
        if not self.read:
            raise TableFileError(path, "holds no row")

    def _grouped(self) -> Iterator[pa.RecordBatch]:
        rows = [row for cases in self._each() for row in cases.batch.to_pylist()]
        self._refuse()
        table = pa.Table.from_pylist(grouped(rows, self.mapping), mapped_schema(self.mapping))
        yield from table.to_batches(_BLOCK)

    def _apart(self) -> Iterator[pa.RecordBatch]:
        """Yield a case for each row; raise ids that several have."""
        seen, first = Seen(), 0
        for cases in self._each():
            seen.add(pl.Series(cases.batch.column(self.mapping.about)), first)
            first += cases.batch.num_rows
            yield cases.batch
        again = seen.repeated()
        if again.size and not self.unmapped.found and not self._nameless:
            raise self._repeated(again)

    def _repeated(self, again: npt.NDArray[np.int64]) -> TableFileError:
        """Return an error that names the columns of ids, the first ids met again, their rows."""
        wanted, first = again[:_SHOWN], 0
        found: dict[Path, list[str]] = {}
        for cases in Import(self.mapping, self.files)._each():  # noqa: SLF001 - its own kind
            for number in wanted[(wanted >= first) & (wanted < first + len(cases.rows))] - first:
                id_ = cases.batch.column(self.mapping.about)[int(number)]
                said = f"`{id_}` (row {cases.rows[number] + 1:,})"
                found.setdefault(cases.path, []).append(said)
            first += len(cases.rows)
        more = f", and {len(again) - len(wanted):,} more" if len(again) > len(wanted) else ""
        return TableFileError(
            ", ".join(map(str, found)),
            f"{self._id_columns()}: ids that an earlier row has: "
            + ", ".join(said for each in found.values() for said in each)
            + more,
            "name columns that tell the rows apart, or write `group = true`: rows with one id are"
            " one case",
        )

    def _id_columns(self) -> str:
        """Return the field of ids, with the columns that it is made of."""
        rule = next(r for r in self.mapping.rules if r.field == self.mapping.about)
        columns = ", ".join(f"`{c}`" for c in rule.columns) or "none"
        return f"`{self.mapping.about}`, made of column {columns}"

    def _each(self) -> Iterator[_Cases]:
        wanted = set(self.mapping.columns())
        for found in self.files:
            for part in found.parts(wanted.__contains__):
                self.read += part.batch.num_rows
                for begin in range(0, part.batch.num_rows, _BLOCK):
                    with complaints(found.file.path):
                        made, taken = self._batch(part.batch.slice(begin, _BLOCK))
                        numbers = part.rows[begin:][taken]
                        if self._twice and not self.mapping.group:
                            raise self._refused(found.file.path, numbers)
                        blank = made.column(self.mapping.about).is_null()
                        self._nameless += numbers[blank.to_numpy(zero_copy_only=False)].tolist()
                        yield _Cases(found.file.path, made, numbers)

    def _batch(self, batch: pa.RecordBatch) -> tuple[pa.RecordBatch, list[int]]:
        """Return the cases that rows make, and which row each is made of."""
        cells = {
            name: _cells(column, self.mapping.unknown)
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        }
        taken = list(range(batch.num_rows))
        if self.mapping.expand is not None:
            cells, taken = _expanded(cells, batch.num_rows, *self.mapping.expand)
        rows = len(taken)
        columns: list[pa.Array] = []
        for rule in self.mapping.rules:
            values = recoded(rule, cells, rows, self.unmapped)
            columns.append(pa.array(values, _type(rule, self.mapping)))
        for name in self.mapping.lists():
            columns.append(self._list(name, cells, rows))  # noqa: PERF401 - as the loop above
        if self.mapping.incomplete:
            named: list[list[str]] = [[] for _ in range(rows)]
            for name, when in self.mapping.incomplete:
                for row, so in enumerate(holds(when, cells, rows)):
                    if so:
                        named[row].append(name)
            columns.append(pa.array(named, pa.list_(pa.string())))
        columns += [pa.array(cells[name], pa.string()) for name in self.mapping.keep]
        return pa.RecordBatch.from_arrays(columns, schema=mapped_schema(self.mapping)), taken

    def _list(self, name: str, cells: Mapping[str, Cells], rows: int) -> pa.Array:
        """Return a column of lists: in each row the entries whose conditions hold, in order."""
        entries = [e for e in self.mapping.entries if e.into == name]
        there = np.array([holds(e.when, cells, rows) for e in entries], np.bool_).T
        row, which = np.nonzero(there.reshape(rows, len(entries)))
        taken = pa.array(which * rows + row)
        rules = _entry_rules(self.mapping, name)
        children = []
        for rule in rules:
            kind = _type(rule, self.mapping)
            parts = [
                pa.array(self._entry_values(e, i, rule.field, cells, rows, there), kind)
                for i, e in enumerate(entries)
            ]
            children.append(pa.concat_arrays(parts).take(taken))
        inner = [pa.field(r.field, _type(r, self.mapping)) for r in rules]
        if is_keyed(name, self.mapping.vocabulary) and ID in (r.field for r in rules):
            self._look_for_repeated(name, children[[r.field for r in rules].index(ID)], row)
        structs = pa.StructArray.from_arrays(children, fields=inner)
        offsets = np.concatenate([[0], np.cumsum(there.sum(axis=1))]).astype(np.int32)
        return pa.ListArray.from_arrays(pa.array(offsets), structs)

    def _look_for_repeated(self, name: str, ids: pa.Array, row: npt.NDArray[np.int64]) -> None:
        """Note entries whose id an earlier entry of the same row has."""
        pairs = pl.DataFrame({"row": row, "id": pl.Series(ids)})
        again = pairs.filter(
            pl.col("id").is_not_null() & ~pl.struct("row", "id").is_first_distinct()
        )
        self._twice += [(name, id_, place) for place, id_ in again.iter_rows()]

    def _refused(self, path: Path, rows: npt.NDArray[np.int64]) -> TableFileError:
        """Return an error that names the entries with the id of another of the same case."""
        shown = [
            f"`{id_}` in `{name}` (row {rows[place] + 1:,})"
            for name, id_, place in self._twice[:_SHOWN]
        ]
        more = f", and {len(self._twice) - _SHOWN:,} more" if len(self._twice) > _SHOWN else ""
        return TableFileError(
            path,
            f"two entries of a case have one id: {', '.join(shown)}{more}",
            "name columns that tell the entries apart, or say `when` there is no second",
        )

    def _entry_values(
        self, entry: Entry, index: int, name: str, cells: Mapping[str, Cells], rows: int, there: Any
    ) -> list[Any]:
        """Return the values of a field of an entry; nothing is asked of rows without the entry."""
        rule = next((r for r in entry.rules if r.field == name), None)
        if rule is None:
            return [None] * rows
        present = there[:, index].tolist()
        masked = {
            c: [v if so else None for v, so in zip(cells[c], present, strict=True)]
            for c in rule.columns
        }
        return recoded(rule, masked, rows, self.unmapped)


def _cells(column: pa.Array, unknown: frozenset[str]) -> Cells:
    """Return a column as texts without the spaces around them; blank ones are null."""
    if not pa.types.is_string(column.type):
        column = column.cast(pa.string())
    found: dict[str | None, str | None] = {None: None}
    made = []
    for cell in column.to_pylist():
        if cell not in found:
            text = cell.strip()
            found[cell] = None if not text or text in unknown else text
        made.append(found[cell])
    return made


def _expanded(
    cells: Mapping[str, Cells], rows: int, name: str, columns: Sequence[str]
) -> tuple[dict[str, Cells], list[int]]:
    """Return a row for each of some columns that is not blank, one where all are; and of which."""
    taken: list[int] = []
    values: list[str | None] = []
    numbers: list[str | None] = []
    for row in range(rows):
        here = [cells[c][row] for c in columns]
        found: list[str | None] = [v for v in dict.fromkeys(here) if v is not None]
        taken += [row] * max(len(found), 1)
        values += found or [None]
        numbers += [str(i + 1) for i in range(max(len(found), 1))]
    made: dict[str, Cells] = {c: [column[i] for i in taken] for c, column in cells.items()}
    made[name] = values
    made[f"{name}{NUMBER}"] = numbers
    return made, taken
