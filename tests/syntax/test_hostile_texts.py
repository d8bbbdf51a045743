"""Texts that nobody should write: refused clearly, and quickly."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_texts import mistakes
from soon import soon

from kprules.syntax.limits import LARGEST
from kprules.syntax.words import RESERVED

HEAD = 'definition a-b { source "x" captures when '


def filled(piece: str, before: str = "", after: str = "") -> str:
    """Return a text as large as may be, made of one piece over and over."""
    room = LARGEST - len((before + after).encode())
    return before + piece * (room // len(piece.encode())) + after


TEXTS = {
    "braces": filled("{"),
    "closing braces": filled("}"),
    "parentheses": HEAD + "(" * 100_000,
    "opening braces": "{" * 100_000,
    "quotes": filled('"'),
    "quotes on lines": filled('"\n'),
    "backslashes": filled("\\", '"'),
    "a word": filled("a"),
    "a path": filled(".a", HEAD + "a", "}"),
    "a path with blanks": filled(" . a", HEAD + "a", "}"),
    "words": filled("a "),
    "dots": filled("."),
    "colons": filled(":"),
    "hyphens": filled("a-"),
    "definitions": filled("definition "),
    "definitions begun": filled("definition a-b {\n"),
    "definitions with comments": filled("definition a-b { # x\n"),
    "terms begun": filled("term a (\n"),
    "sets begun": filled("set a = "),
    "sets": filled("set a = {a}\n"),
    "negations": filled("not ", HEAD),
    "conjunctions": filled("a and ", HEAD, "a }"),
    "disjunctions": filled("a or ", HEAD),
    "quantifiers": filled("some x in xs has ", HEAD),
    "conditions of quantifiers": filled("some x in xs where ", HEAD),
    "groups": filled("all of { a: ", HEAD),
    "clauses": filled("a: b ", HEAD + "all of {"),
    "clauses without a value": filled("a: b is\n", HEAD + "all of {"),
    "clauses without a colon": filled("a b c\n", HEAD + "all of {"),
    "bad names": filled("a: B ", HEAD + "all of {", "}}"),
    "values": filled("a, ", "set a = {", "a}"),
    "cases": filled("a-b, ", HEAD + "true expect captured "),
    "notes": filled('note "x"\n', "definition a-b {", "}"),
    "bad escapes": filled("\\q", 'definition a-b { note "', '" }'),
    "bad escapes in notes": filled('note "\\q" ', "definition a-b {", "captures when true }"),
    "parts begun": filled("expect captured\n", HEAD + "true "),
    "misspelt headers": filled("stauts x\n", "definition a-b {"),
    "misspelt definitions": filled("definitio a-b {}\n"),
    "blanks": filled(" "),
    "blanks in a head": filled(" ", "definition"),
    "lines": filled("\n"),
    "comments": filled("#"),
    "comments on lines": filled("# \n"),
    "digits": filled("1", HEAD + "a > ", "}"),
    "hyphens in a number": filled("1-", HEAD + "a > ", "}"),
    "links begun": filled("<http:a", 'definition a-b { source "x" '),
    "nulls": filled("\0"),
    "returns": filled("\r"),
    "bidirectional controls": filled("\u202e"),
    "two alphabets": filled("фa ", '# \nnote "'),
    "half characters": "\ud800" * 300_000,
    "too large": "a" * (3 * LARGEST),
}


@pytest.mark.parametrize("what", TEXTS)
def test_a_megabyte_of_anything_is_refused_within_two_seconds(what: str) -> None:
    """Expect problems, few enough to read, and no long wait; blanks and a comment are sound."""
    text = TEXTS[what]
    begun = time.process_time()
    found = mistakes(text)
    assert time.process_time() - begun < soon()
    assert len(found) <= 150
    assert bool(found) != (what in {"blanks", "lines", "comments"})


def test_what_is_too_deep_is_called_so() -> None:
    """Expect one problem, `too-deep`, of everything that nests without end."""
    for what in ("parentheses", "opening braces", "negations", "quantifiers", "groups", "a path"):
        assert [p.code for p in mistakes(TEXTS[what])] == ["too-deep"]


def test_sixty_four_deep_is_deep_enough() -> None:
    """Expect no error at the limit and one above it, whatever does the nesting."""
    for opening, closing in (
        ("not ", ""),
        ("some x in xs has ", ""),
        ("some x in xs where ", " has a"),
    ):
        for depth, codes in ((64, []), (65, ["too-deep"])):
            text = f"definition a-b {{ captures when {opening * depth}a{closing * depth} }}"
            assert [p.code for p in mistakes(text)] == codes
    for depth, codes in ((63, []), (64, ["too-deep"])):
        text = f"definition a-b {{ captures when {'(' * depth}a{')' * depth} }}"
        assert [p.code for p in mistakes(text)] == codes


@pytest.mark.parametrize(
    "c", ["\0", "\f", "\v", "\x1b", "\x7f", "\x85", "\u2028", "\ufeff", "\ud800"]
)
def test_characters_that_are_no_text_are_named(c: str) -> None:
    """Expect `control-character` with the number of the character, wherever it stands."""
    for text in (f"set a = {{b}} # x{c}y", f'set a = {{"x{c}y"}}', f"set a = {c}{{b}}"):
        (problem,) = mistakes(text)
        assert problem.code == "control-character"
        assert f"U+{ord(c):04X}" in problem.message


@pytest.mark.parametrize("c", "\u061c\u200e\u200f\u202a\u202e\u2066\u2069")
def test_bidirectional_controls_are_errors(c: str) -> None:
    """Expect an error in comments and texts alike."""
    for text in (f"# x{c}y", f'set a = {{"x{c}y"}}'):
        assert [p.code for p in mistakes(text)] == ["bidirectional"]


def test_a_lone_return_is_an_error() -> None:
    """Expect the line end of old machines to be named: comments would swallow what follows."""
    assert [p.code for p in mistakes("set a = {b}\r# c\rset d = {e}")] == ["control-character"] * 2


def test_other_alphabets_are_welcome_in_texts() -> None:
    """Expect no warning of words in one alphabet each, of signs, or of comments."""
    assert mistakes('set a = {"Séléka", "Нова ua", "Ελλάδα", "µg", "日本 jp"} # фa') == []
    assert [p.code for p in mistakes('set a = {"Нoва"}')] == ["mixed-script"]  # noqa: RUF001


@given(st.text(st.characters(codec=None), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Expect no exception, and every place inside the text."""
    mistakes(text)


_PIECES = [*sorted(RESERVED), *"{}(),:=/<>#", "<=", ">=", '"x"', '"', "\n", "a", "a.b", "a-b", "12"]


@given(st.lists(st.sampled_from([*_PIECES, "2003-01-01", "RUS", "<https://a.b>"]), max_size=60))
def test_any_words_are_read_or_refused(pieces: list[str]) -> None:
    """Expect the same of the language's own words in any order."""
    mistakes(" ".join(pieces))
    mistakes(f"{HEAD}{' '.join(pieces)} }}")


def _mutated(text: str, chance: random.Random) -> str:
    start = chance.randrange(len(text))
    end = min(len(text), start + chance.randrange(1, 30))
    match chance.randrange(5):
        case 0:
            return text[:start] + text[end:]
        case 1:
            return text[:start] + chance.choice(_PIECES) + text[start:]
        case 2:
            return text[:start] + chr(chance.randrange(1, 0x250)) + text[start + 1 :]
        case 3:
            return text[:start] + text[start:end] * chance.randrange(2, 60) + text[end:]
        case _:
            return text[: start + 1]


def test_damaged_rules_are_refused(root: Path) -> None:
    """Expect clear problems of the shipped rules with a few bytes flipped, doubled or cut off."""
    chance = random.Random(2003)
    texts = [p.read_text(encoding="utf-8") for p in sorted((root / "rules").glob("*.kpr"))]
    for _ in range(500):
        text = chance.choice(texts)
        for _ in range(chance.randrange(1, 5)):
            text = _mutated(text, chance)
        mistakes(text)


def test_one_slip_is_one_problem(root: Path) -> None:
    """Expect that a word left out gives one problem, and in few cases more than two."""
    text = (root / "rules" / "kpcs-core-2002.kpr").read_text(encoding="utf-8")
    words = text.split(" ")
    counts = [
        len(mistakes(" ".join(words[:left_out] + words[left_out + 1 :])))
        for left_out in range(len(words))
        if words[left_out].strip()
    ]
    assert sum(count > 2 for count in counts) < len(counts) / 20
