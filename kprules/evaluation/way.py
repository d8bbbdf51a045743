"""A way: facts that together make a form what is wanted of it.

Guarantee: an entry that is added to a list counts as one fact, with all that it states. A line in
here touches supposed facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from kprules.evaluation.supposing import Added, Supposed
from kprules.records.settled import Settled

MOST_FACTS = 3


@dataclass(frozen=True, slots=True)
class Way:
    """Facts that together make a form what is wanted: settled values by home."""

    facts: Mapping[str, Any]
    added: Mapping[str, tuple[str, Settled]] = field(default_factory=dict)
    """Entries added to lists: by the place of the entry, the home of its list and the entry."""

    @property
    def size(self) -> int:
        """How many facts it takes: an added entry counts as one, with all that it states."""
        return len(self.outside()) + len(self.added)

    def outside(self) -> list[str]:
        """Return the homes of the facts that are not of an added entry."""
        if not self.added:
            return list(self.facts)
        return [h for h in self.facts if not any(h.startswith(p + ".") for p in self.added)]

    def joined(self, other: Way) -> Way | None:
        """Return both ways together, or None where they say different things of one fact."""
        for home, value in other.facts.items():
            if home in self.facts and self.facts[home] != value:
                return None
        return Way({**self.facts, **other.facts}, {**self.added, **other.added})

    def supposed(self) -> Supposed:
        """Return what to suppose: the facts, and the lists with the entries added to them."""
        if not self.added:
            return self.facts
        lists: dict[str, Any] = {}
        for home, entry in self.added.values():
            lists[home] = (*lists.get(home, ()), entry)
        return {**self.facts, **{h: Added(e) for h, e in lists.items()}}

    def in_entry(self) -> bool:
        """Return whether the facts are of an entry that is being put together."""
        return sum("[+]." not in home for home in self.facts) + len(self.added) <= MOST_FACTS


NOTHING = Way({})
