"""Shipped definitions that a user's own leave without what they amend or use.

Guarantee: none falls away in silence; what each of the user's own costs is said once, at its name.
A line in here touches names and problems.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from kprules.checking.names import Names
from kprules.diagnostics import Problem, Problems

_SHOWN = 3
"""How many of the mistakes are shown."""


def report_fallen(
    names: Names, sound: Collection[str], found: Sequence[Problem], problems: Problems
) -> None:
    """Warn of shipped definitions that are not sound any more, for what took a shipped place."""
    if not names.replaced:
        return
    fallen: dict[str, list[str]] = {}
    for each, definition in names.definitions.items():
        if names.is_shipped(definition) and each not in sound:
            fallen.setdefault(_cause(names, each), []).append(each)
    broken = [
        (problem.span, problem.message)
        for problem in found
        if problem.is_error and problem.span is not None and names.is_shipped(problem)
    ]
    for cause, gone in fallen.items():
        one = len(gone) == 1
        problems.warn(
            "falls-away",
            f"{'a shipped definition' if one else f'{len(gone)} shipped definitions'} built on "
            f"`{cause}` {'falls' if one else 'fall'} away: {', '.join(gone)}",
            names.replaced[cause],
            label="yours lacks what they take hold of",
            help="give yours a name of its own to keep them, or the labels and parts that the "
            "shipped one has",
            also=tuple(broken[:_SHOWN]),
        )


def _cause(names: Names, fallen: str) -> str:
    """Return the user's own that a definition amends, else the first that took a place."""
    at: str | None = fallen
    met: set[str] = set()
    while at is not None and at in names.definitions and at not in met:
        if at in names.replaced and not names.is_shipped(names.definitions[at]):
            return at
        met.add(at)
        amends = names.definitions[at].amends
        at = amends.text if amends is not None else None
    others = [name for name in names.replaced if name not in names.definitions]
    return next(iter([*others, *names.replaced]))
