"""Items and files, printed.

Guarantee: as in `printer`. A line in here touches the layout of one part of a definition.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from kprules.syntax import tree
from kprules.syntax.one_line import operand, quoted, values
from kprules.syntax.print_forms import STEP, FormPrinter


@dataclass(slots=True)
class ItemPrinter(FormPrinter):
    """Writes terms, sets and definitions."""

    def file(self, file: tree.File) -> None:
        """Write a file: its items, a blank line between two."""
        for number, item in enumerate(file.items):
            if number:
                self.out.line(0)
                self.out.blank()
            self.begin(item, 0)
            self.item(item)
            self.end(item)
        self.out.line(0)
        for comment in self.comments.of(file).last:
            self.comment(comment, 0)

    def item(self, item: tree.Item) -> None:
        """Write an item."""
        match item:
            case tree.Term():
                self.term(item)
            case tree.SetOf():
                self.set_of(item)
            case tree.Definition():
                self.definition(item)
            case _:
                assert_never(item)

    def set_of(self, item: tree.SetOf) -> None:
        """Write `set NAME = {a, b}`."""
        self.out.text(f"set {item.name.text} = ")
        self.head(item)
        line = values(item.values)
        if self.out.fits(len(line)) and not self.comments.within(item.values):
            self.out.text(line)
        else:
            self.values(item.values, 0)

    def term(self, item: tree.Term) -> None:
        """Write `term NAME(x: TYPE) "words" { FORM }`, on one line where it fits."""
        parameters = ", ".join(f"{p.name.text}: {p.type.text}" for p in item.parameters)
        words = "" if item.words is None else f" {quoted(item.words.text)}"
        self.out.text(f"term {item.name.text}({parameters}){words} ")
        line = None if self.comments.within(item) else self.lines.form(item.form)
        if line is not None and self.out.fits(len(f"{{ {line} }}")):
            self.out.text(f"{{ {line} }}")
            return
        self.out.open("{")
        self.head(item)
        self.out.newline(STEP)
        self.begin(item.form, STEP)
        self.form(item.form, STEP)
        self.end(item.form)
        self.close(item, 0)

    # --- definitions ----------------------------------------------------------------------------

    def definition(self, item: tree.Definition) -> None:
        """Write a definition: header, body, expectations, a blank line between them."""
        amends = "" if item.amends is None else f" amends {item.amends.text}"
        title = "" if item.title is None else f" {quoted(item.title.text)}"
        self.out.open(f"definition {item.id.text}{amends}{title} {{")
        self.head(item)
        self.out.newline(STEP)
        self.headers(item.headers)
        body: list[tree.Clause | tree.Amendment] = [] if item.captures is None else [item.captures]
        body += [*item.exceptions, *item.amendments]
        if body:
            self.apart()
        self.amendments(body)
        if item.expects:
            self.apart()
        pad = max((len(e.outcome) for e in item.expects), default=0)
        for expect in item.expects:
            self.begin(expect, STEP)
            self.expect(expect, pad)
            self.end(expect)
        self.close(item, 0)

    def apart(self) -> None:
        """Leave a blank line, unless nothing stands before it."""
        self.out.line(STEP)
        self.out.blank()

    def headers(self, headers: Sequence[tree.Header | tree.SourceHeader]) -> None:
        """Write the header, its values one under the other."""
        keywords = [h.keyword if isinstance(h, tree.Header) else "source" for h in headers]
        pad = max(map(len, keywords), default=0)
        for header, keyword in zip(headers, keywords, strict=True):
            self.begin(header, STEP)
            self.out.text(f"{keyword.ljust(pad)} {_header(header)}")
            self.head(header)
            self.end(header)

    def amendments(self, parts: Sequence[tree.Clause | tree.Amendment]) -> None:
        """Write the body of a definition, the labels of amendments one under the other."""
        pad = max(map(len, filter(None, map(_verb, parts))), default=0)
        for part in parts:
            self.begin(part, STEP)
            match part:
                case tree.Clause():
                    self.out.text("captures when")
                    self.head(part)
                    self.body(part.form, STEP)
                case tree.Except(clause=clause):
                    self.out.text("except when ")
                    self.head(part)
                    self.clause(clause, STEP)
                case tree.Replace(label=name, words=words, form=form):
                    quote = "" if words is None else f" {quoted(words.text)}"
                    self.out.text(f"{_verb(part).ljust(pad)} {name.text}{quote} with")
                    self.head(part)
                    self.body(form, STEP)
                case tree.Remove(label=name):
                    self.out.text(f"{_verb(part).ljust(pad)} {name.text}")
                    self.head(part)
                case tree.Change(label=name, clause=clause):
                    self.out.text(f"{_verb(part).ljust(pad)} {name.text} with ")
                    self.head(part)
                    self.clause(clause, STEP)
                case _:
                    assert_never(part)
            self.end(part)

    def expect(self, expect: tree.Expect, pad: int) -> None:
        """Write `expect OUTCOME under {…} ID, …`."""
        under = ", ".join(map(_condition, expect.conditions))
        self.out.text(f"expect {expect.outcome.ljust(pad)} ")
        if under:
            self.out.text(f"under {{{under}}} ")
        self.head(expect)
        column = len(self.out.current)
        further = column if column <= self.out.width // 2 else STEP + STEP
        self.several(expect.cases, [c.text for c in expect.cases], further)


def _verb(part: tree.Clause | tree.Amendment) -> str:
    """Return the verb of an amendment that names a label."""
    match part:
        case tree.Replace():
            return "replace"
        case tree.Remove():
            return "remove"
        case tree.Change(verb=verb):
            return verb
        case tree.Clause() | tree.Except():
            return ""
        case _:
            assert_never(part)


def _header(header: tree.Header | tree.SourceHeader) -> str:
    match header:
        case tree.SourceHeader(key=key, text=text, url=url):
            words = [] if key is None else [key.text]
            words += [] if text is None else [quoted(text.text)]
            words += [] if url is None else [f"<{url.text}>"]
            return " ".join(words)
        case tree.Header(value=tree.Name(text=name)):
            return name
        case tree.Header(value=tree.Text() | tree.Day() as value):
            return operand(value)
        case _:
            raise AssertionError(header)


def _condition(condition: tree.Condition) -> str:
    value = "" if condition.value is None else f" = {condition.value.text}"
    return f"{condition.keyword} {condition.name.text}{value}"
