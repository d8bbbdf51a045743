"""What the benches of tables judge: consignments of 31 flat facts, and consignments with uses.

Twelve definitions of eight comparisons each, as those of a debate are, and any number of variants
of them: each differs from one of the twelve in a clause or two. Columns are drawn from a seed; a
tenth of the facts is unknown.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import product
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel

from kprules.formula.definition import Definition, Judgement, choose
from kprules.formula.nodes import (
    All,
    AtLeast,
    Compare,
    Form,
    Member,
    Not,
    Path,
    Quantified,
)
from kprules.formula.nodes import (
    Any as AnyOf,
)
from kprules.records.shape import (
    BOOL,
    NUMBER,
    Field,
    ListOf,
    RecordShape,
    Scalar,
    Type,
    Vocabulary,
)

if TYPE_CHECKING:
    import polars as pl

ROWS = int(os.environ.get("BENCH_ROWS", "5000000"))
"""Rows of flat facts; of uses there are a fifth as many."""
UNKNOWN = 1 / 10
ENUMS = {
    f"{name}_{index}": Scalar("enum", tuple(f"{name[0]}{v}" for v in range(size)))
    for index, (name, size) in enumerate(
        product(("origin", "actor", "form", "aim", "act", "body"), (4, 8, 20))
    )
}
FLAGS = [f"flag_{index}" for index in range(8)]
AMOUNTS = [f"amount_{index}" for index in range(5)]


def _shape(name: str, fields: dict[str, Type]) -> RecordShape:
    return RecordShape(name, {n: Field(n, t) for n, t in fields.items()})


USE = _shape(
    "use",
    {
        "actor": Scalar("enum", ("rebel", "army", "government", "militia", "company", "trader")),
        "ally": Scalar("enum", ("rebel", "army", "government", "militia", "company", "none")),
        "pays_for": Scalar("enum", ("arms", "fighters", "army_budget", "state", "private")),
        "conflict": Scalar("enum", ("interstate", "intrastate", "non_state", "none")),
        "target": Scalar("enum", ("government", "other_state", "civilians", "none")),
        "direct": BOOL,
        "legitimate": BOOL,
        "deaths": NUMBER,
    },
)
FIELDS: dict[str, Type] = {
    **ENUMS,
    **dict.fromkeys(FLAGS, BOOL),
    **dict.fromkeys(AMOUNTS, NUMBER),
}


class Consignment(BaseModel):
    """What no definition asks about: the id."""

    consignment: str


CONSIGNMENT = RecordShape(
    "consignment",
    {name: Field(name, kind) for name, kind in {**FIELDS, "uses": ListOf("use")}.items()},
    model=Consignment,
)
CONSIGNMENTS = Vocabulary("consignment", CONSIGNMENT, {"consignment": CONSIGNMENT, "use": USE})


# --- definitions ----------------------------------------------------------------------------------


def _of(name: str) -> Path:
    return Path("", "consignment", (name,), CONSIGNMENT.fields[name].type)


def _use(name: str) -> Path:
    return Path("use", "use", (name,), USE.fields[name].type)


def _comparison(random: Random) -> Form:
    """Draw a comparison of a flat fact."""
    name = random.choice(list(FIELDS))
    match FIELDS[name]:
        case Scalar(kind="bool"):
            return Compare(_of(name), "is", random.random() < 2 / 3)
        case Scalar(kind="number"):
            return Compare(_of(name), random.choice([">=", "<"]), random.choice([25, 500, 1000]))
        case Scalar(values=values) if random.random() < 1 / 3:
            return Member(_of(name), frozenset(random.sample(values, 3)))
        case Scalar(values=values):
            form = Compare(_of(name), "is", random.choice(values))
            return form if random.random() < 3 / 4 else Not(form)
    raise AssertionError(name)


USES: dict[str, Form] = {
    "rebel": AnyOf((Compare(_use("actor"), "is", "rebel"), Compare(_use("ally"), "is", "rebel"))),
    "state": Member(_use("actor"), frozenset({"army", "government"})),
    "armed": Member(_use("actor"), frozenset({"rebel", "militia", "army"})),
    "arms": Member(_use("pays_for"), frozenset({"arms", "fighters", "army_budget"})),
    "war": Member(_use("conflict"), frozenset({"interstate", "intrastate"})),
    "government": Compare(_use("target"), "is", "government"),
    "civilians": Compare(_use("target"), "is", "civilians"),
    "legitimate": Compare(_use("legitimate"), "is", True),
    "direct": Compare(_use("direct"), "is", True),
    "deadly": Compare(_use("deaths"), ">=", 1000),
    "any deaths": Compare(_use("deaths"), ">=", 25),
    "not state": Not(Member(_use("actor"), frozenset({"army", "government"}))),
}


def _quantified(random: Random, parts: list[Form]) -> Quantified:
    how = random.choice(["some", "some", "some", "no", AtLeast(2)])
    return Quantified(how, "use", _of("uses"), None, All(tuple(parts)))


def flat_definitions(count: int, seed: int = 5) -> list[Judgement]:
    """Return twelve definitions of flat facts, and variants of them."""
    random = Random(seed)  # noqa: S311 - definitions to measure with are no secret
    return _variants(count, random, lambda: _comparison(random), 8, _grouped)


def list_definitions(count: int, seed: int = 5) -> list[Judgement]:
    """Return twelve definitions about uses, and variants: two flat clauses, five of uses."""
    random = Random(seed)  # noqa: S311 - as above
    entry = list(USES.values())
    return _variants(
        count,
        random,
        lambda: random.choice(entry),
        5,
        lambda parts: All((*FLAT_CLAUSES[:2], _quantified(random, parts))),
    )


def _grouped(parts: list[Form]) -> Form:
    """Return all of some parts: the first five, one of two more, and not another."""
    return All((*parts[:5], AnyOf(tuple(parts[5:7])), *parts[7:]))


def _variants(count: int, random: Random, draw: Any, size: int, make: Any) -> list[Judgement]:
    bases = [[draw() for _ in range(size)] for _ in range(min(12, count))]
    found: list[Judgement] = []
    for number in range(count):
        parts = list(bases[number % len(bases)])
        if number >= len(bases):
            for _ in range(random.randrange(1, 3)):
                parts[random.randrange(size)] = draw()
        form = make(parts)
        made = Definition(f"variant-{number}", "", "consignment", form, vocabulary=CONSIGNMENTS)
        found.append(choose(made))
    return found


FLAT_CLAUSES = [_comparison(Random(seed)) for seed in range(3)]  # noqa: S311 - as above


Counts = Sequence[Sequence[int]]
"""By definition: how many rows are not captured, undetermined, captured."""
_FIRST: dict[str, list[tuple[int, ...]]] = {}


def same(group: str, counts: Counts) -> None:
    """Hold what a side counted to what the first side of its group did."""
    found = [tuple(int(n) for n in row) for row in counts]
    assert found == _FIRST.setdefault(group, found)


# --- tables ---------------------------------------------------------------------------------------


def consignments(rows: int, *, uses: bool = False, seed: int = 3) -> pl.DataFrame:
    """Return so many consignments, as codes in memory; `uses`: each with 0 to 4 of them."""
    import polars as pl  # noqa: PLC0415 - the other benches need none

    random = np.random.default_rng(seed)
    names = [n for n in FIELDS if not uses or n in {_name(c) for c in FLAT_CLAUSES}]
    columns = {name: _column(random, FIELDS[name], rows) for name in names}
    if uses:
        lengths = random.integers(0, 5, rows)
        entries = int(lengths.sum())
        inner = pl.DataFrame(
            {name: _column(random, field.type, entries) for name, field in USE.fields.items()}
        )
        columns["uses"] = _listed(inner, lengths)
    return pl.DataFrame(columns)


def _listed(inner: pl.DataFrame, lengths: Any) -> pl.Series:
    import polars as pl  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415 - as above

    offsets = np.concatenate([[0], np.cumsum(lengths)])
    structs = inner.to_struct("use").to_arrow()
    listed = pa.LargeListArray.from_arrays(pa.array(offsets, pa.int64()), structs)
    return pl.Series("uses", pl.from_arrow(listed))


def _name(form: Form) -> str:
    match form:
        case Not(part):
            return _name(part)
        case Compare(left) | Member(left):
            return left.fields[-1]
    raise AssertionError(form)


def _column(random: Any, kind: Type, rows: int) -> pl.Series:
    import polars as pl  # noqa: PLC0415 - as above
    import pyarrow as pa  # noqa: PLC0415 - as above

    match kind:
        case Scalar(kind="bool"):
            made = pl.Series(random.random(rows) < 1 / 2)
        case Scalar(kind="number"):
            made = pl.Series(random.integers(0, 2000, rows).astype(np.int32))
        case Scalar(values=values):
            codes = random.integers(0, len(values), rows).astype(np.uint8)
            texts = pa.DictionaryArray.from_arrays(codes, pa.array(values))
            made = pl.Series(pl.from_arrow(texts)).cast(pl.Enum(list(values)))
        case _:
            raise AssertionError(kind)
    blank = pl.Series(random.random(rows) < UNKNOWN)
    return pl.select(pl.when(~blank).then(made)).to_series()
