"""The definitions of `consignments` about uses as one would write them in Spark's own SQL.

Spark's nulls are unknowns: its `and`, `or` and `exists` are Kleene's.
"""

from __future__ import annotations

from kprules.formula.definition import Judgement
from kprules.formula.nodes import (
    All,
    AtLeast,
    Compare,
    Form,
    Member,
    Not,
    Path,
    Quantified,
)
from kprules.formula.nodes import (
    Any as AnyOf,
)


def columns(judgements: list[Judgement]) -> list[str]:
    """Return the outcome of each definition as a column of SQL: true, false or null."""
    return [f"{written(j.captures)} as `{j.id}`" for j in judgements]


def written(form: Form) -> str:
    """Return a form as SQL."""
    match form:
        case All(parts):
            return f"({' and '.join(map(written, parts))})"
        case AnyOf(parts):
            return f"({' or '.join(map(written, parts))})"
        case Not(part):
            return f"not {written(part)}"
        case Compare(Path() as left, "is", bool(value)):
            return _column(left) if value else f"not {_column(left)}"
        case Compare(Path() as left, op, value):
            return f"{_column(left)} {'=' if op == 'is' else op} {_constant(value)}"
        case Member(fact, values):
            return f"{_column(fact)} in ({', '.join(map(_constant, sorted(values, key=str)))})"
        case Quantified(how, _, over, _, has):
            return _quantified(how, _column(over), written(has))
    raise AssertionError(form)


def _quantified(how: object, entries: str, body: str) -> str:
    match how:
        case "some":
            return f"exists({entries}, use -> {body})"
        case "no":
            return f"not exists({entries}, use -> {body})"
        case AtLeast(least):
            sure = f"size(filter({entries}, use -> {body})) >= {least}"
            never = f"size(filter({entries}, use -> coalesce({body}, true))) < {least}"
            return f"case when {sure} then true when {never} then false end"
    raise AssertionError(how)


def _column(path: Path) -> str:
    return ".".join([path.variable, *path.fields] if path.variable else path.fields)


def _constant(value: object) -> str:
    return f"'{value}'" if isinstance(value, str) else str(value)
