"""How parties, fields and values are spelt for people who have not seen the files.

Guarantee: every word is the file's own; only its capitals, and the signs between words, change. A
line in here touches strings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from kprules.records.shape import Reference, Scalar, SetOf, Type
from kprules.reports.text import line

_WORD = re.compile(r"[^\W\d_]+")
_SHORT = 3
_CODE = re.compile(r"\b[A-Z]{3}\b")


@dataclass(slots=True)
class Names:
    """Spells ids in words, with capitals as the titles of cases and sources have them."""

    spelt: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Names:
        """Learn from texts how each word is most often written."""
        counts = Counter(word for text in texts for word in _WORD.findall(text))
        spelt: dict[str, str] = {}
        for word, _ in sorted(counts.items(), key=lambda item: (item[1], item[0])):
            spelt[word.lower()] = word
        return cls(spelt)

    def show(self, name: str) -> str:
        """Return an id in words: `european_union` as `European Union`."""
        text = " ".join(self._word(word) for word in line(name).split("_") if word)
        return text[:1].upper() + text[1:]

    def _word(self, word: str) -> str:
        """Return a word as texts have it; one that they do not have is a name, or initials."""
        if word in self.spelt:
            return self.spelt[word]
        initials = len(word) <= _SHORT or not set("aeiou") & set(word)
        return word.upper() if initials else word.capitalize()


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
