"""A vocabulary so small that every record of it can be written down, and definitions over it.

A yard: whether it is open, its colour, its tags; an owner among its people; boxes and pens, each
with two facts. Records with up to so many boxes and pens are enumerated, unknown facts and
incomplete lists among them, without regard to order, which nothing can ask about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations_with_replacement, product
from typing import Any

from picks import Pick, one

from kprules.formula import nodes as n
from kprules.formula.definition import Definition, Judgement, choose
from kprules.formula.nodes import Form, Path
from kprules.formula.paths import path_to
from kprules.records.settled import NO_RECORD, UNKNOWN_RECORD, Incomplete, Settled, blank
from kprules.records.shape import (
    BOOL,
    Field,
    ListOf,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Type,
    Vocabulary,
)

COLOUR = Scalar("enum", ("red", "green", "blue"), "colour")
TAGS = SetOf(Scalar("enum", ("new", "old"), "tag"))
OWNER = Reference("person", "people", none=True)


def _shape(called: str, **fields: Type) -> RecordShape:
    return RecordShape(called, {name: Field(name, kind) for name, kind in fields.items()})


ROOT = _shape(
    "yard",
    open=BOOL,
    colour=COLOUR,
    tags=TAGS,
    owner=OWNER,
    people=ListOf("person", keyed=True),
    boxes=ListOf("box"),
    pens=ListOf("pen"),
)
YARD = Vocabulary(
    "yard",
    ROOT,
    {
        "yard": ROOT,
        "person": _shape("person", good=BOOL),
        "box": _shape("box", full=BOOL, colour=COLOUR),
        "pen": _shape("pen", wet=BOOL, keeper=OWNER),
    },
)
"""The smallest vocabulary with lists, a map, references and every kind of closed value."""


def definition(form: Form, name: str = "tiny-one", exceptions: Sequence[Form] = ()) -> Judgement:
    """Return a definition of a form."""
    return choose(Definition(name, name, "yard", form, tuple(exceptions), vocabulary=YARD))


def path(variable: str, record: str, *fields: str) -> Path:
    """Return a path; its type is looked up."""
    return path_to(YARD, variable, record, fields)


# --- every record -------------------------------------------------------------------------------


def yards(
    reads: set[str], most: int, *, settled: bool = False, people: int = 2
) -> Iterator[Settled]:
    """Yield every record that states nothing beyond some fields, with so many entries of a list.

    `reads` names the fields, as `boxes.full`.
    """
    persons = [()]
    if reads & {"people.good", "people", "owner", "pens.keeper"}:
        goods = _values(BOOL, "people.good" in reads, settled)
        persons = [p for k in range(people + 1) for p in product(goods, repeat=k)]
    for goods in persons:
        for listed in _statuses("people" in reads, settled, bool(goods)):
            yield from _with_people(reads, most, goods, listed, settled)


def _with_people(
    reads: set[str], most: int, goods: tuple[Any, ...], listed: str, settled: bool
) -> Iterator[Settled]:
    owners = list(range(len(goods)))
    roots = list(
        product(
            _values(BOOL, "open" in reads, settled),
            _values(COLOUR, "colour" in reads, settled),
            _tags("tags" in reads, settled),
            _owners(owners, "owner" in reads, settled),
        )
    )
    boxes = _entries(
        list(
            product(
                _values(BOOL, "boxes.full" in reads, settled),
                _values(COLOUR, "boxes.colour" in reads, settled),
            )
        ),
        most,
        bool(reads & {"boxes", "boxes.full", "boxes.colour"}),
        settled,
    )
    pens = _entries(
        list(
            product(
                _values(BOOL, "pens.wet" in reads, settled),
                _owners(owners, "pens.keeper" in reads, settled),
            )
        ),
        most,
        bool(reads & {"pens", "pens.wet", "pens.keeper"}),
        settled,
    )
    for root, box, pen in product(roots, boxes, pens):
        yield _made(root, goods, listed, box, pen)


def _values(kind: Scalar, read: bool, settled: bool) -> list[Any]:
    if not read:
        return [None]
    values: list[Any] = [True, False] if kind is BOOL else list(kind.values)
    return values if settled else [*values, None]


def _tags(read: bool, settled: bool) -> list[Any]:
    if not read:
        return [None]
    sets = [frozenset(s) for s in ((), ("new",), ("old",), ("new", "old"))]
    return sets if settled else [*sets, *(s | {None} for s in sets), None]


def _owners(people: list[int], read: bool, settled: bool) -> list[Any]:
    if not read:
        return ["unread"]
    return [*people, "none", *([] if settled else ["unread"])]


def _statuses(read: bool, settled: bool, needed: bool) -> list[str]:
    if not read:
        return ["complete"]
    return ["complete"] if settled else ["complete", "incomplete", *([] if needed else ["unknown"])]


def _entries(kinds: list[Any], most: int, read: bool, settled: bool) -> list[tuple[str, Any]]:
    if not read:
        return [("unknown", ())]
    found = [e for k in range(most + 1) for e in combinations_with_replacement(kinds, k)]
    if settled:
        return [("complete", e) for e in found]
    return [*((s, e) for s in ("complete", "incomplete") for e in found), ("unknown", ())]


def _made(
    root: tuple[Any, ...],
    goods: tuple[Any, ...],
    listed: str,
    boxes: tuple[str, Any],
    pens: tuple[str, Any],
) -> Settled:
    yard = blank(ROOT, "")
    people = []
    for number, good in enumerate(goods):
        person = blank(YARD.records["person"], f"people.p{number}")
        person._key = f"p{number}"
        person.good = good
        people.append(person)
    yard.open, yard.colour, yard.tags = root[:3]
    yard.owner = _named(people, root[3])
    yard.people = _list(listed, people)
    held = []
    for number, (full, colour) in enumerate(boxes[1]):
        box = blank(YARD.records["box"], f"boxes[{number}]")
        box.full, box.colour = full, colour
        held.append(box)
    yard.boxes = _list(boxes[0], held)
    held = []
    for number, (wet, keeper) in enumerate(pens[1]):
        pen = blank(YARD.records["pen"], f"pens[{number}]")
        pen.wet, pen.keeper = wet, _named(people, keeper)
        held.append(pen)
    yard.pens = _list(pens[0], held)
    return yard


def _named(people: list[Settled], which: Any) -> Settled:
    if which == "unread":
        return UNKNOWN_RECORD
    return NO_RECORD if which == "none" else people[which]


def _list(status: str, entries: list[Settled]) -> tuple[Settled, ...] | None:
    if status == "unknown":
        return None
    return Incomplete(entries) if status == "incomplete" else tuple(entries)


# --- definitions --------------------------------------------------------------------------------


class Writer:
    """Draws formulas over some fields of a yard."""

    def __init__(self, pick: Pick, reads: set[str], *, known: bool = False) -> None:
        """Use the fields that `reads` names; `known`: ask whether facts are, too."""
        self.pick = pick
        self.reads = reads
        self.known = known
        self.made = 0

    def form(self, scope: tuple[tuple[str, str], ...], depth: int) -> Form:
        """Draw a formula."""
        kind = self.pick(10) if depth else 0
        if kind < 4:
            return self.leaf(scope)
        if kind == 4:
            return n.Not(self.form(scope, depth - 1))
        if kind < 7:
            group = n.All if self.pick(2) else n.Any
            return group(tuple(self.form(scope, depth - 1) for _ in range(2)))
        return self.quantified(scope, depth - 1) or self.leaf(scope)

    def quantified(self, scope: tuple[tuple[str, str], ...], depth: int) -> Form | None:
        """Draw a quantifier over a list that is not yet quantified over."""
        lists = {"boxes": "box", "pens": "pen", "people": "person"}
        taken = {record for _, record in scope}
        open_ = [
            name
            for name, record in lists.items()
            if record not in taken and any(r.split(".")[0] == name for r in self.reads)
        ]
        if not open_:
            return None
        name = one(self.pick, open_)
        self.made += 1
        variable = f"x{self.made}"
        how = one(self.pick, ("some", "every", "no", n.AtLeast(2), n.AtLeast(1)))
        inside = (*scope, (variable, lists[name]))
        where = self.form(inside, min(depth, 1)) if self.pick(4) == 3 else None
        over = path("", "yard", name)
        return n.Quantified(how, variable, over, where, self.form(inside, depth))

    def leaf(self, scope: tuple[tuple[str, str], ...]) -> Form:
        """Draw a question about a fact of an entry in scope, or of the yard."""
        asked: list[Form] = [n.Const(bool(self.pick(2)))]
        colours = []
        for variable, record in scope:
            lists = {"yard": "", "box": "boxes.", "pen": "pens.", "person": "people."}
            for name in YARD.records[record].fields:
                if lists[record] + name in self.reads:
                    asked += self._about(path(variable, record, name))
                    if name == "colour":
                        colours.append(path(variable, record, name))
        if len(colours) > 1:
            asked.append(n.Compare(colours[0], "is", colours[1]))
        return one(self.pick, asked[1:] or asked) if self.pick(12) else asked[0]

    def _about(self, fact: Path) -> list[Form]:
        found: list[Form] = [n.Known(fact)] if self.known else []
        match fact.type:
            case Scalar("bool"):
                return [n.Compare(fact, "is", True), *found]
            case Scalar():
                one_of = frozenset({"red", "green"})
                return [n.Compare(fact, "is", "red"), n.Member(fact, one_of), *found]
            case SetOf():
                both = frozenset({"new", "old"})
                return [
                    n.Includes(fact, "any", frozenset({"new"})),
                    n.Includes(fact, "all", both),
                    n.Includes(fact, "any", both),
                    *found,
                ]
            case Reference():
                good = Path(fact.variable, fact.record, (*fact.fields, "good"), BOOL)
                about = [n.Compare(good, "is", True)] if "people.good" in self.reads else []
                return [n.Compare(fact, "is", n.NONE), *about, *found]
            case _:
                return found


def drawn(pick: Pick, reads: set[str], *, known: bool = False, depth: int = 3) -> Judgement:
    """Draw a definition that asks of some fields."""
    writer = Writer(pick, reads, known=known)
    scope = (("", "yard"),)
    captures = writer.form(scope, depth)
    exceptions = [writer.form(scope, 1)] if pick(4) == 3 else []
    return definition(captures, exceptions=exceptions)
