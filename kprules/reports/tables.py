"""What came of a table, for a terminal, as Markdown and as JSON.

Guarantee: names and values from outside are plain text; no line of the terminal's is wider than the
paper, as far as names allow. A line in here touches counts and strings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from kprules.comparison.table_tally import Counts, Pair, Tally
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Definition
from kprules.reports.matrix_json import dumps
from kprules.reports.text import Paper, escape, line, squeeze, wrap

FORMAT: Final = "kprules-table-report/1"
_FEW_PAIRS: Final = 12
_FEW_GROUPS: Final = 60
_HEADS: Final = (Outcome.CAPTURED, Outcome.NOT_CAPTURED, Outcome.UNDETERMINED)
_CODE: Final = {Outcome.NOT_CAPTURED: 0, Outcome.UNDETERMINED: 1, Outcome.CAPTURED: 2}


def table_text(tally: Tally, definitions: Sequence[Definition], paper: Paper) -> str:
    """Return counts by definition, agreement between definitions, and the rows that split them."""
    return "\n".join(
        [
            *_counts(tally, definitions, paper),
            *_grouped(tally, paper),
            *_agreement(tally, paper),
            *_splits(tally, paper),
            "",
            *wrap(rows_words(tally), paper.width),
        ]
    )


def rows_words(tally: Tally) -> str:
    """Say what became of the rows read."""
    parts = [f"{tally.rows:,} judged"]
    if tally.rejected:
        parts.append(f"{tally.rejected:,} rejected")
    if tally.outside:
        parts.append(f"{tally.outside:,} of other days")
    noun = "row" if tally.read == 1 else "rows"
    return f"{tally.read:,} {noun} read: {' + '.join(parts)}"


def _name_width(paper: Paper) -> int:
    return max(16, paper.width - 44)


def _counts(tally: Tally, definitions: Sequence[Definition], paper: Paper) -> Iterator[str]:
    rows = [["", *_heads(paper)]]
    for index, definition in enumerate(definitions):
        name = squeeze(line(definition.id), _name_width(paper), paper.ellipsis)
        rows.append([name, *(f"{tally.counts[index, _CODE[o]]:,}" for o in _HEADS)])
    yield from _ranged(rows, paper)


def _heads(paper: Paper) -> list[str]:
    return [f"{paper.mark(o)} {str(o).replace('_', ' ')}" for o in _HEADS]


def _by(name: str, tally: Tally) -> str:
    return f"{line(name)} by {', '.join(map(line, tally.count_by))}"


def _ranged(rows: list[list[str]], paper: Paper) -> Iterator[str]:
    """Yield rows with a name at the left and numbers at the right of their columns."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [row[0].ljust(widths[0])]
        cells += [text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)]
        text = "  ".join(cells).rstrip()
        yield paper.paint(text, bold=True) if number == 0 else text


def _grouped(tally: Tally, paper: Paper) -> Iterator[str]:
    if not tally.count_by:
        return
    keys = sorted(tally.groups)
    for index, name in enumerate(tally.definitions):
        yield ""
        for text in wrap(_by(name, tally), paper.width):
            yield paper.paint(text, bold=True)
        rows = [["", *_heads(paper)]]
        for key in keys[:_FEW_GROUPS]:
            shown = squeeze(", ".join(map(line, key)), _name_width(paper), paper.ellipsis)
            counts = tally.groups[key][index]
            rows.append([shown, *(f"{counts[_CODE[o]]:,}" for o in _HEADS)])
        yield from _ranged(rows, paper)
        if len(keys) > _FEW_GROUPS:
            yield f"and {len(keys) - _FEW_GROUPS:,} groups more (--format json has all)"


def _agreement(tally: Tally, paper: Paper) -> Iterator[str]:
    pairs = tally.pairs()
    if not pairs:
        return
    yield ""
    yield paper.paint("agreement of two definitions, the least first", bold=True)
    rows = [["", "agree", "kappa", "split"]]
    for pair in pairs[:_FEW_PAIRS]:
        both = f"{line(pair.first)} {paper.dot} {line(pair.second)}"
        name = squeeze(both, max(20, paper.width - 32), paper.ellipsis)
        rows.append([name, *_pair_cells(pair)])
    yield from _ranged(rows, Paper(paper.width, unicode=paper.unicode))
    if len(pairs) > _FEW_PAIRS:
        yield f"and {len(pairs) - _FEW_PAIRS} pairs more (--format json has all)"


def _pair_cells(pair: Pair) -> list[str]:
    kappa = "-" if pair.kappa is None else f"{pair.kappa:.2f}"
    return [f"{100 * pair.agreeing / pair.rows:.1f} %", kappa, f"{pair.split:,}"]


def _splits(tally: Tally, paper: Paper) -> Iterator[str]:
    if len(tally.definitions) < 2:  # noqa: PLR2004 - one splits from nothing
        return
    yield ""
    noun = "row" if tally.split == 1 else "rows"
    yield paper.paint(
        f"{tally.split:,} {noun} captured by one definition and not by another", bold=True
    )
    for split in tally.splits:
        captured = [
            n for n, o in zip(tally.definitions, split.outcomes, strict=True) if o == "captured"
        ]
        excluded = [
            n for n, o in zip(tally.definitions, split.outcomes, strict=True) if o == "not_captured"
        ]
        text = f"{line(split.id)}: captured by {_some(captured)}; not by {_some(excluded)}"
        yield from wrap(text, paper.width, "  ")


def _some(names: Sequence[str], most: int = 3) -> str:
    shown = ", ".join(names[:most])
    return shown + (f" and {len(names) - most} more" if len(names) > most else "")


# --- Markdown and JSON ----------------------------------------------------------------------------


def table_markdown(tally: Tally, definitions: Sequence[Definition]) -> str:
    """Return counts by definition, and by the columns asked for, as Markdown tables."""
    counts = {definition.id: tally.counts[i] for i, definition in enumerate(definitions)}
    rows = [*_markdown_table("definition", counts)]
    for index, name in enumerate(tally.definitions if tally.count_by else ()):
        groups = {", ".join(key): tally.groups[key][index] for key in sorted(tally.groups)}
        rows += ["", f"**{escape(_by(name, tally))}**", ""]
        rows += _markdown_table(", ".join(tally.count_by), groups)
    return "\n".join([*rows, "", rows_words(tally), ""])


def _markdown_table(head: str, counts: Mapping[str, Counts]) -> Iterator[str]:
    yield f"| {escape(head)} | captured | not captured | undetermined |"
    yield "|---|---:|---:|---:|"
    for name, found in counts.items():
        yield f"| {escape(name)} | {' | '.join(f'{found[_CODE[o]]:,}' for o in _HEADS)} |"


def table_json(
    tally: Tally,
    definitions: Sequence[Definition],
    receipt: dict[str, Any],
    missing: Sequence[dict[str, Any]] = (),
    explained: Sequence[dict[str, Any]] = (),
    undetermined: Sequence[dict[str, Any]] = (),
) -> str:
    """Return everything that was counted as JSON."""
    report = {
        "format": FORMAT,
        "receipt": receipt,
        "rows": {
            "read": tally.read,
            "judged": tally.rows,
            "rejected": tally.rejected,
            "other_days": tally.outside,
        },
        "definitions": [
            {"id": d.id, "title": d.title, "counts": _object(tally.counts[i])}
            for i, d in enumerate(definitions)
        ],
        "agreement": [
            {
                "definitions": [p.first, p.second],
                "agreeing": p.agreeing,
                "kappa": None if p.kappa is None else round(p.kappa, 6),
                "split": p.split,
            }
            for p in tally.pairs()
        ],
        "split": tally.split,
        "splits": [
            {"case": s.id, "outcomes": dict(zip(tally.definitions, s.outcomes, strict=True))}
            for s in tally.splits
        ],
        "groups": [
            {
                "by": dict(zip(tally.count_by, key, strict=True)),
                "counts": {
                    n: _object(tally.groups[key][i]) for i, n in enumerate(tally.definitions)
                },
            }
            for key in sorted(tally.groups)
        ],
        "missing_columns": list(missing),
        "undetermined_in_every_row": list(undetermined),
        "explained": list(explained),
    }
    return dumps(report, indent=1) + "\n"


def _object(counts: Any) -> dict[str, int]:
    return {str(o): int(counts[_CODE[o]]) for o in _HEADS}
