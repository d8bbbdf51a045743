"""Forms over as many lines as they need.

Guarantee: as in `printer`. A line in here touches the breaking of one construct.

A clause stays on its label's line where it fits; a group opens its brace there; anything else moves
to the next line, further in, and breaks before `and` and `or`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from kprules.syntax import tree
from kprules.syntax.comments import Comments
from kprules.syntax.layout import Writer
from kprules.syntax.one_line import (
    OneLine,
    before_values,
    closed,
    label,
    operand,
    quantifier,
)

STEP = 2


@dataclass(slots=True)
class FormPrinter:
    """Writes clauses and forms."""

    out: Writer
    comments: Comments
    lines: OneLine

    @classmethod
    def of_width(cls, width: int, comments: Comments | None = None) -> Self:
        """Return a printer of lines of this width."""
        comments = comments or Comments()
        return cls(Writer(width), comments, OneLine(comments))

    # --- comments -------------------------------------------------------------------------------

    def begin(self, node: object, indent: int) -> None:
        """Begin a line with what stands before a node."""
        before = self.comments.of(node).before
        self.out.line(indent)
        for comment in before:
            self.comment(comment, indent)
        self.out.begin()

    def comment(self, comment: tree.Comment, indent: int) -> None:
        """Write a comment on a line of its own, with the blank lines around it that it had."""
        text = comment.span.source.text
        if _blank(text[: comment.span.start].rpartition("\n")[0].rpartition("\n")[2]):
            self.out.blank()
        self.out.text(comment.text)
        self.out.newline(indent)
        after = text[comment.span.end :].lstrip(" \t\r")[1:].lstrip(" \t\r")
        if after.startswith("\n"):
            self.out.blank()

    def end(self, node: object) -> None:
        """Write what stands behind a node."""
        for comment in self.comments.of(node).behind:
            self.out.note(comment.text)

    def head(self, node: object) -> None:
        """Write what stands behind the first words of a node."""
        for comment in self.comments.of(node).head:
            self.out.note(comment.text)

    def close(self, node: object, indent: int, brace: str = "}") -> None:
        """Write what stands before a closing brace, and the brace."""
        for comment in self.comments.of(node).last:
            self.out.line(indent + STEP)
            self.comment(comment, indent + STEP)
        self.out.line(indent)
        self.out.text(brace)

    # --- clauses --------------------------------------------------------------------------------

    def clause(self, clause: tree.Clause, indent: int, pad: int = 0) -> None:
        """Write `label "words": form`."""
        self.out.text(label(clause).ljust(pad))
        self.head(clause)
        self.body(clause.form, indent)

    def body(self, form: tree.Form, indent: int) -> None:
        """Write a form behind a colon or a keyword, or below it."""
        line = self.lines.form(form)
        if line is not None and self.out.fits(1 + len(line)):
            self.out.text(f" {line}")
            return
        first = self.opening(form)
        if first is not None and self.out.fits(1 + len(first)):
            self.out.text(" ")
            self.form(form, indent)
            return
        self.out.newline(indent + STEP)
        self.form(form, indent + STEP)

    def opening(self, form: tree.Form) -> str | None:
        """Return the first line of a form that does not fit, if it ends with a group's brace."""
        match form:
            case tree.Group(kind=kind):
                return f"{kind} of {{"
            case tree.ReadingOf():
                return "reading of {"
            case tree.Quantified(where=where, has=has):
                line = "" if where is None else self.lines.form(where)
                rest = self.opening(has)
                if line is None or rest is None:
                    return None
                return f"{quantifier(form)}{line and f' where {line}'} has {rest}"
            case tree.Not(part=part):
                rest = self.opening(part)
                return None if rest is None else f"not {rest}"
            case _:
                return None

    # --- forms ----------------------------------------------------------------------------------

    def form(self, form: tree.Form, indent: int, tail: int = 0) -> None:
        """Write a form from here on, further lines at this indent; `tail` follows on the last."""
        line = self.lines.form(form)
        if line is not None and self.out.fits(len(line) + tail):
            self.out.text(line)
            return
        match form:
            case tree.Group(kind=kind, clauses=clauses):
                self.group(form, kind, clauses, indent)
            case tree.ReadingOf(clauses=clauses):
                self.group(form, "reading", clauses, indent)
            case tree.Quantified():
                self.quantified(form, indent, tail)
            case tree.And() | tree.Or():
                self.parts(form, indent, tail)
            case tree.Not(part=part):
                self.out.text("not ")
                self.form(closed(part), indent, tail)
            case tree.Parenthesised(part=part):
                self.out.text("(")
                self.form(part, indent + 1, tail + 1)
                self.out.text(")")
            case tree.Member(values=tree.Values() as values):
                self.out.text(before_values(form))
                self.values(values, indent)
            case tree.Includes(how="any" | "all" | "none", values=tree.Values() as values):
                self.out.text(before_values(form))
                self.values(values, indent)
            case _:
                self.out.text(line or self.lines.spelled(form) or "")

    def group(
        self, form: tree.Form, kind: str, clauses: Sequence[tree.Clause], indent: int
    ) -> None:
        """Write a group a clause a line; readings one under the other."""
        self.out.open(f"{kind} of {{")
        self.head(form)
        pad = self.pad(clauses, indent + STEP) if kind == "reading" else 0
        self.out.newline(indent + STEP)
        for clause in clauses:
            self.begin(clause, indent + STEP)
            self.clause(clause, indent + STEP, pad)
            self.end(clause)
        self.close(form, indent)

    def pad(self, clauses: Sequence[tree.Clause], indent: int) -> int:
        """Return how wide labels are to be for forms to stand one under the other, if they can."""
        widest = max((len(label(clause)) for clause in clauses), default=0)
        for clause in clauses:
            line = self.lines.form(clause.form)
            if line is None or clause.words or indent + widest + 1 + len(line) > self.out.width:
                return 0
        return widest

    def quantified(self, form: tree.Quantified, indent: int, tail: int) -> None:
        """Write a quantifier; its `where` and what it asks for break where they must."""
        self.out.text(quantifier(form))
        if form.where is not None:
            line = self.lines.form(form.where)
            if line is not None and self.out.fits(len(f" where {line} has")):
                self.out.text(f" where {line}")
            else:
                deeper = STEP if isinstance(form.where, tree.And | tree.Or) else 0
                self.out.newline(indent + STEP)
                self.out.text("where ")
                self.form(form.where, indent + STEP + deeper)
                self.out.newline(indent + STEP)
                indent += STEP
        self.out.text("has" if self.out.fresh else " has")
        has = closed(form.has)
        line = self.lines.form(has)
        if (line is not None and self.out.fits(1 + len(line) + tail)) or self.opening(has):
            self.out.text(" ")
            self.form(has, indent, tail)
        else:
            self.out.newline(indent + STEP)
            self.form(has, indent + STEP, tail)

    def parts(self, form: tree.And | tree.Or, indent: int, tail: int) -> None:
        """Write parts one under the other, the word before each but the first."""
        word = "and " if isinstance(form, tree.And) else "or "
        for number, part in enumerate(form.parts):
            if number or self.comments.of(part).before:
                self.begin(part, indent)
            if number:
                self.out.text(word)
            inner = closed(part, within=type(form))
            further = indent + STEP if number and isinstance(inner, tree.And) else indent
            last = number == len(form.parts) - 1
            self.form(inner, further, tail if last else 0)
            self.end(part)

    def values(self, values: tree.Values, indent: int) -> None:
        """Write values in braces, as many on a line as it takes."""
        self.out.open("{")
        self.head(values)
        self.out.newline(indent + STEP)
        self.several(values.items, list(map(operand, values.items)), indent + STEP)
        self.close(values, indent)

    def several(self, nodes: Sequence[object], words: Sequence[str], indent: int) -> None:
        """Write what commas part, from here on, as many on a line as it takes."""
        for number, (node, word) in enumerate(zip(nodes, words, strict=True)):
            piece = word + ("," if number < len(words) - 1 else "")
            if self.comments.of(node).before or self.out.behind:
                self.begin(node, indent)
            elif number and self.out.fits(1 + len(piece)):
                self.out.text(" ")
            elif number:
                self.out.newline(indent)
            self.out.text(piece)
            self.end(node)


def _blank(line: str) -> bool:
    return not line.strip()
