"""The tree of a rule file as it was written.

Guarantee: every node has its span; nothing is resolved: a name is what was typed, whether or not
anything bears it. A line in here touches what was written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from kprules.source import Source, Span


@dataclass(frozen=True, slots=True)
class Written:
    """What every node has. A place never affects equality: equal nodes say the same."""

    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Name(Written):
    """A label, variable, term, set, field, value or id."""

    text: str


@dataclass(frozen=True, slots=True)
class Text(Written):
    """A string, its escapes undone."""

    text: str


# --- operands -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Path(Written):
    """`link.actor.kinds`, or a bare word: field, variable or value is not known here."""

    parts: tuple[Name, ...]

    def __str__(self) -> str:
        """Spell it as written, without blanks."""
        return ".".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Number(Written):
    """A decimal number; `written` keeps its spelling."""

    value: Decimal
    written: str


@dataclass(frozen=True, slots=True)
class Day(Written):
    """An ISO date."""

    value: date


@dataclass(frozen=True, slots=True)
class Truth(Written):
    """`true` or `false`."""

    value: bool


Operand: TypeAlias = Path | Text | Number | Day | Truth
"""The right-hand side of a comparison. A bare word or country code is a `Path` of one part."""


@dataclass(frozen=True, slots=True)
class Values(Written):
    """`{a, b}`."""

    items: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class SetName(Written):
    """A named set, or a path that is taken for one until names are known."""

    name: Name


# --- forms --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Clause(Written):
    """`label "words": form`."""

    label: Name
    words: Text | None
    form: Form
    origin: str = field(default="", compare=False)
    """The id of the definition (or `term NAME`) that wrote the clause."""


@dataclass(frozen=True, slots=True)
class Group(Written):
    """`all of { … }`, `any of { … }`, `none of { … }`."""

    kind: Literal["all", "any", "none"]
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Count(Written):
    """`at least N` or `more than N`; with `whole`, the share `N/whole`."""

    word: Literal["at least", "more than"]
    number: int
    whole: int | None = None


@dataclass(frozen=True, slots=True)
class Quantified(Written):
    """`some x in LIST where FORM has FORM` and its kin."""

    how: Literal["some", "every", "no"] | Count
    variable: Name
    over: Path
    where: Form | None
    has: Form


@dataclass(frozen=True, slots=True)
class ReadingOf(Written):
    """`reading of { … }`: each clause is one way to read the words."""

    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Or(Written):
    """`a or b or c`, flat."""

    parts: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class And(Written):
    """`a and b and c`, flat."""

    parts: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Not(Written):
    """`not a`."""

    part: Form


@dataclass(frozen=True, slots=True)
class Compare(Written):
    """`p is v`, `p is not v`, `p < v` and so on."""

    left: Path
    op: Literal["is", "is not", "<", "<=", ">", ">="]
    right: Operand


@dataclass(frozen=True, slots=True)
class Member(Written):
    """`p in {…}`, `p not in {…}`, or a named set."""

    left: Path
    negated: bool
    values: Values | SetName


@dataclass(frozen=True, slots=True)
class Between(Written):
    """`p between a and b`, both ends included."""

    left: Path
    low: Operand
    high: Operand


@dataclass(frozen=True, slots=True)
class Includes(Written):
    """`p includes v` (how `one`), `p includes any of {…}`, `all of`, `none of`; or a named set."""

    left: Path
    how: Literal["one", "any", "all", "none"]
    values: Values | SetName


@dataclass(frozen=True, slots=True)
class Overlaps(Written):
    """`p overlaps q`."""

    left: Path
    right: Path


@dataclass(frozen=True, slots=True)
class Known(Written):
    """`p is known`, `p is unknown`; `is not known` is written as `is unknown`."""

    left: Path
    known: bool


@dataclass(frozen=True, slots=True)
class Apply(Written):
    """`term(p, …)`."""

    term: Name
    arguments: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Parenthesised(Written):
    """`( … )`, kept so that the printer gives back what was written."""

    part: Form


Form: TypeAlias = (
    Group
    | Quantified
    | ReadingOf
    | Or
    | And
    | Not
    | Compare
    | Member
    | Between
    | Includes
    | Overlaps
    | Known
    | Apply
    | Parenthesised
    | Truth
    | Path
)
"""A bare `Path` as a form is a boolean fact."""


# --- headers, amendments, expectations ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Header(Written):
    """`status blocked`, `since 2003-01-01`, `note "…"`; the keyword and its one value."""

    keyword: Literal["about", "outcome", "proposer", "status", "since", "until", "same_as", "note"]
    value: Name | Text | Day


@dataclass(frozen=True, slots=True)
class SourceHeader(Written):
    """`source KEY "words" <url>`: a key of the bibliography, words or both; a link where given."""

    key: Name | None
    text: Text | None
    url: Text | None


@dataclass(frozen=True, slots=True)
class Replace(Written):
    """`replace L "words" with FORM`."""

    label: Name
    words: Text | None
    form: Form


@dataclass(frozen=True, slots=True)
class Remove(Written):
    """`remove L`."""

    label: Name


@dataclass(frozen=True, slots=True)
class Change(Written):
    """`widen L with clause`, `narrow L with clause`, `extend L with clause`."""

    verb: Literal["widen", "narrow", "extend"]
    label: Name
    clause: Clause


@dataclass(frozen=True, slots=True)
class Except(Written):
    """`except when clause`, in a definition or as an amendment."""

    clause: Clause


Amendment: TypeAlias = Replace | Remove | Change | Except


@dataclass(frozen=True, slots=True)
class Condition(Written):
    """`view PARTY`, `standard alleged`, `reading LABEL = NAME` (or `DEFINITION.LABEL`)."""

    keyword: Literal["view", "standard", "reading"]
    name: Name
    value: Name | None = None


@dataclass(frozen=True, slots=True)
class Expect(Written):
    """`expect captured under {view ukraine} ID, …`."""

    outcome: Literal["captured", "not_captured", "undetermined"]
    conditions: tuple[Condition, ...]
    cases: tuple[Name, ...]


# --- a file ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Parameter(Written):
    """`g: goods`."""

    name: Name
    type: Name


@dataclass(frozen=True, slots=True)
class Term(Written):
    """`term NAME(x: TYPE, …) "words" { FORM }`."""

    name: Name
    parameters: tuple[Parameter, ...]
    words: Text | None
    form: Form


@dataclass(frozen=True, slots=True)
class SetOf(Written):
    """`set NAME = {v, …}`."""

    name: Name
    values: Values


@dataclass(frozen=True, slots=True)
class Definition(Written):
    """A definition as written: with a body of its own, or the amendments that it makes to another.

    `captures` is a clause labelled `captures` (its words None); an amending definition has none.
    `exceptions` are a base definition's; an amendment's `except when` stands among `amendments`.
    """

    id: Name
    title: Text | None
    amends: Name | None
    headers: tuple[Header | SourceHeader, ...]
    captures: Clause | None
    exceptions: tuple[Except, ...]
    amendments: tuple[Amendment, ...]
    expects: tuple[Expect, ...]


Item: TypeAlias = Term | SetOf | Definition


@dataclass(frozen=True, slots=True)
class Comment:
    """`# …` with its place; `own_line` where nothing stands before it on its line."""

    span: Span
    text: str
    own_line: bool


@dataclass(frozen=True, slots=True)
class Torn(Written):
    """An item with mistakes in its text: its name, and what is left of it, if that has a form."""

    name: Name
    item: Item | None


@dataclass(frozen=True, slots=True)
class File:
    """A rule file: what could be read of it, in order."""

    source: Source
    items: tuple[Item, ...]
    comments: tuple[Comment, ...] = ()
    torn: tuple[Torn, ...] = ()
    """What could not be read whole, so that what speaks of it is not taken for a mistake."""
