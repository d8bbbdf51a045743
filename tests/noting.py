"""Whether two accounts of one evaluation are the same."""

from __future__ import annotations

from kprules.evaluation.trace import Note, Trace


def alike(one: Trace, other: Trace) -> bool:
    """Return whether two traces say the same of every part."""
    if one.outcome is not other.outcome or len(one.exceptions) != len(other.exceptions):
        return False
    pairs = zip([one.captures, *one.exceptions], [other.captures, *other.exceptions], strict=True)
    return all(_alike(a, b) for a, b in pairs)


def _alike(one: Note, other: Note) -> bool:
    return (
        one.form is other.form
        and one.value is other.value
        and [(k, id(v)) for k, v in one.scope.items()]
        == [(k, id(v)) for k, v in other.scope.items()]
        and len(one.parts) == len(other.parts)
        and all(map(_alike, one.parts, other.parts))
    )
