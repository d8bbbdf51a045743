"""Facts, as a reason names them, spelled in Python: where a fact was read, and its plain value.

Guarantee: the names and values of `found_at`, and of the facts of `own_paths` alone. In the source
stand names made here, fields (checked identifiers) and operators; constants go in by name. A line
in here spells; it decides neither what is told nor when (`telling_source`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from kprules.evaluation.facts import Plain, Unknown, found_at, listed, plain, unknown_at, words
from kprules.evaluation.frames import Frame
from kprules.evaluation.reasons import own_paths, paths_deciding
from kprules.evaluation.trace import VALUES, Value
from kprules.evaluation.walker import look_up
from kprules.formula.nodes import Form, Overlaps, Path
from kprules.records.settled import NO_RECORD, UNKNOWN_RECORD, Incomplete, Settled
from kprules.records.shape import ListOf, Nested, Reference, Scalar, SetOf, Vocabulary, slot

_INLINE = 2
"""How many fields a path has at most that is spelled where it is read."""


class Lines:
    """The lines so far, and the constants that they refer to."""

    def __init__(self) -> None:
        """Begin with nothing written."""
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {
            "U": UNKNOWN_RECORD,
            "N": NO_RECORD,
            "Incomplete": Incomplete,
            "listed": listed,
            "look_up": look_up,
            "words": words,
            "plain": plain,
            "found_at": found_at,
            "read": _read,
            "open_of": _open_of,
        }
        self._made = 0
        self._constant_names: dict[tuple[type, int | str], str] = {}

    def line(self, depth: int, text: str) -> None:
        """Write a line."""
        self.lines.append("    " * depth + text)

    def new(self, kind: str) -> str:
        """Return a name that nothing has."""
        self._made += 1
        return f"{kind}{self._made}"

    def constant(self, value: object) -> str:
        """Return the name of a constant: equal texts have one, and each other thing its own."""
        key = (type(value), value if isinstance(value, str) else id(value))
        name = self._constant_names.get(key)
        if name is None:
            self._constant_names[key] = name = f"c{len(self._constant_names)}"
            self.constants[name] = value  # kept alive, so the id stays its own
        return name


@dataclass(frozen=True, slots=True)
class Hand:
    """The record or an entry in scope: names of it and its place, and what its facts begin with."""

    record: str
    place: str
    begins: str


@dataclass(frozen=True, slots=True)
class At:
    """Where the writing stands: names of what is at hand there."""

    depth: int
    frame: Frame
    values: str
    hands: Mapping[str, Hand]
    """By variable."""
    entry: str
    """The place of the entry that is spoken of."""
    exception: bool = False
    facts: str = ""
    """The facts of the clause that is told of."""
    places: str = ""
    """The entries that they are of; empty where the clause speaks of no other entry."""
    told_of: tuple[tuple[str, str], ...] = ()
    """Variables whose entries have to be told of, each with what notes that one is."""

    def deeper(self) -> At:
        """Return the place one block further in."""
        return replace(self, depth=self.depth + 1)


class Facts:
    """Spells what forms rest on."""

    def __init__(self, lines: Lines, vocabulary: Vocabulary) -> None:
        """Spell the facts of a vocabulary's records."""
        self.lines = lines
        self.vocabulary = vocabulary

    def rested_on(self, form: Form, paths: tuple[Path, ...], value: int, at: At) -> None:
        """Write down the facts that a form itself rests on."""
        if isinstance(form, Overlaps) or not all(map(_is_inline, paths)):
            self._read(form, value, at)
            return
        held = {p: self._holder(p, at) for p in paths if len(p.fields) == _INLINE}
        if len(paths) == 1 or not held:
            for path in paths:
                self._fact(path, held.get(path, ""), at, there=False)
                self._noted(path, at)
            return
        # Beyond a reference that is none nothing compares, whatever is on the other side.
        inside = at.deeper()
        self.lines.line(at.depth, f"if {' or '.join(f'{h} is N' for h in held.values())}:")
        for path, holder in held.items():
            self.lines.line(inside.depth, f"if {holder} is N:")
            self._put(path, 1, '"none"', inside.deeper())
            self._noted(path, inside.deeper())
        self.lines.line(at.depth, "else:")
        for path in paths:
            self._fact(path, held.get(path, ""), inside, there=True)
            self._noted(path, inside)

    def unknown(self, form: Form, at: At) -> None:
        """Write down the unknown facts that a form hangs on, by where they live."""
        lines, of = self.lines, f"{self._scope(at)}, {self.lines.constant(self.vocabulary)}"
        lines.line(at.depth, f"open_of(unknown, {lines.constant(form)}, {of})")

    def entries(self, path: Path, at: At) -> str:
        """Return what spells the list that a path leads to: nothing, where no record has it."""
        holder = at.hands[path.variable].record
        if len(path.fields) > _INLINE:
            return f"look_up({self._scope(at)}, {self.lines.constant(path)})"
        *way, last = map(slot, path.fields)
        for name in way:
            holder = f"({holder}.{name} or U)"
        return f"{holder}.{last}"

    def named(self, path: Path, at: At, fields: int | None = None) -> str:
        """Return what spells the path as the case does."""
        names = repr(".".join(path.fields[:fields]))
        return f"{at.hands[path.variable].begins} + {names}"

    def _holder(self, path: Path, at: At) -> str:
        holder = self.lines.new("h")
        first = f"{at.hands[path.variable].record}.{slot(path.fields[0])}"
        self.lines.line(at.depth, f"{holder} = {first}")
        return holder

    def _fact(self, path: Path, holder: str, at: At, *, there: bool) -> None:
        """Write down a fact; `holder` is the name of the record that has it, if it is another.

        `there`: that one is known not to be none.
        """
        if not holder:
            of = at.hands[path.variable].record
            self._put(path, 1, _plainly(path, f"{of}.{slot(path.fields[0])}"), at)
            return
        inside = at.deeper()
        word = "if"
        if not there:
            self.lines.line(at.depth, f"if {holder} is N:")
            self._put(path, 1, '"none"', inside)
            word = "elif"
        self.lines.line(at.depth, f"{word} {holder} is U or {holder} is None:")
        is_reference = self._is_reference(path)
        if is_reference is None:
            found, value = self.lines.new("f"), self.lines.new("f")
            of = ", ".join(map(self.lines.constant, (path, self.vocabulary)))
            self.lines.line(inside.depth, f"{found}, {value} = found_at({self._scope(at)}, {of})")
            self.lines.line(inside.depth, f"{at.facts}[{found}] = {value}")
        else:
            self._put(path, 1 if is_reference else _INLINE, "None", inside)
        self.lines.line(at.depth, "else:")
        self._put(path, _INLINE, _plainly(path, f"{holder}.{slot(path.fields[1])}"), inside)

    def _put(self, path: Path, fields: int, value: str, at: At) -> None:
        self.lines.line(at.depth, f"{at.facts}[{self.named(path, at, fields)}] = {value}")

    def _noted(self, path: Path, at: At) -> None:
        """Note of which entry a fact was read."""
        if at.places:
            self.lines.line(at.depth, f"{at.places}[{at.entry}] = None")
        for variable, told in at.told_of:
            if path.variable == variable:
                self.lines.line(at.depth, f"{told} = True")
            elif path.variable:  # of an entry in it, or of the same one by another name
                begins, place = at.hands[path.variable].begins, at.hands[variable].place
                inside = f'{begins}.startswith(({place} + ".", {place} + "["))'
                self.lines.line(at.depth, f"{told} = {told} or {inside}")

    def _read(self, form: Form, value: int, at: At) -> None:
        """Write down facts that are looked up as notes look them up."""
        constants = map(self.lines.constant, (form, VALUES[value], self.vocabulary))
        names = self.lines.new("f")
        of = ", ".join([at.facts, self._scope(at), *constants])
        self.lines.line(at.depth, f"{names} = read({of})")
        if at.places:
            self.lines.line(at.depth, f"if {names}: {at.places}[{at.entry}] = None")
        for variable, told in at.told_of:
            place = at.hands[variable].place
            prefixes = f'({place} + ".", {place} + "[")'
            inside = f"any([name.startswith({prefixes}) for name in {names}])"
            self.lines.line(at.depth, f"{told} = {told} or {inside}")

    def _scope(self, at: At) -> str:
        hands = [f"{variable!r}: {hand.record}" for variable, hand in at.hands.items()]
        return "{" + ", ".join(hands) + "}"

    def _is_reference(self, path: Path) -> bool | None:
        """Return whether the first field of a path is a reference; None where records tell."""
        shape = self.vocabulary.records.get(path.record)
        if shape is None:
            return None
        field = shape.fields.get(path.fields[0])
        return field is not None and isinstance(field.type, Reference)


def _is_inline(path: Path) -> bool:
    return len(path.fields) <= _INLINE and not isinstance(path.type, Nested)


def _plainly(path: Path, value: str) -> str:
    """Return what spells the plain value of what a path leads to."""
    match path.type:
        case Scalar("bool" | "enum" | "text" | "number"):
            return value
        case SetOf(Scalar("enum" | "text")):
            return f"words({value})"
        case ListOf():
            return f"listed({value})"
        case _:
            return f"plain({value})"


def _read(
    facts: dict[str, Plain],
    scope: Mapping[str, Settled],
    form: Form,
    value: Any,
    vocabulary: Vocabulary,
) -> list[str]:
    """Write down the facts that a form rests on, and return their names."""
    found = dict([found_at(scope, p, vocabulary) for p in own_paths(form, scope, value)])
    facts.update(found)
    return [*found]


def _open_of(
    unknown: dict[str, Unknown],
    form: Form,
    scope: Mapping[str, Settled],
    vocabulary: Vocabulary,
) -> None:
    """Write down the unknown facts that an unknown form hangs on."""
    for path in paths_deciding(form, scope, Value.UNKNOWN):
        found = unknown_at(scope, path, vocabulary)
        if found is not None:
            unknown.setdefault(found.home, found)
