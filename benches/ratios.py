"""The targets: what one side may take of another's time, or memory, in one run; table and picture.

Guarantee: a ratio is of the least times of both sides, which other work on the machine disturbs
least. A line in here compares figures; it takes none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from html import escape
from typing import Literal

Figures = Mapping[tuple[str, str], float]
"""Of each group and side the least time, in seconds, or the memory, in MiB."""
Unit = Literal["s", "MiB"]


@dataclass(frozen=True, slots=True)
class Target:
    """What a side may take of the fastest of others in its group; `*` stands for any letters."""

    work: str
    group: str
    ours: str
    others: str
    most: float
    unit: Unit = "s"


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
    Target("flat table, 12 definitions", "* flat rows, 12 definitions", "kprules", "Polars", 0.8),
    Target("the same, 200", "* flat rows, 200 definitions", "kprules", "Polars", 0.4),
    Target("the same, 1,000", "* flat rows, 1000 definitions", "kprules", "Polars", 0.2),
    Target("lists, 12 definitions", "* rows of uses, 12 definitions", "kprules", "Polars", 0.25),
    Target("the same, 200", "* rows of uses, 200 definitions", "kprules", "Polars", 0.12),
    Target("rows x 10", "*, rows x 10", "all", "a tenth", 10.5),
    Target("definitions x 10", "*, definitions x 10", "1000", "100", 8),
    Target("memory besides", "memory, 1000 definitions", "kprules", "allowed", 1, "MiB"),
    Target("memory, batches x 10", "memory, batches x 10", "all", "a tenth", 1.2, "MiB"),
    Target("Parquet in, Parquet out", "*, Parquet to Parquet", "kprules eval", "Polars", 1.5),
    Target("Spark, 12 definitions", "* 12 definitions, Spark", "kprules", "Spark's own SQL", 0.4),
    Target("the same, 200", "* 200 definitions, Spark", "kprules", "Spark's own SQL", 0.4),
    Target("kprules eval", "start, eval", "kprules eval", "imports alone", 2),
    Target("kprules --help", "start, --help", "kprules --help", "click alone", 1.5),
    Target("parse and check", "*of definitions as text", "kprules", "Lark*", 2),
)


def reached(figures: Figures) -> list[Reached]:
    """Return the targets of whose two sides there are figures."""
    found = []
    for target in TARGETS:
        group = {side: n for (name, side), n in figures.items() if fnmatch(name, target.group)}
        ours = [n for side, n in group.items() if fnmatch(side, target.ours)]
        others = [(n, side) for side, n in group.items() if fnmatch(side, target.others)]
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
            _figure(each.ours, each.target.unit),
            _figure(each.other, each.target.unit),
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


def _figure(figure: float, unit: Unit) -> str:
    if unit == "MiB":
        return f"{figure:.0f} MiB"
    milliseconds = figure * 1000
    return f"{milliseconds:.3g} ms" if milliseconds < 1000 else f"{milliseconds:,.0f} ms"
