"""A mapping: which columns of somebody's table hold which facts, and what their values mean.

Guarantee: plain values; those that a mapping states are as their fields hold them. A line in here
describes; it reads no file and no row.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from kprules.records.shape import Type, Vocabulary

NUMBER: Final = "_number"
"""What the column that numbers expanded rows is called, behind the name of their own column."""
_HOLE: Final = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether a column holds one of some texts, none of them, or is blank."""

    column: str
    among: frozenset[str] | None = None
    outside: frozenset[str] | None = None
    blank: bool | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How one field is read off a row."""

    field: str
    type: Type
    column: str | None = None
    values: Mapping[str, Any] | None = None
    """What texts stand for, as the field holds it; `None` is unknown."""
    otherwise: Any = None
    """What a value that is not mapped and cannot be read becomes; an error where it is None."""
    split: str | None = None
    date: tuple[str, ...] = ()
    """The forms that a date may have; none: as ISO 8601 writes it."""
    constant: Any = None
    text: str | None = None
    """Words with columns in braces; one at least."""
    flags: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Columns that say yes or no of a member of a set."""
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        named = [self.column] if self.column is not None else []
        return (*named, *self.flags, *holes(self.text or ""))


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that a row makes in a list, where its conditions hold."""

    into: str
    when: tuple[Condition, ...]
    rules: tuple[Rule, ...]
    """The fields of the entry; `id` among them where the list is under ids."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A whole mapping."""

    name: str
    title: str
    about: str
    vocabulary: Vocabulary
    unknown: frozenset[str]
    """The texts that say that a cell is not recorded, besides the empty one."""
    group: bool
    """Whether rows with one id are one case."""
    keep: tuple[str, ...]
    expand: tuple[str, tuple[str, ...]] | None
    """A name, and the columns each of which that is not blank makes a row of its own."""
    rules: tuple[Rule, ...]
    entries: tuple[Entry, ...]
    incomplete: tuple[tuple[str, tuple[Condition, ...]], ...]
    """Lists that may have more entries, with the conditions; none: in every row."""
    source: str = ""

    def columns(self) -> Iterator[str]:
        """Yield every column that is read."""
        virtual: set[str] = set()
        if self.expand is not None:
            virtual = {self.expand[0], self.expand[0] + NUMBER}
            yield from self.expand[1]
        rules = [*self.rules, *(r for e in self.entries for r in e.rules)]
        named = [c for r in rules for c in r.columns]
        named += [c.column for e in self.entries for c in e.when]
        named += [c.column for _, when in self.incomplete for c in when]
        yield from (name for name in (*named, *self.keep) if name not in virtual)

    def lists(self) -> tuple[str, ...]:
        """Return the lists that it makes entries in, in the order written."""
        return tuple(dict.fromkeys(e.into for e in self.entries))


def holes(text: str) -> tuple[str, ...]:
    """Return the columns that a text names in braces."""
    return tuple(_HOLE.findall(text))
