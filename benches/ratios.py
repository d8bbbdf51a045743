"""The targets: what one side may take of another's time in one run; as a table and a picture.

Guarantee: a ratio is of the least times of both sides, which other work on the machine disturbs
least. A line in here compares figures; it takes none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from html import escape

Times = Mapping[tuple[str, str], float]
"""The least time of each group and side, in seconds."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a side may take of the fastest of others in its group; `*` stands for any letters."""

    work: str
    group: str
    ours: str
    others: str
    most: float


@dataclass(frozen=True, slots=True)
class Reached:
    """A target with the figures of a run."""

    target: Target
    ours: float
    other: float
    beside: str

    @property
    def ratio(self) -> float:
        """What our side took of the other's time."""
        return self.ours / self.other

    @property
    def met(self) -> bool:
        """Whether that is no more than the target."""
        return self.ratio <= self.target.most


_RECORD = "*records, 12 definitions, an eighth unknown"
_PEERS = "*definitions by peers*"
TARGETS = (
    Target("one record, outcomes only", _RECORD, "compiled", "by hand, a function each", 0.75),
    Target("the same", _RECORD, "compiled", "by hand, subterms shared", 1.25),
    Target("the same, by the fastest peer, prepared", _PEERS, "kprules*", "*, prepared*", 0.4),
    Target("the same, by the fastest peer", _PEERS, "kprules*", "*from a dictionary", 0.12),
    Target("one record with reasons", _RECORD, "with reasons", "compiled", 100),
    Target(
        "definitions pairwise, with witnesses",
        "*pairwise, both senses, with witnesses",
        "kprules",
        "z3",
        0.3,
    ),
)


def reached(times: Times) -> list[Reached]:
    """Return the targets whose two sides were both timed."""
    found = []
    for target in TARGETS:
        group = {side: t for (name, side), t in times.items() if fnmatch(name, target.group)}
        ours = [t for side, t in group.items() if fnmatch(side, target.ours)]
        others = [(t, side) for side, t in group.items() if fnmatch(side, target.others)]
        if ours and others:
            other, beside = min(others)
            found.append(Reached(target, min(ours), other, beside))
    return found


def table(found: list[Reached]) -> list[str]:
    """Return the lines of a table."""
    rows = [("work", "beside", "ours", "theirs", "ratio", "target", "")]
    rows += [
        (
            each.target.work,
            each.beside,
            _milliseconds(each.ours),
            _milliseconds(each.other),
            f"{each.ratio:.2f}",
            f"{each.target.most:g}",
            "" if each.met else "missed",
        )
        for each in found
    ]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def picture(found: list[Reached]) -> str:
    """Return the ratios as bars, each as a share of its target, which is the line, as SVG."""
    left, line, height = 430, 640, 34
    bars = []
    for index, each in enumerate(found):
        top = 20 + index * height
        wide = min(each.ratio / each.target.most, 2) * (line - left)
        colour = "#1b7f4d" if each.met else "#b3382c"
        said = f"{each.ratio:.2f} of {each.target.most:g}"
        bars.append(
            f'<text x="{left - 8}" y="{top + 10}" text-anchor="end">{escape(each.target.work)}'
            f'</text><text x="{left - 8}" y="{top + 23}" text-anchor="end" fill="#666">'
            f"beside {escape(each.beside)}</text>"
            f'<rect x="{left}" y="{top}" width="{wide:.1f}" height="22" fill="{colour}"/>'
            f'<text x="{max(left + wide, line) + 8:.1f}" y="{top + 15}">{said}</text>'
        )
    bottom = 20 + len(found) * height
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="980" height="{bottom + 20}"'
        ' font-family="sans-serif" font-size="11">'
        '<rect width="100%" height="100%" fill="#fff"/>'
        f'{"".join(bars)}<line x1="{line}" y1="12" x2="{line}" y2="{bottom}" stroke="#222"/>'
        f'<text x="{line}" y="{bottom + 14}" text-anchor="middle">target</text></svg>\n'
    )


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.3g} ms"
