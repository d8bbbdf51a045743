"""Who bears which name: the definitions, terms and sets of all files together.

Guarantee: each name belongs to one of them. A user's own takes the place of what is shipped under
its name, with a note; two of the user's own are an error that names both places. A line in here
touches names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from kprules.diagnostics import Problem, Problems
from kprules.source import Source
from kprules.syntax import tree

Item = TypeVar("Item", tree.Definition, tree.Term, tree.SetOf)


@dataclass(slots=True)
class Names:
    """What bears a name, in the order found, and which of the sources are shipped."""

    definitions: dict[str, tree.Definition] = field(default_factory=dict)
    terms: dict[str, tree.Term] = field(default_factory=dict)
    sets: dict[str, tree.SetOf] = field(default_factory=dict)
    shipped: set[Source] = field(default_factory=set)
    replaced: set[str] = field(default_factory=set)
    """Shipped names that a user's own have taken."""

    def is_shipped(self, item: tree.Written) -> bool:
        """Return whether an item comes with the program."""
        return item.span.source in self.shipped

    def spare(self, problem: Problem) -> Problem | None:
        """Return what a user is told of a problem: of one in a shipped file, little.

        What they replace may leave a shipped amendment without what it amends: then it warns.
        """
        if problem.span is None or problem.span.source not in self.shipped:
            return problem
        if not problem.is_error:
            return None
        return replace(problem, severity="warning") if self.replaced else problem


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
            if isinstance(item, tree.Definition):
                _take(names, names.definitions, item.id, item, problems)
            elif isinstance(item, tree.Term):
                _take(names, names.terms, item.name, item, problems)
            else:
                _take(names, names.sets, item.name, item, problems)
    return names


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
        names.replaced.add(name.text)
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
    problems.report(
        f"duplicate-{kind}",
        f"two {kind}s are called `{name.text}`",
        name.span,
        label="the second",
        help="give one of them another name",
        also=((there.span, "the first"),),
    )
