"""What definitions about one kind of record are checked with, and what was checked already.

Guarantee: what two definitions share is checked once. A line in here holds things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from kprules.checking.comparisons import Comparisons
from kprules.checking.judged import Judge
from kprules.checking.paths import Key, Paths
from kprules.diagnostics import Problems
from kprules.formula.nodes import Form, Path
from kprules.records.shape import Type, Vocabulary
from kprules.source import Span
from kprules.syntax import tree

BEFORE = " (before)"
"""What the label of a form's former self ends in."""


@dataclass(frozen=True, slots=True)
class Body:
    """A checked term: its parameters and what they make true; `form` None where it failed."""

    written: tree.Term
    parameters: tuple[tuple[str, Type | None], ...]
    """Names and types; of one that was reported, None."""
    form: Form | None
    size: int
    height: int
    binders: frozenset[str]


class Bodies(Protocol):
    """Where the checked bodies of terms come from."""

    names: Mapping[str, tree.Term]

    def body(self, name: str) -> Body:
        """Return the checked body of a known term."""
        ...


@dataclass(slots=True)
class Checked:
    """What became of a clause in a scope, and how much of the limits it takes."""

    clause: tree.Clause
    form: Form | None
    size: int
    height: int


class Room:
    """What the definitions about one kind of record are checked with, and what was checked."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        sets: Mapping[str, tree.SetOf],
        bodies: Bodies,
        problems: Problems,
        torn: frozenset[str] = frozenset(),
    ) -> None:
        """Begin with nothing checked; of `torn` terms and sets nothing is said."""
        self.vocabulary = vocabulary
        self.problems = problems
        self.torn = torn
        self.bodies = bodies
        self.paths = Paths(vocabulary, problems)
        self.comparisons = Comparisons(self.paths, sets, problems, torn)
        self.judge = Judge(self.paths, problems)
        self.done: dict[tuple[int, Key, str], Checked] = {}
        self.placed: dict[tuple[str, tuple[Path, ...], frozenset[str]], Form] = {}


class TooLarge(Exception):  # noqa: N818 - a limit met, not an error of the program
    """A finished tree went past the limit; raised to leave it at once."""

    def __init__(self, span: Span) -> None:
        """Say where."""
        super().__init__()
        self.span = span
