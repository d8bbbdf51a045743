"""What else bears on an outcome, in words: what settles it or turns it, who is in the way.

Guarantee: whole, or short: then the shortest change alone, what would settle it each way, and a
word on what was left out. A line in here touches strings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from kprules.comparison.explained import Explained
from kprules.evaluation.facts import Plain, Unknown
from kprules.evaluation.settling import Settles
from kprules.evaluation.trace import Outcome
from kprules.proof.blocking import Blocking
from kprules.proof.nearest import Change
from kprules.records.shape import ListOf, Vocabulary
from kprules.reports.places import at_home
from kprules.reports.sentences import entry_words, names, value_words
from kprules.reports.text import counted, line, outcome_words, several

_ORDER: Final = (Outcome.CAPTURED, Outcome.NOT_CAPTURED, Outcome.UNDETERMINED)
_SETS: Final = "other sets of facts that suffice"
_NAMED: Final = 12
"""So many of those in the way are named; of more, the first of them."""


def further(found: Explained, *, whole: bool) -> Iterator[tuple[str, str]]:
    """Yield what else bears on the outcome, each as how it begins and how it goes on."""
    word = found.definition.outcome_word
    for settles in found.settling.sets if whole else _each_way(found.settling.sets):
        said = settled_words(settles, found.definition.vocabulary)
        yield f"{_would_be(settles.outcome, word)} if ", said
    if found.settling.more and whole:
        yield "", "Other facts may settle it too."
    for enough in found.sufficient if whole else found.sufficient[:1]:
        if enough.facts:
            yield "It suffices that ", line(str(enough))
        else:
            yield f"{_would_be(enough.outcome, word)} ", "whatever the facts are"
    for one in found.blocking:
        yield f"{_would_be(Outcome.CAPTURED, word)} only if ", in_the_way(one, found)
    for change in found.changes if whole else _shortest(found.changes):
        yield f"{_would_be(change.outcome, word)} if ", line(str(change))
    for unknown in found.ambiguity:
        yield "The words of ", reading_words(unknown, word)
    if found.result.unknown_elsewhere:
        facts = [f"{line(u.path)} ({u.why})" for u in found.result.unknown_elsewhere]
        yield "On other readings it hangs on facts too: ", several(facts)
    if len(set(found.views.values()) | {found.result.outcome}) > 1:
        for outcome in _ORDER:
            parties = [party for party, seen in found.views.items() if seen is outcome]
            if parties:
                yield f"{_would_be(outcome, word)} as seen by ", names(parties)


def left_out(found: Explained, *, titles: bool) -> Iterator[tuple[str, str]]:
    """Yield what a short explanation does not say, and how to see it."""
    sets, changes = found.settling.sets, found.changes
    ways = len(sets) - len(_each_way(sets)) + len(changes) - len(_shortest(changes))
    others = len(found.sufficient[1:])
    more = [counted(ways, "other way to change that", "other ways to change that")] if ways else []
    more += [counted(others, "other set of facts that suffices", _SETS)] if others else []
    more += ["the titles of the sources"] if titles else []
    if more:
        yield "--all shows ", several(more)


def _would_be(outcome: Outcome, word: str) -> str:
    """Begin a sentence with an outcome in a definition's own word, whatever kind of word it is."""
    said = line(outcome_words(outcome, word))
    return said[:1].upper() + said[1:]


def _each_way(sets: Sequence[Settles]) -> list[Settles]:
    """Return the first set of facts that would settle it so, and the first otherwise."""
    return list({settles.outcome: settles for settles in reversed(sets)}.values())[::-1]


def _shortest(changes: Sequence[Change]) -> list[Change]:
    """Return the change that takes the least to say, and of each step one value that would do."""
    if not changes:
        return []
    least = min(changes, key=_taken)
    return [replace(least, steps=tuple(replace(step, others=()) for step in least.steps))]


def _taken(change: Change) -> int:
    """Return how many facts a change states."""
    return sum(len(s.then) if isinstance(s.then, dict) else 1 for s in change.steps)


def reading_words(unknown: Unknown, word: str) -> str:
    """Say which words are ambiguous, and what each of their readings comes to."""
    label = line(unknown.path.rpartition(".")[2])
    readings = [f"{line(n)}: {_said(o, word)}" for n, o in (unknown.readings or {}).items()]
    return f"{label} are ambiguous; read as {', as '.join(readings)}"


def _said(outcomes: str, word: str) -> str:
    """Say the outcomes of a reading in the definition's own word."""
    known: Mapping[str, Outcome] = {str(o): o for o in Outcome}
    return several(
        [outcome_words(known[o], word) if o in known else o for o in outcomes.split(" or ")], "or"
    )


# --- facts that would settle it -----------------------------------------------------------------


def settled_words(settles: Settles, vocabulary: Vocabulary) -> str:
    """Spell a set of facts that would settle an outcome."""
    return " and ".join(_fact(path, value, vocabulary) for path, value in settles.facts.items())


def _fact(path: str, value: Plain, vocabulary: Vocabulary) -> str:
    if value == "complete":
        return f"{line(path)} has no further entries"
    if path.endswith("[+]"):
        return f"{line(path.removesuffix('[+]'))} has an entry {value_words(value)}"
    if value == [] and isinstance(at_home(path, vocabulary)[1], ListOf):
        return f"{line(path)} has no entries"
    return f"{line(path)} is {value_words(value)}"


# --- who is in the way ----------------------------------------------------------------------------


def in_the_way(one: Blocking, found: Explained) -> str:
    """Say how many of whom would have to be otherwise: `2 of these 5 were otherwise: …`."""
    called = blocking_names(one, found)
    shown = called[:_NAMED] if len(called) > _NAMED + 1 else called
    more = [f"{len(called) - len(shown)} more"] if len(shown) < len(called) else []
    who = several([*shown, *more])
    then = "" if one.outcome is Outcome.CAPTURED else " (then it would hang on what is unknown)"
    if len(called) == 1:
        return f"{who} were otherwise{then}"
    if one.each:
        return f"all {len(called)} of these were otherwise, each alone in the way{then}: {who}"
    return f"at least {one.least} of these {len(called)} were otherwise{then}: {who}"


def blocking_names(one: Blocking, found: Explained) -> list[str]:
    """Return what those are called who may be in the way."""
    entries = getattr(found.result.record, one.path)
    places = {entry._place: entry for entry in entries}  # noqa: SLF001 - its own account of itself
    return [entry_words(places[place]) for place in one.entries]
