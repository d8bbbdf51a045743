"""Comparisons: what an expression says of one fact, as a node.

Guarantee: a node whose two sides fit, or None and a problem that names the right word. `between`,
`is not`, `not in` and `none of` become the nodes they stand for. A line in here touches one leaf.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import assert_never

from kprules.checking.operands import REFUSED, Operands, Refused
from kprules.checking.paths import Paths, Scope
from kprules.checking.words import a, help_for, kind_of, short
from kprules.diagnostics import Problems
from kprules.formula.nodes import (
    All,
    Compare,
    Const,
    Form,
    Includes,
    Known,
    Member,
    NoneThere,
    Not,
    Overlaps,
    Path,
    Said,
    Value,
)
from kprules.records.shape import (
    BOOL,
    ListOf,
    Nested,
    Period,
    Reference,
    Scalar,
    SetOf,
    Type,
)
from kprules.source import Span
from kprules.syntax import tree

Leaf = (
    tree.Compare
    | tree.Member
    | tree.Between
    | tree.Includes
    | tree.Overlaps
    | tree.Known
    | tree.Path
    | tree.Truth
)


class Comparisons:
    """Checks and builds the leaves of definitions about one kind of record."""

    def __init__(
        self,
        paths: Paths,
        sets: Mapping[str, tree.SetOf],
        problems: Problems,
        torn: frozenset[str] = frozenset(),
    ) -> None:
        """Check against the paths of a vocabulary and the named sets; of `torn` ones be silent."""
        self.paths = paths
        self.sets = sets
        self.torn = torn
        self.problems = problems
        self.operands = Operands(paths, problems)

    def leaf(self, form: Leaf, scope: Scope, said: Said | None) -> Form | None:
        """Return the node of an expression on one fact."""
        match form:
            case tree.Compare():
                return self._compare(form, scope, said)
            case tree.Member():
                return self._member(form, scope, said)
            case tree.Includes():
                return self._includes(form, scope, said)
            case tree.Path():
                return self._bare(form, scope, said)
            case tree.Truth():
                return Const(form.value, said=said, span=form.span)
            case tree.Known():
                return self._known(form, scope, said)
            case tree.Between():
                return self._between(form, scope, said)
            case tree.Overlaps():
                return self._overlaps(form, scope, said)
            case _:
                assert_never(form)

    # --- is, <, between ---------------------------------------------------------------------------

    def _compare(self, form: tree.Compare, scope: Scope, said: Said | None) -> Form | None:
        left = self.paths.resolve(form.left, scope)
        if left is None:
            return None
        if form.op in {"is", "is not"}:
            if not self._single(left, form.left.span):
                return None
        elif not self._ordered(left, form.left.span, f"`{form.op}`"):
            return None
        right = self.operands.read(form.right, left, scope)
        if isinstance(right, Refused):
            return None
        if form.op == "is not":
            return Not(Compare(left, "is", right, span=form.span), said=said, span=form.span)
        return Compare(left, form.op, right, said=said, span=form.span)

    def _between(self, form: tree.Between, scope: Scope, said: Said | None) -> Form | None:
        left = self.paths.resolve(form.left, scope)
        if left is None or not self._ordered(left, form.left.span, "`between`"):
            return None
        low = self.operands.read(form.low, left, scope)
        high = self.operands.read(form.high, left, scope)
        if isinstance(low, Refused) or isinstance(high, Refused):
            return None
        if not isinstance(low, Path) and not isinstance(high, Path) and _above(low, high):
            self.problems.report(
                "period-reversed",
                f"nothing lies between `{form.low.span.text}` and `{form.high.span.text}`",
                form.low.span.to(form.high.span),
                label="the first is the greater",
                help=f"write `between {form.high.span.text} and {form.low.span.text}`",
            )
            return None
        ends = (
            Compare(left, ">=", low, span=form.span),
            Compare(left, "<=", high, span=form.span),
        )
        return All(ends, said=said, span=form.span)

    # --- in, includes -----------------------------------------------------------------------------

    def _member(self, form: tree.Member, scope: Scope, said: Said | None) -> Form | None:
        left = self.paths.resolve(form.left, scope)
        if left is None or not self._single(left, form.left.span, "in"):
            return None
        values = self._values(form.values, left, scope)
        if values is None:
            return None
        if form.negated:
            return Not(Member(left, values, span=form.span), said=said, span=form.span)
        return Member(left, values, said=said, span=form.span)

    def _includes(self, form: tree.Includes, scope: Scope, said: Said | None) -> Form | None:
        left = self.paths.resolve(form.left, scope)
        if left is None or not self._set(left, form.left.span):
            return None
        values = self._values(form.values, left, scope, alone=form.how == "one")
        if values is None:
            return None
        listed = frozenset(v for v in values if not isinstance(v, NoneThere))
        if form.how == "none":
            some = Includes(left, "any", listed, span=form.span)
            return Not(some, said=said, span=form.span)
        if form.how == "all" and len(listed) != 1:
            return Includes(left, "all", listed, said=said, span=form.span)
        return Includes(left, "any", listed, said=said, span=form.span)

    def _values(
        self, written: tree.Values | tree.SetName, left: Path, scope: Scope, *, alone: bool = False
    ) -> frozenset[Value | NoneThere] | None:
        """Return the values in braces or of a named set; None where any was reported."""
        if isinstance(written, tree.SetName):
            return self._named(written, left, scope)
        if alone and len(written.items) == 1 and self._set_meant(written.items[0], left):
            return None
        values = [self.operands.value(item, left) for item in written.items]
        kept = [value for value in values if not isinstance(value, Refused)]
        return frozenset(kept) if len(kept) == len(values) else None

    def _set_meant(self, operand: tree.Operand, left: Path) -> bool:
        """Report `includes some_set`, where `includes any of some_set` is meant."""
        word = operand.span.text
        member = left.type.member if isinstance(left.type, SetOf) else None
        if word not in self.sets or (member is not None and word in member.values):
            return False
        self.problems.report(
            "type-mismatch",
            f"`{word}` is a set, and `includes` alone takes one value",
            operand.span,
            label="a named set",
            help=f"write `includes any of {word}` or `includes all of {word}`",
        )
        return True

    def _named(
        self, written: tree.SetName, left: Path, scope: Scope
    ) -> frozenset[Value | NoneThere] | None:
        name = written.name.text
        if name in self.torn:
            return None
        known = self.sets.get(name)
        if known is None:
            parts = tuple(tree.Name(written.span, part) for part in name.split("."))
            found = self.paths.find(tree.Path(written.span, parts), scope)
            if found is not None and isinstance(found.type, SetOf):
                hint = f"it is a field: write `{name} includes …`"
            elif _lists(left.type, name):
                hint = f"for one value, write `{left} is {name}` or put it in braces: `{{{name}}}`"
            else:
                hint = help_for(name, self.sets)
            self.problems.report(
                "unknown-set",
                f"no set is called `{name}`",
                written.span,
                label="not a named set",
                help=hint,
            )
            return None
        quiet = Operands(self.paths, Problems())
        values = [quiet.value(item, left) for item in known.values.items]
        kept = [value for value in values if not isinstance(value, Refused)]
        if len(kept) == len(values):
            return frozenset(kept)
        self._misfit(written, known, left, values)
        return None

    def _misfit(
        self,
        written: tree.SetName,
        known: tree.SetOf,
        left: Path,
        values: list[Value | NoneThere | Refused],
    ) -> None:
        """Report a set of another type where it is used, a misspelt member where it stands."""
        if all(value is REFUSED for value in values):
            self.problems.report(
                "type-mismatch",
                f"no value of `{known.name.text}` is one of `{left}`",
                written.span,
                label=f"`{left}` is {kind_of(left.type)}",
                also=((known.name.span, "the set"),),
            )
            return
        for item, value in zip(known.values.items, values, strict=True):
            if value is REFUSED:
                self.operands.value(item, left)

    # --- overlaps, known, a bare fact -------------------------------------------------------------

    def _overlaps(self, form: tree.Overlaps, scope: Scope, said: Said | None) -> Form | None:
        found = [self.paths.resolve(side, scope) for side in (form.left, form.right)]
        good = True
        for path, written in zip(found, (form.left, form.right), strict=True):
            if path is not None and not isinstance(path.type, Period):
                good = False
                self.problems.report(
                    "type-mismatch",
                    f"`overlaps` asks of two periods, and `{written}` is {kind_of(path.type)}",
                    written.span,
                    label="expected a period",
                )
        left, right = found
        if left is None or right is None or not good:
            return None
        return Overlaps(left, right, said=said, span=form.span)

    def _known(self, form: tree.Known, scope: Scope, said: Said | None) -> Form | None:
        fact = self.paths.resolve(form.left, scope)
        if fact is None:
            return None
        if not fact.fields and scope.root is not None:
            self.problems.warn(
                "always" if form.known else "never",
                f"`{fact}` is an entry, and an entry is always known",
                form.span,
                label=f"no case can make this {'false' if form.known else 'true'}",
                help=f"ask for one of its fields: `{fact}.… is known`",
            )
            return Const(form.known, said=said, span=form.span)
        known = Known(fact, said=said if form.known else None, span=form.span)
        return known if form.known else Not(known, said=said, span=form.span)

    def _bare(self, form: tree.Path, scope: Scope, said: Said | None) -> Form | None:
        path = self.paths.resolve(form, scope)
        if path is None:
            return None
        if path.type == BOOL:
            return Compare(path, "is", True, said=said, span=form.span)
        self.problems.report(
            "type-mismatch",
            f"`{form}` is {kind_of(path.type)}, and by itself neither true nor false",
            form.span,
            label="expected true or false",
            help=_usage(str(form), path.type),
        )
        return None

    # --- what may stand on the left ---------------------------------------------------------------

    def _single(self, left: Path, span: Span, word: str = "is") -> bool:
        """Return whether a fact is one value, as `is` and `in` ask."""
        if isinstance(left.type, Scalar | Reference):
            return True
        self._wrong_word(left, span, f"`{word}` asks of one value")
        return False

    def _set(self, left: Path, span: Span) -> bool:
        if isinstance(left.type, SetOf):
            return True
        self._wrong_word(left, span, "`includes` asks of a set")
        return False

    def _ordered(self, left: Path, span: Span, word: str) -> bool:
        if isinstance(left.type, Scalar) and left.type.kind in {"number", "date"}:
            return True
        self._wrong_word(left, span, f"{word} asks of numbers and dates")
        return False

    def _wrong_word(self, left: Path, span: Span, asks: str) -> None:
        self.problems.report(
            "type-mismatch",
            f"{asks}, and `{left}` is {kind_of(left.type)}",
            span,
            label=kind_of(left.type),
            help=_usage(short(str(left)), left.type),
        )


def _usage(name: str, type_: Type) -> str:
    """Say which words go with a fact of a type."""
    match type_:
        case Scalar("bool"):
            return f"write `{name}` or `not {name}`"
        case Scalar("number" | "date"):
            return f"write `{name} >= …`, `{name} between … and …` or `{name} is …`"
        case Scalar():
            return f"write `{name} is …` or `{name} in {{…}}`"
        case SetOf():
            return f"write `{name} includes …` or `{name} includes any of {{…}}`"
        case Reference(record):
            return f"write `{name} is …`, or ask for a field of {a(record)}: `{name}.…`"
        case ListOf(record):
            return f"ask it of the entries: `some {record} in {name} has …`"
        case Nested():
            return f"ask for one of its fields: `{name}.…`"
        case Period():
            return f"write `{name} overlaps …`, or ask for a day: `{name}.from`, `{name}.to`"
        case _:
            assert_never(type_)


def _lists(type_: Type, word: str) -> bool:
    return isinstance(type_, Scalar) and word in type_.values


def _above(low: object, high: object) -> bool:
    """Return whether two bounds are the wrong way round; a date that was none is not asked."""
    if high == date.min:
        return False
    return bool(low > high)  # type: ignore[operator]  # read() has fitted both to one ordered type
