"""Rows of a table as records, for reasons: judged once for each distinct pattern of facts.

Guarantee: a row becomes the very record whose outcome the table engine gave; rows whose facts are
the same share one evaluation. A line in here touches single rows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, assert_never

import pyarrow as pa
from pydantic import BaseModel

from kprules.comparison.matrix import Subject
from kprules.comparison.tables import Block
from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Type,
    Vocabulary,
)
from kprules.tables.rows import INCOMPLETE

_WORDS: Final = re.compile(r"[a-z0-9]+")
MOST_ROWS: Final = 10_000
MOST_PATTERNS: Final = 1_000
_FEW: Final = 5


class TooManyPatternsError(ValueError):
    """More distinct rows were to be explained than are explained at once."""


class NoSuchRowError(ValueError):
    """No row has an id that reasons were asked for."""


@dataclass(slots=True)
class Wanted:
    """The rows that reasons are asked for: the first so many, or those with some ids."""

    vocabulary: Vocabulary
    columns: frozenset[str]
    """The top-level columns that definitions look at: the pattern of a row is what they hold."""
    first: int = 0
    ids: frozenset[str] = frozenset()
    patterns: dict[str, tuple[dict[str, Any], list[str]]] = field(default_factory=dict)
    """For each pattern, the facts and the ids of its rows."""
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
        rows = block.batch.select(names).take(pa.array(places, pa.int64())).to_pylist()
        for place, row in zip(places, rows, strict=True):
            key = json.dumps(row, default=str, sort_keys=True)
            if key not in self.patterns and len(self.patterns) >= MOST_PATTERNS:
                raise TooManyPatternsError(f"more than {MOST_PATTERNS:,} different rows to explain")
            self.patterns.setdefault(key, (row, []))[1].append(ids[place])
            self.left.discard(ids[place])
            self.taken += 1

    def end(self) -> None:
        """Raise `NoSuchRowError` where ids are left that no row has."""
        if self.left:
            names = ", ".join(f"`{name}`" for name in sorted(self.left)[:_FEW])
            more = f" or {len(self.left) - _FEW} more" if len(self.left) > _FEW else ""
            raise NoSuchRowError(f"no row that was judged is called {names}{more}")

    def subjects(self) -> Iterator[tuple[Subject, list[str]]]:
        """Yield a record for each pattern, with the ids of its rows."""
        for row, ids in self.patterns.values():
            yield Subject(ids[0], ids[0], record_of(row, self.vocabulary)), ids


def record_of(row: Mapping[str, Any], vocabulary: Vocabulary) -> BaseModel:
    """Return the record that a row stands for."""
    made = _Making(vocabulary)
    facts = made.record(_tree(row), vocabulary.root)
    model: type[BaseModel] = vocabulary.root.model
    for name, info in model.model_fields.items():
        if info.is_required():
            facts.setdefault(info.alias or name, "row-1")
    for through, entries in made.besides.items():
        known = facts.setdefault(through, {})
        for key, entry in entries.items():
            known.setdefault(key, entry)
    if made.unlisted:
        facts[INCOMPLETE] = sorted({*facts.get(INCOMPLETE, ()), *made.unlisted})
    return model.model_validate(facts)


def _tree(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row's cells, those of columns with dotted names as records."""
    tree: dict[str, Any] = {}
    for name, value in row.items():
        *above, last = name.split(".")
        if value is None:
            continue
        inner = tree
        for part in above:
            inner = inner.setdefault(part, {})
        inner[last] = value
    return tree


class _Making:
    """Makes plain records of cells; keeps what references name that no map holds."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.besides: dict[str, dict[str, Any]] = {}
        self.unlisted: set[str] = set()
        self._maps: dict[str, Any] = {}
        self._names: dict[str, str] = {}

    def record(self, cells: Mapping[str, Any], shape: RecordShape) -> dict[str, Any]:
        if shape is self.vocabulary.root:
            self._maps = {n: cells.get(n) for n in cells}
        made: dict[str, Any] = {}
        for name, found in shape.fields.items():
            value = cells.get(name)
            if value is not None:
                made[name] = self._cell(value, found.type)
        listed = cells.get(INCOMPLETE)
        if listed and shape is self.vocabulary.root:
            made[INCOMPLETE] = [name for name in listed if name]
        return {name: value for name, value in made.items() if value is not None}

    def _cell(self, value: Any, kind: Type) -> Any:
        match kind:
            case Scalar():
                return _scalar(value)
            case SetOf():
                return ["unknown" if v is None else _scalar(v) for v in value]
            case Nested(record):
                return self.record(value, self.vocabulary.shape_of(record))
            case Period():
                ends = {n: _scalar(v) for n, v in value.items() if v is not None}
                if not ends:
                    return None
                return ends if "to" not in ends or "from" in ends else {"from": "unknown", **ends}
            case ListOf(record, keyed):
                return self._list(value, self.vocabulary.shape_of(record), keyed=keyed)
            case Reference():
                return self._reference(value, kind)
            case _:
                assert_never(kind)

    def _list(self, value: Any, shape: RecordShape, *, keyed: bool) -> Any:
        if not keyed:
            return [{} if e is None else self.record(e, shape) for e in value]
        pairs = [e if isinstance(e, tuple) else ((e or {}).get("id"), e) for e in _entries(value)]
        return {
            self._name(key or f"entry_{index + 1}"): self.record(e or {}, shape)
            for index, (key, e) in enumerate(pairs)
        }

    def _name(self, key: str) -> str:
        """Return an id as cases write ids; a table's may hold anything."""
        if key not in self._names:
            plain = "_".join(_WORDS.findall(key.lower()))[:80] or "entry"
            plain = plain if plain[0].isalpha() else f"entry_{plain}"
            taken = plain in self._names.values()
            self._names[key] = f"{plain}_{len(self._names) + 1}" if taken else plain
        return self._names[key]

    def _reference(self, value: Any, kind: Reference) -> Any:
        through = kind.through
        if isinstance(value, str):
            name = value if value == "none" else self._name(value)
            if value != "none" and self._maps.get(through) is None:
                self.besides.setdefault(through, {}).setdefault(name, {})
                self.unlisted.add(through)
            return name
        shape = self.vocabulary.shape_of(kind.record)
        key = value.get("id")
        if key == "none":
            return key
        entries = self.besides.setdefault(through, {})
        key = self._name(f"{key or 'inlined'}_{len(entries) + 1}")
        entries[key] = self.record(value, shape)
        self.unlisted.add(through)
        return key


def _entries(value: Any) -> Iterable[Any]:
    return value.items() if isinstance(value, Mapping) else value


def _scalar(value: Any) -> Any:
    match value:
        case datetime():
            return value.date().isoformat()
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return int(value)
        case float():
            return Decimal(repr(value))
        case _:
            return value
