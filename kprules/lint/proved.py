"""Findings that take a proof: what no case can make true or false, what changes nothing.

Guarantee: a warning is proved over every record that the vocabulary allows, and under every choice
of readings; where the prover did not decide, or choices are too many, nothing is said. What the
author means (`same_as`, a literal `true` or `false`) is no finding. A line in here asks the prover;
it judges no case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from time import monotonic
from typing import assert_never

from kprules.diagnostics import Problems
from kprules.formula.definition import Definition, Judgement, choose
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
    Quantified,
    Reading,
)
from kprules.lint.choices import asked_of, asked_of_both, readings_of
from kprules.proof.equals import equals
from kprules.proof.relations import Extent, Kind, differ, reach, relate_all

SECONDS = 30.0
"""How long all the proofs of one check may take; what is open then is left unsaid."""
_ONE_BY_ONE = 8
"""Each definition is set beside all others alone where they are fewer than one in so many."""


def warn_of_proved(
    definitions: Sequence[Definition],
    every: Mapping[str, Definition],
    amending: Iterable[str],
    problems: Problems,
    *,
    seconds: float = SECONDS,
) -> bool:
    """Report what proofs find of some definitions, beside all that they may amend or equal.

    `amending` are the ids of those that do amend something. Return whether there was time for all.
    """
    until = monotonic() + seconds
    known = {(p.span.source.name, p.span.start) for p in problems.found if p.span is not None}
    changing = set(amending)
    told: set[frozenset[str]] = set()
    """Pairs of definitions of which it is said that they are the same."""
    for definition in definitions:
        for find in (_dead_clauses, _swallowed, _idle_readings):
            if monotonic() < until:
                find(definition, problems, known, until)
        if definition.id in changing and monotonic() < until:
            _without_effect(definition, every, problems, told, until)
    _equal(definitions, every, problems, told, until)
    return monotonic() < until


# --- clauses ------------------------------------------------------------------------------------


def _dead_clauses(
    definition: Definition, problems: Problems, known: set[tuple[str, int]], until: float
) -> None:
    judgement = choose(definition)
    for form in (definition.captures, *definition.exceptions):
        for clause, around in _own_clauses(form, definition.id, ()):
            said = clause.said
            if said is None or said.span is None or said.label == "captures":
                continue
            if (said.span.source.name, said.span.start) in known:
                continue
            read = readings_of(clause)
            if all(isinstance(each, Const) for each in read):
                continue
            if _never(judgement, (_wrapped(each, around) for each in read), until):
                problems.warn(
                    "never-proved",
                    f"no case can make `{said.label}` true",
                    said.span,
                    label="proved over all cases",
                    help="take the clause out, or say what it was to mean",
                )
            elif _never(judgement, (_wrapped(Not(each), around) for each in read), until):
                problems.warn(
                    "always-proved",
                    f"no case can make `{said.label}` false",
                    said.span,
                    label="proved over all cases",
                    help="take the clause out; where a clause is to hold always, write `true`",
                )


def _own_clauses(
    form: Form, owner: str, around: tuple[Quantified, ...]
) -> Iterator[tuple[Form, tuple[Quantified, ...]]]:
    """Yield the clauses that a definition wrote itself, each with the quantifiers around it."""
    if form.said is not None and form.said.definition == owner and not isinstance(form, Const):
        yield form, around
    match form:
        case Const() | Compare() | Member() | Includes() | Overlaps() | Known():
            return
        case All(parts) | Any(parts):
            for part in parts:
                yield from _own_clauses(part, owner, around)
        case Not(part):
            yield from _own_clauses(part, owner, around)
        case Quantified(where=where, has=has):
            inside = (*around, form)
            if where is not None:
                yield from _own_clauses(where, owner, inside)
            yield from _own_clauses(has, owner, inside)
        case Reading(options=options):
            for _, option in options:
                yield from _own_clauses(option, owner, around)
        case _:
            assert_never(form)


def _wrapped(form: Form, around: tuple[Quantified, ...]) -> Form:
    """Return the form as asked of some entries that it could speak of."""
    for quantified in reversed(around):
        form = Quantified("some", quantified.variable, quantified.over, None, form)
    return form


def _never(judgement: Judgement, forms: Iterable[Form], until: float) -> bool:
    """Return whether it is proved that no record makes any of some forms true."""
    asked = (replace(judgement, captures=form, exceptions=()) for form in forms)
    return all(_captures_nothing(each, until) for each in asked)


def _captures_nothing(judgement: Judgement, until: float) -> bool:
    """Return whether it is proved that no record is captured."""
    return reach(judgement, seconds=until - monotonic()).unknowns is Extent.NOTHING


# --- whole definitions --------------------------------------------------------------------------


def _swallowed(
    definition: Definition, problems: Problems, _: set[tuple[str, int]], until: float
) -> None:
    if not definition.exceptions:
        return
    read = [choose(definition, asked) for asked in asked_of(definition.id, definition.readings)]
    if not read or not all(_captures_nothing(judgement, until) for judgement in read):
        return
    if all(_captures_nothing(replace(judgement, exceptions=()), until) for judgement in read):
        return
    said = definition.exceptions[-1].said
    problems.warn(
        "swallowing-exception",
        f"the exceptions of `{definition.id}` leave nothing to capture",
        definition.span if said is None else said.span,
        label="holds wherever the definition does",
        help="narrow the exception",
    )


def _idle_readings(
    definition: Definition, problems: Problems, _: set[tuple[str, int]], until: float
) -> None:
    for label, names in definition.readings.items():
        written = _where_written(definition, label)
        if written is None:
            continue
        others = {k: n for k, n in definition.readings.items() if k != label}
        beside = asked_of(definition.id, others)
        for first, second in combinations(names, 2):
            sides = [
                [choose(definition, {**asked, f"{definition.id}.{label}": n}) for asked in beside]
                for n in (first, second)
            ]
            if beside and all(_same(a, b, until) for a, b in zip(*sides, strict=True)):
                problems.warn(
                    "idle-reading",
                    f"`{label}` read as `{first}` and as `{second}` comes to the same everywhere",
                    written.said.span if written.said else definition.span,
                    label="proved over all cases",
                    help="leave one of the readings out",
                )


def _same(left: Judgement, right: Judgement, until: float) -> bool:
    """Return whether it is proved that no outcome differs, whatever is unknown."""
    return differ(left, right, seconds=until - monotonic()).exists is False


def _where_written(definition: Definition, label: str) -> Form | None:
    """Return the clause of a reading that a definition wrote itself."""
    for form in (definition.captures, *definition.exceptions):
        for clause, _ in _own_clauses(form, definition.id, ()):
            if isinstance(clause, Reading) and clause.label == label:
                return clause
    return None


def _without_effect(
    definition: Definition,
    every: Mapping[str, Definition],
    problems: Problems,
    told: set[frozenset[str]],
    until: float,
) -> None:
    base = every.get(definition.ancestors[0]) if definition.ancestors else None
    if base is None or _meant(definition, base) or _untouched(definition, base):
        return
    both = asked_of_both(base, definition, every)
    if both and all(_same(choose(base, asked), choose(definition, asked), until) for asked in both):
        told.add(frozenset({base.id, definition.id}))
        problems.warn(
            "no-effect-proved",
            f"the amendments of `{definition.id}` change no outcome of `{base.id}`",
            definition.span,
            label="proved over all cases",
            help=f"say `same_as {base.id}` if that is meant",
        )


def _equal(
    definitions: Sequence[Definition],
    every: Mapping[str, Definition],
    problems: Problems,
    told: set[frozenset[str]],
    until: float,
) -> None:
    """Report definitions that capture the same under two names, once, unless that is meant."""
    asked = {definition.id for definition in definitions}
    for pair in _pairs(definitions, every, until):
        one, other = pair if pair[0].id in asked else (pair[1], pair[0])
        names = frozenset({one.id, other.id})
        if one.id not in asked or names in told:
            continue
        if _changes_nothing(one, every) or _untouched(other, one) or _same_line(one, other, every):
            continue
        if not _equal_on_all(one, other, every, until):
            continue
        told.add(names)
        problems.warn(
            "equal-definitions",
            f"`{one.id}` and `{other.id}` capture the same cases",
            one.span,
            label="proved over all cases",
            help=f"say `same_as {other.id}` if that is meant",
        )


def _pairs(
    definitions: Sequence[Definition], every: Mapping[str, Definition], until: float
) -> Iterator[tuple[Definition, Definition]]:
    """Yield those that capture the same: one beside all others for a few, else in one proof."""
    if len(definitions) * _ONE_BY_ONE > len(every):
        left = max(0.0, until - monotonic())
        judgements = [choose(d) for d in every.values()]
        for relation in relate_all(judgements, seconds=left, witnesses=False):
            if relation.kind is Kind.EQUAL:
                yield relation.left.definition, relation.right.definition
        return
    for one in definitions:
        others = [choose(other) for other in every.values() if other.id != one.id]
        for other in equals(choose(one), others, seconds=until - monotonic()):
            yield one, other.definition


def _equal_on_all(
    one: Definition, other: Definition, every: Mapping[str, Definition], until: float
) -> bool:
    """Return whether two definitions capture the same under every choice of their readings."""
    both = asked_of_both(one, other, every)
    return bool(both) and all(
        any(True for _ in equals(left, [right], seconds=until - monotonic()))
        for left, right in ((choose(one, asked), choose(other, asked)) for asked in both)
    )


def _untouched(variant: Definition, base: Definition) -> bool:
    """Return whether a variant changes nothing of a base but its header, as it may."""
    same = variant.captures == base.captures and variant.exceptions == base.exceptions
    return same and base.id in variant.ancestors


def _changes_nothing(variant: Definition, every: Mapping[str, Definition]) -> bool:
    """Return whether a variant is one of its bases with another header: what equals that is its."""
    return any(_untouched(variant, every[name]) for name in variant.ancestors if name in every)


def _meant(one: Definition, other: Definition) -> bool:
    return one.same_as == other.id or other.same_as == one.id


def _same_line(one: Definition, other: Definition, every: Mapping[str, Definition]) -> bool:
    """Return whether both are said to be the same as a third, through however many."""
    reached, todo = {one.id}, [one.id]
    while todo:
        now = todo.pop()
        for definition in every.values():
            if now not in {definition.id, definition.same_as}:
                continue
            for name in (definition.id, definition.same_as):
                if name is not None and name not in reached:
                    reached.add(name)
                    todo.append(name)
    return other.id in reached
