"""Lists slot by slot: entry 0 of every row, entry 1 of every row, and so on, each an axis.

Guarantee: rows whose lists are longer than the slots made for them are marked (`long`), and what is
said of them here means nothing. A line in here touches bits and numbers of entries.

A plane in a frame has its rows on the last axis and a loop on the axis that the program numbers it
by, counted from the one before the last; axes of loops that are not in the frame have length one,
or are left out at the front, so that planes of different frames join as they are.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from kprules.formula.expressions import Loop
from kprules.formula.nodes import Share
from kprules.tables.arrow import Gather
from kprules.tables.facts import Facts, Spot
from kprules.tables.leaves import Entries, Leaf
from kprules.tables.planes import Plane, counters, numbers, pack, reaches, width
from kprules.tables.quantities import Truths
from kprules.tables.rows import Rows
from kprules.tables.steps import Program

MOST_SLOTS: Final = 24
_ROW_COST: Final = 16
"""What an entry costs outside the slots, where a place in a slot costs one."""


MOST_PLACES: Final = 1 << 23
"""Places of entries that one frame may have: beyond, fewer rows are judged at once."""
_FEWEST_ROWS: Final = 64


class TooWideError(Exception):
    """The rows have too many slots to be judged at once."""


class Slots:
    """The layout of one block."""

    def __init__(self, root: Rows, program: Program) -> None:
        """Lay out the entries of all loops, those of outer ones first."""
        self.root, self.rows = root, root.domain.count
        self.axes, self.closures = program.axes, program.closures
        self.facts = Facts(self)
        self._numbers = {loop: index for index, loop in enumerate(program.loops)}
        self._spots: dict[Loop | None, Spot] = {None: Spot(root)}
        self.present: list[Plane] = []
        self._here: list[npt.NDArray[np.bool_]] = []
        self.sizes: list[int] = []
        self.long: Truths | None = None
        for loop in program.loops:
            self._lay_out(loop)

    def _lay_out(self, loop: Loop) -> None:
        index = self._numbers[loop]
        leaf = self.facts.leaf(loop.over)
        assert isinstance(leaf, Entries)  # noqa: S101 - the leaf of a list
        lengths = leaf.counted()
        if loop.over.scope is not None:
            lengths = lengths * self._here[self._numbers[loop.over.scope]]
        size = self._size(lengths)
        if size * lengths.size > MOST_PLACES and self.rows > _FEWEST_ROWS:
            raise TooWideError
        entries = self.facts.spot(loop.over.scope, loop.over.path.fields[:-1]).rows.entries(
            loop.over.path.fields[-1]
        )
        held = entries.domain.count
        axis = self.axes[index]
        starts, counts = (_with_axes(v.astype(np.uint32), axis + 2) for v in (leaf.starts, lengths))
        slot = np.arange(size, dtype=np.uint32).reshape((size,) + (1,) * (axis + 1))
        here = slot < counts
        where = starts + slot
        np.minimum(where, np.uint32(max(held - 1, 0)), out=where)
        self._spots[loop] = Spot(entries, Gather(where, held))
        self.sizes.append(size)
        self._here.append(here)
        self.present.append(pack(here))

    def _size(self, lengths: npt.NDArray[np.int64]) -> int:
        """Return how many slots cost least; mark the rows that do not fit in them."""
        most = int(lengths.max(initial=0))
        if most <= 1:
            return most
        held = np.bincount(np.minimum(lengths, MOST_SLOTS + 1).ravel(), minlength=MOST_SLOTS + 2)
        total = int(lengths.sum())
        best, cost = 0, total * _ROW_COST
        inside = 0
        for size in range(1, min(most, MOST_SLOTS) + 1):
            inside += size * int(held[size])
            here = size * lengths.size + (total - inside) * _ROW_COST
            if here <= cost:
                best, cost = size, here
        if best < most:
            long: Truths = np.any((lengths > best).reshape(-1, self.rows), axis=0)
            self.long = long if self.long is None else self.long | long
        return best

    # --- what the facts ask -----------------------------------------------------------------------

    def spot(self, loop: Loop | None) -> Spot:
        """Return the entries of a loop, slot by slot."""
        return self._spots[loop]

    def frame(self, loop: Loop | None) -> int:
        """Return the frame of a loop's entries."""
        return 0 if loop is None else self.closures[self._numbers[loop]]

    def lifted(self, leaf: Leaf, frame: int, to: int) -> Leaf:
        """Return the leaf: frames join as they are."""
        del frame, to
        return leaf

    # --- what the run asks ------------------------------------------------------------------------

    def shape(self, frame: int) -> tuple[int, ...]:
        """Return the shape of a frame's planes."""
        inside = [loop for loop in range(frame.bit_length()) if frame >> loop & 1]
        axes = [1] * (max((self.axes[loop] for loop in inside), default=-1) + 1)
        for loop in inside:
            axes[-1 - self.axes[loop]] = self.sizes[loop]
        return (*axes, width(self.rows))

    def lift(self, plane: Plane, frame: int, to: int) -> Plane:
        """Return the plane: frames join as they are."""
        del frame, to
        return plane

    def count(self, loop: int, least: int, body: tuple[Plane, int], to: int) -> Plane:
        """Return where at least so many of a loop's entries are so."""
        if self.sizes[loop] < least:
            return np.zeros(self.shape(to), np.uint8)
        here = body[0] & self.present[loop]
        axis = here.ndim - 2 - self.axes[loop]
        if least == 1:
            found = np.bitwise_or.reduce(here, axis=axis, keepdims=True)
        else:
            found = reaches(self._counters(here, axis), least)
        return found.reshape(self.shape(to))

    def share(
        self, loop: int, share: Share, pro: tuple[Plane, int], contra: tuple[Plane, int], to: int
    ) -> Plane:
        """Return where the entries for come to a share of those for and against."""
        if not self.sizes[loop]:
            return np.zeros(self.shape(to), np.uint8)
        counts = []
        for plane, _ in (pro, contra):
            here = plane & self.present[loop]
            counts.append(numbers(self._counters(here, here.ndim - 2 - self.axes[loop]), self.rows))
        return pack(comes_to(share, *counts)).reshape(self.shape(to))

    def _counters(self, here: Plane, axis: int) -> list[Plane]:
        many = here.shape[axis]
        return counters([here.take([slot], axis=axis) for slot in range(many)])

    def ordinary(self) -> Plane | None:
        """Return the rows whose lists fit; `None` is all."""
        return None if self.long is None else pack(~self.long)


def _with_axes(values: npt.NDArray[Any], axes: int) -> npt.NDArray[Any]:
    """Return values with so many axes at least, those in front of length one."""
    return values.reshape((1,) * (axes - values.ndim) + values.shape)


def comes_to(share: Share, pro: npt.NDArray[Any], contra: npt.NDArray[Any]) -> Truths:
    """Return where so many for and so many against come to the share; none at all do not."""
    have, need = pro * share.whole, share.part * (pro + contra)
    enough: Truths = have > need if share.strictly else have >= need
    return enough & (pro > 0)
