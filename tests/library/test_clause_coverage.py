"""Every clause of every definition that ships is put to the test by some case.

The cases that ship come first; `synthetic/` holds made-up ones, tagged so, for what no real case
shows. They are read by this test and by `kprules test --coverage --cases tests/library/synthetic`.
"""

from __future__ import annotations

from functools import cache

from shipped_library import HERE, cases, rules

from kprules.api import load_cases
from kprules.comparison.coverage import ASPECTS, SYNTHETIC, Coverage, coverage
from kprules.comparison.matrix import Subject

MADE_UP = HERE / "synthetic"
KINDS = ("case", "meeting")


@cache
def covered() -> Coverage:
    """Return the coverage of the library by its own cases and the made-up ones."""
    records = [
        case
        for about in KINDS
        for found in (cases(about), load_cases(MADE_UP, about=about))
        for case in found.values()
    ]
    return coverage(
        rules().values(), [(c.about, Subject(c.id, c.title, c.record)) for c in records]
    )


def test_every_clause_is_seen_true_false_unknown_and_decisive() -> None:
    """Nothing that a clause can come to is missing."""
    missing = [
        (c.definition.id, c.label, c.reading, c.missing) for c in covered().clauses if c.missing
    ]
    assert missing == []
    assert covered().percent == 100
    assert set(covered().definitions) == set(rules().values())


def test_what_is_left_out_is_left_out_for_literals_only() -> None:
    """Only the clauses that are a literal `true` or `false` have truths that they cannot take."""
    left_out = [c for c in covered().clauses if c.impossible]
    assert left_out
    assert {len(c.impossible) for c in left_out} == {2}
    assert all("unknown" in c.impossible for c in left_out)
    assert all("decisive" in c.seen for c in left_out)


def test_real_cases_come_first() -> None:
    """Real cases show nearly all of it, and each made-up case shows something that none does."""
    found = covered()
    assert found.seen_in_real_cases >= 0.94 * found.possible
    made_up = {path.stem for path in MADE_UP.rglob("*.yaml")}
    used = {s.case for c in found.clauses for s in c.seen.values() if s.synthetic}
    assert used == made_up
    assert made_up.isdisjoint({*cases(), *cases("meeting")})


def test_made_up_cases_say_so() -> None:
    """Each made-up case has the tag, and no case that ships has it."""
    for about in KINDS:
        for case in load_cases(MADE_UP, about=about).values():
            assert SYNTHETIC in case.record.tags.value
        for case in cases(about).values():
            assert case.record.tags is None or SYNTHETIC not in case.record.tags.value


def test_aspects_are_four() -> None:
    """A clause is true, false, unknown and decisive, and is asked about no more."""
    assert all(c.possible + len(c.impossible) == len(ASPECTS) for c in covered().clauses)
