"""The order of definitions joins what is equal and lists no edge that others imply."""

from __future__ import annotations

from pathlib import Path

import pytest

import kprules
from kprules.cli.main import run
from kprules.comparison.order import Order, order
from kprules.formula.definition import choose
from kprules.proof.relations import Kind, relate_all
from kprules.reports import order_pictures

IDS = ["kpcs-core-2002", "west-2022", "ukraine-2022", "wars-2023", "eu-2023", "canada-2018"]


@pytest.fixture(scope="module")
def laid() -> Order:
    """Return the order of six definitions of the library."""
    rules = kprules.load_rules()
    return order(relate_all([choose(rules[i]) for i in IDS], witnesses=False), {"eu-2023": 3})


def test_edges_are_the_relation_without_what_others_imply(laid: Order) -> None:
    """The core lies below each amendment; eu-2023 is reached through wars-2023 alone."""
    names = [group.name for group in laid.groups]
    edges = {(names[low], names[high]) for low, high in laid.edges}
    both = "west-2022 = ukraine-2022"
    assert ("kpcs-core-2002", both) in edges
    assert (both, "wars-2023") in edges
    assert ("wars-2023", "eu-2023") in edges
    assert ("kpcs-core-2002", "eu-2023") not in edges


def test_every_picture_names_every_definition(laid: Order) -> None:
    """SVG, DOT and Mermaid hold all ids, and the SVG its order in words."""
    pytest.importorskip("igraph")
    for text in (order_pictures.svg(laid), order_pictures.dot(laid), order_pictures.mermaid(laid)):
        assert all(name in text for name in IDS)
    assert "is narrower than" in order_pictures.svg(laid)


def test_png_is_a_png(laid: Order) -> None:
    """The PNG begins as one does."""
    pytest.importorskip("resvg_py")
    assert order_pictures.png(laid).startswith(b"\x89PNG")


def test_relation_of_the_library_is_transitive() -> None:
    """What is narrower than a narrower one is narrower; none is narrower both ways."""
    rules = kprules.load_rules()
    found = relate_all([choose(rules[i]) for i in IDS], witnesses=False)
    below = {Kind.NARROWER, Kind.EQUAL}
    number = range(len(IDS))
    for a in number:
        for b in number:
            for c in number:
                if (
                    len({a, b, c}) == 3
                    and {found.between(a, b).kind, found.between(b, c).kind} <= below
                ):
                    assert found.between(a, c).kind in below


def test_witness_files_are_cases_that_show_the_relation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each file written is judged as its id says, by a command of its own."""
    folder = tmp_path / "shown"
    assert run(["compare", "kpcs-core-2002", "wars-2023", "--write-cases", str(folder)]) == 0
    capsys.readouterr()
    assert {file.name for file in folder.iterdir()} == {
        "in-kpcs-core-2002-in-wars-2023.yaml",
        "not-in-kpcs-core-2002-in-wars-2023.yaml",
    }
    only = "kpcs-core-2002,wars-2023"
    assert run(["eval", "--cases", str(folder), "--only", only, "--format", "csv"]) == 0
    said = capsys.readouterr().out
    assert '"Captured by kpcs-core-2002, captured by wars-2023",captured,captured' in said
    assert '"Not captured by kpcs-core-2002, captured by wars-2023",not_captured,captured' in said


def test_a_picture_of_an_unknown_kind_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The message names the kinds that there are."""
    picture = str(tmp_path / "order.gif")
    assert run(["compare", "kpcs-core-2002", "wars-2023", "--picture", picture]) == 2
    assert ".svg" in capsys.readouterr().err
