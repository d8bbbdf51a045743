"""The cache of sound cases: a shortcut that changes nothing but the time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from strategies_cases import cases

from kprules.diagnostics import Problems, render
from kprules.library import documents
from kprules.library.bibliography import load_bibliography
from kprules.library.cases import LoadedCase, load_cases
from kprules.records.case import Case
from kprules.records.plain import canonical, plain_record
from kprules.records.revive import revive


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty cache of the test's own."""
    folder = tmp_path / "cache"
    monkeypatch.setenv("KPRULES_CACHE", str(folder))
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten sound cases with a bibliography."""
    made = tmp_path / "cases"
    made.mkdir()
    (made / "sources.yaml").write_text("s1: {title: A source}\n")
    for i in range(10):
        (made / f"case-{i}.yaml").write_text(
            f"case: case-{i}\ntitle: Case {i}\ncites: [s1]\ncountries: [NOR]\n"
        )
    return made


def read(folder: Path) -> tuple[list[LoadedCase], list[str]]:
    """Return the cases of a folder and the problems as text."""
    problems = Problems()
    return load_cases([folder], problems), [render(p) for p in problems.found]


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the names of the files that are read in full."""
    names: list[str] = []
    whole = documents.read_document

    def watched(written: documents.Written, *rest: Any) -> documents.Read | None:
        names.append(written.path.name)
        return whole(written, *rest)

    monkeypatch.setattr(documents, "read_document", watched)
    return names


def test_what_is_stored_is_not_read_again(cache: Path, folder: Path, full: list[str]) -> None:
    """The second time nothing is read in full, and everything is the same."""
    first, problems = read(folder)
    assert problems == []
    assert len(full) == 10
    assert sorted(p.name.partition("-")[0] for p in cache.iterdir()) == ["cases", "sources"]
    again, problems = read(folder)
    assert problems == []
    assert len(full) == 10
    assert again == first
    for one, other in zip(first, again, strict=True):
        assert one.record == other.record
        assert one.digest == other.digest
        assert one.span("countries[0]").text == other.span("countries[0]").text == "NOR"
        assert one.source.text == other.source.text


def test_only_what_has_changed_is_read(cache: Path, folder: Path, full: list[str]) -> None:
    """A changed, a new and a renamed file; the others are taken as they were."""
    read(folder)
    full.clear()
    (folder / "case-3.yaml").write_text("case: case-3\ntitle: Another\n")
    (folder / "case-x.yaml").write_text("case: case-x\ntitle: New\n")
    (folder / "case-4.yaml").rename(folder / "case-y.yaml")
    found, problems = read(folder)
    assert sorted(full) == ["case-3.yaml", "case-x.yaml", "case-y.yaml"]
    assert {c.id: c.title for c in found}["case-3"] == "Another"
    assert ["the file of `case-4` is called `case-y.yaml`" in p for p in problems] == [True]


def test_mistakes_are_never_stored(cache: Path, folder: Path) -> None:
    """A wrong file is reported each time."""
    (folder / "case-5.yaml").write_text("case: case-5\ntitle: T\ngoods: {form: ruff}\n")
    first, again = read(folder), read(folder)
    assert first == again
    assert len(again[1]) == 1


def test_a_source_that_goes_is_missed(cache: Path, folder: Path) -> None:
    """A stored case is judged by the bibliography of today."""
    read(folder)
    (folder / "sources.yaml").write_text("s2: {title: Another}\n")
    _, problems = read(folder)
    assert len(problems) == 10
    assert all("no source has the key `s1`" in p for p in problems)


def test_two_stored_cases_with_one_id(cache: Path, folder: Path) -> None:
    """Both places are named, though neither file is read in full."""
    read(folder)
    (folder / "more").mkdir()
    (folder / "more" / "case-1.yaml").write_bytes((folder / "case-1.yaml").read_bytes())
    _, problems = read(folder)
    assert len(problems) == 1
    assert "two records are called `case-1`" in problems[0]
    assert problems[0].count("case-1.yaml:1:7") == 2


@pytest.mark.parametrize(
    "damage",
    [b"", b"\n", b"{}", b"no digest\n{}", b"\x00" * 100, b"[" * 100_000],
)
def test_a_damaged_cache_counts_for_nothing(cache: Path, folder: Path, damage: bytes) -> None:
    """Whatever its files hold, the cases are read."""
    first = read(folder)
    for file in cache.iterdir():
        file.write_bytes(damage)
    assert read(folder) == first


def test_a_cut_cache_counts_for_nothing(cache: Path, folder: Path) -> None:
    """A file that breaks off is not what its digest says."""
    first = read(folder)
    for file in cache.iterdir():
        file.write_bytes(file.read_bytes()[:-20])
    assert read(folder) == first


def test_a_cache_that_cannot_be_written_is_done_without(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file where the folder should be, or none at all, is no reason to speak up."""
    (tmp_path / "file").write_text("")
    for place in (str(tmp_path / "file"), str(tmp_path / "file" / "below"), ""):
        monkeypatch.setenv("KPRULES_CACHE", place)
        found, problems = read(folder)
        assert (len(found), problems) == (10, [])
    assert (tmp_path / "file").read_text() == ""


def test_the_cache_is_plain_private_and_bounded(cache: Path, folder: Path, tmp_path: Path) -> None:
    """JSON under its digest, for the user's eyes only, and not more files each time."""
    read(folder)
    for file in cache.iterdir():
        assert file.stat().st_mode & 0o077 == 0
        json.loads(file.read_bytes().partition(b"\n")[2])
    for i in range(30):
        other = tmp_path / f"cases-{i}"
        other.mkdir()
        for file in folder.glob("case-*.yaml"):
            (other / file.name).write_text(file.read_text().replace("cites: [s1]\n", ""))
        read(other)
    assert len(list(cache.iterdir())) <= 26


def test_the_bibliography_is_stored_too(
    cache: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sources come back equal, with their places."""
    path = folder / "sources.yaml"
    path.write_text("s1: {title: A, date: 2003-01, url: https://example.org, also: []}\n")
    first = load_bibliography([path], Problems())
    again = load_bibliography([path], Problems())
    assert isinstance(again.entries["s1"], dict)
    assert dict(first) == dict(again)
    assert str(again["s1"].date) == "2003-01"
    assert again.span("s1").text == "s1"


def test_a_bibliography_with_mistakes(tmp_path: Path) -> None:
    """Each is reported at its place, and the keys of two files must not differ."""
    one, other = tmp_path / "sources.yaml", tmp_path / "more.yaml"
    one.write_text("s1: {titel: A}\ns 2: {title: B}\ns3: {title: C, url: ftp://x}\n")
    problems = Problems()
    assert len(load_bibliography([one], problems)) == 0
    codes = [(p.code, p.span.line) for p in problems.found if p.span]
    assert sorted(codes) == [
        ("bad-id", 2),
        ("bad-url", 3),
        ("missing-field", 1),
        ("unknown-field", 1),
    ]
    one.write_text("s1: {title: A}\ns2: {title: B}\n")
    other.write_text("s2: {title: B}\ns1: {title: C}\n")
    problems = Problems()
    load_bibliography([one, other], problems)
    (problem,) = problems.found
    assert problem.code == "duplicate-source"
    assert problem.span is not None
    assert (problem.span.line, problem.also[0][0].line) == (2, 1)


@given(data=cases())
def test_a_record_comes_back_as_it_was(data: dict[str, Any]) -> None:
    """Without validation, from the plain data that was written of it."""
    record = Case.model_validate(data)
    again = revive(Case, json.loads(json.dumps(plain_record(record))))
    assert again == record
    assert canonical(again) == canonical(record)


def test_shipped_records_come_back_as_they_were(root: Path) -> None:
    """All of them, meetings too."""
    for case in load_cases([root / "cases"], Problems()):
        again = revive(type(case.record), json.loads(canonical(case.record)))
        assert again == case.record, case.id
