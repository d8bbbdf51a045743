"""The order of definitions as a picture: SVG, PNG, Graphviz DOT, Mermaid.

Guarantee: the narrower stands below the broader; text is escaped; the layout is a library's
(igraph's, after Sugiyama), and so is the PNG (resvg). A line in here touches strings and
coordinates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final, cast

from kprules.comparison.order import Joined, Order
from kprules.reports.text import line

COLOURS: Final = {
    "in_force": ("#1b6e3c", "#e3f4e8"),
    "adopted": ("#2b5fa3", "#e4eefb"),
    "proposed": ("#8a5a00", "#fdf1d6"),
    "blocked": ("#a3312b", "#fbe6e4"),
    "lapsed": ("#666666", "#eeeeee"),
    "superseded": ("#666666", "#eeeeee"),
    "descriptive": ("#5b4a9c", "#eeeafb"),
    None: ("#444444", "#f6f6f6"),
}
"""By status: the colour of the frame, and the fill."""
_CHAR, _ROW, _PAD, _GAP_X, _GAP_Y = 7.3, 17, 10, 26, 60


class MissingExtraError(RuntimeError):
    """A library that pictures need is not installed."""


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    status: str | None

    @property
    def middle(self) -> float:
        """The middle of the box, from the left."""
        return self.x + self.width / 2


def svg(order: Order, *, title: str = "Definitions, the narrower below the broader") -> str:
    """Return the order as an SVG."""
    boxes = _laid_out(order)
    width = max((b.x + b.width for b in boxes), default=0) + _PAD
    legend_y = max((b.y + b.height for b in boxes), default=0) + 24
    statuses = list(dict.fromkeys(b.status for b in boxes))
    width = max(width, 130 * len(statuses) + 2 * _PAD)
    height = legend_y + 30
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
        f'width="{width:.0f}" height="{height:.0f}" role="img" '
        'font-family="DejaVu Sans, Verdana, sans-serif" font-size="12">'
    )
    parts = [
        head,
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(described(order))}</desc>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>',
        *(_edge(boxes[low], boxes[high]) for low, high in order.edges),
        *(part for box in boxes for part in _box(box)),
        *_legend(statuses, legend_y),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def png(order: Order) -> bytes:
    """Return the order as a PNG, at twice its size."""
    try:
        import resvg_py  # noqa: PLC0415 - an extra, used here alone
    except ImportError:
        raise MissingExtraError(_install("resvg_py")) from None
    return bytes(resvg_py.svg_to_bytes(svg_string=svg(order), zoom=2.0))


def dot(order: Order) -> str:
    """Return the order in Graphviz's language."""
    lines = ["digraph order {", "  rankdir=BT;", '  node [shape=box, style="rounded,filled"];']
    for index, group in enumerate(order.groups):
        frame, fill = COLOURS[group.definitions[0].status]
        label = "\\n".join(text.replace('"', '\\"') for text in _lines(group))
        lines.append(f'  n{index} [label="{label}", color="{frame}", fillcolor="{fill}"];')
    lines += [f"  n{low} -> n{high};" for low, high in order.edges]
    return "\n".join([*lines, "}"]) + "\n"


def mermaid(order: Order) -> str:
    """Return the order in Mermaid's language."""
    lines = ["flowchart BT"]
    for index, group in enumerate(order.groups):
        label = "<br/>".join(escape(text) for text in _lines(group))
        lines.append(f'  n{index}["{label}"]')
    lines += [f"  n{low} --> n{high}" for low, high in order.edges]
    for status in dict.fromkeys(g.definitions[0].status for g in order.groups):
        frame, fill = COLOURS[status]
        own = [f"n{i}" for i, g in enumerate(order.groups) if g.definitions[0].status == status]
        name = status or "no_status"
        lines.append(f"  classDef {name} fill:{fill},stroke:{frame},color:#111111")
        lines.append(f"  class {','.join(own)} {name}")
    return "\n".join(lines) + "\n"


def described(order: Order) -> str:
    """Say the order in words, for those who do not see the picture."""
    said = [
        f"{order.groups[low].name} is narrower than {order.groups[high].name}"
        for low, high in order.edges
    ]
    return "; ".join(said) or "no definition is narrower than another"


def _lines(group: Joined) -> tuple[str, ...]:
    names = [line(d.id) for d in group.definitions]
    count = [] if group.captured is None else [f"captures {group.captured}"]
    return (*(("= " if i else "") + n for i, n in enumerate(names)), *count)


def _laid_out(order: Order) -> list[_Box]:
    """Return a box for each group: layers and their order are the library's, the widths ours."""
    if not order.groups:
        return []
    at = _layers(order)
    sizes = [(_width(_lines(g)), _ROW * len(_lines(g)) + _PAD) for g in order.groups]
    related = {index for edge in order.edges for index in edge}
    rows: dict[int, list[int]] = {}
    for index in sorted(related, key=lambda i: at[i]):
        rows.setdefault(round(at[index][1]), []).append(index)
    lines = [part for _, row in sorted(rows.items()) for part in _broken(row, sizes)]
    # Those that lie neither below nor above another stand apart, under all the rest.
    alone = [index for index in range(len(order.groups)) if index not in related]
    lines += [part for part in _broken(alone, sizes) if part]
    widest = max(_span(row, sizes) for row in lines)
    boxes: dict[int, _Box] = {}
    y: float = _PAD
    for row in lines:
        x = _PAD + (widest - _span(row, sizes)) / 2
        for index in row:
            width, height = sizes[index]
            group = order.groups[index]
            boxes[index] = _Box(x, y, width, height, _lines(group), group.definitions[0].status)
            x += width + _GAP_X
        y += max(sizes[i][1] for i in row) + _GAP_Y
    return [boxes[i] for i in range(len(order.groups))]


_WIDEST_ROW = 1500


def _broken(row: Sequence[int], sizes: Sequence[tuple[float, float]]) -> Iterator[list[int]]:
    """Yield the rows that a layer takes, none of them too wide to read."""
    now: list[int] = []
    for index in row:
        if now and _span([*now, index], sizes) > _WIDEST_ROW:
            yield now
            now = []
        now.append(index)
    yield now


def _layers(order: Order) -> list[tuple[float, float]]:
    """Return a place for each group: x for the order in its layer, y for the layer."""
    try:
        import igraph  # noqa: PLC0415 - an extra, used here alone
    except ImportError:
        raise MissingExtraError(_install("igraph")) from None
    # Layers grow downwards, so the broader come first.
    graph = igraph.Graph(
        n=len(order.groups), edges=[(high, low) for low, high in order.edges], directed=True
    )
    places = cast("list[tuple[float, float]]", list(graph.layout_sugiyama()))
    return [(float(x), float(y)) for x, y in places[: len(order.groups)]]


def _install(module: str) -> str:
    return f"pictures need {module}: pip install 'kprules[pictures]'"


def _width(lines: Sequence[str]) -> float:
    return max(len(text) for text in lines) * _CHAR + 2 * _PAD


def _span(row: Sequence[int], sizes: Sequence[tuple[float, float]]) -> float:
    return sum(sizes[i][0] for i in row) + _GAP_X * (len(row) - 1)


def _edge(low: _Box, high: _Box) -> str:
    top, bottom = high.y + high.height, low.y
    bend = (top + bottom) / 2
    return (
        f'<path d="M {low.middle:.1f} {bottom:.1f} C {low.middle:.1f} {bend:.1f} '
        f'{high.middle:.1f} {bend:.1f} {high.middle:.1f} {top:.1f}" '
        'fill="none" stroke="#777777" stroke-width="1.2"/>'
    )


def _box(box: _Box) -> Iterator[str]:
    frame, fill = COLOURS[cast("None", box.status)]
    yield (
        f'<rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}" '
        f'rx="5" fill="{fill}" stroke="{frame}" stroke-width="1.4"/>'
    )
    for index, text in enumerate(box.lines):
        y = box.y + _ROW * (index + 1) - 1
        light = ' fill="#555555"' if re.fullmatch(r"captures \d+", text) else ' fill="#111111"'
        yield (
            f'<text x="{box.middle:.1f}" y="{y:.1f}" text-anchor="middle"{light}>'
            f"{escape(text)}</text>"
        )


def _legend(statuses: Sequence[str | None], y: float) -> Iterator[str]:
    for index, status in enumerate(statuses):
        frame, fill = COLOURS[cast("None", status)]
        x = _PAD + 130 * index
        yield (
            f'<rect x="{x}" y="{y - 11:.0f}" width="14" height="14" rx="3" '
            f'fill="{fill}" stroke="{frame}"/>'
        )
        name = (status or "no status").replace("_", " ")
        yield f'<text x="{x + 20}" y="{y:.0f}" fill="#111111">{escape(name)}</text>'
