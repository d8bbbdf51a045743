"""Proofs over the definitions that ship: how they relate, the cases that show it, nearest changes.

Thirty definitions pairwise, in both senses, small replayed witnesses included, are to take at most
0.3 of what the same takes with z3 on the same clauses (`pip install z3-solver`; left out where it
is not there). Each time all is begun from nothing but the checked definitions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from kprules.diagnostics import Problems
from kprules.evaluation.outcome import Result, judged
from kprules.formula.definition import Judgement, choose
from kprules.library.cases import load_cases
from kprules.library.rules import load_rules
from kprules.proof.models import record_of
from kprules.proof.nearest import nearest
from kprules.proof.prover import Prover, Question, Sense, Want, enough_for, needs_of, wanted
from kprules.proof.relations import relate, relate_all
from kprules.proof.sufficing import suffices
from kprules.proof.witness import Witnesses
from kprules.records.settle import settle_case
from kprules.records.vocabulary import CASE, VOCABULARIES

TOP = Path(__file__).resolve().parent.parent
MANY, FEW = 30, 10


@cache
def definitions() -> tuple[Judgement, ...]:
    """Return the definitions about cases, oldest first."""
    rules = load_rules([TOP / "rules"], Problems(), VOCABULARIES)
    every = rules.book.definitions.values()
    return tuple(choose(d) for d in every if d.about == "case")


def questions(many: int) -> Iterator[Question]:
    """Yield what is asked of every pair."""
    for left, right in combinations(range(many), 2):
        yield ((left, Want.CAPTURED), (right, Want.CAPTURED))
        yield ((left, Want.CAPTURED), (right, Want.NOT_CAPTURED))
        yield ((left, Want.NOT_CAPTURED), (right, Want.CAPTURED))


def encoded(many: int) -> Prover:
    """Return the definitions as clauses that suffice for every question."""
    chosen = definitions()[:many]
    needs = needs_of(chosen, CASE)
    return Prover(chosen, CASE, enough_for(questions(many), needs))


def with_witnesses(many: int = MANY) -> Any:
    """Relate all, each answer with the case that shows it."""
    return relate_all(definitions()[:many], seconds=600)


def answers_alone() -> Any:
    """Relate all, without cases."""
    return relate_all(definitions()[:MANY], seconds=600, witnesses=False)


def assumptions(many: int = MANY) -> Iterator[tuple[Prover, Question, Sense, list[int]]]:
    """Yield every question in both senses, with what is assumed for it."""
    prover = encoded(many)
    for question in questions(many):
        for sense in Sense:
            assumed = [wanted(prover.truths[index], want, sense) for index, want in question]
            if sense is Sense.SETTLED:
                assumed.append(prover.space.settled)
            yield prover, question, sense, [*assumed, -prover.space.imagined]


def one_solver() -> int:
    """Put every question to the solver, whatever earlier answers show."""
    asked = assumptions()
    return sum(bool(prover.solver.holds(assumed, 1e18)) for prover, _, _, assumed in asked)


@dataclass
class Read(Collection[int]):
    """The variables that a model of z3 makes true, each read when it is asked for."""

    z3: Any
    model: Any
    names: list[Any]

    def __contains__(self, variable: object) -> bool:
        """Return whether a variable is true."""
        assert isinstance(variable, int)
        return bool(self.z3.is_true(self.model[self.names[variable]]))

    def __iter__(self) -> Iterator[int]:
        """Yield them all."""
        return (n for n in range(len(self.names)) if n in self)

    def __len__(self) -> int:
        """Count them all."""
        return sum(1 for _ in self)


def by_z3(many: int = MANY, *, witnesses: bool = False) -> int:
    """Put every question to z3, on the same clauses; make a witness of each model if asked."""
    z3 = pytest.importorskip("z3")
    names: list[Any] = []
    solver = z3.Solver()
    found = 0

    def literal(lit: int) -> Any:
        return names[lit] if lit > 0 else z3.Not(names[-lit])

    showing: Witnesses | None = None
    for prover, question, sense, assumed in assumptions(many):
        if not names:
            names = [z3.Bool(str(n)) for n in range(prover.space.gates.variables + 1)]
            for clause in prover.space.gates.clauses:
                solver.add(z3.Or([literal(lit) for lit in clause]))
        if solver.check([literal(lit) for lit in assumed]) != z3.sat:
            continue
        found += 1
        if witnesses:
            chosen = definitions()[:many]
            asked = [needs.asked for needs in needs_of(chosen, CASE)] if showing is None else []
            showing = showing or Witnesses(chosen, CASE, asked)
            true = Read(z3, solver.model(), names)
            record = showing.trimmed(record_of(prover.space, true), question, sense, ())
            showing.witness(record, question, sense)
    return found


SIDES = {
    "kprules, with witnesses": with_witnesses,
    "kprules, answers alone": answers_alone,
    "python-sat, every question": one_solver,
    "z3, every question": by_z3,
}


@pytest.mark.parametrize("side", SIDES)
def test_pairwise(benchmark: Any, side: str) -> None:
    """Time thirty definitions pairwise."""
    definitions()
    benchmark.group = f"{MANY} definitions pairwise, both senses"
    benchmark.pedantic(SIDES[side], rounds=2)


@pytest.mark.parametrize("side", ["kprules", "z3"])
def test_pairwise_with_witnesses(benchmark: Any, side: str) -> None:
    """Time ten definitions pairwise, each answer with a small replayed case, on both sides."""
    definitions()
    if side == "z3":
        pytest.importorskip("z3")
    sides = {"kprules": with_witnesses, "z3": partial(by_z3, witnesses=True)}
    benchmark.group = f"{FEW} definitions pairwise, both senses, with witnesses"
    benchmark.pedantic(lambda: sides[side](FEW), rounds=2)


def test_the_whole_library(benchmark: Any) -> None:
    """Time all definitions about cases pairwise, with witnesses: it is to take seconds."""
    benchmark.group = f"{len(definitions())} definitions pairwise, with witnesses"
    benchmark.pedantic(lambda: relate_all(definitions(), seconds=600), rounds=2)


@pytest.mark.parametrize("fewest", [False, True], ids=["nothing to leave out", "fewest facts"])
def test_one_pair(benchmark: Any, fewest: bool) -> None:
    """Time one pair from nothing, with its six witnesses."""
    left, right = (j for j in definitions() if j.id in {"kpcs-core-2002", "west-2022"})
    benchmark.group = "one pair, with witnesses"
    benchmark(lambda: relate(left, right, fewest=fewest))


@cache
def results() -> tuple[Result, ...]:
    """Return settled outcomes of one definition on the cases that ship."""
    (core,) = (j for j in definitions() if j.id == "kpcs-core-2002")
    cases = load_cases([TOP / "cases"], Problems())
    found = [judged(core, settle_case(c.record, CASE)) for c in cases if c.about == "case"]
    return tuple(result for result in found if result.outcome != "undetermined")


@pytest.mark.parametrize("what", [nearest, suffices])
def test_one_case(benchmark: Any, what: Any) -> None:
    """Time the nearest changes, and the sufficient facts, of each case under one definition."""
    benchmark.group = f"{len(results())} cases under one definition"
    benchmark.pedantic(lambda: [what(result) for result in results()], rounds=3)
