"""What the text alone shows: forms that no case can make true, or false; vacuous exceptions.

Guarantee: what is found is so under every case (a doubt is no finding), and a literal `true` or
`false` is meant and never a finding. A line in here touches nodes; it looks at no case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, assert_never

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
    NoneThere,
    Not,
    Op,
    Overlaps,
    Path,
    Quantified,
    Reading,
    Share,
    Value,
)
from kprules.records.shape import Scalar

Verdict = Literal["always", "never"]
Absent = Callable[[Path], bool]
"""Whether a path may lead through a reference that is none, where every comparison is false."""
_OPPOSITE: dict[Op, Op] = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


# --- one comparison -------------------------------------------------------------------------------


def leaf_verdict(form: Form, may_be_absent: Absent) -> Verdict | None:
    """Say whether a comparison holds, or fails, whatever its fact is."""
    match form:
        case Compare(left, op, Path() as right):
            if left != right:
                return None
            if op in {"<", ">"}:
                return "never"
            return None if may_be_absent(left) else "always"
        case Compare(left):
            return _by_values(form, may_be_absent) if _bounded(left) else None
        case Member(fact, values):
            if not values:
                return "never"
            domain = _domain(fact)
            covers = domain is not None and values >= domain
            return _by_values(form, may_be_absent) if covers or _bounded(fact) else None
        case Includes(_, how, values):
            return None if values else "always" if how == "all" else "never"
        case Quantified(how=Share(part, whole, strictly=True)):
            return "never" if part == whole else None
        case _:
            return None


def _bounded(path: Path) -> bool:
    """Return whether a number has values that it never takes."""
    type_ = path.type
    return (
        isinstance(type_, Scalar)
        and type_.kind == "number"
        and (type_.whole or type_.least is not None or type_.most is not None)
    )


def _by_values(form: Form, may_be_absent: Absent) -> Verdict | None:
    if clash([form], may_be_absent):
        return "never"
    return "always" if clash([Not(form)], may_be_absent) else None


# --- several together -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clash:
    """Parts that cannot hold together: the one that is too much, and one that it meets."""

    late: Form
    early: Form | None


@dataclass(slots=True)
class _Room:
    """What the parts so far leave a fact to be."""

    left: Path
    allowed: frozenset[Value | NoneThere] | None
    excluded: set[Value | NoneThere] = field(default_factory=set)
    low: tuple[Value, bool] | None = None
    """The least, and whether it is itself left out."""
    high: tuple[Value, bool] | None = None
    there: bool = False
    """Whether a part fails beyond a reference that is none."""
    asked: bool = False
    """Whether a part is unknown where the fact is."""
    unknown: bool = False

    def empty(self, may_be_absent: Absent) -> bool:
        """Return whether nothing is left."""
        if self.unknown and self.asked:
            return True
        if not self.there and may_be_absent(self.left):
            return False
        if self.allowed is not None:
            return not any(self._within(v) for v in self.allowed if v not in self.excluded)
        if self.low is None or self.high is None:
            return False
        (low, above), (high, below) = self.low, self.high
        if _less(high, low):
            return True
        return low == high and (above or below or low in self.excluded)

    def _within(self, value: Value | NoneThere) -> bool:
        if self.low is not None and not isinstance(value, NoneThere | bool | str):
            least, above = self.low
            if _less(value, least) or (above and value == least):
                return False
        if self.high is not None and not isinstance(value, NoneThere | bool | str):
            most, below = self.high
            if _less(most, value) or (below and value == most):
                return False
        return True


def clash(parts: Sequence[Form], may_be_absent: Absent) -> Clash | None:
    """Return why the parts cannot all hold, as far as their text shows; None where they may."""
    atoms = [atom for part in parts for atom in _conjuncts(part)]
    return _opposed(atoms) or _crowded(atoms, may_be_absent)


def tautology(parts: Sequence[Form], may_be_absent: Absent) -> Clash | None:
    """Return why the parts cannot all fail."""
    found = clash([_negated(part) for part in parts], may_be_absent)
    if found is None:
        return None
    return Clash(_negated(found.late), None if found.early is None else _negated(found.early))


def _conjuncts(form: Form) -> Iterator[Form]:
    """Yield what must hold for the form to hold."""
    match form:
        case All(parts):
            for part in parts:
                yield from _conjuncts(part)
        case Not(Any(parts)):
            for part in parts:
                yield from _conjuncts(_negated(part))
        case Not(Not(part)):
            yield from _conjuncts(part)
        case _:
            yield form


def _negated(form: Form) -> Form:
    """Return what must hold for the form to fail, at the place of the form."""
    if not isinstance(form, Not):
        return Not(form, span=form.span)
    return form.part if form.span is None else replace(form.part, span=form.span)


def _opposed(atoms: Sequence[Form]) -> Clash | None:
    """Find a form and its negation."""
    denied: list[tuple[Form, Form]] = [(atom.part, atom) for atom in atoms if isinstance(atom, Not)]
    denied += [
        (replace(atom, how="some"), atom)
        for atom in atoms
        if isinstance(atom, Quantified) and atom.how == "no"
    ]
    if not denied:
        return None
    place = {atom: at for at, atom in reversed(list(enumerate(atoms)))}
    for part, denial in denied:
        if part in place:
            at, there = place[part], place[denial]
            early, late = sorted((at, there))
            return Clash(atoms[late], atoms[early])
    return None


def _crowded(atoms: Sequence[Form], may_be_absent: Absent) -> Clash | None:
    """Find comparisons of one fact that leave it nothing to be."""
    of: dict[Path, list[Form]] = {}
    for atom in atoms:
        match _fact_of(atom):
            case Compare(left, _, right) if not isinstance(right, Path):
                of.setdefault(left, []).append(atom)
            case Member(values=values) | Includes(values=values) if not values:
                continue  # true or false whatever the fact is, known or not
            case Member(fact) | Known(fact) | Includes(fact, _, _):
                of.setdefault(fact, []).append(atom)
            case _:
                continue
    for path, said in of.items():
        if len(said) > 1 or len(atoms) == 1:
            found = _squeezed(path, said, may_be_absent)
            if found is not None:
                return found
    return None


def _squeezed(path: Path, said: Iterable[Form], may_be_absent: Absent) -> Clash | None:
    room = _Room(path, _domain(path))
    if isinstance(path.type, Scalar):
        room.low = None if path.type.least is None else (path.type.least, False)
        room.high = None if path.type.most is None else (path.type.most, False)
    first: Form | None = None
    for atom in said:
        _add(room, atom)
        if room.empty(may_be_absent):
            return Clash(atom, first)
        first = first or atom
    return None


def _add(room: _Room, atom: Form) -> None:
    """Take from a fact's room what a part rules out."""
    room.asked = room.asked or not isinstance(_fact_of(atom), Known)
    match atom:
        case Not(Known()):
            room.unknown = True
        case Includes():
            room.there = True
        case Compare(_, "is", right) if not isinstance(right, Path):
            _keep(room, frozenset({right}))
        case Member(_, values):
            _keep(room, values)
        case Compare(_, op, right) if not isinstance(right, Path | NoneThere):
            room.there = True
            _bound(room, op, right)
        case Not(Compare(_, "is", right)) if not isinstance(right, Path):
            room.excluded.add(right)
        case Not(Member(_, values)):
            room.excluded.update(values)
        case Not(Compare(_, op, right)) if not isinstance(right, Path | NoneThere):
            _bound(room, _OPPOSITE[op], right)
        case _:
            return


def _fact_of(atom: Form) -> Form:
    return atom.part if isinstance(atom, Not) else atom


def _keep(room: _Room, values: frozenset[Value | NoneThere]) -> None:
    room.there = True
    if isinstance(room.left.type, Scalar) and room.left.type.whole:
        values = frozenset(v for v in values if not isinstance(v, Decimal))
    room.allowed = values if room.allowed is None else room.allowed & values


def _bound(room: _Room, op: Op, right: Value) -> None:
    strict = op in {"<", ">"}
    if op in {">", ">="}:
        if room.low is None or _less(room.low[0], right) or (strict and room.low[0] == right):
            room.low = (right, strict)
    elif room.high is None or _less(right, room.high[0]) or (strict and room.high[0] == right):
        room.high = (right, strict)


def _domain(path: Path) -> frozenset[Value | NoneThere] | None:
    """Return all that a fact can be, where that is a list."""
    match path.type:
        case Scalar("bool"):
            return frozenset({True, False})
        case Scalar("enum", values=values):
            return frozenset(values)
        case _:
            return None


def _less(one: Value, other: Value) -> bool:
    match one, other:
        case (date(), date()) | (int() | Decimal(), int() | Decimal()):
            return one < other  # type: ignore[operator]  # both dates, or both numbers
        case _:
            return False


# --- quantifiers ----------------------------------------------------------------------------------


def quantified_verdict(form: Quantified, may_be_absent: Absent) -> tuple[Verdict, Clash] | None:
    """Say whether what is asked of the entries contradicts which entries are asked."""
    if form.where is None:
        return None
    match form.how:
        case "some" | AtLeast() | Share():
            found = clash([form.where, form.has], may_be_absent)
            return None if found is None else ("never", found)
        case "no":
            found = clash([form.where, form.has], may_be_absent)
            return None if found is None else ("always", found)
        case "every":
            found = clash([form.where, _negated(form.has)], may_be_absent)
            if found is None:
                return None
            return "always", found
        case _:
            assert_never(form.how)


# --- exceptions -----------------------------------------------------------------------------------


def vacuous(form: Form) -> Quantified | None:
    """Return the quantifier through which an empty list alone makes a form true, if one does."""
    quantifiers: list[Quantified] = []
    if not _when_empty(form, quantifiers) or _when_empty(form, None):
        return None
    return quantifiers[0]


def _when_empty(form: Form, met: list[Quantified] | None) -> bool | None:
    """Return the truth of a form where every list is empty and nothing else is known.

    Without a place for the quantifiers met, where no list is known either.
    """
    match form:
        case Const(value):
            return value
        case Compare() | Member() | Includes() | Overlaps() | Known():
            return None
        case Quantified(how=how):
            if met is None:
                return None
            met.append(form)
            return how in {"every", "no"}
        case All(parts):
            truths = [_when_empty(part, met) for part in parts]
            return False if False in truths else None if None in truths else True
        case Any(parts):
            truths = [_when_empty(part, met) for part in parts]
            return True if True in truths else None if None in truths else False
        case Not(part):
            truth = _when_empty(part, met)
            return None if truth is None else not truth
        case Reading(options=options):
            truths = [_when_empty(option, met) for _, option in options]
            return truths[0] if len(set(truths)) == 1 else None
        case _:
            assert_never(form)
