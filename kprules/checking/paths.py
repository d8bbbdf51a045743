"""Paths: which fact a written path leads to, and from where.

Guarantee: a path that resolves leads to a field of the vocabulary through records and references
only; one that does not is reported once and resolves to None. A line in here touches names, scopes
and shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import assert_never

from kprules.checking.words import kind_of, plural
from kprules.diagnostics import Problems, nearest
from kprules.formula.nodes import Path
from kprules.records.shape import (
    PERIOD_FIELDS,
    Field,
    ListOf,
    Nested,
    Period,
    Reference,
    Scalar,
    SetOf,
    Type,
    Vocabulary,
)
from kprules.source import Span
from kprules.syntax import tree

PERIOD_AS_FIELDS = {name: Field(name, type_) for name, type_ in PERIOD_FIELDS.items()}
Key = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """What can begin a path: a field of the judged record (not in a term), or a variable."""

    root: Path | None
    variables: Mapping[str, Path] = field(default_factory=dict)
    key: Key = ()
    """Equal for two scopes in which the same words mean the same."""

    def bind(self, name: str, path: Path) -> Scope:
        """Return the scope inside, where a name stands for a path."""
        key = (*self.key, (name, path.record))
        return Scope(self.root, {**self.variables, name: path}, key)


@dataclass(frozen=True, slots=True)
class _Lost:
    """Where a path ends before its last part: at which part, and what was reached before it."""

    at: int
    type: Type


class Paths:
    """Resolves the paths of definitions about one kind of record."""

    def __init__(self, vocabulary: Vocabulary, problems: Problems) -> None:
        """Resolve the paths of a vocabulary."""
        self.vocabulary = vocabulary
        self.problems = problems
        record = vocabulary.root.name
        self.root = Path("", record, (), Nested(record))
        self.escaped: dict[str, tree.Quantified] = {}
        """Variables of quantifiers that ended earlier in the same `and` or `or`."""
        self._known: dict[tuple[str, str, tuple[str, ...]], Path | _Lost] = {}

    def fields_of(self, record: str) -> Mapping[str, Field]:
        """Return the fields of a record by its name."""
        shape = self.vocabulary.records.get(record)
        return shape.fields if shape is not None else PERIOD_AS_FIELDS

    def find(self, written: tree.Path, scope: Scope) -> Path | None:
        """Return what a path leads to, or None, without a word."""
        found = self._follow(written, scope)
        return found if isinstance(found, Path) else None

    def resolve(self, written: tree.Path, scope: Scope) -> Path | None:
        """Return what a path leads to, or report why it leads nowhere."""
        found = self._follow(written, scope)
        if isinstance(found, Path):
            return found
        if found is None or found.at == 0:
            self._unknown_start(written, scope)
        else:
            self._unknown_part(written, found, scope)
        return None

    def may_be_absent(self, path: Path) -> bool:
        """Return whether a path leads through, or to, a reference that may be none."""
        return bool(path.nones) or (isinstance(path.type, Reference) and path.type.none)

    def _follow(self, written: tree.Path, scope: Scope) -> Path | _Lost | None:
        names = tuple([part.text for part in written.parts])
        start = scope.variables.get(names[0])
        if start is not None:
            names = names[1:]
            if not names:
                return start
        elif scope.root is None:
            return None
        else:
            start = scope.root
        key = (start.variable, start.record, names)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._walk(start, names)
        if isinstance(found, _Lost) and start.variable:
            return _Lost(found.at + 1, found.type)
        return found

    def _walk(self, start: Path, names: tuple[str, ...]) -> Path | _Lost:
        at, nones = start.type, list(start.nones)
        for place, name in enumerate(names):
            if isinstance(at, Reference) and at.none:
                fields = start.fields + names[:place]
                nones.append(Path(start.variable, start.record, fields, at, tuple(nones)))
            match at:
                case Nested(record) | Reference(record):
                    known = self.fields_of(record).get(name)
                    if known is None:
                        return _Lost(place, at)
                    at = known.type
                case Period():
                    if name not in PERIOD_FIELDS:
                        return _Lost(place, at)
                    at = PERIOD_FIELDS[name]
                case Scalar() | SetOf() | ListOf():
                    return _Lost(place, at)
                case _:
                    assert_never(at)
        return Path(start.variable, start.record, start.fields + names, at, tuple(nones))

    # --- what to say of a path that leads nowhere -------------------------------------------------

    def _unknown_start(self, written: tree.Path, scope: Scope) -> None:
        """Report a first word that is neither a variable in scope nor a field."""
        word = written.parts[0]
        quantifier = self.escaped.get(word.text)
        if quantifier is not None:
            self._escaped(word, quantifier)
            return
        fields = self.fields_of(scope.root.record) if scope.root is not None else {}
        near = nearest(word.text, [*scope.variables, *fields])
        rest = ".".join(part.text for part in written.parts[1:])
        meant = self._variable_meant(written, scope, near)
        if scope.root is None or meant is not None:
            self._unknown_variable(word, scope, meant or near)
            return
        owners = [
            f"{name}.{word.text}"
            for name, path in scope.variables.items()
            if word.text in self.fields_of(path.record)
        ]
        if owners or near is not None:
            instead = ".".join(filter(None, [*owners[-1:], rest] if owners else [near, rest]))
            self._unknown_field(written, written.span, f"did you mean `{instead}`?")
        elif word.text == scope.root.record and rest:
            self._unknown_field(
                written,
                written.span,
                f"fields of the {word.text} itself are written without its name: `{rest}`",
            )
        elif rest:
            self._unknown_variable(word, scope, None)
        else:
            self._unknown_field(written, written.span, self._homes(word.text))

    def _variable_meant(self, written: tree.Path, scope: Scope, near: str | None) -> str | None:
        """Return the variable that a path of several parts seems to begin with."""
        if len(written.parts) == 1 or near in scope.variables:
            return near if len(written.parts) > 1 else None
        first, second = written.parts[0], written.parts[1]
        if near is not None:
            fitting = tree.Path(written.span, (tree.Name(first.span, near), *written.parts[1:]))
            if self.find(fitting, scope) is not None:
                return None
        asked = [
            name
            for name, path in scope.variables.items()
            if second.text in self.fields_of(path.record)
        ]
        return asked[-1] if asked else None

    def _unknown_variable(self, word: tree.Name, scope: Scope, near: str | None) -> None:
        inside_term = scope.root is None
        names = ", ".join(f"`{name}`" for name in scope.variables)
        if near is not None:
            hint = f"did you mean `{near}`?"
        elif inside_term:
            hint = f"a term sees only its parameters: {names}"
        else:
            hint = ""
        self.problems.report(
            "unknown-variable",
            f"no {'parameter' if inside_term else 'variable'} is called `{word.text}`",
            word.span,
            label="not a parameter of this term" if inside_term else "not bound here",
            help=hint,
        )

    def _escaped(self, word: tree.Name, quantifier: tree.Quantified) -> None:
        """Report a variable used past the end of its quantifier: parentheses are missing."""
        how = quantifier.how if isinstance(quantifier.how, str) else "at least …"
        name, over = quantifier.variable.text, quantifier.over
        self.problems.report(
            "unknown-variable",
            f"`{word.text}` is not bound here",
            word.span,
            label=f"outside `{how} {name} in {over}`",
            help=f"put all that is said of it in parentheses: "
            f"`{how} {name} in {over} has (… or …)`",
            also=((quantifier.variable.span, "it is bound here, up to the next `and` or `or`"),),
        )

    def _unknown_part(self, written: tree.Path, lost: _Lost, scope: Scope) -> None:
        """Report a later word that is no field of what was reached."""
        part = written.parts[lost.at]
        before = ".".join(p.text for p in written.parts[: lost.at])
        match lost.type:
            case Nested(record) | Reference(record):
                near = nearest(part.text, self.fields_of(record))
                rest = "".join(f".{p.text}" for p in written.parts[lost.at + 1 :])
                hint = f"did you mean `{before}.{near}{rest}`?" if near else self._homes(part.text)
                self._unknown_field(written, written.span, hint)
            case Period():
                self._unknown_field(
                    written, written.span, f"a period has `{before}.from` and `{before}.to`"
                )
            case ListOf(record):
                name = record if record not in scope.variables else record[:1]
                rest = "".join(f".{p.text}" for p in written.parts[lost.at :])
                self.problems.report(
                    "type-mismatch",
                    f"`{before}` is a list, and a list has no field `{part.text}`",
                    written.span,
                    label="a field of its entries",
                    help=f"ask it of the entries: `some {name} in {before} has {name}{rest} …`",
                )
            case Scalar() | SetOf():
                self.problems.report(
                    "unknown-field",
                    f"`{before}` has no field `{part.text}`",
                    written.span,
                    label=f"`{before}` is {kind_of(lost.type)}",
                )
            case _:
                assert_never(lost.type)

    def _unknown_field(self, written: tree.Path, span: Span, hint: str) -> None:
        self.problems.report(
            "unknown-field",
            f"no field is called `{written}`",
            span,
            label=f"not in the vocabulary of {plural(self.vocabulary.about)}",
            help=hint,
        )

    def _homes(self, word: str) -> str:
        """Say which records do have a field of that name."""
        homes = [
            f"`{shape.name}`" for shape in self.vocabulary.records.values() if word in shape.fields
        ]
        return f"`{word}` is a field of {', '.join(homes)}" if homes else ""
