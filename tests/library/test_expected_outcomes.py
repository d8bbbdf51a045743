"""What the definitions ought to say of the cases, as somebody who knows the debate wrote it down.

`expected_outcomes.csv` is for lawyers to read and edit: a case, a definition, whose view (empty:
nobody's), the outcome, the labels of clauses that must be among those that decide it, the source
that it turns on, and why. It was written from the sources; AGREEMENT.md says what the history shows
of that. `amended` says of every row that was changed since what the first version had wrong.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from shipped_library import cases, deciding, rules, table

from kprules.api import evaluate

ROWS = table("expected_outcomes.csv")


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['case']}-{r['definition']}-{r['view']}")
def test_the_outcome_and_what_decides_it(row: dict[str, str]) -> None:
    """The outcome is the one written down, and the clauses written down are among its reasons."""
    definition, case = rules()[row["definition"]], cases()[row["case"]]
    result = evaluate(definition, case, view=row["view"] or None)
    assert result.outcome == row["outcome"]
    wanted = {label.strip() for label in row["labels"].split(";") if label.strip()}
    assert wanted <= set(deciding(result))


def test_every_row_gives_a_source_and_a_reason(root: Path) -> None:
    """Each row names a key of the bibliography and says why; no pair is written twice."""
    known = yaml.safe_load((root / "cases" / "sources.yaml").read_text(encoding="utf-8"))
    assert {row["source"] for row in ROWS} <= set(known)
    assert all(row["why"] for row in ROWS)
    pairs = [(row["case"], row["definition"], row["view"]) for row in ROWS]
    assert len(pairs) == len(set(pairs))


def test_what_the_table_covers() -> None:
    """Eleven definitions meet two dozen cases and more, and every outcome is seen under each."""
    seen: dict[str, set[str]] = {}
    for row in ROWS:
        seen.setdefault(row["definition"], set()).add(row["outcome"])
    full = [name for name, outcomes in seen.items() if len(outcomes) == 3]
    assert len(full) >= 11
    assert len({row["case"] for row in ROWS if row["definition"] == "kpcs-core-2002"}) >= 24
