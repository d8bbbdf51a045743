"""Definitions as a function from batch to batch, alone and where Ray Data and Daft call it."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

import kprules
from kprules import batches

pa = pytest.importorskip("pyarrow")
pytest.importorskip("polars")

ROWS = 300


@pytest.fixture(scope="module")
def rules() -> list[Any]:
    """Return some of the definitions about cases that ship."""
    return [d for d in kprules.load_rules().values() if d.about == "case"][:6]


@pytest.fixture(scope="module")
def table() -> Any:
    """Make a table in which much is unknown."""
    materials = ["diamond", "gold", None]
    rows = [
        {
            "case": f"c-{i:03}",
            "goods": {"material": materials[i % 3], "form": "rough", "made": "natural"},
            "actors": [{"id": "a", "kinds": ["rebel_movement"] if i % 2 else None}],
            "links": [{"actor": "a", "finances": ["arms"], "targets": ["government"]}] * (i % 3),
        }
        for i in range(ROWS)
    ]
    return pa.Table.from_pylist(rows)


@pytest.fixture(scope="module")
def expected(rules: list[Any], table: Any) -> dict[str, list[str]]:
    """Return what the table engine says by itself, by id."""
    judged = kprules.evaluate_table(table, rules).to_pylist()
    return {row["case"]: [row[d.id] for d in rules] for row in judged}


def _by_id(rows: list[dict[str, Any]], rules: list[Any]) -> dict[str, list[str]]:
    return {row["case"]: [row[d.id] for d in rules] for row in rows}


def test_a_batch_gives_a_batch_and_a_table_a_table(
    rules: list[Any], table: Any, expected: dict[str, list[str]]
) -> None:
    """Each comes back as what it was, with its ids and the engine's outcomes."""
    judge = batches.judging(rules)
    assert judge.definitions == tuple(d.id for d in rules)
    for given in (table, table.combine_chunks().to_batches()[0]):
        found = judge(given)
        assert type(found) is type(given)
        assert _by_id(found.to_pylist(), rules) == expected


def test_ids_that_are_whole_numbers_come_back_as_they_were(rules: list[Any], table: Any) -> None:
    """In every call they may be."""
    numbered = table.set_column(0, "case", pa.array(range(ROWS)))
    assert batches.judging(rules)(numbered).column("case").equals(numbered.column("case"))


def test_it_travels(rules: list[Any], table: Any, expected: dict[str, list[str]]) -> None:
    """Pickled after use, it judges elsewhere as here."""
    judge = batches.judging(rules)
    judge(table)
    again = pickle.loads(pickle.dumps(judge))  # noqa: S301 - our own
    assert _by_id(again(table).to_pylist(), rules) == expected


def test_what_cannot_be_judged_is_raised(rules: list[Any]) -> None:
    """Neither a value outside its list nor a column that is no field passes for unknown."""
    judge = batches.judging(rules)
    with pytest.raises(ValueError, match=r"column `goods\.material`: .*`stone`"):
        judge(pa.table({"case": ["a"], "goods.material": ["stone"]}))
    with pytest.raises(ValueError, match=r"column `goods\.materiel`: no field"):
        judge(pa.table({"case": ["a"], "goods.materiel": ["diamond"]}))


def test_definitions_of_two_kinds_are_refused() -> None:
    """Cases and meetings never mix in one table."""
    with pytest.raises(ValueError, match="one kind of record"):
        batches.judging(kprules.load_rules())


@pytest.mark.filterwarnings("ignore")  # Ray's own
def test_ray_data(
    rules: list[Any], table: Any, expected: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`map_batches` takes the function as it is."""
    ray = pytest.importorskip("ray")
    data = pytest.importorskip("ray.data")
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    try:
        judge = batches.judging(rules)
        rows = data.from_arrow([table.slice(0, 200), table.slice(200)])
        found = rows.map_batches(judge, batch_format="pyarrow", batch_size=64).take_all()
    finally:
        ray.shutdown()
    assert _by_id(found, rules) == expected


@pytest.mark.filterwarnings("ignore")  # Daft's own
def test_daft(rules: list[Any], table: Any, expected: dict[str, list[str]]) -> None:
    """A batch function of Daft hands it the row as a struct, and gets the outcomes as one."""
    daft = pytest.importorskip("daft")
    judge = batches.judging(rules)
    kind = daft.DataType.struct({name: daft.DataType.string() for name in judge.definitions})

    @daft.func.batch(return_dtype=kind, unnest=True, batch_size=64)
    def outcomes(rows: Any) -> Any:
        return judge(pa.RecordBatch.from_struct_array(rows.to_arrow())).to_struct_array()

    frame = daft.from_arrow(table)
    columns = [daft.col(name) for name in frame.column_names]
    found = frame.select("case", outcomes(daft.functions.to_struct(*columns)))
    assert _by_id(found.to_pylist(), rules) == expected
