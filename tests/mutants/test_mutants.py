"""Mutants of everything that gives definitions their meaning, each of which must be found out.

They are enumerated, not chosen (`mutating`): every arm of `denote` and `judge`, every connective,
every comparison and method of the plain engine and of the compiled one. A mutant is found out where
an outcome differs from the oracle's (`reference`), where the store of expressions breaks a promise,
or, of what only arranges, where the Python of a few definitions is not as it was approved.
`pytest -s` prints the counts.
"""

from __future__ import annotations

import gc
import importlib
import signal
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from types import FrameType
from typing import Any

import edges
import pytest
import reference
from counting import calls
from drawn_records import record
from engines import evaluate_on
from flaws import flaws, weaker
from mutating import Mutant, applied, mutants_of
from nesting import SEVERAL, nested
from noting import alike
from oracle import Judged, at_edges, drawn
from picks import Pick, fixed
from shop import Plain, settled
from spared import SPARED
from strategies import judgement
from telling_apart import beside, by_notes, labelled

from kprules.evaluation.compiled import compile_outcomes
from kprules.evaluation.python_blocks import written
from kprules.evaluation.telling import Telling
from kprules.evaluation.trace import outcome, traced
from kprules.evaluation.tracing import FramedTrace
from kprules.formula import nodes as n
from kprules.formula.definition import Judgement, judge
from kprules.formula.expressions import Expressions
from kprules.formula.lowering import Lowering
from kprules.logic import Truth
from kprules.records.settled import UNKNOWN_RECORD, Settled

pytestmark = pytest.mark.no_cover  # the same lines over and over; other tests reach them

Check = Callable[[], bool]
"""Says whether all is as it should be."""
LONGEST = 4.0
"""Seconds of work that a check may take: a mutant that goes on for ever is found out."""
AGAIN = 0.2
"""Seconds of work after which it is stopped again, should what was raised be swallowed."""


# --- checks ---------------------------------------------------------------------------------------


@cache
def _judged() -> list[Judged]:
    return [*at_edges(), *drawn(120, 21), _blank_entries()]


def _blank_entries() -> Judged:
    """Return a list with an entry of which nothing at all is known."""
    one: Any = settled({"items": [{"maker": "none", "site": {"size": 1}}]})
    one.items = (*one.items, UNKNOWN_RECORD)
    fact = n.Path("x", "item", ("site", "size"), edges.at("size").type)
    none = n.Compare(edges.at("maker", "x", "item"), "is", n.NONE)
    form = n.All((n.Compare(fact, "is", 1), none))
    every = edges.judgement(n.Quantified("every", "x", edges.at("items"), None, form))
    return every, [one], ["undetermined"]


def walks() -> Iterator[Check]:
    """Yield a check a definition: the plain engine says what the oracle does."""
    for one, records, expected in _judged():
        yield lambda j=one, r=records, e=expected: evaluate_on("walker", j, r) == e  # type: ignore[misc] # bound


def compiles() -> Iterator[Check]:
    """Yield checks that what is compiled says what the oracle does: alone and together."""
    for one, records, expected in _judged():
        yield lambda j=one, r=records, e=expected: evaluate_on("compiled", j, r) == e  # type: ignore[misc] # bound
    for judgements, plains in fixed(_several, 25, seed=22):
        outcomes = [tuple(reference.outcome(j, plain) for j in judgements) for plain in plains]
        records = [settled(plain) for plain in plains]
        yield lambda j=judgements, r=records, e=outcomes: list(map(compile_outcomes(j), r)) == e  # type: ignore[misc] # bound


def foresees() -> Iterator[Check]:
    """Yield checks that what is compiled for one record at hand says what the oracle does."""
    engine = "compiled for records at hand"
    for one, records, expected in _judged()[::2]:
        yield lambda j=one, r=records, e=expected: (  # type: ignore[misc] # bound
            [evaluate_on(engine, j, [record])[0] for record in r[::7]] == e[::7]
        )


def notes() -> Iterator[Check]:
    """Yield checks that notes read off what was compiled are those that are taken by the way."""
    for one, records, _ in _judged()[::3]:
        yield lambda j=one, r=records[::5]: _same_notes(j, r)  # type: ignore[misc] # bound


def _same_notes(one: Judgement, records: Sequence[Settled]) -> bool:
    telling = Telling.of(one)
    return all(alike(FramedTrace(telling, record), traced(one, record)) for record in records)


def tells() -> Iterator[Check]:
    """Yield checks that what was written for the reasons tells what the notes tell."""
    plain = [(one, records[::3]) for one, records, _ in at_edges()]
    for one, records in (*labelled(250, 23), *plain, *beside()):
        expected = [repr(by_notes(one, record)) for record in records]
        yield lambda j=one, r=records, e=expected: _told(j, r) == e  # type: ignore[misc] # bound


def _told(one: Judgement, records: Sequence[Settled]) -> list[str]:
    telling = Telling.of(one)
    return [repr(FramedTrace(telling, record).told()) for record in records]


def shares() -> Iterator[Check]:
    """Yield checks that lists in lists are looked at once for what makes no difference to them."""
    for plain in SEVERAL:
        for how in HOWS:
            one, record = nested(8, how, own=True), settled(plain)
            most = calls(lambda j=one, r=record: outcome(j, r))  # type: ignore[misc] # bound
            yield lambda j=one, r=record, m=most: calls(lambda: outcome(j, r)) <= m  # type: ignore[misc] # bound


HOWS: tuple[n.How, ...] = ("some", "every", "no", n.Share(1, 2, False))


def _several(pick: Pick) -> tuple[list[Judgement], list[Plain]]:
    return [judgement(pick) for _ in range(6)], [record(pick) for _ in range(6)]


def promises() -> Iterator[Check]:
    """Yield checks that the store keeps what it promises."""
    for one in edges.JUDGEMENTS:
        yield lambda j=one: not any(_flaws([j]))  # type: ignore[misc] # bound
    yield _pairs


def _lowered(judgements: Sequence[Judgement]) -> tuple[Expressions, list[tuple[int, int]]]:
    store = Expressions()
    truths = [judge(one, Lowering(store, {})) for one in judgements]
    return store, [(truth.certain, truth.possible) for truth in truths]


def _flaws(judgements: Sequence[Judgement]) -> Iterator[str]:
    store, _ = _lowered(judgements)
    yield from flaws(store)
    yield from weaker(store)


def _pairs() -> bool:
    store = Expressions()
    for certain, possible in ((10, 11), (11, 12), (13, 13), (12, 10)):
        store.pair(Truth(certain, possible))
    return store.maybe == {10: 11, 11: 12}


def texts() -> Iterator[Check]:
    """Yield checks that the Python of some definitions is what it is."""
    usual = [edges.judgement(form) for form in (edges.SALE, edges.OTHER_SALE, edges.BY_SHARE)]
    wide = [edges.judgement(edges.WIDE), edges.judgement(edges.FORMS[-1])]
    for judgements in (
        usual,
        *([one] for one in (*usual, *wide)),
        [edges.judgement(form) for form in edges.FORMS[::9]],
        [edges.judgement(edges.deep(50))],
    ):
        text = written(*_lowered(judgements))[0]
        yield lambda j=judgements, t=text: written(*_lowered(j))[0] == t  # type: ignore[misc] # bound


# --- the mutants ----------------------------------------------------------------------------------


PARTS: dict[str, tuple[tuple[str, ...], tuple[Callable[[], Iterator[Check]], ...]]] = {
    "kprules.logic": ((), (walks,)),
    "kprules.formula.meaning": ((), (walks,)),
    "kprules.formula.definition": (("judge",), (walks,)),
    "kprules.evaluation.walker": ((), (walks, shares, notes)),
    "kprules.formula.lowering": ((), (compiles, foresees)),
    "kprules.formula.expressions": ((), (promises, compiles)),
    "kprules.evaluation.python_source": ((), (compiles,)),
    "kprules.evaluation.python_blocks": ((), (texts, compiles)),
    "kprules.evaluation.python_plan": ((), (texts, compiles)),
    "kprules.evaluation.frames": ((), (notes,)),
    "kprules.evaluation.tracing": (("FramedNote", "FramedTrace"), (notes, tells)),
    "kprules.evaluation.telling": ((), (tells,)),
    "kprules.evaluation.telling_source": ((), (tells,)),
    "kprules.evaluation.telling_facts": ((), (tells,)),
}


class _TooLongError(Exception):
    """A check went on for too long."""


def _too_long(_: int, __: FrameType | None) -> None:
    raise _TooLongError


def found_out(mutant: Mutant, checks: list[Check]) -> bool:
    """Run the checks until one fails; the one that does is tried first on the next mutant."""
    with applied(mutant):
        for index, check in enumerate(checks):
            signal.setitimer(signal.ITIMER_VIRTUAL, LONGEST, AGAIN)
            try:
                right = check()
            except Exception:  # noqa: BLE001 - a mutant may fail in any way
                right = False
            finally:
                signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            if not right:
                checks.insert(0, checks.pop(index))
                return True
    return False


@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # mutants write odd Python
@pytest.mark.parametrize("module", PARTS)
def test_every_mutant_is_found_out(module: str) -> None:
    """Each mutant fails some check, save those that are spared with a reason."""
    functions, suites = PARTS[module]
    mutants = mutants_of(importlib.import_module(module), functions)
    spared = SPARED.get(module, {})
    names = {mutant.name for mutant in mutants}
    unknown = [name for reason in spared.values() for name in reason if name not in names]
    assert not unknown, f"spared, but no mutants of {module}: {unknown}"
    sparing = {name for reason in spared.values() for name in reason}
    checks = [check for suite in suites for check in suite()]
    assert all(check() for check in checks)
    before = signal.signal(signal.SIGVTALRM, _too_long)
    gc.disable()  # what is raised in a callback of the collector is lost
    try:
        tried = [mutant for mutant in mutants if mutant.name not in sparing]
        alive = [mutant for mutant in tried if not found_out(mutant, checks)]
    finally:
        gc.enable()
        signal.signal(signal.SIGVTALRM, before)
    told = (
        f"{module}: {len(tried)} mutants tried, {len(sparing)} spared, {len(alive)} not found out"
    )
    print(f"\n{told}")  # noqa: T201 - the run says so
    listed = "\n".join(f"  line {mutant.line}, {mutant.name}" for mutant in alive)
    assert not alive, f"{told}\n{listed}"
