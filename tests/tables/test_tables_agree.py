"""The table engine says what the evaluator says, row by row, whatever the table looks like."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import drawn_records
import numpy as np
import pytest
from drawn_records import NO_GAPS, Gaps, record
from hypothesis import given, settings
from hypothesis import strategies as st
from picks import drawn
from shop import SHOP, Plain, settled
from shop_tables import Encoding, drawn_encoding, table, tabular
from strategies import judgement

from kprules.evaluation.compiled import compile_numbers
from kprules.evaluation.walker import Walker
from kprules.formula.definition import Judgement, judge
from kprules.records.settled import Settled
from kprules.tables import slots
from kprules.tables.kernel import Kernel

pytestmark = pytest.mark.no_cover  # the same lines over and over; other tests reach them

USUAL = Gaps()
BLANK = Gaps(facts=70, lists=50, entries=30)
"""Records of which little is known."""


def walked(judgements: Sequence[Judgement], records: Sequence[Settled]) -> np.ndarray:
    """Return 0, 1 or 2 for each definition and record, by the plain evaluator."""
    truths = [[judge(j, Walker({"": r})) for r in records] for j in judgements]
    return np.array([[int(t.certain) + int(t.possible) for t in row] for row in truths])


def compiled(judgements: Sequence[Judgement], records: Sequence[Settled]) -> np.ndarray:
    """Return 0, 1 or 2 for each definition and record, by the compiled evaluator."""
    numbers = compile_numbers(judgements)
    return np.array([numbers(r) for r in records]).T


def on_table(kernel: Kernel, plains: Sequence[Plain], encoding: Encoding) -> np.ndarray:
    """Return 0, 1 or 2 for each definition and record, by the table engine."""
    outcomes = kernel.evaluate(table(plains, encoding))
    assert [p for p in outcomes.problems if p.is_error] == []
    assert not len(outcomes.rejected)
    found = np.array([outcomes.codes(i) for i in range(len(outcomes.definitions))])
    by_code = np.stack([(found == code).sum(axis=1) for code in range(3)], axis=1)
    assert (outcomes.counts() == by_code).all()
    return found


def differences(found: np.ndarray, wanted: np.ndarray) -> list[tuple[int, int]]:
    """Return the first few definitions and rows on which two engines part."""
    return [(int(d), int(r)) for d, r in np.argwhere(found != wanted)[:5]]


def definitions(random: Random, count: int) -> list[Judgement]:
    """Draw definitions of every construct."""
    return [judgement(random.randrange, name=f"drawn-{i}") for i in range(count)]


def records(random: Random, count: int, gaps: Gaps = USUAL) -> list[Plain]:
    """Draw plain records that a table can hold."""
    return [tabular(drawn_records._Drawer(random.randrange, gaps).shop({})) for _ in range(count)]


@pytest.mark.parametrize("rows", [0, 1, 7, 8, 9, 63, 64, 65, 127, 128, 129, 191, 192, 193])
def test_sizes_around_words_and_blocks(rows: int) -> None:
    """Tables that end inside a byte, a word or a block, or at their edge, lose and gain no row."""
    random = Random(rows)
    judgements, plains = definitions(random, 40), records(random, rows)
    kernel = Kernel(judgements, SHOP, block_rows=64)
    encoding = drawn_encoding(random.randrange)
    found = on_table(kernel, plains, encoding)
    assert found.shape == (40, rows)
    assert differences(found, walked(judgements, [settled(p) for p in plains])) == []


@pytest.mark.parametrize("seed", range(16))
def test_encodings(seed: int) -> None:
    """Dictionaries, maps, large lists, views, decimals, dotted names, slices, chunks: the same."""
    random = Random(100 + seed)
    judgements, plains = definitions(random, 30), records(random, 150)
    encoding = drawn_encoding(random.randrange)
    kernel = Kernel(judgements, SHOP, block_rows=64 if seed % 2 else None)
    wanted = compiled(judgements, [settled(p) for p in plains])
    assert differences(on_table(kernel, plains, encoding), wanted) == [], encoding


@pytest.mark.parametrize("gaps", [NO_GAPS, BLANK], ids=["nothing unknown", "little known"])
@pytest.mark.parametrize("seed", range(3))
def test_what_is_known(seed: int, gaps: Gaps) -> None:
    """Tables without a null, whose nulls are foreseen, and tables of little but nulls."""
    random = Random(200 + seed)
    judgements, plains = definitions(random, 60), records(random, 130, gaps)
    encoding = drawn_encoding(random.randrange, whole_days=gaps is NO_GAPS)
    wanted = compiled(judgements, [settled(p) for p in plains])
    found = on_table(Kernel(judgements, SHOP), plains, encoding)
    assert differences(found, wanted) == []


@pytest.mark.parametrize("most", [0, 1, 2])
def test_lists_too_long_for_slots(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows whose lists do not fit into slots are judged end to end, and say the same."""
    monkeypatch.setattr(slots, "MOST_SLOTS", most)
    random = Random(300 + most)
    judgements, plains = definitions(random, 80), records(random, 200)
    wanted = compiled(judgements, [settled(p) for p in plains])
    kernel = Kernel(judgements, SHOP, block_rows=64)
    assert differences(on_table(kernel, plains, Encoding()), wanted) == []


def test_one_long_list_among_short_ones() -> None:
    """One row with hundreds of items, one of them with hundreds of pieces, changes no other."""
    random = Random(4)
    judgements, plains = definitions(random, 30), records(random, 60)
    entry = {"size": 1, "colour": "red", "maker": "none"}
    plains[31] = {
        **plains[31],
        "items": [{**entry, "pieces": [entry] * (300 if i == 7 else i % 3)} for i in range(250)],
    }
    wanted = walked(judgements, [settled(p) for p in plains])
    kernel = Kernel(judgements, SHOP)
    assert differences(on_table(kernel, plains, Encoding()), wanted) == []


@pytest.mark.parametrize("seed", range(3))
def test_references_inlined(seed: int) -> None:
    """Records that lie in the column of the reference say what the map would."""
    random = Random(400 + seed)
    judgements, plains = definitions(random, 60), records(random, 100)
    data = table(plains, Encoding(inlined=True, dictionaries=bool(seed % 2)))
    asked = [
        j for j in judgements if not Kernel([j], SHOP).check(data.schema)
    ]  # nothing deeper than the columns go
    assert len(asked) > 10
    found = on_table(Kernel(asked, SHOP), plains, Encoding(inlined=True))
    assert differences(found, compiled(asked, [settled(p) for p in plains])) == []


@given(
    example=drawn(
        lambda pick: (
            [judgement(pick)],
            [tabular(record(pick)) for _ in range(1 + pick(3))],
            drawn_encoding(pick),
        )
    ),
    block=st.sampled_from([8, 64, None]),
)
@settings(max_examples=60)
def test_any_definition_on_any_rows(
    example: tuple[list[Judgement], list[Plain], Encoding], block: int | None
) -> None:
    """Whatever is drawn, rows are judged as records are."""
    judgements, plains, encoding = example
    kernel = Kernel(judgements, SHOP, block_rows=block)
    wanted = walked(judgements, [settled(p) for p in plains])
    assert differences(on_table(kernel, plains, encoding), wanted) == []


def agree(pairs: int, seed: int, rows: int = 500, count: int = 100) -> int:
    """Judge so many pairs of row and definition on both sides; return how many were equal."""
    random, equal = Random(seed), 0
    plains = records(random, rows)
    settled_rows = [settled(p) for p in plains]
    while equal < pairs:
        judgements = definitions(random, count)
        encoding = drawn_encoding(random.randrange)
        found = on_table(Kernel(judgements, SHOP, block_rows=256), plains, encoding)
        assert differences(found, compiled(judgements, settled_rows)) == [], encoding
        equal += found.size
    return equal


@pytest.mark.parametrize("seed", range(4))
def test_a_million_pairs(seed: int) -> None:
    """A million pairs of row and definition, all constructs, in all encodings: not one differs."""
    assert agree(250_000, 1000 + seed) >= 250_000


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(10))
def test_ten_million_pairs(seed: int) -> None:
    """Ten million pairs of row and definition: not one differs."""
    assert agree(1_000_000, 2000 + seed, rows=1000) >= 1_000_000
