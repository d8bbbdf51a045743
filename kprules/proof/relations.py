"""How definitions relate over all records: which captures whatever another does.

Guarantee: *equal*, *narrower*, *broader* and *disjoint* are proved over every record that the
vocabulary allows, lists of any length; what a relation denies is shown by a witness that was
replayed. Where neither was reached the answer is *not decided*. A line in here asks the prover
small questions; it evaluates nothing and shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations
from time import monotonic

from kprules.formula.definition import Judgement
from kprules.proof.comparing import Comparing
from kprules.proof.prover import Question, Sense, Want
from kprules.proof.witness import Witness

__all__ = [
    "Compared",
    "Extent",
    "Finding",
    "Kind",
    "Reach",
    "Relation",
    "Relations",
    "Sense",
    "Witness",
    "differ",
    "reach",
    "relate",
    "relate_all",
]

SECONDS = 20.0
"""How long a comparison may take unless more is allowed."""


class Kind(StrEnum):
    """How what one definition captures lies to what another does."""

    EQUAL = "equal"
    NARROWER = "narrower"
    BROADER = "broader"
    OVERLAPPING = "overlapping"
    DISJOINT = "disjoint"
    NOT_DECIDED = "not decided"


class Extent(StrEnum):
    """How much a definition captures."""

    NOTHING = "nothing"
    SOMETHING = "something"
    EVERYTHING = "everything"
    NOT_DECIDED = "not decided"


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether there is such a record: with one where there is, and why where it is not decided."""

    exists: bool | None
    witness: Witness | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """Two definitions compared in one sense."""

    sense: Sense
    kind: Kind
    both: Finding
    """A record that both capture."""
    only_left: Finding
    """One that the first captures and the second does not."""
    only_right: Finding
    """One that the second captures and the first does not."""

    def flipped(self) -> Compared:
        """Return the same with the definitions exchanged."""
        turned = {Kind.NARROWER: Kind.BROADER, Kind.BROADER: Kind.NARROWER}
        return replace(
            self,
            kind=turned.get(self.kind, self.kind),
            only_left=self.only_right,
            only_right=self.only_left,
        )


@dataclass(frozen=True, slots=True)
class Reach:
    """How much a definition captures, in both senses."""

    judgement: Judgement
    settled: Extent
    unknowns: Extent
    captured: Finding
    """A record that it captures."""
    spared: Finding
    """One that it certainly does not."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How the first of two definitions lies to the second, in both senses."""

    left: Judgement
    right: Judgement
    settled: Compared
    unknowns: Compared

    @property
    def kind(self) -> Kind:
        """The relation on settled facts."""
        return self.settled.kind

    def flipped(self) -> Relation:
        """Return how the second lies to the first."""
        return Relation(self.right, self.left, self.settled.flipped(), self.unknowns.flipped())


@dataclass(frozen=True, slots=True)
class Relations:
    """How each of some definitions lies to each other that judges the same kind of record."""

    judgements: tuple[Judgement, ...]
    reaches: tuple[Reach, ...]
    pairs: Mapping[tuple[int, int], Relation]
    """By the numbers of two judgements, the lower first."""

    def between(self, left: int, right: int) -> Relation:
        """Return how one judgement, by its number, lies to another."""
        if left < right:
            return self.pairs[left, right]
        return self.pairs[right, left].flipped()

    def __iter__(self) -> Iterator[Relation]:
        """Yield the relation of every pair."""
        return iter(self.pairs.values())


def relate(
    left: Judgement,
    right: Judgement,
    *,
    seconds: float = SECONDS,
    fewest: bool = False,
    whole: bool = False,
) -> Relation:
    """Return how a definition lies to another, in both senses, with witnesses.

    No fact of a witness can be left out, and one on settled facts shows what it does however that
    which it leaves out turns out. With `fewest` no case that shows the same states fewer facts;
    with `whole` those on settled facts state all that the definitions read instead.
    """
    if left.definition.about != right.definition.about:
        raise ValueError(
            f"{left.id} is about a {left.definition.about}, {right.id} about a "
            f"{right.definition.about}"
        )
    return _Asking((left, right), _until(seconds), fewest=fewest, whole=whole).relation(0, 1)


def reach(judgement: Judgement, *, seconds: float = SECONDS) -> Reach:
    """Return whether a definition can capture anything at all, or everything."""
    return _Asking((judgement,), _until(seconds)).reach(0)


def differ(left: Judgement, right: Judgement, *, seconds: float = SECONDS) -> Finding:
    """Return whether there is a record, unknown facts or not, on which the outcomes differ."""
    asking = _Asking((left, right), _until(seconds))
    found = [
        asking.finding(((a, yes), (b, no)), Sense.UNKNOWNS)
        for a, b in ((0, 1), (1, 0))
        for yes, no in ((Want.CAPTURED, Want.NOT_CAPTURED), (Want.POSSIBLE, Want.IMPOSSIBLE))
    ]
    for wanted in (True, None):
        for finding in found:
            if finding.exists is wanted:
                return finding
    return found[0]


def relate_all(
    judgements: Iterable[Judgement],
    *,
    seconds: float = SECONDS,
    witnesses: bool = True,
    fewest: bool = False,
) -> Relations:
    """Return how each of some definitions lies to each other about the same kind of record.

    Without `witnesses` each answer is as certain, and comes without the case that shows it.
    """
    every = tuple(judgements)
    until = _until(seconds)
    groups: dict[str, list[int]] = {}
    for index, judgement in enumerate(every):
        groups.setdefault(judgement.definition.about, []).append(index)
    pairs: dict[tuple[int, int], Relation] = {}
    reaches: dict[int, Reach] = {}
    for indices in groups.values():
        asking = _Asking([every[i] for i in indices], until, witnesses=witnesses, fewest=fewest)
        light = asking.light()
        for slow in (False, True):  # those that may take all the time come last
            for at, index in enumerate(indices):
                if (at not in light) is slow:
                    reaches[index] = asking.reach(at)
            for left, right in combinations(range(len(indices)), 2):
                if (not light.issuperset((left, right))) is slow:
                    pairs[indices[left], indices[right]] = asking.relation(left, right)
    return Relations(
        every, tuple(reaches[i] for i in range(len(every))), dict(sorted(pairs.items()))
    )


def _until(seconds: float) -> float:
    return monotonic() + seconds


class _Asking:
    """The named questions, each a small one over the general one."""

    def __init__(
        self,
        judgements: Sequence[Judgement],
        until: float,
        *,
        witnesses: bool = True,
        fewest: bool = False,
        whole: bool = False,
    ) -> None:
        self._judgements = judgements
        self._comparing = Comparing(
            judgements, until, witnesses=witnesses, least=fewest, whole=whole
        )

    def light(self) -> frozenset[int]:
        """Return the judgements that are quickly asked about; the others are to wait for them."""
        return frozenset(self._comparing.in_common())

    def finding(self, question: Question, sense: Sense) -> Finding:
        """Return whether there is a record on which the judgements come out as asked."""
        exists, witness, why = self._comparing.ask(question, sense)
        return Finding(exists, witness, why)

    def captured(self, index: int, sense: Sense) -> Finding:
        """Return whether a definition captures anything."""
        return self.finding(((index, Want.CAPTURED),), sense)

    def spared(self, index: int, sense: Sense) -> Finding:
        """Return whether there is anything that a definition does not capture."""
        return self.finding(((index, Want.NOT_CAPTURED),), sense)

    def both(self, left: int, right: int, sense: Sense) -> Finding:
        """Return whether anything is captured by both."""
        return self.finding(((left, Want.CAPTURED), (right, Want.CAPTURED)), sense)

    def only(self, left: int, right: int, sense: Sense) -> Finding:
        """Return whether anything is captured by the one and not by the other."""
        return self.finding(((left, Want.CAPTURED), (right, Want.NOT_CAPTURED)), sense)

    def reach(self, index: int) -> Reach:
        """Return how much a definition captures."""
        settled = [self.captured(index, Sense.SETTLED), self.spared(index, Sense.SETTLED)]
        unknowns = [self.captured(index, Sense.UNKNOWNS), self.spared(index, Sense.UNKNOWNS)]
        return Reach(
            self._judgements[index], _extent(*settled), _extent(*unknowns), settled[0], settled[1]
        )

    def relation(self, left: int, right: int) -> Relation:
        """Return how two definitions lie to each other."""
        settled, unknowns = (self._compared(left, right, sense) for sense in Sense)
        return Relation(self._judgements[left], self._judgements[right], settled, unknowns)

    def _compared(self, left: int, right: int, sense: Sense) -> Compared:
        both = self.both(left, right, sense)
        only_left, only_right = self.only(left, right, sense), self.only(right, left, sense)
        return Compared(sense, _kind(both, only_left, only_right), both, only_left, only_right)


def _extent(captured: Finding, spared: Finding) -> Extent:
    if captured.exists is False:
        return Extent.NOTHING
    if spared.exists is False:
        return Extent.EVERYTHING
    both = captured.exists and spared.exists
    return Extent.SOMETHING if both else Extent.NOT_DECIDED


def _kind(both: Finding, only_left: Finding, only_right: Finding) -> Kind:
    """Return the relation that three answers come to; where one is missing that matters, none."""
    match only_left.exists, only_right.exists, both.exists:
        case False, False, _:
            return Kind.EQUAL
        case False, True, _:
            return Kind.NARROWER
        case True, False, _:
            return Kind.BROADER
        case True, True, True:
            return Kind.OVERLAPPING
        case True, True, False:
            return Kind.DISJOINT
        case _:
            return Kind.NOT_DECIDED
