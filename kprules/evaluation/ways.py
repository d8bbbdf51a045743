"""The ways in which unknown facts could make a form true, or false.

Guarantee: each way is a set of facts, small ones first; whoever uses one replays it. Follows the
notes down to the comparisons that are still open and tries the values that tell them apart. A line
in here touches notes and supposed facts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice, product
from typing import Any, assert_never

from kprules.evaluation.candidates import Candidates
from kprules.evaluation.reasons import paths_read
from kprules.evaluation.supposing import Fact, Supposer
from kprules.evaluation.trace import Note, Value, noted, value_of
from kprules.evaluation.walker import Likeness, likeness
from kprules.evaluation.way import MOST_FACTS, NOTHING, Way
from kprules.formula.definition import walk
from kprules.formula.meaning import denote
from kprules.formula.nodes import (
    All,
    AtLeast,
    Compare,
    Const,
    Form,
    Includes,
    Known,
    Member,
    Not,
    Overlaps,
    Quantified,
    Reading,
    Share,
)
from kprules.formula.nodes import (
    Any as AnyOf,
)
from kprules.records.settled import Settled, blank
from kprules.records.shape import ListOf, Vocabulary

_KEPT = 60
_COMBINED = 400
"""How many choices of entries are looked at."""
_ENTRIES_TRIED = 3
_SHARE_ENTRIES = 8


class Ways:
    """Finds ways for one judgement on one record."""

    def __init__(self, candidates: Candidates, vocabulary: Vocabulary) -> None:
        """Use these candidate values."""
        self._candidates = candidates
        self._vocabulary = vocabulary
        self._cut = False
        self._found: dict[tuple[Likeness, Value], tuple[Note, list[Way]]] = {}
        # With the notes, which keeps them alive, so that their numbers stay their own.

    @property
    def cut(self) -> bool:
        """Whether there were more ways, or more values to try, than were looked at."""
        return self._cut or self._candidates.cut

    def to(self, note: Note, goal: Value) -> list[Way]:
        """Return ways that give the form of a note the value wanted, the smallest first."""
        key = likeness(note.form, note.scope) or (id(note),), goal
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = note, self._to(note, goal)
        return found[1]

    def _to(self, note: Note, goal: Value) -> list[Way]:
        if note.value is goal:
            return [NOTHING]
        if note.value is not Value.UNKNOWN and not _asks_known(note.form):
            return []
        match note.form:
            case Const() | Reading():
                return []
            case Compare() | Member() | Includes() | Overlaps() | Known():
                return self.smallest(self._leaf(note, goal))
            case All():
                return self._group(note, goal, every=goal is Value.TRUE)
            case AnyOf():
                return self._group(note, goal, every=goal is Value.FALSE)
            case Not():
                return self.to(note.parts[0], _OPPOSITE[goal])
            case Quantified() as form:
                return self.smallest(self._quantified(note, form, goal))
            case _:
                assert_never(note.form)

    def _group(self, note: Note, goal: Value, *, every: bool) -> list[Way]:
        found = [self.to(part, goal) for part in note.parts]
        return (
            self.together(found) if every else self.smallest(way for ways in found for way in ways)
        )

    def together(self, parts: list[list[Way]], within: str = "") -> list[Way]:
        """Return the ways in which all parts come about, each by one of its ways."""
        found = [NOTHING]
        for ways in sorted(parts, key=len):
            joined = (a.joined(b) for a in found for b in ways)
            found = self.smallest((w for w in joined if w is not None), within)
            if not found:
                break
        return found

    def smallest(self, ways: Iterable[Way], within: str = "") -> list[Way]:
        """Return the distinct ways of few facts, the smallest first; an added entry is one fact."""
        distinct: dict[frozenset[tuple[str, Any]], Way] = {}
        for way in ways:
            outside = [h for h in way.outside() if not (within and h.startswith(within + "."))]
            if len(outside) + len(way.added) <= MOST_FACTS or way.in_entry():
                distinct.setdefault(frozenset(way.facts.items()), way)
        found = sorted(distinct.values(), key=lambda w: (w.size, len(w.facts)))
        self._cut = self._cut or len(found) > _KEPT
        return found[:_KEPT]

    def _chosen(self, entries: list[_Counted], number: int) -> Iterator[tuple[_Counted, ...]]:
        """Yield choices of so many entries, the first of them where there are very many."""
        choices = combinations(entries, number)
        yield from islice(choices, _COMBINED)
        self._cut = self._cut or next(choices, None) is not None

    # --- comparisons --------------------------------------------------------------------------

    def _leaf(self, note: Note, goal: Value) -> Iterator[Way]:
        paths = paths_read(note.form)

        def deeper(supposed: dict[str, Any]) -> Iterator[Way]:
            on = Supposer(note.scope, supposed)
            value = value_of(denote(note.form, on))
            if value is goal:
                yield Way(supposed)
                return
            if value is not Value.UNKNOWN and not isinstance(note.form, Known):
                return
            if len(supposed) >= MOST_FACTS:
                return
            values = [on.look_up(path) for path in paths]
            for index, path in enumerate(paths):
                beside = [v for i, v in enumerate(values) if i != index]
                for fact in on.open_facts(path, self._vocabulary):
                    for candidate in self._values(fact, beside):
                        yield from deeper({**supposed, fact.home: candidate})

        yield from deeper({})

    def _values(self, fact: Fact, beside: Iterable[Any]) -> list[Any]:
        if isinstance(fact.type, ListOf):
            return [()]
        others = [v for v in beside if not isinstance(v, Settled | tuple | frozenset)]
        return self._candidates.of(fact, others)

    # --- quantifiers ----------------------------------------------------------------------------

    def _quantified(self, note: Note, form: Quantified, goal: Value) -> Iterator[Way]:
        lists = list(Supposer(note.scope, {}).open_facts(form.over, self._vocabulary))
        fact = lists[0] if lists else None
        if fact is not None and not isinstance(fact.type, ListOf):
            return  # the record that holds the list is not known: nothing to count
        entries = [_Counted.of(parts, form, self) for parts in _by_entry(note, form)]
        match form.how:
            case "some":
                yield from self._count(note, form, fact, entries, 1, reach=goal is Value.TRUE)
            case "every" | "no":
                yield from self._count(note, form, fact, entries, 1, reach=goal is Value.FALSE)
            case AtLeast(least):
                yield from self._count(note, form, fact, entries, least, reach=goal is Value.TRUE)
            case Share() as share:
                yield from self._shares(share, entries, _closing(fact), goal)
            case _:
                assert_never(form.how)

    def _count(
        self,
        note: Note,
        form: Quantified,
        fact: Fact | None,
        entries: list[_Counted],
        least: int,
        *,
        reach: bool,
    ) -> Iterator[Way]:
        """Yield ways to reach a count, or to keep below it."""
        sure = sum(e.value is Value.TRUE for e in entries)
        unsure = [e for e in entries if e.value is Value.UNKNOWN]
        if not reach:
            if sure < least:
                for closing in _closing(fact):
                    spare = least - 1 - sure
                    for fail in self._chosen(unsure, max(0, len(unsure) - spare)):
                        yield from self.together([[closing], *(e.to(counts=False) for e in fail)])
            return
        missing = least - sure
        for chosen in self._chosen(unsure, missing) if 0 < missing <= MOST_FACTS else ():
            yield from self.together([e.to(counts=True) for e in chosen])
        if fact is not None and missing >= 1:
            added = self._added(note, form, fact)
            for chosen in self._chosen(unsure, missing - 1) if missing <= MOST_FACTS else ():
                yield from self.together([added, *(e.to(counts=True) for e in chosen)])

    def _shares(
        self, share: Share, entries: list[_Counted], closings: list[Way], goal: Value
    ) -> Iterator[Way]:
        """Yield ways to decide a share: what some entries turn out to be, the rest left open."""
        fates = [e.fates() for e in entries]
        open_at = [
            i for i, f in enumerate(fates) if NOTHING not in [w for ws in f.values() for w in ws]
        ]
        self._cut = self._cut or len(open_at) > _SHARE_ENTRIES
        for size in range(min(MOST_FACTS, len(open_at)) + 1):
            for chosen in combinations(open_at[:_SHARE_ENTRIES], size):
                for picks in product(("for", "against", "outside"), repeat=size):
                    fixed = dict(zip(chosen, picks, strict=True))
                    if _share_value(share, fates, fixed) is goal:
                        ways = [fates[i][pick] for i, pick in fixed.items()]
                        yield from self.together([closings, *ways])

    def _added(self, note: Note, form: Quantified, fact: Fact) -> list[Way]:
        """Return entries that would count, if the list had them."""
        assert isinstance(fact.type, ListOf)  # noqa: S101 - asked of lists alone
        place = f"{fact.home}[+]"
        entry = blank(self._vocabulary.records[fact.type.record], place)
        inside = Supposer(note.scope, {}).inside(form.variable, entry)
        wanted = Value.FALSE if form.how == "every" else Value.TRUE
        asked = [(noted(form.has, inside), wanted)]
        if form.where is not None:
            asked.insert(0, (noted(form.where, inside), Value.TRUE))
        ways = self.together([self.to(n, v) for n, v in asked], within=place)[:_ENTRIES_TRIED]
        return [Way(way.facts, {**way.added, place: (fact.home, entry)}) for way in ways]


_OPPOSITE = {Value.TRUE: Value.FALSE, Value.FALSE: Value.TRUE, Value.UNKNOWN: Value.UNKNOWN}


@dataclass(slots=True)
class _Counted:
    """An entry as its quantifier counts it."""

    where: Note | None
    has: Note
    wanted: Value
    """What `has` must be for the entry to count."""
    value: Value
    ways: Ways

    @classmethod
    def of(cls, parts: list[Note], form: Quantified, ways: Ways) -> _Counted:
        where = parts[0] if form.where is not None else None
        has = parts[-1]
        wanted = Value.FALSE if form.how == "every" else Value.TRUE
        has_value = _OPPOSITE[has.value] if wanted is Value.FALSE else has.value
        values = [has_value] if where is None else [where.value, has_value]
        if Value.FALSE in values:
            value = Value.FALSE
        else:
            value = Value.UNKNOWN if Value.UNKNOWN in values else Value.TRUE
        return cls(where, has, wanted, value, ways)

    def to(self, *, counts: bool) -> list[Way]:
        """Return ways to make the entry count, or not."""
        has = self.ways.to(self.has, self.wanted if counts else _OPPOSITE[self.wanted])
        if self.where is None:
            return has
        where = self.ways.to(self.where, Value.TRUE if counts else Value.FALSE)
        return self.ways.together([where, has]) if counts else self.ways.smallest([*where, *has])

    def fates(self) -> dict[str, list[Way]]:
        """Return ways for the entry to be for, against, or not among those asked about."""
        among = [NOTHING] if self.where is None else self.ways.to(self.where, Value.TRUE)
        outside = [] if self.where is None else self.ways.to(self.where, Value.FALSE)
        return {
            "for": self.ways.together([among, self.ways.to(self.has, Value.TRUE)]),
            "against": self.ways.together([among, self.ways.to(self.has, Value.FALSE)]),
            "outside": outside,
        }


def _share_value(
    share: Share, fates: list[dict[str, list[Way]]], fixed: Mapping[int, str]
) -> Value:
    """Return what a share comes to where entries not fixed may still turn out any way they can."""
    best = [0, 0]
    worst = [0, 0]
    for index, fate in enumerate(fates):
        pick = fixed.get(index)
        can = {pick} if pick else {name for name, ways in fate.items() if ways}
        settled = [n for n, ways in fate.items() if NOTHING in ways]
        if pick is None and settled:
            can = {settled[0]}
        best[0] += "for" in can
        best[1] += can == {"against"}
        worst[0] += can == {"for"}
        worst[1] += "against" in can
    if _comes_to(share, *worst):
        return Value.TRUE
    return Value.UNKNOWN if _comes_to(share, *best) else Value.FALSE


def _comes_to(share: Share, pro: int, contra: int) -> bool:
    have, need = pro * share.whole, share.part * (pro + contra)
    return pro > 0 and (have > need if share.strictly else have >= need)


def _closing(fact: Fact | None) -> list[Way]:
    """Return the way to know that a list has no further entry; nothing to do where it is known."""
    if fact is None:
        return [NOTHING]
    return [Way({fact.home: tuple(fact.now or ())})]


def _by_entry(note: Note, form: Quantified) -> Iterator[list[Note]]:
    width = 1 if form.where is None else 2
    for start in range(0, len(note.parts), width):
        yield note.parts[start : start + width]


def _asks_known(form: Form) -> bool:
    """Return whether a form asks if a fact is known: what alone may be reversed by learning one."""
    return any(isinstance(node, Known) for node in walk(form))
