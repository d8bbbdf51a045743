"""Terms: what each makes true of its parameters, checked once for each kind of record.

Guarantee: a term is checked after the terms that it applies; one in a cycle is reported and has no
body. A line in here touches terms.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from kprules.checking.forms import Builder
from kprules.checking.limits import NODES
from kprules.checking.paths import Scope
from kprules.checking.room import Body, Room, TooLarge
from kprules.checking.walk import applications
from kprules.checking.words import help_for
from kprules.diagnostics import Problems
from kprules.formula.definition import walk
from kprules.formula.nodes import Path, Quantified
from kprules.records.shape import PERIOD, Nested, Type, Vocabulary
from kprules.syntax import tree


class Terms:
    """The terms of a library, and which of them cannot be had."""

    def __init__(
        self,
        written: Mapping[str, tree.Term],
        vocabularies: Mapping[str, Vocabulary],
        problems: Problems,
        torn: Collection[str] = (),
    ) -> None:
        """Put the terms in order, and report those that go round in a circle."""
        self.written = written
        self.vocabularies = vocabularies
        self.problems = problems
        self.torn = torn
        """Terms of which parts could not be read: they have no body."""
        self.applies = {
            name: tuple(
                dict.fromkeys(
                    a.term.text for a in applications(term.form) if a.term.text in written
                )
            )
            for name, term in written.items()
        }
        records = {name: None for v in vocabularies.values() for name in v.records}
        self.known_types = {**records, "period": None}
        self.order, self.cyclic = self._ordered()

    def check_types(self) -> None:
        """Report parameters of a type that no vocabulary has."""
        known = self.known_types
        for term in self.written.values():
            for parameter in term.parameters:
                type_ = parameter.type
                if type_.text not in known:
                    self.problems.report(
                        "unknown-record",
                        f"no record is called `{type_.text}`",
                        type_.span,
                        label="not a kind of record, nor `period`",
                        help=help_for(type_.text, known),
                    )

    def fitting(self, term: tree.Term) -> str | None:
        """Return the first vocabulary that has all the records that a term speaks of."""
        for about, vocabulary in self.vocabularies.items():
            if all(_type(p, vocabulary) is not None for p in term.parameters):
                return about
        return None

    def _ordered(self) -> tuple[dict[str, int], frozenset[str]]:
        """Return a place for each term, after those that it applies; and the terms in cycles."""
        order: dict[str, int] = {}
        cyclic: set[str] = set()
        trail: dict[str, Iterator[str]] = {}
        for first in self.written:
            if first not in order:
                trail[first] = iter(self.applies[first])
            while trail:
                name, callees = next(reversed(trail.items()))
                for callee in callees:
                    if callee in trail:
                        names = list(trail)
                        around = names[names.index(callee) :]
                        self._report_cycle(around)
                        cyclic.update(around)
                    elif callee not in order:
                        trail[callee] = iter(self.applies[callee])
                        break
                else:
                    order[name] = len(order)
                    del trail[name]
        return order, frozenset(cyclic)

    def _report_cycle(self, names: list[str]) -> None:
        round_trip = " → ".join(f"`{n}`" for n in [*names, names[0]])
        places = []
        for name, following in zip(names, [*names[1:], names[0]], strict=True):
            use = next(a for a in applications(self.written[name].form) if a.term.text == following)
            places.append((use.span, f"`{name}` applies `{following}`"))
        self.problems.report(
            "term-cycle",
            f"terms are defined by themselves: {round_trip}",
            places[0][0],
            label=places[0][1],
            help="say one of them without the others",
            also=tuple(places[1:]),
        )


def _type(parameter: tree.Parameter, vocabulary: Vocabulary) -> Type | None:
    name = parameter.type.text
    if name == "period":
        return PERIOD
    return Nested(name) if name in vocabulary.records else None


class TermBodies:
    """The bodies of terms in definitions about one kind of record."""

    def __init__(self, terms: Terms, problems: Problems) -> None:
        """Begin with no body; the room is set before the first is asked for."""
        self.terms = terms
        self.names: Mapping[str, tree.Term] = terms.written
        self.problems = problems
        self.room: Room | None = None
        self._bodies: dict[str, Body] = {}

    def has(self, name: str) -> bool:
        """Return whether a term's body was asked for."""
        return name in self._bodies

    def body(self, name: str) -> Body:
        """Return the checked body of a known term; first check the terms that it applies."""
        if name not in self._bodies:
            needed = {name: None}
            for known in needed_by(name, self.terms):
                needed[known] = None
            for each in sorted(needed, key=self.terms.order.__getitem__):
                if each not in self._bodies:
                    self._bodies[each] = self._checked(each)
        return self._bodies[name]

    def _checked(self, name: str) -> Body:
        assert self.room is not None  # noqa: S101 - set as soon as the room is made
        term = self.names[name]
        vocabulary = self.room.vocabulary
        types = [_type(parameter, vocabulary) for parameter in term.parameters]
        names = [parameter.name.text for parameter in term.parameters]
        elsewhere = [
            Nested(p.type.text) if p.type.text in self.terms.known_types else None
            for p in term.parameters
        ]
        parameters = tuple(
            (n, t if t is not None else e) for n, t, e in zip(names, types, elsewhere, strict=True)
        )
        failed = Body(term, parameters, None, 0, 0, frozenset())
        if name in self.terms.cyclic or None in types or len(set(names)) < len(names):
            return failed
        scope = Scope(None)
        for n, type_ in zip(names, types, strict=True):
            assert type_ is not None  # noqa: S101 - asked above
            record = type_.record if isinstance(type_, Nested) else "period"
            scope = scope.bind(n, Path(n, record, (), type_))
        builder = Builder(self.room, prefix=f"{name}.")
        own = tree.Name(term.name.span, "")
        clause = tree.Clause(term.span, own, term.words, term.form, f"term {name}")
        try:
            form = builder.clause(clause, scope)
        except TooLarge as too:
            self.problems.report(
                "too-large",
                f"`{name}` comes to more than {NODES:,} forms, with the terms that it applies",
                too.span,
                label="here it goes past the limit",
                also=((term.name.span, "the term"),),
            )
            return failed
        if form is None or name in self.terms.torn:
            return failed
        binders = frozenset(f.variable for f in walk(form) if isinstance(f, Quantified))
        return Body(term, parameters, form, builder.size, builder.deepest, binders)


def needed_by(name: str, terms: Terms) -> Iterable[str]:
    """Return the terms that a term applies, and those that they apply."""
    found: dict[str, None] = {}
    todo = [name]
    while todo:
        for callee in terms.applies[todo.pop()]:
            if callee not in found:
                found[callee] = None
                todo.append(callee)
    return found
