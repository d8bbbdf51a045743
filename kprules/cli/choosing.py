"""From what was typed to what is judged: conditions, parties, readings, days.

Guarantee: a name that nothing bears is refused with the nearest one; an empty selection is refused.
A line in here touches names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import click

from kprules.cli.ending import Cannot
from kprules.cli.loading import Library
from kprules.cli.options import Asked, Chosen
from kprules.comparison.conditions import Conditions, covers, in_force
from kprules.comparison.matrix import Subject, settle
from kprules.diagnostics import did_you_mean
from kprules.evaluation.trace import Value
from kprules.formula.definition import Definition
from kprules.library.cases import LoadedCase
from kprules.reports.text import several


def conditions(library: Library, asked: Asked) -> Conditions:
    """Return the conditions of an evaluation, or refuse a name in them."""
    if asked.reading and asked.readings == "all":
        raise click.UsageError("--reading names one reading, and --readings all asks for every one")
    if asked.view is not None:
        refuse_unknown(asked.view, library.parties())
    readings: dict[str, str] = {}
    for where, name in (_reading(library, text) for text in asked.reading):
        if readings.setdefault(where, name) != name:
            raise click.UsageError(
                f"`{where}` is read as `{readings[where]}` and as `{name}`: one --reading each"
            )
    return Conditions(asked.standard, asked.view, asked.readings, readings, asked.closed)


def refuse_unknown(party: str, parties: Collection[str]) -> None:
    """Refuse the view of a party that no record names."""
    if party not in parties:
        hint = did_you_mean(party, parties)
        raise Cannot(f"no record names the party `{party}`{hint and '; ' + hint}")


def _reading(library: Library, text: str) -> tuple[str, str]:
    where, equals, name = text.partition("=")
    owner, dot, label = where.partition(".")
    if not equals or not dot:
        raise click.UsageError(f"--reading is DEFINITION.LABEL=NAME, and not `{text}`")
    readings = library.definition(owner).readings
    if label not in readings:
        known = several([f"`{r}`" for r in readings]) or "none"
        raise Cannot(
            f"no words of `{owner}` called `{label}` have readings; "
            + (did_you_mean(label, readings) or f"those that have: {known}")
        )
    if name not in readings[label]:
        known = several([f"`{n}`" for n in readings[label]], "or")
        raise Cannot(f"`{owner}.{label}` has no reading `{name}`; write {known}")
    return where, name


def definitions(library: Library, chosen: Chosen, named: Sequence[str] = ()) -> list[Definition]:
    """Return the definitions chosen, or refuse to judge by none; with ids `named`, no others."""
    found = library.chosen_definitions(chosen.only, chosen.about, named)
    if chosen.in_force is not None:
        found = in_force(found, chosen.in_force)
    if not found:
        when = f" in force on {chosen.in_force}" if chosen.in_force else ""
        raise Cannot(f"no definition about a {chosen.about} was chosen{when}")
    return found


def subject(case: LoadedCase) -> Subject:
    """Return a case as a matrix takes it."""
    return Subject(case.id, case.title, case.record, case.digest)


def subjects(
    library: Library,
    named: Sequence[str],
    chosen: Chosen,
    judged_by: Definition,
    asked: Conditions,
) -> list[Subject]:
    """Return the cases chosen, or refuse to judge none."""
    cases = library.chosen_cases(named, chosen.about)
    found = [subject(case) for case in cases]
    if chosen.as_of is not None:
        day = chosen.as_of
        covered = [
            (s, covers(settle(s.record, judged_by, asked), judged_by.vocabulary, day))
            for s in found
        ]
        found = [
            replace(s, surely=value is Value.TRUE)
            for s, value in covered
            if value is not Value.FALSE
        ]
    if not found:
        when = f" at {chosen.as_of}" if chosen.as_of else ""
        raise Cannot(f"no {chosen.about} was chosen{when}")
    return found
