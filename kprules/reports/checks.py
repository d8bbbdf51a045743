"""What a check and a test found, in words and as data.

Guarantee: every problem, count and expectation given is in it. A line in here touches strings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kprules.comparison.evidence import LEVELS
from kprules.comparison.expectations import Judged
from kprules.diagnostics import Problem
from kprules.formula.definition import Expectation
from kprules.reports.matrix_json import dumps, error_object
from kprules.reports.text import Paper, columns, counted, line, outcome_words, several


def verdict(found: Sequence[Problem], rules: int, records: int) -> str:
    """Return the last line of a check: what was looked at, and what is wrong with it."""
    errors = sum(problem.is_error for problem in found)
    warnings = sum(problem.severity == "warning" for problem in found)
    said = [counted(errors, "error")] if errors else []
    said += [counted(warnings, "warning")] if warnings else []
    looked_at = f"{counted(rules, 'rule file')}, {counted(records, 'record')}"
    return f"{looked_at}: {several(said) if said else 'nothing is wrong'}"


def evidence_table(counts: Mapping[str, Counter[str]]) -> list[str]:
    """Return how many facts are at each level of evidence, kind of record by kind."""
    names = [*LEVELS, "without source"]
    total: Counter[str] = sum(counts.values(), Counter())
    rows = [["facts of", *names]]
    for kind, of in [*sorted(counts.items()), ("all records", total)]:
        rows.append([line(kind), *(str(of[name]) for name in names)])
    widths = [max(len(row[i]) for row in rows) for i in range(1, len(names) + 1)]
    spread = [
        [row[0], *(text.rjust(w) for text, w in zip(row[1:], widths, strict=True))] for row in rows
    ]
    return columns(spread)


def json_checks(found: Sequence[Problem], counts: Mapping[str, Counter[str]]) -> str:
    """Return the problems, and the count of facts where it was asked for, as JSON."""
    facts = {kind: {n: of[n] for n in [*LEVELS, "without source"]} for kind, of in counts.items()}
    return dumps(
        {
            "format": "kprules-check/1",
            "problems": [error_object(p) for p in found],
            **({"facts": facts} if facts else {}),
        },
        indent=1,
    )


# --- tests ----------------------------------------------------------------------------------------


def test_report(found: Sequence[Judged], paper: Paper) -> str:
    """Return the expectations that fail, with their places, and a line of counts."""
    lines: list[str] = []
    for judged in found:
        if not judged.holds:
            lines += [*_failure(judged, paper), ""]
    failed = sum(not judged.holds for judged in found)
    held = len(found) - failed
    lines.append(
        f"{counted(held, 'expectation')} {'holds' if held == 1 else 'hold'}, {failed} "
        f"{'fails' if failed == 1 else 'fail'}"
    )
    return "\n".join(lines)


def _failure(judged: Judged, paper: Paper) -> Iterator[str]:
    expected, word = judged.expectation, judged.definition.outcome_word
    reached = judged.result
    found = "no such case" if reached is None else outcome_words(reached.outcome, word)
    wanted = outcome_words_of(expected.outcome, word)
    head = f"{line(judged.definition.id)}, {line(expected.case)}{_under(expected)}"
    yield f"{paper.paint('fails', 'red', bold=True)} {head}: expected {wanted}, found {found}"
    if expected.span is not None:
        yield f"  --> {line(expected.span.source.name)}:{expected.span.line}:{expected.span.column}"
    if reached is not None:
        pair = f"{line(expected.case)} {line(judged.definition.id)}"
        yield f"  kprules explain {pair}{_options(judged)}"


def outcome_words_of(outcome: str, word: str) -> str:
    """Say an expected outcome in the definition's own word."""
    usual = {"captured": word, "not_captured": f"not {word}"}
    return line(usual.get(outcome, outcome))


def _under(expected: Expectation) -> str:
    said = [f"view {expected.view}"] if expected.view else []
    said += ["standard alleged"] if expected.standard == "alleged" else []
    said += [f"reading {label} = {name}" for label, name in expected.readings]
    return f" under {{{line(', '.join(said))}}}" if said else ""


def _options(judged: Judged) -> str:
    expected = judged.expectation
    said = [f" --view {expected.view}"] if expected.view else []
    said += [" --standard alleged"] if expected.standard == "alleged" else []
    for label, name in expected.readings:
        owner = "" if "." in label else f"{judged.definition.id}."
        said.append(f" --reading {owner}{label}={name}")
    return line("".join(said)) and " " + line("".join(said))


def json_tests(found: Sequence[Judged], more: Mapping[str, Any] | None = None) -> str:
    """Return every expectation with what came of it as JSON, and what else was asked for."""
    tests = {"format": "kprules-test/1", "expectations": [*map(_test, found)]}
    return dumps({**tests, **(more or {})}, indent=1)


def _test(judged: Judged) -> dict[str, Any]:
    expected = judged.expectation
    span = expected.span
    return {
        "definition": judged.definition.id,
        "case": expected.case,
        "view": expected.view,
        "standard": expected.standard,
        "readings": dict(expected.readings),
        "expected": expected.outcome,
        "found": None if judged.result is None else str(judged.result.outcome),
        "holds": judged.holds,
        "file": None if span is None else span.source.name,
        "line": None if span is None else span.line,
    }
