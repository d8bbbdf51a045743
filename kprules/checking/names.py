"""Who bears which name: the definitions, terms and sets of all files together.

Guarantee: each name belongs to one of them. A user's own takes the place of what is shipped under
its name, with a note; two of the user's own are an error that names both places. A line in here
touches names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from kprules.diagnostics import Problem, Problems
from kprules.source import Source, Span
from kprules.syntax import tree

_CERTAIN: Final = frozenset(
    {
        *("unknown-field", "unknown-value", "unknown-term", "unknown-set", "unknown-definition"),
        *("unknown-record", "unknown-case", "unknown-party", "unknown-source"),
        *("duplicate-definition", "duplicate-term", "duplicate-set"),
    }
)
"""What may be said of an item of which parts could not be read."""

Item = TypeVar("Item", tree.Definition, tree.Term, tree.SetOf)


@dataclass(slots=True)
class Names:
    """What bears a name, in the order found, and which of the sources are shipped."""

    definitions: dict[str, tree.Definition] = field(default_factory=dict)
    terms: dict[str, tree.Term] = field(default_factory=dict)
    sets: dict[str, tree.SetOf] = field(default_factory=dict)
    shipped: set[Source] = field(default_factory=set)
    replaced: dict[str, Span] = field(default_factory=dict)
    """Shipped names that a user's own have taken, and where."""
    twice: set[str] = field(default_factory=set)
    """Names that two of the user's own bear: nobody knows which is meant."""
    torn: dict[str, tree.Torn] = field(default_factory=dict)
    """What could not be read whole: it is there, and nobody knows all that it says."""

    def is_shipped(self, item: tree.Written | Problem) -> bool:
        """Return whether an item, or what is wrong with one, comes with the program."""
        return item.span is not None and item.span.source in self.shipped

    def concerns(self, problem: Problem) -> bool:
        """Return whether a user is told of a problem: of one in a shipped file, hardly.

        What they replace may leave a shipped amendment without what it amends: that is told once
        for all of them.
        """
        if self.is_shipped(problem):
            return problem.is_error and not self.replaced
        return self._certain(problem)

    def _certain(self, problem: Problem) -> bool:
        """Return whether a problem stands, whatever is missing of torn items."""
        at = problem.span
        if not self.torn or at is None:
            return True
        within = any(
            t.span.source is at.source and t.span.start <= at.start < t.span.end
            for t in self.torn.values()
        )
        return problem.code in _CERTAIN if within else problem.code != "unused-term"


def collect(
    files: Sequence[tree.File], shipped: Collection[tree.File | str], problems: Problems
) -> Names:
    """Return the names of all files; report those that are taken twice."""
    names = Names()
    named = {name for name in shipped if isinstance(name, str)}
    names.shipped = {file.source for file in shipped if isinstance(file, tree.File)}
    names.shipped |= {file.source for file in files if file.source.name in named}
    for file in sorted(files, key=lambda file: file.source not in names.shipped):
        for item in file.items:
            _take_any(names, item, problems)
        for torn in file.torn:
            names.torn[torn.name.text] = torn
            if torn.item is not None:
                _take_any(names, torn.item, problems)
    return names


def _take_any(names: Names, item: tree.Item, problems: Problems) -> None:
    if isinstance(item, tree.Definition):
        _take(names, names.definitions, item.id, item, problems)
    elif isinstance(item, tree.Term):
        _take(names, names.terms, item.name, item, problems)
    else:
        _take(names, names.sets, item.name, item, problems)


def _take(
    names: Names, known: dict[str, Item], name: tree.Name, item: Item, problems: Problems
) -> None:
    kind = {"Definition": "definition", "Term": "term", "SetOf": "set"}[type(item).__name__]
    before = known.get(name.text)
    if before is None:
        known[name.text] = item
        return
    there = before.id if isinstance(before, tree.Definition) else before.name
    if names.is_shipped(before) and not names.is_shipped(item):
        names.replaced[name.text] = name.span
        known[name.text] = item
        problems.report(
            "replaces-shipped",
            f"this {kind} takes the place of the shipped `{name.text}`",
            name.span,
            label="yours",
            severity="note",
            also=((there.span, "shipped"),),
        )
        return
    names.twice.add(name.text)
    problems.report(
        f"duplicate-{kind}",
        f"two {kind}s are called `{name.text}`",
        name.span,
        label="the second",
        help="give one of them another name",
        also=((there.span, "the first"),),
    )
