"""Which comment belongs to what.

Guarantee: each comment of a file belongs to exactly one node. One on a line of its own belongs to
what follows it inside the same braces, or to the end of the braces; one behind other words belongs
to what it stands behind. A line in here touches places.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from kprules.syntax import tree
from kprules.syntax.patterns import COMMENT

_CLOSES = re.compile(rf"(?:\s++|{COMMENT})*+\)")
"""What stands before a parenthesis is written behind it."""


@dataclass(slots=True)
class Beside:
    """The comments of one node."""

    before: list[tree.Comment] = field(default_factory=list)
    """On lines of their own before it."""
    behind: list[tree.Comment] = field(default_factory=list)
    """At the end of its last line."""
    head: list[tree.Comment] = field(default_factory=list)
    """At the end of its first line: behind the brace, the colon, the keyword."""
    last: list[tree.Comment] = field(default_factory=list)
    """On lines of their own before its closing brace."""


_NONE = Beside()


@dataclass(slots=True)
class Comments:
    """The comments of a file by node, and the nodes that cannot stand on one line for them."""

    beside: dict[int, Beside] = field(default_factory=dict)
    broken: set[int] = field(default_factory=set)

    def of(self, node: object) -> Beside:
        """Return the comments of a node."""
        return self.beside.get(id(node), _NONE)

    def within(self, node: object) -> bool:
        """Whether comments stand somewhere inside a node."""
        return id(node) in self.broken


@dataclass(slots=True)
class _Slot:
    """A node that comments can belong to, or that has braces for them to stand in."""

    node: object
    start: int
    end: int
    above: tuple[int, ...]
    """The nodes around it, innermost last."""
    braces: bool = False
    element: bool = True
    """Whether it begins lines of its own when its surroundings are broken into lines."""
    headed: bool = True
    """Whether its first words end with a brace, a colon or a keyword, or it has one line."""
    slots: list[_Slot] = field(default_factory=list)


def attach(file: tree.File) -> Comments:
    """Give each comment of a file its node."""
    comments = Comments()
    if not file.comments:
        return comments
    whole = _Slot(file, -1, len(file.source.text) + 1, (), braces=True, element=False)
    for item in file.items:
        _item(item, whole)
    _sort(whole)
    for comment in file.comments:
        _give(comment, whole, file.source.text, comments)
    return comments


# --- what there is ------------------------------------------------------------------------------


def _add(
    node: tree.Written,
    parent: _Slot,
    above: Sequence[int],
    *,
    braces: bool = False,
    element: bool = True,
    headed: bool = True,
) -> _Slot:
    slot = _Slot(node, node.span.start, node.span.end, tuple(above), braces, element, headed)
    parent.slots.append(slot)
    return slot


def _item(item: tree.Item, file: _Slot) -> None:
    match item:
        case tree.Term():
            slot = _add(item, file, (), braces=True)
            _element(item.form, slot, (id(item),))
        case tree.SetOf():
            slot = _add(item, file, ())
            _values(item.values, slot, (id(item),))
        case tree.Definition():
            slot = _add(item, file, (), braces=True)
            above = (id(item),)
            for header in item.headers:
                _add(header, slot, above)
            if item.captures is not None:
                _clause(item.captures, slot, above)
            for part in (*item.exceptions, *item.amendments):
                _amendment(part, slot, above)
            for expect in item.expects:
                inside = _add(expect, slot, above)
                for case in expect.cases:
                    _add(case, inside, (*above, id(expect)))


def _amendment(part: tree.Amendment, definition: _Slot, above: Sequence[int]) -> None:
    slot = _add(part, definition, above)
    inside = (*above, id(part))
    match part:
        case tree.Replace(form=form):
            _form(form, slot, inside)
        case tree.Change(clause=clause) | tree.Except(clause=clause):
            _form(clause.form, slot, (*inside, id(clause)))
        case tree.Remove():
            pass


def _clause(clause: tree.Clause, parent: _Slot, above: Sequence[int]) -> None:
    _form(clause.form, _add(clause, parent, above), (*above, id(clause)))


def _element(form: tree.Form, parent: _Slot, above: Sequence[int]) -> None:
    """Add a form that begins a line of its own."""
    _form(form, _add(form, parent, above, headed=False), above)


def _form(form: tree.Form, parent: _Slot, above: Sequence[int]) -> None:
    """Add what is inside a form."""
    inside = (*above, id(form))
    match form:
        case tree.Group(clauses=clauses) | tree.ReadingOf(clauses=clauses):
            slot = _add(form, parent, above, braces=True, element=False)
            for clause in clauses:
                _clause(clause, slot, inside)
        case tree.And(parts=parts) | tree.Or(parts=parts):
            for part in parts:
                _element(part, parent, inside)
        case tree.Quantified(where=where, has=has):
            if where is not None:
                _form(where, parent, inside)
            _form(has, parent, inside)
        case tree.Not(part=part) | tree.Parenthesised(part=part):
            _form(part, parent, inside)
        case tree.Member(values=tree.Values() as values):
            _values(values, parent, inside)
        case tree.Includes(how="any" | "all" | "none", values=tree.Values() as values):
            _values(values, parent, inside)
        case _:
            pass


def _values(values: tree.Values, parent: _Slot, above: Sequence[int]) -> None:
    slot = _add(values, parent, above, braces=True, element=False)
    for value in values.items:
        _add(value, slot, (*above, id(values)))


def _sort(slot: _Slot) -> None:
    slot.slots.sort(key=lambda s: s.start)
    for inner in slot.slots:
        _sort(inner)


# --- what belongs where -------------------------------------------------------------------------


def _give(comment: tree.Comment, whole: _Slot, text: str, comments: Comments) -> None:
    at = comment.span.start
    around = [whole]
    while True:
        slots = around[-1].slots
        place = bisect_left(slots, at, key=lambda s: s.start)
        before = slots[place - 1] if place else None
        after = slots[place] if place < len(slots) else None
        if before is None or before.end <= at:
            break
        around.append(before)
    slot, where = _place(comment, around, before, after, text)
    getattr(comments.beside.setdefault(id(slot.node), Beside()), where).append(comment)
    comments.broken.update(slot.above)
    if where in ("head", "last"):
        comments.broken.add(id(slot.node))


def _place(
    comment: tree.Comment,
    around: list[_Slot],
    before: _Slot | None,
    after: _Slot | None,
    text: str,
) -> tuple[_Slot, str]:
    """Return where a comment belongs: what it stands in, innermost last, and between, are given."""
    slot = around[-1]
    if _CLOSES.match(text, comment.span.end) and slot.element:
        return _last(around, text), "behind"
    if comment.own_line:
        if after is not None and after.element:
            return after, "before"
        if slot.braces:
            return slot, "last"
        if before is not None and before.element:
            return before, "behind"
        return _first(around), "before"
    if before is not None and before.element:
        return before, "behind"
    if slot.braces and (before is None or text[: comment.span.start].rstrip().endswith("{")):
        return slot, "head"
    if before is None and slot.headed:
        return slot, "head"
    if after is not None:
        return _first(around), "before"
    return _last(around, text), "behind"


def _first(around: list[_Slot]) -> _Slot:
    """Return the outermost element that begins where the innermost does."""
    *others, slot = around
    while others and others[-1].element and others[-1].start == slot.start:
        slot = others.pop()
    return slot


def _last(around: list[_Slot], text: str) -> _Slot:
    """Return the outermost element that ends where the innermost does, parentheses aside."""
    *others, slot = around
    while others and others[-1].element:
        if others[-1].end != slot.end and not _CLOSES.match(text, slot.end):
            break
        slot = others.pop()
    return slot
