"""The kernel's surface: tables of every house, batches to batches, columns needed."""

from __future__ import annotations

from random import Random

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from drawn_records import record
from picks import fixed
from shop import SHOP, settled
from shop_tables import Encoding, table, tabular
from strategies import judgement

from kprules.evaluation.compiled import compile_numbers
from kprules.formula import nodes as n
from kprules.formula.definition import Definition, choose
from kprules.formula.paths import path_to
from kprules.tables import MissingExtraError, require
from kprules.tables.kernel import Kernel
from kprules.tables.outcomes import NAMES, unpacked

JUDGEMENTS = [judgement(Random(i).randrange, name=f"drawn-{i}") for i in range(30)]
PLAINS = [tabular(plain) for plain in fixed(record, 150, seed=9)]
WANTED = np.array([compile_numbers(JUDGEMENTS)(settled(p)) for p in PLAINS]).T


def codes(kernel: Kernel, data: object) -> np.ndarray:
    """Return the codes of all definitions on a table."""
    outcomes = kernel.evaluate(data)
    return np.array([outcomes.codes(i) for i in range(len(outcomes.definitions))])


def test_polars() -> None:
    """A Polars table, with its views and large lists, is judged as Arrow's is."""
    frame = pl.DataFrame(pl.from_arrow(table(PLAINS, Encoding())))
    assert (codes(Kernel(JUDGEMENTS, SHOP), frame) == WANTED).all()


def test_polars_enumerations() -> None:
    """Polars' Enum and Categorical are read by their codes, whatever order they are in."""
    form = n.Compare(n.Path("", "shop", ("colour",), SHOP.root.fields["colour"].type), "is", "red")
    kernel = Kernel([choose(Definition("red-one", "", "shop", form))], SHOP)
    column = pl.Series("colour", ["blue", None, "red", "green", "red"])
    for kind in (pl.Enum(["green", "red", "blue", "none"]), pl.Categorical, pl.String):
        frame = column.cast(kind).to_frame()
        assert kernel.evaluate(frame).codes(0).tolist() == [0, 1, 2, 0, 2]
        assert kernel.evaluate(frame[3:]).codes(0).tolist() == [0, 2]


def test_pandas() -> None:
    """A pandas table is judged through Arrow."""
    pytest.importorskip("pandas")
    form = n.Compare(n.Path("", "shop", ("size",), SHOP.root.fields["size"].type), ">", 1)
    kernel = Kernel([choose(Definition("size-one", "", "shop", form))], SHOP)
    frame = pa.table({"size": [1.0, None, 2.5], "name": ["a", "b", "c"]}).to_pandas()
    assert kernel.evaluate(frame).codes(0).tolist() == [0, 1, 2]


def test_another_house() -> None:
    """What is no table is refused in one line."""
    with pytest.raises(TypeError, match=r"Arrow, Polars or pandas is needed, and not list"):
        Kernel(JUDGEMENTS, SHOP).evaluate([1])


def test_counts_without_outcomes() -> None:
    """Counting keeps no outcome, and counts the same; long lists and bad rows too."""
    kernel = Kernel(JUDGEMENTS, SHOP, block_rows=64)
    data = table(PLAINS, Encoding(chunk=50))
    wanted = np.stack([(code == WANTED).sum(axis=1) for code in range(3)], axis=1)
    assert (kernel.counts(data) == wanted).all()
    assert (kernel.evaluate(data).counts() == wanted).all()


def test_stream_of_batches() -> None:
    """Batches are judged one by one, by one program as far as they are alike."""
    kernel = Kernel(JUDGEMENTS, SHOP)
    data = table(PLAINS, Encoding())
    parts = list(kernel.stream(data.to_batches(max_chunksize=37)))
    assert [part.rows for part in parts] == [37, 37, 37, 37, 2]
    found = np.concatenate([[p.codes(i) for i in range(30)] for p in parts], axis=1)
    assert (found == WANTED).all()


def test_batch_to_batch() -> None:
    """A batch comes back as its ids and a column of names a definition, or one packed column."""
    kernel = Kernel(JUDGEMENTS, SHOP)
    data = table(PLAINS, Encoding()).append_column("key", pa.array(range(150)))
    batch = data.to_batches()[0]
    named = kernel.batch(batch, id_column="key")
    assert named.schema.names == ["key", *[j.id for j in JUDGEMENTS]]
    assert named.column(0).to_pylist() == list(range(150))
    assert named.column(3).to_pylist() == [NAMES[code] for code in WANTED[2]]
    packed = kernel.batch(batch, id_column="key", form="packed")
    assert packed.schema.names == ["key", "outcomes"]
    whole = pa.chunked_array([packed.column(1)[:64], packed.column(1)[64:]])
    for column in (packed.column(1), packed.column(1).cast(pa.binary()), whole):
        found = np.array([unpacked(column, i) for i in range(30)])
        assert (found == WANTED).all()


def test_columns_needed() -> None:
    """The columns that outcomes depend on are named beforehand, through lists and references."""
    item = SHOP.shape_of("item")
    maker = SHOP.shape_of("maker")
    has = n.All(
        (
            n.Compare(n.Path("x", "item", ("maker", "size"), maker.fields["size"].type), ">", 1),
            n.Overlaps(
                n.Path("x", "item", ("trading",), item.fields["trading"].type),
                n.Path("", "shop", ("lease",), SHOP.root.fields["lease"].type),
            ),
        )
    )
    form = n.Quantified(
        "some", "x", n.Path("", "shop", ("items",), SHOP.root.fields["items"].type), None, has
    )
    kernel = Kernel([choose(Definition("made-one", "", "shop", form))], SHOP)
    assert kernel.leaves == (
        "incomplete", "items", "items.maker", "items.maker.size", "items.trading.from",
        "items.trading.to", "lease.from", "lease.to", "makers", "makers.id", "makers.size",
    )  # fmt: skip
    assert kernel.columns == ("incomplete", "items", "lease", "makers")


def test_only_columns_needed_matter() -> None:
    """A table cut down to the columns needed gives the same outcomes."""
    data = table(PLAINS, Encoding())
    for index, one in enumerate(JUDGEMENTS[:10]):
        kernel = Kernel([one], SHOP)
        kept = data.select([c for c in data.column_names if c in kernel.columns])
        found = kernel.evaluate(kept)
        if kept.num_columns:
            assert (found.codes(0) == WANTED[index]).all()


def test_no_definition_and_no_column() -> None:
    """No definition at all, and definitions that look at nothing, judge tables too."""
    data = pa.table({"colour": ["red", "blue"]})
    assert Kernel([], SHOP).evaluate(data).counts().shape == (0, 3)
    always = choose(Definition("always-one", "", "shop", n.Const(value=True)))
    assert Kernel([always], SHOP).counts(data).tolist() == [[0, 0, 2]]
    assert Kernel([always], SHOP).evaluate(pl.DataFrame({"name": ["a"] * 9})).counts().tolist() == [
        [0, 0, 9]
    ]


def test_blocks_are_whole_bytes() -> None:
    """A block that ends inside a byte is refused."""
    with pytest.raises(ValueError, match="multiple of eight"):
        Kernel(JUDGEMENTS, SHOP, block_rows=12)


def test_what_to_install() -> None:
    """A missing library is one line that says what to install."""
    require()
    with pytest.raises(
        MissingExtraError, match=r"nosuchlib not installed: pip install 'kprules\[tables\]'"
    ):
        require("tables", ("numpy", "nosuchlib"))


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        (("m-1", "m-1"), 2),
        (("m-1", "m-2"), 0),
        (("m-1", None), 1),
        ((None, None), 1),
        (None, 1),
    ],
    ids=str,
)
def test_records_inlined_without_an_id(
    ids: tuple[str | None, str | None] | None, expected: int
) -> None:
    """What they hold is read; which record each is, is unknown, and so whether it is the other."""
    kind = pa.struct([("size", pa.int64()), *([] if ids is None else [("id", pa.string())])])
    held = [{"size": 1, **({} if ids is None else {"id": id_})} for id_ in ids or (None, None)]
    batch = pa.RecordBatch.from_pydict(
        {name: pa.array([one], kind) for name, one in zip(("owner", "rival"), held, strict=True)}
    )
    owner, rival, size = (
        path_to(SHOP, "", "shop", names) for names in (["owner"], ["rival"], ["owner", "size"])
    )
    forms = (n.Compare(owner, "is", rival), n.Compare(size, "is", 1))
    judgements = [choose(Definition(f"d-{i}", "", "shop", f)) for i, f in enumerate(forms)]
    outcomes = Kernel(judgements, SHOP).evaluate(batch)
    assert [outcomes.codes(i).tolist() for i in (0, 1)] == [[expected], [2]]


@pytest.mark.parametrize("name", ["colour", "name"])
def test_null_in_a_dictionary_is_unknown(name: str) -> None:
    """Arrow counts it among no nulls of the column."""
    path = path_to(SHOP, "", "shop", [name])
    value = (*getattr(path.type, "values", ()), "a")[0]
    codes = pa.array([0, 1], pa.int8())
    rows = pa.table({name: pa.DictionaryArray.from_arrays(codes, pa.array([value, None]))})
    forms = (n.Compare(path, "is", value), n.Known(path))
    judgements = [choose(Definition(f"d-{i}", "", "shop", f)) for i, f in enumerate(forms)]
    outcomes = Kernel(judgements, SHOP).evaluate(rows)
    assert [outcomes.codes(i).tolist() for i in (0, 1)] == [[2, 1], [2, 0]]
