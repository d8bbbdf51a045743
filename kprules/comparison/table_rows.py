"""Rows of a table as records, for reasons: judged once for each distinct pattern of facts.

Guarantee: rows whose facts are the same share one evaluation. A line in here touches single rows.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

import pyarrow as pa

from kprules.comparison.matrix import Subject
from kprules.comparison.row_records import NamelessError, settled_row
from kprules.comparison.tables import Block
from kprules.records.plain import plain_record
from kprules.records.settled import Settled
from kprules.records.shape import Vocabulary

MOST_ROWS: Final = 10_000
MOST_PATTERNS: Final = 1_000
_FEW: Final = 5


class TooManyPatternsError(ValueError):
    """More distinct rows were to be explained than are explained at once."""


class NoSuchRowError(ValueError):
    """No row is of the day asked for, or has an id that reasons were asked for."""


class NamelessRowError(ValueError):
    """A row has no reasons: a definition asks which record one without an id is."""


@dataclass(slots=True)
class Wanted:
    """The rows that reasons are asked for: the first so many, or those with some ids."""

    vocabulary: Vocabulary
    columns: frozenset[str]
    """The top-level columns that definitions look at: the pattern of a row is what they hold."""
    first: int = 0
    ids: frozenset[str] = frozenset()
    closed: bool = False
    """Whether incomplete lists are taken to be complete."""
    identified: frozenset[str] = frozenset()
    """The references of which definitions ask which record they lead to."""
    patterns: dict[str, tuple[Subject, list[str]]] = field(default_factory=dict)
    """For each pattern, the first of its rows, and the ids of all."""
    taken: int = 0
    left: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Wait for every id."""
        self.left = set(self.ids)

    @property
    def more(self) -> bool:
        """Whether further rows are wanted."""
        return bool(self.left) if self.ids else self.taken < self.first

    def look(self, block: Block) -> None:
        """Take the rows that are wanted from a block."""
        if not self.more:
            return
        ids = block.ids.to_pylist()
        if self.ids:
            places = [i for i, id_ in enumerate(ids) if id_ in self.left]
        else:
            places = list(range(min(len(ids), self.first - self.taken)))
        names = [n for n in block.batch.schema.names if n.split(".")[0] in self.columns]
        facts = block.batch.select(names)
        for place in places:
            case = block.subjects[place] if block.subjects else None
            key = _pattern(facts, place) if case is None else _said(case, self.vocabulary.about)
            key = key or f"row {self.taken} of those taken"
            if key not in self.patterns:
                if len(self.patterns) >= MOST_PATTERNS:
                    raise TooManyPatternsError(
                        f"more than {MOST_PATTERNS:,} different rows to explain"
                    )
                if case is None:
                    case = Subject(ids[place], ids[place], self._record(facts, place, ids[place]))
                self.patterns[key] = (case, [])
            self.patterns[key][1].append(ids[place])
            self.left.discard(ids[place])
            self.taken += 1

    def _record(self, facts: pa.RecordBatch, place: int, id_: str) -> Settled:
        try:
            return settled_row(
                facts, place, self.vocabulary, closed=self.closed, asked=self.identified
            )
        except NamelessError as e:
            raise NamelessRowError(
                f"row `{id_}`: `{e.place}` holds a record without an id, so that it is unknown"
                " which it is, and a definition asks that: give it an `id`, choose other"
                " definitions with --only, or leave --explain-rows out"
            ) from e

    def end(self) -> None:
        """Raise `NoSuchRowError` where ids are left that no row has."""
        if self.left:
            names = ", ".join(f"`{name}`" for name in sorted(self.left)[:_FEW])
            more = f" or {len(self.left) - _FEW} more" if len(self.left) > _FEW else ""
            raise NoSuchRowError(f"no row that was judged is called {names}{more}")

    def subjects(self) -> Iterator[tuple[Subject, list[str]]]:
        """Yield a row for each pattern, with the ids of all its rows."""
        yield from self.patterns.values()


def _said(case: Subject, about: str) -> str:
    """Return what a case says, but for what it is called."""
    says = plain_record(case.record)
    for name in (about, "title", "summary"):
        says.pop(name, None)
    return json.dumps(says, sort_keys=True, default=str)


def _pattern(facts: pa.RecordBatch, row: int) -> str | None:
    """Return what is the same of two rows with the same facts, as far as that can be said."""
    try:
        return repr([(name, facts.column(name)[row].as_py()) for name in facts.schema.names])
    except (ValueError, OverflowError):  # a time that Python has none for
        return None
