"""Which unknown facts would settle an outcome.

Guarantee: every set given was supposed and judged, does decide, on every reading that counts, and
decides no more if any fact of it is left out. A line in here touches one record and one definition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kprules.evaluation.candidates import Candidates
from kprules.evaluation.facts import Plain, plain
from kprules.evaluation.outcome import Result
from kprules.evaluation.supposing import Supposed, Supposer
from kprules.evaluation.trace import Outcome, Trace, Value, outcome_of
from kprules.evaluation.way import MOST_FACTS, NOTHING, Way
from kprules.evaluation.ways import Ways
from kprules.formula.definition import judge

MOST_SETS = 10
_TRIED = 400


@dataclass(frozen=True, slots=True)
class Settles:
    """Facts that together settle an outcome: plain values by the path where each fact lives.

    `links` with `complete` closes a list that may have more entries; `links[+]` adds one, with what
    it would have to state.
    """

    outcome: Outcome
    facts: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Settling:
    """The smallest sets of facts that would settle an outcome, the first few of them."""

    sets: tuple[Settles, ...]
    more: bool
    """Whether there are others, or so much was to be tried that there may be."""


def would_settle(result: Result, most: int = MOST_SETS) -> Settling:
    """Return the sets of at most three facts that decide, minimal by inclusion."""
    if result.outcome is not Outcome.UNDETERMINED:
        return Settling((), more=False)
    search = _Search(result)
    found = sorted(search.minimal(), key=_order)
    return Settling(tuple(found[:most]), more=len(found) > most or search.cut)


def ranked(result: Result) -> tuple[tuple[str, int], ...]:
    """Return the unknown facts, each with the number of ways of settling that run through it."""
    counts = Counter(
        path.partition("[+]")[0] for settles in _Search(result).minimal() for path in settles.facts
    )
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _order(settles: Settles) -> tuple[object, ...]:
    paths = sorted(settles.facts)
    return (len(paths), paths, str(settles.outcome), [str(settles.facts[p]) for p in paths])


class _Search:
    """The search for sets of facts that settle one outcome."""

    def __init__(self, result: Result) -> None:
        """Search among the values that tell the comparisons of the judgements apart."""
        vocabulary = result.judgement.definition.vocabulary
        self._result = result
        self._ways = Ways(Candidates(result.judgements, vocabulary, result.record), vocabulary)
        self._untried = False

    @property
    def cut(self) -> bool:
        """Whether something was left untried."""
        return self._untried or self._ways.cut

    def minimal(self) -> list[Settles]:
        """Return every set that was found to settle, none of which holds another."""
        kept: list[tuple[frozenset[tuple[str, str]], Settles]] = []
        for way, reached in self._deciding():
            settles = Settles(reached, _facts(way))
            key = frozenset((path, repr(value)) for path, value in settles.facts.items())
            if not any(other <= key for other, _ in kept):
                kept.append((key, settles))
        return [settles for _, settles in kept]

    def _deciding(self) -> Iterator[tuple[Way, Outcome]]:
        """Yield the ways that do decide, smaller ones first, each with what it decides."""
        traces = self._result.traces
        to_capture = self._on_all([self._to_capture(trace) for trace in traces])
        not_to = self._on_all([self._not_to_capture(trace) for trace in traces])
        tried = sorted([*to_capture, *not_to], key=lambda w: w.size)
        self._untried = len(tried) > _TRIED
        for way in tried[:_TRIED]:
            if way is NOTHING or way.size > MOST_FACTS:
                continue
            reached = supposing(self._result, way.supposed())
            if reached is not Outcome.UNDETERMINED:
                yield way, reached

    def _to_capture(self, trace: Trace) -> list[Way]:
        """Return ways to capture: `captures` holds and no exception does."""
        found = self._ways.to(trace.captures, Value.TRUE)
        for note in trace.exceptions:
            to = self._ways.to(note, Value.FALSE)
            found = [w for a in found for b in to if (w := a.joined(b)) and w.size <= MOST_FACTS]
        return found

    def _not_to_capture(self, trace: Trace) -> list[Way]:
        """Return ways not to capture: `captures` does not hold, or an exception does."""
        found = self._ways.to(trace.captures, Value.FALSE)
        return found + [w for note in trace.exceptions for w in self._ways.to(note, Value.TRUE)]

    def _on_all(self, found: list[list[Way]]) -> list[Way]:
        """Return the ways that serve on every reading; many readings have the same ones."""
        distinct = {tuple(frozenset(way.facts.items()) for way in ways): ways for ways in found}
        return found[0] if len(distinct) == 1 else self._ways.together(list(distinct.values()))


def supposing(result: Result, supposed: Supposed) -> Outcome:
    """Return the outcome, on every reading that counts, if some facts were as supposed."""
    on = Supposer({"": result.record}, supposed, {})
    reached = {outcome_of(judge(judgement, on)) for judgement in result.judgements}
    return reached.pop() if len(reached) == 1 else Outcome.UNDETERMINED


def _facts(way: Way) -> dict[str, Plain]:
    """Return a way as plain values by path; what an added entry states stands under its list."""
    facts: dict[str, Plain] = {
        home: ("complete" if value else []) if isinstance(value, tuple) else plain(value)
        for home, value in way.facts.items()
        if home in way.outside()
    }
    for place in way.added:
        stated: dict[str, Any] = {}
        for home in sorted(way.facts):
            if home.startswith(place + "."):
                *above, last = home.removeprefix(place + ".").split(".")
                at = stated
                for name in above:
                    at = at.setdefault(name, {})
                at[last] = plain(way.facts[home])
        facts[place] = stated
    return facts
