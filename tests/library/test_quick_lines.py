"""Lines of JSON that are read the quick way are read as the careful way reads them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import strategies_cases as drawn
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

import kprules
from kprules.diagnostics import Problems
from kprules.library.bibliography import Bibliography, load_bibliography
from kprules.library.documents import Read, Written, read_document
from kprules.library.files import decoded
from kprules.library.quick_lines import _ATTRIBUTE, read_quickly
from kprules.library.shipped import shipped
from kprules.records.case import Record
from kprules.records.plain import plain_record
from kprules.records.vocabulary import field_name

ODD = '[]{},:"\\ 01e-.tfn\u202e\x7f'
MUTANTS = 3_000


@pytest.fixture(scope="module")
def bibliography() -> Bibliography:
    """Return the sources that ship."""
    return load_bibliography([Path(str(shipped("cases"))) / "sources.yaml"], Problems())


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """Return the cases and meetings that ship, a line each."""
    loaded = kprules.load_cases()
    return [json.dumps(plain_record(case.record), default=str) for case in loaded.values()]


def carefully(text: str, bibliography: Bibliography) -> Read | None:
    """Return what the careful way reads, if nothing is wrong."""
    problems = Problems()
    source = decoded("a.jsonl", text.encode(errors="surrogatepass"), problems)
    if source is None:
        return None
    read = read_document(Written(source, Path("a.jsonl"), True), None, bibliography, problems)
    return None if problems.found else read


def check(text: str, bibliography: Bibliography) -> bool:
    """Return whether a text is read the quick way, and if so as the careful way reads it."""
    quick = read_quickly(text, bibliography)
    if quick is not None:
        assert quick == carefully(text, bibliography)
    return quick is not None


def test_what_ships_is_read_quickly(lines: list[str], bibliography: Bibliography) -> None:
    """Each case and meeting is, with the sources that it cites."""
    assert all(check(line, bibliography) for line in lines)


@given(drawn.cases(), st.booleans())
def test_any_record_is_read_alike(record: dict[str, Any], as_ascii: bool) -> None:
    """Whatever forms its facts are written in."""
    check(json.dumps(record, ensure_ascii=as_ascii), Bibliography())


def _spoilt(lines: list[str], pick: random.Random) -> Iterator[str]:
    while True:
        line = pick.choice(lines)
        at, upto = sorted((pick.randrange(len(line)), pick.randrange(len(line))))
        yield pick.choice(
            (
                line[:at] + pick.choice(ODD) + line[at + 1 :],
                line[:at] + line[at + 1 :],
                line[:at] + line[at:upto][:80] + line[at:],
                line[:at] + line[at:].replace('"case"', '"title"', 1),
                line[:at] + line[at:].replace(": true", ": 1", 1),
                line[:at] + line[at:].replace('"from"', '"from_"', 1),
                line[:at] + line[at:].replace('"20', '"19', 1),
                line[:at] + line[at:].replace('": "', '": "\\u0007', 1),
                line[:at] + line[at:].replace('": ["', '": [null, "', 1),
                line[:at] + line[at:].replace('": [', '": ' + "[" * 70, 1),
            )
        )


def test_a_line_that_is_wrong_is_never_read_quickly(
    lines: list[str], bibliography: Bibliography
) -> None:
    """Of lines spoilt at random, those that are read say the same both ways."""
    spoilt = _spoilt(lines, random.Random(11))
    quick = sum(check(next(spoilt), bibliography) for _ in range(MUTANTS))
    assert 0 < quick < MUTANTS


def test_only_one_field_has_a_name_of_the_programs_own() -> None:
    """A record that gives it by that name is read the careful way."""
    models: list[type[BaseModel]] = [Record]
    for model in models:
        models += model.__subclasses__()
    ours = [m for m in models if m.__module__.startswith("kprules.records.")]
    names = {
        attribute
        for model in ours
        for attribute, info in model.model_fields.items()
        if field_name(attribute, info) != attribute
    }
    assert names == {_ATTRIBUTE.strip('"')}
