"""A term's checked body, put in the place of its application.

Guarantee: parameters become the paths given, and variables that would hide one in scope get names
of their own, so that variables stay unique along every branch. A line in here touches nodes.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import assert_never

from kprules.formula.nodes import (
    All,
    Any,
    Compare,
    Const,
    Form,
    Includes,
    Known,
    Member,
    Not,
    Overlaps,
    Path,
    Quantified,
    Reading,
)
from kprules.records.shape import Reference


@dataclass(frozen=True, slots=True)
class Place:
    """What the names of a term's body stand for where it is applied."""

    paths: Mapping[str, Path]
    """The parameters."""
    taken: AbstractSet[str]
    """Variables in scope."""
    renamed: Mapping[str, str] = field(default_factory=dict)

    def path(self, path: Path) -> Path:
        """Return a path of the body as one of the place."""
        start = self.paths.get(path.variable)
        if start is not None:
            if not path.fields:
                return start
            through = isinstance(start.type, Reference) and start.type.none
            nones = (*start.nones, *((start,) if through else ()), *map(self.path, path.nones))
            fields = start.fields + path.fields
            return Path(start.variable, start.record, fields, path.type, nones)
        fresh = self.renamed.get(path.variable)
        if fresh is None:
            return path
        return replace(path, variable=fresh, nones=tuple(map(self.path, path.nones)))

    def bind(self, name: str) -> tuple[str, Place]:
        """Return the name that a variable of the body takes here, and the place inside."""
        fresh, count = name, 1
        while fresh in self.taken:
            count += 1
            fresh = f"{name}_{count}"
        renamed = {**self.renamed, name: fresh}
        return fresh, Place(self.paths, self.taken | {fresh}, renamed)


def instantiate(form: Form, place: Place) -> Form:
    """Return the form with its parameters and variables replaced."""
    match form:
        case Const():
            return form
        case Compare(left, _, right):
            other = place.path(right) if isinstance(right, Path) else right
            return replace(form, left=place.path(left), right=other)
        case Member(fact):
            return replace(form, fact=place.path(fact))
        case Includes(fact):
            return replace(form, fact=place.path(fact))
        case Known(fact):
            given = place.path(fact)
            if not given.fields:  # an entry, or the judged record: what is judged is there
                return Const(True, said=form.said, span=form.span)
            return replace(form, fact=given)
        case Overlaps(left, right):
            return replace(form, left=place.path(left), right=place.path(right))
        case All(parts) | Any(parts):
            return replace(form, parts=tuple(instantiate(part, place) for part in parts))
        case Not(part):
            return replace(form, part=instantiate(part, place))
        case Quantified(variable=variable, over=over, where=where, has=has):
            fresh, inside = place.bind(variable)
            return replace(
                form,
                variable=fresh,
                over=place.path(over),
                where=None if where is None else instantiate(where, inside),
                has=instantiate(has, inside),
            )
        case Reading(options=options):
            chosen = tuple((name, instantiate(option, place)) for name, option in options)
            return replace(form, options=chosen)
        case _:
            assert_never(form)
