"""Finished texts, lists of definitions, starting files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from kprules.diagnostics import Problems, cells
from kprules.library.rules import Rules, load_rules
from kprules.library.shipped import shipped
from kprules.records.vocabulary import VOCABULARIES
from kprules.reports.definitions import definition_object, groups, json_listing
from kprules.reports.finished import changes_of, finished_text, json_finished, markdown_finished
from kprules.reports.finished import shown as gathered
from kprules.reports.starting import starting_file
from kprules.reports.text import Paper
from kprules.source import Source
from kprules.syntax.parser import parse
from kprules.syntax.printer import format_file


@pytest.fixture(scope="module")
def rules() -> Rules:
    """Return the rules that ship."""
    return load_rules([], Problems(), VOCABULARIES, shipped=shipped("rules"))


def test_every_shipped_definition_is_shown_with_every_clause_it_has(rules: Rules) -> None:
    """Each label of the finished text is there, and lines fit but for links."""
    for definition in rules.book.definitions.values():
        found = gathered(rules.book, definition, {})
        text = finished_text(found, Paper(80))
        for clause in found.text.clauses():
            if clause.label.text != "captures":
                assert clause.label.text in text, definition.id
        wide = [row for row in text.split("\n") if cells(row) > 80 and "<http" not in row]
        assert not wide, definition.id
        data = json.loads(json_finished(found))
        assert [c["label"] for c in data["clauses"]] == [c.label.text for c in found.text.clauses()]
        assert definition.id in markdown_finished(found)


def test_the_text_shown_is_the_text_judged(rules: Rules, tmp_path: Path) -> None:
    """A base's finished text, put into a file of its own, is checked to the very same forms."""
    for definition in rules.book.definitions.values():
        found = gathered(rules.book, definition, {})
        if any("(before)" in clause.label.text for clause in found.text.clauses()):
            continue  # the former form of a clause has a label that no author writes
        data = json.loads(json_finished(found))
        path = tmp_path / "again.kpr"
        path.write_text(f'definition again-once "t" {{ source "s"\n{data["text"]}\n}}')
        if definition.about != "case":
            path.write_text(
                path.read_text().replace('source "s"', f'about {definition.about}\nsource "s"')
            )
        problems = Problems()
        again = load_rules([path], problems, VOCABULARIES, shipped=shipped("rules"))
        assert not problems.errors, definition.id
        assert again.book.definitions["again-once"].captures == definition.captures
        assert again.book.definitions["again-once"].exceptions == definition.exceptions


def test_amendments_are_told_in_words(rules: Rules) -> None:
    """What each verb did to which label."""
    assert [*changes_of(rules.book.written["west-2022"])] == ["widens actor with state"]
    told = {c.split()[0] for w in rules.book.written.values() for c in changes_of(w)}
    assert told <= {"replaces", "removes", "widens", "narrows", "extends", "excepts"}
    assert told >= {"replaces", "removes", "widens", "extends"}


def test_groups_are_in_the_order_of_statuses_and_dates(rules: Rules) -> None:
    """Every definition once; oldest first; those without a date last."""
    found = list(groups(list(rules.book.definitions.values())))
    assert [status for status, _ in found][:2] == ["in force", "adopted"]
    ids = [d.id for _, group in found for d in group]
    assert sorted(ids) == sorted(rules.book.definitions)
    for _, group in found:
        dates = [d.since or date.max for d in group]
        assert dates == sorted(dates)


def test_a_header_as_data_holds_all_of_it(rules: Rules) -> None:
    """Dates as text, readings by label, sources with their keys."""
    data = definition_object(rules.book.definitions["kpcs-core-2002"])
    assert data["since"] == "2003-01-01"
    assert data["readings"]["recognition"] == ["explanatory", "cumulative"]
    assert data["sources"][0]["key"] == "s2"
    assert json.loads(json_listing([*rules.book.definitions.values()]))["definitions"]


def test_a_starting_file_is_in_the_one_spelling_for_every_base(rules: Rules) -> None:
    """Parsing finds nothing wrong in it and printing changes nothing."""
    for definition in rules.book.definitions.values():
        text = starting_file("my-own", definition, rules.book.finished[definition.id])
        problems = Problems()
        assert format_file(parse(Source("my-own.kpr", text), problems)) == text
        assert not problems.found
