"""The clauses of a definition, and what each of them cannot come to.

Guarantee: that a clause cannot be true, false or unknown, or cannot decide, is said only where the
text shows it (it reads no facts) or a proof over all records does; where neither does, it can. A
line in here touches checked forms; it evaluates no case.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any as AnyValue
from typing import Literal, assert_never

from kprules.evaluation.trace import Value, value_of
from kprules.evaluation.walker import Walker
from kprules.formula.definition import Judgement, walk
from kprules.formula.meaning import denote
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
    Said,
)

Aspect = Literal["true", "false", "unknown", "decisive"]

LITERAL = "no fact can move it"
ALWAYS_KNOWN = "it asks only whether facts are known"
NEVER = "proved: no record makes it so"
NOTHING_HANGS = "proved: no outcome hangs on it"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A clause in a definition whose readings are chosen, with the quantifiers that it lies in."""

    judgement: Judgement
    form: Form
    said: Said
    within: tuple[Quantified, ...]


def parts_of(form: Form) -> tuple[Form, ...]:
    """Return the forms that a form is made of, one step down."""
    match form:
        case Const() | Compare() | Member() | Includes() | Overlaps() | Known():
            return ()
        case All(parts) | Any(parts):
            return parts
        case Not(part):
            return (part,)
        case Quantified(where=where, has=has):
            return (has,) if where is None else (where, has)
        case Reading(options=options):
            return tuple(option for _, option in options)
        case _:
            assert_never(form)


def inside_term(said: Said) -> bool:
    """Say whether a label is a term's own."""
    return said.definition.startswith("term ")


def occurrences(judgement: Judgement) -> Iterator[Occurrence]:
    """Yield the clauses of a definition, terms' own left out."""
    for form in (judgement.captures, *judgement.exceptions):
        yield from _occurrences(judgement, form, ())


def _occurrences(
    judgement: Judgement, form: Form, within: tuple[Quantified, ...]
) -> Iterator[Occurrence]:
    if form.said is not None and not inside_term(form.said):
        yield Occurrence(judgement, form, form.said, within)
    inside = (*within, form) if isinstance(form, Quantified) else within
    for part in parts_of(form):
        yield from _occurrences(judgement, part, inside)


# --- what the text shows ------------------------------------------------------------------------


class _Blank(Walker):
    """An engine on which nothing is known."""

    def look_up(self, path: Path) -> AnyValue:  # noqa: ARG002 - whatever is asked
        """Return that it is unknown."""
        return None


def shown_by_text(clause: Sequence[Occurrence]) -> dict[Aspect, str]:
    """Return what a clause cannot come to, as far as its text alone shows it.

    Where nothing is known every clause is unknown that any fact can move, so that one which is not
    never is; only `is known` may tell such a record from others.
    """
    forms = [occurrence.form for occurrence in clause]
    if any(isinstance(node, Known) for form in forms for node in walk(form)):
        facts = [node for form in forms for node in walk(form) if not parts_of(node)]
        known = all(isinstance(node, Known | Const) for node in facts)
        return {"unknown": ALWAYS_KNOWN} if known else {}
    values = {value_of(denote(form, _Blank({}))) for form in forms}
    if Value.UNKNOWN in values:
        return {}
    aspects: dict[Value, Aspect] = {Value.TRUE: "true", Value.FALSE: "false"}
    never: dict[Aspect, str] = {a: LITERAL for v, a in aspects.items() if v not in values}
    return {**never, "unknown": LITERAL}


# --- what a proof shows -------------------------------------------------------------------------


def shown_by_proof(clause: Sequence[Occurrence], aspect: Aspect) -> str:
    """Return what proves that a clause cannot come to something; empty where nothing does."""
    match aspect:
        case "true" | "false":
            wanted = all(_never(o, holds=aspect == "true") for o in clause)
            return NEVER if wanted else ""
        case "decisive":
            return NOTHING_HANGS if all(_idle(o) for o in clause) else ""
        case "unknown":
            return ""
        case _:
            assert_never(aspect)


def _never(occurrence: Occurrence, *, holds: bool) -> bool:
    """Prove that no record makes a clause true, or false, in any entry."""
    from kprules.proof.relations import Extent, reach  # noqa: PLC0415 - heavy, and seldom asked

    form = occurrence.form if holds else Not(occurrence.form)
    for around in reversed(occurrence.within):
        form = replace(around, how="some", where=None, has=form, said=None)
    alone = replace(occurrence.judgement, captures=form, exceptions=())
    return reach(alone).unknowns is Extent.NOTHING


def _idle(occurrence: Occurrence) -> bool:
    """Prove that a definition says the same of every record, the clause being true or false."""
    from kprules.proof.relations import differ  # noqa: PLC0415 - as above

    held, failed = (_with(occurrence, Const(value)) for value in (True, False))
    return differ(held, failed).exists is False


def _with(occurrence: Occurrence, form: Form) -> Judgement:
    judgement, target = occurrence.judgement, occurrence.form
    return replace(
        judgement,
        captures=_replaced(judgement.captures, target, form),
        exceptions=tuple(_replaced(e, target, form) for e in judgement.exceptions),
    )


def _replaced(form: Form, target: Form, new: Form) -> Form:
    """Return a form with one of its parts, the very one, replaced."""
    if form is target:
        return new
    match form:
        case Const() | Compare() | Member() | Includes() | Overlaps() | Known() | Reading():
            return form
        case All(parts) | Any(parts):
            return replace(form, parts=tuple(_replaced(p, target, new) for p in parts))
        case Not(part):
            return replace(form, part=_replaced(part, target, new))
        case Quantified(where=where, has=has):
            return replace(
                form,
                where=None if where is None else _replaced(where, target, new),
                has=_replaced(has, target, new),
            )
        case _:
            assert_never(form)
