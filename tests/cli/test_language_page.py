"""The page on the language that the program ships: it is whole, and what it shows is sound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from running import Run

from kprules.checking.limits import CHAIN, NESTING, NODES, READINGS
from kprules.syntax.limits import DIGITS, LARGEST
from kprules.syntax.reference import page, sections, words
from kprules.syntax.words import RESERVED, STATUSES

SHOWN = re.findall(r"^```kpr\n(.*?)^```$", page(), re.MULTILINE | re.DOTALL)


def test_every_word_of_the_language_is_told_of() -> None:
    """A word that the grammar knows leads to a section that has it."""
    told = words()
    assert set(told) == RESERVED | set(sections())
    for word, heading in told.items():
        assert re.search(rf"\b{word}\b", sections()[heading])
    assert all(f"{status}" in sections()["header"] for status in STATUSES)


@pytest.mark.parametrize("shown", SHOWN, ids=range(len(SHOWN)))
def test_what_is_shown_is_sound_and_in_the_one_spelling(
    shown: str, tmp_path: Path, whole: Run
) -> None:
    """Each definition on the page checks without a word and is spelled as `fmt` spells it."""
    file = tmp_path / "shown.kpr"
    file.write_text(shown, encoding="utf-8")
    checked = whole("check", "--strict", str(file))
    assert checked.code == 0, checked.err
    assert whole("fmt", "--check", str(file)).code == 0


def test_a_section_is_asked_for_by_its_name_or_by_a_word(whole: Run) -> None:
    """`kprules language widen` shows the amendments; a slip is told the nearest name."""
    amendments = whole("language", "amendments")
    assert amendments.out.startswith("## amendments\n")
    assert whole("language", "widen").out == amendments.out
    assert whole("language").out == page()
    slip = whole("language", "wident")
    assert slip.code == 2
    assert "did you mean `widen`?" in slip.err
    assert "the sections are file, header" in whole("language", "zzz").err


def test_the_page_fits_a_terminal() -> None:
    """No line is wider than 80 letters."""
    assert max(map(len, page().splitlines())) <= 80


def test_the_limits_are_those_that_hold() -> None:
    """The numbers on the page are the program's own."""
    for told in (
        f"Nesting {NESTING}",
        f"{NODES:,} forms",
        f"amendments {CHAIN}",
        f"readings {READINGS}",
        f"a file {LARGEST // 2**20} MiB",
    ):
        assert told in re.sub(r"\s+", " ", sections()["limits"])
    assert f"up to {DIGITS} digits" in sections()["file"]
