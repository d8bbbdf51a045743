"""Text from outside stays text: in every report, whatever stands in any printed field."""

import csv
import io
import json
import re
import unicodedata
from dataclasses import replace

import pytest
from by_hand import SHIPMENT, definition, subject

from kprules.comparison.conditions import Conditions
from kprules.comparison.expectations import Judged
from kprules.comparison.explained import explained
from kprules.comparison.matrix import Matrix, matrix
from kprules.comparison.missing import Missing
from kprules.comparison.receipt import receipt
from kprules.diagnostics import Problem, render
from kprules.formula.definition import Expectation
from kprules.records.describe import described
from kprules.records.shape import BOOL
from kprules.reports import checks, definitions, explanation, fields, matrix_files, matrix_json
from kprules.reports.matrix_table import table
from kprules.reports.text import Paper

HOSTILE = {
    "rich markup": "[bold red]x[/] [link=https://evil.example]y[/link]",
    "ansi": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b31m",
    "bidi": "a\u202eb\u2066c\u200fd\u061ce",
    "formula": "=cmd('calc')!A1",
    "at": "@SUM(1+1)",
    "plus": "+1",
    "minus": "-1",
    "tab": "\t=1",
    "return": "\r=1",
    "html": "<script>alert(1)</script> <img src=x onerror=y>",
    "markdown": "[a](javascript:x) **b** `c` | d\n# e\n- f ![i](x) ~~g~~ _h_ &amp; $x$",
    "lines": "a\nb\r\nc\x0b\x0cd\u2028e\u2029f\x85g",
    "null": "a\x00b\x7fc\x08d",
    "zero width": "a\u200bb\ufeffc\xadd",
}


def _matrix(text: str) -> Matrix:
    rules = [
        replace(definition("some-rule", text), outcome_word=text),
        definition("other-rule", text),
    ]
    return matrix(rules, [subject("a-shipment", text), subject("b-shipment", text)], Conditions())


def _reports(text: str) -> dict[str, str]:
    """Return every report there is, with the text in every field that it prints."""
    found = _matrix(text)
    rules = list(found.definitions)
    why = explained(rules[0], found.subjects[0], Conditions())
    expected = Expectation("captured", text, view=text, readings=((text, text),))
    slip = receipt(rules, ["digest"], Conditions(view=text, reading={text: text}))
    problem = Problem("a-code", text, help=text, where=text, label=text)
    lacking = Missing(text, text, text, BOOL, (text,))
    described_ = [replace(d, doc=text, values={text: text}) for d in described(SHIPMENT)[:2]]
    return {
        "table": table(found, Paper(80)),
        "wide table": table(found, Paper(200)),
        "lettered table": table(replace(found, by_view=True), Paper(60)),
        "csv": matrix_files.csv_matrix(found),
        "markdown": matrix_files.markdown_matrix(found),
        "json": matrix_json.report(found, matrix_json.outcome_objects(found), slip, [problem]),
        "jsonl": matrix_json.lines(matrix_json.outcome_objects(found)),
        "explanation": explanation.explanation(why, Paper(80), {"s1": text, text: text}),
        "markdown explanation": explanation.markdown_explanation(why),
        "list": definitions.listing(rules, Paper(80)),
        "json list": definitions.json_listing(rules),
        "csv list": definitions.csv_listing(rules),
        "markdown list": definitions.markdown_listing(rules),
        "problem": render(problem),
        "checks": checks.json_checks([problem], {}),
        "tests": checks.test_report([Judged(rules[0], expected, None)], Paper(80)),
        "json tests": checks.json_tests([Judged(rules[0], expected, None)]),
        "failed test": checks.test_report([Judged(rules[0], expected, why.result)], Paper(80)),
        "fields": fields.details(described_, Paper(80)),
        "markdown fields": fields.markdown_fields(described_),
        "missing": fields.missing_words(text, [lacking], 2, Paper(80)),
        "json missing": fields.json_missing(text, [lacking]),
    }


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_in_a_report_acts_on_a_terminal(name: str) -> None:
    """No control character but the line's end, and none that turns or hides text."""
    for report, shown in _reports(HOSTILE[name]).items():
        acting = {
            f"U+{ord(c):04X}"
            for c in shown
            if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"}
        }
        assert not acting, (report, acting)


def test_markup_is_shown_as_it_is_written() -> None:
    """A terminal shows the brackets: nobody reads markup in a title."""
    shown = table(_matrix(HOSTILE["rich markup"]), Paper(200))
    assert HOSTILE["rich markup"] in shown


@pytest.mark.parametrize("name", ["formula", "at", "plus", "minus", "tab", "return"])
def test_no_cell_is_a_formula(name: str) -> None:
    """Text cells that a spreadsheet would compute begin with an apostrophe."""
    reports = _reports(HOSTILE[name])
    for report in ("csv", "csv list"):
        for row in csv.reader(io.StringIO(reports[report])):
            for cell in row:
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (report, cell)


@pytest.mark.parametrize("name", ["html", "markdown"])
def test_markdown_from_outside_means_nothing_but_itself(name: str) -> None:
    """No tag, link, heading, emphasis, cell or code is read in it."""
    for report, shown in _reports(HOSTILE[name]).items():
        if not report.startswith("markdown"):
            continue
        unescaped = re.sub(r"\\.", "", shown)
        for sign in ("<script", "<img", "](javascript", "![i", "`c`", "~~g"):
            assert sign not in unescaped, (report, sign)
        assert not any(row.startswith("# e") for row in shown.split("\n"))
    rows = [r for r in _reports(HOSTILE[name])["markdown"].split("\n") if r.startswith("|")]
    assert len({row.replace("\\|", "").count("|") for row in rows}) == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_json_gives_the_text_back(name: str) -> None:
    """What is escaped in JSON is the very same text to a program."""
    report = json.loads(_reports(HOSTILE[name])["json"])
    assert report["definitions"][0]["title"] == HOSTILE[name]
    assert report["cases"][0]["title"] == HOSTILE[name]
