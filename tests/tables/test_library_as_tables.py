"""The cases and meetings that ship have the same outcomes as rows of a table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from kprules import load_cases, load_rules
from kprules.evaluation.walker import Walker
from kprules.formula.definition import choose, judge
from kprules.records.settle import settle_case
from kprules.records.settled import NO_RECORD, ONGOING, UNKNOWN_RECORD, Incomplete, Settled
from kprules.records.shape import (
    DATE,
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Type,
    Vocabulary,
    slot,
)
from kprules.records.vocabulary import VOCABULARIES
from kprules.tables.kernel import Kernel


def arrow_type(kind: Type, vocabulary: Vocabulary) -> pa.DataType:
    """Return the Arrow type of a field."""
    match kind:
        case Scalar("bool"):
            return pa.bool_()
        case Scalar("number"):
            return pa.decimal128(20, 4)
        case Scalar() | Reference():
            return pa.string()
        case SetOf():
            return pa.list_(pa.string())
        case Period():
            return pa.struct([("from", pa.string()), ("to", pa.string())])
        case Nested(record):
            return struct_type(vocabulary.shape_of(record), vocabulary)
        case ListOf(record, keyed):
            inner = struct_type(vocabulary.shape_of(record), vocabulary)
            return pa.map_(pa.string(), inner) if keyed else pa.list_(inner)


def struct_type(shape: RecordShape, vocabulary: Vocabulary) -> pa.DataType:
    """Return the Arrow type of records of a shape."""
    return pa.struct([(n, arrow_type(f.type, vocabulary)) for n, f in shape.fields.items()])


def row(record: Settled, shape: RecordShape, vocabulary: Vocabulary) -> dict[str, Any]:
    """Return a settled record as a row; what a table cannot say becomes unknown in both."""
    made: dict[str, Any] = {}
    for name, field in shape.fields.items():
        value = getattr(record, slot(name))
        if isinstance(field.type, Period) and value is not UNKNOWN_RECORD and value.to is None:
            setattr(record, slot(name), UNKNOWN_RECORD)  # an unknown end makes the period null
            continue
        if value is not None and value is not UNKNOWN_RECORD:
            made[name] = cell(value, field.type, vocabulary)
            if isinstance(value, Incomplete):
                made.setdefault("incomplete", []).append(name)
    return made


def cell(value: Any, kind: Type, vocabulary: Vocabulary) -> Any:
    """Return a settled value as a table holds it."""
    match kind:
        case Scalar("number"):
            return Decimal(value)
        case Scalar("date"):
            return None if value == ONGOING else str(value)
        case SetOf():
            return list(value)
        case Reference():
            return "none" if value is NO_RECORD else value._key
        case Period():
            ends = {"from": value.from_, "to": value.to}
            return {n: cell(v, DATE, vocabulary) for n, v in ends.items() if v is not None}
        case Nested(record):
            return row(value, vocabulary.shape_of(record), vocabulary)
        case ListOf(record, keyed):
            shape = vocabulary.shape_of(record)
            entries = [(e._key, row(e, shape, vocabulary)) for e in value]
            return entries if keyed else [entry for _, entry in entries]
        case _:
            return value


@pytest.mark.parametrize("about", ["case", "meeting"])
def test_what_ships(about: str) -> None:
    """Every definition on every record: as a row what it is as a case."""
    vocabulary = VOCABULARIES[about]
    judgements = [choose(d) for d in load_rules().values() if d.about == about]
    records = [settle_case(case.record, vocabulary) for case in load_cases(about=about).values()]
    rows = [row(record, vocabulary.root, vocabulary) for record in records]
    fields = {n: arrow_type(f.type, vocabulary) for n, f in vocabulary.root.fields.items()}
    fields["incomplete"] = pa.list_(pa.string())
    table = pa.table({n: pa.array([r.get(n) for r in rows], t) for n, t in fields.items()})
    outcomes = Kernel(judgements, vocabulary).evaluate(table)
    assert outcomes.problems == ()
    truths = [[judge(j, Walker({"": r})) for r in records] for j in judgements]
    wanted = np.array([[int(t.certain) + int(t.possible) for t in line] for line in truths])
    found = np.array([outcomes.codes(i) for i in range(len(judgements))])
    parted = [(judgements[d].id, rows[r].get(about)) for d, r in np.argwhere(found != wanted)]
    assert parted == []
    assert {0, 1, 2} <= set(found.ravel().tolist()) or about == "meeting"
