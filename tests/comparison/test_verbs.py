"""The interface to what compares: the commands' answers as values that notebooks show."""

from __future__ import annotations

import pytest

import kprules
from kprules import Cases, Rules


@pytest.fixture(scope="module")
def rules() -> Rules:
    """Return the definitions that ship."""
    return kprules.load_rules()


@pytest.fixture(scope="module")
def cases() -> Cases:
    """Return the cases that ship."""
    return kprules.load_cases()


def test_compare(rules: Rules) -> None:
    """The core is narrower than the wording on wars, with a case that shows it."""
    found = kprules.compare(rules["kpcs-core-2002"], rules["wars-2023"])
    assert (found.kind, found.kind_where_unknown) == ("narrower", "narrower")
    assert "links" in found.witnesses["only_right"]
    assert "narrower" in found._repr_html_()


def test_diff(rules: Rules, cases: Cases) -> None:
    """The difference tells the clauses that go, and shows itself as text and HTML."""
    found = kprules.diff(rules["kpcs-core-2002"], rules["wars-2023"], rules=rules, cases=cases)
    assert "- actor" in str(found)
    assert "&quot;against" in found._repr_html_()


def test_nearest(rules: Rules, cases: Cases) -> None:
    """Changes can be counted, looped over and read; the alleged standard is a condition."""
    found = kprules.nearest(rules["kpcs-core-2002"], cases["rus-ukr-2022"])
    assert len(found) == len(list(found)) > 0
    assert str(found).startswith("captured if ")
    assert "<pre" in found._repr_html_()
    assert kprules.nearest(rules["west-2022"], cases["rus-ukr-2022"], view="ukraine")


def test_settle(rules: Rules, cases: Cases) -> None:
    """The contested finance comes first."""
    found = kprules.settle(rules["west-2022"], cases["rus-ukr-2022"])
    assert found.facts[0][0] == "links[0].finances"
    assert "contested" in found._repr_html_()


def test_definitions_of_two_kinds_are_not_compared(rules: Rules) -> None:
    """A definition about cases and one about meetings have nothing to compare."""
    with pytest.raises(ValueError, match="about a meeting"):
        kprules.compare(rules["kpcs-core-2002"], rules["kp-consensus-2003"])
