"""Which file holds each case that shows how definitions relate.

Guarantee: a file bears the id of the one case it holds; where definitions ask about the id, so that
several cases need the same, each still has a file of its own. A line in here names files; it
writes none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from kprules.proof.relations import Relation, Relations, Witness
from kprules.reports.relation import findings


def showing(relation: Relation) -> Iterator[Witness]:
    """Yield what shows a relation, in either sense; settled facts show it in both."""
    for settled, unknowns in zip(
        findings(relation.settled), findings(relation.unknowns), strict=True
    ):
        witness = settled.witness or unknowns.witness
        if witness is not None:
            yield witness


@dataclass(frozen=True, slots=True)
class WitnessFiles:
    """A folder, and the case of each file in it."""

    folder: str
    cases: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """By the name of the file."""

    @classmethod
    def of(cls, relations: Relations, folder: str) -> WitnessFiles:
        """Return the files for all that shows some relations."""
        files = cls(folder)
        for relation in relations:
            for witness in showing(relation):
                files.cases.setdefault(files.name(witness), witness.case)
        return files

    def name(self, witness: Witness) -> str:
        """Return the name of the file that holds a witness, or is to hold it."""
        bare = _id(witness.case)
        names = chain([f"{bare}.yaml"], (f"{bare}-{number}.yaml" for number in count(2)))
        return next(n for n in names if self.cases.get(n, witness.case) == witness.case)

    def shared(self) -> list[str]:
        """Return the ids that several cases need."""
        needed = Counter(_id(case) for case in self.cases.values())
        return sorted(id_ for id_, cases in needed.items() if cases > 1)


def _id(case: Mapping[str, Any]) -> str:
    return str(case.get("case") or case.get("meeting"))
