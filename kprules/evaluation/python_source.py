"""Facts and expressions spelled in Python, line by line.

Guarantee: a fact is fetched where it is first needed, and once for all that follows there. In the
source stand names made here, fields (checked identifiers) and operators; constants go in by name.
A line in here spells; it decides neither what is computed nor when (`python_blocks`).
"""

from __future__ import annotations

from typing import Any

from kprules.evaluation.python_plan import parts
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
from kprules.records.settled import ABSENT, NO_RECORD, UNKNOWN_RECORD
from kprules.records.shape import ListOf, Nested, Reference, SetOf, slot

_RECORDS = (Reference, Nested)
_OPEN = frozenset({None})
"""An unknown set: it may include anything."""


class Source:
    """The lines so far, the constants that they refer to, and what has a name where one stands."""

    def __init__(self, store: Expressions) -> None:
        """Begin with nothing written."""
        self.store = store
        self.lines: list[str] = []
        self.constants: dict[str, Any] = {
            "U": UNKNOWN_RECORD,
            "N": NO_RECORD,
            "A": ABSENT,
            "O": _OPEN,
        }
        self.names: dict[object, str] = {}
        self._named: list[object] = []
        self._constant_names: dict[tuple[type, object], str] = {}
        self._made = 0

    # --- names and lines --------------------------------------------------------------------------

    def line(self, depth: int, text: str) -> None:
        """Write a line."""
        self.lines.append("    " * depth + text)

    def new(self, kind: str) -> str:
        """Return a name that nothing has."""
        self._made += 1
        return f"{kind}{self._made}"

    def name(self, thing: object, name: str) -> str:
        """Call something by a name from here on, until `forget`."""
        self.names[thing] = name
        self._named.append(thing)
        return name

    def mark(self) -> int:
        """Return where a block begins, for `forget`."""
        return len(self._named)

    def forget(self, mark: int) -> None:
        """Forget what got its name in a block: it may not have run."""
        while len(self._named) > mark:
            del self.names[self._named.pop()]

    def constant(self, value: object) -> str:
        """Return the name of a constant."""
        key = (type(value), value)
        name = self._constant_names.get(key)
        if name is None:
            self._constant_names[key] = name = f"k{len(self._constant_names)}"
            self.constants[name] = value
        return name

    # --- facts ------------------------------------------------------------------------------------

    def fetch_all(self, number: int, depth: int) -> None:
        """Fetch the facts that an expression reads where it is spelled."""
        if number in self.names:
            return
        node = self.store.nodes[number]
        for place, edge in facts(node):
            self.fetch(place, edge, depth)
        for part in parts(self.store, number):
            self.fetch_all(part, depth)

    def fetch(self, place: Place, edge: str, depth: int) -> str:
        """Return the name that holds a fact, fetching it first.

        `edge` asks for an end of a date, or whether a list or set is `open`: may have more in it.
        """
        key = place if edge == "exact" else (place, edge)
        if key in self.names:
            return self.names[key]
        fields, kind = place.path.fields, place.path.type
        if len(fields) == 1 and isinstance(kind, _RECORDS):
            return self.name(key, self.record(place.scope, fields, depth))
        if edge == "open":
            return self._open(place, depth)
        holder = self.record(place.scope, fields[:-1], depth)
        name = self.name(key, self.new("f"))
        if edge == "exact":
            self.line(depth, f"{name} = {holder}.{slot(fields[-1])}")
        else:
            self.line(depth, f"{name} = {holder}.{fields[-1]}_{_ENDS[edge]}")
        if isinstance(kind, SetOf):
            self.line(depth, f"if {name} is None: {name} = O")
        elif isinstance(kind, _RECORDS):
            self.line(depth, f"if {name} is None: {name} = U")
        return name

    def _open(self, place: Place, depth: int) -> str:
        fact = self.fetch(place, "exact", depth)
        name = self.name((place, "open"), self.new("x"))
        if isinstance(place.path.type, ListOf):
            self.line(depth, f"{name} = {fact}.__class__ is not tuple and {fact} is not A")
        else:
            self.line(depth, f"{name} = None in {fact}")
        return name

    def record(self, scope: Loop | None, fields: tuple[str, ...], depth: int) -> str:
        """Return the name of the record that fields lead to, for what it holds to be fetched."""
        if not fields:
            return "r" if scope is None else self.names[scope]
        key = (scope, fields)
        if key in self.names:
            return self.names[key]
        holder = self.record(scope, fields[:-1], depth)
        name = self.name(key, self.new("h"))
        got = f"{holder}.{slot(fields[-1])}"
        if len(fields) > 1:  # nothing is beyond a record that is none, or that is not known
            got = f"N if {holder} is N else {got} or U"
        elif scope is not None:  # an entry of which nothing is known
            got = f"{got} or U"
        self.line(depth, f"{name} = {got}")
        return name

    # --- spelling ---------------------------------------------------------------------------------

    def spell(self, number: int) -> str:
        """Return an expression as source; what has a name is called by it."""
        name = self.names.get(number)
        if name is not None:
            return name
        node = self.store.nodes[number]
        match node:
            case Conj(items):
                return "(" + " and ".join(map(self.spell, items)) + ")"
            case Disj(items):
                return "(" + " or ".join(map(self.spell, items)) + ")"
            case Negated(part):
                inner = self.store.nodes[part]
                if isinstance(inner, CompleteFact):
                    return self.names[inner.place, "open"]
                return f"(not {self.spell(part)})"
            case KnownFact(place):
                return f"{self.names[place]} is not {_unknown(place)}"
            case CompleteFact(place):
                return f"not {self.names[place, 'open']}"
            case Compared():
                return self._compared(node)
            case OneOf():
                return self._one_of(node)
            case Lists():
                return self._lists(node)
            case Constant() | Counted() | Shared():
                raise AssertionError("constants are folded, and a loop names what it counts")

    def _compared(self, node: Compared) -> str:
        left = self._side(node.left, node.edges[0])
        if not isinstance(node.right, Place):
            return self._given(node, [f"{left} {node.op} {self.constant(node.right)}"])
        right = self._side(node.right, node.edges[1])
        if node.op != "is":
            return self._given(node, [f"{left} {node.op} {right}"])
        so = [f"{left} == {right}"]
        if len(node.left.path.fields) > 1:
            # Beyond a reference that is none there is nothing, and nothing is not the same as it.
            so.append(f"{left} is not A")
        return self._given(node, so)

    def _given(self, node: Compared, so: list[str]) -> str:
        """Return: known and so; or, of what may be: unknown or so."""
        sides = [node.left, *([node.right] if isinstance(node.right, Place) else [])]
        is_not, word = ("is", " or ") if node.maybe else ("is not", " and ")
        known = [f"{self.names[s]} {is_not} {_unknown(s)}" for s in sides]
        return "(" + word.join([*known, " and ".join(so)]) + ")"

    def _side(self, place: Place, edge: str) -> str:
        return self.names[place if edge == "exact" else (place, edge)]

    def _one_of(self, node: OneOf) -> str:
        fact, values = self.names[node.place], node.values
        if isinstance(node.place.path.type, Reference):
            among = [*("N" for value in values if value is NONE), *(["U"] if node.maybe else [])]
            return "(" + " or ".join(f"{fact} is {one}" for one in among) + ")"
        if len(values) == 1:
            (value,) = values
            if isinstance(value, bool):
                if not node.maybe:
                    return f"{fact} is {value}"
                if len(node.place.path.fields) == 1:  # else it may be of nothing that is there
                    return f"{fact} is not {not value}"
            elif not node.maybe:
                return f"{fact} == {self.constant(value)}"
        return f"{fact} in {self.constant(values | {None} if node.maybe else values)}"

    def _lists(self, node: Lists) -> str:
        fact = self.names[node.place]
        if node.how == "all":
            listed = f"{fact} >= {self.constant(node.values)}"
        elif len(node.values) == 1:
            listed = f"{self.constant(next(iter(node.values)))} in {fact}"
        else:
            listed = f"not {self.constant(node.values)}.isdisjoint({fact})"
        return f"({self.names[node.place, 'open']} or {listed})" if node.maybe else f"({listed})"


def _unknown(place: Place) -> str:
    """Return what a fetched fact is where it is unknown."""
    kind = place.path.type
    return "O" if isinstance(kind, SetOf) else "U" if isinstance(kind, _RECORDS) else "None"


_ENDS = {"earliest": "lo", "latest": "hi"}


def bodies(node: Expression) -> tuple[int, ...]:
    """Return what is asked of each entry of a loop."""
    match node:
        case Counted(_, _, body):
            return (body,)
        case Shared(_, _, pro, contra):
            return (pro, contra)
        case _:
            return ()


def facts(node: Expression) -> tuple[tuple[Place, str], ...]:
    """Return the facts that an expression itself reads, and what of each (see `fetch`)."""
    match node:
        case CompleteFact(place):
            return ((place, "open"),)
        case Lists(place, _, _, True):
            return ((place, "exact"), (place, "open"))
        case KnownFact(place) | OneOf(place) | Lists(place):
            return ((place, "exact"),)
        case Compared(left, _, right, edges):
            read = [(left, "exact"), (left, edges[0])]
            if isinstance(right, Place):
                read += [(right, "exact"), (right, edges[1])]
            return tuple(dict.fromkeys(read))
        case _:
            return ()
