"""One incremental solver over a growing formula, asked under assumptions and within a time.

Guarantee: what it answers is so of the formula as far as it has grown; where the time runs out it
answers None, and no more; an interruption ends it at once. A line in here touches literals and
clauses.
"""

from __future__ import annotations

import signal
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from kprules.proof.gates import Gates, Literal

_CONFLICTS = 4_000
"""Conflicts between two looks at the clock: some milliseconds each time."""


class Solver:
    """A solver that knows all clauses of some gates, and each new one before it is asked again."""

    def __init__(self, gates: Gates) -> None:
        """Begin with nothing told."""
        from pysat.solvers import Glucose4  # noqa: PLC0415 - heavy, and only proofs need it

        self._gates = gates
        self._told = 0
        self._solver: Any = Glucose4()
        self.asked = 0
        """How many questions were put."""

    def holds(self, assumed: Sequence[Literal], until: float) -> bool | None:
        """Return whether any model makes all that is assumed true; None where time runs out."""
        clauses = self._gates.clauses
        if self._told < len(clauses):
            with _interruptible():
                self._solver.append_formula(clauses[self._told :])
            self._told = len(clauses)
        self.asked += 1
        answer: bool | None = None
        while answer is None:
            self._solver.conf_budget(_CONFLICTS)
            # told to expect interruption, it leaves the signal to Python, which sees it in between
            answer = self._solver.solve_limited(list(assumed), expect_interrupt=True)
            if answer is None and monotonic() > until:
                return None
        return answer

    def model(self) -> Collection[Literal]:
        """Return the literals that the last model makes true."""
        return frozenset(lit for lit in self._solver.get_model() if lit > 0)

    def close(self) -> None:
        """Give the solver's memory back."""
        self._solver.delete()


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let an interruption be one: told clauses, the solver takes the signal, and keeps it."""
    from pysolvers import error  # noqa: PLC0415 - as above

    try:
        yield
    except error as e:
        if "keyboard interrupt" not in str(e):
            raise
        signal.signal(signal.SIGINT, signal.getsignal(signal.SIGINT))
        raise KeyboardInterrupt from None
