"""What forms mean, on any engine.

Guarantee: `denote` is the only function that gives a form its meaning, and it does so with and, or
and not over two booleans (`kprules.logic`). An engine supplies those and the six questions below,
never meets an unknown and never decides what unknown means. A line in here touches no record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal, Protocol, Self, TypeVar, assert_never

from kprules.formula.nodes import (
    NONE,
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
from kprules.logic import (
    Booleans,
    Truth,
    conjunction,
    constant,
    disjunction,
    given,
    negation,
)
from kprules.records.shape import DATE, Scalar

B = TypeVar("B")
Edge = Literal["exact", "earliest", "latest"]
"""Which day of a date that stops at the month or year; `exact` for what is not a date."""


_LATE: tuple[Edge, Edge] = ("latest", "earliest")
_EARLY: tuple[Edge, Edge] = ("earliest", "latest")


class Engine(Booleans[B], Protocol[B]):
    """Something that can look at facts. What it answers where a fact is unknown does not matter."""

    def known(self, path: Path, /) -> B:
        """Return whether a fact is recorded; what lies beyond a reference that is none is."""
        ...

    def complete(self, path: Path, /) -> B:
        """Return whether a list or set is known and has no entry that may be missing."""
        ...

    def compare(
        self, left: Path, op: Op, right: Path | Value | NoneThere, edges: tuple[Edge, Edge], /
    ) -> B:
        """Return whether a known fact compares so; false beyond a reference that is none."""
        ...

    def member(self, path: Path, values: frozenset[Value | NoneThere], /) -> B:
        """Return whether a known fact is one of the values; false beyond a none reference."""
        ...

    def includes(self, path: Path, how: Literal["any", "all"], values: frozenset[Value], /) -> B:
        """Return whether any, or all, of one or more values are listed; not in an unknown set."""
        ...

    def count(self, least: int, form: Quantified, body: Callable[[Self], Truth[B]], /) -> Truth[B]:
        """Return, plane by plane, whether at least so many recorded entries are so."""
        ...

    def share(
        self, share: Share, form: Quantified, body: Callable[[Self], tuple[Truth[B], Truth[B]]], /
    ) -> Truth[B]:
        """Return, plane by plane, whether entries for are that share of those for and against.

        No entry at all is no share.
        """
        ...


Inner = Callable[[Form, Engine[B]], Truth[B]]


def denote(form: Form, on: Engine[B], inner: Inner[B] | None = None) -> Truth[B]:
    """Give a form its meaning on an engine. The only function that does.

    Parts get theirs through `inner`, for an evaluation that keeps notes; else through `denote`.
    """
    of = inner or denote
    match form:
        case Const(value):
            return constant(on, value)
        case Compare(left, op, right):
            return _compared(on, left, op, right)
        case Member(fact, values):
            return _member(on, fact, values)
        case Includes(fact, how, values):
            if not values:
                return constant(on, how == "all")
            listed = on.includes(fact, how, values)
            return Truth(listed, on.either([listed, on.negate(on.complete(fact))]))
        case Overlaps():
            return conjunction(on, [in_time(on, a, z) for a, z in periods_meet(form)])
        case Known(fact):
            known = on.known(fact)
            return Truth(known, known)
        case All(parts):
            return conjunction(on, [of(part, on) for part in parts])
        case Any(parts):
            return disjunction(on, [of(part, on) for part in parts])
        case Not(part):
            return negation(on, of(part, on))
        case Quantified():
            return _quantified(on, form, of)
        case Reading(label):
            raise AssertionError(f"reading {label} was not chosen")  # choose() comes before
        case _:
            assert_never(form)


def _compared(on: Engine[B], left: Path, op: Op, right: Path | Value | NoneThere) -> Truth[B]:
    """Known and so, and not so beyond a reference that is none, whatever is on the other side."""
    if not isinstance(right, Path):
        return given(on, on.known(left), _so(on, left, op, right))
    both = on.both([on.known(left), on.known(right)])
    truth = given(on, both, _so(on, left, op, right))
    gone = [_is_none(on, reference) for reference in (*left.nones, *right.nones)]
    if not gone:
        return truth
    return Truth(truth.certain, on.both([truth.possible, on.negate(on.either(gone))]))


def _is_none(on: Engine[B], reference: Path) -> B:
    none = on.compare(reference, "is", NONE, ("exact", "exact"))
    return on.both([on.known(reference), none])


def _so(on: Engine[B], left: Path, op: Op, right: Path | Value | NoneThere) -> Truth[B]:
    """Return how known facts compare; of a date that stops short, whether every day of it does."""
    if not (isinstance(left.type, Scalar) and left.type.kind == "date"):
        so = on.compare(left, op, right, ("exact", "exact"))
        return Truth(so, so)
    if op == "is":
        ends = [_ordered(on, left, "<=", right), _ordered(on, left, ">=", right)]
        return conjunction(on, ends)
    return _ordered(on, left, op, right)


def _ordered(
    on: Engine[B],
    left: Path,
    op: Literal["<", "<=", ">", ">="],
    right: Path | Value | NoneThere,
) -> Truth[B]:
    """Certain where the day least in favour is so, possible where the day most in favour is."""
    late, early = on.compare(left, op, right, _LATE), on.compare(left, op, right, _EARLY)
    return Truth(late, early) if op in {"<", "<="} else Truth(early, late)


def _member(on: Engine[B], fact: Path, values: frozenset[Value | NoneThere]) -> Truth[B]:
    if not values:
        return constant(on, False)
    if fact.type == DATE:
        return disjunction(on, [_compared(on, fact, "is", v) for v in sorted(values, key=str)])
    so = on.member(fact, values)
    return given(on, on.known(fact), Truth(so, so))


def periods_meet(form: Overlaps) -> tuple[tuple[Path, Path], tuple[Path, Path]]:
    """Return the ends to compare: each period has begun when the other is over, or before."""

    def end(path: Path, name: str) -> Path:
        return replace(path, fields=(*path.fields, name), type=DATE)

    return (
        (end(form.left, "from"), end(form.right, "to")),
        (end(form.right, "from"), end(form.left, "to")),
    )


def in_time(on: Engine[B], begins: Path, ends: Path) -> Truth[B]:
    """Return whether one period begins before another is over.

    A period does not end before it begins. So where its beginning is unknown it had begun by the
    day on which it ended, and where the other's end is unknown that went on to its beginning.
    """
    over = replace(begins, fields=(*begins.fields[:-1], "to"))
    begun = replace(ends, fields=(*ends.fields[:-1], "from"))
    truth = _compared(on, begins, "<=", ends)
    open_begin, open_end = on.negate(on.known(begins)), on.negate(on.known(ends))
    bounded = [
        on.both([open_end, _compared(on, begins, "<=", begun).certain]),
        on.both([open_begin, _compared(on, over, "<=", ends).certain]),
        on.both([open_begin, open_end, _compared(on, over, "<=", begun).certain]),
    ]
    return Truth(on.either([truth.certain, *bounded]), truth.possible)


def _quantified(on: Engine[B], form: Quantified, of: Inner[B]) -> Truth[B]:
    def chosen(entry: Engine[B]) -> list[Truth[B]]:
        return [] if form.where is None else [of(form.where, entry)]

    def hit(entry: Engine[B]) -> Truth[B]:
        return conjunction(entry, [*chosen(entry), of(form.has, entry)])

    def miss(entry: Engine[B]) -> Truth[B]:
        return conjunction(entry, [*chosen(entry), negation(entry, of(form.has, entry))])

    def both(entry: Engine[B]) -> tuple[Truth[B], Truth[B]]:
        where = chosen(entry)
        has = of(form.has, entry)
        hits = conjunction(entry, [*where, has])
        misses = conjunction(entry, [*where, negation(entry, has)])
        # What surely counts for is set against all that may count against, and the other way round.
        return hits, Truth(certain=misses.possible, possible=misses.certain)

    match form.how:
        case "some":
            return _at_least(on, 1, form, hit)
        case "every":
            return negation(on, _at_least(on, 1, form, miss))
        case "no":
            return negation(on, _at_least(on, 1, form, hit))
        case AtLeast(least):
            return _at_least(on, least, form, hit)
        case Share() as share:
            shared = on.share(share, form, both)
            complete = on.complete(form.over)
            return Truth(
                certain=on.both([shared.certain, complete]),
                possible=on.either([shared.possible, on.negate(complete)]),
            )
        case _:
            assert_never(form.how)


def _at_least(
    on: Engine[B], least: int, form: Quantified, body: Callable[[Engine[B]], Truth[B]]
) -> Truth[B]:
    """Certain where enough recorded entries are; possible too where entries may be missing."""
    counted = on.count(least, form, body)
    return Truth(counted.certain, on.either([counted.possible, on.negate(on.complete(form.over))]))
