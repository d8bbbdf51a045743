"""The plain engine: looks at one settled record, fact by fact.

Guarantee: answers the questions of `kprules.formula.meaning.Engine` with Python's own booleans and
nothing more. A line in here touches one record; it knows no label and keeps no notes.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any, Literal

from kprules.formula.meaning import Edge
from kprules.formula.nodes import NONE, Form, NoneThere, Op, Path, Quantified, Share, Value
from kprules.formula.variables import asked_about
from kprules.logic import Truth
from kprules.records.settled import (
    ABSENT,
    NO_RECORD,
    UNKNOWN_RECORD,
    Incomplete,
    PartialDate,
    Settled,
    SettledPeriod,
)
from kprules.records.shape import slot

HOLDS: Mapping[Op, Callable[[Any, Any], bool]] = {
    "is": operator.eq,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def look_up(scope: Mapping[str, Settled], path: Path) -> Any:
    """Return what a path leads to: a settled value, `None` unknown, `ABSENT` not there."""
    at: Any = scope[path.variable]
    for name in path.fields:
        if at is UNKNOWN_RECORD or at is None:
            return None
        if at is NO_RECORD:
            return ABSENT
        at = getattr(at, slot(name))
    return None if at is UNKNOWN_RECORD else at


Likeness = tuple[int, ...]
"""Of a quantified form and the entries it asks about: it comes to the same where this is equal."""


class Walker:
    """An engine on one record; `scope` holds the record under `""` and the entries in scope."""

    __slots__ = ("counted", "scope")

    def __init__(
        self,
        scope: Mapping[str, Settled],
        counted: dict[Likeness, Truth[bool]] | None = None,
    ) -> None:
        """Look at the records in scope.

        With `counted` lists in lists are counted once for all entries that make no difference. It
        is not for whoever takes notes or counts what is asked.
        """
        self.scope = scope
        self.counted = counted

    def look_up(self, path: Path) -> Any:
        """Return what a path leads to."""
        return look_up(self.scope, path)

    def inside(self, variable: str, entry: Settled) -> Walker:
        """Return the engine with an entry in scope."""
        return Walker({**self.scope, variable: entry}, self.counted)

    def const(self, value: bool, /) -> bool:
        """Return the value itself."""
        return value

    def both(self, items: list[bool], /) -> bool:
        """Return whether all are so."""
        return all(items)

    def either(self, items: list[bool], /) -> bool:
        """Return whether any is so."""
        return any(items)

    def negate(self, item: bool, /) -> bool:
        """Return whether it is not so."""
        return not item

    def known(self, path: Path, /) -> bool:
        """Return whether the fact is recorded."""
        found = self.look_up(path)
        if isinstance(found, SettledPeriod):
            return found.from_ is not None and found.to is not None
        return found is not None

    def complete(self, path: Path, /) -> bool:
        """Return whether the list or set is known and may have no more in it."""
        found = self.look_up(path)
        if found is None or isinstance(found, Incomplete):
            return False
        return not (isinstance(found, frozenset) and None in found)

    def compare(
        self, left: Path, op: Op, right: Path | Value | NoneThere, edges: tuple[Edge, Edge], /
    ) -> bool:
        """Return whether the facts compare so."""
        first = _edge(self.look_up(left), edges[0])
        second = (
            _edge(self.look_up(right), edges[1])
            if isinstance(right, Path)
            else NO_RECORD
            if right is NONE
            else right
        )
        if first is None or second is None or first is ABSENT:
            return False  # what is not there is not the same even as what is not there
        return HOLDS[op](first, second)

    def member(self, path: Path, values: frozenset[Value | NoneThere], /) -> bool:
        """Return whether the fact is one of the values."""
        found = self.look_up(path)
        if isinstance(found, Settled):
            return found is NO_RECORD and NONE in values
        return found in values

    def includes(self, path: Path, how: Literal["any", "all"], values: frozenset[Value], /) -> bool:
        """Return whether any, or all, of the values are listed."""
        found = self.look_up(path)
        if found is None or found is ABSENT:
            return False
        return values <= found if how == "all" else not values.isdisjoint(found)

    def count(
        self, least: int, form: Quantified, body: Callable[[Any], Truth[bool]], /
    ) -> Truth[bool]:
        """Count the recorded entries that are so, plane by plane."""
        return self._once(form, lambda: self._count(least, form, body))

    def _once(self, form: Quantified, make: Callable[[], Truth[bool]]) -> Truth[bool]:
        """Count a list in a list once for all entries that make no difference to it."""
        like = likeness(form, self.scope)
        if like is None or self.counted is None:
            return make()
        found = self.counted.get(like)
        if found is None:
            found = self.counted[like] = make()
        return found

    def _count(
        self, least: int, form: Quantified, body: Callable[[Any], Truth[bool]]
    ) -> Truth[bool]:
        certain = possible = 0
        for entry in self._entries(form):
            truth = body(entry)
            certain += truth.certain
            possible += truth.possible
        return Truth(certain >= least, possible >= least)

    def share(
        self,
        share: Share,
        form: Quantified,
        body: Callable[[Any], tuple[Truth[bool], Truth[bool]]],
        /,
    ) -> Truth[bool]:
        """Set the entries for against those against, plane by plane."""
        return self._once(form, lambda: self._share(share, form, body))

    def _share(
        self,
        share: Share,
        form: Quantified,
        body: Callable[[Any], tuple[Truth[bool], Truth[bool]]],
    ) -> Truth[bool]:
        certain_for = certain_against = possible_for = possible_against = 0
        for entry in self._entries(form):
            hits, against = body(entry)
            certain_for += hits.certain
            certain_against += against.certain
            possible_for += hits.possible
            possible_against += against.possible
        return Truth(
            _reaches(share, certain_for, certain_against),
            _reaches(share, possible_for, possible_against),
        )

    def _entries(self, form: Quantified) -> list[Walker]:
        found = self.look_up(form.over)
        return [self.inside(form.variable, entry) for entry in found or ()]


def likeness(form: Form, scope: Mapping[str, object]) -> Likeness | None:
    """Return what a form is known by where entries in scope make no difference to it.

    None where each of them may, and where it is not a list in a list. It is of the forms and
    entries while they are alive.
    """
    if len(scope) == 1 or not isinstance(form, Quantified):
        return None
    about = asked_about(form)
    if len(about) + 1 == len(scope):
        return None
    return (id(form), *[id(scope[variable]) for variable in about])


def _reaches(share: Share, pro: int, contra: int) -> bool:
    """Return whether so many for and so many against come to the share."""
    have, need = pro * share.whole, share.part * (pro + contra)
    return pro > 0 and (have > need if share.strictly else have >= need)


def _edge(found: Any, edge: Edge) -> Any:
    if isinstance(found, PartialDate):
        return found.earliest if edge == "earliest" else found.latest
    return found
