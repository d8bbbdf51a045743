"""The page on the language that the program ships, by section.

Guarantee: every section is there in full, and each of the language's own words leads to the one
that tells what it means. A line in here reads one text file; it parses no definition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from kprules.syntax.words import RESERVED

_PAGE: Final = Path(__file__).with_name("language.md")
_FENCED: Final = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_CODE: Final = re.compile(r"`([^`]+)`")
_TOLD_FIRST: Final = re.compile(r"^(?:\| |- )(?=`)(.*?)(?: \||:|\.|$)", re.MULTILINE)
"""What a row of a table, or a line of a list, begins with."""
_WORD: Final = re.compile(r"[a-z_]+")


def page() -> str:
    """Return the whole page, as Markdown that reads well on a terminal."""
    return _PAGE.read_text(encoding="utf-8")


def sections() -> Mapping[str, str]:
    """Return the sections by their headings, in order; what comes before them is left out."""
    parts = re.split(r"^## (.+)$", page(), flags=re.MULTILINE)[1:]
    return {
        heading: f"## {heading}\n\n{text.strip()}\n"
        for heading, text in zip(parts[::2], parts[1::2], strict=True)
    }


def words() -> Mapping[str, str]:
    """Return the section that tells of each heading and of each of the language's own words."""
    found: dict[str, str] = {}
    every = sections()
    for told in (_told_first, _told_by_the_way):
        for heading, text in every.items():
            for word in RESERVED.intersection(told(_FENCED.sub("", text))):
                found.setdefault(word, heading)
    return found | {heading: heading for heading in every}


def _told_first(text: str) -> Iterator[str]:
    for begun in _TOLD_FIRST.findall(text):
        yield from _told_by_the_way(begun)


def _told_by_the_way(text: str) -> Iterator[str]:
    for code in _CODE.findall(text):
        yield from _WORD.findall(code)
