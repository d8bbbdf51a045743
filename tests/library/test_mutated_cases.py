"""Case files with something wrong in them: a clear error, quickly, and never a traceback."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from soon import soon

from kprules.diagnostics import Problems, render
from kprules.library.bibliography import load_bibliography
from kprules.library.cases import LoadedCase, load_cases
from kprules.library.files import decoded
from kprules.library.json_trees import tree_of_json
from kprules.library.yaml_trees import tree_of_yaml
from kprules.records.settle import settle_case
from kprules.records.vocabulary import VOCABULARIES
from kprules.source import Source

MUTANTS = 600


def _flip(data: bytearray, pick: random.Random) -> bytes:
    """Change up to eight bytes to any other."""
    for _ in range(pick.randint(1, 8)):
        data[pick.randrange(len(data))] = pick.randrange(256)
    return bytes(data)


def _truncate(data: bytearray, pick: random.Random) -> bytes:
    """Break the file off anywhere."""
    return bytes(data[: pick.randrange(len(data))])


def _splice(data: bytearray, pick: random.Random) -> bytes:
    """Repeat a stretch of the file elsewhere."""
    start, at = pick.randrange(len(data)), pick.randrange(len(data))
    return bytes(data[:at] + data[start : start + pick.randint(1, 200)] + data[at:])


def _drop(data: bytearray, pick: random.Random) -> bytes:
    """Leave out a stretch of the file."""
    start = pick.randrange(len(data))
    return bytes(data[:start] + data[start + pick.randint(1, 60) :])


def _misspell(data: bytearray, pick: random.Random) -> bytes:
    """Exchange two neighbouring letters of a word."""
    letters = [i for i in range(len(data) - 1) if data[i : i + 2].isalpha()]
    at = pick.choice(letters)
    data[at], data[at + 1] = data[at + 1], data[at]
    return bytes(data)


ODD = (
    "\u202e", "\u2066", "\ufeff", "\x00", "\x1b[31m", "\u2028", "\x85", "\U000e0041", "e\u0301",
    "\ud7ff", "\uffff", "\U0001d518", "[" * 200, "{" * 200, "- " * 200, "? " * 200, "&a [*a]", "*b",
    "9" * 5000, "1e999999999", "-.inf", ".nan", "!!python/name:os.system ", "<<: *a", "\t", "\r",
    "'" * 99, '"' * 99, "|", ">", "%YAML 9.9\n---\n", "\n---\n", "\n...\n", "@", "`", ": ", "#",
)  # fmt: skip


def _insert(data: bytearray, pick: random.Random) -> bytes:
    """Put something odd in anywhere."""
    at = pick.randrange(len(data))
    odd = pick.choice(ODD).encode("utf-8", "surrogatepass")
    return bytes(data[:at] + odd + data[at:])


MUTATIONS: tuple[Callable[[bytearray, random.Random], bytes], ...] = (
    _flip, _truncate, _splice, _drop, _misspell, _insert,
)  # fmt: skip


def _judge(found: list[LoadedCase], problems: Problems) -> None:
    """Check that a file was taken or refused: what was taken settles, what was not is said."""
    assert found or problems.errors
    for problem in problems.found:
        text = render(problem)
        assert problem.code in text
        assert problem.span is not None or problem.where
        assert all(c.isprintable() or c == "\n" for c in text)
    for case in found:
        for standard in ("established", "alleged"):
            settle_case(case.record, VOCABULARIES[case.about], standard=standard)


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: m.__name__.strip("_"))
def test_mutated_files_end_in_clear_errors(
    mutation: Callable[[bytearray, random.Random], bytes], tmp_path: Path, root: Path
) -> None:
    """A hundred mutants of real files for each kind of damage, each read within two seconds."""
    files = sorted((root / "cases").glob("*.yaml"))
    sources = load_bibliography([root / "cases" / "sources.yaml"], Problems())
    pick = random.Random(mutation.__name__)
    slowest = 0.0
    for _ in range(MUTANTS // len(MUTATIONS)):
        file = pick.choice([f for f in files if f.name != "sources.yaml"])
        mutant = tmp_path / file.name
        mutant.write_bytes(mutation(bytearray(file.read_bytes()), pick))
        problems = Problems()
        start = time.process_time()
        found = load_cases([mutant], problems, bibliography=sources)
        slowest = max(slowest, time.process_time() - start)
        _judge(found, problems)
    assert slowest < soon()


@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_text_or_a_problem(data: bytes) -> None:
    """Whatever the bytes, reading ends in one or the other."""
    problems = Problems()
    source = decoded("x.yaml", data, problems)
    assert (source is None) == bool(problems.errors)


@given(text=st.text(alphabet=" \nab:-[]{}&*!|>'\"#%@,?0.~\\u\t", max_size=80))
def test_any_text_is_a_tree_or_a_problem(text: str) -> None:
    """Whatever is written in a language's own signs."""
    for read in (tree_of_yaml, tree_of_json):
        problems = Problems()
        tree = read(Source("x", text), problems)
        assert tree is not None or problems.errors


HOSTILE = {
    "brackets": "[" * 100_000,
    "braces": "{" * 100_000,
    "half open": "[{" * 50_000,
    "dashes": "- " * 100_000,
    "questions": "? " * 100_000,
    "stairs": "\n".join(" " * i + "a:" for i in range(1_200)),
    "anchors": "".join(f"a{i}: &a{i} x\n" for i in range(20_000)),
    "keys": "".join(f"k{i}: 1\n" for i in range(60_000)),
    "commas": "[" + "a," * 400_000,
    "quotes": '"' + '\\"' * 400_000,
    "blanks": " " * 1_000_000,
    "lines": "\n" * 1_000_000,
    "one long key": "k" * 900_000 + ": 1",
    "digits": "a: " + "9" * 900_000,
    "directives": "%a b\n" * 100_000,
    "documents": "---\n" * 100_000,
    "escapes": '"' + "\\u202e" * 100_000 + '"',
    "same key": "k: 1\n" * 50_000,
    "unknown keys": "case: a-b\n" + "".join(f"k{i}: 1\n" for i in range(24_000)),
    "unknown ids": "case: a-b\nlinks: [" + "{actor: x}, " * 10_000 + "]",
    "unknown sources": "case: a-b\ncites: [" + "s-1, " * 40_000 + "]",
    "nothing there": "case: a-b\n" + "".join(f"k{i}:\n" for i in range(24_000)),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("suffix", [".yaml", ".json", ".jsonl"])
def test_hostile_files_are_refused_quickly(name: str, suffix: str, tmp_path: Path) -> None:
    """What crashes, stalls or floods a careless parser takes less than two seconds."""
    path = tmp_path / f"a-b{suffix}"
    path.write_text(HOSTILE[name])
    problems = Problems()
    start = time.process_time()
    found = load_cases([path], problems)
    assert time.process_time() - start < soon()
    _judge(found, problems)
