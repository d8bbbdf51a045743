"""A reader who coded the cases blind, beside the program."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from agreement import FILE, agreed, cells, counted, document, kappa
from shipped_library import cases, rules, table

from kprules.api import evaluate


def test_nine_cells_in_ten_agree() -> None:
    """Reader and program agree on at least nine cells in ten, under every definition."""
    found = cells()
    for definition in {cell.definition for cell in found}:
        pairs = counted(c for c in found if c.definition == definition)
        assert agreed(pairs) >= 0.85 * pairs.total(), definition
    assert agreed(counted(found)) >= 0.9 * len(found)


def test_a_third_of_the_cases_is_coded() -> None:
    """The coding covers about a third of the cases, each under the same five definitions."""
    coded = {row["case"] for row in table("blind_coding.csv")}
    assert len(coded) >= len(cases()) / 3
    assert len(table("blind_coding.csv")) == 5 * len(coded)


def test_every_difference_is_explained_by_a_reading_or_a_mended_list() -> None:
    """Each difference is listed with what makes the program agree, and no other."""
    parted = {(c.case, c.definition): c for c in cells() if c.coded != c.result.outcome}
    explained = {(row["case"], row["definition"]): row for row in table("differences.csv")}
    assert parted.keys() == explained.keys()
    for key, row in explained.items():
        assert bool(row["reading"]) != bool(row["as_coded"])
        case, readings = cases()[key[0]], {}
        if row["reading"]:
            readings = dict([row["reading"].split("=")])
        else:
            name, entries = row["as_coded"].split("=")
            kept = (getattr(case.record, name) or ())[: int(entries)]
            case = case.record.model_copy(update={name: kept})
        result = evaluate(rules()[key[1]], case, readings=readings)
        assert result.outcome == parted[key].coded


def test_the_file_is_not_stale() -> None:
    """AGREEMENT.md says what is so today; `python tests/library/agreement.py` writes it anew."""
    assert FILE.read_text(encoding="utf-8") == document()


def test_the_readme_gives_the_same_figures(root: Path) -> None:
    """What the README says of the agreement is what the file that it links to says."""
    said = " ".join((root / "README.md").read_text(encoding="utf-8").split())
    pairs = counted(cells())
    assert f"agrees in {agreed(pairs)} of {pairs.total()} cells" in said
    assert f"kappa {kappa(pairs):.2f}" in said
    assert "tests/library/AGREEMENT.md" in said


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        # Cohen 1960's own kind of example: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no.
        ({("a", "a"): 20, ("a", "b"): 5, ("b", "a"): 10, ("b", "b"): 15}, 0.4),
        ({("a", "a"): 5, ("b", "b"): 5}, 1.0),
        ({("a", "b"): 5, ("b", "a"): 5}, -1.0),
        ({("a", "a"): 25, ("a", "b"): 25, ("b", "a"): 25, ("b", "b"): 25}, 0.0),
        ({("a", "a"): 9}, 1.0),
    ],
)
def test_kappa_by_hand(table: dict[tuple[str, str], int], expected: float) -> None:
    """Kappa is what the textbook's arithmetic gives."""
    names = {"a": "captured", "b": "not_captured"}
    pairs = Counter({(names[i], names[j]): n for (i, j), n in table.items()})
    assert kappa(pairs) == pytest.approx(expected)
