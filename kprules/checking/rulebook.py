"""A library of rules, checked: the definitions with their finished texts and forms.

Guarantee: every problem of every file is reported, each once and where it was written; a definition
with an error in what it means has no checked form, and its descendants report nothing of it again.
A line in here touches the library as a whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import prod

from kprules.checking.amendments import Finished
from kprules.checking.chains import Chains, finish
from kprules.checking.expectations import read_expectations
from kprules.checking.fallen import report_fallen
from kprules.checking.findings import vacuous
from kprules.checking.forms import Builder
from kprules.checking.headers import Known, about_of, read_headers
from kprules.checking.limits import NODES, READINGS
from kprules.checking.names import Names, collect
from kprules.checking.paths import Scope
from kprules.checking.room import Room, TooLarge
from kprules.checking.terms import TermBodies, Terms
from kprules.checking.walk import applications
from kprules.diagnostics import Problems
from kprules.formula.definition import Definition
from kprules.formula.nodes import Form
from kprules.records.shape import Vocabulary
from kprules.syntax import tree


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules of all files together; `definitions` are those without errors, oldest first."""

    definitions: Mapping[str, Definition] = field(default_factory=dict)
    written: Mapping[str, tree.Definition] = field(default_factory=dict)
    finished: Mapping[str, Finished] = field(default_factory=dict)
    """Texts after their amendments; terms and sets by name."""
    terms: Mapping[str, tree.Term] = field(default_factory=dict)
    sets: Mapping[str, tree.SetOf] = field(default_factory=dict)
    files: tuple[tree.File, ...] = ()


def check(
    files: Sequence[tree.File],
    vocabularies: Mapping[str, Vocabulary],
    problems: Problems,
    *,
    shipped: Collection[tree.File | str] = (),
    known_cases: Collection[str] | Mapping[str, Collection[str]] | None = None,
    parties: Collection[str] | None = None,
    keys: Collection[str] | None = None,
) -> Rulebook:
    """Return what the files define, and report every mistake in them.

    `vocabularies` maps each kind of record to its shape; a definition without `about` judges the
    first. Of `shipped` files (or the names of their sources) a user is told what breaks them only.
    `known_cases` (ids, perhaps with the kinds of record that bear each), `parties` and `keys` of
    the bibliography are not checked where they are None.
    """
    found = Problems()
    names = collect(files, shipped, found)
    checker = _Checker(
        names,
        Known(vocabularies, names.definitions, known_cases, parties, keys, frozenset(names.torn)),
        found,
    )
    definitions = checker.definitions()
    checker.unused_terms()
    problems.extend(problem for problem in found.found if names.concerns(problem))
    report_fallen(names, definitions, found.found, problems)
    ordered = sorted(definitions.values(), key=lambda d: (d.since or date.max, d.id))
    return Rulebook(
        definitions={d.id: d for d in ordered},
        written=names.definitions,
        finished=checker.chains.finished,
        terms=names.terms,
        sets=names.sets,
        files=tuple(files),
    )


class _Checker:
    """The check of a library, from names to forms."""

    def __init__(self, names: Names, known: Known, problems: Problems) -> None:
        self.names = names
        self.known = known
        self.shipped_known = Known(known.vocabularies, known.definitions)
        """Shipped rules speak of shipped cases and sources, which a user may have left aside."""
        self.problems = problems
        self.holes = frozenset({*names.torn, *names.twice})
        """Terms and sets that nothing can be made of: whatever uses one is a hole too."""
        self.terms = Terms(names.terms, known.vocabularies, problems, self.holes)
        self.terms.check_types()
        self.chains: Chains = finish(names.definitions, problems, names.torn, names.twice)
        self.about: dict[str, str | None] = {}
        self.too_much: set[str] = set()
        """Definitions past a limit, of which their descendants say nothing again."""
        self._rooms: dict[str, Room] = {}
        self._bodies: dict[str, TermBodies] = {}

    def definitions(self) -> dict[str, Definition]:
        """Return the definitions that can be evaluated."""
        checked = {}
        for each in {**self.chains.finished, **self.names.definitions}:
            definition = self._definition(self.names.definitions[each])
            if definition is not None:
                checked[each] = definition
        return checked

    def _definition(self, written: tree.Definition) -> Definition | None:
        own = written.id.text
        found = Problems()
        known = self.shipped_known if self.names.is_shipped(written) else self.known
        base = written.amends.text if written.amends is not None else None
        default = next(iter(self.known.vocabularies), None)
        inherited = default if base is None else self.about.get(base)
        about = about_of(written, inherited, known, found)
        self.about[own] = about
        headers = read_headers(written, known, found)
        text = self.chains.finished.get(own)
        forms = None
        if text is not None and about is not None:
            forms = self._forms(written, text, self._room(about))
        ancestors = self.chains.ancestors.get(own, ())
        definition = None
        if forms is not None and about is not None:
            captures, exceptions = forms
            title = written.title.text if written.title is not None else ""
            definition = Definition(
                own,
                title,
                about,
                captures,
                exceptions,
                ancestors=ancestors,
                vocabulary=self.known.vocabularies[about],
                span=written.span,
                **headers,
            )
        whole = definition is not None and own not in self.chains.torn
        readings = definition.readings if whole and definition is not None else None
        expected = read_expectations(written, ancestors, about, readings, known, found)
        if readings is not None and not self._within_readings(readings, written):
            definition = None
        self.problems.extend(found.found)
        if definition is None or found.errors or own in self.chains.failed:
            return None
        return replace(definition, expectations=expected)

    def _room(self, about: str) -> Room:
        """Return what definitions about a kind of record are checked with."""
        if about not in self._rooms:
            bodies = TermBodies(self.terms, self.problems)
            room = Room(
                self.known.vocabularies[about],
                self.names.sets,
                bodies,
                self.problems,
                self.holes,
            )
            bodies.room = room
            self._rooms[about], self._bodies[about] = room, bodies
        return self._rooms[about]

    def _forms(
        self, written: tree.Definition, text: Finished, room: Room
    ) -> tuple[Form, tuple[Form, ...]] | None:
        """Return the nodes of a finished text; None where any of it is a hole."""
        builder = Builder(room)
        scope = Scope(room.paths.root)
        room.paths.escaped.clear()
        try:
            captures = builder.clause(text.captures, scope)
            built = [builder.clause(clause, scope) for clause in text.exceptions]
        except TooLarge as too:
            if written.amends is None or written.amends.text not in self.too_much:
                self.problems.report(
                    "too-large",
                    f"`{written.id.text}` comes to more than {NODES:,} forms, terms included",
                    too.span,
                    label="here it goes past the limit",
                    also=((written.id.span, "the definition"),),
                )
            self.too_much.add(written.id.text)
            return None
        exceptions = [form for form in built if form is not None]
        for form in exceptions:
            self._check_exception(form)
        if captures is None or len(exceptions) < len(built):
            return None
        return captures, tuple(exceptions)

    def _check_exception(self, form: Form) -> None:
        """Warn of an exception that holds for the mere lack of entries."""
        through = vacuous(form)
        if through is None or form.said is None:
            return
        over = through.over
        self.problems.warn(
            "vacuous-exception",
            f"`{form.said.label}` excepts every case whose list `{over}` is empty",
            through.span,
            label="so of an empty list",
            help=f"ask for an entry too: `… and some {through.variable}_2 in {over} has …`",
        )

    def _within_readings(
        self, readings: Mapping[str, Sequence[str]], written: tree.Definition
    ) -> bool:
        """Return whether a definition's readings can all be combined."""
        number = prod(len(names) for names in readings.values())
        if number <= READINGS:
            return True
        if written.amends is None or written.amends.text not in self.too_much:
            self.problems.report(
                "too-many-readings",
                f"`{written.id.text}` can be read in {number:,} ways, and {READINGS} are the most",
                written.id.span,
                label=f"{len(readings)} choices of readings",
                help="settle some of them: " + ", ".join(f"`{label}`" for label in readings),
            )
        self.too_much.add(written.id.text)
        return False

    def unused_terms(self) -> None:
        """Check the terms that no definition applies, and warn of those that nothing does."""
        applied = {name for names in self.terms.applies.values() for name in names}
        for definition in self.names.definitions.values():
            applied.update(
                a.term.text for form in _forms_of(definition) for a in applications(form)
            )
        for name, term in self.names.terms.items():
            about = self.terms.fitting(term)
            if about is not None and not any(b.has(name) for b in self._bodies.values()):
                self._room(about)
                self._bodies[about].body(name)
            if name not in applied:
                self.problems.warn(
                    "unused-term",
                    f"nothing applies the term `{name}`",
                    term.name.span,
                    label="never used",
                    help=f"write `{name}(…)` in a clause, or remove the term",
                )


def _forms_of(definition: tree.Definition) -> list[tree.Form]:
    """Return the forms that a definition itself writes."""
    forms = [e.clause.form for e in definition.exceptions]
    if definition.captures is not None:
        forms.append(definition.captures.form)
    for amendment in definition.amendments:
        match amendment:
            case tree.Replace(form=form):
                forms.append(form)
            case tree.Change(clause=clause) | tree.Except(clause=clause):
                forms.append(clause.form)
            case tree.Remove():
                continue
    return forms
