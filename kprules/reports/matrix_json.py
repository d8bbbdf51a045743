"""Outcomes as JSON and as JSON Lines.

Guarantee: the shape is the documented one (`kprules-report/1`), the same bytes for the same input;
no character in it acts on a terminal. A line in here touches values.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from kprules.comparison.matrix import Column, Matrix, Subject
from kprules.diagnostics import Problem
from kprules.evaluation.facts import Plain, Unknown, plain
from kprules.evaluation.outcome import Result
from kprules.evaluation.reasons import Reason
from kprules.evaluation.settling import would_settle
from kprules.formula.definition import Definition
from kprules.records.settled import Claimed

FORMAT = "kprules-report/1"


def report(
    matrix: Matrix,
    outcomes: Iterable[dict[str, Any]],
    receipt: dict[str, Any],
    errors: Sequence[Problem] = (),
    *,
    as_of: bool = False,
) -> str:
    """Return a whole report."""
    views = {"views": [c.view for c in matrix.columns]} if matrix.by_view else {}
    return dumps(
        {
            "format": FORMAT,
            "receipt": receipt,
            "definitions": [_definition(d) for d in matrix.definitions],
            "cases": [_case(s, as_of=as_of) for s in matrix.subjects],
            **views,
            "outcomes": list(outcomes),
            "errors": [error_object(e) for e in errors],
        },
        indent=1,
    )


def lines(outcomes: Iterable[dict[str, Any]]) -> str:
    """Return outcomes as JSON Lines."""
    return "".join(f"{dumps(outcome)}\n" for outcome in outcomes)


def outcome_objects(matrix: Matrix, *, as_of: bool = False) -> Iterator[dict[str, Any]]:
    """Yield the outcome of each pair with its reasons, case by case.

    `as_of`: with whether the case's period surely includes the day that was asked for.
    """
    for subject in matrix.subjects:
        for column in matrix.columns:
            view = {"view": column.view} if matrix.by_view else {}
            view |= day_object(subject) if as_of else {}
            yield outcome_object(subject, column, matrix.result(subject, column), view)


def outcome_object(
    subject: Subject, column: Column, result: Result, more: dict[str, Any]
) -> dict[str, Any]:
    """Return one outcome with its reasons and with what would settle it."""
    settling = would_settle(result)
    return {
        "case": subject.id,
        "definition": column.definition.id,
        **more,
        **told_object(result),
        "would_settle": [
            {"outcome": str(s.outcome), "set": _facts(s.facts)} for s in settling.sets
        ],
        **({"more": True} if settling.more else {}),
    }


def told_object(result: Result) -> dict[str, Any]:
    """Return an outcome with its reasons."""
    return {
        "outcome": str(result.outcome),
        "because": [_reason(r) for r in result.because],
        "unknown": [unknown_object(u) for u in result.unknown],
    }


def _definition(definition: Definition) -> dict[str, Any]:
    return {
        "id": definition.id,
        "title": definition.title,
        "status": definition.status,
        "outcome_word": definition.outcome_word,
    }


def _case(subject: Subject, *, as_of: bool) -> dict[str, Any]:
    return {"id": subject.id, "title": subject.title, **(day_object(subject) if as_of else {})}


def day_object(subject: Subject) -> dict[str, str]:
    """Return whether a case's period surely includes the day that was asked for."""
    return {"as_of": "included" if subject.surely else "possible"}


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "label": reason.label,
        "words": reason.words,
        "truth": str(reason.truth),
        "facts": _facts(reason.facts),
        "definition": reason.definition,
        "entry": reason.entry or None,
        "reading": reason.reading,
        "exception": reason.exception,
    }


def _facts(facts: Mapping[str, Plain]) -> dict[str, Any]:
    return {path: value_object(facts[path]) for path in sorted(facts)}


_AS_THEY_ARE: Final = frozenset({str, bool, int, type(None)})


def value_object(value: Plain) -> Any:
    """Return a plain value as JSON knows it."""
    if value.__class__ in _AS_THEY_ARE:
        return value
    match value:
        case Decimal():
            number = float(value)
            return number if Decimal(repr(number)) == value else str(value)
        case list():
            return [v if v.__class__ is str else value_object(v) for v in value]
        case dict():
            return {k: value_object(v) for k, v in value.items()}
        case _:
            return value


def unknown_object(unknown: Unknown) -> dict[str, Any]:
    """Return what is unknown with why: who claims what, or what each reading comes to."""
    if unknown.why == "ambiguous":
        readings = dict(unknown.readings or {})
        return {"path": unknown.path, "why": unknown.why, "readings": readings}
    return {
        "path": unknown.path,
        "why": unknown.why,
        "claims": claim_objects(unknown.claims),
    }


def claim_objects(claims: Iterable[Claimed]) -> list[dict[str, Any]]:
    """Return who claims what."""
    return [
        {
            "value": value_object(plain(claim.value)),
            "by": list(claim.by),
            "evidence": claim.evidence,
            "sources": list(claim.sources),
            "denied_by": list(claim.denied_by),
        }
        for claim in claims
    ]


def error_object(problem: Problem) -> dict[str, Any]:
    """Return a problem with its place."""
    span = problem.span
    return {
        "code": problem.code,
        "severity": problem.severity,
        "message": problem.message,
        "file": problem.where or None if span is None else span.source.name,
        "line": None if span is None else span.line,
        "column": None if span is None else span.column,
        "help": problem.help or None,
    }


def dumps(value: Any, indent: int | None = None) -> str:
    """Return JSON in which characters that act on a terminal, or are hidden, are escaped."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return _BEYOND_ASCII.sub(lambda met: met[0] if _shows(met[0]) else _escaped(met[0]), text)


_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7e]")


def _shows(c: str) -> bool:
    return c != "\x7f" and unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _escaped(c: str) -> str:
    return "\\u007f" if c == "\x7f" else json.dumps(c)[1:-1]
