"""Forms as written, made into nodes.

Guarantee: a clause that fails is reported once and leaves a hole (None) that stays silent; what
amendments leave as it was is checked once, however many definitions share it. A line in here
touches one form and the scope that it stands in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import gcd
from typing import Literal, Protocol, assert_never

from kprules.checking.comparisons import Comparisons
from kprules.checking.findings import (
    Clash,
    clash,
    leaf_verdict,
    quantified_verdict,
    tautology,
)
from kprules.checking.instances import Place, instantiate
from kprules.checking.limits import NESTING, NODES
from kprules.checking.paths import Key, Paths, Scope
from kprules.checking.walk import DEEPENS
from kprules.checking.words import a, help_for, kind_of, short
from kprules.diagnostics import Problems
from kprules.formula import nodes
from kprules.formula.nodes import Form, Path, Said
from kprules.records.shape import (
    PERIOD,
    ListOf,
    Nested,
    Period,
    Reference,
    SetOf,
    Type,
    Vocabulary,
)
from kprules.source import Span
from kprules.syntax import tree


@dataclass(frozen=True, slots=True)
class Body:
    """A checked term: its parameters and what they make true; `form` None where it failed."""

    written: tree.Term
    parameters: tuple[tuple[str, Type], ...]
    form: Form | None
    size: int
    height: int
    binders: frozenset[str]


class Bodies(Protocol):
    """Where the checked bodies of terms come from."""

    names: Mapping[str, tree.Term]

    def body(self, name: str) -> Body:
        """Return the checked body of a known term."""
        ...


@dataclass(slots=True)
class _Checked:
    """What became of a clause in a scope, and how much of the limits it takes."""

    clause: tree.Clause
    form: Form | None
    size: int
    height: int


class Room:
    """What the definitions about one kind of record are checked with, and what was checked."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        sets: Mapping[str, tree.SetOf],
        bodies: Bodies,
        problems: Problems,
    ) -> None:
        self.vocabulary = vocabulary
        self.problems = problems
        self.bodies = bodies
        self.paths = Paths(vocabulary, problems)
        self.comparisons = Comparisons(self.paths, sets, problems)
        self.done: dict[tuple[int, Key, str], _Checked] = {}
        self.placed: dict[tuple[str, tuple[Path, ...], frozenset[str]], Form] = {}


class TooLarge(Exception):  # noqa: N818 - a limit met, not an error of the program
    """A finished tree went past the limit; raised to leave it at once."""

    def __init__(self, span: Span) -> None:
        super().__init__()
        self.span = span


class _Here:
    """The clause that a form stands in: the label that a choice of readings would bear."""

    __slots__ = ("label", "reading")

    def __init__(self, label: str) -> None:
        self.label = label.removesuffix(BEFORE)
        self.reading: tree.ReadingOf | None = None


BEFORE = " (before)"
"""What the label of a form's former self ends in."""


class Builder:
    """Builds the nodes of one definition, or of one term (`prefix` is then `term.`)."""

    def __init__(self, room: Room, prefix: str = "") -> None:
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
        self.room.done[key] = _Checked(clause, form, self.size - size, self.deepest - depth)
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
                    self._judge_leaf(leaf)
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
            self._judge_group(conjoined, flat, span)
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
        inside = scope.bind(name, self._entry(name, over, over.type))
        where = None
        if form.where is not None:
            where = self.form(form.where, inside, depth, here, None)
        has = self.form(form.has, inside, depth, here, None)
        if has is None or (where is None and form.where is not None):
            return None
        how = _how(form.how)
        built = nodes.Quantified(how, name, over, where, has, said=said, span=form.span)
        self._judge_leaf(built)
        found = quantified_verdict(built, self.room.paths.may_be_absent)
        if found is not None:
            verdict, reason = found
            self._warn(verdict, form.span, reason)
        return built

    def _entry(self, name: str, over: Path, type_: ListOf) -> Path:
        """Return the path that a variable stands for; an entry of a map is known by its id."""
        in_map = type_.keyed and not over.variable
        entry: Type = (
            Reference(type_.record, ".".join(over.fields)) if in_map else Nested(type_.record)
        )
        return Path(name, type_.record, (), entry)

    def _no_list(self, form: tree.Quantified, over: Path) -> None:
        is_set = isinstance(over.type, SetOf)
        self.problems.report(
            "type-mismatch",
            f"`{form.over}` is {kind_of(over.type)}, and has no entries to ask",
            form.over.span,
            label="expected a list",
            help=f"write `{form.over} includes …`" if is_set else "",
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
            self.problems.report(
                "unknown-term",
                f"no term is called `{name}`",
                form.term.span,
                label="not a term of these rules",
                help=help_for(name, bodies.names),
            )
            return None
        body = bodies.body(name)
        arguments = self._arguments(form, body, scope)
        if body.form is None or arguments is None:
            return None
        if not self._goes(depth + 1 + body.height, form.span):
            return None
        self.grow(body.size, form.span)
        return self._placed(form, body, arguments, scope, said)

    def _placed(
        self,
        form: tree.Apply,
        body: Body,
        arguments: tuple[Path, ...],
        scope: Scope,
        said: Said | None,
    ) -> Form:
        assert body.form is not None  # noqa: S101 - the caller has asked
        name = form.term.text
        hidden = not body.binders.isdisjoint(scope.variables)
        key = (name, arguments, frozenset(scope.variables) if hidden else frozenset())
        placed = self.room.placed.get(key)
        if placed is None:
            parameters = (parameter for parameter, _ in body.parameters)
            place = Place(dict(zip(parameters, arguments, strict=True)), scope.variables.keys())
            placed = self.room.placed[key] = instantiate(body.form, place)
        written = body.written
        words = written.words.text if written.words is not None else None
        if said is None:
            said = Said(name, words, f"term {name}", written.span)
        elif said.words is None:
            said = replace(said, words=words)
        return replace(placed, said=said, span=form.span)

    def _arguments(self, form: tree.Apply, body: Body, scope: Scope) -> tuple[Path, ...] | None:
        """Return the paths that a term is applied to, if they are of the types it asks for."""
        wanted = body.parameters
        if len(form.arguments) != len(wanted):
            given, asked = len(form.arguments), len(wanted)
            self.problems.report(
                "type-mismatch",
                f"`{form.term.text}` asks for {asked} path{'s' * (asked != 1)}, and is given {given}",
                form.span,
                label=f"expected {asked}",
                also=((body.written.name.span, "the term"),),
            )
            return None
        found = [
            self._argument(written, parameter, type_, body, scope)
            for written, (parameter, type_) in zip(form.arguments, wanted, strict=True)
        ]
        paths = [path for path in found if path is not None]
        return tuple(paths) if len(paths) == len(found) else None

    def _argument(
        self, written: tree.Path, parameter: str, type_: Type, body: Body, scope: Scope
    ) -> Path | None:
        paths = self.room.paths
        record = type_.record if isinstance(type_, Nested) else None
        if scope.root is not None and record == scope.root.record == str(written):
            return scope.root
        path = paths.resolve(written, scope)
        if path is None:
            return None
        if isinstance(path.type, Period) and type_ == PERIOD:
            return path
        if isinstance(path.type, Nested | Reference) and path.type.record == record:
            return path
        wanted = "a period" if record is None else f"{a(record)}, a record"
        self.problems.report(
            "type-mismatch",
            f"`{body.written.name.text}` asks for {wanted}, and `{written}` is {kind_of(path.type)}",
            written.span,
            label=f"expected {wanted}",
            also=((body.written.name.span, f"`{parameter}` of this term"),),
        )
        return None

    # --- findings and limits ----------------------------------------------------------------------

    def _judge_leaf(self, form: Form) -> None:
        inner = form.part if isinstance(form, nodes.Not) else form
        if form.span is None:
            return
        if isinstance(inner, nodes.All):
            self._judge_group(True, inner.parts, form.span)
            return
        verdict = leaf_verdict(inner, self.room.paths.may_be_absent)
        if isinstance(inner, nodes.Known) and not inner.fact.fields and not self.prefix:
            verdict = "always"
        if verdict is None:
            return
        if form is not inner:
            verdict = "never" if verdict == "always" else "always"
        self._warn(verdict, form.span, None)

    def _judge_group(self, conjoined: bool, parts: Sequence[Form], span: Span) -> None:
        of = clash if conjoined else tautology
        found = of(parts, self.room.paths.may_be_absent)
        if found is not None:
            self._warn("never" if conjoined else "always", found.late.span or span, found)

    def _warn(self, verdict: str, span: Span, reason: Clash | None) -> None:
        """Warn of a form that cannot be false, or true, at the part that makes it so."""
        holds = "always holds" if verdict == "always" else "never holds"
        early = reason.early.span if reason is not None and reason.early is not None else None
        together = ", with what stands beside it" if early is not None else ""
        self.problems.warn(
            verdict,
            f"`{short(span.text)}` {holds}{together}",
            span,
            label=f"no case can make this {'false' if verdict == 'always' else 'true'}",
            also=() if early is None else ((early, "beside this"),),
            help=f"write `{'true' if verdict == 'always' else 'false'}` where that is meant",
        )

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


def _last_quantifiers(form: tree.Form) -> Iterable[tree.Quantified]:
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
