"""The solver by itself: it can be interrupted."""

from __future__ import annotations

import os
from itertools import combinations
from math import inf
from subprocess import Popen

import pytest

from kprules.proof.gates import Gates, OutOfTimeError
from kprules.proof.solver import Solver


def pigeons(holes: int) -> Gates:
    """Return that one more pigeons than there are holes sit alone each: no solver sees it soon."""
    gates = Gates()
    sits = [[gates.fresh() for _ in range(holes)] for _ in range(holes + 1)]
    for pigeon in sits:
        gates.require(*pigeon)
    for one, other in combinations(sits, 2):
        for here, there in zip(one, other, strict=True):
            gates.require(-here, -there)
    return gates


def test_an_interruption_amid_a_proof_is_an_interruption() -> None:
    """Control-C while the solver thinks raises what it raises anywhere, each time."""
    for _ in range(3):
        solver = Solver(pigeons(14))
        kill = f"sleep 0.3; kill -INT {os.getpid()}"  # a thread of ours waits for the solver
        with Popen(["/bin/sh", "-c", kill]), pytest.raises(KeyboardInterrupt):
            solver.holds([], inf)


def test_equal_gates_asked_for_too_long_run_out_of_time() -> None:
    """A formula that says the same over and over grows by nothing, and stops all the same."""
    gates = Gates(until=0.0)
    pair = [gates.fresh(), gates.fresh()]
    with pytest.raises(OutOfTimeError):
        [gates.both(pair) for _ in range(10_000)]
