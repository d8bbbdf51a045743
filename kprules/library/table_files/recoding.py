"""Rules of a mapping on columns of texts: each different cell is recoded once.

Guarantee: a value without a mapping is counted and never dropped in silence; blank is unknown. A
line in here touches texts and plain values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from kprules.library.table_files.field_values import KEEP, UNKNOWN, UnmappedError, member_of, read
from kprules.library.table_files.mapping import Condition, Rule, holes
from kprules.records.shape import SetOf, Type

Cells = Sequence[str | None]
_MONTHS: Final = ("%m", "%b", "%B")
_MOST_VALUES: Final = 10_000


@dataclass(slots=True)
class Unmapped:
    """The values that no rule maps, with how often they were met."""

    found: dict[tuple[str, str], Counter[str]] = field(default_factory=dict)
    """By field and column."""

    def add(self, rule: Rule, column: str, value: str) -> None:
        """Count a value."""
        counter = self.found.setdefault((rule.field, column), Counter())
        if value in counter or len(counter) < _MOST_VALUES:
            counter[value] += 1

    def lines(self, most: int = 10) -> list[str]:
        """Say them, the most frequent first."""
        said = []
        for (name, column), counter in self.found.items():
            shown = ", ".join(f"`{v}` ({n:,})" for v, n in counter.most_common(most))
            more = f" and {len(counter) - most} more" if len(counter) > most else ""
            said.append(f"column `{column}`, for `{name}`: values without a mapping: {shown}{more}")
        return said


def recoded(rule: Rule, cells: Mapping[str, Cells], rows: int, unmapped: Unmapped) -> list[Any]:
    """Return what a field is in each row."""
    if rule.text is not None:
        return _texts(rule, cells, unmapped)
    if rule.flags:
        return _flags(rule, cells, rows, unmapped)
    if rule.column is None:
        return [rule.constant] * rows
    one = _set_of(rule) if isinstance(rule.type, SetOf) else _scalar_of(rule)
    return _each(rule, cells[rule.column], rule.column, one, unmapped)


def _each(
    rule: Rule, cells: Cells, column: str, one: Callable[[str], Any], unmapped: Unmapped
) -> list[Any]:
    """Recode each cell, different ones once."""
    known: dict[str | None, Any] = {None: None}
    bad: set[str] = set()
    made = []
    for cell in cells:
        if cell not in known:
            try:
                known[cell] = one(cell)  # type: ignore[arg-type]  # null is known
            except UnmappedError:
                known[cell] = None
                bad.add(str(cell))
        if cell in bad:
            unmapped.add(rule, column, str(cell))
        made.append(known[cell])
    return made


def _scalar_of(rule: Rule) -> Callable[[str], Any]:
    return lambda cell: _recode(rule, cell, rule.type)


def _set_of(rule: Rule) -> Callable[[str], Any]:
    assert isinstance(rule.type, SetOf)  # noqa: S101 - asked for sets only
    member = rule.type.member

    def members(cell: str) -> list[Any]:
        parts = cell.split(rule.split) if rule.split else [cell]
        found: dict[Any, None] = {}
        for part in (p.strip() for p in parts):
            if part:
                found.update(dict.fromkeys(_many(_recode(rule, part, member))))
        return list(found)

    return members


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _recode(rule: Rule, text: str, kind: Type) -> Any:
    if rule.values is not None and text in rule.values:
        return rule.values[text]
    if rule.values is None or rule.otherwise == KEEP:
        try:
            return read(_dated(text, rule.date), kind)
        except UnmappedError:
            if rule.otherwise in (None, KEEP):
                raise
    if rule.otherwise is None:
        raise UnmappedError(text)
    return None if rule.otherwise == UNKNOWN else rule.otherwise


def _dated(text: str, forms: Sequence[str]) -> str:
    """Return a date as ISO writes it, as far as its form goes."""
    for form in forms:
        try:
            day = datetime.strptime(text, form)  # noqa: DTZ007 - days have no zone
        except ValueError:
            continue
        if "%d" in form or "%j" in form:
            return day.date().isoformat()
        return day.strftime("%Y-%m" if any(sign in form for sign in _MONTHS) else "%Y")
    if forms:
        raise UnmappedError(text)
    return text


def _texts(rule: Rule, cells: Mapping[str, Cells], unmapped: Unmapped) -> list[Any]:
    """Return texts with cells in their holes; unknown where one of those is blank."""
    assert rule.text is not None  # noqa: S101 - asked for texts only
    names = holes(rule.text)
    form = rule.text
    pieces = re.split(r"\{[^{}]+\}", form)
    texts: list[str | None] = []
    for row in zip(*(cells[name] for name in names), strict=True):
        if None in row:
            texts.append(None)
        else:
            filled = "".join(p + str(c) for p, c in zip(pieces, row, strict=False)) + pieces[-1]
            texts.append(filled)
    member = member_of(rule.type)
    found = _each(rule, texts, form, lambda text: read(text, member), unmapped)
    return [None if v is None else [v] for v in found] if isinstance(rule.type, SetOf) else found


def _flags(rule: Rule, cells: Mapping[str, Cells], rows: int, unmapped: Unmapped) -> list[Any]:
    """Return sets of the members whose columns say yes; open where a column is blank."""
    made: list[list[Any] | None] = [[] for _ in range(rows)]
    recorded = [False] * rows
    unknown = [False] * rows
    for column, member in rule.flags.items():
        for row, cell in enumerate(cells[column]):
            if cell is None:
                unknown[row] = True
                continue
            recorded[row] = True
            if cell in rule.yes:
                _add(made[row], member)
            elif cell not in rule.no:
                unknown[row] = True
                if rule.otherwise != UNKNOWN:
                    unmapped.add(rule, column, cell)
    for row in range(rows):
        if not recorded[row]:
            made[row] = None
        elif unknown[row]:
            _add(made[row], None)
    return made


def _add(members: list[Any] | None, member: Any) -> None:
    if members is not None and member not in members:
        members.append(member)


def holds(conditions: Sequence[Condition], cells: Mapping[str, Cells], rows: int) -> list[bool]:
    """Return where all conditions hold; a blank cell is in nothing and outside nothing."""
    made = [True] * rows
    for condition in conditions:
        for row, cell in enumerate(cells[condition.column]):
            if not _holds(condition, cell):
                made[row] = False
    return made


def _holds(condition: Condition, cell: str | None) -> bool:
    if condition.blank is not None and (cell is None) != condition.blank:
        return False
    if condition.among is not None and cell not in condition.among:
        return False
    return condition.outside is None or (cell is not None and cell not in condition.outside)
