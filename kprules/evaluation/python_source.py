"""Expressions as the source of one Python function.

Guarantee: a fact is fetched once, an expression used twice is computed once, and a list is walked
once for all that is asked of its entries (twice, where an answer is needed to ask the next). A line
in here spells expressions in Python; it does not know what they are for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from kprules.formula.expressions import (
    Compared,
    CompleteFact,
    Conj,
    Constant,
    Counted,
    Disj,
    Expression,
    Expressions,
    KnownFact,
    Lists,
    Loop,
    Negated,
    OneOf,
    Place,
    Shared,
)
from kprules.formula.nodes import NONE
from kprules.records.settled import ABSENT, NO_RECORD, UNKNOWN_RECORD, Settled
from kprules.records.shape import ListOf, Nested, Period, Reference, Scalar, SetOf, slot

_OPEN = frozenset({None})
"""An unknown set: it may include anything."""


def write(
    store: Expressions, truths: Sequence[tuple[int, int]]
) -> Callable[[Settled], tuple[int, ...]]:
    """Return the function that computes, for each (certain, possible), 0, 1 or 2."""
    writer = _Writer(store)
    results = writer.function(truths)
    source = "\n".join(["def outcomes(r):", *writer.lines, f"    return ({results})"])
    scope: dict[str, Any] = dict(writer.constants)
    # Only names made here, field names that are identifiers, and operators stand in the source.
    exec(compile(source, "<kprules compiled definitions>", "exec"), scope)  # noqa: S102 - as said
    return cast("Callable[[Settled], tuple[int, ...]]", scope["outcomes"])


class _Writer:
    """The source so far, what has a name in it, and the constants that it refers to."""

    def __init__(self, store: Expressions) -> None:
        self.store = store
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {
            "U": UNKNOWN_RECORD,
            "N": NO_RECORD,
            "A": ABSENT,
            "O": _OPEN,
        }
        self._constant_names: dict[tuple[type, object], str] = {}
        self._names: dict[object, str] = {}
        self._uses: dict[int, int] = {}
        self._free: dict[int, frozenset[Loop]] = {}
        self._ranks: dict[int, int] = {}
        self._made = 0

    # --- the function ---------------------------------------------------------------------------

    def function(self, truths: Sequence[tuple[int, int]]) -> str:
        """Write the body; return what it returns, as source."""
        roots = list(dict.fromkeys(n for pair in truths for n in pair))
        self._count_uses(roots)
        self._block(roots, (), 1)
        parts = []
        for certain, possible in truths:
            if certain == possible:
                parts.append(f"2 if {self._spell(certain)} else 0")
            else:
                yes, maybe = self._spell(certain), self._spell(possible)
                parts.append(f"2 if {yes} else 1 if {maybe} else 0")
        return "".join(f"{part}, " for part in parts)

    def _count_uses(self, roots: Iterable[int]) -> None:
        stack = list(roots)
        for root in roots:
            self._uses[root] = self._uses.get(root, 0) + 1
        seen = set[int]()
        while stack:
            number = stack.pop()
            if number in seen:
                continue
            seen.add(number)
            for part in _parts(self.store.nodes[number]):
                self._uses[part] = self._uses.get(part, 0) + 1
                stack.append(part)

    # --- blocks: the function, and the inside of each loop ----------------------------------------

    def _block(self, wanted: Sequence[int], loops: tuple[Loop, ...], depth: int) -> None:
        """Write all that the wanted expressions need and that belongs here, not deeper."""
        here = [n for n in self._needed(wanted) if self._belongs(n, loops)]
        asked = [n for n in here if isinstance(self.store.nodes[n], Counted | Shared)]
        for rank in sorted({self._rank(n) for n in asked}):
            ranked = [n for n in asked if self._rank(n) == rank]
            for loop in dict.fromkeys(self._loop(n) for n in ranked):
                group = [n for n in ranked if self._loop(n) == loop]
                self._walk(loop, group, loops, depth)
        for number in here:
            node = self.store.nodes[number]
            if number in self._names or isinstance(node, Counted | Shared):
                continue
            if self._uses[number] > 1 and not isinstance(node, Constant):
                self._fetch_all(number, depth)
                text = self._spell(number)
                self._names[number] = name = self._new("t")
                self._line(depth, f"{name} = {text}")
        for number in wanted:
            self._fetch_all(number, depth)

    def _walk(self, loop: Loop, group: list[int], loops: tuple[Loop, ...], depth: int) -> None:
        """Write one loop that answers all that is asked of its entries."""
        entries = self._fetch(loop.over, depth)
        gathered: dict[int, list[str]] = {}
        for number in group:
            node = self.store.nodes[number]
            count = 2 if isinstance(node, Shared) else 1
            gathered[number] = [self._new("c") for _ in range(count)]
            flag = isinstance(node, Counted) and node.least == 1
            for name in gathered[number]:
                self._line(depth, f"{name} = {'False' if flag else 0}")
        variable = self._new("e")
        outer = dict(self._names)
        self._names[loop] = variable
        self._line(depth, f"for {variable} in {entries} or ():")
        bodies = [b for n in group for b in _bodies(self.store.nodes[n])]
        self._block(list(dict.fromkeys(bodies)), (*loops, loop), depth + 1)
        for number in group:
            node = self.store.nodes[number]
            for name, body in zip(gathered[number], _bodies(node), strict=True):
                so = self._spell(body)
                if isinstance(node, Counted) and node.least == 1:
                    self._line(depth + 1, f"if {so}: {name} = True")
                else:
                    self._line(depth + 1, f"if {so}: {name} += 1")
        self._names = outer
        for number in group:
            self._names[number] = self._reached(number, gathered[number], depth)

    def _reached(self, number: int, names: list[str], depth: int) -> str:
        node = self.store.nodes[number]
        if isinstance(node, Counted):
            if node.least == 1:
                return names[0]
            text = f"{names[0]} >= {node.least:d}"
        else:
            assert isinstance(node, Shared)  # noqa: S101 - groups hold counts and shares
            pro, contra = names
            sign = ">" if node.share.strictly else ">="
            text = (
                f"{pro} > 0 and {pro} * {node.share.whole:d} {sign} "
                f"{node.share.part:d} * ({pro} + {contra})"
            )
        name = self._new("t")
        self._line(depth, f"{name} = {text}")
        return name

    def _needed(self, wanted: Sequence[int]) -> list[int]:
        """Return the wanted expressions and all parts outside their loops, parts first."""
        order: dict[int, None] = {}
        stack = [(n, False) for n in reversed(wanted)]
        while stack:
            number, done = stack.pop()
            if done:
                order[number] = None
            elif number not in order:
                stack.append((number, True))
                stack.extend((p, False) for p in reversed(_parts(self.store.nodes[number])))
        return list(order)

    def _belongs(self, number: int, loops: tuple[Loop, ...]) -> bool:
        """Return whether all the entries that an expression speaks of are at hand, and no name yet."""
        return number not in self._names and self._free_in(number) <= set(loops)

    def _free_in(self, number: int) -> frozenset[Loop]:
        """Return the loops whose entries an expression speaks of."""
        found = self._free.get(number)
        if found is None:
            node = self.store.nodes[number]
            found = frozenset[Loop]().union(
                *(self._free_in(p) for p in _parts(node)),
                *(_loops_of(place) for place in _places(node)),
            )
            if isinstance(node, Counted | Shared):
                found = (found - {node.loop}) | _loops_of(node.loop.over)
            self._free[number] = found
        return found

    def _rank(self, number: int) -> int:
        """Return how many walks have to come before: an answer about entries may need another."""
        found = self._ranks.get(number)
        if found is None:
            node = self.store.nodes[number]
            inner = max((self._rank(p) for p in _parts(node)), default=0)
            found = inner + isinstance(node, Counted | Shared)
            self._ranks[number] = found
        return found

    def _loop(self, number: int) -> Loop:
        node = self.store.nodes[number]
        assert isinstance(node, Counted | Shared)  # noqa: S101 - asked of these alone
        return node.loop

    # --- facts ------------------------------------------------------------------------------------

    def _fetch_all(self, number: int, depth: int) -> None:
        """Fetch the facts that an expression reads where it is written out here."""
        stack = [number]
        while stack:
            part = stack.pop()
            if part in self._names:
                continue
            node = self.store.nodes[part]
            for place in _places(node):
                self._fetch(place, depth)
                for edge in _edges_of(node, place):
                    self._fetch_edge(place, edge, depth)
            if not isinstance(node, Counted | Shared):
                stack.extend(_parts(node))

    def _fetch(self, place: Place, depth: int) -> str:
        """Return the name that holds a fact, fetching it first."""
        name = self._names.get(place)
        if name is None:
            fields, kind = place.path.fields, place.path.type
            if len(fields) == 1 and isinstance(kind, Reference | Nested):
                self._names[place] = name = self._record(place.scope, fields, depth)
                return name
            holder = self._record(place.scope, fields[:-1], depth)
            self._names[place] = name = self._new("f")
            self._line(depth, f"{name} = {holder}.{slot(fields[-1])}")
            if isinstance(kind, SetOf):
                self._line(depth, f"if {name} is None: {name} = O")
            elif isinstance(kind, Reference | Nested):
                self._line(depth, f"if {name} is None: {name} = U")
        return name

    def _fetch_edge(self, place: Place, edge: str, depth: int) -> None:
        key = (place, edge)
        if key not in self._names:
            *above, last = place.path.fields
            holder = self._record(place.scope, tuple(above), depth)
            self._names[key] = name = self._new("f")
            self._line(depth, f"{name} = {holder}.{last}_{'lo' if edge == 'earliest' else 'hi'}")

    def _record(self, scope: Loop | None, fields: tuple[str, ...], depth: int) -> str:
        """Return the name of the record that fields lead to, for what it holds to be fetched."""
        if not fields:
            return "r" if scope is None else self._names[scope]
        key = (scope, fields)
        name = self._names.get(key)
        if name is None:
            holder = self._record(scope, fields[:-1], depth)
            self._names[key] = name = self._new("h")
            got = f"{holder}.{slot(fields[-1])}"
            if len(fields) > 1:  # nothing is beyond a record that is none, or that is not known
                got = f"N if {holder} is N else {got} or U"
            elif scope is not None:  # an entry of which nothing is known
                got = f"{got} or U"
            self._line(depth, f"{name} = {got}")
        return name

    # --- spelling ---------------------------------------------------------------------------------

    def _spell(self, number: int) -> str:
        """Return an expression as source; what has a name is called by it."""
        name = self._names.get(number)
        if name is not None:
            return name
        node = self.store.nodes[number]
        match node:
            case Constant(value):
                return str(value)
            case Conj(parts):
                return "(" + " and ".join(map(self._spell, parts)) + ")"
            case Disj(parts):
                return "(" + " or ".join(map(self._spell, parts)) + ")"
            case Negated(part):
                return self._spell_negated(part)
            case KnownFact(place):
                return self._known(place, known=True)
            case CompleteFact(place):
                fact = self._names[place]
                if isinstance(place.path.type, ListOf):
                    return f"({fact}.__class__ is tuple or {fact} is A)"
                return f"None not in {fact}"
            case Compared():
                return self._compared(node)
            case OneOf(place, values, maybe):
                return self._one_of(place, values, maybe=maybe, negated=False)
            case Lists():
                return self._lists(node)
            case Counted() | Shared():
                raise AssertionError("a loop gives these their names")

    def _spell_negated(self, part: int) -> str:
        node = self.store.nodes[part]
        if part not in self._names:
            match node:
                case OneOf(place, values, maybe):
                    return self._one_of(place, values, maybe=maybe, negated=True)
                case KnownFact(place):
                    return self._known(place, known=False)
                case CompleteFact(place) if isinstance(place.path.type, SetOf):
                    return f"None in {self._names[place]}"
                case _:
                    pass
        return f"(not {self._spell(part)})"

    def _known(self, place: Place, *, known: bool) -> str:
        fact, is_not = self._names[place], "is not" if known else "is"
        match place.path.type:
            case SetOf():
                return f"{fact} {is_not} O"
            case Reference() | Nested():
                return f"{fact} {is_not} U"
            case Scalar() | ListOf() | Period():
                return f"{fact} {is_not} None"

    def _compared(self, node: Compared) -> str:
        left = self._side(node.left, node.edges[0])
        right = (
            self._side(node.right, node.edges[1])
            if isinstance(node.right, Place)
            else self._constant(node.right)
        )
        sides = [node.left, *([node.right] if isinstance(node.right, Place) else [])]
        sign = {"is": "=="}.get(node.op, node.op)
        so = f"{left} {sign} {right}"
        if isinstance(node.left.path.type, Reference):
            # Two references beyond one that is none are not there: they are not the same.
            so = f"{left} is {right} and {left} is not A"
        elif node.op == "is" and len(sides) > 1:
            so = f"{left} == {right} and {left} is not A"
        if node.maybe:
            return "(" + " or ".join([*(self._known(p, known=False) for p in sides), so]) + ")"
        return "(" + " and ".join([*(self._known(p, known=True) for p in sides), so]) + ")"

    def _side(self, place: Place, edge: str) -> str:
        return self._names[place] if edge == "exact" else self._names[place, edge]

    def _one_of(self, place: Place, values: frozenset[Any], *, maybe: bool, negated: bool) -> str:
        fact = self._names[place]
        if isinstance(place.path.type, Reference):
            inside: list[object] = [NO_RECORD] if NONE in values else []
            inside += [UNKNOWN_RECORD] if maybe else []
            names = [
                f"{fact} {'is not' if negated else 'is'} {'N' if v is NO_RECORD else 'U'}"
                for v in inside
            ]
            joined = (" and " if negated else " or ").join(names)
            return f"({joined})" if joined else str(negated)
        if len(values) == 1 and not maybe:
            (value,) = values
            if isinstance(value, bool):
                return f"{fact} {'is not' if negated else 'is'} {value}"
            return f"{fact} {'!=' if negated else '=='} {self._constant(value)}"
        table = self._constant(values | {None} if maybe else values)
        return f"{fact} {'not in' if negated else 'in'} {table}"

    def _lists(self, node: Lists) -> str:
        fact = self._names[node.place]
        if node.how == "any":
            if len(node.values) == 1 and not node.maybe:
                return f"{self._constant(next(iter(node.values)))} in {fact}"
            table = self._constant(node.values | {None} if node.maybe else node.values)
            return f"(not {table}.isdisjoint({fact}))"
        listed = f"{fact} >= {self._constant(node.values)}"
        return f"(None in {fact} or {listed})" if node.maybe else listed

    def _constant(self, value: object) -> str:
        key = (type(value), value)
        name = self._constant_names.get(key)
        if name is None:
            self._constant_names[key] = name = f"k{len(self._constant_names)}"
            self.constants[name] = value
        return name

    def _new(self, kind: str) -> str:
        self._made += 1
        return f"{kind}{self._made}"

    def _line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)


def _parts(node: Expression) -> tuple[int, ...]:
    match node:
        case Conj(parts) | Disj(parts):
            return parts
        case Negated(part):
            return (part,)
        case Counted() | Shared():
            return _bodies(node)
        case _:
            return ()


def _bodies(node: Expression) -> tuple[int, ...]:
    match node:
        case Counted(_, _, body):
            return (body,)
        case Shared(_, _, pro, contra):
            return (pro, contra)
        case _:
            return ()


def _places(node: Expression) -> tuple[Place, ...]:
    """Return the facts that an expression itself reads."""
    match node:
        case KnownFact(place) | CompleteFact(place) | OneOf(place) | Lists(place):
            return (place,)
        case Compared(left, _, right):
            return (left, right) if isinstance(right, Place) else (left,)
        case _:
            return ()


def _edges_of(node: Expression, place: Place) -> tuple[str, ...]:
    """Return which ends of a date an expression reads at a place."""
    if not isinstance(node, Compared):
        return ()
    sides = zip((node.left, node.right), node.edges, strict=True)
    return tuple(edge for side, edge in sides if side == place and edge != "exact")


def _loops_of(place: Place) -> frozenset[Loop]:
    return frozenset() if place.scope is None else frozenset({place.scope})
