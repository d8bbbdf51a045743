"""Running a program on one block: planes into registers, each judgement's two planes out.

Guarantee: buffers are kept from block to block and written over, so that memory does not grow with
rows or definitions. A line in here touches registers; what a plane means is the program's business.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias, assert_never

import numpy as np

from kprules.formula.nodes import Share
from kprules.tables.facts import Facts
from kprules.tables.planes import Plane
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
)

Sink: TypeAlias = Callable[[int, Plane, Plane], None]
"""Takes a judgement's number, where it is certain, and where it is possible."""


class Frames(Protocol):
    """What a run asks of a layout."""

    facts: Facts

    def shape(self, frame: int, /) -> tuple[int, ...]:
        """Return the shape of a frame's planes."""
        ...

    def lift(self, plane: Plane, frame: int, to: int, /) -> Plane:
        """Return a plane of one frame in a larger one."""
        ...

    def count(self, loop: int, least: int, body: tuple[Plane, int], to: int, /) -> Plane:
        """Return where at least so many of a loop's entries are so."""
        ...

    def share(
        self, loop: int, share: Share, pro: tuple[Plane, int], contra: tuple[Plane, int], to: int, /
    ) -> Plane:
        """Return where the entries for come to a share of those for and against."""
        ...


class Registers:
    """A program's planes, and the buffers that the joins among them are written to."""

    def __init__(self, program: Program) -> None:
        """Begin without buffers."""
        self.program = program
        self.planes: list[Plane] = [np.empty(0, np.uint8)] * len(program.registers)
        self._shapes: dict[int, tuple[int, ...]] = {}
        self._fetches = [
            (step.into, step.work.atom) for step in program.fetches if isinstance(step.work, Fetch)
        ]
        self._orders = [_order(step) for step in program.steps]

    def run(self, layout: Frames, sink: Sink, *, lifting: bool = False) -> None:
        """Run the program on the rows of a layout; `lifting` where frames do not join as are."""
        self._make_room(layout)
        planes, facts = self.planes, layout.facts
        for into, atom in self._fetches:
            planes[into] = facts.atom(atom)
        for how, first, second, into, step in self._orders:
            if how is not None and not lifting:
                if second < 0:
                    np.invert(planes[first], planes[into])
                else:
                    how(planes[first], planes[second], planes[into])
            elif isinstance(step, Emit):
                sink(step.number, planes[step.certain], planes[step.possible])
            else:
                self._do(step, layout)

    def _make_room(self, layout: Frames) -> None:
        """Make buffers of the shapes at hand, where those of the last block do not fit."""
        shapes = {frame: layout.shape(frame) for frame in {0, *self.program.registers}}
        if shapes == self._shapes:
            return
        for register, frame in enumerate(self.program.registers):
            if self.program.writable[register] and shapes[frame] != self._shapes.get(frame):
                self.planes[register] = np.empty(shapes[frame], np.uint8)
        self.planes[FALSE] = np.zeros(shapes[0], np.uint8)
        self.planes[TRUE] = np.full(shapes[0], 255, np.uint8)
        self._shapes = shapes

    def _do(self, step: Step, layout: Frames) -> None:
        planes, given = self.planes, [self.planes[s] for s in step.sources]
        match step.work:
            case Join(how):
                given = [
                    layout.lift(p, f, step.frame) for p, f in zip(given, step.frames, strict=True)
                ]
                join = np.bitwise_and if how == "and" else np.bitwise_or
                join(given[0], given[1], planes[step.into])
            case Invert():
                np.invert(given[0], planes[step.into])
            case Count(loop, least):
                body = (given[0], step.frames[0])
                planes[step.into] = layout.count(loop, least, body, step.frame)
            case Proportion(loop, share):
                pro, contra = zip(given, step.frames, strict=True)
                planes[step.into] = layout.share(loop, share, pro, contra, step.frame)
            case Fetch() | Fixed():
                raise AssertionError(f"{step.work} is no step")
            case _:
                assert_never(step.work)


_Order: TypeAlias = "tuple[np.ufunc | None, int, int, int, Step | Emit]"


def _order(step: Step | Emit) -> _Order:
    """Return a step as the run reads it fastest: how to join what into what, if it joins."""
    match step:
        case Step(Join(how), into, (first, second)):
            return np.bitwise_and if how == "and" else np.bitwise_or, first, second, into, step
        case Step(Invert(), into, (first,)):
            return np.invert, first, -1, into, step
        case _:
            return None, -1, -1, -1, step
