"""Definitions with clauses in clauses, and what the notes on a record tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from random import Random

import oracle
from edges import at, judgement
from shop import Plain, settled

from kprules.evaluation.reasons import decisive, reasons, unknowns
from kprules.evaluation.telling import Told
from kprules.evaluation.trace import traced
from kprules.formula.definition import Definition, Judgement, choose
from kprules.formula.nodes import All, Compare, Form, Not, Quantified, Said
from kprules.formula.nodes import Any as AnyOf
from kprules.records.settled import Settled

LABELLED = 0.4
"""How many of the parts are clauses of their own."""


def by_notes(one: Judgement, record: Settled) -> Told:
    """Return the reasons and the unknown facts as they are read off notes."""
    deciding = decisive(traced(one, record))
    vocabulary = one.definition.vocabulary
    return reasons(deciding, vocabulary), unknowns(deciding, vocabulary)


def labelled(count: int, seed: int) -> Iterator[tuple[Judgement, list[Settled]]]:
    """Yield drawn definitions of which parts have labels; two of three have exceptions."""
    random = Random(seed)
    drawn = oracle.drawn(count, seed)
    for number, (one, records, _) in enumerate(drawn):
        others = [random.choice(drawn)[0].captures for _ in range(number % 3)]
        definition = Definition(
            "labelled",
            "labelled",
            one.definition.about,
            _labelled(one.captures, random),
            tuple(_labelled(form, random) for form in others),
            vocabulary=one.definition.vocabulary,
        )
        more = [record for _, records, _ in random.sample(drawn, 3) for record in records]
        yield choose(definition), [*records, *more]


def beside() -> Iterator[tuple[Judgement, list[Settled]]]:
    """Yield entries that are told of by entries in them alone, by another name, or as beyond none.

    And definitions of no vocabulary: what a field holds is seen by the record.
    """
    is_open = Compare(at("open", "y", "piece"), "is", True)
    other = Compare(at("open", "y", "item"), "is", True)
    same = Compare(at("maker.colour", "x", "item"), "is", at("owner.colour"))
    bodies = (
        Quantified("some", "y", at("pieces", "x", "item"), None, is_open),
        Quantified("some", "y", at("items"), None, other),
        Not(same),
        Quantified("some", "y", at("items"), None, Compare(at("open", "x", "item"), "is", True)),
    )
    records: list[Plain] = [
        {"items": [{"pieces": [{"open": True}], "maker": "none"}], "owner": "none"},
        {"items": [{"open": True, "maker": "none"}]},
        {"items": [{"open": False}, {"open": True}], "owner": "none"},
        {"items": [{"maker": "m"}], "makers": {"m": {"colour": "red"}}, "owner": "m"},
        {},
    ]
    for body in bodies:
        form = Quantified("some", "x", at("items"), None, body)
        yield judgement(form), [settled(record) for record in records]
    colour = Compare(at("owner.colour"), "is", "red")
    shelf = Compare(at("site.size"), ">=", 1)
    for fact in (colour, shelf):
        bare = Definition("bare", "bare", "shop", fact)
        yield choose(bare), [settled(record) for record in records]


def _labelled(form: Form, random: Random) -> Form:
    """Return a form of which some parts have labels, some of them the same."""
    match form:
        case All(parts) | AnyOf(parts):
            form = replace(form, parts=tuple(_labelled(part, random) for part in parts))
        case Not(part):
            form = replace(form, part=_labelled(part, random))
        case Quantified(where=where, has=has):
            chosen = None if where is None else _labelled(where, random)
            form = replace(form, where=chosen, has=_labelled(has, random))
        case _:
            pass
    if random.random() >= LABELLED:
        return form
    label = random.choice("abcdefgh")
    return replace(form, said=Said(label, f"the words of {label}", "somebody's", reading=label))
