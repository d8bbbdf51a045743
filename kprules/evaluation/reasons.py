"""Which clauses and facts decide an outcome, read off the notes.

Guarantee: every reason is a clause that decides, with the facts that decide it; every unknown is a
fact that the outcome still hangs on. Follows the notes only where they carry the value above them:
of an *any* that holds its first part, of an *all* that fails each part that does. A line in here
touches notes; it evaluates nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from kprules.evaluation.facts import Plain, Unknown, read_at, unknown_at, value_at
from kprules.evaluation.trace import Note, Outcome, Trace, Value
from kprules.evaluation.walker import look_up
from kprules.formula.nodes import (
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
    Said,
    Share,
)
from kprules.records.settled import Incomplete


@dataclass(frozen=True, slots=True)
class Reason:
    """A clause that decides: its label and words, what it came to, the facts that make it so."""

    label: str
    words: str | None
    truth: Value
    facts: Mapping[str, Plain]
    definition: str = ""
    entry: str = ""
    """The entry that it speaks of, such as `links[0]`."""
    reading: str | None = None
    exception: bool = False


@dataclass(slots=True)
class Decisive:
    """The part of the notes that decides: a tree of clauses down to facts."""

    note: Note
    said: Said | None
    parts: list[Decisive] = field(default_factory=list)
    entry: str = ""
    exception: bool = False


def decisive(trace: Trace) -> list[Decisive]:
    """Return the deciding parts of captures and of the exceptions."""
    match trace.outcome:
        case Outcome.CAPTURED:
            wanted, excepted = [trace.captures], trace.exceptions
        case Outcome.NOT_CAPTURED if trace.captures.value is Value.FALSE:
            wanted, excepted = [trace.captures], []
        case Outcome.NOT_CAPTURED:
            wanted = []
            excepted = [n for n in trace.exceptions if n.value is Value.TRUE][:1]
        case Outcome.UNDETERMINED:
            wanted = [n for n in [trace.captures] if n.value is Value.UNKNOWN]
            excepted = [n for n in trace.exceptions if n.value is Value.UNKNOWN]
        case _:
            assert_never(trace.outcome)
    found = [_follow(note) for note in wanted]
    for note in excepted:
        tree = _follow(note)
        tree.exception = True
        found.append(tree)
    return found


def _follow(note: Note, entry: str = "") -> Decisive:
    tree = Decisive(note, note.form.said, entry=entry)
    match note.form:
        case All() | Any():
            tree.parts = [_follow(part) for part in _carrying(note)]
        case Not():
            tree.parts = [_follow(part) for part in note.parts]
        case Quantified() as form:
            for where, entry_notes in _entries(note, form):
                tree.parts += [_follow(part, where) for part in entry_notes]
        case Const() | Compare() | Member() | Includes() | Overlaps() | Known() | Reading():
            pass
        case _:
            assert_never(note.form)
    return tree


def _carrying(note: Note) -> list[Note]:
    """Return the parts that give an *all* or *any* its value."""
    same = [part for part in note.parts if part.value is note.value]
    first_is_enough = isinstance(note.form, Any) and note.value is Value.TRUE
    return same[:1] if first_is_enough else same


def _entries(note: Note, form: Quantified) -> Iterator[tuple[str, list[Note]]]:
    """Yield the deciding entries, each with the notes on it that decide."""
    judged = [_judged(parts, form) for parts in _by_entry(note, form)]
    match form.how:
        case "some" | AtLeast():
            enough = form.how.least if isinstance(form.how, AtLeast) else 1
            if note.value is Value.TRUE:
                yield from [_told(e) for e in judged if e.value is Value.TRUE][:enough]
            else:
                yield from (_told(e) for e in judged if e.value is note.value)
        case "every" | "no":
            if note.value is Value.FALSE:
                yield from [_told(e) for e in judged if e.value is Value.TRUE][:1]
            else:
                wanted = Value.FALSE if note.value is Value.TRUE else Value.UNKNOWN
                yield from (_told(e) for e in judged if e.value is wanted)
        case Share():
            wanted_all = note.value is not Value.UNKNOWN
            for entry in judged:
                if wanted_all or entry.value is Value.UNKNOWN:
                    yield entry.place, entry.notes
        case _:
            assert_never(form.how)


@dataclass(slots=True)
class _Entry:
    """An entry as its quantifier counted it: TRUE where it counts."""

    place: str
    value: Value
    notes: list[Note]
    where: Note | None
    has: Note
    has_value: Value


def _told(entry: _Entry) -> tuple[str, list[Note]]:
    """Return the notes on an entry that carry its value: both where it counts, else what fails."""
    values = [
        (entry.where, entry.where.value if entry.where else None),
        (entry.has, entry.has_value),
    ]
    return entry.place, [n for n, v in values if n is not None and v is entry.value]


_OPPOSITE = {Value.TRUE: Value.FALSE, Value.FALSE: Value.TRUE, Value.UNKNOWN: Value.UNKNOWN}


def _judged(parts: list[Note], form: Quantified) -> _Entry:
    where = parts[0] if form.where is not None else None
    has = parts[-1]
    value = _OPPOSITE[has.value] if form.how == "every" else has.value
    values = [value] if where is None else [where.value, value]
    if Value.FALSE in values:
        counted = Value.FALSE
    else:
        counted = Value.UNKNOWN if Value.UNKNOWN in values else Value.TRUE
    place = has.scope[form.variable]._place  # noqa: SLF001 - the record's own account of itself
    return _Entry(place, counted, parts, where, has, value)


def _by_entry(note: Note, form: Quantified) -> Iterator[list[Note]]:
    width = 1 if form.where is None else 2
    for start in range(0, len(note.parts), width):
        yield note.parts[start : start + width]


def reasons(trees: list[Decisive]) -> tuple[Reason, ...]:
    """Return the deciding clauses, the innermost that bear a label, each once."""
    found: dict[tuple[object, ...], Reason] = {}
    for tree in trees:
        for reason in _reasons(tree, None, "", exception=tree.exception):
            key = (reason.label, reason.entry, reason.truth, tuple(sorted(reason.facts)))
            found.setdefault(key, reason)
    return tuple(found.values())


def _reasons(
    tree: Decisive, above: tuple[Said, Value] | None, entry: str, *, exception: bool
) -> Iterator[Reason]:
    own = (tree.said, tree.note.value) if tree.said is not None else above
    inside = tree.entry or entry
    if any(_labelled(part) for part in tree.parts):
        bare = [p for p in tree.parts if not _labelled(p)]
        for part in tree.parts:
            if part not in bare:
                yield from _reasons(part, own, inside, exception=exception)
        rest = bare
    else:
        rest = [tree]
    if own is not None and rest:
        said, value = own
        gathered: dict[str, Plain] = {}
        places = {p.entry for p in rest[0].parts if p.entry} if rest == [tree] else set()
        for part in rest:
            gathered.update(facts(part))
        yield Reason(
            said.label,
            said.words,
            value,
            gathered,
            said.definition,
            inside or (places.pop() if len(places) == 1 else ""),
            said.reading,
            exception,
        )


def _labelled(tree: Decisive) -> bool:
    return tree.said is not None or any(_labelled(part) for part in tree.parts)


def facts(tree: Decisive) -> dict[str, Plain]:
    """Return the facts that the deciding part rests on, by the path they were read at."""
    scope, found = tree.note.scope, dict[str, Plain]()
    for path in paths_read(tree.note.form):
        if isinstance(tree.note.form, Quantified) and tree.parts:
            entries = look_up(scope, path)
            if tree.note.value is Value.TRUE or not isinstance(entries, Incomplete):
                continue
        found[read_at(scope, path)] = value_at(scope, path)
    for part in tree.parts:
        found.update(facts(part))
    return found


def paths_read(form: Form) -> tuple[Path, ...]:
    """Return the facts that a form itself reads, not its parts."""
    match form:
        case Compare(left, _, right):
            return (left, right) if isinstance(right, Path) else (left,)
        case Member(fact) | Includes(fact) | Known(fact):
            return (fact,)
        case Overlaps(left, right):
            return (left, right)
        case Quantified(over=over):
            return (over,)
        case Const() | All() | Any() | Not() | Reading():
            return ()
        case _:
            assert_never(form)


def unknowns(trees: list[Decisive]) -> tuple[Unknown, ...]:
    """Return the unknown facts that an undetermined outcome hangs on, each once."""
    found: dict[str, Unknown] = {}
    for tree in trees:
        for note, path in _reading(tree):
            for step in _period_ends(note, path):
                unknown = unknown_at(note.scope, step)
                if unknown is not None:
                    found.setdefault(unknown.home, unknown)
    return tuple(found.values())


def _reading(tree: Decisive) -> Iterator[tuple[Note, Path]]:
    if tree.note.value is Value.UNKNOWN:
        for path in paths_read(tree.note.form):
            yield tree.note, path
    for part in tree.parts:
        yield from _reading(part)


def _period_ends(note: Note, path: Path) -> tuple[Path, ...]:
    if not isinstance(note.form, Overlaps):
        return (path,)
    ends = ("from", "to")
    return tuple(Path(path.variable, path.record, (*path.fields, e), path.type) for e in ends)
