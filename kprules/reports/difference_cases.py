"""Which cases a variant decides otherwise, and why, as lines of text.

Guarantee: every case whose outcome differs is named once, beneath the clauses that decide it before
and after and those whose view of its facts decides. A line in here touches outcomes and strings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from kprules.comparison.difference import CaseChange, Difference
from kprules.evaluation.outcome import Result
from kprules.evaluation.reasons import Reason
from kprules.evaluation.trace import Outcome
from kprules.reports.bearing import reading_words
from kprules.reports.sentences import names
from kprules.reports.text import Paper, counted, cut, line, outcome_words, wrap

KINDS: Final = ("gained", "lost", "settled", "unsettled")
_NAMED: Final = 2
"""So many clauses are named; more are marked as more."""
_MORE: Final = ", …~)"
"""How what is named ends, with more unnamed and without."""
_MOST_WORDS: Final = 44
"""So much of each is said where cases are listed."""


def counts(found: Difference) -> str:
    """Say how many cases are gained, lost, settled, unsettled and the same."""
    number = ", ".join(f"{sum(c.kind == k for c in found.cases)} {k}" for k in KINDS)
    judged = counted(len(found.cases) + found.same, found.base.about)
    return f"{judged}: {number}, {found.same} the same"


def in_order(found: Difference) -> list[CaseChange]:
    """Return the cases by kind, those first that most parties see as captured."""

    def place(change: CaseChange) -> tuple[int, int, str]:
        parties = _parties(change, Outcome.CAPTURED)
        return KINDS.index(change.kind), -len(parties), change.subject.id

    return sorted(found.cases, key=place)


def cases_lines(found: Difference, paper: Paper) -> Iterator[str]:
    """Yield the cases beneath what they have in common: before, after, and who sees it so."""
    for kind in KINDS:
        of_kind = [change for change in in_order(found) if change.kind == kind]
        for _, beside in _grouped(of_kind, lambda c: _before(found, c, paper).rstrip(_MORE)):
            before = max((_before(found, change, paper) for change in beside), key=len)
            yield from wrap(f"{len(beside)} {kind}, before {before}", paper.width, "  ", "    ")
            for after, alike in _grouped(beside, lambda c: _after(found, c, paper)):
                yield from wrap(f"now {after}", paper.width, "    ", "      ")
                for seen, cases in _grouped(alike, views_words):
                    if seen:
                        yield from wrap(f"{seen}:", paper.width, "      ", "      ")
                    indent = "        " if seen else "      "
                    for change in cases:
                        named = f"{line(change.subject.id)}: {line(change.subject.title)}"
                        yield indent + cut(named, paper.width - len(indent), paper.ellipsis)


def _grouped(
    cases: Iterable[CaseChange], said: Callable[[CaseChange], str]
) -> list[tuple[str, list[CaseChange]]]:
    """Put cases together of which the same is said, in the order of the first of each."""
    found: dict[str, list[CaseChange]] = {}
    for change in cases:
        found.setdefault(said(change), []).append(change)
    return list(found.items())


def _before(found: Difference, change: CaseChange, paper: Paper) -> str:
    return _said(change.before, found.base.outcome_word, change.reasons[0], paper)


def _after(found: Difference, change: CaseChange, paper: Paper) -> str:
    return _said(change.after, found.variant.outcome_word, change.reasons[1], paper)


def _said(outcome: Outcome, word: str, result: Result, paper: Paper | None = None) -> str:
    """Say an outcome with what decides it, unless it is captured; on paper, shortly."""
    deciding = "" if outcome is Outcome.CAPTURED else _deciding(result, paper)
    return line(outcome_words(outcome, word)) + (f" ({deciding})" if deciding else "")


def case_words(found: Difference, change: CaseChange) -> str:
    """Say what a case was and is, each with the clauses that keep it from being captured."""
    was = _said(change.before, found.base.outcome_word, change.reasons[0])
    now = _said(change.after, found.variant.outcome_word, change.reasons[1])
    seen = views_words(change)
    return f"{was}, now {now}" + (f"; {seen}" if seen else "")


def _deciding(result: Result, paper: Paper | None) -> str:
    """Name what decides: ambiguous words, else clauses, in their own words where they have any.

    A clause that only holds others is not named beside them.
    """
    if result.ambiguity:
        word = result.judgement.definition.outcome_word
        said = "; ".join(reading_words(unknown, word) for unknown in result.ambiguity)
        return f"the words of {said}"
    reasons = [reason for reason in result.because if not _only_holds(reason)]
    named: dict[str, None] = {}
    for reason in reasons or result.because:
        words = line(reason.words or "")
        if paper is not None:
            words = cut(words, _MOST_WORDS, paper.ellipsis)
        named[f'"{words}"' if words else line(reason.label)] = None
    shown = list(named)[:_NAMED]
    if len(named) > _NAMED:
        shown.append("…" if paper is None else paper.ellipsis)
    return ", ".join(shown)


def _only_holds(reason: Reason) -> bool:
    """Return whether a clause without words does no more than ask something of known entries."""
    return not reason.words and all(
        isinstance(value, list) and all(str(entry).startswith(f"{path}[") for entry in value)
        for path, value in reason.facts.items()
    )


def views_words(change: CaseChange) -> str:
    """Say on whose facts the case is now captured and on whose not, where they part."""
    if len({*change.views.values(), change.after}) == 1:
        return ""
    word = change.reasons[1].judgement.definition.outcome_word
    return ", ".join(
        f"{line(outcome_words(outcome, word))} as seen by {names(parties)}"
        for outcome in (Outcome.CAPTURED, Outcome.NOT_CAPTURED)
        if (parties := _parties(change, outcome))
    )


def _parties(change: CaseChange, outcome: Outcome) -> list[str]:
    return [party for party, seen in change.views.items() if seen is outcome]
