"""The picture of the order shows each relation that was proved, and none that was not."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kprules
from kprules.comparison.order import Joined, Order, order
from kprules.formula.definition import choose
from kprules.proof.relations import relate_all
from kprules.reports import order_pictures
from kprules.reports.order_layout import Box, Layout, laid_out

pytest.importorskip("igraph")

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def shipped() -> Order:
    """Return the order of the definitions that ship."""
    rules = kprules.load_rules()
    cases = [d for d in rules.values() if d.about == "case"]
    return order(relate_all([choose(definition) for definition in cases], witnesses=False))


def boxes_of(picture: ET.Element) -> dict[str, Box]:
    """Return the frames, by the first line of text that each holds."""
    texts = [
        (float(t.get("x", 0)), float(t.get("y", 0)), str(t.text))
        for t in picture.iter(f"{SVG}text")
    ]
    found = {}
    for rect in picture.iter(f"{SVG}rect"):
        if rect.get("stroke-width") == "1.4":
            x, y, width, height = (float(rect.get(k, 0)) for k in ("x", "y", "width", "height"))
            inside = [t for tx, ty, t in texts if x < tx < x + width and y < ty < y + height]
            found[inside[0].split(" ")[0]] = Box(x, y, width, height)
    return found


def points_on(path: str) -> list[tuple[float, float]]:
    """Return many points on a path of straight lines and cubic curves."""
    found: list[tuple[float, float]] = []
    for letter, numbers in re.findall(r"([MLC]) ([^MLC]+)", path):
        at = [float(n) for n in numbers.split()]
        pairs = list(zip(at[::2], at[1::2], strict=True))
        ends = {"M": pairs, "L": [*found[-1:], *pairs], "C": [*found[-1:], *pairs]}[letter]
        if letter == "C":
            a, b, c, d = ends
            found += [
                tuple(  # type: ignore[misc]  # two numbers each
                    p * (1 - t) ** 3 + 3 * q * t * (1 - t) ** 2 + 3 * r * t**2 * (1 - t) + s * t**3
                    for p, q, r, s in zip(a, b, c, d, strict=True)
                )
                for t in (step / 50 for step in range(1, 51))
            ]
        elif letter == "L":
            (ax, ay), (bx, by) = ends
            steps = (step / 50 for step in range(1, 51))
            found += [(ax + (bx - ax) * t, ay + (by - ay) * t) for t in steps]
        else:
            found += ends
    return found


def touches(box: Box, x: float, y: float) -> bool:
    """Say whether a point lies in a box or on its frame."""
    return box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height


def test_no_line_of_the_library_runs_behind_a_box_that_it_does_not_join(shipped: Order) -> None:
    """Every line begins on the broader, ends on the narrower, and touches no other box."""
    picture = ET.fromstring(order_pictures.svg(shipped))  # noqa: S314 - our own text
    boxes = boxes_of(picture)
    assert len(boxes) == len(shipped.groups)
    drawn = set()
    for path in picture.iter(f"{SVG}path"):
        points = points_on(path.get("d", ""))
        (high,) = [name for name, box in boxes.items() if touches(box, *points[0])]
        (low,) = [name for name, box in boxes.items() if touches(box, *points[-1])]
        drawn.add((low, high))
        assert boxes[low].y > boxes[high].y + boxes[high].height
        met = {n for n, box in boxes.items() for x, y in points if touches(box, x, y)}
        assert met == {low, high}
    groups = [group.definitions[0].id for group in shipped.groups]
    assert drawn == {(groups[low], groups[high]) for low, high in shipped.edges}


@st.composite
def drawn_orders(draw: st.DrawFn) -> tuple[list[tuple[float, float]], list[tuple[int, int]]]:
    """Draw sizes of boxes, some of them so wide that rows break, and edges without a cycle."""
    number = draw(st.integers(1, 12))
    size = st.tuples(st.sampled_from([40.0, 150.0, 600.0]), st.sampled_from([27.0, 60.0]))
    sizes = draw(st.lists(size, min_size=number, max_size=number))
    pairs = list(itertools.combinations(range(number), 2))
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=16)) if pairs else []
    return sizes, edges


def assert_sound(laid: Layout, edges: list[tuple[int, int]]) -> None:
    """Boxes lie apart; lines touch the boxes that they join and no other."""
    for one, other in itertools.combinations(laid.boxes, 2):
        beside = one.x + one.width <= other.x or other.x + other.width <= one.x
        assert beside or one.y + one.height <= other.y or other.y + other.height <= one.y
    for (low, high), points in zip(edges, laid.lines, strict=True):
        for index, box in enumerate(laid.boxes):
            for number, ((ax, ay), (bx, by)) in enumerate(itertools.pairwise(points)):
                # A curve stays within the rectangle of its ends, and meets its edges only there.
                curved = number % 2 == 1
                assert curved or ax == bx
                across = max(ax, bx) >= box.x and min(ax, bx) <= box.x + box.width
                bottom = box.y + box.height
                met = across and (
                    by > box.y and ay < bottom if curved else by >= box.y and ay <= bottom
                )
                assert not met or index in {low, high}


@given(drawn_orders())
def test_lines_of_any_order_keep_off_boxes(
    drawn: tuple[list[tuple[float, float]], list[tuple[int, int]]],
) -> None:
    """Whatever the sizes and the edges."""
    sizes, edges = drawn
    assert_sound(laid_out(sizes, edges), edges)


def test_each_status_has_its_own_colours() -> None:
    """No two statuses share a frame or a fill."""
    frames, fills = zip(*order_pictures.COLOURS.values(), strict=True)
    assert len(set(frames)) == len(set(fills)) == len(order_pictures.COLOURS)


def test_a_box_shows_the_status_of_each_definition_joined() -> None:
    """A blocked text that says the same as a descriptive one is not shown as descriptive."""
    rules = kprules.load_rules()
    joined = Joined((rules["kp-tagline"], rules["wars-2023"]), 17)
    laid = Order((joined,), (), ())
    (descriptive, blocked) = (order_pictures.COLOURS[s][1] for s in ("descriptive", "blocked"))
    picture = order_pictures.svg(laid)
    for text in (picture, order_pictures.dot(laid)):
        assert descriptive in text
        assert blocked in text
    for text in (picture, order_pictures.dot(laid), order_pictures.mermaid(laid)):
        assert "kp-tagline (descriptive)" in text
        assert "wars-2023 (blocked)" in text


def test_mermaid_gives_every_box_a_class() -> None:
    """One of several statuses has its own, which is no status's."""
    rules = kprules.load_rules()
    mixed = Joined((rules["kp-tagline"], rules["wars-2023"]))
    text = order_pictures.mermaid(Order((mixed, Joined((rules["kpcs-core-2002"],))), (), ()))
    assert "  classDef mixed fill:#ffffff,stroke:#444444,color:#111111\n  class n0 mixed\n" in text
    assert "  class n1 in_force\n" in text


def test_what_was_not_decided_is_not_said_to_be_so_or_not() -> None:
    """With an open pair the picture names it, and denies nothing."""
    rules = kprules.load_rules()
    groups = tuple(Joined((rules[i],)) for i in ("kpcs-core-2002", "wars-2023"))
    open_ = Order(groups, (), (("kpcs-core-2002", "wars-2023"),))
    for text in (
        order_pictures.svg(open_),
        order_pictures.dot(open_),
        order_pictures.mermaid(open_),
    ):
        assert "no definition is narrower" not in text
        assert "how kpcs-core-2002 lies to wars-2023 was not decided" in text
    assert "no definition is narrower" in order_pictures.described(replace(open_, undecided=()))


def test_without_the_extra_the_way_to_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A missing layout library is no fault of the program."""

    def missing(*_: object) -> Layout:
        raise ModuleNotFoundError("igraph")

    monkeypatch.setattr(order_pictures, "laid_out", missing)
    with pytest.raises(order_pictures.MissingExtraError, match="pictures"):
        order_pictures.svg(Order((), (), ()))


def test_a_layout_library_that_may_crash_is_refused(
    monkeypatch: pytest.MonkeyPatch, shipped: Order
) -> None:
    """Its 1.0.0 reads past the end of what it laid out: the way to an older one is said."""
    monkeypatch.setattr("igraph.__version_info__", (1, 0, 0))
    with pytest.raises(order_pictures.MissingExtraError, match=r"older than 1\.0: pip install"):
        order_pictures.svg(shipped)
