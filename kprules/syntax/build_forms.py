"""Forms and operands, made from what the grammar recognises.

Guarantee: as in `build_names`; a date that is none, a count or a share that cannot be and an empty
group are reported here. A line in here touches the words of one form.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from kprules.syntax import tree
from kprules.syntax.build_names import BuildNames, Matched
from kprules.syntax.limits import COUNTED, DIGITS
from kprules.syntax.names import check_snake
from kprules.syntax.words import clip

_NO_VALUES = frozenset({"not", "known", "unknown"})


@dataclass(slots=True)
class BuildForms(BuildNames):
    """The callbacks of everything from a clause downwards."""

    # --- operands -------------------------------------------------------------------------------

    def value(self, c: Matched) -> tree.Path:
        """Build `x is rough`."""
        if c[0] in _NO_VALUES:
            self.problems.report(
                "syntax",
                f"`{c[0]}` is no value",
                self.at(c[0]),
                help="ask `is known` or `is unknown`" if c[0] != "not" else "",
            )
        return self.path(c[0], value=True)

    def text(self, c: Matched) -> tree.Text:
        """Build `x is "a text"`."""
        return self.words(c[0])

    def number(self, c: Matched) -> tree.Number:
        """Build `x >= 2.5`."""
        return self.numeral(c[0])

    def day(self, c: Matched) -> tree.Day:
        """Build `x >= 2003-01-01`."""
        return self.calendar_day(c[0])

    def true(self, c: Matched) -> tree.Truth:
        """Build `true`."""
        return tree.Truth(self.at(c[0]), value=True)

    def false(self, c: Matched) -> tree.Truth:
        """Build `false`."""
        return tree.Truth(self.at(c[0]), value=False)

    def numeral(self, token: Any) -> tree.Number:
        """Return a number of no more digits than facts have."""
        whole, _, part = token.lstrip("-").partition(".")
        if max(len(whole), len(part)) <= DIGITS:
            return tree.Number(self.at(token), Decimal(token), str(token))
        self.problems.report(
            "too-large",
            f"the number `{clip(token)}` has more than {DIGITS} digits on one side of its point",
            self.at(token),
            help="no fact has more: write a smaller number, or round it",
        )
        return tree.Number(self.at(token), Decimal(1), "1")

    def calendar_day(self, token: Any) -> tree.Day:
        """Return a date that the calendar has."""
        span = self.at(token)
        if token.type == "DATE" and len(token) == len("2003-01-01"):
            try:
                return tree.Day(span, date.fromisoformat(token))
            except ValueError:
                reason = "the calendar has no such day"
        else:
            reason = "a date is written year-month-day, in digits"
        self.problems.report(
            "bad-date",
            f"`{clip(token)}` is no date: {reason}",
            span,
            help="write it as `2003-01-31`",
        )
        return tree.Day(span, date.min)

    def values(self, c: Matched) -> tree.Values:
        """Build `{a, b}`; nothing between the braces is the empty set."""
        items = tuple(c[1]) if isinstance(c[1], list) else ()
        return tree.Values(self.span(c[0], c[-1]), items)

    def set_name(self, c: Matched) -> tree.SetName:
        """Build `armed_conflict`."""
        path = self.path(c[0])
        return tree.SetName(path.span, tree.Name(path.span, str(path)))

    # --- comparisons ----------------------------------------------------------------------------

    def compare(self, c: Matched) -> tree.Compare:
        """Build `p is v`, `p < v`."""
        left, sign, right = c
        return tree.Compare(self.since(left, right), self.path(left), str(sign), right)  # type: ignore[arg-type]  # the grammar admits these signs only

    def compare_not(self, c: Matched) -> tree.Compare:
        """Build `p is not v`."""
        left, _, _, right = c
        return tree.Compare(self.since(left, right), self.path(left), "is not", right)

    def known(self, c: Matched) -> tree.Known:
        """Build `p is known`, `p is unknown`, and each with `not`."""
        known = (c[-1].type == "KNOWN") == (c[2].type != "NOT")
        return tree.Known(self.span(c[0], c[-1]), self.path(c[0]), known)

    def between(self, c: Matched) -> tree.Between:
        """Build `p between a and b`."""
        left, _, low, _, high = c
        return tree.Between(self.since(left, high), self.path(left), low, high)

    def member(self, c: Matched) -> tree.Member:
        """Build `p in {…}`, `p not in {…}`."""
        negated = c[1].type == "NOT"
        return tree.Member(self.since(c[0], c[-1]), self.path(c[0]), negated, c[-1])

    def includes(self, c: Matched) -> tree.Includes:
        """Build `p includes v`."""
        left, _, value = c
        values = tree.Values(value.span, (value,))
        return tree.Includes(self.since(left, value), self.path(left), "one", values)

    def includes_word(self, c: Matched) -> tree.Includes:
        """Build `p includes none`: the value of that name."""
        return self.includes([c[0], c[1], self.path(c[2])])

    def includes_of(self, c: Matched) -> tree.Includes:
        """Build `p includes any of {…}`."""
        return tree.Includes(self.since(c[0], c[4]), self.path(c[0]), str(c[2]), c[4])  # type: ignore[arg-type]  # the grammar admits any, all and none only

    def overlaps(self, c: Matched) -> tree.Overlaps:
        """Build `p overlaps q`."""
        left, _, right = c
        return tree.Overlaps(self.span(left, right), self.path(left), self.path(right))

    def fact(self, c: Matched) -> tree.Path:
        """Build `p`, which says yes or no by itself."""
        return self.path(c[0])

    def apply(self, c: Matched) -> tree.Apply:
        """Build `term(p, q)`."""
        name = self.at(c[0])
        check_snake(c[0], name, "a term", self.problems)
        arguments = tuple(self.path(token) for token in c[2])
        return tree.Apply(self.span(c[0], c[3]), tree.Name(name, str(c[0])), arguments)

    # --- forms of forms -------------------------------------------------------------------------

    def disjunction(self, c: Matched) -> tree.Or:
        """Build `a or b or c`."""
        parts = c[0]
        return tree.Or(parts[0].span.to(parts[-1].span), tuple(parts))

    def conjunction(self, c: Matched) -> tree.And:
        """Build `a and b and c`."""
        parts = c[0]
        return tree.And(parts[0].span.to(parts[-1].span), tuple(parts))

    def negation(self, c: Matched) -> tree.Not:
        """Build `not a`."""
        return tree.Not(self.since(c[0], c[1]), c[1])

    def parenthesised(self, c: Matched) -> tree.Parenthesised:
        """Build `( … )`."""
        return tree.Parenthesised(self.span(c[0], c[2]), c[1])

    def clause(self, c: Matched) -> tree.Clause:
        """Build `label "words": form`."""
        words = self.words(c[1]) if c[1].type == "STRING" else None
        name = self.new_name(c[0], "a label")
        return tree.Clause(self.since(c[0], c[-1]), name, words, c[-1], self.origin)

    def group(self, c: Matched) -> tree.Group:
        """Build `all of { … }`."""
        span = self.span(c[0], c[4])
        self.some_clauses(c)
        return tree.Group(span, str(c[0]), tuple(c[3]))  # type: ignore[arg-type]  # the grammar admits any, all and none only

    def reading_of(self, c: Matched) -> tree.ReadingOf:
        """Build `reading of { … }`."""
        span = self.span(c[0], c[4])
        self.some_clauses(c)
        return tree.ReadingOf(span, tuple(c[3]))

    def some_clauses(self, c: Matched) -> None:
        """Report braces with nothing between them."""
        if not c[3] and not self.broken:
            self.problems.report(
                "empty-group",
                f"`{c[0]} of` has no clauses",
                self.span(c[0], c[4]),
                help="write a clause between the braces, such as `label: true`",
            )

    # --- quantifiers ----------------------------------------------------------------------------

    def quantified(self, c: Matched) -> tree.Quantified:
        """Build `some x in LIST where FORM has FORM`."""
        start, how = c[0]
        where = c[5] if len(c) > 6 else None  # noqa: PLR2004 - the length with `where`
        return tree.Quantified(
            self.since(start, c[-1]),
            how,
            self.new_name(c[1], "a variable"),
            self.path(c[3]),
            where,
            c[-1],
        )

    def how(self, c: Matched) -> tuple[Any, str]:
        """Build `some`, `every`, `no`, with the token they begin at."""
        return c[0], str(c[0])

    def count(self, c: Matched) -> tuple[Any, tree.Count]:
        """Build `at least 2`."""
        number = self.whole(c[2])
        if number is None or number < 1:
            self.badly_shared(c, "a count is a whole number, 1 or more")
            number = 1
        return c[0], self.counted(c, number)

    def share(self, c: Matched) -> tuple[Any, tree.Count]:
        """Build `more than 1/2`."""
        number, whole = self.whole(c[2]), self.whole(c[4])
        if number is None or whole is None or not 0 < number <= whole:
            self.badly_shared(c, "a share is made of whole numbers, above 0 and not above 1")
            number = whole = 1
        return c[0], self.counted(c, number, whole)

    def counted(self, c: Matched, number: int, whole: int | None = None) -> tree.Count:
        """Return the count with its first word."""
        word = "at least" if c[0].type == "AT" else "more than"
        return tree.Count(self.span(c[0], c[-1]), word, number, whole)  # type: ignore[arg-type]  # mypy forgets the literals

    def whole(self, token: Any) -> int | None:
        """Return the whole number that a token is, or None."""
        value = self.numeral(token).value
        if value > COUNTED:
            self.problems.report(
                "too-large",
                f"the number `{clip(token)}` is larger than {COUNTED:,}, to which entries count",
                self.at(token),
                help="no list has more entries: write a smaller number, or a share such as `2/3`",
            )
            value = Decimal(1)
        return int(value) if value == value.to_integral_value() else None

    def badly_shared(self, c: Matched, rule: str) -> None:
        """Report a number of entries that no list could meet, or every list would."""
        what = "".join(str(t) for t in c[2:])
        self.problems.report(
            "bad-share",
            f"`{clip(what)}` cannot be asked for: {rule}",
            self.span(c[2], c[-1]),
            help="write `at least 1`, or a share such as `at least 2/3`",
        )
