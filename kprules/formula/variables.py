"""Which of the entries in scope a form asks about.

Guarantee: what a form comes to, and why, is the same wherever these entries are the same. A line in
here touches nodes; it reads no record.
"""

from __future__ import annotations

from typing import Final, assert_never

from kprules.formula.definition import parts_of
from kprules.formula.nodes import (
    All,
    Any,
    Compare,
    Const,
    Form,
    Includes,
    Known,
    Member,
    Not,
    Overlaps,
    Path,
    Quantified,
    Reading,
)

_MOST_KEPT: Final = 4096
_FOUND: dict[int, tuple[Quantified, tuple[str, ...]]] = {}


def asked_about(form: Quantified) -> tuple[str, ...]:
    """Return the variables of entries in scope that a form asks about, sorted; found once."""
    found = _FOUND.get(id(form))
    if found is None:
        inner = frozenset[str]().union(*map(_variables, parts_of(form)))
        if len(_FOUND) >= _MOST_KEPT:
            _FOUND.clear()
        found = form, tuple(sorted((inner - {form.variable}) | _of(form.over)))
        _FOUND[id(form)] = found  # kept alive, so the id stays its own
    return found[1]


def _variables(form: Form) -> frozenset[str]:
    match form:
        case Compare(left, _, right):
            return _of(left) | _of(right) if isinstance(right, Path) else _of(left)
        case Member(fact) | Includes(fact) | Known(fact):
            return _of(fact)
        case Overlaps(left, right):
            return _of(left) | _of(right)
        case All(parts) | Any(parts):
            return frozenset[str]().union(*map(_variables, parts))
        case Not(part):
            return _variables(part)
        case Quantified():
            return frozenset(asked_about(form))
        case Const() | Reading():
            return frozenset()
        case _:
            assert_never(form)


def _of(path: Path) -> frozenset[str]:
    return frozenset({path.variable} if path.variable else ())
