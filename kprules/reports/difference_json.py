"""What a variant changes, as JSON.

Guarantee: the shape `kprules-difference/1`, the same bytes for the same input. A line in here
touches values.
"""

from __future__ import annotations

from typing import Any

from kprules.comparison.clause_changes import ClauseChange
from kprules.comparison.difference import CaseChange, Difference
from kprules.proof.relations import Finding, Relation
from kprules.reports.matrix_json import dumps
from kprules.reports.relation import findings, why
from kprules.syntax import tree
from kprules.syntax.printer import print_form

FORMAT = "kprules-difference/1"
_SHOWN = ("both", "only_left", "only_right")


def difference_json(found: Difference, receipt: dict[str, Any]) -> str:
    """Return a whole difference."""
    return dumps(
        {
            "format": FORMAT,
            "receipt": receipt,
            "base": found.base.id,
            "variant": found.variant.id,
            "clauses": [_clause(change) for change in found.clauses],
            "cases": [_case(change) for change in found.cases],
            "same": found.same,
            "relation": None if found.relation is None else relation_object(found.relation),
            "why_unproved": found.why_unproved,
        },
        indent=1,
    )


def _clause(change: ClauseChange) -> dict[str, Any]:
    return {
        "label": change.label,
        "change": change.kind,
        "exception": change.exception,
        "before": _text(change.before),
        "after": _text(change.after),
        "inside": [_clause(part) for part in change.inside],
    }


def _text(clause: tree.Clause | None) -> dict[str, Any] | None:
    if clause is None:
        return None
    words = None if clause.words is None else clause.words.text
    return {"words": words, "form": " ".join(print_form(clause.form).split())}


def _case(change: CaseChange) -> dict[str, Any]:
    return {
        "case": change.subject.id,
        "change": change.kind,
        "before": str(change.before),
        "after": str(change.after),
        "because": list(dict.fromkeys(reason.label for reason in change.reasons[1].because)),
        "views": {party: str(outcome) for party, outcome in change.views.items()},
        "ambiguous": [unknown.path for unknown in change.reasons[1].ambiguity],
    }


def relation_object(relation: Relation) -> dict[str, Any]:
    """Return a relation in both senses, with the cases that show it, and why it is not decided.

    What settled facts show unknown ones do not take back: `unknown_witnesses` are those beyond.
    """
    settled, unknowns = relation.settled, relation.unknowns
    return {
        "left": relation.left.id,
        "right": relation.right.id,
        "settled": str(settled.kind),
        "unknowns": str(unknowns.kind),
        "why_not_decided": {"settled": why(settled), "unknowns": why(unknowns)},
        "witnesses": dict(zip(_SHOWN, map(_witness, findings(settled)), strict=True)),
        "unknown_witnesses": {
            name: None if known.witness else _witness(finding)
            for name, known, finding in zip(
                _SHOWN, findings(settled), findings(unknowns), strict=True
            )
        },
    }


def _witness(finding: Finding) -> Any:
    return None if finding.witness is None else finding.witness.case
