"""What is summed over a table: repeated ids, agreement, and what was foretold of it."""

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from running import Run

from kprules.comparison import table_tally
from kprules.comparison.table_tally import Tally
from kprules.comparison.tables import Block
from kprules.library.table_files import seen
from kprules.library.table_files.seen import Seen
from kprules.tables.outcomes import Outcomes


def test_repeated_ids_are_found_however_many_rows_wait_on_disk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows held in memory and rows spilled to files give the same; null repeats nothing."""
    ids = pl.Series(["a", "b", None, "a", "c", None, "b", "a"])
    plain = Seen()
    plain.add(ids, 0)
    assert plain.repeated().tolist() == [3, 6, 7]
    monkeypatch.setattr(seen, "_HELD", 2)
    spilled = Seen()
    for begin, end in pairwise([0, 3, 4, 8]):
        spilled.add(ids[begin:end], begin)
    assert spilled.repeated().tolist() == [3, 6, 7]


def _block(codes: np.ndarray) -> Block:
    planes = np.stack(
        [np.stack([np.packbits(c >= least, bitorder="little") for least in (2, 1)]) for c in codes]
    )
    names = tuple(f"d-{i}" for i in range(len(codes)))
    outcomes = Outcomes(names, codes.shape[1], planes)
    ids = pa.array([f"row {i}" for i in range(codes.shape[1])])
    return Block("t", pa.record_batch({"id": ids}), ids, outcomes, (), 0, 1.0)


@pytest.mark.parametrize("rows", [1, 7, 8, 63, 64, 65, 1000])
@pytest.mark.parametrize("old_numpy", [False, True])
def test_agreement_is_that_of_the_rows_counted_one_by_one(
    rows: int, old_numpy: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every cell of every pair's table is the number of rows with both outcomes."""
    if old_numpy:
        monkeypatch.delattr(np, "bitwise_count", raising=False)
    codes = np.random.default_rng(rows).integers(0, 3, (3, rows))
    tally = Tally(("d-0", "d-1", "d-2"))
    tally.add(_block(codes[:, : rows // 2]))
    tally.add(_block(codes[:, rows // 2 :]))
    for first, second in ((0, 1), (0, 2), (1, 2)):
        expected = np.zeros((3, 3), int)
        np.add.at(expected, (codes[first], codes[second]), 1)
        assert tally.table(first, second).tolist() == expected.tolist()
    split = ((codes == 2).any(axis=0) & (codes == 0).any(axis=0)).sum()
    assert tally.split == split
    assert len(tally.splits) == min(split, table_tally.FEW_SPLIT)


def test_what_was_foretold_to_be_undetermined_is(kprules: Run, here: Path) -> None:
    """Each definition named, beforehand or after, is undetermined in every row; all such are."""
    rows = {"case": ["a-1", "a-2"], "goods.material": ["gold", "diamond"]}
    pq.write_table(pa.table(rows), "t.parquet")
    ended = kprules("eval", "t.parquet", "--format", "json")
    counts = {d["id"]: d["counts"]["undetermined"] for d in json.loads(ended.out)["definitions"]}
    told = set(ended.err.replace(",", " ").split()) & set(counts)
    assert told == {name for name, count in counts.items() if count == 2}
