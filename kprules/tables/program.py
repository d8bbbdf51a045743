"""Expressions as a list of steps on planes, equal steps once, registers used again.

Guarantee: a step comes after those it needs; a register is written again only when nobody needs
what it held. A line in here touches numbers of steps and registers; it sees no bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, assert_never

from kprules.formula.expressions import (
    Atom,
    Compared,
    CompleteFact,
    Conj,
    Constant,
    Counted,
    Disj,
    Expressions,
    KnownFact,
    Lists,
    Loop,
    Negated,
    OneOf,
    Place,
    Shared,
)
from kprules.tables.steps import (
    FALSE,
    TRUE,
    Count,
    Emit,
    Fetch,
    Fixed,
    Invert,
    Join,
    Program,
    Proportion,
    Step,
    Work,
    places_of,
    sources,
)


def _first_place(step: Step, met: dict[Place, int]) -> int:
    """Return when the fact that a fetch looks at was first met: columns are read one by one."""
    assert isinstance(step.work, Fetch)  # noqa: S101 - fetches fetch
    return met.setdefault(places_of(step.work.atom)[0], len(met))


def plan(
    store: Expressions,
    truths: Sequence[tuple[int, int]],
    always_known: Callable[[Place], bool] = lambda _: False,
) -> Program:
    """Return the program that computes each judgement's (certain, possible)."""
    return _Planner(store, truths, always_known).program()


class _Planner:
    """Joins of two instead of many, and the frame that each piece of work is done in."""

    def __init__(
        self,
        store: Expressions,
        truths: Sequence[tuple[int, int]],
        always_known: Callable[[Place], bool],
    ) -> None:
        self.store = store
        self.always_known = always_known
        self.truths = truths
        self.made = Program()
        self.works: list[Work] = []
        self.frames: list[int] = []
        self._numbers: dict[Work, int] = {}
        self._done: dict[int, int] = {}
        self._loops: dict[Loop, int] = {}
        self._uses: dict[int, int] = {}
        self._places: dict[Place, Place] = {}

    # --- work -------------------------------------------------------------------------------------

    def program(self) -> Program:
        roots = [number for pair in self.truths for number in pair]
        self._count_uses(roots)
        self._add(Fixed(value=False), 0)
        self._add(Fixed(value=True), 0)
        pairs = [(self._work(c), self._work(p)) for c, p in self.truths]
        self._schedule(pairs)
        self._number_axes()
        met: dict[Place, int] = {}
        self.made.fetches.sort(key=lambda step: _first_place(step, met))
        return self.made

    def _number_axes(self) -> None:
        """Give loops that meet in a frame different numbers, the lowest that are free."""
        frames = {*self.made.closures, *self.frames}
        for index, work in enumerate(self.works):
            if isinstance(work, Count | Proportion):
                inside = self.made.closures[work.loop]
                frames |= {self.frames[source] | inside for source in sources(work)}
                frames.add(self.frames[index] | inside)
        for loop in range(len(self.made.loops)):
            met = {
                self.made.axes[other]
                for frame in frames
                if frame >> loop & 1
                for other in range(loop)
                if frame >> other & 1
            }
            self.made.axes.append(next(a for a in range(loop + 1) if a not in met))

    def _count_uses(self, roots: Sequence[int]) -> None:
        """Count the joins that each expression is a part of: what many share is joined first."""
        stack, seen = list(roots), set[int]()
        while stack:
            number = stack.pop()
            if number in seen:
                continue
            seen.add(number)
            node = self.store.nodes[number]
            match node:
                case Conj(parts) | Disj(parts):
                    for part in parts:
                        self._uses[part] = self._uses.get(part, 0) + 1
                    stack += parts
                case Negated(part):
                    stack.append(part)
                case Counted(_, _, body):
                    stack.append(body)
                case Shared(_, _, pro, contra):
                    stack += [pro, contra]
                case _:
                    pass

    def _add(self, work: Work, frame: int) -> int:
        number = self._numbers.get(work)
        if number is None:
            number = self._numbers[work] = len(self.works)
            self.works.append(work)
            self.frames.append(frame)
        return number

    def _work(self, number: int) -> int:
        found = self._done.get(number)
        if found is None:
            found = self._done[number] = self._made(number)
        return found

    def _made(self, number: int) -> int:
        node = self.store.nodes[number]
        match node:
            case Constant(value):
                return TRUE if value else FALSE
            case Conj(parts):
                return self._join("and", parts)
            case Disj(parts):
                return self._join("or", parts)
            case Negated(part):
                inner = self._work(part)
                return self._add(Invert(inner), self.frames[inner])
            case Counted(loop, least, body):
                index, inner = self._loop(loop), self._work(body)
                return self._add(Count(index, least, inner), self._outside(index, inner))
            case Shared(loop, share, pro, contra):
                index, first, second = self._loop(loop), self._work(pro), self._work(contra)
                frame = self._outside(index, first) | self._outside(index, second)
                return self._add(Proportion(index, share, first, second), frame)
            case KnownFact() | CompleteFact():
                return self._fetch(node)
            case Lists(place, maybe=True):
                so = self._fetch(replace(node, maybe=False))
                return self._either(so, [self._fetch(CompleteFact(place))])
            case Compared(maybe=maybe) | OneOf(maybe=maybe) | Lists(maybe=maybe):
                so = self._fetch(replace(node, maybe=False))
                known = [
                    self._fetch(KnownFact(place))
                    for place in places_of(node)
                    if not self.always_known(place)
                ]
                if maybe:
                    return self._either(so, known)
                for plane in known:
                    so = self._both("and", so, plane)
                return so
            case _:
                assert_never(node)

    def _fetch(self, atom: Atom) -> int:
        frame, atom = 0, self._with_own_places(atom)
        for place in places_of(atom):
            frame |= self._frame(place.scope)
        return self._add(Fetch(atom), frame)

    def _with_own_places(self, atom: Atom) -> Atom:
        """Return an atom in which equal places are one object."""
        own = self._places
        match atom:
            case Compared(left, _, Place() as right):
                left, right = own.setdefault(left, left), own.setdefault(right, right)
                return replace(atom, left=left, right=right)
            case Compared(left):
                return replace(atom, left=own.setdefault(left, left))
            case KnownFact(place) | CompleteFact(place) | OneOf(place) | Lists(place):
                return replace(atom, place=own.setdefault(place, place))
            case _:
                assert_never(atom)

    def _either(self, so: int, known: Sequence[int]) -> int:
        """Return where it is so, or something is not known."""
        for plane in known:
            so = self._both("or", so, self._add(Invert(plane), self.frames[plane]))
        return so

    def _both(self, how: Literal["and", "or"], first: int, second: int) -> int:
        return self._add(Join(how, first, second), self.frames[first] | self.frames[second])

    def _join(self, how: Literal["and", "or"], parts: Sequence[int]) -> int:
        """Join what lies in few loops first, and what many joins share before the rest."""
        works = [(self._work(part), -self._uses[part]) for part in parts]
        works.sort(key=lambda w: (self.frames[w[0]].bit_count(), self.frames[w[0]], w[1], w[0]))
        joined = works[0][0]
        for work, _ in works[1:]:
            joined = self._both(how, joined, work)
        return joined

    def _outside(self, loop: int, body: int) -> int:
        """Return the frame that is left when a loop has been walked."""
        return (self.frames[body] | self.made.closures[loop]) & ~(1 << loop)

    def _loop(self, loop: Loop) -> int:
        index = self._loops.get(loop)
        if index is None:
            around = self._frame(loop.over.scope)
            index = self._loops[loop] = len(self.made.loops)
            self.made.loops.append(loop)
            self.made.closures.append(around | 1 << index)
        return index

    def _frame(self, scope: Loop | None) -> int:
        return 0 if scope is None else self.made.closures[self._loop(scope)]

    # --- registers --------------------------------------------------------------------------------

    def _schedule(self, pairs: Sequence[tuple[int, int]]) -> None:
        order = self._order(pairs)
        last: dict[int, int] = {}
        for moment, entry in enumerate(order):
            for source in entry if isinstance(entry, tuple) else sources(self.works[entry]):
                last[source] = moment
        place: dict[int, int] = {}
        free: dict[int, list[int]] = {}
        emitted = 0
        for work in (FALSE, TRUE):
            place[work] = self._register(0, writable=False)
        for moment, entry in enumerate(order):
            used = entry if isinstance(entry, tuple) else sources(self.works[entry])
            if isinstance(entry, tuple):
                self.made.steps.append(Emit(emitted, place[entry[0]], place[entry[1]]))
                emitted += 1
            else:
                self._place(entry, place, free)
            for source in set(used):
                if last[source] == moment and self.made.writable[place[source]]:
                    free.setdefault(self.frames[source], []).append(place[source])

    def _place(self, work: int, place: dict[int, int], free: dict[int, list[int]]) -> None:
        """Give a piece of work its register, and write its step."""
        what, frame = self.works[work], self.frames[work]
        joining = isinstance(what, Join | Invert)
        spare = free.get(frame)
        place[work] = spare.pop() if joining and spare else self._register(frame, writable=joining)
        used = sources(what)
        step = Step(
            what,
            place[work],
            tuple(place[s] for s in used),
            tuple(self.frames[s] for s in used),
            frame,
        )
        (self.made.fetches if isinstance(what, Fetch) else self.made.steps).append(step)

    def _register(self, frame: int, *, writable: bool) -> int:
        self.made.registers.append(frame)
        self.made.writable.append(writable)
        return len(self.made.registers) - 1

    def _order(self, pairs: Sequence[tuple[int, int]]) -> list[int | tuple[int, int]]:
        """Return all work, parts first, each judgement as soon as its parts are there."""
        order: list[int | tuple[int, int]] = []
        seen = {FALSE, TRUE}
        for pair in pairs:
            for root in pair:
                stack = [(root, False)]
                while stack:
                    work, ready = stack.pop()
                    if ready:
                        order.append(work)
                    elif work not in seen:
                        seen.add(work)
                        stack.append((work, True))
                        stack += [(s, False) for s in reversed(sources(self.works[work]))]
            order.append(pair)
        return order
