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


def test_nothing_found_is_said(rules: Rules, cases: Cases) -> None:
    """An undetermined outcome has no nearest change, and says where to ask."""
    found = kprules.nearest(rules["west-2022"], cases["rus-ukr-2022"])
    assert (len(found), found.outcome) == (0, kprules.Outcome.UNDETERMINED)
    assert "settle" in found._repr_html_()
    none = kprules.Nearest((), kprules.Outcome.CAPTURED)
    assert str(none) == "captured: no change of facts was found that turns it round"


def test_diff_goes_by_a_view(rules: Rules, cases: Cases) -> None:
    """As the command does: what one party claims decides for that party."""
    two = (rules["kpcs-core-2002"], rules["west-2022"])
    some = {"rus-ukr-2022": cases["rus-ukr-2022"]}
    assert "0 gained, 0 lost, 0 settled, 1 unsettled" in str(
        kprules.diff(*two, rules=rules, cases=some)
    )
    seen = kprules.diff(*two, rules=rules, cases=some, view="ukraine")
    assert "1 gained, 0 lost" in str(seen)
    with pytest.raises(ValueError, match=r"no record names the party `ukrain`.*`ukraine`"):
        kprules.diff(*two, rules=rules, cases=some, view="ukrain")


def test_what_is_returned_has_a_public_name() -> None:
    """Each type that a verb returns can be imported from the top."""
    for name in ("Change", "Comparison", "Diff", "Nearest", "Settled"):
        assert isinstance(getattr(kprules, name), type)


def test_settle(rules: Rules, cases: Cases) -> None:
    """The contested finance comes first."""
    found = kprules.settle(rules["west-2022"], cases["rus-ukr-2022"])
    assert found.facts[0][0] == "links[0].finances"
    assert "contested" in found._repr_html_()


def test_definitions_of_two_kinds_are_not_compared(rules: Rules) -> None:
    """A definition about cases and one about meetings have nothing to compare."""
    with pytest.raises(ValueError, match="about a meeting"):
        kprules.compare(rules["kpcs-core-2002"], rules["kp-consensus-2003"])
