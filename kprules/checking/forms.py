"""Forms as written, made into nodes.

Guarantee: a clause that fails is reported once and leaves a hole (None) that stays silent; what
amendments leave as it was is checked once, however many definitions share it. A line in here
touches one form and the scope that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from math import gcd
from typing import Literal, assert_never

from kprules.checking.applied import arguments_of, placed
from kprules.checking.limits import NESTING, NODES
from kprules.checking.paths import Scope
from kprules.checking.room import BEFORE, Checked, Room, TooLarge
from kprules.checking.walk import DEEPENS
from kprules.checking.words import help_for, kind_of
from kprules.formula import nodes
from kprules.formula.nodes import Form, Path, Said
from kprules.records.shape import ListOf, Nested, Reference, SetOf
from kprules.source import Span
from kprules.syntax import tree


class _Here:
    """The clause that a form stands in: the label that a choice of readings would bear."""

    __slots__ = ("label", "reading")

    def __init__(self, label: str) -> None:
        self.label = label.removesuffix(BEFORE)
        self.reading: tree.ReadingOf | None = None


class Builder:
    """Builds the nodes of one definition, or of one term (`prefix` is then `term.`)."""

    def __init__(self, room: Room, prefix: str = "") -> None:
        """Begin with an empty tree."""
        self.room = room
        self.problems = room.problems
        self.prefix = prefix
        self.size = 0
        self.deepest = 0

    def clause(self, clause: tree.Clause, scope: Scope, depth: int = 0) -> Form | None:
        """Return the form of a clause, which knows what the clause is called and says."""
        key = (id(clause), scope.key, self.prefix)
        done = self.room.done.get(key)
        if done is not None and depth + done.height <= NESTING:
            self.deepest = max(self.deepest, depth + done.height)
            self.grow(done.size, clause.label.span)
            return done.form
        size, deepest = self.size, self.deepest
        self.deepest = depth
        words = clause.words.text if clause.words is not None else None
        said = Said(clause.label.text, words, clause.origin, clause.span)
        form = self.form(clause.form, scope, depth, _Here(clause.label.text), said)
        self.room.done[key] = Checked(clause, form, self.size - size, self.deepest - depth)
        self.deepest = max(self.deepest, deepest)
        return form

    def grow(self, by: int, span: Span) -> None:
        """Count nodes towards the limit."""
        self.size += by
        if self.size > NODES:
            raise TooLarge(span)

    def form(
        self, form: tree.Form, scope: Scope, depth: int, here: _Here, said: Said | None
    ) -> Form | None:
        """Return the node of a form, or None where it was reported."""
        match form:
            case tree.Parenthesised(part=part):
                if not self._goes(depth + 1, form.span):
                    return None
                return self.form(part, scope, depth + 1, here, said)
            case tree.Apply():
                return self._apply(form, scope, depth, said)
            case (
                tree.Group()
                | tree.Quantified()
                | tree.ReadingOf()
                | tree.Or()
                | tree.And()
                | tree.Not()
            ):
                depth += isinstance(form, DEEPENS)
                self.grow(1, form.span)
                if not self._goes(depth, form.span):
                    return None
                return self._inner(form, scope, depth, here, said)
            case _:
                self.grow(1, form.span)
                leaf = self.room.comparisons.leaf(form, scope, said)
                if leaf is not None:
                    self.room.judge.leaf(leaf)
                return leaf

    def _inner(
        self,
        form: tree.Group | tree.Quantified | tree.ReadingOf | tree.Or | tree.And | tree.Not,
        scope: Scope,
        depth: int,
        here: _Here,
        said: Said | None,
    ) -> Form | None:
        match form:
            case tree.Group():
                return self._group(form, scope, depth, said)
            case tree.Quantified():
                return self._quantified(form, scope, depth, here, said)
            case tree.ReadingOf():
                return self._reading(form, scope, depth, here, said)
            case tree.Or(parts=parts) | tree.And(parts=parts):
                built = self._parts(parts, scope, depth, here)
                if built is None:
                    return None
                return self._joined(isinstance(form, tree.And), built, said, form.span)
            case tree.Not(part=part):
                inner = self.form(part, scope, depth, here, None)
                return None if inner is None else nodes.Not(inner, said=said, span=form.span)
            case _:
                assert_never(form)

    # --- groups, and, or --------------------------------------------------------------------------

    def _group(self, form: tree.Group, scope: Scope, depth: int, said: Said | None) -> Form | None:
        built = _whole([self.clause(clause, scope, depth) for clause in form.clauses])
        if not built:
            return None
        if form.kind == "none":
            some = self._joined(False, built, None, form.span)
            return nodes.Not(some, said=said, span=form.span)
        return self._joined(form.kind == "all", built, said, form.span)

    def _parts(
        self, parts: Sequence[tree.Form], scope: Scope, depth: int, here: _Here
    ) -> list[Form] | None:
        """Build what `and` or `or` joins, remembering variables that end before they are used."""
        escaped = self.room.paths.escaped
        before = dict(escaped)
        built: list[Form | None] = []
        for part in parts:
            built.append(self.form(part, scope, depth, here, None))
            for quantifier in _last_quantifiers(part):
                escaped[quantifier.variable.text] = quantifier
        escaped.clear()
        escaped.update(before)
        return _whole(built)

    def _joined(
        self, conjoined: bool, built: Sequence[Form], said: Said | None, span: Span
    ) -> Form:
        kind = nodes.All if conjoined else nodes.Any
        flat: list[Form] = []
        for part in built:
            if isinstance(part, kind) and part.said is None:
                flat += part.parts
            else:
                flat.append(part)
        if len(flat) > 1:
            self.room.judge.group(conjoined, flat, span)
        return kind(tuple(flat), said=said, span=span)

    # --- quantifiers ------------------------------------------------------------------------------

    def _quantified(
        self, form: tree.Quantified, scope: Scope, depth: int, here: _Here, said: Said | None
    ) -> Form | None:
        over = self.room.paths.resolve(form.over, scope)
        name = form.variable.text
        if name in scope.variables:
            self.problems.report(
                "duplicate-variable",
                f"`{name}` already stands for something here",
                form.variable.span,
                label="bound a second time",
                help="give this variable a name of its own",
            )
            return None
        if over is None:
            return None
        if not isinstance(over.type, ListOf):
            self._no_list(form, over)
            return None
        record = over.type.record
        inside = scope.bind(name, Path(name, record, (), Nested(record)))
        where = None
        if form.where is not None:
            where = self.form(form.where, inside, depth, here, None)
        has = self.form(form.has, inside, depth, here, None)
        if has is None or (where is None and form.where is not None):
            return None
        how = _how(form.how)
        built = nodes.Quantified(how, name, over, where, has, said=said, span=form.span)
        self.room.judge.leaf(built)
        self.room.judge.quantified(built, form.span)
        return built

    def _no_list(self, form: tree.Quantified, over: Path) -> None:
        help_ = ""
        if isinstance(over.type, SetOf):
            help_ = f"write `{form.over} includes …`"
        elif isinstance(over.type, Nested | Reference):
            help_ = f"it is there once: ask for its fields, such as `{form.over}.…`"
        self.problems.report(
            "type-mismatch",
            f"`{form.over}` is {kind_of(over.type)}, and has no entries to ask",
            form.over.span,
            label="expected a list",
            help=help_,
        )

    # --- readings ---------------------------------------------------------------------------------

    def _reading(
        self, form: tree.ReadingOf, scope: Scope, depth: int, here: _Here, said: Said | None
    ) -> Form | None:
        built = _whole([self.clause(clause, scope, depth) for clause in form.clauses])
        if here.reading is not None and here.reading is not form:
            self.problems.report(
                "duplicate-label",
                f"`{here.label}` has two choices of readings",
                form.span,
                label="a second choice under one label",
                help="put each `reading of` in a clause of its own",
                also=((here.reading.span, "the first"),),
            )
            return None
        here.reading = form
        if not built:
            return None
        names = [clause.label.text for clause in form.clauses]
        options = tuple(zip(names, built, strict=True))
        label = f"{self.prefix}{here.label}".removesuffix(".")
        return nodes.Reading(label, options, said=said, span=form.span)

    # --- terms ------------------------------------------------------------------------------------

    def _apply(self, form: tree.Apply, scope: Scope, depth: int, said: Said | None) -> Form | None:
        bodies = self.room.bodies
        name = form.term.text
        if name not in bodies.names:
            if name in self.room.torn:
                return None
            self.problems.report(
                "unknown-term",
                f"no term is called `{name}`",
                form.term.span,
                label="not a term of these rules",
                help=help_for(name, bodies.names),
            )
            return None
        body = bodies.body(name)
        arguments = arguments_of(self.room, form, body, scope)
        if body.form is None or arguments is None:
            return None
        if not self._goes(depth + 1 + body.height, form.span):
            return None
        self.grow(body.size, form.span)
        return placed(self.room, form, body, arguments, scope, said)

    # --- limits -----------------------------------------------------------------------------------

    def _goes(self, depth: int, span: Span) -> bool:
        """Note how deep forms go, and report the one that goes too deep."""
        self.deepest = max(self.deepest, depth)
        if depth <= NESTING:
            return True
        self.problems.report(
            "too-deep",
            f"forms are nested more than {NESTING} deep, terms included",
            span,
            label="here it goes past the limit",
            help="say it with fewer groups in groups",
        )
        return False


def _whole(built: Iterable[Form | None]) -> list[Form] | None:
    """Return the forms where all of them could be built."""
    kept: list[Form] = []
    for form in built:
        if form is None:
            return None
        kept.append(form)
    return kept


def _last_quantifiers(form: tree.Form) -> Iterator[tree.Quantified]:
    """Yield the quantifiers that a form ends with, without parentheses around them."""
    match form:
        case tree.Quantified(has=has):
            yield form
            yield from _last_quantifiers(has)
        case tree.And(parts=parts) | tree.Or(parts=parts):
            yield from _last_quantifiers(parts[-1])
        case tree.Not(part=part):
            yield from _last_quantifiers(part)
        case _:
            return


def _how(how: Literal["some", "every", "no"] | tree.Count) -> nodes.How:
    if not isinstance(how, tree.Count):
        return how
    beyond = how.word == "more than"
    if how.whole is None:
        return nodes.AtLeast(how.number + beyond)
    common = gcd(how.number, how.whole) or 1
    return nodes.Share(how.number // common, how.whole // common, beyond)
