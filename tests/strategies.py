"""Definitions of every construct, drawn at random over the records of a shop.

What engines are compared on: `examples` for hypothesis, `fixed(example, count)` for a fixed number
from a seed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from drawn_records import NUMBERS, TEXTS, record
from picks import Pick, drawn, one, some_of
from shop import SHOP, Plain

from kprules.formula import nodes as n
from kprules.formula.definition import Definition, Judgement, choose
from kprules.formula.nodes import Form, Path
from kprules.formula.paths import path_to
from kprules.records.shape import (
    PERIOD_FIELDS,
    ListOf,
    Nested,
    Period,
    Reference,
    Scalar,
    SetOf,
    Type,
)

# --- paths --------------------------------------------------------------------------------------


@cache
def paths(record: str, longest: int = 3) -> tuple[tuple[tuple[str, ...], Type], ...]:
    """Return the fields that can be asked of a record, through the records that it leads to."""
    found: list[tuple[tuple[str, ...], Type]] = []
    for name, field in SHOP.shape_of(record).fields.items():
        found.append(((name,), field.type))
        inner: Sequence[tuple[tuple[str, ...], Type]] = ()
        match field.type:
            case Nested(into) | Reference(into) if longest > 1:
                inner = paths(into, longest - 1)
            case Period():
                inner = [((end,), kind) for end, kind in PERIOD_FIELDS.items()]
            case _:
                pass
        found += [((name, *fields), kind) for fields, kind in inner]
    return tuple(found)


Wanted = Literal["bool", "enum", "text", "number", "date", "set", "period", "list", "ref", "record"]


@cache
def _of_kind(record: str, wanted: Wanted) -> tuple[tuple[tuple[str, ...], Type], ...]:
    def is_wanted(kind: Type) -> bool:
        match kind:
            case Scalar():
                return kind.kind == wanted
            case SetOf():
                return wanted == "set"
            case Period():
                return wanted == "period"
            case ListOf():
                return wanted == "list"
            case Reference():
                return wanted == "ref"
            case Nested():
                return wanted == "record"

    found = [(fields, kind) for fields, kind in paths(record) if is_wanted(kind)]
    return tuple(sorted(found, key=lambda f: len(f[0])))


Scope = tuple[tuple[str, str], ...]
"""Variables and the names of the records that they hold; the judged record first."""


def path(pick: Pick, scope: Scope, wanted: Wanted, like: Type | None = None) -> Path:
    """Draw a path to a fact of some kind; near ones, and those from the last entry, more often."""
    variable, record = scope[-1 - min(pick(len(scope)), pick(len(scope)))]
    found = [f for f in _of_kind(record, wanted) if like is None or f[1] == like]
    if not found:
        variable, record = scope[0]
        found = [f for f in _of_kind(record, wanted) if like is None or f[1] == like]
    near = [f for f in found if len(f[0]) <= 1]
    fields, _ = one(pick, near if near and pick(3) < 2 else found)
    return path_to(SHOP, variable, record, fields)


# --- formulas -----------------------------------------------------------------------------------

LEAVES = (
    "bool", "value", "beside", "order", "date", "none", "member", "any", "all", "overlaps",
    "beside",
)  # fmt: skip


@dataclass
class Writer:
    """Draws formulas; numbers the variables, so that each is unique, and the labels."""

    pick: Pick
    known: bool = True
    """Whether `is known` may be asked, which alone is not monotone."""
    made: int = 0

    def said(self) -> n.Said | None:
        """Draw a label, or none."""
        self.made += 1
        return n.Said(f"l{self.made}", f"words {self.made}") if self.pick(3) < 2 else None

    def form(self, scope: Scope, depth: int) -> Form:
        """Draw a formula of some depth."""
        kind = self.pick(20) if depth else 0
        if kind < 7:
            return self.leaf(scope)
        if kind < 9:
            return n.Not(self.form(scope, depth - 1), said=self.said())
        if kind < 13:
            group = n.All if kind < 11 else n.Any
            parts = tuple(self.form(scope, depth - 1) for _ in range(1 + self.pick(3)))
            return group(parts, said=self.said())
        return self.quantified(scope, depth - 1)

    def quantified(self, scope: Scope, depth: int) -> n.Quantified:
        """Draw a quantifier."""
        pick = self.pick
        over = path(pick, scope, "list")
        assert isinstance(over.type, ListOf)
        self.made += 1
        variable = f"x{self.made}"
        inside = (*scope, (variable, over.type.record))
        how = one(pick, (SOME, SOME, SOME, AT_LEAST, AT_LEAST, SHARES, SHARES))
        where = self.form(inside, min(depth, 1)) if pick(3) == 2 else None
        has = self.form(inside, depth)
        return n.Quantified(one(pick, how), variable, over, where, has, said=self.said())

    def leaf(self, scope: Scope) -> Form:
        """Draw a question about facts."""
        pick, kind = self.pick, self.pick(25)
        said = self.said()
        if kind == 24:
            return n.Const(not pick(2), said=said)
        if kind >= 22 and self.known:
            return n.Known(path(pick, scope, one(pick, KINDS)), said=said)
        match LEAVES[kind % 11]:
            case "bool":
                return n.Compare(path(pick, scope, "bool"), "is", not pick(2), said=said)
            case "value":
                fact = path(pick, scope, one(pick, ("enum", "number", "text", "date")))
                return n.Compare(fact, "is", constant(pick, fact.type), said=said)
            case "beside":
                wanted = one(pick, BESIDE)
                fact = path(pick, scope, wanted)
                other = path(pick, scope, wanted, fact.type if wanted == "enum" else None)
                op = one(pick, ORDER) if wanted in {"number", "date"} else "is"
                return n.Compare(fact, op, other, said=said)
            case "order":
                fact = path(pick, scope, "number")
                return n.Compare(fact, one(pick, ORDER), constant(pick, fact.type), said=said)
            case "date":
                fact = path(pick, scope, "date")
                return n.Compare(fact, one(pick, ORDER), constant(pick, fact.type), said=said)
            case "none":
                return n.Compare(path(pick, scope, "ref"), "is", n.NONE, said=said)
            case "member":
                fact = path(pick, scope, one(pick, MEMBERS))
                if isinstance(fact.type, Reference):
                    return n.Member(fact, frozenset({n.NONE} if pick(4) else ()), said=said)
                values = [constant(pick, fact.type) for _ in range(pick(4))]
                return n.Member(fact, frozenset(values), said=said)
            case "overlaps":
                first, second = path(pick, scope, "period"), path(pick, scope, "period")
                return n.Overlaps(first, second, said=said)
            case how:
                fact = path(pick, scope, "set")
                assert isinstance(fact.type, SetOf)
                values = some_of(pick, fact.type.member.values)
                assert how in {"any", "all"}
                if pick(12) == 11:
                    values = []
                return n.Includes(
                    fact, "any" if how == "any" else "all", frozenset(values), said=said
                )


KINDS: tuple[Wanted, ...] = (
    "bool", "enum", "number", "date", "text", "set", "period", "list", "ref", "record",
)  # fmt: skip
BESIDE: tuple[Wanted, ...] = ("number", "enum", "text", "date", "bool", "ref")
MEMBERS: tuple[Wanted, ...] = ("enum", "number", "text", "date", "ref")
ORDER: tuple[n.Op, ...] = ("<=", "<", ">=", ">", "is")
SOME: tuple[n.How, ...] = ("some", "every", "no")
AT_LEAST: tuple[n.How, ...] = (n.AtLeast(1), n.AtLeast(1), n.AtLeast(2), n.AtLeast(3))
SHARES: tuple[n.How, ...] = (
    n.Share(1, 2, strictly=False),
    n.Share(1, 2, strictly=True),
    n.Share(2, 3, strictly=False),
    n.Share(1, 1, strictly=False),
    n.Share(1, 3, strictly=True),
)


def constant(pick: Pick, kind: Type) -> n.Value:
    """Draw a value that a definition may name beside a fact of this type."""
    assert isinstance(kind, Scalar)
    pools: dict[str, Sequence[n.Value]] = {
        "bool": (True, False),
        "enum": kind.values,
        "text": TEXTS,
        "number": NUMBERS,
        "date": (date(2020, 6, 15), date(2020, 6, 16), date(2021, 1, 1)),
    }
    return one(pick, pools[kind.kind])


def judgement(pick: Pick, *, known: bool = True, name: str = "drawn-one") -> Judgement:
    """Draw a definition: a group of a few clauses, and now and then an exception."""
    writer, scope = Writer(pick, known), (("", "shop"),)
    parts = [writer.form(scope, 1 + pick(3)) for _ in range(1 + pick(7))]
    group = n.All if pick(2) else n.Any
    captures = group(tuple(parts), said=n.Said("captures"))
    exceptions = tuple(writer.form(scope, 1 + pick(2)) for _ in range(max(0, pick(5) - 2)))
    return choose(Definition(name, "Drawn", "shop", captures, exceptions, vocabulary=SHOP))


# --- examples ----------------------------------------------------------------------------------


def example(pick: Pick) -> tuple[Judgement, Plain]:
    """Draw a definition and a record."""
    return judgement(pick), record(pick)


records = drawn(record)
judgements = drawn(judgement)
examples = drawn(example)
