"""Lists in lists, and records of which they ask."""

from __future__ import annotations

from edges import at, judgement
from shop import Plain

from kprules.formula.definition import Judgement
from kprules.formula.nodes import All, Compare, Form, How, Quantified, Said

SEVERAL: list[Plain] = [
    {"open": True, "items": [{"open": True}, {"open": True}, {"open": True}]},
    {"open": True, "items": [{"open": True}, {"open": False}, {}]},
    {"open": False, "items": [{"open": False}, {"open": False}, {"open": False}]},
    {"items": [{}, {"open": False}], "incomplete": ["items"]},
]


def nested(depth: int, how: How, *, own: bool) -> Judgement:
    """Return so many lists in each other, `own`: after each, something is asked of its entry."""
    form: Form = Compare(at("open"), "is", True)
    for level in range(depth):
        variable = f"x{level}"
        if own or not level:
            of_entry = Compare(at("open", variable, "item"), "is", True)
            said = Said(f"clause {level}")
            form = All((form, of_entry), said=said)
        form = Quantified(how, variable, at("items"), None, form)
    return judgement(form)
