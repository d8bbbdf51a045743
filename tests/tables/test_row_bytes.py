"""CSV that is wrong amid the file: one row is refused for it, and all others are read."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from running import Run

from kprules.library.table_files import row_bytes
from kprules.library.table_files.recognised import TableFileError
from kprules.library.table_files.row_bytes import RowBytes, Stretch
from kprules.library.table_files.separated import csv_parts

ROWS = st.lists(
    st.sampled_from(
        [b"a", b",", b'"', b'""', b"\n", b"\r\n", b"\xc3\xa9", b"\xff", b'x,"y', b"b,c\n"]
    ),
    max_size=40,
).map(b"".join)  # fmt: skip


@contextmanager
def _sizes(chunk: int, slowly: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_bytes, "_CHUNK", chunk)
        patch.setattr(row_bytes, "_SLOWLY", slowly)
        yield


@contextmanager
def _file(rows: bytes) -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(b"h,i\n" + rows)
        yield path


def _plainly(text: bytes) -> Iterator[tuple[list[bytes], bytes]]:
    """Yield each row's cells and what is wrong with it, by a walk from sign to sign."""
    at = 0
    while at < len(text):
        if text[at] in b"\r\n":
            at += 1
            continue
        begin, cells, fault = at, [], b""
        while True:
            cell = bytearray()
            if text[at : at + 1] == b'"':
                opens, at = at, at + 1
                while text[at : at + 1] not in {b"", b'"'} or text[at : at + 2] == b'""':
                    step = 2 if text[at : at + 1] == b'"' else 1
                    cell.append(text[at])
                    at += step
                crosses = any(sign in text[opens:at] for sign in (b"\r", b"\n"))
                behind = text[at + 1 : at + 2]
                if at >= len(text) or (crosses and behind not in {b"", b",", b"\r", b"\n"}):
                    fault, at = b"open", opens
                    while at < len(text) and text[at] not in b"\r\n":
                        at += 1
                    break
                at += 1
            while at < len(text) and text[at] not in b",\r\n":
                cell.append(text[at])
                at += 1
            cells.append(bytes(cell))
            if text[at : at + 1] != b",":
                break
            at += 1
        if not fault and len(cells) != 2:
            fault = b"ragged"
        if not fault and not all(_is_text(cell) for cell in cells):
            fault = b"bytes"
        yield cells, fault
        assert at > begin or fault


def _is_text(cell: bytes) -> bool:
    return cell.decode(errors="replace").encode() == cell


@given(ROWS, st.sampled_from([1, 3, 7, 16]), st.sampled_from([1, 2, 9]))
@example(b'a,"x\nb,c\nd,"y"\ne,f\n', 7, 1)
def test_rows_are_told_apart_alike_by_the_block_and_one_by_one(
    rows: bytes, chunk: int, slowly: int
) -> None:
    """Wherever blocks end."""

    def faults(stretches: Iterator[Stretch]) -> list[tuple[object, object]]:
        return [(part.row, part.fault) for part in stretches if part.row is not None]

    with _file(rows) as path:
        with _sizes(1, 1 << 20):
            singly = faults(RowBytes(path, ",").stretches(4, 2))
        with _sizes(chunk, slowly):
            assert faults(RowBytes(path, ",").stretches(4, 2)) == singly


@given(ROWS, st.sampled_from([1, 7, 1 << 23]))
@example(b'a,"x\nb,c\nd,"y"\ne,f\n', 1 << 23)
def test_every_row_is_read_or_refused_with_its_number(rows: bytes, chunk: int) -> None:
    """As a plain walk from sign to sign finds them."""
    wanted = list(_plainly(rows))
    with _file(rows) as path, _sizes(chunk, 9):
        parts = list(csv_parts(path, ["h", "i"], skip=True))
    read = {
        int(number): tuple((column[i].as_py() or "").encode() for column in batch.columns)
        for batch, numbers, _, _ in parts
        for i, number in enumerate(numbers)
    }
    refused = [number for _, _, bad, _ in parts for number, _, _ in bad]
    assert sorted([*read, *refused]) == list(range(len(wanted)))
    assert read == {n: tuple(cells) for n, (cells, fault) in enumerate(wanted) if not fault}


TABLE = b"""case,goods.material,goods.form,goods.carats
a-1,diamond,rough,1
a-2,"diamond,rough,2
a-3,diamond,rough,3
a-4,"diamond",rough,4
a-5,diamond,"ro
ugh",5
a-6,\xe9,rough
a-7,diamond,rough,7
a-8,diamond,"rough,8
a-9,diamond,rough,9
"""


def test_an_open_mark_and_a_ragged_row_of_other_bytes_are_a_row_each(
    judged: Run, here: Path
) -> None:
    """What was read is what was judged and what was rejected."""
    Path("t.csv").write_bytes(TABLE)
    ended = judged("t.csv", "--on-error", "skip", "--rejects", "r.jsonl", "-o", "out.csv")
    assert ended.code == 0, ended.err
    rejects = [json.loads(line) for line in Path("r.jsonl").read_text().splitlines()]
    open_ = "a quotation mark is never closed; it opens in column"
    assert {r["row"]: r["why"] for r in rejects} == {
        2: [f"{open_} `goods.material`"],
        5: ["column `goods.form`: values outside the list"],
        6: ["3 cells where the header has 4"],
        8: [f"{open_} `goods.form`"],
    }
    assert {r["row"]: r.get("text") for r in rejects}[2] == 'a-2,"diamond,rough,2'
    judged_ids = [row.split(",")[0] for row in Path("out.csv").read_text().splitlines()[1:]]
    assert judged_ids == [f'"a-{n}"' for n in (1, 3, 4, 7, 9)]
    assert "9 rows read: 5 judged + 4 rejected" in ended.out + ended.err


def test_the_first_of_them_stops_a_run_that_is_not_to_skip_any(judged: Run, here: Path) -> None:
    """With the row and the column in which the mark opens."""
    Path("t.csv").write_bytes(TABLE)
    ended = judged("t.csv")
    assert ended.code == 2
    assert "row 2: a quotation mark is never closed; it opens in column `goods.mat" in ended.err


@pytest.mark.parametrize("mark", ["", '"'])
@pytest.mark.parametrize("skip", [False, True])
def test_a_row_that_is_too_long_is_one_row(
    mark: str, tmp_path: Path, *, skip: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file and number are named, or it is set apart."""
    monkeypatch.setattr(row_bytes, "LONGEST_ROW", 100)
    monkeypatch.setattr(row_bytes, "_CHUNK", 50)
    path = tmp_path / "t.csv"
    long = mark + "x" * 200 + mark
    path.write_text(f"case,title\na,b\nb,{long}\nc,d\n")
    if not skip:
        with pytest.raises(TableFileError, match=r"t\.csv: row 2: it is longer than"):
            list(csv_parts(path, ["case"], skip=False))
        return
    parts = list(csv_parts(path, ["case"], skip=True))
    assert [n for _, numbers, _, _ in parts for n in numbers] == [0, 2]
    assert [n for _, _, bad, _ in parts for n, _, _ in bad] == [1]


def test_a_header_that_has_no_end_is_refused(judged: Run, here: Path) -> None:
    """It would take the whole file for the name of a column."""
    Path("t.csv").write_text('case,"goods.form\na-1,rough\n')
    ended = judged("t.csv")
    assert ended.code == 2
    assert "t.csv: the header has no end" in ended.err
