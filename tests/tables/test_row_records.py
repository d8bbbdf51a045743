"""A row as a record: the evaluator says of it what the table engine said of the row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from drawn_records import Gaps, record
from hypothesis import given, settings
from picks import Pick, drawn, one
from running import Run
from shop import SHOP, Plain
from shop_tables import Encoding, drawn_encoding, table
from strategies import judgement

from kprules.comparison.row_records import settled_row
from kprules.evaluation.compiled import compile_numbers
from kprules.evaluation.walker import Walker
from kprules.formula import nodes as n
from kprules.formula.definition import Definition, Judgement, choose, judge
from kprules.formula.paths import path_to
from kprules.tables.kernel import Kernel
from kprules.tables.listed import all_lists, own_lists

pytestmark = pytest.mark.no_cover  # the same lines over and over; other tests reach them

BLANK = Gaps(facts=60, lists=40, entries=30)


def explained(judgements: Sequence[Judgement], rows: pa.Table) -> np.ndarray:
    """Return 0, 1 or 2 for each definition and row, by the evaluator on rows as records."""
    (batch,) = rows.combine_chunks().to_batches() or [pa.RecordBatch.from_pylist([], rows.schema)]
    records = [settled_row(batch, row, SHOP) for row in range(batch.num_rows)]
    walked = [[judge(j, Walker({"": r})) for r in records] for j in judgements]
    found = np.array([[int(t.certain) + int(t.possible) for t in row] for row in walked])
    numbers = compile_numbers(judgements)
    assert (np.array([numbers(r) for r in records]) == found.T).all()
    return found


def agree(judgements: Sequence[Judgement], rows: pa.Table) -> None:
    """Set both engines beside each other; rows that are refused have nothing to be explained."""
    outcomes = Kernel(judgements, SHOP).evaluate(rows)
    good = np.setdiff1d(np.arange(rows.num_rows), outcomes.rejected)
    rows = rows.take(pa.array(good))
    outcomes = Kernel(judgements, SHOP).evaluate(rows)
    assert not len(outcomes.rejected)
    wanted = np.array([outcomes.codes(i) for i in range(len(judgements))])
    found = explained(judgements, rows)
    assert np.argwhere(found != wanted)[:5].tolist() == []


def written(pick: Pick, rows: pa.Table) -> pa.Table:
    """Return rows with lists called incomplete, also by a name that is not known."""
    names = [*all_lists(SHOP), None, None]
    said = [
        None if not pick(3) else [one(pick, names) for _ in range(pick(3))]
        for _ in range(len(rows))
    ]
    column = pa.array(said, pa.list_(pa.string()))
    return rows.drop_columns(["incomplete"]).append_column("incomplete", column)


def within(pick: Pick, plain: Any) -> Any:
    """Return a plain record with open lists named inside the records in it too."""
    if isinstance(plain, list):
        return [within(pick, each) for each in plain]
    if not isinstance(plain, dict):
        return plain
    made = {name: within(pick, inner) for name, inner in plain.items()}
    lists = own_lists(SHOP.shape_of("item"))
    if "pieces" in made and not pick(2):
        made["incomplete"] = [one(pick, [*lists, None])]
    return made


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("inlined", [False, True])
def test_rows_say_as_records_what_they_say_as_rows(seed: int, inlined: bool) -> None:
    """In every encoding, with nulls everywhere and incomplete lists named in rows and records."""
    random = Random(seed)
    pick = random.randrange
    encoding = replace(drawn_encoding(pick), views=False)
    if inlined:
        encoding = Encoding(inlined=True, dictionaries=bool(seed % 2), dotted=bool(seed % 3))
    judgements = [judgement(pick, name=f"drawn-{i}") for i in range(25)]
    plains: list[Plain] = [within(pick, record(pick, BLANK)) for _ in range(40)]
    rows = written(pick, table(plains, encoding))
    asked = [j for j in judgements if inlined is False or not Kernel([j], SHOP).check(rows.schema)]
    assert len(asked) > 5
    agree(asked, rows)


@pytest.mark.parametrize("left_out", ["makers", "owner", "site", "items", "trading", "incomplete"])
def test_rows_of_a_table_that_lacks_a_column(left_out: str) -> None:
    """Without the map, what references name is in no list; the list stays unknown."""
    random = Random(left_out)
    pick = random.randrange
    judgements = [judgement(pick, name=f"drawn-{i}") for i in range(80)]
    rows = table([record(pick) for _ in range(60)], Encoding())
    agree(judgements, rows.drop_columns([left_out]))


@pytest.mark.parametrize("end", ["from", "to"])
def test_a_period_with_one_column(end: str) -> None:
    """An end for which there is no column is unknown; one that is left empty goes on."""
    random = Random(end)
    judgements = [judgement(random.randrange, name=f"drawn-{i}") for i in range(60)]
    rows = table([record(random.randrange) for _ in range(60)], Encoding(dotted=True))
    agree(judgements, rows.drop_columns([f"trading.{end}", f"lease.{end}"]))


@given(
    example=drawn(
        lambda pick: (
            [judgement(pick)],
            written(
                pick,
                table(
                    [within(pick, record(pick)) for _ in range(3)],
                    replace(drawn_encoding(pick), views=False),
                ),
            ),
        )
    )
)
@settings(max_examples=40)
def test_any_definition_on_any_row(example: tuple[list[Judgement], pa.Table]) -> None:
    """Whatever is drawn."""
    agree(*example)


def test_a_reference_whose_dictionary_holds_null() -> None:
    """It is unknown, as where the cell is null."""
    names = pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int8()), pa.array(["m-1", None]))
    rows = pa.table({"owner": names, "rival": pa.array(["m-1", "m-1"])})
    owner, rival = (path_to(SHOP, "", "shop", [name]) for name in ("owner", "rival"))
    same = choose(Definition("same", "", "shop", n.Compare(owner, "is", rival)))
    agree([same], rows)
    assert explained([same], rows).tolist() == [[2, 1]]


RULES = """
definition at-least "L" { source "a test" captures when goods.carats >= 0.3 }
definition at-most "M" { source "a test" captures when goods.carats <= 0.3 }
definition some-body "Somebody" { source "a test" captures when some a in actors has a.kinds includes rebel_movement }
definition every-body "Nobody" { source "a test" captures when every a in actors has a.kinds includes rebel_movement }
definition is-linked "Linked" { source "a test" captures when some l in links has l.actor.kinds includes rebel_movement }
definition is-alike "Alike" { source "a test" captures when some l in links has some b in abuses has b.perpetrator is l.actor }
"""  # noqa: E501 - one definition a line
REBELS = {"id": "The Rebels!", "kinds": ["rebel_movement"]}
ACTOR = pa.struct([("id", pa.string()), ("kinds", pa.list_(pa.string()))])
LINKS, ABUSES = (pa.list_(pa.struct([(name, ACTOR)])) for name in ("actor", "perpetrator"))
COLUMNS: dict[str, dict[str, pa.Array]] = {
    "singles": {"goods.carats": pa.array([0.3, 0.1, 0.5, None], pa.float32())},
    "halves": {"goods.carats": pa.array([np.float16(0.3), np.float16(7), None], pa.float16())},
    "huge": {"goods.carats": pa.array([1e30, 1e-30, 0.1 + 0.2])},
    "inlined": {
        "links": pa.array([[{"actor": REBELS}]] * 3 + [[], None], LINKS),
        "abuses": pa.array(
            [
                [{"perpetrator": REBELS}],
                [{"perpetrator": {**REBELS, "kinds": None}}],
                [{"perpetrator": {"id": "b", "kinds": []}}, {"perpetrator": None}],
                [],
                None,
            ],
            ABUSES,
        ),
    },
    "beside a map": {
        "links": pa.array([[{"actor": REBELS}]] * 2, LINKS),
        "abuses": [[{"perpetrator": "b"}], []],
        "actors": pa.array([[{"id": "b", "kinds": ["trader"]}], []]),
    },
    "named alone": {
        "links": pa.array([[{"actor": "a"}, {"actor": "b"}], [{"actor": "b"}], []]),
        "abuses": [[{"perpetrator": "a"}], [{"perpetrator": "a"}], []],
    },
    "open": {
        "actors": pa.array([[REBELS]] * 5 + [[]] * 5),
        "incomplete": pa.array([["actors"], [None], ["links"], [], None] * 2),
    },
}


@pytest.mark.parametrize("closed", [(), ("--closed",)])
@pytest.mark.parametrize("columns", COLUMNS)
def test_reasons_are_those_of_the_outcomes_written(
    columns: str, closed: tuple[str, ...], here: Path, kprules: Run
) -> None:
    """Whatever the table's types: the file and the reasons say the same of every row."""
    Path("r.kpr").write_text(RULES)
    made = COLUMNS[columns]
    ids = pa.array([f"c-{i}" for i in range(len(next(iter(made.values()))))])
    pq.write_table(pa.table({"case": ids, **made}), "t.parquet")
    asked = ("t.parquet", "--rules", "r.kpr", "--explain-rows", "10", *closed)
    ended = kprules("eval", *asked, "--format", "json", "-o", "o.parquet")
    assert ended.code == 0, ended.err
    written = {row.pop("case"): row for row in pq.read_table("o.parquet").to_pylist()}
    explained: dict[str, dict[str, str]] = {}
    for each in json.loads(ended.out)["explained"]:
        for row in each["rows"]:
            explained.setdefault(row, {})[each["definition"]] = each["outcome"]
    assert explained == written
    assert len({tuple(row.values()) for row in written.values()}) > 1
    assert kprules("eval", *asked).code == kprules("eval", *asked, "--format", "markdown").code == 0


IDENTITY = """
definition same-body "The same body taxes and kills" {
  status proposed
  source "a test"
  captures when some link in links has some abuse in abuses has abuse.perpetrator is link.actor
}
"""
HELD = """
definition taxing-rebels "Rebels use it" {
  status proposed
  source "a test"
  captures when some link in links has link.actor.kinds includes rebel_movement
}
"""


def test_which_record_one_without_an_id_is_has_no_reasons(here: Path, kprules: Run) -> None:
    """The table leaves it open, and reasons that would say otherwise are refused by row and place.

    Those of definitions that ask only what it holds are given.
    """
    Path("same.kpr").write_text(IDENTITY)
    Path("kinds.kpr").write_text(HELD)
    actor = {"kinds": ["rebel_movement"]}
    rows = {"links": [[{"actor": actor}]], "abuses": [[{"perpetrator": actor}]]}
    pq.write_table(pa.table({"case": ["c-1"], **rows}), "t.parquet")
    asked = ("eval", "t.parquet", "--rules", "same.kpr")
    assert kprules(*asked, "--format", "csv").out.splitlines()[1] == '"c-1","undetermined"'
    ended = kprules(*asked, "--explain-rows", "1", "-o", "o.parquet")
    assert ended.code == 2
    assert "row `c-1`: `links[0].actor` holds a record without an id" in ended.err
    assert not Path("o.parquet").exists()
    ended = kprules("eval", "t.parquet", "--rules", "kinds.kpr", "--explain-rows", "1")
    assert "taxing-rebels: ● captured" in ended.out
    rows = {
        "links": [[{"actor": {"id": "a", **actor}}]],
        "abuses": [[{"perpetrator": {"id": "a"}}]],
    }
    pq.write_table(pa.table({"case": ["c-1"], **rows}), "t.parquet")
    assert "same-body: ● captured" in kprules(*asked, "--explain-rows", "1").out


def test_an_id_is_shown_as_the_table_has_it(here: Path, kprules: Run) -> None:
    """What a reference leads to is called by the table's own id."""
    Path("r.kpr").write_text(RULES)
    pq.write_table(pa.table({"case": ["c-1"], "actors": [[REBELS]]}), "t.parquet")
    ended = kprules(
        "eval", "t.parquet", "--rules", "r.kpr", "--only", "some-body", "--explain-rows", "1"
    )
    assert "actors.The Rebels!" in ended.out


@pytest.mark.parametrize("form", ["table", "markdown", "json"])
def test_ids_of_a_table_never_act_on_a_terminal(form: str, here: Path, kprules: Run) -> None:
    """They may hold anything; whatever is said of their rows is plain text on a line."""
    bad = "a\x1b[31mRED[b]x[/b]\u202e\nline"
    Path("r.kpr").write_text(RULES)
    actors = [[{"id": bad, "kinds": kinds}] for kinds in (["rebel_movement"], [None], None)]
    links = [[{"actor": bad}]] * 3
    ids = [f"\x1b[1m{i}" for i in range(3)]
    pq.write_table(pa.table({"case": ids, "actors": actors, "links": links}), "t.parquet")
    ended = kprules(
        "eval", "t.parquet", "--rules", "r.kpr", "--explain-rows", "3", "--format", form
    )
    assert ended.code == 0, ended.err
    assert not {"\x1b", "\u202e"} & set(ended.out)
    assert not any(row.startswith("line") for row in ended.out.splitlines())
