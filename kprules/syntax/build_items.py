"""Terms, sets and definitions, made from what the grammar recognises.

Guarantee: as in `build_names`; what a definition gives twice, in the wrong place or not at all is
reported here. A line in here touches the words of one part of a definition.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kprules.diagnostics import did_you_mean
from kprules.source import Span
from kprules.syntax import tree
from kprules.syntax.build_forms import BuildForms
from kprules.syntax.build_names import Matched
from kprules.syntax.names import check_id, check_key, check_snake
from kprules.syntax.words import OUTCOMES, STATUSES, clip

_SCHEMES = ("http://", "https://")
_REPEATABLE = frozenset({"source", "note"})


@dataclass(slots=True)
class BuildItems(BuildForms):
    """The callbacks of the grammar, whole."""

    # --- terms and sets -------------------------------------------------------------------------

    def start(self, c: Matched) -> tree.Item:
        """Return the one item that the parser was given."""
        item: tree.Item = c[0]
        return item

    def term_head(self, c: Matched) -> tuple[Any, tree.Name]:
        """Note which term the clauses that follow belong to."""
        name = self.new_name(c[1], "a term")
        self.origin = f"term {name.text}"
        return c[0], name

    def term(self, c: Matched) -> tree.Term:
        """Build `term NAME(x: TYPE) "words" { FORM }`."""
        start, name = c[0]
        words = self.words(c[4]) if c[4].type == "STRING" else None
        span = self.span(start, c[-1])
        given: dict[str, tree.Name] = {}
        for parameter in c[2]:
            first = given.setdefault(parameter.name.text, parameter.name)
            if first is not parameter.name:
                self.twice("duplicate-label", f"the parameter `{first.text}`", parameter, first)
        return tree.Term(span, name, tuple(c[2]), words, c[-2])

    def parameter(self, c: Matched) -> tree.Parameter:
        """Build `g: goods`."""
        record = self.at(c[2])
        check_snake(c[2], record, "a record", self.problems)
        name = self.new_name(c[0], "a variable")
        return tree.Parameter(self.span(c[0], c[2]), name, tree.Name(record, str(c[2])))

    def set(self, c: Matched) -> tree.SetOf:
        """Build `set NAME = {a, b}`."""
        return tree.SetOf(self.since(c[0], c[3]), self.new_name(c[1], "a set"), c[3])

    # --- headers --------------------------------------------------------------------------------

    def header(self, c: Matched) -> tree.Header:
        """Build `about`, `outcome`, `proposer`, `status`, `same_as`, `note`."""
        keyword, token = c
        value: tree.Name | tree.Text
        match keyword.type:
            case "ABOUT":
                value = self.label(token, "a kind of record")
            case "STATUS":
                value = self.one_of(token, "status", STATUSES)
            case "SAME_AS":
                value = self.known_id(token)
            case _:
                value = self.words(token)
        return tree.Header(self.span(keyword, token), str(keyword), value)  # type: ignore[arg-type]  # the grammar admits these keywords only

    def dated(self, c: Matched) -> tree.Header:
        """Build `since`, `until`."""
        return tree.Header(self.span(c[0], c[1]), str(c[0]), self.calendar_day(c[1]))  # type: ignore[arg-type]  # as above

    def cited(self, c: Matched) -> tree.SourceHeader:
        """Build `source KEY "words" <url>`."""
        key = text = url = None
        for token in c[1:]:
            match token.type:
                case "KEY":
                    key = tree.Name(self.at(token), str(token))
                    check_key(key.text, key.span, self.problems)
                case "STRING":
                    text = self.words(token)
                case _:
                    url = self.link(token)
        return tree.SourceHeader(self.span(c[0], c[-1]), key, text, url)

    def link(self, token: Any) -> tree.Text:
        """Return an address on the web."""
        span, address = self.at(token), str(token[1:-1])
        if not address.lower().startswith(_SCHEMES) or any(c.isspace() for c in address):
            self.problems.report(
                "bad-url",
                f"`{clip(address)}` is no web address",
                span,
                help="a link begins with `https://` or `http://` and has no blanks",
            )
        return tree.Text(span, address)

    def one_of(self, token: Any, what: str, known: tuple[str, ...]) -> tree.Name:
        """Return a word of a fixed list."""
        span = self.at(token)
        if token not in known:
            self.problems.report(
                "unknown-value",
                f"no {what} is called `{clip(token)}`",
                span,
                label=f"not one of {', '.join(known)}",
                help=did_you_mean(clip(token), known),
            )
        return tree.Name(span, str(token))

    # --- bodies ---------------------------------------------------------------------------------

    def captures(self, c: Matched) -> tree.Clause:
        """Build `captures when FORM`."""
        name = tree.Name(self.at(c[0]), "captures")
        return tree.Clause(self.since(c[0], c[2]), name, None, c[2], self.origin)

    def exception(self, c: Matched) -> tree.Except:
        """Build `except when clause`."""
        return tree.Except(self.since(c[0], c[2]), c[2])

    def replace(self, c: Matched) -> tree.Replace:
        """Build `replace L "words" with FORM`."""
        words = self.words(c[2]) if c[2].type == "STRING" else None
        return tree.Replace(self.since(c[0], c[-1]), self.label(c[1]), words, c[-1])

    def remove(self, c: Matched) -> tree.Remove:
        """Build `remove L`."""
        return tree.Remove(self.span(c[0], c[1]), self.label(c[1]))

    def change(self, c: Matched) -> tree.Change:
        """Build `widen L with clause`."""
        return tree.Change(self.since(c[0], c[3]), str(c[0]), self.label(c[1]), c[3])  # type: ignore[arg-type]  # as above

    def expect(self, c: Matched) -> tree.Expect:
        """Build `expect captured ID, …`."""
        return self.expecting(c, ())

    def expect_under(self, c: Matched) -> tree.Expect:
        """Build `expect captured under {view ukraine} ID, …`."""
        return self.expecting(c, tuple(c[4]))

    def expect_under_nothing(self, c: Matched) -> tree.Expect:
        """Build `expect captured under {}`: reported."""
        if not self.broken:
            self.problems.report(
                "syntax",
                "nothing stands under `under`",
                self.span(c[2], c[4]),
                help="name a view, a standard or a reading, or leave `under {}` out",
            )
        return self.expecting(c, ())

    def expecting(self, c: Matched, conditions: tuple[tree.Condition, ...]) -> tree.Expect:
        """Return an expectation."""
        outcome = self.one_of(c[1], "outcome", OUTCOMES)
        cases = tuple(self.id(token) for token in c[-1])
        span = self.span(c[0], c[-1][-1])
        return tree.Expect(span, outcome.text, conditions, cases)  # type: ignore[arg-type]  # checked by one_of

    def condition(self, c: Matched) -> tree.Condition:
        """Build `view ukraine`, `standard alleged`."""
        return tree.Condition(self.span(c[0], c[1]), str(c[0]), self.label(c[1], "a party"))  # type: ignore[arg-type]  # as above

    def read_as(self, c: Matched) -> tree.Condition:
        """Build `reading LABEL = NAME`; before the label a definition, or the term it is of."""
        span, text = self.at(c[1]), str(c[1])
        definition, dot, label = (part.strip() for part in text.rpartition("."))
        if "-" in definition and "." not in definition:
            check_id(definition, span, self.problems)
        check_snake(label, span, "a label", self.problems)
        name = tree.Name(span, f"{definition}{dot}{label}")
        return tree.Condition(self.span(c[0], c[3]), "reading", name, self.label(c[3]))

    # --- definitions ----------------------------------------------------------------------------

    def head(self, c: Matched) -> tuple[Any, tree.Name, tree.Name | None, tree.Text | None]:
        """Build `definition ID amends ID "title"`."""
        name = self.id(c[1])
        self.origin = name.text
        amends = self.known_id(c[3]) if len(c) > 3 else None  # noqa: PLR2004 - the length with `amends`
        title = self.words(c[-1]) if c[-1].type == "STRING" else None
        return c[0], name, amends, title

    def definition(self, c: Matched) -> tree.Definition:
        """Build `definition ID "…" { … }`: its parts, sorted."""
        start, name, amends, title = c[0]
        parts = c[2]
        headers = [p for p in parts if isinstance(p, tree.Header | tree.SourceHeader)]
        captures = [p for p in parts if isinstance(p, tree.Clause)]
        expects = [p for p in parts if isinstance(p, tree.Expect)]
        exceptions = [p for p in parts if isinstance(p, tree.Except)]
        changes = [p for p in parts if isinstance(p, tree.Replace | tree.Remove | tree.Change)]
        amendments: list[tree.Amendment] = [*changes]
        if amends is not None:
            amendments = [p for p in parts if isinstance(p, tree.Amendment)]
            exceptions = []
        self.check_headers(parts, headers)
        if not self.broken:
            self.check_body(name, amends, captures, changes)
        return tree.Definition(
            self.span(start, c[3]),
            name,
            title,
            amends,
            tuple(headers),
            captures[0] if captures else None,
            tuple(exceptions),
            tuple(amendments),
            tuple(expects),
        )

    def check_headers(self, parts: Matched, headers: list[tree.Header | tree.SourceHeader]) -> None:
        """Report headers that are given twice or stand after the body, and dates in disorder."""
        body: tree.Written | None = None
        for part in parts:
            if not isinstance(part, tree.Header | tree.SourceHeader):
                body = body or part
            elif body is not None:
                self.problems.report(
                    "misplaced-header",
                    "the header stands before the body of a definition",
                    part.span,
                    help="move the line up",
                    also=((self.first_word(body), "the body begins here"),),
                )
        given: dict[str, tree.Header] = {}
        for header in headers:
            if isinstance(header, tree.Header) and header.keyword not in _REPEATABLE:
                first = given.setdefault(header.keyword, header)
                if first is not header:
                    self.twice("duplicate-header", f"`{header.keyword}`", header, first)
        match given.get("since"), given.get("until"):
            case (
                tree.Header(value=tree.Day(value=since)) as first,
                tree.Header(value=tree.Day(value=until)) as last,
            ) if date.min < until < since:
                self.problems.report(
                    "period-reversed",
                    f"the definition ends on {until}, before it begins on {since}",
                    last.value.span,
                    also=((first.value.span, "begins here"),),
                    help="both days count: `until` is the last of them",
                )

    def check_body(
        self,
        name: tree.Name,
        amends: tree.Name | None,
        captures: list[tree.Clause],
        changes: list[tree.Replace | tree.Remove | tree.Change],
    ) -> None:
        """Report a definition with no body, with two, or with parts of the other kind."""
        for again in captures[1:]:
            self.twice("duplicate-captures", "`captures when`", again, captures[0])
        if amends is not None and captures:
            self.problems.report(
                "misplaced-captures",
                f"`{name.text}` amends `{amends.text}` and has its `captures` from there",
                captures[0].label.span,
                help="write `replace captures with …` to put another in its place",
            )
        if amends is None:
            for change in changes:
                self.problems.report(
                    "misplaced-amendment",
                    f"`{name.text}` amends nothing, so there is no `{change.label.text}` to change",
                    self.first_word(change),
                    help=f"write `definition {name.text} amends …` with the id of the other text",
                )
            if not captures and not changes:
                self.problems.report(
                    "missing-captures",
                    f"`{name.text}` does not say what it captures",
                    name.span,
                    help="write `captures when …`, or `amends` and the id of another definition",
                )

    def first_word(self, part: tree.Written) -> Span:
        """Return the span of a part's keyword."""
        end = part.span.start
        text = self.source.text
        while end < part.span.end and (text[end].isalnum() or text[end] == "_"):
            end += 1
        return Span(self.source, part.span.start, end)

    def twice(self, code: str, what: str, again: tree.Written, first: tree.Written) -> None:
        """Report what is given a second time."""
        self.problems.report(
            code,
            f"{what} is given twice",
            self.first_word(again),
            also=((self.first_word(first), "first given here"),),
        )
