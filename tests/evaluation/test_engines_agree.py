"""Every engine beside an oracle that shares no code with any, on drawn definitions and records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import oracle
import pytest
import reference
from drawn_records import record
from engines import ENGINES, evaluate_on
from hypothesis import given, note
from picks import Pick, fixed
from shop import Plain, settled
from strategies import example, examples, judgement

from kprules.evaluation.compiled import compile_outcomes
from kprules.evaluation.trace import Note, Value, outcome, traced
from kprules.formula import nodes as n
from kprules.formula.definition import Judgement

pytestmark = pytest.mark.no_cover  # the same lines over and over; other tests reach them

ENGINE = pytest.mark.parametrize("engine", ENGINES)


@given(examples)
def test_engines_and_oracle_agree(drawn: tuple[Judgement, Plain]) -> None:
    """Whatever the definition and the record, every engine says what the oracle says."""
    judged, plain = drawn
    note(f"{judged.captures}\nexcept {judged.exceptions}")
    found = {engine: evaluate_on(engine, judged, [settled(plain)])[0] for engine in ENGINES}
    assert set(found.values()) == {reference.outcome(judged, plain)}, found


@ENGINE
def test_a_thousand_examples(engine: str) -> None:
    """So it is on a thousand fixed examples, of which a fair share has each outcome."""
    outcomes = Counter[str]()
    for judged, records, expected in oracle.drawn(1000, 2):
        assert evaluate_on(engine, judged, records) == expected, judged
        outcomes.update(expected)
    assert min(outcomes.values()) > 150, outcomes


@ENGINE
def test_the_edges_of_each_construct(engine: str) -> None:
    """So it is for every definition at the edge of a construct, on every record there."""
    for judged, records, expected in oracle.at_edges():
        found = evaluate_on(engine, judged, records)
        wrong = [
            i for i, (one, other) in enumerate(zip(found, expected, strict=True)) if one != other
        ]
        assert not wrong, (judged, wrong)


def many(pick: Pick) -> tuple[list[Judgement], list[Plain]]:
    """Draw definitions to compile together, and records."""
    return [judgement(pick) for _ in range(8)], [record(pick) for _ in range(8)]


def test_definitions_compiled_together() -> None:
    """Definitions that share parts and lists in one function do not disturb each other."""
    for judgements, plains in fixed(many, 40, seed=3):
        compiled = compile_outcomes(judgements)
        for plain in plains:
            one = settled(plain)
            assert compiled(one) == tuple(outcome(j, one) for j in judgements)


# --- what the examples hold ---------------------------------------------------------------------

KINDS = (
    "constant", "value", "beside a fact", "order", "date", "none", "member", "includes any",
    "includes all", "overlaps", "known", "all", "any", "not", "some", "every", "no", "at least",
    "share", "with where",
)  # fmt: skip
TWO_VALUED = ("constant", "known")


def kinds(form: n.Form) -> Iterator[str]:
    """Name the kinds of a node."""
    match form:
        case n.Const():
            yield "constant"
        case n.Compare(left, op, right):
            if isinstance(right, n.Path):
                yield "beside a fact"
            elif right is n.NONE:
                yield "none"
            else:
                yield "value" if op == "is" else "order"
            if getattr(left.type, "kind", "") == "date":
                yield "date"
        case n.Includes(_, how):
            yield f"includes {how}"
        case n.Quantified(how, _, _, where):
            match how:
                case n.AtLeast():
                    yield "at least"
                case n.Share():
                    yield "share"
                case str():
                    yield how
            if where is not None:
                yield "with where"
        case _:
            yield type(form).__name__.lower()


def seen(note: Note) -> Iterator[tuple[str, Value]]:
    """Yield each kind of node beneath a note, with the truth it came to."""
    yield from ((kind, note.value) for kind in kinds(note.form))
    for part in note.parts:
        yield from seen(part)


def test_each_kind_of_node_is_seen_true_false_and_unknown() -> None:
    """Each in at least one example in twenty; the counts are printed."""
    count, counts = 1000, Counter[tuple[str, Value]]()
    for judged, plain in fixed(example, count):
        trace = traced(judged, settled(plain))
        counts.update({pair for top in (trace.captures, *trace.exceptions) for pair in seen(top)})
    print(f"\nof {count} examples, those with such a node that is true, false, unknown:")  # noqa: T201 - the run says so
    for kind in KINDS:
        print(f"{kind:15}", *(f"{counts[kind, value]:5}" for value in Value))  # noqa: T201 - as above
    few = {
        (kind, value): counts[kind, value]
        for kind in KINDS
        for value in Value
        if counts[kind, value] < count / 20 and not (kind in TWO_VALUED and value is Value.UNKNOWN)
    }
    assert not few
    assert {kind for kind, _ in counts} == set(KINDS)
