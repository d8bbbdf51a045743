"""The order of definitions as a picture: SVG, PNG, Graphviz DOT, Mermaid.

Guarantee: the narrower stands below the broader, and a line runs behind no box; each status has a
colour of its own, and a box that joins definitions shows the status of each; pairs that were not
decided are said to be so; text is escaped. The PNG is a library's (resvg). A line in here touches
strings and coordinates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from typing import Final

from kprules.comparison.order import Joined, Order
from kprules.reports.order_layout import Box, Layout, Point, laid_out
from kprules.reports.text import line, several

COLOURS: Final[dict[str | None, tuple[str, str]]] = {
    "in_force": ("#1b6e3c", "#dcf2e1"),
    "adopted": ("#2b5fa3", "#dfebfb"),
    "proposed": ("#8a5a00", "#fdeec8"),
    "blocked": ("#a3312b", "#fbdedb"),
    "lapsed": ("#555555", "#dddddd"),
    "superseded": ("#0b7285", "#d0f1f2"),
    "descriptive": ("#5b4a9c", "#e7e2fa"),
    None: ("#999999", "#ffffff"),
}
"""By status: the colour of the frame, and the fill."""
_MIXED: Final = "#444444"
"""The frame of a box that joins definitions of several statuses."""
_PLAIN: Final = "#ffffff"
_CHAR, _ROW, _PAD = 7.3, 17, 10
_FEW: Final = 3


class MissingExtraError(RuntimeError):
    """A library that pictures need is not installed."""


def svg(order: Order, *, title: str = "Definitions, the narrower below the broader") -> str:
    """Return the order as an SVG."""
    laid = _laid_out(order)
    below = max((b.y + b.height for b in laid.boxes), default=0) + 24
    statuses = list(dict.fromkeys(d.status for group in order.groups for d in group.definitions))
    note = _note(order)
    width = max((b.x + b.width for b in laid.boxes), default=0) + _PAD
    width = max(width, 130 * len(statuses) + 2 * _PAD, len(note) * _CHAR + 2 * _PAD)
    height = below + 30 + (_ROW if note else 0)
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
        *(
            _edge(points, _edge_words(order, edge))
            for edge, points in zip(order.edges, laid.lines, strict=True)
        ),
        *(
            part
            for group, box in zip(order.groups, laid.boxes, strict=True)
            for part in _box(group, box)
        ),
        *_legend(statuses, below),
        f'<text x="{_PAD}" y="{below + _ROW + 6:.0f}" fill="#111111">{escape(note)}</text>'
        if note
        else "",
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
        label = "\\n".join(text.replace('"', '\\"') for text in _lines(group))
        fills = ":".join(COLOURS[status][1] for status in _statuses(group))
        striped = "" if _frame(group) != _MIXED else ", style=striped"
        drawn = f'color="{_frame(group)}", fillcolor="{fills}"{striped}'
        lines.append(f'  n{index} [label="{label}", {drawn}];')
    lines += [f"  n{low} -> n{high};" for low, high in order.edges]
    return "\n".join([*lines, *(f"  // {words}" for words in _undecided(order)), "}"]) + "\n"


def mermaid(order: Order) -> str:
    """Return the order in Mermaid's language, where a box has one colour."""
    lines = ["flowchart BT"]
    for index, group in enumerate(order.groups):
        label = "<br/>".join(escape(text) for text in _lines(group))
        lines.append(f'  n{index}["{label}"]')
    lines += [f"  n{low} --> n{high}" for low, high in order.edges]
    one = {i: _statuses(g)[0] for i, g in enumerate(order.groups) if _frame(g) != _MIXED}
    mixed = [f"n{index}" for index in range(len(order.groups)) if index not in one]
    if mixed:
        lines.append(f"  classDef mixed fill:{_PLAIN},stroke:{_MIXED},color:#111111")
        lines.append(f"  class {','.join(mixed)} mixed")
    for status in dict.fromkeys(one.values()):
        frame, fill = COLOURS[status]
        own = [f"n{index}" for index, each in one.items() if each == status]
        name = status or "no_status"
        lines.append(f"  classDef {name} fill:{fill},stroke:{frame},color:#111111")
        lines.append(f"  class {','.join(own)} {name}")
    return "\n".join([*lines, *(f"  %% {words}" for words in _undecided(order))]) + "\n"


def described(order: Order) -> str:
    """Say the order in words, for those who do not see the picture."""
    said = [*(_edge_words(order, edge) for edge in order.edges), *_undecided(order)]
    return "; ".join(said) or "no definition is narrower than another"


def _edge_words(order: Order, edge: tuple[int, int]) -> str:
    low, high = edge
    return f"{order.groups[low].name} is narrower than {order.groups[high].name}"


def _undecided(order: Order) -> list[str]:
    return [f"how {left} lies to {right} was not decided" for left, right in order.undecided]


def _note(order: Order) -> str:
    """Return what the picture itself says of pairs that were not decided."""
    pairs = [f"{left} to {right}" for left, right in order.undecided]
    more = [f"{len(pairs) - _FEW} more"] if len(pairs) > _FEW else []
    return f"Not decided, and so without a line: {several(pairs[:_FEW] + more)}" if pairs else ""


def _statuses(group: Joined) -> list[str | None]:
    return [definition.status for definition in group.definitions]


def _frame(group: Joined) -> str:
    statuses = set(_statuses(group))
    return COLOURS[statuses.pop()][0] if len(statuses) == 1 else _MIXED


def _lines(group: Joined) -> tuple[str, ...]:
    """Return the text of a box, with each status where the definitions joined differ in it."""
    mixed = _frame(group) == _MIXED
    names = [
        f"{'= ' if number else ''}{line(definition.id)}"
        + (f" ({_spelt(definition.status)})" if mixed else "")
        for number, definition in enumerate(group.definitions)
    ]
    count = [] if group.captured is None else [f"captures {group.captured}"]
    return (*names, *count)


def _spelt(status: str | None) -> str:
    return (status or "no status").replace("_", " ")


def _laid_out(order: Order) -> Layout:
    sizes = [(_width(_lines(group)), _ROW * len(_lines(group)) + _PAD) for group in order.groups]
    try:
        return laid_out(sizes, order.edges)
    except ImportError:
        raise MissingExtraError(_install("igraph, older than 1.0")) from None


def _install(module: str) -> str:
    return f"pictures need {module}: pip install 'kprules[pictures]'"


def _width(lines: Sequence[str]) -> float:
    return max(len(text) for text in lines) * _CHAR + 2 * _PAD


def _edge(points: Sequence[Point], words: str) -> str:
    """Return a line: straight down through rows, curved between them."""
    (x, y), *others = points
    path = [f"M {x:.1f} {y:.1f}"]
    for number, (to_x, to_y) in enumerate(others):
        if number % 2 == 0:
            path.append(f"L {to_x:.1f} {to_y:.1f}")
        else:
            bend = (y + to_y) / 2
            path.append(f"C {x:.1f} {bend:.1f} {to_x:.1f} {bend:.1f} {to_x:.1f} {to_y:.1f}")
        x, y = to_x, to_y
    return (
        f'<path d="{" ".join(path)}" fill="none" stroke="#777777" stroke-width="1.2">'
        f"<title>{escape(words)}</title></path>"
    )


def _box(group: Joined, box: Box) -> Iterator[str]:
    """Yield a box: a band of its status's colour for each definition, a frame around them."""
    lines = _lines(group)
    fills = [COLOURS[status][1] for status in _statuses(group)]
    fills += [fills[0] if len(set(fills)) == 1 else _PLAIN] * (len(lines) - len(fills))
    around = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
    yield f'<rect {around} rx="5" fill="{fills[-1]}"/>'
    if len(set(fills)) > 1:
        yield from _bands(fills, box)
    yield f'<rect {around} rx="5" fill="none" stroke="{_frame(group)}" stroke-width="1.4"/>'
    for index, text in enumerate(lines):
        y = box.y + _ROW * (index + 1) - 1
        ink = "#555555" if index >= len(group.definitions) else "#111111"
        yield (
            f'<text x="{box.middle:.1f}" y="{y:.1f}" text-anchor="middle" fill="{ink}">'
            f"{escape(text)}</text>"
        )


def _bands(fills: Sequence[str], box: Box) -> Iterator[str]:
    """Yield a band for each line of text but the last, whose colour is the box's own."""
    top = box.y
    for number, fill in enumerate(fills[:-1]):
        bottom = box.y + _PAD / 2 + _ROW * (number + 1)
        rounded = ' rx="5"' if number == 0 else ""
        yield (
            f'<rect x="{box.x:.1f}" y="{top:.1f}" width="{box.width:.1f}" '
            f'height="{bottom - top:.1f}" fill="{fill}"{rounded}/>'
        )
        top = bottom


def _legend(statuses: Sequence[str | None], y: float) -> Iterator[str]:
    for index, status in enumerate(statuses):
        frame, fill = COLOURS[status]
        x = _PAD + 130 * index
        yield (
            f'<rect x="{x}" y="{y - 11:.0f}" width="14" height="14" rx="3" '
            f'fill="{fill}" stroke="{frame}"/>'
        )
        yield f'<text x="{x + 20}" y="{y:.0f}" fill="#111111">{escape(_spelt(status))}</text>'
