"""Where the boxes of an order stand and which way its lines run.

Guarantee: boxes do not overlap, the broader stands in a row above the narrower, and a line touches
no box but the two that it joins: in a row that it passes it has a lane of its own. Rows and the
order in them are a library's (igraph's, after Sugiyama). A line in here touches numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_EDGE: Final = 10
_GAP_X: Final = 26
_GAP_Y: Final = 60
_LANE: Final = 6
"""How wide a lane is; half the usual gap lies on either side of it."""
_WIDEST_ROW: Final = 1500
_SWEEPS: Final = 24
_STRAIGHT: Final = 8
"""How much more a lane heeds the lane above or below it than a box does."""
_UNSOUND: Final = (1,)
"""The first version of the library whose layout cannot be relied on."""

Point = tuple[float, float]
Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A box: its upper left corner and its size."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The middle of the box, from the left."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Layout:
    """A box for each group, and for each edge the points that its line goes through.

    The first and the last point lie on the boxes joined, the broader one's first. Between them
    stretches that go straight down, through a row, and stretches between two rows take turns.
    """

    boxes: tuple[Box, ...]
    lines: tuple[tuple[Point, ...], ...]


def laid_out(sizes: Sequence[Size], edges: Sequence[tuple[int, int]]) -> Layout:
    """Lay out boxes of some sizes; an edge names the narrower, which stands lower, first."""
    related = sorted({index for edge in edges for index in edge})
    # Those that lie neither below nor above another stand apart, under all the rest.
    alone = [index for index in range(len(sizes)) if index not in set(related)]
    drawn = _Drawn(sizes, related, edges) if related else None
    boxes = dict(drawn.boxes()) if drawn else {}
    below = max((box.y + box.height + _GAP_Y for box in boxes.values()), default=_EDGE)
    boxes.update(
        _apart(alone, sizes, below, max((b.x + b.width for b in boxes.values()), default=0))
    )
    lines = tuple(drawn.line(number) for number in range(len(edges))) if drawn else ()
    return Layout(tuple(boxes[index] for index in range(len(sizes))), lines)


def _apart(
    alone: Sequence[int], sizes: Sequence[Size], y: float, right: float
) -> Iterator[tuple[int, Box]]:
    """Yield boxes in rows, each row in the middle of the picture."""
    rows = list(_broken(alone, sizes))
    right = max([right, *(_EDGE + _span(row, sizes) for row in rows)])
    for row in rows:
        x = (_EDGE + right - _span(row, sizes)) / 2
        for index in row:
            width, height = sizes[index]
            yield index, Box(x, y, width, height)
            x += width + _GAP_X
        y += max(sizes[index][1] for index in row) + _GAP_Y / 2


def _broken(row: Iterable[int], sizes: Sequence[Size]) -> Iterator[list[int]]:
    """Yield the rows that some boxes take, none of them too wide to read."""
    now: list[int] = []
    for index in row:
        if now and _span([*now, index], sizes) > _WIDEST_ROW:
            yield now
            now = []
        now.append(index)
    if now:
        yield now


def _span(row: Sequence[int], sizes: Sequence[Size]) -> float:
    return sum(sizes[index][0] for index in row) + _GAP_X * (len(row) - 1)


class _Drawn:
    """Boxes and lanes in rows: a lane is a place that an edge takes in a row that it passes."""

    def __init__(
        self, sizes: Sequence[Size], related: Sequence[int], edges: Sequence[tuple[int, int]]
    ) -> None:
        self._sizes = {index: sizes[index] for index in related}
        row_of = _rows(sizes, related, edges)
        self._chains: list[list[int]] = []
        following = len(sizes)
        for low, high in edges:
            passed = range(row_of[high] + 1, row_of[low])
            lanes = [following + step for step in range(len(passed))]
            following += len(lanes)
            row_of.update(zip(lanes, passed, strict=True))
            self._chains.append([high, *lanes, low])
        self._rows = _ordered(row_of, self._chains)
        self._row_of = row_of
        self._x = self._placed()
        self._tops: list[float] = []
        self._bottoms: list[float] = []
        y: float = _EDGE
        for row in self._rows:
            self._tops.append(y)
            y += max(self._sizes[place][1] for place in row if place in self._sizes)
            self._bottoms.append(y)
            y += _GAP_Y

    def boxes(self) -> Iterator[tuple[int, Box]]:
        """Yield the boxes."""
        for index, (width, height) in self._sizes.items():
            top = self._tops[self._row_of[index]]
            yield index, Box(self._x[index] - width / 2, top, width, height)

    def line(self, number: int) -> tuple[Point, ...]:
        """Return the points of an edge, from the broader box down to the narrower."""
        high, *lanes, low = self._chains[number]
        start = self._tops[self._row_of[high]] + self._sizes[high][1]
        points = [(self._x[high], start), (self._x[high], self._bottoms[self._row_of[high]])]
        for lane in lanes:
            row = self._row_of[lane]
            points += [(self._x[lane], self._tops[row]), (self._x[lane], self._bottoms[row])]
        return (*points, (self._x[low], self._tops[self._row_of[low]]))

    def _placed(self) -> dict[int, float]:
        """Return the middle of each place: near those it is joined with, in its row's order."""
        near: dict[int, list[tuple[int, int]]] = {place: [] for place in self._row_of}
        for chain in self._chains:
            for upper, lower in pairwise(chain):
                boxes = (upper in self._sizes) + (lower in self._sizes)
                pull = (_STRAIGHT, 2, 1)[boxes]
                near[upper].append((lower, pull))
                near[lower].append((upper, pull))
        offsets = [self._offsets(row) for row in self._rows]
        x = {
            place: offset - row_offsets[-1] / 2
            for row, row_offsets in zip(self._rows, offsets, strict=True)
            for place, offset in zip(row, row_offsets, strict=True)
        }
        downwards = list(zip(self._rows, offsets, strict=True))
        for sweep in range(_SWEEPS):
            for row, row_offsets in downwards if sweep % 2 == 0 else reversed(downwards):
                pulls = [sum(pull for _, pull in near[place]) for place in row]
                wished = [
                    sum(x[other] * pull for other, pull in near[place]) / total
                    for place, total in zip(row, pulls, strict=True)
                ]
                x.update(zip(row, _spaced(wished, pulls, row_offsets), strict=True))
        left = min(x[place] - self._width(place) / 2 for place in x)
        return {place: middle - left + _EDGE for place, middle in x.items()}

    def _offsets(self, row: Sequence[int]) -> list[float]:
        """Return how far from the first place of a row the others are at least."""
        found = [0.0]
        for before, after in pairwise(row):
            between = (self._width(before) + self._width(after)) / 2
            lanes = (before not in self._sizes) or (after not in self._sizes)
            found.append(found[-1] + between + (_GAP_X / 2 if lanes else _GAP_X))
        return found

    def _width(self, place: int) -> float:
        return self._sizes[place][0] if place in self._sizes else _LANE


def _rows(
    sizes: Sequence[Size], related: Sequence[int], edges: Sequence[tuple[int, int]]
) -> dict[int, int]:
    """Return the row of each box: the library's layers, each broken where it is too wide."""
    places = _sugiyama(related, [(high, low) for low, high in edges], None)
    layers: dict[int, list[int]] = {}
    for index in sorted(related, key=lambda i: places[i]):
        layers.setdefault(round(places[index][1]), []).append(index)
    rows = [row for _, layer in sorted(layers.items()) for row in _broken(layer, sizes)]
    return {index: number for number, row in enumerate(rows) for index in row}


def _ordered(row_of: Mapping[int, int], chains: Iterable[Sequence[int]]) -> list[list[int]]:
    """Return the places of each row in the order in which few lines cross."""
    steps = [step for chain in chains for step in pairwise(chain)]
    places = _sugiyama(list(row_of), steps, list(row_of.values()))
    rows: list[list[int]] = [[] for _ in range(max(row_of.values()) + 1)]
    for place in sorted(row_of, key=lambda p: places[p][0]):
        rows[row_of[place]].append(place)
    return rows


def _sugiyama(
    names: Sequence[int], steps: Iterable[tuple[int, int]], layers: Sequence[int] | None
) -> dict[int, Point]:
    """Return where the library puts some places, whose steps lead downwards.

    Its 1.0.0 reads past the end of a matrix here, and may crash: older ones alone are taken.
    """
    import igraph  # noqa: PLC0415 - an extra, used here alone

    if igraph.__version_info__ >= _UNSOUND:
        raise ImportError("igraph<1")
    number = {name: index for index, name in enumerate(names)}
    edges = [(number[upper], number[lower]) for upper, lower in steps]
    graph = igraph.Graph(n=len(names), edges=edges, directed=True)
    found = list(graph.layout_sugiyama(layers=layers, maxiter=200))
    return {name: (float(found[i][0]), float(found[i][1])) for name, i in number.items()}


def _spaced(
    wished: Sequence[float], pulls: Sequence[float], offsets: Sequence[float]
) -> list[float]:
    """Return the places nearest to those wished for that keep the order and their distances.

    Less their offsets, places may be equal and never fall: neighbours that would are pooled.
    """
    pools: list[tuple[float, float, int]] = []
    for wish, pull, offset in zip(wished, pulls, offsets, strict=True):
        at, weight, number = wish - offset, float(pull), 1
        while pools and pools[-1][0] >= at:
            before, heft, several = pools.pop()
            at = (before * heft + at * weight) / (heft + weight)
            weight, number = heft + weight, several + number
        pools.append((at, weight, number))
    levelled = [at for at, _, number in pools for _ in range(number)]
    return [at + offset for at, offset in zip(levelled, offsets, strict=True)]
