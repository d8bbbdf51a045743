"""The Python that follows what decides an outcome, clause by clause and entry by entry.

Guarantee: it tells what `reasons` tells of the same notes: each branch in here is one of `_follow`,
`_entries` and `_Teller` there, with the value that is followed known beforehand. A form is written
once for each value that is followed. A line in here writes; it spells no fact (`telling_facts`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import assert_never

from kprules.evaluation.frames import Frame
from kprules.evaluation.reasons import TOP, made, once, paths_read
from kprules.evaluation.telling_facts import At, Facts, Hand, Lines
from kprules.evaluation.trace import VALUES
from kprules.formula.definition import Judgement, parts_of
from kprules.formula.nodes import (
    All,
    AtLeast,
    Compare,
    Const,
    Form,
    Includes,
    Known,
    Member,
    Not,
    Overlaps,
    Quantified,
    Reading,
    Said,
    Share,
)
from kprules.formula.nodes import Any as AnyOf
from kprules.formula.variables import asked_about

_FALSE, _UNKNOWN, _TRUE = range(3)
_DEEPEST = 80
"""How far the source is indented: Python's own limit is 100."""
_MOST_LINES = 20_000
_MOST_AROUND = 3
"""How many lists a list may stand in that does not ask about all of them: what is written goes
through it for each entry of theirs, and notes are taken of it once."""


class TooDeepError(Exception):
    """Forms that nest deeper than Python does, or come to too many lines, or to too much work."""


def telling_source(
    judgement: Judgement, frame: Frame, outcome: int
) -> tuple[str, Mapping[str, object]]:
    """Return the source of the function that tells why an outcome is so, and its constants.

    The function takes the record, what the forms of the outermost frame come to on it, and a
    dictionary for the unknown facts by where they live.
    """
    writer = _Writer(judgement, frame)
    writer.function(outcome)
    return "\n".join([*writer.lines.lines, ""]), writer.lines.constants


class _Writer:
    """The function as it is written."""

    def __init__(self, judgement: Judgement, frame: Frame) -> None:
        self.judgement = judgement
        self.frame = frame
        self.lines = Lines()
        self.lines.constants |= {"made": made, "once": once}
        self.facts = Facts(self.lines, judgement.definition.vocabulary)

    def function(self, outcome: int) -> None:
        """Write the function; which parts are followed is said in `decisive`."""
        self.lines.line(0, "def tell(r, v, unknown):")
        self.lines.line(1, "told = []")
        self.lines.line(1, "p = r._place")
        self.lines.line(1, 'q = f"{p}." if p else ""')
        at = At(1, self.frame, "v", {"": Hand("r", "p", "q")}, '""')
        captures, exceptions = self.judgement.captures, self.judgement.exceptions
        if outcome == _TRUE:
            self._top(captures, _TRUE, at)
            for form in exceptions:
                self._top(form, _FALSE, replace(at, exception=True))
        elif outcome == _FALSE and not exceptions:
            self._top(captures, _FALSE, at)
        elif outcome == _FALSE:
            first = [(captures, _FALSE), *((form, _TRUE) for form in exceptions)]
            self._first(first, at)
        else:
            for number, form in enumerate((captures, *exceptions)):
                self.lines.line(1, f"if {self._value(form, at)} == 1:")
                self._top(form, _UNKNOWN, replace(at.deeper(), exception=number > 0))
        self.lines.line(1, "return once(told)")

    def _first(self, forms: list[tuple[Form, int]], at: At) -> None:
        word = "if"
        for number, (form, value) in enumerate(forms):
            self.lines.line(at.depth, f"{word} {self._value(form, at)} == {value}:")
            self._top(form, value, replace(at.deeper(), exception=number > 0))
            word = "elif"

    def _value(self, form: Form, at: At) -> str:
        return f"{at.values}[{at.frame.index[id(form)]}]"

    # --- clauses ----------------------------------------------------------------------------------

    def _top(self, form: Form, value: int, at: At) -> None:
        self._clause(form, form.said or TOP[at.exception], value, at)

    def _clause(self, form: Form, said: Said, value: int, at: At) -> None:
        """Tell of a clause, before what is told of the clauses in it."""
        if at.depth > _DEEPEST or len(self.lines.lines) > _MOST_LINES:
            raise TooDeepError
        parts = list(_unlabelled(form))
        tracked = any(isinstance(part, Quantified) for part in parts)
        alone = all(inner.said is None for part in parts for inner in parts_of(part))
        facts = self.lines.new("g")
        places = self.lines.new("k") if tracked else ""
        self.lines.line(at.depth, f"{facts} = {{}}")
        if tracked:
            self.lines.line(at.depth, f"{places} = {{}}")
        if not alone:
            first = self.lines.new("n")
            self.lines.line(at.depth, f"{first} = len(told)")
        self._follow(form, value, replace(at, facts=facts, places=places))
        place = at.entry
        if tracked:
            place = f"next(iter({places})) if len({places}) == 1 else {place}"
        told = ", ".join(
            [
                self.lines.constant(said.label),
                self.lines.constant(said.words),
                self.lines.constant(VALUES[value]),
                facts,
                self.lines.constant(said.definition),
                place,
                self.lines.constant(said.reading),
                str(at.exception),
            ]
        )
        if alone:
            self.lines.line(at.depth, f"told.append(made({told}))")
            return
        self.lines.line(at.depth, f"if {facts} or len(told) == {first}:")
        self.lines.line(at.depth + 1, f"told.insert({first}, made({told}))")

    # --- forms ------------------------------------------------------------------------------------

    def _part(self, form: Form, value: int, at: At) -> None:
        if form.said is not None:
            self._clause(form, form.said, value, at)
        else:
            self._follow(form, value, at)

    def _follow(self, form: Form, value: int, at: At) -> None:
        """Tell of a form that came to a value, and follow the parts that give it that."""
        if at.depth > _DEEPEST or len(self.lines.lines) > _MOST_LINES:
            raise TooDeepError
        match form:
            case Compare() | Member() | Includes() | Overlaps() | Known():
                self._leaf(form, value, at)
            case All(parts):
                self._carrying(parts, value, at, every=value == _TRUE)
            case AnyOf(parts) if value == _TRUE:
                word = "if"
                for part in parts:
                    self.lines.line(at.depth, f"{word} {self._value(part, at)} == 2:")
                    self._block(part, value, at)
                    word = "elif"
            case AnyOf(parts):
                self._carrying(parts, value, at, every=value == _FALSE)
            case Not(part):
                self._part(part, _TRUE - value, at)
            case Quantified():
                self._quantified(form, value, at)
            case Const():
                pass
            case Reading(label):
                raise AssertionError(f"reading {label} was not chosen")  # choose() comes before
            case _:
                assert_never(form)

    def _carrying(self, parts: tuple[Form, ...], value: int, at: At, *, every: bool) -> None:
        for part in parts:
            if every:
                self._part(part, value, at)
            else:
                self.lines.line(at.depth, f"if {self._value(part, at)} == {value}:")
                self._block(part, value, at)

    def _block(self, form: Form, value: int, at: At) -> None:
        begun = len(self.lines.lines)
        self._part(form, value, at.deeper())
        if len(self.lines.lines) == begun:
            self.lines.line(at.depth + 1, "pass")

    def _leaf(
        self, form: Compare | Member | Includes | Overlaps | Known, value: int, at: At
    ) -> None:
        if value == _UNKNOWN:
            self.facts.unknown(form, at)
        if isinstance(form, Member | Includes) and not form.values:
            return  # none is one of no values, whatever the fact is
        self.facts.rested_on(form, paths_read(form), value, at)

    # --- quantifiers ------------------------------------------------------------------------------

    def _quantified(self, form: Quantified, value: int, at: At) -> None:
        around = len(at.hands) - 1
        if around >= _MOST_AROUND and len(asked_about(form)) < around:
            raise TooDeepError
        by_witness = _FALSE if form.how in {"every", "no"} else _TRUE
        if value == _UNKNOWN:
            self.facts.unknown(form, at)
            found = self.lines.new("l")
            self.lines.line(at.depth, f"{found} = {self.facts.entries(form.over, at)}")
            self.lines.line(at.depth, f"if {found} is None or isinstance({found}, Incomplete):")
            self.facts.rested_on(form, (form.over,), value, at.deeper())
            self._loop(form, value, at, None)
        elif isinstance(form.how, Share) or value != by_witness:
            self.facts.rested_on(form, (form.over,), value, at)
            self._loop(form, value, at, None)
        else:
            self._witnesses(form, value, at)

    def _witnesses(self, form: Quantified, value: int, at: At) -> None:
        """Tell of the entries that suffice; of their list where they do not tell which they are.

        They do not where nothing is told of one, or where one is named after another place, for
        the list was reached through a reference.
        """
        least = form.how.least if isinstance(form.how, AtLeast) else 1
        if least < 1:
            return
        rests, facts = self.lines.new("s"), self.lines.new("g")
        self.lines.line(at.depth, f"{rests} = False")
        self.lines.line(at.depth, f"{facts} = {{}}")
        self._loop(form, value, replace(at, facts=facts), rests, least)
        self.lines.line(at.depth, f"if {rests}:")
        self.facts.rested_on(form, (form.over,), value, at.deeper())
        self.lines.line(at.depth, f"{at.facts}.update({facts})")

    def _loop(
        self, form: Quantified, value: int, at: At, rests: str | None, least: int = 0
    ) -> None:
        """Tell of the entries that decide: of as many as suffice, if that may be enough to tell."""
        lines, depth = self.lines, at.depth + 1
        entry, values, place, begins = map(lines.new, "ewpq")
        beneath = at.frame.beneath[id(form)]
        count = lines.new("m") if least > 1 else ""
        if count:
            lines.line(at.depth, f"{count} = 0")
        lines.line(at.depth, f"for {entry} in {self.facts.entries(form.over, at)} or ():")
        look = lines.constant(beneath.values)
        scope = ["r", *[at.hands[v].record for v in beneath.variables[:-1]], entry]
        lines.line(depth, f"{values} = {look}({', '.join(scope)})")
        lines.line(depth, f"{place} = {entry}._place")
        lines.line(depth, f'{begins} = f"{{{place}}}." if {place} else ""')
        of = place
        if at.entry != '""':
            of = lines.new("t")
            lines.line(depth, f"{of} = {place} or {at.entry}")
        inside = replace(
            at,
            depth=depth,
            frame=beneath,
            values=values,
            hands={**at.hands, form.variable: Hand(entry, place, begins)},
            entry=of,
        )
        if rests is None:
            self._entry(form, value, inside)
            return
        told = lines.new("z")
        lines.line(depth, f"{told} = False")
        more = (*at.told_of, (form.variable, told))
        self._entry(form, value, replace(inside, told_of=more))
        name = lines.new("f")
        lines.line(depth, f"{name} = {self.facts.named(form.over, at)}")
        here = f'{place}.startswith(({name} + ".", {name} + "["))'
        lines.line(depth, f"if not ({told} and {here}): {rests} = True")
        if count:
            lines.line(depth, f"{count} += 1")
            lines.line(depth, f"if {count} == {least}: break")
        else:
            lines.line(depth, "break")

    def _entry(self, form: Quantified, value: int, at: At) -> None:
        """Tell of an entry, if it decides; go on to the next one if not."""
        if isinstance(form.how, Share):
            self._of_share(form, value, at)
            return
        # What an entry counts as that carries the value: whether it is one of those asked for.
        counts = (
            _UNKNOWN
            if value == _UNKNOWN
            else _TRUE - value
            if form.how in {"every", "no"}
            else value
        )
        wanted = _TRUE - counts if form.how == "every" else counts
        has = f"{self._value(form.has, at)}"
        if form.where is None:
            self.lines.line(at.depth, f"if {has} != {wanted}: continue")
            self._part(form.has, wanted, at)
            return
        where = self._value(form.where, at)
        if counts == _TRUE:
            self.lines.line(at.depth, f"if {where} != 2 or {has} != {wanted}: continue")
            self._part(form.where, counts, at)
            self._part(form.has, wanted, at)
            return
        if counts == _UNKNOWN:
            fails = _TRUE if form.how == "every" else _FALSE
            self.lines.line(at.depth, f"if {where} == 0 or {has} == {fails}: continue")
        self.lines.line(at.depth, f"if {where} == {counts}:")
        self._block(form.where, counts, at)
        self.lines.line(at.depth, f"if {has} == {wanted}:")
        self._block(form.has, wanted, at)

    def _of_share(self, form: Quantified, value: int, at: At) -> None:
        """Tell what places an entry: for, against, or out of the count (see `_told_of_share`)."""
        lines, has = self.lines, self._value(form.has, at)
        if form.where is None:
            lines.line(at.depth, f"if {has} == {value}:")
            self._block(form.has, value, at)
            return
        where = self._value(form.where, at)
        if value == _UNKNOWN:
            lines.line(at.depth, f"if {where} == 0: continue")
            lines.line(at.depth, f"if {where} == 1:")
            self._block(form.where, _UNKNOWN, at)
            lines.line(at.depth, f"if {has} == 1:")
            self._block(form.has, _UNKNOWN, at)
            return
        lines.line(at.depth, f"if {where} == 0:")
        self._block(form.where, _FALSE, at)
        lines.line(at.depth, f"elif {has} == {value}:")
        lines.line(at.depth + 1, f"if {where} == 2:")
        self._block(form.where, _TRUE, at.deeper())
        self._part(form.has, value, at.deeper())


def _unlabelled(form: Form) -> Iterator[Form]:
    """Yield a form and those of its parts that are of the same clause."""
    yield form
    for part in parts_of(form):
        if part.said is None:
            yield from _unlabelled(part)
