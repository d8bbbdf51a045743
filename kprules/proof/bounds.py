"""How many entries of each list suffice, so that what holds of records so small holds of all.

Guarantee: inside the fragment, if any record at all is what a question asks for, then one with no
more entries than `Bounds.entries` says is. A line in here counts quantifiers; it solves nothing.

The argument. Bring what is asked (A captured, B not captured, …) into negation normal form, in
both planes of truth at once, for *certain* and *possible* take the same connectives. Then a list is
asked either that some entries exist (`some` and `at least n` where they stand positive; `every` and
`no` where they stand negative) or that all entries, or all choices of n of them, are so. Take a
record that is what is asked. For every existential form that is true on a choice of the entries in
scope that it mentions, keep so many entries that make it true; keep what kept entries refer to,
where it is followed; drop all others, and leave every other fact, and whether a list may have more,
as it is. The universal forms hold still, for they speak of fewer entries, and so do the existential
ones, for what they were promised was kept: this is the preservation of universal sentences in
substructures, after Skolem functions are named (the class of Bernays and Schönfinkel, sorted by
list). So it is enough to count the values that those functions take. A function for entries of a
list depends on the entries of the lists that are quantified over around it *and that its form
mentions*; as long as no list depends so on itself, by way of others or of references, the count is
finite:

    entries(list) = sum over its existential forms of n times the product, over the entries around
    that it mentions, of how many of those there may be

with the greatest instead of the sum over an *or* that stands in no scope of many entries, since one
branch is enough there. For references that are only followed, no map need be shared: each holder is
given a record of its own, which changes no comparison. A map that is itself quantified over, or
whose references are compared, holds what its quantifiers and all its references promise.

Outside the fragment are shares (they count entries against entries), and lists that depend on
themselves (`every x in xs has some y in xs has …` of both). There `Bounds.outside` says why, the
number of entries is only an attempt, and nothing is concluded from finding no record. What holds
whatever shares come to is a question without them: each is then an atom, on which the argument puts
no condition (`Needs.without_shares`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from math import ceil, floor
from typing import TypeAlias, assert_never

from kprules.formula import nodes as n
from kprules.formula.definition import Judgement, walk
from kprules.formula.nodes import Form, Path
from kprules.proof.asked import Asked, Place, trail
from kprules.records.shape import Reference, Vocabulary

_TRIED = 3
"""Entries for each that is asked of a list which depends on itself: an attempt, no bound."""
_MOST_FOR_SHARES = 30
SHARES = "a share counts entries against entries"
TOO_MANY = "more entries of `{}` may be needed than are tried"
_MOST = 40
ITSELF = "the entries of `{}` depend on others of the same list"


@dataclass(frozen=True, slots=True)
class Bounds:
    """The entries that suffice for a question."""

    entries: Mapping[Place, int]
    outside: tuple[str, ...] = ()
    """Why the question is outside the fragment; empty where the numbers are exact."""

    def joined(self, other: Bounds) -> Bounds:
        """Return numbers that are enough for either question."""
        places = {**self.entries, **other.entries}
        most = {p: max(self.entries.get(p, 0), other.entries.get(p, 0)) for p in places}
        return Bounds(most, tuple(dict.fromkeys((*self.outside, *other.outside))))


@dataclass(frozen=True, slots=True)
class _Variable:
    """A variable in scope: how many entries it stands for, and what they depend on."""

    place: Place
    over: str
    """The variable that its list is reached from; empty for the whole record."""
    direct: bool
    """Whether the list is held by that entry itself, and not by a record that it refers to."""
    many: int
    """So many entries where it is existential; 0 where it stands for every one."""
    depends: frozenset[str]
    """The variables that the choice of its entries depends on."""


_Scope: TypeAlias = Mapping[str, _Variable]
_Entries: TypeAlias = Callable[[Place], int]


@dataclass(slots=True)
class Needs:
    """What one judgement asks of the lists."""

    judgement: Judgement
    vocabulary: Vocabulary
    asked: Asked
    places: frozenset[Place] = frozenset()
    opaque: bool = False
    """Whether shares are left open (`encoding.Opaque`): they promise nothing then."""
    _free: dict[int, frozenset[str]] = field(default_factory=dict)
    _counted: dict[tuple[Place, bool], int] = field(default_factory=dict)

    @classmethod
    def of(cls, judgement: Judgement, vocabulary: Vocabulary, asked: Asked) -> Needs:
        """Find the lists that a judgement quantifies over."""
        needs = cls(judgement, vocabulary, asked)
        found: set[Place] = set()
        for form in (judgement.captures, *judgement.exceptions):
            _places(form, {"": ()}, vocabulary, found)
        needs.places = frozenset(found)
        return needs

    def without_shares(self) -> Needs:
        """Return what is asked of the lists if shares may come to anything."""
        return Needs(self.judgement, self.vocabulary, self.asked, self.places, opaque=True)

    def count(self, place: Place, captures: bool, entries: _Entries) -> int:
        """Return how many entries of a list are promised where it captures, or does not."""
        if place not in self.places:
            return 0
        key = (place, captures)
        if key in self._counted:
            return self._counted[key]
        asked_for: list[Place] = []

        def noting(other: Place) -> int:
            asked_for.append(other)
            return entries(other)

        captured = self._count(self.judgement.captures, captures, {}, place, noting)
        excepted = [
            self._count(form, not captures, {}, place, noting) for form in self.judgement.exceptions
        ]
        counted = captured + sum(excepted) if captures else max([captured, *excepted])
        if not asked_for:
            self._counted[key] = counted
        return counted

    def _count(
        self, form: Form, positive: bool, scope: _Scope, place: Place, entries: _Entries
    ) -> int:
        match form:
            case n.All(parts) | n.Any(parts):
                counts = [self._count(part, positive, scope, place, entries) for part in parts]
                one_is_enough = isinstance(form, n.Any) is positive and not _many(scope)
                return max(counts, default=0) if one_is_enough else sum(counts)
            case n.Not(part):
                return self._count(part, not positive, scope, place, entries)
            case n.Quantified():
                return self._quantified(form, positive, scope, place, entries)
            case _:
                return 0

    def _quantified(
        self, form: n.Quantified, positive: bool, scope: _Scope, place: Place, entries: _Entries
    ) -> int:
        if self.opaque and isinstance(form.how, n.Share):
            return 0
        is_every = form.how == "every"
        existential = positive is not (is_every or form.how == "no")
        least = form.how.least if isinstance(form.how, n.AtLeast) else 1
        shared = isinstance(form.how, n.Share)
        bound = self._bind(form, scope, least if existential and not shared else 0)
        total = 0
        if bound.place == place and shared:
            total = _TRIED
        elif bound.place == place and existential:
            total = least * self._copies(bound, scope, entries)
        inside = {**scope, form.variable: bound}
        # An entry that counts makes `where` hold, and `has`, or for `every` its opposite, too. One
        # that may not count, makes either fail; of a share both are asked.
        counts = [(form.where, existential), (form.has, existential is not is_every)]
        for part, sign in counts:
            if part is not None:
                signs = (True, False) if shared else (sign,)
                total += sum(self._count(part, s, inside, place, entries) for s in signs)
        return total

    def _bind(self, form: n.Quantified, scope: _Scope, many: int) -> _Variable:
        steps = trail(form.over, _standing(scope), self.vocabulary)
        direct = not any(isinstance(step.type, Reference) for step in steps)
        mentioned = self._mentioned(form) & scope.keys()
        return _Variable(
            steps[-1].list_place, form.over.variable, direct, many, frozenset(mentioned)
        )

    def _copies(self, bound: _Variable, scope: _Scope, entries: _Entries) -> int:
        """Return in how many ways the entries around, on which these depend, may be chosen."""
        holders: set[str] = set()
        at = bound
        while at.direct and at.over:
            holders.add(at.over)
            at = scope[at.over]
        wanted: set[str] = set()
        waiting = [v for v in bound.depends if v not in holders]
        while waiting:
            name = waiting.pop()
            if name in wanted or name in holders:
                continue
            wanted.add(name)
            at = scope[name]  # which entries an existential stands for hangs on what it mentions
            waiting += [v for v in (at.over, *(at.depends if at.many else ())) if v in scope]
        copies = 1
        for name in wanted:
            copies *= scope[name].many or entries(scope[name].place)
        return copies

    def _mentioned(self, form: Form) -> frozenset[str]:
        """Return the variables that a form mentions and does not bind."""
        known = self._free.get(id(form))
        if known is None:
            known = self._free[id(form)] = frozenset(_mentioned(form))
        return known


def _many(scope: _Scope) -> bool:
    """Return whether what is inside is asked of several entries at once."""
    return any(variable.many != 1 for variable in scope.values())


def _standing(scope: _Scope) -> dict[str, Place]:
    return {"": (), **{name: variable.place for name, variable in scope.items()}}


def _mentioned(form: Form) -> set[str]:
    found: set[str] = set()
    bound: set[str] = set()
    for node in walk(form):
        match node:
            case n.Compare(left, _, right) | n.Overlaps(left, right):
                found.add(left.variable)
                if isinstance(right, Path):
                    found.add(right.variable)
            case n.Member(fact) | n.Includes(fact) | n.Known(fact):
                found.add(fact.variable)
            case n.Quantified(_, variable, over):
                found.add(over.variable)
                bound.add(variable)
            case _:
                pass
    return found - bound - {""}


def _places(
    form: Form, standing: Mapping[str, Place], vocabulary: Vocabulary, found: set[Place]
) -> None:
    match form:
        case n.All(parts) | n.Any(parts):
            for part in parts:
                _places(part, standing, vocabulary, found)
        case n.Not(part):
            _places(part, standing, vocabulary, found)
        case n.Quantified(_, variable, over, where, has):
            place = trail(over, standing, vocabulary)[-1].list_place
            found.add(place)
            for inner in (where, has):
                if inner is not None:
                    _places(inner, {**standing, variable: place}, vocabulary, found)
        case n.Const() | n.Compare() | n.Member() | n.Includes() | n.Overlaps() | n.Known():
            pass
        case n.Reading():
            raise AssertionError(f"reading {form.label} was not chosen")
        case _:
            assert_never(form)


# --- of several judgements ------------------------------------------------------------------------


def bounds_for(questions: Iterable[tuple[tuple[Needs, bool], ...]]) -> Bounds:
    """Return the entries that suffice for each of some questions, whichever is asked.

    A question is which judgements are to capture, and which are not to.
    """
    found = Bounds({})
    for question in questions:
        found = found.joined(_Counting(question).bounds())
    return found


@dataclass(slots=True)
class _Counting:
    """The count for one question."""

    question: tuple[tuple[Needs, bool], ...]
    _done: dict[Place, int] = field(default_factory=dict)
    _open: list[Place] = field(default_factory=list)
    _outside: dict[str, None] = field(default_factory=dict)

    def bounds(self) -> Bounds:
        shares = _shares(self.question)
        if shares:
            self._outside[SHARES] = None
        places = {place for needs, _ in self.question for place in needs.places}
        places |= {(name,) for needs, _ in self.question for name in needs.asked.shared}
        for place in sorted(places):
            self._entries(place)
        entries = {place: max(most, shares.get(place, 0)) for place, most in self._done.items()}
        return Bounds(entries, tuple(self._outside))

    def _entries(self, place: Place) -> int:
        if place in self._done:
            return self._done[place]
        if place in self._open:
            self._outside[ITSELF.format(".".join(place))] = None
            return _TRIED
        self._open.append(place)
        counted = sum(needs.count(place, sign, self._entries) for needs, sign in self.question)
        counted += self._referred(place)
        self._open.pop()
        if counted > _MOST:
            self._outside[TOO_MANY.format(".".join(place))] = None
            counted = _MOST
        self._done[place] = counted
        return counted

    def _referred(self, place: Place) -> int:
        """Return how many entries of a map references may name."""
        followed = {r for needs, _ in self.question for r in needs.asked.references}
        return sum(self._total(at) for at, _, through in sorted(followed) if place == (through,))

    def _total(self, place: Place) -> int:
        """Return how many entries there are of a list inside entries, all of them together."""
        total = 1
        for depth in range(1, len(place) + 1):
            total *= self._entries(place[:depth])
        return total


def _shares(question: tuple[tuple[Needs, bool], ...]) -> dict[Place, int]:
    """Return for each list that shares are asked of the fewest entries that tell them apart."""
    asked: dict[Place, list[n.Share]] = {}
    for needs in [one for one, _ in question if one.asked.has_share and not one.opaque]:
        for form in (needs.judgement.captures, *needs.judgement.exceptions):
            _note_shares(form, {"": ()}, needs.vocabulary, asked)
    return {place: _telling_apart(shares) for place, shares in asked.items()}


def _note_shares(
    form: Form,
    standing: Mapping[str, Place],
    vocabulary: Vocabulary,
    asked: dict[Place, list[n.Share]],
) -> None:
    for node in walk(form):
        if isinstance(node, n.Quantified):
            place = trail(node.over, standing, vocabulary)[-1].list_place
            standing = {**standing, node.variable: place}
            if isinstance(node.how, n.Share):
                asked.setdefault(place, []).append(node.how)


def _telling_apart(shares: Iterable[n.Share]) -> int:
    """Return the least number of entries of which some part meets one share and not another."""
    distinct = sorted(set(shares), key=lambda s: (Fraction(s.part, s.whole), s.strictly))
    least = 2
    for lower, upper in product(distinct, repeat=2):
        if lower == upper:
            continue
        for total in range(1, _MOST_FOR_SHARES + 1):
            if any(
                _meets(lower, have, total) > _meets(upper, have, total)
                for have in range(1, total + 1)
            ):
                least = max(least, total)
                break
    return least + 1


def _meets(share: n.Share, have: int, total: int) -> bool:
    needed = Fraction(share.part * total, share.whole)
    return have >= (floor(needed) + 1 if share.strictly else ceil(needed))


def more(bounds: Bounds, extra: int) -> Bounds:
    """Return the bounds with so many entries more of each list: no answer may change."""
    return replace(bounds, entries={place: k + extra for place, k in bounds.entries.items()})
