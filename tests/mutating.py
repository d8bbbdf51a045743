"""Functions broken in every way that counts, one at a time.

A mutant is the code of one function with one thing changed: a comparison, a connective, a constant,
a branch, an arm of a match, an answer, a step left out. `applied` puts it in the function's place,
so that everybody who holds the function meets the mutant.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_PAIRS = (
    ("all", "any"),
    ("both", "either"),
    ("certain", "possible"),
    ("conjunction", "disjunction"),
    ("earliest", "latest"),
    ("true", "false"),
    ("hit", "miss"),
    ("hits", "misses"),
    ("_LATE", "_EARLY"),
    ("UNKNOWN_RECORD", "NO_RECORD"),
    ("begins", "ends"),
    ("left", "right"),
    ("first", "second"),
    ("from", "to"),
    ("pro", "contra"),
)
_OTHER = dict(_PAIRS) | {b: a for a, b in _PAIRS}
_SPELLED = (
    (r"\band\b", "or"),
    (r"\bor\b", "and"),
    (r"\bis not\b", "is"),
    (r"\bis\b", "is not"),
    (r"\bnot in\b", "in"),
    (r"\bin\b", "not in"),
    (r"\bnot ", ""),
    ("==", "!="),
    (">=", ">"),
    ("> ", ">= "),
)
"""What a text of Python source is spelled with, and what it is taken for."""


@dataclass(frozen=True)
class Mutant:
    """The code of a function with one thing changed."""

    function: FunctionType
    code: CodeType
    line: int
    what: str

    @property
    def name(self) -> str:
        """Say what is changed, and in which function."""
        return f"{self.function.__qualname__}: {self.what}"


@contextmanager
def applied(mutant: Mutant) -> Iterator[None]:
    """Put the mutant in the place of the function."""
    whole = mutant.function.__code__
    mutant.function.__code__ = mutant.code
    try:
        yield
    finally:
        mutant.function.__code__ = whole


def mutants_of(module: ModuleType, functions: Sequence[str] = ()) -> list[Mutant]:
    """Return the mutants of a module's functions and methods: the named ones, or all."""
    tree = ast.parse(inspect.getsource(module))
    found: list[Mutant] = []
    for node in tree.body:
        match node:
            case ast.FunctionDef(name=name) if not functions or name in functions:
                found += _mutants(node, getattr(module, name))
            case ast.ClassDef(name=name, body=body):
                owner = getattr(module, name)
                if getattr(owner, "_is_protocol", False):
                    continue
                for method in body:
                    if not isinstance(method, ast.FunctionDef) or method.decorator_list:
                        continue
                    if not functions or f"{name}.{method.name}" in functions or name in functions:
                        found += _mutants(method, vars(owner)[method.name])
            case _:
                pass
    return found


def _mutants(node: ast.FunctionDef, function: FunctionType) -> Iterator[Mutant]:
    node.decorator_list = []
    node.returns = None
    for argument in ast.walk(node.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    if ast.get_docstring(node):
        node.body = node.body[1:] or [ast.Pass()]
    alike = Counter[str]()
    for parent, field, index, child in list(_children(node)):
        for other, what in _alternatives(child, parent):
            _set(parent, field, index, other)
            ast.fix_missing_locations(node)
            module = ast.Module([node], [])
            code = _code_of(
                compile(module, function.__code__.co_filename, "exec", dont_inherit=True)
            )
            _set(parent, field, index, child)
            alike[what] += 1
            again = f" ({alike[what]})" if alike[what] > 1 else ""
            yield Mutant(function, code, getattr(child, "lineno", node.lineno), what + again)


def _code_of(module: CodeType) -> CodeType:
    return next(c for c in module.co_consts if isinstance(c, CodeType))


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    """Yield each node beneath one, with where it stands.

    Annotations, patterns, remarks, and what no input comes to are left alone.
    """
    if _is_refusal(node):
        return
    for field, value in ast.iter_fields(node):
        if field in {"annotation", "pattern", "type_comment"}:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else ((None, value),):
            if isinstance(child, ast.AST) and not _is_refusal(child):
                yield node, field, index, child
                yield from _children(child)


def _is_refusal(node: ast.AST) -> bool:
    """Return whether a node is a remark, or there for what cannot be."""
    match node:
        case ast.Raise() | ast.Assert() | ast.Expr(value=ast.Constant()):
            return True
        case ast.keyword(arg="strict"):
            return True
        case ast.Expr(value=ast.Call(func=ast.Name(id="assert_never"))):
            return True
        case ast.match_case(body=[only]):
            return _is_refusal(only)
        case _:
            return False


def _set(parent: ast.AST, field: str, index: int | None, child: ast.AST) -> None:
    if index is None:
        setattr(parent, field, child)
    else:
        getattr(parent, field)[index] = child


def _alternatives(node: ast.AST, parent: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """Yield what could stand in a node's place, and how to say so."""
    for other in _others(node, parent):
        before, after = _text(node), _text(other)
        if before != after:
            yield other, f"`{before}` becomes `{after}`"


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.match_case):
        return f"case {ast.unparse(node.pattern)}" + (" never" if node.guard else "")
    if isinstance(node, ast.Pass):
        return "pass"
    if isinstance(node, ast.If):
        return f"if {ast.unparse(node.test)}"
    return " ".join(ast.unparse(node).split())[:120]


def _others(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=comparators):
            if type(op) in _COMPARISONS:
                yield ast.Compare(left, [_COMPARISONS[type(op)]()], comparators)
        case ast.BoolOp(op=ast.And(), values=values):
            yield ast.BoolOp(ast.Or(), values)
        case ast.BoolOp(values=values):
            yield ast.BoolOp(ast.And(), values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(left=left, op=op, right=right):
            yield ast.BinOp(left, ast.Sub() if isinstance(op, ast.Add) else ast.Add(), right)
        case ast.Constant(value=value):
            yield from map(ast.Constant, _constants(value))
        case ast.Name(id=name) if name in _OTHER:
            yield ast.Name(_OTHER[name], node.ctx)
        case ast.Attribute(value=value, attr=name) if name in _OTHER:
            yield ast.Attribute(value, _OTHER[name], node.ctx)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.If(test=test, body=then, orelse=otherwise) if not isinstance(
            test, ast.Compare | ast.UnaryOp
        ):  # those are turned round themselves
            yield ast.If(ast.UnaryOp(ast.Not(), test), then, otherwise)
        case ast.match_case(pattern=pattern, guard=None, body=body):
            yield ast.match_case(pattern, ast.Constant(value=False), body)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Expr() | ast.AugAssign():
            yield ast.Pass()
        case _:
            pass


def _constants(value: Any) -> Iterator[Any]:
    match value:
        case bool():
            yield not value
        case int():
            yield value + 1
        case str() if value in _OTHER:
            yield _OTHER[value]
        case str():
            spelled = (re.sub(one, other, value) for one, other in _SPELLED)
            yield from [text for text in spelled if text != value][:1]
        case _:
            pass
