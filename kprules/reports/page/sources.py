"""The sources that a page names: each once, with an id to link to.

Guarantee: a link is http or https, or there is none. A line in here touches keys and entries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from kprules.comparison.matrix import Subject
from kprules.formula.definition import Definition
from kprules.records.facts import Fact
from kprules.reports.text import line

_LINK = re.compile(r"https?://[^\s<>\"'\\]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as the page shows it."""

    id: str
    title: str
    publisher: str = ""
    date: str = ""
    links: tuple[str, ...] = ()


def link(url: object) -> str:
    """Return a link that may be followed, or nothing."""
    text = str(url or "")
    return text if _LINK.fullmatch(text) else ""


@dataclass(slots=True)
class Sources:
    """The sources named so far."""

    bibliography: Mapping[str, Any]
    own: Mapping[str, Mapping[str, Any]]
    """By the id of a case: the sources that it brings itself."""
    named: dict[str, Cited] = field(default_factory=dict)

    def id(self, case: str, key: str) -> str:
        """Return the id of a source that a case cites by a key."""
        own = self.own.get(case, {}).get(key)
        if own is None or own == self.bibliography.get(key):
            return self._add(key, self.bibliography.get(key))
        return self._add(f"{case}.{key}", own)

    def of_case(self, subject: Subject) -> list[Cited]:
        """Return everything that a case cites."""
        keys = dict.fromkeys(_keys(subject.record))
        ids = dict.fromkeys(self.id(subject.id, key) for key in sorted(keys))
        return [self.named[id_] for id_ in ids]

    def of_definition(self, definition: Definition) -> list[tuple[str, Cited | None, str]]:
        """Return what a definition cites: its words, the entry of the bibliography, a link."""
        found = []
        for cited in definition.sources:
            entry = self.named[self.id("", cited.key)] if cited.key else None
            found.append((line(cited.text), entry, link(cited.url)))
        return found

    def all(self) -> list[Cited]:
        """Return every source named, in order of id."""
        return [self.named[id_] for id_ in sorted(self.named, key=_natural)]

    def _add(self, id_: str, entry: Any) -> str:
        if id_ not in self.named:
            self.named[id_] = _cited(id_, entry)
        return id_


def _cited(id_: str, entry: Any) -> Cited:
    if entry is None:
        return Cited(id_, "a source that the bibliography does not hold")
    urls = [entry.url, *(getattr(entry, "also", None) or ())]
    return Cited(
        id_,
        line(str(entry.title)),
        line(str(entry.publisher or "")),
        "" if entry.date is None else line(str(entry.date)),
        tuple(url for url in map(link, urls) if url),
    )


def _natural(id_: str) -> list[tuple[int, int, str]]:
    """Sort `s9` before `s10`."""
    return [
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in re.split(r"(\d+)", id_)
        if part
    ]


def _keys(value: object) -> Iterator[str]:
    """Yield every key that a record cites."""
    match value:
        case Fact():
            yield from value.sources
            for claim in value.contested:
                yield from claim.sources
            for member in value.members:
                yield from _keys(member)
        case BaseModel():
            for name, inner in value.__dict__.items():
                if name in {"sources", "cites"} and isinstance(inner, tuple):
                    yield from (str(key) for key in inner)
                elif name != "sources":
                    yield from _keys(inner)
        case dict():
            for inner in value.values():
                yield from _keys(inner)
        case tuple() | list():
            for inner in value:
                yield from _keys(inner)
        case _:
            pass
