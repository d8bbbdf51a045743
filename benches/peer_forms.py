"""The definitions of `parcels` in the languages of other engines, written from their formulas.

Guarantee: each says what ours says wherever nothing is unknown, in the shape that its engine runs
fastest (what was tried is said where it was). A line in here writes text; it runs none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any as AnyValue
from typing import ClassVar

from kprules.formula.nodes import (
    All,
    Any,
    Compare,
    Form,
    Includes,
    Member,
    Not,
    Path,
    Quantified,
)
from kprules.records.settled import NO_RECORD, Settled
from kprules.records.shape import ListOf, Nested, Reference, SetOf

SLOTS = 4
"""The most uses that a parcel has."""
NOWHERE = {"type": "no conflict", "deaths": -1, "aggressor": "nobody"}
"""What no comparison is true of, for languages that know no such conflict."""


def plain(record: Settled) -> dict[str, AnyValue]:
    """Return a settled record as a plain dictionary; what is unknown is left out."""
    made: dict[str, AnyValue] = {}
    for name, field in record._shape.fields.items():
        value = getattr(record, name)
        match field.type:
            case _ if value is None:
                continue
            case Reference() if value is NO_RECORD:
                made[name] = NOWHERE
            case Nested() | Reference():
                made[name] = plain(value)
            case ListOf():
                made[name] = [plain(entry) for entry in value]
            case SetOf():
                made[name] = sorted(value)
            case _:
                made[name] = value
    return made


def flat(record: dict[str, AnyValue], before: str = "") -> dict[str, AnyValue]:
    """Return a plain record without records in it, but for the uses, each flat too."""
    made: dict[str, AnyValue] = {}
    for name, value in record.items():
        match value:
            case dict():
                made |= flat(value, f"{before}{name}_")
            case [{}, *_]:
                made[before + name] = [flat(use) for use in value]
            case _:
                made[before + name] = value
    return made


class Infix:
    """Languages whose formulas are words between words."""

    both, either, no = " && ", " || ", "!"

    def top(self, name: str) -> str:
        """Return the name of a field of the parcel."""
        return name

    def entry(self) -> str:
        """Return what an entry of a list is called."""
        return "use"

    def path(self, path: Path) -> str:
        """Return a fact."""
        if path.variable:
            return ".".join([self.entry(), *path.fields])
        return ".".join([self.top(path.fields[0]), *path.fields[1:]])

    def value(self, value: object) -> str:
        """Return a constant."""
        return json.dumps(value)

    def listed(self, values: Iterable[object]) -> str:
        """Return a list of constants."""
        return "[" + ", ".join(self.value(v) for v in sorted(values, key=str)) + "]"

    def all(self, parts: Iterable[str]) -> str:
        """Join by and."""
        return "(" + self.both.join(parts) + ")"

    def any(self, parts: Iterable[str]) -> str:
        """Join by or."""
        return "(" + self.either.join(parts) + ")"

    def not_(self, part: str) -> str:
        """Negate."""
        return f"{self.no}({part})"

    def compare(self, left: str, op: str, right: str) -> str:
        """Compare."""
        return f"{left} {op} {right}"

    def among(self, path: str, values: Iterable[object]) -> str:
        """Ask whether a fact is one of some values."""
        return f"({path} in {self.listed(values)})"

    def includes(self, path: str, values: Iterable[object]) -> str:
        """Ask whether a set has any of some values."""
        return self.any(f"{self.value(v)} in {path}" for v in sorted(values, key=str))

    def some(self, path: str, body: Callable[[], str]) -> str:
        """Ask whether some entry is so."""
        return f"{path}.exists(use, {body()})"

    def every(self, path: str, body: Callable[[], str]) -> str:
        """Ask whether every entry is so."""
        return f"{path}.all(use, {body()})"

    def write(self, form: Form) -> str:
        """Write a formula."""
        match form:
            case All(parts):
                return self.all(self.write(part) for part in parts)
            case Any(parts):
                return self.any(self.write(part) for part in parts)
            case Not(part):
                return self.not_(self.write(part))
            case Compare(left, op, right):
                other = self.path(right) if isinstance(right, Path) else self.value(right)
                return self.compare(self.path(left), "==" if op == "is" else op, other)
            case Member(fact, values):
                return self.among(self.path(fact), values)
            case Includes(fact, _, values):
                return self.includes(self.path(fact), values)
            case Quantified("every", _, over, where, has):
                gone = [] if where is None else [Not(where)]
                return self.every(self.path(over), lambda: self.write(Any((*gone, has))))
            case Quantified(how, _, over, None, has):
                so = self.some(self.path(over), lambda: self.write(has))
                return self.not_(so) if how == "no" else so
            case _:
                raise AssertionError(form)


class Cel(Infix):
    """The Common Expression Language."""


class Zen(Infix):
    """GoRules' expressions."""

    both, either, no = " and ", " or ", "not "

    def entry(self) -> str:
        """Return what an entry is called."""
        return "#"

    def some(self, path: str, body: Callable[[], str]) -> str:
        """Ask whether some entry is so."""
        return f"some({path}, {body()})"

    def every(self, path: str, body: Callable[[], str]) -> str:
        """Ask whether every entry is so."""
        return f"all({path}, {body()})"


class RuleEngine(Infix):
    """The `rule-engine` of zeroSteiner, which is slow at fields of fields: `flat` has none."""

    both, either, no = " and ", " or ", "not "

    def path(self, path: Path) -> str:
        """Return a fact."""
        name = "_".join(path.fields)
        return f"use['{name}']" if path.variable else name

    def some(self, path: str, body: Callable[[], str]) -> str:
        """Ask whether some entry is so."""
        return f"$any([{body()} for use in {path}])"

    def every(self, path: str, body: Callable[[], str]) -> str:
        """Ask whether every entry is so."""
        return f"$all([{body()} for use in {path}])"


class Cedar(Infix):
    """Cedar, which has sets and no lists: the uses stand in slots of their own."""

    def __init__(self) -> None:
        """Begin outside of any slot."""
        self.slot = 0

    def top(self, name: str) -> str:
        """Return the name of a field of the parcel."""
        return f"context.{name}"

    def entry(self) -> str:
        """Return what an entry is called."""
        return f"context.use{self.slot}"

    def among(self, path: str, values: Iterable[object]) -> str:
        """Ask whether a fact is one of some values."""
        return f"{self.listed(values)}.contains({path})"

    def includes(self, path: str, values: Iterable[object]) -> str:
        """Ask whether a set has any of some values."""
        listed = list(values)
        if len(listed) == 1:
            return f"{path}.contains({self.value(listed[0])})"
        return f"{path}.containsAny({self.listed(listed)})"

    def _slots(self, body: Callable[[], str]) -> Iterable[tuple[str, str]]:
        for slot in range(SLOTS):
            self.slot = slot
            yield f"context has use{slot}", body()

    def some(self, path: str, body: Callable[[], str]) -> str:  # noqa: ARG002 - there is one list
        """Ask whether some entry is so."""
        return self.any(f"({there} && {so})" for there, so in self._slots(body))

    def every(self, path: str, body: Callable[[], str]) -> str:  # noqa: ARG002 - as above
        """Ask whether every entry is so."""
        return self.all(f"(!({there}) || {so})" for there, so in self._slots(body))


class JsonLogic(Infix):
    """JsonLogic; texts of JSON, so that what joins words joins trees."""

    def path(self, path: Path) -> str:
        """Return a fact."""
        return json.dumps({"var": ".".join(path.fields)})

    def all(self, parts: Iterable[str]) -> str:
        """Join by and."""
        return f'{{"and": [{", ".join(parts)}]}}'

    def any(self, parts: Iterable[str]) -> str:
        """Join by or."""
        found = list(parts)
        return found[0] if len(found) == 1 else f'{{"or": [{", ".join(found)}]}}'

    def not_(self, part: str) -> str:
        """Negate."""
        return f'{{"!": [{part}]}}'

    def compare(self, left: str, op: str, right: str) -> str:
        """Compare."""
        return f'{{"{"===" if op == "==" else op}": [{left}, {right}]}}'

    def among(self, path: str, values: Iterable[object]) -> str:
        """Ask whether a fact is one of some values."""
        return f'{{"in": [{path}, {self.listed(values)}]}}'

    def includes(self, path: str, values: Iterable[object]) -> str:
        """Ask whether a set has any of some values."""
        return self.any(f'{{"in": ["{v}", {path}]}}' for v in sorted(values, key=str))

    def some(self, path: str, body: Callable[[], str]) -> str:
        """Ask whether some entry is so."""
        return f'{{"some": [{path}, {body()}]}}'

    def every(self, path: str, body: Callable[[], str]) -> str:
        """Ask whether no entry is otherwise, for its own `all` is false of an empty list."""
        return self.not_(self.some(path, lambda: self.not_(body())))


class Rego:
    """Rego: rules that hold where all their lines do; what is either so or so is a function."""

    words: ClassVar[Infix] = Infix()

    def __init__(self) -> None:
        """Begin a package."""
        self.functions: list[str] = []
        self.names = 0

    def package(self, forms: Mapping[str, Form]) -> str:
        """Return the package, a rule a definition, true or false."""
        rules = []
        for name, form in forms.items():
            rule = name.replace("-", "_")
            rules.append(f"default {rule} := false\n{rule} if {self._body(self.lines(form, ''))}")
        return "\n".join(["package parcels", "import rego.v1", *rules, *self.functions, ""])

    def lines(self, form: Form, entry: str) -> list[str]:
        """Return the lines of a rule."""
        match form:
            case All(parts):
                return [line for part in parts for line in self.lines(part, entry)]
            case Any(parts):
                return [self.function(parts, entry)]
            case Not(part):
                return [f"not {self.function((part,), entry)}"]
            case Compare(left, op, right):
                other = self.path(right) if isinstance(right, Path) else json.dumps(right)
                return [f"{self.path(left)} {'==' if op == 'is' else op} {other}"]
            case Member(fact, values):
                return [f"{self.path(fact)} in {self.listed(values)}"]
            case Includes(fact, _, values) if len(values) == 1:
                return [f"{json.dumps(next(iter(values)))} in {self.path(fact)}"]
            case Includes(fact, _, values):
                self.names += 1
                one = f"v{self.names}"
                return [f"some {one} in {self.path(fact)}", f"{one} in {self.listed(values)}"]
            case Quantified("every", _, over, where, has):
                gone = [] if where is None else [Not(where)]
                so = self.function((*gone, has), "use")
                return [f"every use in {self.path(over)} {{ {so} }}"]
            case Quantified("no", variable, over, where, has):
                some = Quantified("some", variable, over, where, has)
                return [f"not {self.function((some,), entry)}"]
            case Quantified(_, _, over, _, has):
                return [f"some use in {self.path(over)}", *self.lines(has, "use")]
            case _:
                raise AssertionError(form)

    def path(self, path: Path) -> str:
        """Return a fact."""
        return ".".join(["use" if path.variable else "input", *path.fields])

    def listed(self, values: Iterable[object]) -> str:
        """Return a set of constants."""
        return "{" + self.words.listed(values)[1:-1] + "}"

    def function(self, parts: Iterable[Form], entry: str) -> str:
        """Write a function that holds where any of the parts does; return its call."""
        self.names += 1
        call = f"f{self.names}({entry or 'input'})"
        head = f"f{self.names}({entry or '_'})"
        self.functions += [f"{head} if {self._body(self.lines(p, entry))}" for p in parts]
        return call

    @staticmethod
    def _body(lines: list[str]) -> str:
        return "{ " + "; ".join(lines) + " }"
