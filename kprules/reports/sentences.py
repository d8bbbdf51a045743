"""Facts in words: what a comparison found, what it wanted, who says so and where.

Guarantee: every fact is named by the case's own path; nothing from outside comes through unescaped.
A line in here touches one comparison and the records in scope; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, assert_never

from kprules.evaluation.facts import Plain, plain, read_at, unknown_at
from kprules.evaluation.reasons import paths_read
from kprules.evaluation.walker import look_up
from kprules.formula.nodes import (
    All,
    AtLeast,
    Compare,
    Const,
    Form,
    Includes,
    Known,
    Member,
    NoneThere,
    Not,
    Overlaps,
    Path,
    Quantified,
    Reading,
    Share,
)
from kprules.formula.nodes import Any as AnyOf
from kprules.records.settle import evidence_of, sources_of
from kprules.records.settled import (
    NO_RECORD,
    UNKNOWN_RECORD,
    Claimed,
    Incomplete,
    Settled,
)
from kprules.records.shape import DATE, PERIOD_FIELDS, ListOf, Period, Reference, slot
from kprules.reports.text import counted, line, several

_MOST_VALUES = 8
_MOST_SOURCES = 6
_OPS: Mapping[str, tuple[str, str]] = {
    "<": ("less than", "before"),
    "<=": ("at most", "on or before"),
    ">": ("more than", "after"),
    ">=": ("at least", "on or after"),
}


# --- values -----------------------------------------------------------------------------------


def value_words(value: Plain) -> str:
    """Spell a plain value: `rebel_movement`, `{arms, fighters}`, `1992-10 to 2002-04`."""
    match value:
        case None:
            return "unknown"
        case bool():
            return "true" if value else "false"
        case list():
            return braces([value_words(v) for v in value])
        case dict():
            if set(value) == {"from", "to"}:
                return f"{value_words(value['from'])} to {value_words(value['to'])}"
            return braces([f"{line(k)}: {value_words(v)}" for k, v in value.items()])
        case _:
            return line(str(value))


def braces(words: Collection[str]) -> str:
    """Set values in braces, the first few where they are many."""
    shown = list(words)
    if len(shown) > _MOST_VALUES + 1:
        shown = [*shown[:_MOST_VALUES], f"and {len(shown) - _MOST_VALUES} more"]
    return "{" + ", ".join(shown) + "}"


def _constant(value: Any) -> str:
    return "none" if isinstance(value, NoneThere) else value_words(plain(value))


def _constants(values: Collection[Any]) -> list[str]:
    return sorted(map(_constant, values))


# --- what a comparison wants --------------------------------------------------------------------


def wanted(form: Form, scope: Mapping[str, Settled], *, truth: bool) -> str:
    """Say what a comparison asks of its fact, or, where it should fail, what it rules out."""
    said = _asks(form, scope)
    return said if truth else f"not {said}"


def _asks(form: Form, scope: Mapping[str, Settled]) -> str:
    match form:
        case Compare(left, op, right):
            value = read_at(scope, right) if isinstance(right, Path) else _constant(right)
            if op == "is":
                return f"the same as {value}" if isinstance(right, Path) else value
            is_date = isinstance(right, date) or getattr(left.type, "kind", "") == "date"
            return f"{_OPS[op][is_date]} {value}"
        case Member(_, values):
            return _some_of("one of", _constants(values))
        case Includes(_, how, values):
            return _some_of(f"{how} of", _constants(values))
        case Overlaps(_, right):
            return f"overlapping with {read_at(scope, right)}"
        case Known():
            return "known"
        case Quantified() | Const() | All() | AnyOf() | Not() | Reading():
            return ""
        case _:
            assert_never(form)


def _some_of(how: str, values: Sequence[str]) -> str:
    return values[0] if len(values) == 1 else f"{how} {braces(values)}"


# --- what a comparison found --------------------------------------------------------------------


def found(form: Form, scope: Mapping[str, Settled]) -> str:
    """Say what the facts are that a comparison reads."""
    match form:
        case Compare(left, _, Path() as right) | Overlaps(left, right):
            return f"{_fact(left, scope)}, {_fact(right, scope)}"
        case Compare(path) | Member(path) | Includes(path):
            return _fact(path, scope)
        case Known(path):
            return _fact(path, scope)
        case Quantified(over=over):
            return _list(over, scope)
        case Const(value):
            return "this always holds" if value else "this never holds"
        case All() | AnyOf() | Not() | Reading():
            return ""
        case _:
            assert_never(form)


def _fact(path: Path, scope: Mapping[str, Settled]) -> str:
    return " is ".join(fact_words(path, scope))


def fact_words(path: Path, scope: Mapping[str, Settled]) -> tuple[str, str]:
    """Return a fact as the case spells it, and its value or why it is unknown."""
    value = look_up(scope, path)
    unknown = unknown_at(scope, path)
    if unknown is None or value is not None:
        return read_at(scope, path), value_words(plain(value))
    why = _why(unknown.why)
    if unknown.path != read_at(scope, path):
        return unknown.path, f"{why} (so is {read_at(scope, path)})"
    return unknown.path, why


def _why(kind: str) -> str:
    return {"missing": "not recorded", "incomplete": "incomplete"}.get(kind, kind)


def _list(over: Path, scope: Mapping[str, Settled]) -> str:
    entries = look_up(scope, over)
    name = read_at(scope, over)
    if entries is None:
        return f"{name} is not recorded"
    if isinstance(entries, Incomplete):
        return f"{name} may have entries that are not recorded"
    return f"{name} has {counted(len(entries), 'entry', 'entries') if entries else 'no entries'}"


def list_sources(form: Quantified, scope: Mapping[str, Settled]) -> tuple[str, ...]:
    """Return the sources on which it rests that a list is empty: those of the record it is in."""
    at: Any = scope[form.over.variable]
    for name in form.over.fields[:-1]:
        at = getattr(at, slot(name))
    record, entries = getattr(at, "_raw", None), look_up(scope, form.over)
    there_may_be = entries is None or entries or isinstance(entries, Incomplete)
    return () if record is None or there_may_be else sources_of(record)


def list_name(form: Quantified, scope: Mapping[str, Settled]) -> str:
    """Return the list that a quantifier goes over, as the case spells it."""
    return read_at(scope, form.over)


def how_many(form: Quantified) -> str:
    """Say how many entries a quantifier asks for."""
    match form.how:
        case AtLeast(least):
            return f"at least {least}"
        case Share(part, whole, strictly):
            return f"{'more than' if strictly else 'at least'} {part}/{whole}"
        case word:
            return word


def claimed_words(value: Any) -> str:
    """Spell a claimed value."""
    return value_words(plain(value))


# --- who says so --------------------------------------------------------------------------------


def claims(form: Form, scope: Mapping[str, Settled]) -> list[Claimed]:
    """Return the claims that the known facts of a comparison rest on."""
    found: list[Claimed] = []
    for path in paths_read(form):
        ends = [path]
        if isinstance(path.type, Period):
            ends = [
                Path(path.variable, path.record, (*path.fields, end), DATE) for end in PERIOD_FIELDS
            ]
        for end in ends:
            found += [claim for claim in _claims(end, scope) if claim not in found]
    return found


def _claims(path: Path, scope: Mapping[str, Settled]) -> list[Claimed]:
    """Return what is said of one fact, as far as it is what the fact was settled to."""
    value = look_up(scope, path)
    at: Any = scope[path.variable]
    for name in path.fields[:-1]:
        at = getattr(at, slot(name))
        if not isinstance(at, Settled) or at in (UNKNOWN_RECORD, NO_RECORD):
            return []
    if value is None or not path.fields or isinstance(path.type, ListOf):
        return []
    said = list(evidence_of(at, path.fields[-1:]))
    return [claim for claim in said if plain(claim.value) == plain(value)] or said


def claim_words(claim: Claimed) -> str:
    """Say who claims a fact, on what evidence and where: `alleged by ukraine; s100`.

    Established is the usual, and goes without saying.
    """
    by = f" by {names(claim.by)}" if claim.by else ""
    said = [f"{claim.evidence}{by}"] if by or claim.evidence == "alleged" else []
    said += [keys(claim.sources)] if claim.sources else []
    said += [f"denied by {names(claim.denied_by)}"] if claim.denied_by else []
    return "; ".join(said)


def names(parties: Sequence[str]) -> str:
    """List parties."""
    return several([line(p) for p in parties])


def keys(sources: Sequence[str]) -> str:
    """List keys of sources, the first few where they are many."""
    shown = [line(s) for s in sources[:_MOST_SOURCES]]
    if len(sources) > _MOST_SOURCES:
        shown.append(f"and {len(sources) - _MOST_SOURCES} more")
    return ", ".join(shown)


def entry_words(entry: Settled) -> str:
    """Name an entry of a list: its place, and what it is called or whom it is about."""
    place = line(entry._place)  # noqa: SLF001 - its own account of itself
    for field in entry._shape.fields.values():  # noqa: SLF001 - as above
        value = getattr(entry, slot(field.name))
        if field.name == "name" and isinstance(value, str):
            return f"{place} ({line(value)})"
        if isinstance(field.type, Reference) and value._key:  # noqa: SLF001 - as above
            return f"{place} ({line(value._key)})"  # noqa: SLF001 - as above
    return place
