"""`kprules import`: somebody's table as cases, by a mapping; and the mappings that ship."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from running import Run

from kprules.library.table_files.mapping_reading import load_mapping, shipped_mappings

DATA = Path(__file__).parents[3] / "shared" / "data"

MAPPING = """
title = "Parcels"
unknown = ["-"]
keep = ["office"]

[fields]
case = "parcel-{number}"
title = "Parcel {number}"
"goods.material" = {column = "what", values = {D = "diamond", G = "gold"}}
"goods.form" = {column = "state", values = {R = "rough"}, otherwise = "unknown"}
"goods.carats" = {column = "weight"}
"goods.import_date" = {column = "day", date = "%d/%m/%Y"}
"goods.origins" = {column = "origins", split = "|"}
countries = "COD"

[[entries]]
list = "actors"
repeat = [1, 2]
when = {column = "user#", blank = false}
[entries.fields]
id = "user_#"
name = {column = "user#"}

[[entries]]
list = "links"
repeat = [1, 2]
when = {column = "user#", blank = false}
[entries.fields]
actor = "user_#"
[entries.fields.relations]
flags = {taxed = "taxes", guarded = "guards"}
yes = ["y"]
no = ["n"]

[incomplete]
links = {column = "user1", blank = true}
"""
TABLE = """number,what,state,weight,day,origins,user1,user2,taxed,guarded,office
1,D,R,1.5,31/01/2003,COD|AGO,UNITA,FARDC,y,n,north
2,G,X,-,-,,,,-,-,south
3,D,R,2,01/02/2003,COD,UNITA,,y,,north
"""


@pytest.fixture
def imported(imported_by: Any, here: Path) -> Any:
    """Import a table by a mapping, by default these, and return how it ended and the cases."""

    def run(mapping: str = MAPPING, table: str = TABLE) -> tuple[Any, Any]:
        return imported_by(mapping, table)

    return run


def test_columns_become_fields(imported: Any) -> None:
    """Recoding, splitting, dates, constants, numbers and blanks come out as the mapping says."""
    ended, cases = imported()
    assert ended.code == 0, ended.err
    assert "3 rows read, 3 cases written" in ended.out
    assert cases["case"].to_list() == ["parcel-1", "parcel-2", "parcel-3"]
    assert cases["goods.material"].to_list() == ["diamond", "gold", "diamond"]
    assert cases["goods.form"].to_list() == ["rough", None, "rough"]
    assert cases["goods.carats"].to_list() == [1.5, None, 2.0]
    assert cases["goods.import_date"].to_list() == ["2003-01-31", None, "2003-02-01"]
    assert cases["goods.origins"].to_list() == [["COD", "AGO"], None, ["COD"]]
    assert cases["countries"].to_list() == [["COD"]] * 3


def test_a_row_makes_entries_where_its_conditions_hold(imported: Any) -> None:
    """Entries come in order; a member whose column is blank leaves a set open."""
    _, cases = imported()
    actors = cases["actors"].to_list()
    assert [[a["id"] for a in row] for row in actors] == [["user_1", "user_2"], [], ["user_1"]]
    links = cases["links"].to_list()
    assert links[0][0] == {"actor": "user_1", "relations": ["taxes"]}
    assert links[2][0]["relations"] == ["taxes", None]
    assert cases["incomplete"].to_list() == [[], ["links"], []]


def test_the_cases_are_judged_with_what_was_carried_along(imported: Any, kprules: Run) -> None:
    """Columns that the mapping keeps need no option, and outcomes may be counted by them."""
    imported()
    arguments = ("eval", "cases.parquet", "--rules", "mine", "--count-by", "office")
    ended = kprules(*arguments, "--format", "json")
    assert ended.code == 0, ended.err
    groups = {g["by"]["office"]: g["counts"] for g in json.loads(ended.out)["groups"]}
    assert groups["north"]["large-diamonds"] == {
        "captured": 2, "not_captured": 0, "undetermined": 0
    }  # fmt: skip


def test_values_without_a_mapping_are_listed_with_counts(imported: Any) -> None:
    """Nothing is written; all of them are said, over the whole table."""
    more = "4,S,R,heavy,2003,COD,,,,,\n5,S,R,1,01/01/2003,XXX,,,,,\n"
    ended, cases = imported(table=TABLE + more)
    assert ended.code == 2
    assert cases is None
    assert "column `what`, for `goods.material`: values without a mapping: `S` (2)" in ended.err
    assert "column `weight`, for `goods.carats`: values without a mapping: `heavy` (1)" in ended.err
    assert "column `day`" in ended.err
    assert "nothing was written" in ended.err


@pytest.mark.parametrize(("old", "new", "said"), [
    ('D = "diamond"', 'D = "diamand"', "cannot be `diamand`"),
    ('"goods.form"', '"goods.from"', "no field is called `goods.from`"),
    ("unknown = ", "unknwon = ", "`unknwon`"),
    ('date = "', 'dates = "', "has no key `dates`"),
    ('list = "links"', 'list = "lniks"', "no list is called `lniks`"),
    ("[fields]", "[fields", "is no TOML"),
    ('case = "parcel-{number}"', "", "every row needs an id"),
    ('{column = "weight"}', '{column = "mass"}', "has no column `mass`"),
    ('values = {R = "rough"}', 'values = "forms"', "no table of values"),
    ('title = "Parcels"', 'about = "ship"', "no kind of record is called `ship`"),
])  # fmt: skip
def test_a_mapping_that_is_wrong_is_refused(old: str, new: str, said: str, imported: Any) -> None:
    """Each mistake is said in words before a row is read."""
    assert old in MAPPING
    ended, cases = imported(MAPPING.replace(old, new, 1))
    assert ended.code == 2
    assert cases is None
    assert said in ended.err


def test_rows_with_one_id_are_one_case_where_the_mapping_says_so(imported: Any) -> None:
    """Their lists are joined and their facts must agree."""
    rows = "1,D,R,1.5,31/01/2003,COD,UNITA,,y,n,north\n1,D,-,1.5,-,COD,,FARDC,n,y,north\n"
    grouped = MAPPING.replace('unknown = ["-"]', 'unknown = ["-"]\ngroup = true')
    head = TABLE.split("\n", maxsplit=1)[0] + "\n"
    ended, cases = imported(grouped, head + rows)
    assert ended.code == 0, ended.err
    assert "2 rows read, 1 case" in ended.out
    assert [a["id"] for a in cases["actors"].to_list()[0]] == ["user_1", "user_2"]
    ended, cases = imported(grouped, head + rows.replace("1,D,-", "1,G,-"))
    assert ended.code == 2
    assert "`diamond` and `gold`" in ended.err


EVENTS = """
group = true
[fields]
case = "t-{c}"
"goods.origins" = {column = "mats", split = "|"}
"period.from" = {column = "day", date = ["%B %Y"]}
"goods.carats" = {column = "size"}
[[entries]]
list = "abuses"
[entries.fields]
kinds = {column = "kind"}
deaths = {column = "dead"}
"""
HEAD = "c,kind,mats,day,size,dead\n"


def test_rows_of_a_case_that_look_alike_are_entries_each(imported: Any) -> None:
    """Two events of one kind are two; the members of a set have no order."""
    rows = "1,killing,CAF|COD,March 2020,1,2\n1,killing,COD|CAF,March 2020,1,2\n"
    ended, cases = imported(EVENTS, HEAD + rows)
    assert ended.code == 0, ended.err
    assert len(cases["abuses"].to_list()[0]) == 2
    assert cases["period.from"].to_list() == ["2020-03"]


@pytest.mark.parametrize("size", ["1_000", "\uff15", "1e300", "nan"])
def test_numbers_that_a_case_would_refuse_are_not_taken(imported: Any, size: str) -> None:
    """They are listed as what no field reads."""
    ended, _ = imported(EVENTS, f"{HEAD}1,killing,CAF,March 2020,{size},2\n")
    assert ended.code == 2
    assert size in ended.err


def test_whole_numbers_keep_every_digit(imported: Any) -> None:
    """Beyond what a float is sure to hold."""
    _, cases = imported(EVENTS, f"{HEAD}1,killing,CAF,March 2020,1,9007199254740993\n")
    assert cases["abuses"].to_list()[0][0]["deaths"] == 9007199254740993


def test_two_rows_of_one_id_are_refused_unless_the_mapping_groups(imported: Any) -> None:
    """The column, the id and its rows are named, and nothing is written."""
    rows = TABLE + "1,D,R,1.5,31/01/2003,COD,UNITA,,y,n,north\n"
    ended, cases = imported(MAPPING, rows + rows.split("\n", maxsplit=1)[1])
    assert ended.code == 2
    assert cases is None
    assert "t.csv: `case`, made of column `number`: ids that an earlier row has: " in ended.err
    assert "`parcel-1` (row 4), `parcel-1` (row 5), `parcel-2` (row 6)" in ended.err
    assert "`group = true`" in ended.err


def test_a_column_may_make_rows_of_its_own(imported: Any) -> None:
    """`expand` makes a case of each of some columns that is not blank."""
    mapping = """
[expand]
name = "mineral"
columns = ["first", "second"]
[fields]
case = "mine-{id}-{mineral_number}"
"goods.material" = {column = "mineral", values = {D = "diamond", O = "gold"}}
"""
    ended, cases = imported(mapping, "id,first,second\n1,D,O\n2,D,\n3,,\n")
    assert ended.code == 0, ended.err
    assert cases["goods.material"].to_list() == ["diamond", "gold", "diamond", None]
    assert cases["case"].to_list() == ["mine-1-1", "mine-1-2", "mine-2-1", "mine-3-1"]


def test_definitions_that_stay_undetermined_are_named_before(imported: Any) -> None:
    """A mapping without a field that a definition needs says so, with the column."""
    mapping = '[fields]\ncase = "m-{id}"\n"goods.carats" = {column = "w"}\n'
    ended, _ = imported(mapping, "id,w\n1,2\n")
    assert ended.code == 0
    assert "undetermined in every row" in ended.err
    assert "rough-diamonds" in ended.err
    assert "goods" in ended.err


# --- the mappings that ship -----------------------------------------------------------------------


def test_every_mapping_that_ships_is_sound_and_listed(kprules: Run, here: Path) -> None:
    """`--list` names them; each is checked against the vocabulary and names its source."""
    shown = kprules("import", "--list").out
    assert max(map(len, shown.splitlines())) <= 80
    for name in shipped_mappings():
        assert name in shown
        assert load_mapping(name).source


REAL = [
    ("ucdp-dyadic", "ucdp_dyadic_24_1/ucdp_dyadic_24_1.csv", 3_357),
    ("ucdp-dyadic-supposed", "ucdp_dyadic_24_1/ucdp_dyadic_24_1.csv", 3_357),
    ("ucdp-ged", "ucdp_ged_car_23_1/ged_23_1_central_african_republic.csv", 1_848),
    ("ucdp-ged", "ucdp_ged_candidate_2021/ged_candidate_2021_01_2022_02.parquet", 18_391),
    ("ucdp-actor", "ucdp_actor_22_1/ucdp_actor_22_1.csv", 1_725),
    ("ipis-mines", "ipis_drc/ipis_drc_mine_visits.csv", 7_889),
    (
        "ucdp-support",
        "ucdp_external_support_1_00/ucdp_external_support_compact_1_00_2011.csv",
        6_519,
    ),
]


@pytest.mark.parametrize(("name", "table", "cases"), REAL)
def test_a_real_table_goes_from_mapping_to_outcomes(
    name: str, table: str, cases: int, kprules: Run, here: Path
) -> None:
    """Import and eval take each real table to outcomes under every definition that ships."""
    if not (DATA / table).exists():
        pytest.skip(f"{table} is not among the real tables here")
    ended = kprules("import", "--mapping", name, str(DATA / table), "-o", "cases.parquet")
    assert ended.code == 0, ended.err
    assert f"{cases:,} case" in ended.out
    judged = kprules("eval", "cases.parquet", "--format", "json", "-o", "report.json")
    assert judged.code == 0, judged.err
    found = json.loads(Path("report.json").read_text())
    assert found["rows"] == {"read": cases, "judged": cases, "rejected": 0, "other_days": 0}
    assert found["missing_columns"]
    frame = pl.read_parquet("cases.parquet")
    assert frame["case"].is_unique().all()
    asked = ("--explain-rows", "20", "--format", "json")
    explained = kprules("eval", "cases.parquet", "-o", "o.parquet", *asked)
    written = {row["case"]: row for row in pl.read_parquet("o.parquet").to_dicts()}
    for each in json.loads(explained.out)["explained"]:
        for row in each["rows"]:
            assert each["outcome"] == written[row][each["definition"]]


def test_diamonds_are_counted_as_the_source_counts_them(kprules: Run, here: Path) -> None:
    """Of the visits to mines 125 name diamonds, with the army at 38 and no one armed at 60."""
    table = DATA / "ipis_drc/ipis_drc_mine_visits.csv"
    if not table.exists():
        pytest.skip("the visits to mines are not among the real tables here")
    kprules("import", "--mapping", "ipis-mines", str(table), "-o", "cases.parquet")
    diamonds = pl.read_parquet("cases.parquet").filter(pl.col("goods.material") == "diamond")
    assert len(diamonds) == 125
    kinds = [[k for a in row for k in a["kinds"]] for row in diamonds["actors"].to_list()]
    assert sum("state_armed_forces" in k for k in kinds) == 38


def test_support_from_outside_is_counted_as_the_source_counts_it(kprules: Run, here: Path) -> None:
    """4,699 rows have a supporter, none of them alleged only; 3,602 parties are governments."""
    table = DATA / "ucdp_external_support_1_00/ucdp_external_support_compact_1_00_2011.csv"
    if not table.exists():
        pytest.skip("the support from outside is not among the real tables here")
    kprules("import", "--mapping", "ucdp-support", str(table), "-o", "cases.parquet")
    frame = pl.read_parquet("cases.parquet")
    actors = [{a["id"]: a for a in row} for row in frame["actors"].to_list()]
    assert sum("supporter" in row for row in actors) == 4_699
    governments = [row["party"] for row in actors if row["party"]["kinds"] == ["state_government"]]
    assert len(governments) == 3_602
    assert all(
        party["name"].startswith(("Government of ", "Governments of ")) for party in governments
    )
    one = frame.filter(pl.col("case") == "ucdp-support-3")["actors"].to_list()[0]
    assert [(a["name"], a["kinds"]) for a in one] == [
        ("Government of Afghanistan", ["state_government"]),
        ("Soviet Union", ["state_government"]),
    ]
