"""Which clauses and facts decide an outcome, read off the notes.

Guarantee: every reason is a clause that decides, with the facts that decide it; every unknown is a
fact that the outcome still hangs on. Follows the notes only where they carry the value above them:
of an *any* that holds its first part, of an *all* that fails each part that does. A line in here
touches notes; it evaluates nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never, cast

from kprules.evaluation.facts import Plain, Unknown, found_at, read_at, unknown_at
from kprules.evaluation.trace import Note, Outcome, Trace, Value, value_of
from kprules.evaluation.walker import Walker, look_up
from kprules.formula.definition import NOTHING
from kprules.formula.meaning import in_time, periods_meet
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
from kprules.records.settled import ABSENT, Incomplete, Settled
from kprules.records.shape import Vocabulary


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


class _Blank:
    """A reason as it is being made: what is frozen takes thrice the time to be filled in."""

    __slots__ = Reason.__slots__

    def __init__(
        self,
        label: str,
        words: str | None,
        truth: Value,
        facts: Mapping[str, Plain],
        definition: str,
        entry: str,
        reading: str | None,
        exception: bool,
    ) -> None:
        self.label = label
        self.words = words
        self.truth = truth
        self.facts = facts
        self.definition = definition
        self.entry = entry
        self.reading = reading
        self.exception = exception


def made(
    label: str,
    words: str | None,
    truth: Value,
    facts: Mapping[str, Plain],
    definition: str,
    entry: str,
    reading: str | None,
    exception: bool,
) -> Reason:
    """Return a reason, soon."""
    blank = _Blank(label, words, truth, facts, definition, entry, reading, exception)
    blank.__class__ = Reason  # type: ignore[assignment] # it has the same slots
    return cast("Reason", blank)


@dataclass(slots=True)
class Decisive:
    """The part of the notes that decides: a tree of clauses down to facts."""

    note: Note
    said: Said | None
    parts: list[Decisive] = field(default_factory=list)
    entry: str = ""
    exception: bool = False


def decisive(trace: Trace, *, every: bool = False) -> list[Decisive]:
    """Return the deciding parts of captures and of the exceptions.

    Of the entries of a list, as many as suffice; with `every` all that weigh the same way.
    """
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
    follower = _Follower(every)
    found = [follower.follow(note) for note in wanted]
    for note in excepted:
        tree = follower.follow(note)
        tree.exception = True
        found.append(tree)
    return found


@dataclass(slots=True)
class _Follower:
    """Follows the notes that decide; one that several entries share is followed once."""

    every: bool
    known: dict[tuple[int, str], Decisive] = field(default_factory=dict)

    def follow(self, note: Note, entry: str = "") -> Decisive:
        """Return what decides of a note."""
        key = id(note), entry
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self._tree(note, entry)
        return found

    def _tree(self, note: Note, entry: str) -> Decisive:
        tree = Decisive(note, note.form.said, entry=entry)
        match note.form:
            case Compare() | Member() | Includes():
                pass  # the most of them
            case All() | Any():
                tree.parts = list(map(self.follow, _carrying(note)))
            case Not():
                tree.parts = list(map(self.follow, note.parts))
            case Quantified() as form:
                for where, entry_notes in _entries(note, form, every=self.every):
                    tree.parts += [self.follow(part, where) for part in entry_notes]
            case Const() | Overlaps() | Known() | Reading():
                pass
            case _:
                assert_never(note.form)
        return tree


def _carrying(note: Note) -> list[Note]:
    """Return the parts that give an *all* or *any* its value."""
    value = note.value
    same = [part for part in note.parts if part.value is value]
    first_is_enough = value is Value.TRUE and isinstance(note.form, Any)
    return same[:1] if first_is_enough else same


def _entries(note: Note, form: Quantified, *, every: bool) -> Iterator[tuple[str, list[Note]]]:
    """Yield the deciding entries, each with the notes on it that decide."""
    judged = [_judged(parts, form) for parts in _by_entry(note, form)]
    match form.how:
        case "some" | AtLeast():
            enough = form.how.least if isinstance(form.how, AtLeast) else 1
            if note.value is Value.TRUE:
                yield from [_told(e) for e in judged if e.value is Value.TRUE][
                    : None if every else enough
                ]
            else:
                yield from (_told(e) for e in judged if e.value is note.value)
        case "every" | "no":
            if note.value is Value.FALSE:
                yield from [_told(e) for e in judged if e.value is Value.TRUE][
                    : None if every else 1
                ]
            else:
                wanted = Value.FALSE if note.value is Value.TRUE else Value.UNKNOWN
                yield from (_told(e) for e in judged if e.value is wanted)
        case Share():
            for entry in judged:
                notes = _told_of_share(entry, note.value)
                if notes:
                    yield entry.place, notes
        case _:
            assert_never(form.how)


@dataclass(slots=True)
class _Entry:
    """An entry as its quantifier counted it: TRUE where it counts."""

    place: str
    value: Value
    where: Note | None
    has: Note
    has_value: Value
    """What `has` comes to, turned round for `every`, which counts the entries that fail."""


def _told(entry: _Entry) -> tuple[str, list[Note]]:
    """Return the notes on an entry that carry its value: both where it counts, else what fails."""
    values = [
        (entry.where, entry.where.value if entry.where else None),
        (entry.has, entry.has_value),
    ]
    return entry.place, [n for n, v in values if n is not None and v is entry.value]


def _told_of_share(entry: _Entry, share: Value) -> list[Note]:
    """Return the notes that place an entry: for, against, or out of the count.

    A share that is reached rests on the entries that are surely for, and on those that are surely
    not against; one that is missed the other way round. An open one hangs on what is unknown of
    the entries that are not surely out of the count.
    """
    where, has = entry.where, entry.has
    if where is not None and where.value is Value.FALSE:
        return [] if share is Value.UNKNOWN else [where]
    if share is Value.UNKNOWN:
        return [n for n in (where, has) if n is not None and n.value is Value.UNKNOWN]
    if has.value is not share:
        return []
    return [n for n in (where, has) if n is not None and n.value is not Value.UNKNOWN]


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
    return _Entry(place, counted, where, has, value)


def _by_entry(note: Note, form: Quantified) -> Iterator[list[Note]]:
    width = 1 if form.where is None else 2
    for start in range(0, len(note.parts), width):
        yield note.parts[start : start + width]


def reasons(trees: list[Decisive], vocabulary: Vocabulary = NOTHING) -> tuple[Reason, ...]:
    """Return the deciding clauses, each with the facts of its own, each once.

    Their facts alone give the outcome again, once it is decided.
    """
    found: list[Reason] = []
    own: dict[int, dict[str, Plain]] = {}
    for tree in trees:
        teller = _Teller(vocabulary, tree.exception, found, own, set())
        teller.reasons(tree, TOP[tree.exception], tree.note.value, "")
    return once(found)


def once(found: list[Reason]) -> tuple[Reason, ...]:
    """Return each of some reasons once."""
    if len(found) == 1:
        return (found[0],)
    distinct: dict[tuple[object, ...], Reason] = {}
    for reason in found:
        key = (reason.label, reason.entry, reason.truth, tuple(sorted(reason.facts)))
        distinct.setdefault(key, reason)
    return tuple(distinct.values())


_GROUPS = (All, Any, Not)
TOP = {False: Said("captures"), True: Said("except when")}
"""What the top of a tree is called, by whether it is an exception."""


@dataclass(slots=True)
class _Teller:
    """Reads reasons off one tree."""

    vocabulary: Vocabulary
    exception: bool
    told: list[Reason]
    own: dict[int, dict[str, Plain]]
    """The facts of the trees that were asked for theirs, by identity."""
    seen: set[tuple[int, str]]
    """The clauses that were told, by their trees and the entries that they stand in."""

    def reasons(self, tree: Decisive, said: Said, value: Value, entry: str) -> None:
        """Tell the reason of the clause that a tree is of, then those of the clauses in it."""
        if tree.said is not None:
            said, value = tree.said, tree.note.value
        gathered: dict[str, Plain] = {}
        places: dict[str, None] = {}
        inner: list[tuple[Decisive, str]] = []
        self._gather(tree, gathered, places, inner, entry, set())
        if gathered or not inner:
            place = next(iter(places)) if len(places) == 1 else entry
            self.told.append(
                Reason(
                    said.label,
                    said.words,
                    value,
                    gathered,
                    said.definition,
                    place,
                    said.reading,
                    self.exception,
                )
            )
        for part, inside in inner:
            if (id(part), inside) not in self.seen:
                self.seen.add((id(part), inside))
                self.reasons(part, said, value, inside)

    def _gather(
        self,
        tree: Decisive,
        gathered: dict[str, Plain],
        places: dict[str, None],
        inner: list[tuple[Decisive, str]],
        entry: str,
        seen: set[tuple[int, str]],
    ) -> None:
        """Gather the facts down to the next clauses, and those, with the entry they stand in."""
        if (id(tree), entry) in seen:
            return
        seen.add((id(tree), entry))
        own = self._own_facts(tree)
        if own:
            gathered.update(own)
            places[entry] = None
        for part in tree.parts:
            inside = part.entry or entry
            if part.said is not None:
                inner.append((part, inside))
            else:
                self._gather(part, gathered, places, inner, inside, seen)

    def _own_facts(self, tree: Decisive) -> dict[str, Plain]:
        """Return the facts that a form itself rests on, by the path they were read at."""
        # Each list above asks for them, to see whether its entries are told of.
        found = self.own.get(id(tree))
        if found is None:
            found = self.own[id(tree)] = self._looked_up(tree)
        return found

    def _looked_up(self, tree: Decisive) -> dict[str, Plain]:
        form, scope = tree.note.form, tree.note.scope
        if isinstance(form, _GROUPS):
            return {}
        if isinstance(form, Quantified):
            if not self._rests_on_list(tree, form):
                return {}
        elif isinstance(form, Member | Includes) and not form.values:
            return {}  # none is one of no values, whatever the fact is
        paths = own_paths(form, scope, tree.note.value)
        return dict([found_at(scope, path, self.vocabulary) for path in paths])

    def _rests_on_list(self, tree: Decisive, form: Quantified) -> bool:
        """Return whether it matters which entries the list has, beyond those that are told.

        It does where the list had to be complete, where it is not, where an entry of which nothing
        is told has to be there, and where entries are named after another place, for the list was
        reached through a reference.
        """
        entries = look_up(tree.note.scope, form.over)
        if tree.note.value is Value.UNKNOWN:
            return entries is None or isinstance(entries, Incomplete)
        by_witness = Value.FALSE if form.how in {"every", "no"} else Value.TRUE
        if isinstance(form.how, Share) or tree.note.value is not by_witness:
            return True
        name = read_at(tree.note.scope, form.over)
        return any(
            not part.entry.startswith((f"{name}.", f"{name}[")) for part in tree.parts
        ) or not {part.entry for part in tree.parts}.issubset(
            part.entry for part in tree.parts if self._tells_of(part, part.entry)
        )

    def _tells_of(self, tree: Decisive, place: str) -> bool:
        """Return whether some fact of a tree is one of an entry."""
        return any(
            path.startswith((f"{place}.", f"{place}["))
            for part in all_of([tree])
            for path in self._own_facts(part)
        )


def all_of(trees: Iterable[Decisive]) -> Iterator[Decisive]:
    """Yield trees and all their parts, each once."""
    seen: set[int] = set()
    waiting = [*reversed([*trees])]
    while waiting:
        tree = waiting.pop()
        if id(tree) not in seen:
            seen.add(id(tree))
            yield tree
            waiting += reversed(tree.parts)


def own_paths(form: Form, scope: Mapping[str, Settled], value: Value) -> tuple[Path, ...]:
    """Return the facts on which it rests that a form came to a value.

    Beyond a reference that is none nothing compares, whatever is on the other side.
    """
    paths = paths_deciding(form, scope, value)
    return tuple(p for p in paths if look_up(scope, p) is ABSENT) or paths


def paths_deciding(form: Form, scope: Mapping[str, Settled], value: Value) -> tuple[Path, ...]:
    """Return what decides a form: of periods that do not surely overlap the ends that part them."""
    if not isinstance(form, Overlaps) or value is Value.TRUE:
        return paths_read(form)
    on = Walker(scope)
    return tuple(
        end
        for begins, ends in periods_meet(form)
        if value_of(in_time(on, begins, ends)) is value
        for end in (begins, ends)
    )


def paths_read(form: Form) -> tuple[Path, ...]:
    """Return the facts that a form itself reads, not its parts."""
    match form:
        case Member(fact) | Includes(fact) | Known(fact):
            return (fact,)
        case Compare(left, _, right):
            return (left, right) if isinstance(right, Path) else (left,)
        case All() | Any() | Not() | Const() | Reading():
            return ()
        case Overlaps(left, right):
            return (left, right)
        case Quantified(over=over):
            return (over,)
        case _:
            assert_never(form)


def unknowns(trees: list[Decisive], vocabulary: Vocabulary = NOTHING) -> tuple[Unknown, ...]:
    """Return the unknown facts that an undetermined outcome hangs on, each once."""
    found: dict[str, Unknown] = {}
    for part in all_of(trees):
        note = part.note
        if note.value is Value.UNKNOWN:
            for path in paths_deciding(note.form, note.scope, note.value):
                unknown = unknown_at(note.scope, path, vocabulary)
                if unknown is not None:
                    found.setdefault(unknown.home, unknown)
    return tuple(found.values())
