"""The solver's engine: one more engine under `denote`, whose booleans are literals.

Guarantee: in a model of `Space`, the literals of a formula's truth are what the plain engine says
of the record that the model is. A line in here touches literals; it never decides what unknown
means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from kprules.evaluation.walker import HOLDS, likeness
from kprules.formula.meaning import Edge
from kprules.formula.nodes import NONE, NoneThere, Op, Path, Quantified, Share, Value
from kprules.logic import Truth
from kprules.proof import gates
from kprules.proof.gates import FALSE, TRUE
from kprules.proof.space import Cell, ListCell, ReferenceCell, SetCell, Slot, Space, ValueCell
from kprules.records.settled import PartialDate

Reached = tuple[list[tuple[gates.Literal, Cell]], gates.Literal]
"""What a path may lead to, each under what condition, and whether a reference on it is none."""


class Encoder:
    """An engine on all records of a space; `scope` holds the slots of the entries in scope."""

    __slots__ = ("gates", "scope", "space")

    def __init__(self, space: Space, scope: Mapping[str, Slot] | None = None) -> None:
        """Look at the record of a space, and at entries in scope."""
        self.space = space
        self.gates = space.gates
        self.scope = scope or {"": space.root}

    def const(self, value: bool, /) -> gates.Literal:
        """Return the literal of a constant."""
        return TRUE if value else FALSE

    def both(self, items: list[gates.Literal], /) -> gates.Literal:
        """Return the literal that all are so."""
        return self.gates.both(items)

    def either(self, items: list[gates.Literal], /) -> gates.Literal:
        """Return the literal that any is so."""
        return self.gates.either(items)

    def negate(self, item: gates.Literal, /) -> gates.Literal:
        """Return the literal that it is not so."""
        return -item

    def known(self, path: Path, /) -> gates.Literal:
        """Return whether a fact is recorded; what lies beyond a reference that is none is."""
        cells, none = self._reach(path)
        return self._any([(TRUE, none), *((guard, self._known(cell)) for guard, cell in cells)])

    def complete(self, path: Path, /) -> gates.Literal:
        """Return whether a list or set is known and may have no more in it."""
        cells, none = self._reach(path)
        return self._any([(TRUE, none), *((guard, self._complete(cell)) for guard, cell in cells)])

    def compare(
        self, left: Path, op: Op, right: Path | Value | NoneThere, edges: tuple[Edge, Edge], /
    ) -> gates.Literal:
        """Return whether a known fact compares so."""
        cells, _ = self._reach(left)
        if isinstance(right, Path):
            others, _ = self._reach(right)
            pairs = [
                (self.gates.both([guard, other_guard]), self._beside(cell, op, other, edges))
                for guard, cell in cells
                for other_guard, other in others
            ]
            if self._is_reference(cells):
                # Two references that are none, or fields beyond ones that are, name no record.
                ends = [self._none(cells), self._none(others)]
                pairs.append((ends[0], ends[1]))
            return self._any(pairs)
        if right is NONE:
            return self._none(cells)
        return self._any(
            (guard, self._beside_constant(cell, op, right, edges[0])) for guard, cell in cells
        )

    def _beside_constant(self, cell: Cell, op: Op, right: Any, edge: Edge) -> gates.Literal:
        key = (id(cell), op, right, edge)
        made = self.space.compared.get(key)
        if made is None:
            holds = HOLDS[op]
            made = self._one_of(cell, lambda v: holds(_edge(v, edge), right))
            self.space.compared[key] = made
        return made

    def member(self, path: Path, values: frozenset[Value | NoneThere], /) -> gates.Literal:
        """Return whether a known fact is one of the values."""
        cells, _ = self._reach(path)
        if self._is_reference(cells):
            return self._none(cells) if NONE in values else FALSE
        return self._any((guard, self._one_of(cell, values.__contains__)) for guard, cell in cells)

    def includes(
        self, path: Path, how: Literal["any", "all"], values: frozenset[Value], /
    ) -> gates.Literal:
        """Return whether any, or all, of the values are listed."""
        cells, _ = self._reach(path)
        found = []
        for guard, cell in cells:
            assert isinstance(cell, SetCell)  # noqa: S101 - only sets include
            listed = [cell.members[v] for v in sorted(values, key=str)]
            found.append((guard, self.either(listed) if how == "any" else self.both(listed)))
        return self._any(found)

    def count(
        self, least: int, form: Quantified, body: Callable[[Encoder], Truth[gates.Literal]], /
    ) -> Truth[gates.Literal]:
        """Return, plane by plane, whether enough entries are so."""
        return self._once(form, lambda: self._count(least, form, body))

    def _count(
        self, least: int, form: Quantified, body: Callable[[Encoder], Truth[gates.Literal]]
    ) -> Truth[gates.Literal]:
        certain, possible = [], []
        for present, entry in self._entries(form):
            truth = body(entry)
            certain.append(self.both([present, truth.certain]))
            possible.append(self.both([present, truth.possible]))
        return Truth(self.gates.at_least(least, certain), self.gates.at_least(least, possible))

    def share(
        self,
        share: Share,
        form: Quantified,
        body: Callable[[Encoder], tuple[Truth[gates.Literal], Truth[gates.Literal]]],
        /,
    ) -> Truth[gates.Literal]:
        """Return, plane by plane, whether the entries for come to the share."""
        return self._once(form, lambda: self._share(share, form, body))

    def _once(
        self, form: Quantified, make: Callable[[], Truth[gates.Literal]]
    ) -> Truth[gates.Literal]:
        """Write a list in a list out once for all entries that make no difference to it."""
        like = likeness(form, self.scope)
        if like is None:
            return make()
        found = self.space.counted.get(like)
        if found is None:
            found = self.space.counted[like] = form, make()  # kept alive, so the id stays its own
        return found[1]

    def _share(
        self,
        share: Share,
        form: Quantified,
        body: Callable[[Encoder], tuple[Truth[gates.Literal], Truth[gates.Literal]]],
    ) -> Truth[gates.Literal]:
        planes: list[list[gates.Literal]] = [[], [], [], []]
        for present, entry in self._entries(form):
            pro, contra = body(entry)
            for plane, literal in zip(
                planes, (pro.certain, contra.certain, pro.possible, contra.possible), strict=True
            ):
                plane.append(self.both([present, literal]))
        return Truth(
            self._reaches(share, planes[0], planes[1]), self._reaches(share, planes[2], planes[3])
        )

    def _reaches(
        self, share: Share, pro: list[gates.Literal], contra: list[gates.Literal]
    ) -> gates.Literal:
        """Return whether, for some number for, at most as many are against as it outweighs."""
        many = len(pro)
        fors, against = self.gates.counts(pro, many), self.gates.counts(contra, many)
        found = []
        for have in range(1, many + 1):
            allowed = have * (share.whole - share.part) // share.part
            if share.strictly and allowed * share.part == have * (share.whole - share.part):
                allowed -= 1
            if allowed >= 0:
                too_many = against[allowed + 1] if allowed < many else FALSE
                found.append(self.both([fors[have], -too_many]))
        return self.either(found)

    # --- what a path leads to ---------------------------------------------------------------------

    def _reach(self, path: Path) -> Reached:
        """Return what a path leads to; a path of no fields is the entry itself."""
        at: list[tuple[gates.Literal, Cell]] = [(TRUE, self.scope[path.variable])]
        none: list[gates.Literal] = []
        for name in path.fields:
            step: list[tuple[gates.Literal, Cell]] = []
            for guard, holder in at:
                if isinstance(holder, ReferenceCell):
                    none.append(self.both([guard, holder.none]))
                    for option, target in holder.options:
                        condition = self.both([guard, option])
                        step.append((condition, self.space.cell(target, name)))
                else:
                    assert isinstance(holder, Slot)  # noqa: S101 - checking sees to it
                    step.append((guard, self.space.cell(holder, name)))
            at = step
        return at, self.either(none)

    def _entries(self, form: Quantified) -> list[tuple[gates.Literal, Encoder]]:
        cells, _ = self._reach(form.over)
        found = []
        for guard, cell in cells:
            assert isinstance(cell, ListCell)  # noqa: S101 - only lists are quantified over
            for slot in cell.slots:
                entry = self.inside(form.variable, slot)
                found.append((self.both([guard, slot.present]), entry))
        return found

    def inside(self, variable: str, slot: Slot) -> Encoder:
        """Return the engine with an entry in scope."""
        return Encoder(self.space, {**self.scope, variable: slot})

    def _any(self, found: Iterable[tuple[gates.Literal, gates.Literal]]) -> gates.Literal:
        return self.either([self.both([guard, literal]) for guard, literal in found])

    def _known(self, cell: Cell) -> gates.Literal:
        if isinstance(cell, Slot):
            if cell.period is None:
                return cell.recorded if cell.prefix else TRUE  # an entry is there, blank or not
            ends = [self.space.cell(cell, end) for end in ("from", "to")]
            return self.both([self._known(end) for end in ends])
        return cell.known

    def _complete(self, cell: Cell) -> gates.Literal:
        if isinstance(cell, SetCell):
            return self.both([cell.known, -cell.open])
        assert isinstance(cell, ListCell)  # noqa: S101 - sets and lists alone are complete
        return cell.complete

    # --- comparisons ------------------------------------------------------------------------------

    def _one_of(self, cell: Cell, so: Callable[[Any], bool]) -> gates.Literal:
        assert isinstance(cell, ValueCell)  # noqa: S101 - values are compared with values
        pairs = zip(cell.values, cell.literals, strict=True)
        return self.either([literal for value, literal in pairs if so(value)])

    def _is_reference(self, cells: list[tuple[gates.Literal, Cell]]) -> bool:
        return bool(cells) and isinstance(cells[0][1], ReferenceCell | Slot)

    def _none(self, cells: list[tuple[gates.Literal, Cell]]) -> gates.Literal:
        return self._any(
            (guard, cell.none) for guard, cell in cells if isinstance(cell, ReferenceCell)
        )

    def _beside(self, cell: Cell, op: Op, other: Cell, edges: tuple[Edge, Edge]) -> gates.Literal:
        """Return whether two facts compare so."""
        if isinstance(cell, ValueCell):
            assert isinstance(other, ValueCell)  # noqa: S101 - checking sees to it
            key = (id(cell), op, id(other), edges)
            made = self.space.compared.get(key)
            if made is None:
                made = self.space.compared[key] = self._values(cell, op, other, edges)
            return made
        named = {id(slot): literal for literal, slot in _options(cell)}
        return self._any(
            (named[id(slot)], literal) for literal, slot in _options(other) if id(slot) in named
        )

    def _values(
        self, cell: ValueCell, op: Op, other: ValueCell, edges: tuple[Edge, Edge]
    ) -> gates.Literal:
        mine, theirs = _by_edge(cell, edges[0], self), _by_edge(other, edges[1], self)
        if op == "is":
            return self._any((lit, theirs[v]) for v, lit in mine.items() if v in theirs)
        return self._ordered(mine, op, theirs)

    def _ordered(
        self, mine: dict[Any, gates.Literal], op: Op, theirs: dict[Any, gates.Literal]
    ) -> gates.Literal:
        """Return whether one value comes before, or after, another."""
        values = sorted({*mine, *theirs}, reverse=op in {"<", "<="})
        beyond, found = FALSE, []
        for value in values:  # from the far end: `beyond` says that theirs is one met so far
            here = self.either([beyond, theirs.get(value, FALSE)])
            found.append((mine.get(value, FALSE), beyond if op in {"<", ">"} else here))
            beyond = here
        return self._any(found)


class Opaque(Encoder):
    """An engine that leaves open what shares come to: each is any truth at all.

    What no record does then, none does. A share that stands in two definitions is one truth.
    """

    __slots__ = ("_shares",)

    def __init__(
        self,
        space: Space,
        scope: Mapping[str, Slot] | None = None,
        shares: dict[tuple[object, ...], Truth[gates.Literal]] | None = None,
    ) -> None:
        """Look at the record of a space, and at entries in scope."""
        super().__init__(space, scope)
        self._shares = {} if shares is None else shares

    def inside(self, variable: str, slot: Slot) -> Opaque:
        """Return the engine with an entry in scope."""
        return Opaque(self.space, {**self.scope, variable: slot}, self._shares)

    def share(
        self,
        share: Share,
        form: Quantified,
        body: Callable[[Encoder], tuple[Truth[gates.Literal], Truth[gates.Literal]]],
        /,
    ) -> Truth[gates.Literal]:
        """Return any truth: certain only where possible."""
        del share, body
        key = (form, *((name, id(slot)) for name, slot in sorted(self.scope.items())))
        truth = self._shares.get(key)
        if truth is None:
            truth = self._shares[key] = Truth(self.gates.fresh(), self.gates.fresh())
            self.gates.require(-truth.certain, truth.possible)
            self.gates.require(-self.space.settled, -truth.possible, truth.certain)
        return truth


def _options(cell: Cell) -> list[tuple[gates.Literal, Slot]]:
    if isinstance(cell, Slot):
        return [(TRUE, cell)]
    assert isinstance(cell, ReferenceCell)  # noqa: S101 - checking sees to it
    return cell.options


def _by_edge(cell: ValueCell, edge: Edge, on: Encoder) -> dict[Any, gates.Literal]:
    """Return for each day, or value, the literal that the fact's edge is that."""
    kept = on.space.edges.get((id(cell), edge))
    if kept is None:
        found: dict[Any, list[gates.Literal]] = {}
        for value, literal in zip(cell.values, cell.literals, strict=True):
            found.setdefault(_edge(value, edge), []).append(literal)
        kept = {value: on.either(literals) for value, literals in found.items()}
        on.space.edges[id(cell), edge] = kept
    return kept


def _edge(value: Any, edge: Edge) -> Any:
    if isinstance(value, PartialDate):
        return value.earliest if edge == "earliest" else value.latest
    return value
