"""Forms on one line.

Guarantee: the only spelling of what fits on a line; parentheses are added where a tree that nobody
wrote (one made by amendments) would else read otherwise. A line in here touches one construct.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import assert_never

from kprules.syntax import tree
from kprules.syntax.comments import Comments

_SHORT = 60
"""Columns that a group may take on a line; a longer one reads better a clause a line."""


def quoted(text: str) -> str:
    """Return a text in its quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def operand(node: tree.Operand) -> str:
    """Return the right-hand side of a comparison."""
    match node:
        case tree.Path():
            return str(node)
        case tree.Text(text=text):
            return quoted(text)
        case tree.Number(written=written):
            return written
        case tree.Day(value=day):
            return day.isoformat()
        case tree.Truth(value=value):
            return "true" if value else "false"
        case _:
            assert_never(node)


def values(node: tree.Values | tree.SetName) -> str:
    """Return `{a, b}`, or a set's name."""
    if isinstance(node, tree.SetName):
        return node.name.text
    return "{" + ", ".join(map(operand, node.items)) + "}"


def before_values(node: tree.Member | tree.Includes) -> str:
    """Return what stands before the values, a blank included."""
    match node:
        case tree.Member(left=left, negated=negated):
            return f"{left} {'not ' if negated else ''}in "
        case tree.Includes(left=left, how=how):
            return f"{left} includes {'' if how == 'one' else f'{how} of '}"


def quantifier(node: tree.Quantified) -> str:
    """Return `some x in LIST`."""
    how = node.how
    if isinstance(how, tree.Count):
        share = "" if how.whole is None else f"/{how.whole}"
        how_many = f"{how.word} {how.number}{share}"
    else:
        how_many = how
    return f"{how_many} {node.variable.text} in {node.over}"


def label(clause: tree.Clause) -> str:
    """Return `label "words":`."""
    words = "" if clause.words is None else f" {quoted(clause.words.text)}"
    return f"{clause.label.text}{words}:"


def closed(part: tree.Form, *, within: type[tree.And | tree.Or] | None = None) -> tree.Form:
    """Return a part in parentheses where it needs them to stand as one: all but `and` in `or`."""
    loose = isinstance(part, tree.Or) or (isinstance(part, tree.And) and within is not tree.Or)
    return tree.Parenthesised(part.span, part) if loose else part


@dataclass(slots=True)
class OneLine:
    """The spelling of forms on one line, each worked out once."""

    comments: Comments
    known: dict[int, tuple[object, str | None]] = field(default_factory=dict)
    """By node; the node is kept so that its number is not another's."""

    def form(self, form: tree.Form) -> str | None:
        """Return a form on one line, or None if it is not to stand on one."""
        found = self.known.get(id(form))
        if found is None:
            line = None if self.comments.within(form) else self.spelled(form)
            found = self.known[id(form)] = (form, line)
        return found[1]

    def clause(self, clause: tree.Clause) -> str | None:
        """Return a clause on one line."""
        form = self.form(clause.form)
        if form is None or self.comments.of(clause) != self.comments.of(None):
            return None
        return f"{label(clause)} {form}"

    def group(self, kind: str, clauses: tuple[tree.Clause, ...]) -> str | None:
        """Return a short group: one whose clauses need no words to be understood."""
        if not clauses:
            return f"{kind} of {{}}"
        lines = []
        for clause in clauses:
            line = self.clause(clause) if clause.words is None else None
            if line is None:
                return None
            lines.append(line)
        line = f"{kind} of {{ {'  '.join(lines)} }}"
        return line if len(line) <= _SHORT else None

    def parts(self, form: tree.And | tree.Or) -> str | None:
        """Return parts joined by their word."""
        lines = [self.form(closed(part, within=type(form))) for part in form.parts]
        word = " and " if isinstance(form, tree.And) else " or "
        whole = [line for line in lines if line is not None]
        return word.join(whole) if len(whole) == len(lines) else None

    def quantified(self, form: tree.Quantified) -> str | None:
        """Return a quantifier and what it asks of the entries."""
        where = "" if form.where is None else self.form(form.where)
        has = self.form(closed(form.has))
        if where is None or has is None:
            return None
        return f"{quantifier(form)}{f' where {where}' if where else ''} has {has}"

    def spelled(self, form: tree.Form) -> str | None:
        """Return a form on one line, its parts looked up."""
        match form:
            case tree.Group(kind=kind, clauses=clauses):
                return self.group(kind, clauses)
            case tree.ReadingOf(clauses=clauses):
                return self.group("reading", clauses)
            case tree.Quantified():
                return self.quantified(form)
            case tree.And() | tree.Or():
                return self.parts(form)
            case tree.Not(part=part):
                inner = self.form(closed(part))
                return None if inner is None else f"not {inner}"
            case tree.Parenthesised(part=part):
                inner = self.form(part)
                return None if inner is None else f"({inner})"
            case tree.Compare(left=left, op=op, right=right):
                return f"{left} {op} {operand(right)}"
            case (
                tree.Member(values=among) | tree.Includes(how="any" | "all" | "none", values=among)
            ):
                return before_values(form) + values(among)
            case tree.Includes(values=among):
                one = operand(among.items[0]) if isinstance(among, tree.Values) else values(among)
                return before_values(form) + one
            case tree.Between(left=left, low=low, high=high):
                return f"{left} between {operand(low)} and {operand(high)}"
            case tree.Overlaps(left=left, right=over):
                return f"{left} overlaps {over}"
            case tree.Known(left=left, known=known):
                return f"{left} is {'known' if known else 'unknown'}"
            case tree.Apply(term=term, arguments=arguments):
                return f"{term.text}({', '.join(map(str, arguments))})"
            case tree.Truth() | tree.Path():
                return operand(form)
            case _:
                assert_never(form)
