"""What the page's templates show, made ready: texts as plain lines, names spelt, links sound.

Guarantee: nothing is judged here and nothing is marked up; templates escape every text. A line in
here touches values and strings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from kprules.checking.rulebook import Rulebook
from kprules.comparison.answers import Answer, Stand, origins
from kprules.comparison.disputed import Disputed
from kprules.comparison.page import Gathered
from kprules.comparison.switches import OUTCOMES, Switched
from kprules.evaluation.facts import plain
from kprules.evaluation.outcome import judged
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import STATUSES, Definition
from kprules.records.settled import Claimed, SettledPeriod
from kprules.records.shape import Nested, Type, Vocabulary
from kprules.reports.finished import body, changes_of, header, line_of, shown
from kprules.reports.matrix_table import status_words
from kprules.reports.page.names import Names, in_words, spaced
from kprules.reports.page.outcomes import countries
from kprules.reports.page.sources import Cited, Sources
from kprules.reports.places import first_sentence
from kprules.reports.sentences import claimed_words, value_words
from kprules.reports.text import Paper, line, outcome_words, several
from kprules.syntax.printer import print_item

_TEXT_WIDTH: Final = 92
_MOST_WORDS: Final = 3


@dataclass(frozen=True, slots=True)
class Column:
    """A definition as a column of the matrix."""

    index: int
    """Its number in the data."""
    id: str
    title: str
    status: str
    words: tuple[str, str, str]
    """What not captured, undetermined and captured are called."""


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of one status."""

    name: str
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A case as a row of the matrix."""

    index: int
    id: str
    title: str
    surely: bool
    outcomes: tuple[tuple[str, str], ...]
    """Mark and word, in the order of the columns shown."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody claims of a disputed fact."""

    value: str
    evidence: str
    by: str
    denied_by: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """A disputed fact."""

    place: str
    meaning: str
    claims: tuple[Claim, ...]
    deciding: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What one definition says of one case."""

    id: str
    title: str
    stand: str
    captured: str
    """Names of those on whose facts it captures."""
    spared: str
    open: str
    because: str
    readings: tuple[str, ...]
    besides: tuple[tuple[str, str], ...]
    """Ids and titles of the other cases that it captures."""
    akin: tuple[tuple[str, str], ...]
    """Those of the others whose goods come from where the goods of the case do."""
    amended: str
    """The definition that it amends, if it is shown."""
    beyond: tuple[tuple[str, str], ...]
    """Those of the others that the amended definition does not capture."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Definitions that stand to a case in one way."""

    stand: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A case, with all that the page says of it in words."""

    id: str
    title: str
    summary: str
    period: str
    countries: tuple[str, ...]
    origins: tuple[str, ...]
    """The countries that its goods come from."""
    disputes: tuple[Dispute, ...]
    hanging: int
    """How many outcomes hang on them, counted fact by fact."""
    standings: tuple[Standing, ...]
    sources: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class DefinitionCard:
    """A definition, with its finished text."""

    id: str
    title: str
    header: tuple[str, ...]
    text: str
    terms: str
    changes: tuple[str, ...]
    notes: tuple[str, ...]
    sources: tuple[tuple[str, Cited | None, str], ...]
    captured: tuple[tuple[str, str], ...]
    """Ids and titles of the cases that it captures on established facts."""


MARKS: Final = ("n", "u", "c")
"""By the number of an outcome: the letter that the page marks it with."""


def groups(gathered: Gathered) -> tuple[Group, ...]:
    """Return the columns by status; definitions with an outcome word of their own come last."""
    found = []
    definitions = list(enumerate(gathered.switches.definitions))
    for usual in (True, False):
        for status in (*STATUSES, None):
            columns = tuple(
                _column(index, definition)
                for index, definition in definitions
                if definition.status == status and (definition.outcome_word == "captured") is usual
            )
            if columns:
                name = status_words(status).capitalize()
                found.append(Group(name if usual else f"{name}, rules of their own", columns))
    return tuple(found)


def _column(index: int, definition: Definition) -> Column:
    words = [line(outcome_words(outcome, definition.outcome_word)) for outcome in OUTCOMES]
    return Column(
        index,
        definition.id,
        line(definition.title),
        definition.status or "",
        (words[0], words[1], words[2]),
    )


def rows(gathered: Gathered, columns: Sequence[Group]) -> tuple[Row, ...]:
    """Return the rows of the matrix: nobody's view, established facts, customary readings."""
    shown_columns = [column for group in columns for column in group.columns]
    starts = [each.start for each in gathered.switches.readings]
    found = []
    for index, case in enumerate(gathered.switches.cases):
        numbers = case.outcomes(None, "established")
        outcomes = tuple(
            (MARKS[numbers[starts[c.index]]], c.words[numbers[starts[c.index]]])
            for c in shown_columns
        )
        subject = case.subject
        found.append(Row(index, subject.id, line(subject.title), subject.surely, outcomes))
    return tuple(found)


@dataclass(slots=True)
class Telling:
    """What is at hand where cases and definitions are put into words."""

    gathered: Gathered
    names: Names
    sources: Sources
    book: Rulebook
    titles: Mapping[str, str]
    """Of cases, by id."""

    # --- definitions ------------------------------------------------------------------------------

    def definition(self, definition: Definition) -> DefinitionCard:
        """Return a definition in words."""
        found = shown(self.book, definition, self.sources.bibliography)
        paper = Paper(_TEXT_WIDTH)
        terms = [print_item(item, _TEXT_WIDTH).rstrip("\n") for item in found.used]
        changes = [f"{a.id.text}: {c}" for a in reversed(found.written) for c in changes_of(a)]
        index = self.gathered.switches.definitions.index(definition)
        start = self.gathered.switches.readings[index].start
        captured = [
            case.subject.id
            for case in self.gathered.switches.cases
            if OUTCOMES[case.outcomes(None, "established")[start]] is Outcome.CAPTURED
        ]
        return DefinitionCard(
            definition.id,
            line(definition.title),
            tuple(row[:1].upper() + row[1:] for row in header(definition)),
            "\n".join(body(found, paper)),
            "\n\n".join("\n".join(map(line_of, term.split("\n"))) for term in terms),
            tuple(map(line, changes)),
            tuple(map(line, definition.notes)),
            tuple(self.sources.of_definition(definition)),
            self._titled(captured),
        )

    def _titled(self, ids: Iterable[str]) -> tuple[tuple[str, str], ...]:
        return tuple((id_, self.titles[id_]) for id_ in ids)

    # --- cases ------------------------------------------------------------------------------------

    def case(self, case: Switched) -> CaseCard:
        """Return a case in words."""
        subject = case.subject
        vocabulary = self.gathered.switches.definitions[0].vocabulary
        codes = countries(case, vocabulary)
        kind = vocabulary.root.fields["countries"].type if codes else None
        period = getattr(case.seen[0].settled, "period", None)
        disputes = [d for d in self.gathered.disputed if d.subject is subject]
        return CaseCard(
            subject.id,
            line(subject.title),
            line(getattr(subject.record, "summary", None) or ""),
            _period(period) if isinstance(period, SettledPeriod) else "",
            tuple(in_words(code, kind) for code in codes),
            tuple(in_words(code, _origin(vocabulary)) for code in sorted(origins(case))),
            tuple(self._dispute(dispute) for dispute in disputes),
            sum(len(dispute.deciding) for dispute in disputes),
            self.standings(case),
            tuple(self.sources.of_case(subject)),
        )

    def _dispute(self, fact: Disputed) -> Dispute:
        meaning = first_sentence(fact.doc)
        claims = tuple(self._claim(fact, claim) for claim in fact.claims)
        return Dispute(line(fact.place), line(meaning), claims, fact.deciding)

    def _claim(self, fact: Disputed, claim: Claimed) -> Claim:
        value = "not known" if claim.value is None else claimed_words(claim.value)
        return Claim(
            line(in_words(value, fact.type)),
            "" if claim.value is None else claim.evidence,
            self._parties(claim.by),
            self._parties(claim.denied_by),
            tuple(self.sources.id(fact.subject.id, key) for key in claim.sources),
        )

    def _parties(self, parties: Iterable[str]) -> str:
        return several([self.names.show(party) for party in parties])

    def standings(self, case: Switched) -> tuple[Standing, ...]:
        """Return the definitions by how they stand to a case."""
        answers = self.gathered.answers[case.subject.id]
        found = []
        for stand in Stand:
            lines = tuple(self._line(case, a) for a in answers if a.stand is stand)
            if lines:
                found.append(Standing(str(stand), lines))
        return tuple(found)

    def _line(self, case: Switched, answer: Answer) -> Line:
        definition = answer.definition
        focused = self.gathered.focus is case
        return Line(
            definition.id,
            line(definition.title),
            str(answer.stand),
            self._parties(answer.parties(Outcome.CAPTURED)),
            self._parties(answer.parties(Outcome.NOT_CAPTURED)),
            self._parties(answer.parties(Outcome.UNDETERMINED)),
            self._because(case, answer) if focused else "",
            tuple(_reading(label, by_name, definition) for label, by_name in answer.readings),
            self._titled(answer.besides) if focused else (),
            self._titled(answer.akin) if focused else (),
            *self._beyond(case, answer),
        )

    def _beyond(self, case: Switched, answer: Answer) -> tuple[str, tuple[tuple[str, str], ...]]:
        """Return the definition that one amends, and what the one captures and the other not."""
        answers = {a.definition.id: a for a in self.gathered.answers[case.subject.id]}
        amended = next((a for a in answer.definition.ancestors if a in answers), "")
        if not amended:
            return "", ()
        known = set(answers[amended].besides)
        return amended, self._titled(id_ for id_ in answer.besides if id_ not in known)

    def _because(self, case: Switched, answer: Answer) -> str:
        """Return the words of the clauses that decide on established facts."""
        index = self.gathered.switches.definitions.index(answer.definition)
        judgement = self.gathered.switches.readings[index].judgements[0]
        reasons = judged(judgement, case.seen[0].settled).because
        words = dict.fromkeys(f"“{line(r.words)}”" for r in reasons if r.words)
        found = list(words or dict.fromkeys(spaced(line(r.label)) for r in reasons))
        return ", ".join(found[:_MOST_WORDS]) + (", …" if len(found) > _MOST_WORDS else "")


def _reading(label: str, by_name: Mapping[str, Outcome], definition: Definition) -> str:
    said = [
        f"{spaced(name)}: {line(outcome_words(outcome, definition.outcome_word))}"
        for name, outcome in by_name.items()
    ]
    return f"{spaced(label)}, read as {', as '.join(said)}"


def _origin(vocabulary: Vocabulary) -> Type | None:
    """Return the type of the field that says where goods come from."""
    goods = vocabulary.root.fields.get("goods")
    if goods is None or not isinstance(goods.type, Nested):
        return None
    field = vocabulary.shape_of(goods.type.record).fields.get("origins")
    return None if field is None else field.type


def _period(period: Any) -> str:
    said = value_words(plain(period))
    return f"since {said.removesuffix(' to ongoing')}" if said.endswith(" to ongoing") else said
