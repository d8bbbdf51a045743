"""Row groups that unpack to too much are refused before they are unpacked."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from running import Run

from kprules.library.table_files import reading, row_groups

assert reading.LARGEST_GROUP == row_groups.LARGEST_GROUP  # it took the limit before tests lower it
LONG = "x" * 1000
ROWS = 2000


def _repeated(texts: list[str], codes: list[int | None]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(texts))


def _write(column: pa.Array, name: str) -> None:
    table = pa.table({"case": [f"a-{i}" for i in range(len(column))], name: column})
    pq.write_table(table, "t.parquet", store_schema=False)


LARGE: dict[str, tuple[str, Any]] = {
    "texts": ("goods.form", lambda: _repeated([LONG], [0] * ROWS)),
    "texts in lists": (
        "links",
        lambda: pa.ListArray.from_arrays(
            pa.array(range(ROWS + 1), pa.int32()),
            pa.StructArray.from_arrays([_repeated([LONG], [0] * ROWS)], ["actor"]),
        ),
    ),
}


@pytest.mark.parametrize("what", LARGE)
def test_long_texts_that_a_dictionary_repeats_are_refused(
    what: str, judged: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a few bytes of a file, more lies than fits into memory."""
    monkeypatch.setattr(row_groups, "LARGEST_GROUP", 1 << 20)
    name, make = LARGE[what]
    _write(make(), name)
    assert Path("t.parquet").stat().st_size < 100_000
    ended = judged("t.parquet")
    assert ended.code == 2
    assert "t.parquet: row group 1 unpacks to" in ended.err
    assert len(ended.err.strip().splitlines()[-1]) < 200


def test_a_long_text_that_is_said_once_is_read(
    judged: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said is counted, and not what might be."""
    monkeypatch.setattr(row_groups, "LARGEST_GROUP", 1 << 20)
    _write(_repeated(["rough", LONG * 300], [0] * (ROWS - 1) + [1]), "goods.form")
    ended = judged("t.parquet", "--on-error", "skip", "--rejects", "r.jsonl")
    assert f"{ROWS:,} rows read: {ROWS - 1:,} judged + 1 rejected" in ended.out + ended.err


@pytest.mark.parametrize("what", LARGE)
def test_long_texts_that_are_said_by_their_differences_are_refused(
    what: str, judged: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Texts that begin alike take a few bytes each, whatever their length."""
    monkeypatch.setattr(row_groups, "LARGEST_GROUP", 1 << 20)
    texts = pa.array([f"{LONG}{i}" for i in range(ROWS)])
    name, column = "goods.form", texts
    if what == "texts in lists":
        links = pa.StructArray.from_arrays([texts], ["actor"])
        name, column = (
            "links",
            pa.ListArray.from_arrays(pa.array(range(ROWS + 1), pa.int32()), links),
        )
    leaf = "links.list.element.actor" if name == "links" else name
    table = pa.table({"case": [f"a-{i}" for i in range(ROWS)], name: column})
    pq.write_table(
        table,
        "t.parquet",
        use_dictionary=False,
        column_encoding={"case": "PLAIN", leaf: "DELTA_BYTE_ARRAY"},
    )
    assert Path("t.parquet").stat().st_size < 100_000
    ended = judged("t.parquet")
    assert ended.code == 2
    assert "t.parquet: row group 1 unpacks to" in ended.err
    monkeypatch.setattr(row_groups, "LARGEST_GROUP", 1 << 22)
    assert "unpacks" not in judged("t.parquet").err
