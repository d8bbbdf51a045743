"""How deep a form goes.

Guarantee: measured without recursion, so that what is too deep to walk is found before anything
walks it. A line in here touches shapes.
"""

from __future__ import annotations

from kprules.syntax import tree


def deepest(item: tree.Item) -> tuple[int, tree.Form | None]:
    """Return how many forms stand one in another, at most, and the innermost of them.

    Groups, quantifiers, readings, `not` and parentheses count; `and` and `or` need one of them
    between two of their own kind.
    """
    found: tuple[int, tree.Form | None] = (0, None)
    waiting = [(form, 0) for form in _forms(item)]
    while waiting:
        form, depth = waiting.pop()
        match form:
            case tree.Group(clauses=clauses) | tree.ReadingOf(clauses=clauses):
                inner: tuple[tree.Form | None, ...] = tuple(c.form for c in clauses)
            case tree.Quantified(where=where, has=has):
                inner = (where, has)
            case tree.Not(part=part) | tree.Parenthesised(part=part):
                inner = (part,)
            case tree.And(parts=parts) | tree.Or(parts=parts):
                waiting += [(part, depth) for part in parts]
                continue
            case _:
                continue
        if depth + 1 > found[0]:
            found = depth + 1, form
        waiting += [(f, depth + 1) for f in inner if f is not None]
    return found


def _forms(item: tree.Item) -> list[tree.Form]:
    match item:
        case tree.Term(form=form):
            return [form]
        case tree.SetOf():
            return []
    clauses = [item.captures] if item.captures else []
    clauses += [e.clause for e in item.exceptions]
    forms = [c.form for c in clauses]
    for amendment in item.amendments:
        match amendment:
            case tree.Replace(form=form):
                forms.append(form)
            case tree.Change(clause=clause) | tree.Except(clause=clause):
                forms.append(clause.form)
            case tree.Remove():
                pass
    return forms
