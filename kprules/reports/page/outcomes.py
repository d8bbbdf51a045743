"""The outcome of every pair under every switch, as the page's scripts read it.

Guarantee: `outcome_in` reads from the data what the scripts read, by the same rules; both give what
the engine gives. A line in here touches numbers and names.

For each case, `rows` has a digit for each definition and reading (0 not captured, 1 undetermined,
2 captured), a row for each way of settling the case; `seen` says which rows a party's view comes to
(established, alleged), `""` being nobody's. A party that is not there sees what nobody sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kprules.comparison.switches import OUTCOMES, STANDARDS, Readings, Switched, Switches
from kprules.formula.definition import walk
from kprules.formula.nodes import Form, Reading
from kprules.records.shape import SetOf, Vocabulary
from kprules.reports.page.names import Names
from kprules.reports.text import line, outcome_words

FORMAT = "kprules-page/1"


def outcome_data(switches: Switches, names: Names) -> dict[str, Any]:
    """Return the outcomes, and what the page's scripts need to know of definitions and cases."""
    vocabulary = switches.definitions[0].vocabulary
    return {
        "format": FORMAT,
        "definitions": [_definition(each) for each in switches.readings],
        "cases": [_case(case, vocabulary) for case in switches.cases],
        "parties": _parties(switches, names),
        "rows": [["".join(map(str, seen.outcomes)) for seen in c.seen] for c in switches.cases],
        "seen": [dict(_seen(case)) for case in switches.cases],
    }


def _definition(readings: Readings) -> dict[str, Any]:
    definition = readings.definition
    words = _reading_words(definition.captures, *definition.exceptions)
    return {
        "id": definition.id,
        "title": line(definition.title),
        "words": [line(outcome_words(outcome, definition.outcome_word)) for outcome in OUTCOMES],
        "status": definition.status or "",
        "owners": [definition.id, *definition.ancestors],
        "readings": [
            [label, line(words.get(label, "")), list(names)]
            for label, names in definition.readings.items()
        ],
        "start": readings.start,
        "whole": readings.whole,
    }


def _reading_words(*forms: Form) -> Mapping[str, str]:
    """Return the words of the text whose readings a definition chooses between, by label."""
    return {
        node.label: node.said.words
        for form in forms
        for node in walk(form)
        if isinstance(node, Reading) and node.said is not None and node.said.words
    }


def _case(case: Switched, vocabulary: Vocabulary) -> dict[str, Any]:
    return {
        "id": case.subject.id,
        "title": line(case.subject.title),
        "text": search_text(case),
        "countries": countries(case, vocabulary),
        "parties": case.parties,
    }


def search_text(case: Switched) -> str:
    """Return what a search for words looks through, in lower case."""
    record = case.subject.record
    tags = getattr(getattr(record, "tags", None), "value", None) or ()
    texts = (case.subject.id, case.subject.title, getattr(record, "summary", None) or "")
    return line(" ".join((*texts, *sorted(map(str, tags))))).lower()


def countries(case: Switched, vocabulary: Vocabulary) -> list[str]:
    """Return the countries of a case, where its kind of record has a field of that name."""
    field = vocabulary.root.fields.get("countries")
    if field is None or not isinstance(field.type, SetOf):
        return []
    found = getattr(case.seen[0].settled, "countries", None) or ()
    return sorted(value for value in found if isinstance(value, str))


def _parties(switches: Switches, names: Names) -> list[list[Any]]:
    """Return each party with its name and the number of cases in which it says anything."""
    found = [
        [party, names.show(party), sum(party in case.parties for case in switches.cases)]
        for party in switches.parties
    ]
    return sorted(found, key=lambda entry: (str(entry[1]).lower(), entry[0]))


def _seen(case: Switched) -> Iterator[tuple[str, list[int]]]:
    """Yield each view with the rows it comes to, as far as they are not nobody's."""
    plain = [case.under[None, standard] for standard in STANDARDS]
    yield "", plain
    for party in case.parties:
        rows = [case.under[party, standard] for standard in STANDARDS]
        if rows != plain:
            yield party, rows


# --- reading it -----------------------------------------------------------------------------------


def choice_in(definition: Mapping[str, Any], asked: Mapping[str, str]) -> int:
    """Return the number of a definition's judgement under the readings asked for.

    The rule is that of `kprules.formula.definition.choose`.
    """
    if not definition["whole"]:
        return 0
    number = 0
    for label, _, names in definition["readings"]:
        named = (asked.get(f"{owner}.{label}") for owner in definition["owners"])
        index = next((names.index(name) for name in named if name in names), 0)
        number = number * len(names) + index
    return number


def choices_in(definition: Mapping[str, Any]) -> int:
    """Return how many choices of readings a definition has in the data."""
    number = 1
    for _, _, names in definition["readings"] if definition["whole"] else ():
        number *= len(names)
    return number


def outcome_in(
    data: Mapping[str, Any],
    case: int,
    definition: int,
    *,
    view: str = "",
    standard: int = 0,
    readings: Mapping[str, str] | None = None,
    every: bool = False,
) -> int:
    """Return an outcome from the data; `every` asks for all readings at once."""
    seen = data["seen"][case]
    row = data["rows"][case][seen.get(view, seen[""])[standard]]
    about = data["definitions"][definition]
    if not every:
        return int(row[about["start"] + choice_in(about, readings or {})])
    reached = set(row[about["start"] : about["start"] + choices_in(about)])
    return int(reached.pop()) if len(reached) == 1 else 1
