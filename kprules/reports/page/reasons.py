"""The explanation of every outcome, under every switch, as tables of parts that are held once.

Guarantee: each explanation is made of the clauses that `kprules explain` shows, under the same
conditions. A line in here touches clauses and numbers.

| table | an entry |
|---|---|
| `strings` | a text |
| `claims` | value, evidence (0 established, 1 alleged), who, sources, who denies it |
| `told` | facts (what the field means, path, value), wanted, claims, positions, text |
| `nodes` | titles, truth (0 false, 1 unknown, 2 true), told, parts, exception |
| `settles` | ways of settling an outcome, and whether there are more |

Texts, sources and all that is nested stand there by their numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from kprules.comparison.claims import Position
from kprules.comparison.sharing import Reasoned, Reasons
from kprules.comparison.switches import Switched, Switches
from kprules.evaluation.facts import Plain
from kprules.evaluation.outcome import Result
from kprules.evaluation.reasons import paths_read
from kprules.evaluation.settling import Settles, Settling, would_settle
from kprules.evaluation.supposing import type_of
from kprules.evaluation.trace import Outcome, Value
from kprules.formula.nodes import Overlaps, Path
from kprules.records.settled import Claimed
from kprules.records.shape import DATE, Nested, Period, Reference, Type, Vocabulary
from kprules.reports.bearing import settled_words
from kprules.reports.clauses import Before, clauses
from kprules.reports.page.names import Names, in_words, spaced, unbraced
from kprules.reports.page.packing import Table
from kprules.reports.places import at_home, first_sentence
from kprules.reports.sentences import claimed_words, fact_words
from kprules.reports.text import line
from kprules.reports.told import Clause, Title, Told

_TRUTHS: Final = {Value.FALSE: 0, Value.UNKNOWN: 1, Value.TRUE: 2}
_STANCES: Final = ("affirms", "denies", "leaves open")
_EVIDENCE: Final = ("established", "alleged")

SourceId = Callable[[str, str], str]
"""From the id of a case and a key that it cites to the id of a source of the page."""


@dataclass(slots=True)
class Explanations:
    """The tables, filled case by case."""

    vocabulary: Vocabulary
    names: Names
    source_id: SourceId
    strings: Table[str] = field(default_factory=Table)
    sources: Table[str] = field(default_factory=Table)
    claims: Table[tuple[Any, ...]] = field(default_factory=Table)
    told: Table[tuple[Any, ...]] = field(default_factory=Table)
    nodes: Table[tuple[Any, ...]] = field(default_factory=Table)
    explanations: Table[tuple[int, ...]] = field(default_factory=Table)
    settles: Table[tuple[Any, ...]] = field(default_factory=Table)
    rows: list[Any] = field(default_factory=list)
    case: str = ""
    known_told: dict[tuple[Any, ...], int] = field(default_factory=dict)
    known_texts: dict[str, int] = field(default_factory=dict)

    # --- cases ------------------------------------------------------------------------------------

    def add(self, case: Switched, switches: Switches, reasons: Reasons) -> None:
        """Explain every outcome of a case: a row for each way of settling it.

        For each definition a row has the number of the way whose explanations hold for it too, or
        its explanations, a reading each, and what would settle the outcome on customary readings.
        """
        self.case = case.subject.id
        rows: list[list[Any]] = [[] for _ in case.seen]
        known: dict[int, int] = {}
        settled: dict[tuple[int, ...], int] = {}
        telling: Before = {}
        self.known_told.clear()
        kept: list[Result] = []  # an id stands for an object only as long as there is one
        for found in reasons.of(case, switches.readings):
            kept += found.results
            for index, same in enumerate(found.same_as):
                if index == found.seen:
                    told = self._all(found, known, telling)
                    rows[index].append([told, self._settles(found, settled)])
                elif same == found.seen:
                    rows[index].append(same)
        self.rows.append(rows)

    def _all(self, found: Reasoned, known: dict[int, int], telling: Before) -> Any:
        numbers = []
        for result in found.results:
            if id(result) not in known:
                told = clauses(result.deciding, self.vocabulary, telling)
                known[id(result)] = self.explanations.add(tuple(map(self.node, told)))
            numbers.append(known[id(result)])
        return numbers[0] if len(set(numbers)) == 1 else numbers

    def _settles(self, found: Reasoned, settled: dict[tuple[int, ...], int]) -> int:
        """Return the number of what would settle the outcome on customary readings; -1: nothing."""
        result = found.results[0]
        if result.outcome is not Outcome.UNDETERMINED:
            return -1
        judgement = result.judgement
        key = (found.seen, id(judgement.captures), *map(id, judgement.exceptions))
        if key not in settled:
            settled[key] = self.settling(would_settle(result))
        return settled[key]

    def settling(self, settling: Settling) -> int:
        """Return the number of some ways of settling an outcome."""
        sets = tuple(
            (
                int(each.outcome is Outcome.CAPTURED),
                tuple(self._settled(path, value) for path, value in each.facts.items()),
            )
            for each in settling.sets
        )
        return self.settles.add((sets, int(settling.more)))

    def _settled(self, path: str, value: Plain) -> tuple[int, int, int]:
        """Return what a fact means, its path, and what it would have to be."""
        gloss, kind = at_home(path, self.vocabulary)
        said = settled_words(Settles(Outcome.CAPTURED, {path: value}), self.vocabulary)
        place = path.removesuffix("[+]")
        said = said.removeprefix(line(place)).strip()
        in_plain = unbraced(spaced(said)) if path.endswith("[+]") else in_words(said, kind)
        return self.text(gloss), self.text(place), self.text(in_plain)

    # --- clauses ----------------------------------------------------------------------------------

    def node(self, clause: Clause) -> int:
        """Return the number of a clause with all beneath it."""
        return self.nodes.add(
            (
                tuple(map(self._title, clause.titles)),
                _TRUTHS[clause.value],
                tuple(map(self._told, clause.told)),
                tuple(map(self.node, clause.parts)),
                int(clause.exception),
            )
        )

    def _title(self, title: Title) -> tuple[Any, ...]:
        if title.entry:
            place, bracket, name = title.label.partition(" (")
            shown = self.names.show(name.removesuffix(")")) if bracket else ""
            return 1, self.text(place), self.text(shown), -1
        reading = self.text(spaced(title.reading)) if title.reading else -1
        return 0, self.text(spaced(title.label)), self.text(title.words), reading

    def _told(self, told: Told) -> int:
        key = (id(told.note), told.fact, told.wanted, tuple(told.notes))
        if told.note is None or key not in self.known_told:
            self.known_told[key] = self._telling(told)
        return self.known_told[key]

    def _telling(self, told: Told) -> int:
        kind, facts = self._facts(told)
        return self.told.add(
            (
                facts,
                self.text(in_words(told.wanted, kind)),
                tuple(self.claim(claim, kind) for claim in told.claims if _says_more(claim)),
                tuple(self._position(position, kind) for position in told.positions),
                -1 if facts else self.text(told.fact),
            )
        )

    def _facts(self, told: Told) -> tuple[Type | None, tuple[tuple[int, int, int], ...]]:
        """Return the type of the fact that a comparison asks about, and the facts that it read."""
        if told.note is None:
            return None, ()
        form, scope = told.note.form, told.note.scope
        found = []
        kind: Type | None = None
        for path in paths_read(form):
            if kind is None:
                kind = DATE if isinstance(form, Overlaps) else path.type
            name, value = fact_words(path, scope)
            gloss = self.text(meaning(path, self.vocabulary))
            found.append((gloss, self.text(name), self.text(in_words(value, path.type))))
        return kind, tuple(found)

    # --- claims -----------------------------------------------------------------------------------

    def claim(self, claim: Claimed, kind: Type | None) -> int:
        """Return the number of a claim."""
        return self.claims.add(
            (
                self.text(in_words(claimed_words(claim.value), kind)),
                _EVIDENCE.index(claim.evidence),
                self._parties(claim.by),
                tuple(self.sources.add(self.source_id(self.case, key)) for key in claim.sources),
                self._parties(claim.denied_by),
            )
        )

    def _position(self, position: Position, kind: Type | None) -> tuple[int, int, int]:
        claim = position.claim
        denies = position.by == claim.denied_by and position.by != claim.by
        unknown = claim.value is None and not denies
        stance = 3 if unknown else _STANCES.index(position.stance)
        return stance, self.claim(claim, kind), int(denies)

    def _parties(self, parties: Iterable[str]) -> tuple[int, ...]:
        return tuple(self.text(self.names.show(party)) for party in parties)

    def text(self, text: str) -> int:
        """Return the number of a text."""
        number = self.known_texts.get(text)
        if number is None:
            number = self.known_texts[text] = self.strings.add(line(text))
        return number

    def data(self) -> dict[str, Any]:
        """Return the tables."""
        return {
            "strings": self.strings.all(),
            "sources": self.sources.all(),
            "claims": self.claims.all(),
            "told": self.told.all(),
            "nodes": self.nodes.all(),
            "explanations": self.explanations.all(),
            "settles": self.settles.all(),
            "rows": self.rows,
        }


def _says_more(claim: Claimed) -> bool:
    """Return whether a claim says who holds it, where it is written or who denies it."""
    return bool(claim.by or claim.sources or claim.denied_by or claim.evidence == "alleged")


def meaning(path: Path, vocabulary: Vocabulary) -> str:
    """Return what the field means that a path leads to, without its last stop."""
    record, doc = path.record, ""
    for name in path.fields:
        if record == "period":
            break  # its ends are told by the field that holds it
        shape = vocabulary.root if record == vocabulary.about else vocabulary.shape_of(record)
        doc = shape.fields[name].doc
        match type_of(vocabulary, record, name):
            case Reference(record=inner) | Nested(record=inner):
                record = inner
            case Period():
                record = "period"
            case _:
                break
    return first_sentence(doc)
