"""How many entries suffice: the count, form by form, and that more of them change no answer."""

from __future__ import annotations

from random import Random
from time import monotonic

import pytest
from questions import QUESTIONS
from tiny import YARD, definition, drawn, path

from kprules.formula import nodes as n
from kprules.formula.definition import Judgement
from kprules.formula.nodes import Form
from kprules.proof.bounds import ITSELF, SHARES, Bounds, more
from kprules.proof.prover import Answer, Nothing, Prover, Sense, Want, enough_for, needs_of
from kprules.proof.relations import Kind, differ, relate

FULL = n.Compare(path("b", "box", "full"), "is", True)
RED = n.Compare(path("b", "box", "colour"), "is", "red")
WET = n.Compare(path("p", "pen", "wet"), "is", True)
OPEN = n.Compare(path("", "yard", "open"), "is", True)
BOXES, PENS, PEOPLE = (path("", "yard", name) for name in ("boxes", "pens", "people"))
BOX, PEN = ("boxes",), ("pens",)


def boxes(how: n.How, has: Form, where: Form | None = None) -> Form:
    """Quantify over boxes."""
    return n.Quantified(how, "b", BOXES, where, has)


def pens(how: n.How, has: Form) -> Form:
    """Quantify over pens."""
    return n.Quantified(how, "p", PENS, None, has)


def about_both() -> Form:
    """Compare a box and a pen in scope: the box's colour, and whose the pen is."""
    return n.All((RED, WET))


COUNTS: dict[str, tuple[Form, bool, dict[tuple[str, ...], int]]] = {
    "some": (boxes("some", FULL), True, {BOX: 1}),
    "not some": (boxes("some", FULL), False, {BOX: 0}),
    "every": (boxes("every", FULL), True, {BOX: 0}),
    "not every": (boxes("every", FULL), False, {BOX: 1}),
    "no": (boxes("no", FULL), True, {BOX: 0}),
    "not no": (boxes("no", FULL), False, {BOX: 1}),
    "at least three": (boxes(n.AtLeast(3), FULL), True, {BOX: 3}),
    "fewer than three": (boxes(n.AtLeast(3), FULL), False, {BOX: 0}),
    "negated": (n.Not(boxes("every", FULL)), True, {BOX: 1}),
    "and": (n.All((boxes("some", FULL), boxes("some", RED))), True, {BOX: 2}),
    "or": (n.Any((boxes("some", FULL), boxes(n.AtLeast(2), RED))), True, {BOX: 2}),
    "neither": (n.All((boxes("every", FULL), boxes("every", RED))), False, {BOX: 1}),
    "some in every": (boxes("every", n.Any((FULL, pens("some", WET)))), True, {BOX: 0, PEN: 1}),
    "some beside each": (
        n.All((boxes(n.AtLeast(2), FULL), boxes("every", pens("some", about_both())))),
        True,
        {BOX: 2, PEN: 2},
    ),
    "some in some": (boxes("some", pens(n.AtLeast(2), about_both())), True, {BOX: 1, PEN: 2}),
    "each of two its own": (
        boxes(n.AtLeast(2), pens("some", about_both())), True, {BOX: 2, PEN: 2},
    ),
    "where": (boxes("some", FULL, where=pens("every", WET)), True, {BOX: 1, PEN: 0}),
    "not where": (boxes("every", FULL, where=pens("some", WET)), False, {BOX: 1, PEN: 1}),
}  # fmt: skip


@pytest.mark.parametrize("name", COUNTS)
def test_the_count(name: str) -> None:
    """Each construct promises as many entries as the argument says."""
    form, captured, expected = COUNTS[name]
    needs = needs_of([definition(form)], YARD)
    want = Want.CAPTURED if captured else Want.NOT_CAPTURED
    assert enough_for([((0, want),)], needs) == Bounds(expected)


def test_an_exception_counts_the_other_way() -> None:
    """What is captured must not be excepted: exceptions count as denied."""
    judged = definition(boxes("some", FULL), exceptions=[boxes("every", RED)])
    needs = needs_of([judged], YARD)
    assert enough_for([((0, Want.CAPTURED),)], needs).entries == {BOX: 2}
    assert enough_for([((0, Want.NOT_CAPTURED),)], needs).entries == {BOX: 0}


def test_a_map_holds_what_its_references_name() -> None:
    """A map that is quantified over has room for each owner and keeper besides."""
    good = n.Compare(path("", "yard", "owner", "good"), "is", True)
    everyone = n.Quantified(
        "every", "x", PEOPLE, None, n.Compare(path("x", "person", "good"), "is", True)
    )
    keeper = pens(n.AtLeast(2), n.Compare(path("p", "pen", "keeper", "good"), "is", True))
    needs = needs_of([definition(n.All((good, everyone, keeper)))], YARD)
    assert enough_for([((0, Want.CAPTURED),)], needs).entries == {PEN: 2, ("people",): 3}


# --- larger bounds ------------------------------------------------------------------------------


def answers(two: list[Judgement], extra: int) -> list[bool | None]:
    """Return the answers to all questions with so many entries more than suffice."""
    needs = needs_of(two, YARD)
    found: list[bool | None] = []
    for question in QUESTIONS:
        bounds = enough_for([question], needs)
        prover = Prover(two, YARD, more(bounds, extra))
        for sense in Sense:
            answer: Answer = prover.find(question, sense, monotonic() + 60, bounds.outside)
            exists = not isinstance(answer, Nothing)
            found.append(None if bounds.outside else exists)
        prover.close()
    return found


@pytest.mark.parametrize("name", COUNTS)
def test_more_entries_change_no_answer(name: str) -> None:
    """Every construct beside every other: one and three entries more say the same."""
    form = COUNTS[name][0]
    for other in ("some", "every", "at least three", "some beside each", "or"):
        two = [definition(form), definition(COUNTS[other][0])]
        expected = answers(two, 0)
        assert answers(two, 1) == expected, other
        assert answers(two, 3) == expected, other


def test_more_entries_change_no_answer_of_drawn_definitions() -> None:
    """So it is for definitions drawn from all constructs."""
    random = Random(5)
    reads = {"open", "boxes.full", "boxes.colour", "pens.wet", "pens.keeper", "people.good"}
    for _ in range(40):
        two = [drawn(random.randrange, reads) for _ in range(2)]
        assert answers(two, 2) == answers(two, 0), two


# --- outside the fragment -----------------------------------------------------------------------


def paired(first: str, second: str, inner: n.How, has: Form) -> Form:
    """Quantify over boxes twice, one inside the other."""
    return n.Quantified("every", first, BOXES, None, n.Quantified(inner, second, BOXES, None, has))


def test_a_list_that_depends_on_itself_is_never_implied() -> None:
    """Each box has another of its colour, full where it is empty: nothing is concluded."""
    same = n.Compare(path("b", "box", "colour"), "is", path("c", "box", "colour"))
    other = n.Compare(path("c", "box", "full"), "is", path("b", "box", "full"))
    each = definition(paired("b", "c", "some", n.All((same, n.Not(other)))), "each-one")
    two = definition(n.Any((n.Not(boxes("some", FULL)), boxes(n.AtLeast(2), RED))), "two-red")
    needs = needs_of([each, two], YARD)
    bounds = enough_for([((0, Want.CAPTURED), (1, Want.NOT_CAPTURED))], needs)
    assert bounds.outside == (ITSELF.format("boxes"),)
    relation = relate(each, two)
    assert relation.settled.only_left.exists is not False
    assert relation.kind not in {Kind.EQUAL, Kind.NARROWER, Kind.DISJOINT}


def test_a_list_quantified_twice_is_inside_where_nothing_depends_on_itself() -> None:
    """Some box differs from every box: one box is enough to see that none does."""
    differs = n.Not(n.Compare(path("b", "box", "colour"), "is", path("c", "box", "colour")))
    inner = n.Quantified("every", "c", BOXES, None, differs)
    odd = definition(n.Quantified("some", "b", BOXES, None, inner), "odd-one")
    needs = needs_of([odd], YARD)
    assert enough_for([((0, Want.CAPTURED),)], needs) == Bounds({BOX: 1})
    relation = relate(odd, definition(n.Const(value=False), "never-any"))
    assert relation.kind is Kind.EQUAL


def share(part: int, whole: int) -> Judgement:
    """Return that such a share of the boxes is full."""
    return definition(boxes(n.Share(part, whole, strictly=False), FULL), f"share-{part}")


def test_shares_are_told_apart_by_a_witness_and_never_implied() -> None:
    """27 boxes show that 51 of 100 are not 52; that 52 are 51 is so, and not concluded."""
    relation = relate(share(51, 100), share(52, 100), seconds=60)
    shown = relation.settled.only_left
    assert shown.exists is True
    assert shown.witness is not None
    assert len(shown.witness.case["boxes"]) == 27
    assert relation.settled.only_right.exists is None
    assert relation.settled.only_right.why == SHARES
    assert relation.kind is Kind.NOT_DECIDED


def test_what_holds_whatever_a_share_comes_to_is_proved() -> None:
    """Widening by a share, and narrowing by one, need no count of entries."""
    half = boxes(n.Share(1, 2, strictly=True), FULL)
    plain = definition(OPEN, "open-one")
    wider = definition(n.Any((OPEN, half)), "wider-one")
    narrower = definition(n.All((OPEN, half)), "narrower-one")
    assert relate(plain, wider).kind is Kind.NARROWER
    assert relate(plain, narrower).kind is Kind.BROADER
    assert relate(narrower, wider).kind is Kind.NARROWER
    assert differ(wider, wider).exists is False
