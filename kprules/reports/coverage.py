"""Coverage of clauses in words and as data: what is missing, what is left out and why.

Guarantee: every clause that wants a case is named with what it wants; shares are rounded down, so
that 100 % is said only of everything. A line in here touches strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kprules.comparison.coverage import ASPECTS, Coverage, Covered
from kprules.comparison.reachable import Aspect
from kprules.reports.text import Paper, columns, counted, line, several, wrap

_WANTS: Mapping[str, str] = {
    "true": "never true",
    "false": "never false",
    "unknown": "never unknown",
    "decisive": "never decisive",
}


def coverage_report(found: Coverage, paper: Paper) -> str:
    """Return the share of each definition, what no case shows, what is left out, and the total."""
    lines = [*_shares(found), ""]
    missing = [clause for clause in found.clauses if clause.missing]
    if missing:
        lines.append("No case shows")
        for clause in missing:
            wants = several([_WANTS[aspect] for aspect in clause.missing])
            lines += wrap(f"{_name(clause)}: {wants}", paper.width, "  ", "    ")
        lines.append("")
    left_out = [clause for clause in found.clauses if clause.impossible]
    if left_out:
        lines.append("Left out, for it cannot be")
        for clause in left_out:
            for why, aspects in _by_reason(clause):
                said = f"{_name(clause)}: {several(aspects, 'or')} ({why})"
                lines += wrap(said, paper.width, "  ", "    ")
        lines.append("")
    lines.append(_total(found))
    return "\n".join(lines)


def _shares(found: Coverage) -> list[str]:
    rows = [["definition", "clauses", "seen", "of", "", "made up"]]
    for definition in found.definitions:
        part = found.of(definition)
        made_up = part.seen - part.seen_in_real_cases
        rows.append(
            [
                line(definition.id),
                str(len(part.clauses)),
                str(part.seen),
                str(part.possible),
                f"{part.percent} %",
                str(made_up or ""),
            ]
        )
    widths = [max(len(row[i]) for row in rows) for i in range(1, len(rows[0]))]
    return columns(
        [[row[0], *(t.rjust(w) for t, w in zip(row[1:], widths, strict=True))] for row in rows]
    )


def _total(found: Coverage) -> str:
    made_up = found.seen - found.seen_in_real_cases
    by_whom = f", {made_up} of them by made-up cases only" if made_up else ""
    share = f"{found.percent} %"
    return (
        f"coverage of {counted(len(found.clauses), 'clause')}: {found.seen} of {found.possible} "
        f"({share}) seen true, false, unknown or decisive{by_whom}"
    )


def _name(clause: Covered) -> str:
    reading = f" = {clause.reading}" if clause.reading else ""
    return line(f"{clause.definition.id}.{clause.label}{reading}")


def _by_reason(clause: Covered) -> Iterator[tuple[str, list[str]]]:
    reasons: dict[str, list[str]] = {}
    for aspect, why in clause.impossible.items():
        reasons.setdefault(why, []).append(aspect)
    yield from reasons.items()


def json_coverage(found: Coverage) -> Mapping[str, Any]:
    """Return coverage as JSON has it."""
    return {
        "percent": found.percent,
        "seen": found.seen,
        "seen_in_real_cases": found.seen_in_real_cases,
        "possible": found.possible,
        "clauses": [*map(_clause, found.clauses)],
    }


def _clause(clause: Covered) -> Mapping[str, Any]:
    return {
        "definition": clause.definition.id,
        "label": clause.label,
        "reading": clause.reading,
        "seen": {
            aspect: {"case": shown.case, "synthetic": shown.synthetic}
            for aspect, shown in clause.seen.items()
        },
        "missing": _in_order(clause.missing),
        "left_out": {aspect: clause.impossible[aspect] for aspect in _in_order(clause.impossible)},
    }


def _in_order(aspects: Iterable[Aspect]) -> list[Aspect]:
    given = set(aspects)
    return [aspect for aspect in ASPECTS if aspect in given]
