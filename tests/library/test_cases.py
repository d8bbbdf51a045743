"""Case files: what is sound is returned, and every mistake is reported where it was written."""

from __future__ import annotations

import json
import os
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, field_validator

from kprules.diagnostics import Problems, render
from kprules.library.cases import LoadedCase, load_cases
from kprules.records.case import Case
from kprules.records.meeting import Meeting
from kprules.records.settle import settle_case
from kprules.records.values import IDENTITY
from kprules.records.vocabulary import CASE

SOUND = "case: a-b\ntitle: T\n"


def read(tmp_path: Path, **files: str) -> tuple[list[LoadedCase], Problems]:
    """Return what a folder with the files given holds; `__` in a name is a dot, `_` a hyphen."""
    for name, text in files.items():
        path = tmp_path / name.replace("__", ".").replace("_", "-")
        path.write_text(text, encoding="utf-8")
    problems = Problems()
    return load_cases([tmp_path], problems), problems


def one(tmp_path: Path, body: str) -> Problems:
    """Return the problems of a case with the body given."""
    found, problems = read(tmp_path, a_b__yaml=SOUND + body)
    assert bool(found) == (not problems.errors)
    return problems


def test_a_case_a_meeting_and_the_bibliography(tmp_path: Path) -> None:
    """Kinds are told by the id's key; `sources.yaml` holds sources, and no case."""
    (tmp_path / "meetings").mkdir()
    found, problems = read(
        tmp_path,
        a_b__yaml=SOUND + "cites: [s1]\ncountries: [NOR]\n",
        sources__yaml="s1: {title: A source, date: 2003-01, url: https://example.org/x}\n",
    )
    (tmp_path / "meetings" / "m-1.yml").write_text("meeting: m-1\ntitle: M\ncites: [s1]\n")
    found = load_cases([tmp_path], problems)
    assert problems.found == []
    assert [(c.about, c.id, c.title) for c in found] == [
        ("case", "a-b", "T"),
        ("meeting", "m-1", "M"),
    ]
    assert isinstance(found[0].record, Case)
    assert isinstance(found[1].record, Meeting)
    assert load_cases([tmp_path / "meetings"], problems)[0].id == "m-1"
    assert problems.found == [], "the bibliography of the folder above is found"


def test_scalars_are_typed_by_the_field(tmp_path: Path) -> None:
    """YAML's guesses (`NO` is false, `12:30` is 750, `0123` is octal) are not made."""
    body = """
summary: 12:30
tags: [NO, on, 0123, 1e5, ~, null, 2003-01-01]
countries: [NO]
goods: {carats: 1e1, licences: [yes]}
"""
    problems = one(tmp_path, body)
    assert [p.message for p in problems.found] == ["`NO` is no country"]
    body = body.replace("countries: [NO]", "countries: [NOR]")
    found, problems = read(tmp_path, a_b__yaml=SOUND + body)
    assert problems.found == []
    settled = settle_case(found[0].record, CASE)
    assert settled.summary == "12:30"
    assert settled.tags == {"NO", "on", "0123", "1e5", "~", "null", "2003-01-01"}
    assert settled.goods.carats == 10
    assert settled.goods.licences == {"yes"}


def test_json_is_the_same_shape(tmp_path: Path) -> None:
    """The same record as YAML, JSON and a line of JSON Lines is the same, and has one digest."""
    record = {
        "case": "a-b",
        "title": "T",
        "goods": {"carats": 1.50, "form": "rough", "made": None},
        "links": [{"target_legitimate": True, "usd_per_year": 12}],
    }
    problems = Problems()
    digests = set()
    for name, text in {
        "a-b.json": json.dumps(record),
        "x.jsonl": "\n" + json.dumps(record) + "\n\n",
        "a-b.yaml": SOUND
        + "links:\n- usd_per_year: 12.0\n  target_legitimate: true\n"
        + "goods: {form: rough, carats: 1.5}\n",
    }.items():
        path = tmp_path / name
        path.write_text(text)
        (case,) = load_cases([path], problems)
        digests.add(case.digest)
        path.unlink()
    assert problems.found == []
    assert len(digests) == 1


MISTAKES: list[tuple[str, str, str, str, str]] = [
    # body, code, words underlined, part of the message, part of the help
    ("sumary: x", "unknown-field", "sumary", "no field of `case`", "`summary`"),
    ("goods: {form: ruff}", "unknown-value", "ruff", "no form", "`rough`"),
    ("goods: {form: [rough]}", "type-mismatch", "form", "a single value", "allowed are"),
    ("goods: {origins: CAF}", "type-mismatch", "CAF", "a list", "brackets"),
    ("goods: {origins: {CAF, AGO}}", "missing-value", "CAF", "nothing is written", "brackets"),
    ("goods: {form: }", "missing-value", "form", "nothing is written", "`unknown`"),
    ("goods: {frm: rough}", "unknown-field", "frm", "no field of `goods`", "`form`"),
    ("goods: {form: {valu: rough}}", "unknown-field", "valu", "no field of a fact", "`value`"),
    ("summary: ''", "missing-value", "''", "text is empty", "left out"),
    ("goods: {form: null}", "type-mismatch", "null", "no value", "leave the field out"),
    ("trade: null", "type-mismatch", "null", "no value", "leave the field out"),
    ("links: ~", "type-mismatch", "~", "no value", "leave the field out"),
    ("goods: {material: dark red}", "unknown-value", "dark red", "no material", "`diamond`"),
    ("countries: [zaire]", "unknown-value", "zaire", "no country", "one of 249"),
    ("countries: [Zimbabwee]", "unknown-value", "Zimbabwee", "no country", "`ZWE`"),
    ("countries: [ZWA]", "unknown-value", "ZWA", "no country", "did you mean"),
    ("goods: rough", "type-mismatch", "rough", "a record", "{field: value"),
    ("goods: {carats: 1,5}", "missing-value", "5", "nothing", ""),
    ("goods: {carats: .nan}", "type-mismatch", ".nan", "decimal number", "is written"),
    ("goods: {carats: -1}", "out-of-range", "-1", "at least 0", ""),
    ("goods: {carats: 1e999}", "too-large", "1e999", "18 digits", ""),
    ("links: [{share_percent: 101}]", "out-of-range", "101", "at most 100", ""),
    ("links: [{target_legitimate: yes}]", "type-mismatch", "yes", "`true` or `false`", ""),
    ("abuses: [{deaths: 1.5}]", "type-mismatch", "1.5", "whole number", ""),
    ("countries: [Angola]", "unknown-value", "Angola", "no country", "`AGO`"),
    ("period: {from: 2003-02-30}", "bad-date", "2003-02-30", "no such day", ""),
    ("period: {from: 1.1.2003}", "bad-date", "1.1.2003", "2003-01-01", ""),
    ("period: {from: 2004, to: 2003}", "period-reversed", "period", "before it begins", "exchange"),
    ("links: [{actor: ab}]\nactors: {abc: {}}", "unknown-id", "ab", "no entry of `actors`",
     "`abc`"),
    ("links: [{conflict: war}]", "unknown-id", "war", "no entry of `conflicts`", ""),
    ("cites: [s1]", "unknown-source", "s1", "no source", "sources.yaml"),
    ("sources: {seed-1: {title: x}}\ncites: [seed1]", "unknown-source", "seed1", "no source",
     "`seed-1`"),
    ("links: [{directness: {value: direct, sources: [s9]}}]", "unknown-source", "s9", "", ""),
    ("sources: {s1: {title: x, url: 'javascript:alert(1)'}}", "bad-url",
     "'javascript:alert(1)'", "http", ""),
    ("incomplete: [link]", "unknown-value", "link", "no list", "`links`"),
    ("links: [{directness: {value: direct, evidence: sure}}]", "unknown-value", "sure",
     "kind of evidence", "`alleged`"),
    ("links: [{directness: {value: direct, by: [A B]}}]", "bad-id", "A B", "a party", ""),
    ("links: [{directness: {value: direct, by: [a], denied_by: [a]}}]", "both-ways", "directness",
     "both say and deny", ""),
    ("actors: {none of: {}}", "bad-id", "none of", "an id", ""),
    ("goods: {form: rough, form: rough}", "duplicate-key", "form", "written twice", "keep one"),
    ("title: again", "duplicate-key", "title", "written twice", ""),
    ("summary: !!str x", "yaml-tag", "!", "no meaning", "remove"),
    ("summary: &a [*a]", "bad-alias", "*", "inside", ""),
    ("summary: *a", "bad-alias", "*", "nothing is anchored", ""),
    ("? [a]\n: b", "bad-key", "[", "cannot be a key", ""),
    ("summary: 'x", "syntax", "'", "unexpected end", "not closed"),
    ("summary: a: b", "syntax", ":", "mapping values", "quotes"),
    ("---\ncase: c-d", "several-documents", "-", "one record", "its own"),
    ('summary: "\\u202e"', "control-character", '"\\u202e"', "U+202E", "remove"),
    ("# \u202e", "control-character", "\u202e", "U+202E", "remove"),
    ("summary: \x1b[31m", "control-character", "\x1b", "U+001B", "remove"),
    ("summary: [[[[[[", "syntax", "", "", ""),
    ("summary: " + "[" * 100_000, "too-deep", "[", "more than 64", ""),
    ("summary: " + "x" * 10_001, "out-of-range", "x" * 10_001, "at most 10000", ""),
]  # fmt: skip


@pytest.mark.parametrize(("body", "code", "words", "message", "help_"), MISTAKES)
def test_a_mistake_is_reported_where_it_is(
    tmp_path: Path, body: str, code: str, words: str, message: str, help_: str
) -> None:
    """Code, place, message and help of each kind of mistake."""
    problems = one(tmp_path, body)
    found = [p for p in problems.found if p.code == code]
    assert found, [render(p) for p in problems.found]
    first = found[0]
    assert first.span is not None
    assert first.span.source.name.endswith("a-b.yaml")
    assert not words or first.span.text == words
    assert message in first.message
    assert help_ in first.help
    assert "\x1b" not in render(first)
    assert "\u202e" not in render(first)


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    """Those of every file, of fields and of the whole, together with what is sound."""
    found, problems = read(
        tmp_path,
        a_b__yaml=SOUND + "goods: {form: ruff}\nlinks: [{actor: x}]\nperiod: {from: 3, to: 2}\n",
        c_d__yaml="case: c-e\ntitle: T\n",
        e_f__yaml="case: e-f\ntitle: T\n",
        g_h__json='{"case": "g-h", "titel": "T"}',
    )
    assert [c.id for c in found] == ["e-f"]
    codes = [(Path(p.span.source.name).name, p.code) for p in problems.found if p.span]
    assert sorted(codes) == [
        ("a-b.yaml", "bad-date"),
        ("a-b.yaml", "bad-date"),
        ("a-b.yaml", "unknown-id"),
        ("a-b.yaml", "unknown-value"),
        ("c-d.yaml", "file-name"),
        ("g-h.json", "missing-field"),
        ("g-h.json", "unknown-field"),
    ]


def test_json_lines_name_the_line(tmp_path: Path) -> None:
    """Each line is a record of its own; blank ones are passed over."""
    lines = [
        '{"case": "a-b", "title": "T"}',
        "",
        '{"case": "c-d", "title": "T", "goods": {"carats": NaN}}',
        '{"case": "e-f", "title": "T", }',
        '{"case": "a-b", "title": "U"}',
        '{"case": "g-h", "title": "T", "title": "U"}',
        "[" * 100_000,
        '{"meeting": "a-b", "title": "T"}',
        "7",
    ]
    found, problems = read(tmp_path, x__jsonl="\n".join(lines))
    assert [(c.about, c.id) for c in found] == [("meeting", "a-b")]
    assert [(p.span.line, p.code) for p in problems.found if p.span] == [
        (3, "type-mismatch"),
        (4, "syntax"),
        (5, "duplicate-case"),
        (6, "duplicate-key"),
        (7, "too-deep"),
        (9, "type-mismatch"),
    ]
    assert found[0].span("title").text == '"T"'
    assert found[0].span("title").line == 8


def test_numbers_that_are_none_hide_nothing_in_json(tmp_path: Path) -> None:
    """Each is reported once where it stands, and what else is wrong beside it."""
    text = (
        '{"case": "a-b", "title": NaN, "goods": {"carats": NaN, "parcel_carats": -Infinity,'
        ' "form": "rugh"}, "summary": "NaN", "period": {"from": "2001", "from": "2002"}}'
    )
    _, problems = read(tmp_path, a_b__json=text)
    assert sorted((p.code, p.span.text) for p in problems.found if p.span) == [
        ("duplicate-key", '"from"'),
        ("type-mismatch", "-Infinity"),
        ("type-mismatch", "NaN"),
        ("type-mismatch", "NaN"),
        ("unknown-value", '"rugh"'),
    ]


def test_two_cases_with_one_id_name_both_places(tmp_path: Path) -> None:
    """Wherever the two lie; neither is used."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "a-b.yaml").write_text("title: U\ncase: a-b\n")
    found, problems = read(tmp_path, a_b__yaml=SOUND)
    (problem,) = problems.found
    assert problem.code == "duplicate-case"
    assert problem.span is not None
    assert (problem.span.line, problem.also[0][0].line) == (2, 1)
    assert found == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty-file"),
        ("# only a remark\n", "empty-file"),
        ("---\n", "empty-file"),
        ("just text", "type-mismatch"),
        ("- a\n- b", "type-mismatch"),
        ("csae: a-b\ntitle: T", "missing-field"),
        ("title: T", "missing-field"),
        ("case: a-b", "missing-field"),
        ("case: [a]\ntitle: T", "type-mismatch"),
        ("case: Not An Id\ntitle: T", "bad-id"),
        ("case: nohyphen\ntitle: T", "bad-id"),
        ("{}", "missing-field"),
    ],
)
def test_what_is_no_record(tmp_path: Path, text: str, code: str) -> None:
    """A file without a record in it, or without its id or title."""
    found, problems = read(tmp_path, a_b__yaml=text)
    assert found == []
    assert code in [p.code for p in problems.found]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    """Missing ones, folders, loops, pipes, other formats, bytes that are no text, huge ones."""
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "folder.yaml" / "round").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "text.txt").write_text(SOUND)
    (tmp_path / "bytes.yaml").write_bytes(b"case: a-b\ntitle: \xff\n")
    (tmp_path / "null.yaml").write_bytes(b"case: a-b\x00\n")
    (tmp_path / "huge.yaml").write_text("#" * (1 << 20) + "\n")
    (tmp_path / "bom.yaml").write_bytes(b"\xef\xbb\xbfcase: bom-1\ntitle: T\n")
    problems = Problems()
    named = [tmp_path, tmp_path / "text.txt", tmp_path / "none.yaml", Path("a\0b.yaml")]
    assert load_cases(named, problems) == []
    assert sorted(p.code for p in problems.found) == [
        "control-character",
        "encoding",
        "file-name",
        "too-large",
        "unknown-format",
        "unreadable",
        "unreadable",
        "unreadable",
        "unreadable",
    ]
    (encoding,) = [p for p in problems.found if p.code == "encoding"]
    assert encoding.span is not None
    assert (encoding.span.line, encoding.span.column) == (2, 8)


def test_an_alias_bomb_is_an_error(tmp_path: Path) -> None:
    """Aliases of aliases are counted out, and their depth too; honest ones are taken."""
    wide = "".join(
        f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" if i else "a0: &a0 x\n"
        for i in range(12)
    )
    deep = "".join(
        f"a{i}: &a{i} {'[' * 30}{f'*a{i - 1}' if i else ''}{']' * 30}\n" for i in range(300)
    )
    assert [p.code for p in one(tmp_path, wide).found] == ["too-large"]
    assert [p.code for p in one(tmp_path, deep).found] == ["too-deep"]
    honest = """
sources: {s1: {title: x}}
cites: &both [s1]
goods: {sources: *both, form: rough}
"""
    assert one(tmp_path, honest).found == []


def test_places_of_fields(tmp_path: Path) -> None:
    """A loaded case knows where each of its facts was written."""
    body = "actors:\n  a:\n    kinds: [militia]\nlinks:\n- actor: a\n  finances: {value: [arms]}\n"
    found, _ = read(tmp_path, a_b__yaml=SOUND + body)
    (case,) = found
    assert case.span("actors.a.kinds[0]").text == "militia"
    assert case.span(("links", 0, "actor")).line == 7
    assert case.span("links[0].finances").text == "finances"
    assert case.span("goods.form").line == 1, "what is not written has the record's place"


class Stop(BaseModel):
    """A stop on the way."""

    port: str
    day: date | None = None


class Shipment(BaseModel):
    """A record of somebody else's, strict and with a rule of its own."""

    model_config = ConfigDict(strict=True)

    number: Annotated[str, IDENTITY]
    grams: Decimal | None = None
    weight: float | None = None
    kind: Literal["air", "sea", "NO"] | None = None
    flags: set[str] = set()
    stops: list[Stop] = []

    @field_validator("grams")
    @classmethod
    def _even(cls, grams: Decimal | None) -> Decimal | None:
        if grams is not None and grams % 2:
            raise ValueError("grams come in pairs")
        return grams


def load(tmp_path: Path, text: str, model: type[BaseModel] = Shipment) -> tuple[Any, Problems]:
    """Return the records of somebody else's model in a file of YAML."""
    path = tmp_path / "any.yaml"
    path.write_text(text)
    problems = Problems()
    return load_cases([path], problems, record=model), problems


def test_a_model_of_ones_own(tmp_path: Path) -> None:
    """Its fields type the scalars; its id is the field marked."""
    found, problems = load(
        tmp_path,
        "number: 0123\ngrams: 2\nweight: 1e-3\nkind: NO\nflags: [on]\n"
        "stops: [{port: '12:30', day: 2020-01-02}]\n",
    )
    assert problems.found == []
    assert (found[0].id, found[0].about) == ("0123", "shipment")
    assert found[0].record == Shipment(
        number="0123",
        grams=Decimal(2),
        weight=0.001,
        kind="NO",
        flags={"on"},
        stops=[Stop(port="12:30", day=date(2020, 1, 2))],
    )


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("numbr: 1", "unknown-field", "numbr"),
        ("number: 1\ngrams: 3", "invalid", "3"),
        ("number: 1\ngrams: x", "type-mismatch", "x"),
        ("number: 1\nweight: nan", "type-mismatch", "nan"),
        ("number: 1\nkind: se", "unknown-value", "se"),
        ("number: 1\nstops: [{prt: x}]", "unknown-field", "prt"),
        ("number: 1\nstops: [{port: x, day: 2020-13-01}]", "type-mismatch", "2020-13-01"),
        ("number: 1\nstops: {port: x}", "type-mismatch", "stops"),
    ],
)
def test_mistakes_in_a_model_of_ones_own(tmp_path: Path, text: str, code: str, words: str) -> None:
    """Misspelt keys are refused even where the model would pass them over."""
    found, problems = load(tmp_path, text)
    assert found == []
    assert (code, words) in [(p.code, p.span.text) for p in problems.found if p.span], [
        render(p) for p in problems.found
    ]


def test_a_model_without_an_id_goes_by_its_file(tmp_path: Path) -> None:
    """Or by its file and line."""
    found, _ = load(tmp_path, "port: x", Stop)
    assert [c.id for c in found] == ["any"]
    (tmp_path / "many.jsonl").write_text('{"port": "x"}\n{"port": "y"}\n')
    found = load_cases([tmp_path / "many.jsonl"], Problems(), record=Stop)
    assert [c.id for c in found] == ["many-1", "many-2"]


def test_the_shipped_cases_are_sound(root: Path) -> None:
    """All of them, with the bibliography that they cite."""
    problems = Problems()
    found = load_cases([root / "cases"], problems)
    assert [render(p) for p in problems.found] == []
    assert {c.about for c in found} == {"case", "meeting"}


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("goods: {carats: 1e999999999}", "too-large", "at most 18 digits"),
        (f"goods: {{carats: {'9' * 5000}}}", "too-large", "at most 18 digits"),
        ("goods: {carats: 1e9e9}", "type-mismatch", "a decimal number is meant"),
        ("sources: {s-1: {title: T, url: nope}}", "bad-url", "a link"),
    ],
)
def test_a_mistake_has_the_code_of_its_kind(
    line: str, code: str, said: str, tmp_path: Path
) -> None:
    """Large numbers are too large, and links are no ids."""
    (tmp_path / "a-b.yaml").write_text(f"case: a-b\ntitle: T\n{line}\n")
    problems = Problems()
    load_cases([tmp_path], problems)
    assert [p.code for p in problems.found] == [code]
    assert said in problems.found[0].message


def test_an_id_that_is_none_names_no_file(tmp_path: Path) -> None:
    """The file is not to be called what the id cannot be."""
    (tmp_path / "a-b.yaml").write_text("case: Big_Nums\ntitle: T\n")
    problems = Problems()
    load_cases([tmp_path], problems)
    assert [p.code for p in problems.found] == ["bad-id"]
