"""The connectives of `kprules.logic` beside the tables of Kleene 1952, over Python's booleans."""

from __future__ import annotations

from itertools import product

import pytest
from kleene import AND, NOT, OR

from kprules.evaluation.walker import Walker
from kprules.logic import Truth, conjunction, constant, disjunction, given, negation

ON = Walker({})
TRUTHS = {"t": Truth(True, True), "f": Truth(False, False), "u": Truth(False, True)}


@pytest.mark.parametrize("a", "tfu")
def test_negation_is_kleenes(a: str) -> None:
    """Not true is false, not false true, not unknown unknown."""
    assert negation(ON, TRUTHS[a]) == TRUTHS[NOT[a]]


@pytest.mark.parametrize(("a", "b"), list(product("tfu", repeat=2)))
def test_conjunction_and_disjunction_are_kleenes(a: str, b: str) -> None:
    """Each of the nine rows of both tables holds."""
    assert conjunction(ON, [TRUTHS[a], TRUTHS[b]]) == TRUTHS[AND[a, b]]
    assert disjunction(ON, [TRUTHS[a], TRUTHS[b]]) == TRUTHS[OR[a, b]]


@pytest.mark.parametrize(("a", "b", "c"), list(product("tfu", repeat=3)))
def test_three_parts_are_two_and_one(a: str, b: str, c: str) -> None:
    """A group of three is the table used twice; a group of one is its part."""
    parts = [TRUTHS[a], TRUTHS[b], TRUTHS[c]]
    assert conjunction(ON, parts) == TRUTHS[AND[AND[a, b], c]]
    assert disjunction(ON, parts) == TRUTHS[OR[OR[a, b], c]]
    assert conjunction(ON, parts[:1]) == disjunction(ON, parts[:1]) == parts[0]


def test_no_parts() -> None:
    """All of nothing is true, any of nothing false."""
    assert conjunction(ON, []) == constant(ON, True) == TRUTHS["t"]
    assert disjunction(ON, []) == constant(ON, False) == TRUTHS["f"]


@pytest.mark.parametrize("so", "tfu")
def test_given_known_facts_the_comparison_stands(so: str) -> None:
    """A comparison of known facts is what it is; of unknown ones it is unknown or may be more."""
    assert given(ON, True, TRUTHS[so]) == TRUTHS[so]
    assert given(ON, False, TRUTHS[so]) == TRUTHS["u"]
