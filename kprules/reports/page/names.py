"""How parties, fields and values are spelt for people who have not seen the files.

Guarantee: every word is the file's own; only its capitals and accents, and the signs between words,
change. A line in here touches strings.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from kprules.records.countries import COUNTRIES
from kprules.records.shape import Reference, Scalar, SetOf, Type
from kprules.reports.text import line

_WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*|&")
_BETWEEN: Final = re.compile(r"[\s-]*")
_CODE: Final = re.compile(r"\b[A-Z]{3}\b")
_SMALL: Final = frozenset(
    ["a", "and", "de", "des", "du", "for", "in", "la", "le", "of", "on", "the"]
)
"""Words that names write small, but for the first of a name."""
_INITIALS: Final = frozenset(["eu", "uk", "un", "us", "usa"])


@dataclass(frozen=True, slots=True)
class _Met:
    """A word where a text has it."""

    text: str
    start: int
    end: int
    folded: str
    next: _Met | None


@dataclass(slots=True)
class Names:
    """Spells ids in words: as publishers are called, else as titles write the name or its words."""

    _published: dict[str, list[_Met]] = field(default_factory=dict)
    _met: dict[str, list[_Met]] = field(default_factory=dict)
    _shown: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str], publishers: Iterable[str] = ()) -> Names:
        """Learn from texts how names and words are most often written."""
        return cls(_words(publishers), _words(texts))

    def show(self, name: str) -> str:
        """Return an id in words: `european_union` as `European Union`."""
        if name not in self._shown:
            words = [word for word in line(name).split("_") if word]
            text = self._whole(words) or " ".join(map(self._word, range(len(words)), words))
            self._shown[name] = text[:1].upper() + text[1:]
        return self._shown[name]

    def _whole(self, words: Sequence[str]) -> str:
        """Return a whole name as publishers have it, else as texts do; nothing where none has."""
        for met in (self._published, self._met):
            counts = Counter(
                found for at in met.get("".join(words[:1]), ()) for found in _run(at, words)
            )
            if counts:
                return max(counts, key=lambda found: (counts[found], not found.isupper(), found))
        return ""

    def _word(self, place: int, word: str) -> str:
        """Return a word of a name: with a capital, or in capitals where texts have it so."""
        if word in _SMALL:
            return word
        found = self._whole([word])
        if found:
            return found
        code = place > 0 and word.upper() in COUNTRIES
        initials = code or word in _INITIALS or not set("aeiouy") & set(word)
        return word.upper() if initials else word.capitalize()


def _words(texts: Iterable[str]) -> dict[str, list[_Met]]:
    """Return where texts have each word."""
    found: dict[str, list[_Met]] = defaultdict(list)
    for text in texts:
        following: _Met | None = None
        for word in reversed(list(_WORD.finditer(text))):
            following = _Met(text, word.start(), word.end(), _folded(word[0]), following)
            found[following.folded].append(following)
    return dict(found)


def _folded(word: str) -> str:
    """Return a word as ids spell it: small, without accents and apostrophes."""
    if word == "&":
        return "and"
    letters = unicodedata.normalize("NFKD", word.lower())
    return "".join(c for c in letters if c.isalnum())


def _run(at: _Met, words: Sequence[str]) -> Iterator[str]:
    """Yield the text from a word on, if it is the name and is written as one: with capitals."""
    start, here = at.start, at
    for word in words[1:]:
        after = here.next
        if after is None or after.folded != word:
            return
        if not _BETWEEN.fullmatch(at.text[here.end : after.start]):
            return
        here = after
    found = at.text[start : here.end]
    if all(w[0] == "&" or w[0] in _SMALL or not w[0].islower() for w in _WORD.finditer(found)):
        yield found


def spaced(text: str) -> str:
    """Return an id as plain words."""
    return text.replace("_", " ")


def unbraced(text: str) -> str:
    """Return a set of values as a list of words."""
    return text.replace("{}", "nothing").replace("{", "").replace("}", "")


def in_words(text: str, kind: Type | None) -> str:
    """Return values spelt as in files in plain words, where they are of a closed list."""
    match kind:
        case Scalar(kind="enum") as scalar:
            pass
        case SetOf(member=Scalar(kind="enum") as scalar):
            pass
        case Reference():
            return spaced(text)
        case _:
            return text
    if scalar.name == "country":
        return unbraced(_CODE.sub(lambda code: scalar.meanings.get(code[0], code[0]), text))
    return unbraced(spaced(text))
