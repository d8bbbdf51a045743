"""What can be seen of a table's columns before any row is judged: no nulls, no such column.

Guarantee: what is foreseen holds in every row at hand, so that folding it in changes no outcome; in
doubt nothing is foreseen. A line in here touches counts of nulls, which Arrow keeps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pyarrow as pa
import pyarrow.types as at

from kprules.formula.expressions import Loop, Place
from kprules.records.shape import ListOf, Period, RecordShape, Reference, SetOf, Vocabulary
from kprules.tables.arrow import is_text
from kprules.tables.rows import INCOMPLETE, PERIOD_SHAPE
from kprules.tables.sources import ID

Seen = Sequence[pa.Array] | Mapping[str, Any]
"""The chunks of a column, or a tree of columns with dotted names."""
Question = tuple[Literal["known", "complete", "whole days"], Place]


@dataclass(frozen=True, slots=True)
class _Look:
    """What a path leads to: the chunks of the column, `None` where there is none."""

    shape: RecordShape | None
    seen: Seen | None
    clean: bool
    """No null on the way."""
    away: bool = False
    """Beyond a reference to another column."""
    gone: bool = False
    """Beyond a reference that may be none."""


class Sight:
    """What is seen of the columns at hand; answers are kept, so that others may be held to them."""

    def __init__(self, tree: Mapping[str, Any], vocabulary: Vocabulary) -> None:
        """Look at columns, each a sequence of chunks, in a tree by name."""
        self.vocabulary = vocabulary
        self.answers: dict[Question, bool | None] = {}
        self._root = _Look(vocabulary.root, tree, clean=True)
        self._looks: dict[tuple[Loop | None, tuple[str, ...]], _Look] = {}
        self._incomplete = INCOMPLETE in tree

    def known(self, place: Place) -> bool | None:
        """Return whether the fact is recorded in every row, or in none."""
        return self._answer(("known", place))

    def complete(self, place: Place) -> bool | None:
        """Return whether the list or set has no more in it."""
        return self._answer(("complete", place))

    def whole_days(self, place: Place) -> bool:
        """Return whether the dates are of a type that holds whole days."""
        return self._answer(("whole days", place)) is True

    def _answer(self, question: Question) -> bool | None:
        if question not in self.answers:
            what, place = question
            look = self._look(place.scope, place.path.fields)
            match what:
                case "known":
                    self.answers[question] = self._is_known(place, look)
                case "complete":
                    self.answers[question] = self._is_complete(place, look)
                case "whole days":
                    self.answers[question] = self._has_whole_days(look)
        return self.answers[question]

    def _is_known(self, place: Place, look: _Look) -> bool | None:
        if look.seen is None:
            return None if look.gone or look.away else False
        if look.away or look.gone or isinstance(look.seen, Mapping):
            return None
        if isinstance(place.path.type, Reference):
            ids = _child(look.seen, ID)  # which record it is
            return True if look.clean and ids is not None and _no_nulls(ids) else None
        if place.path.fields[-1] == "to" and self._is_end(place):
            above = self._look(place.scope, place.path.fields[:-1])
            return True if self._step(above, "from").clean else None
        return True if look.clean else None

    def _is_end(self, place: Place) -> bool:
        holder = self._look(place.scope, place.path.fields[:-1]).shape
        return holder is PERIOD_SHAPE

    def _is_complete(self, place: Place, look: _Look) -> bool | None:
        if look.seen is None:
            return None if look.gone or look.away else False
        if look.away or look.gone or not look.clean or isinstance(look.seen, Mapping):
            return None
        if isinstance(place.path.type, SetOf):
            return True if all(_is_full(c.flatten()) for c in look.seen) else None
        above = self._look(place.scope, place.path.fields[:-1])
        own = above.seen is not None and _child(above.seen, INCOMPLETE) is not None
        return None if self._incomplete or own else True

    def _has_whole_days(self, look: _Look) -> bool:
        if look.seen is None or isinstance(look.seen, Mapping):
            return False
        return all(at.is_temporal(chunk.type) for chunk in look.seen)

    # --- the way there ----------------------------------------------------------------------------

    def _look(self, scope: Loop | None, fields: tuple[str, ...]) -> _Look:
        look = self._looks.get((scope, fields))
        if look is None:
            if fields:
                look = self._step(self._look(scope, fields[:-1]), fields[-1])
            elif scope is None:
                look = self._root
            else:
                look = self._entries(scope)
            self._looks[scope, fields] = look
        return look

    def _step(self, above: _Look, name: str) -> _Look:
        assert above.shape is not None  # noqa: S101 - only records have fields
        kind = above.shape.fields[name].type
        seen = None if above.seen is None else _child(above.seen, name)
        clean = above.clean and seen is not None and _no_nulls(seen)
        match kind:
            case Period():
                shape: RecordShape | None = PERIOD_SHAPE
            case SetOf() | ListOf():
                shape = None
            case Reference(record, _, none):
                shape = self.vocabulary.shape_of(record)
                away = above.away or (
                    seen is not None and not isinstance(seen, Mapping) and any(map(_is_id, seen))
                )
                gone = above.gone or none
                return _Look(shape, seen, clean, away, (gone and seen is not None) or above.gone)
            case _:
                record_name = getattr(kind, "record", None)
                shape = None if record_name is None else self.vocabulary.shape_of(record_name)
        return _Look(shape, seen, clean, above.away, above.gone)

    def _entries(self, loop: Loop) -> _Look:
        held = self._look(loop.over.scope, loop.over.path.fields)
        kind = loop.over.path.type
        assert isinstance(kind, ListOf)  # noqa: S101 - loops walk lists
        shape = self.vocabulary.shape_of(kind.record)
        if held.seen is None or isinstance(held.seen, Mapping):
            return _Look(shape, None, clean=False, away=held.away, gone=held.gone)
        inside = [_inside(chunk) for chunk in held.seen]
        return _Look(shape, inside, _no_nulls(inside), held.away, held.gone)


def _is_id(chunk: pa.Array) -> bool:
    return is_text(chunk.type)


def _child(seen: Seen, name: str) -> Seen | None:
    """Return the column of a field, where there is one that holds anything."""
    if isinstance(seen, Mapping):
        found: Seen | None = seen.get(name)
    else:
        parts = []
        for chunk in seen:
            index = chunk.type.get_field_index(name) if at.is_struct(chunk.type) else -1
            if index < 0:
                return None
            parts.append(chunk.field(index))
        found = parts
    if isinstance(found, Mapping) or found is None:
        return found
    return None if any(at.is_null(chunk.type) for chunk in found) else found


def _inside(chunk: pa.Array) -> pa.Array:
    """Return what lists hold, with what may lie under null ones."""
    return chunk.items if at.is_map(chunk.type) else chunk.values


def _no_nulls(seen: Seen) -> bool:
    if isinstance(seen, Mapping):
        return any(_no_nulls(inner) for inner in seen.values())
    return all(map(_is_full, seen))


def _is_full(chunk: pa.Array) -> bool:
    """Return whether no cell is null, nor what a dictionary says for it."""
    if isinstance(chunk, pa.DictionaryArray) and chunk.dictionary.null_count:
        return False
    return bool(chunk.null_count == 0)
