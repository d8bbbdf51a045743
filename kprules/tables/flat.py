"""Lists end to end: for rows whose lists are too long for slots, every entry a bit of its own.

Guarantee: any number of entries, in lists of any length; the work grows with the entries there are
and nothing else. A line in here touches numbers of entries and of the frames that they stand in.

A frame of several loops holds every combination of their entries in one row: those of the loop with
the highest number vary fastest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kprules.formula.expressions import Loop
from kprules.formula.nodes import Share
from kprules.tables.arrow import Gather, starts_of
from kprules.tables.facts import Facts, Spot
from kprules.tables.leaves import Entries, Leaf
from kprules.tables.planes import Plane, pack, unpack, width
from kprules.tables.rows import Rows
from kprules.tables.slots import comes_to

Where = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The combinations of entries of some loops: those of one loop fewer, each with its entries."""

    count: int
    above: Where
    """For each, which combination of one loop fewer it belongs to."""
    entry: Where
    """For each, which entry of the last loop's list it is."""
    starts: Where
    """For each of one loop fewer, where its own begin."""


class Flat:
    """The layout of chosen rows of a block."""

    def __init__(
        self, root: Rows, loops: Sequence[Loop], closures: Sequence[int], chosen: Where
    ) -> None:
        """Lay out the entries of chosen rows."""
        self.loops, self.closures = loops, closures
        self.rows = len(chosen)
        self.facts = Facts(self)
        self._numbers = {loop: index for index, loop in enumerate(loops)}
        self._spots: dict[Loop | None, Spot] = {
            None: Spot(root, Gather(chosen.astype(np.uint32), root.domain.count))
        }
        nowhere = np.zeros(0, np.int64)
        self._frames: dict[int, _Frame] = {0: _Frame(self.rows, nowhere, nowhere, nowhere)}
        self._positions: dict[tuple[int, int], Where] = {}

    # --- what the facts ask -----------------------------------------------------------------------

    def spot(self, loop: Loop | None) -> Spot:
        """Return the entries of a loop, end to end."""
        spot = self._spots.get(loop)
        if spot is None:
            assert loop is not None  # noqa: S101 - the rows stand there from the start
            over = loop.over
            frame = self._frame(self.frame(loop))
            starts = self._list(loop).starts
            rows = self.facts.spot(over.scope, over.path.fields[:-1]).rows
            entries = rows.entries(over.path.fields[-1])
            where = starts.take(frame.above) + frame.entry
            spot = self._spots[loop] = Spot(
                entries, Gather(where.astype(np.uint32), entries.domain.count)
            )
        return spot

    def frame(self, loop: Loop | None) -> int:
        """Return the frame of a loop's entries."""
        return 0 if loop is None else self.closures[self._numbers[loop]]

    def lifted(self, leaf: Leaf, frame: int, to: int) -> Leaf:
        """Return a leaf of one frame in a larger one."""
        if frame == to:
            return leaf
        return leaf.taken(Gather(self._position(to, frame), self._frame(frame).count))

    def _list(self, loop: Loop) -> Entries:
        leaf = self.facts.leaf(loop.over)
        assert isinstance(leaf, Entries)  # noqa: S101 - the leaf of a list
        return leaf

    # --- frames -----------------------------------------------------------------------------------

    def _frame(self, frame: int) -> _Frame:
        made = self._frames.get(frame)
        if made is None:
            last = frame.bit_length() - 1
            loop, rest = self.loops[last], frame ^ (1 << last)
            own = self.frame(loop.over.scope)
            lengths = self._list(loop).counted().astype(np.int64, copy=False)
            if own != rest:
                lengths = lengths.take(self._position(rest, own))
            starts = starts_of(lengths) if len(lengths) else lengths
            above = np.repeat(np.arange(len(lengths)), lengths)
            entry = np.arange(len(above)) - starts.take(above)
            made = self._frames[frame] = _Frame(len(above), above, entry, starts)
        return made

    def _position(self, frame: int, to: int) -> Where:
        """Return, for each combination of a frame, which of a smaller frame's it contains."""
        if frame == to:
            return np.arange(self._frame(frame).count)
        found = self._positions.get((frame, to))
        if found is None:
            highest = 1 << (frame.bit_length() - 1)
            made = self._frame(frame)
            below = self._position(frame ^ highest, to & ~highest).take(made.above)
            if to & highest:
                below = self._frame(to).starts.take(below) + made.entry
            found = self._positions[frame, to] = below
        return found

    # --- what the run asks ------------------------------------------------------------------------

    def shape(self, frame: int) -> tuple[int, ...]:
        """Return the shape of a frame's planes."""
        return (width(self._frame(frame).count),)

    def lift(self, plane: Plane, frame: int, to: int) -> Plane:
        """Return a plane of one frame in a larger one."""
        if frame == to:
            return plane
        bits = unpack(plane, self._frame(frame).count)
        return pack(bits.take(self._position(to, frame)))

    def count(self, loop: int, least: int, body: tuple[Plane, int], to: int) -> Plane:
        """Return where at least so many of a loop's entries are so."""
        return pack(self._sums(loop, body, to) >= least)

    def share(
        self, loop: int, share: Share, pro: tuple[Plane, int], contra: tuple[Plane, int], to: int
    ) -> Plane:
        """Return where the entries for come to a share of those for and against."""
        sums = [self._sums(loop, body, to) for body in (pro, contra)]
        return pack(comes_to(share, *sums))

    def _sums(self, loop: int, body: tuple[Plane, int], to: int) -> Where:
        """Return how many entries of a loop are so, for each combination of the others."""
        whole = to | 1 << loop
        bits = unpack(self.lift(body[0], body[1], whole), self._frame(whole).count)
        so = self._position(whole, to)[bits.view(np.bool_)]
        return np.bincount(so, minlength=self._frame(to).count)

    def sizes(self, frames: set[int]) -> Where:
        """Return, row by row, how many combinations at most the frames hold; each list at least."""
        held = [np.bincount(self._position(own, 0), minlength=self.rows) for own in self.closures]
        most = np.zeros(self.rows, np.int64)
        for frame in frames | set(self.closures):
            combined = np.ones(self.rows, np.float64)
            for index, count in enumerate(held):
                around = any(
                    frame >> other & 1 and other != index and self.closures[other] >> index & 1
                    for other in range(len(held))
                )
                if frame >> index & 1 and not around:
                    combined *= count
            most = np.maximum(most, np.minimum(combined, 2**62).astype(np.int64))
        return most
