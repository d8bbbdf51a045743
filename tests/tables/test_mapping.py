"""Mappings of wrong shapes: every key with a value of every other type is refused by its name."""

from pathlib import Path
from typing import Any, Final

import pytest
from running import Run

from kprules.library.table_files.mapping_reading import load_mapping
from kprules.library.table_files.mapping_shape import (
    ConditionShape,
    EntryShape,
    ExpandShape,
    MappingShape,
    RuleShape,
)
from kprules.library.table_files.recognised import TableFileError

TABLE: Final = "n,a,b,day\n1,x,y,2003\n"
RIGHT: Final = """
[fields]
case = "t-{n}"
"""

WRONG: Final = {
    "whole": "3",
    "fraction": "1.5",
    "nan": "nan",
    "truth": "true",
    "text": '"x"',
    "empty": '""',
    "day": "2003-01-01",
    "no list": "[]",
    "wholes": "[3]",
    "texts": '["x"]',
    "truths": "[true]",
    "nested": '[["x"]]',
    "no table": "{}",
    "table": "{z = 1}",
    "tables": "[{z = 1}]",
}
"""A value of each type that TOML has."""
TEXTS: Final = {"text", "empty"}
CELLS: Final = {"no list", "wholes", "texts"}

NONE: Final = set[str]()
FORM: Final = '"goods.form" = '
SET: Final = '"goods.origins" = '
ABUSES: Final = "[[entries]]\nlist = 'abuses'\n"
KINDS: Final = f"{ABUSES}fields = {{kinds = 'killing'}}\n"

FORMS: Final = (
    ("title = V", "title", TEXTS),
    ("about = V", "about", NONE),
    ("source = V", "source", TEXTS),
    ("unknown = V", "unknown", CELLS),
    ("group = V", "group", {"truth"}),
    ("keep = V", "keep", {"no list", "texts"}),
    ("include = V", "include", {"no list"}),
    ("expand = V", "expand", {"no table"}),
    ("entries = V", "entr", {"no list"}),
    ("incomplete = V", "incomplete", {"no table"}),
    ("values = V", "values", {"no table"}),
    (f"{FORM}V", "goods.form", NONE),
    (f"{FORM}{{column = V}}", "column", {"text"}),
    (f'{FORM}{{column = "a", values = V}}', "goods.form", {"no table"}),
    (f'{FORM}{{column = "a", values = {{x = V}}}}', "goods.form", NONE),
    (f'{FORM}{{column = "a", values = {{x = "rough"}}, otherwise = V}}', "goods.form", NONE),
    (f"{FORM}{{constant = V}}", "goods.form", NONE),
    (f"{FORM}{{text = V}}", "goods.form", NONE),
    (f"{SET}V", "goods.origins", {"no list"}),
    (f"{SET}{{constant = V}}", "goods.origins", {"no list"}),
    (f'{SET}{{column = "a", values = {{x = "COD"}}, split = V}}', "split", {"text"}),
    (f"{SET}{{flags = V}}", "flags", NONE),
    (f'{SET}{{flags = {{a = V}}, otherwise = "unknown"}}', "goods.origins", NONE),
    (f'{SET}{{flags = {{a = "COD"}}, otherwise = "unknown", yes = V}}', "yes", CELLS),
    (f'{SET}{{flags = {{a = "COD"}}, otherwise = "unknown", no = V}}', "no", CELLS),
    (f'{SET}{{flags = {{a = "COD"}}, otherwise = V}}', "goods.origins", NONE),
    ('"goods.carats" = {constant = V}', "goods.carats", {"whole", "fraction"}),
    ('"territory.traceable" = {constant = V}', "territory.traceable", {"truth"}),
    ('"period.from" = {constant = V}', "period.from", {"day"}),
    ('"period.from" = {column = "day", date = V}', "period.from", NONE),
    ("[[entries]]\nlist = V\nfields = {kinds = 'killing'}", "list", NONE),
    (f"{ABUSES}fields = V", "field", NONE),
    (f"{ABUSES}fields = {{events = V}}", "abuses.events", {"whole"}),
    (f"{KINDS}repeat = V", "repeat", {"wholes", "texts"}),
    (f"{KINDS}when = V", "abuses", {"no list"}),
    (f"{KINDS}when = [V]", "abuses", NONE),
    (f"{KINDS}when = {{column = V, blank = true}}", "column", {"text"}),
    (f"{KINDS}when = {{column = 'a', in = V}}", "in", CELLS),
    (f"{KINDS}when = {{column = 'a', not_in = V}}", "not_in", CELLS),
    (f"{KINDS}when = {{column = 'a', blank = V}}", "blank", {"truth"}),
    ("[incomplete]\nlinks = V", "links", {"truth"}),
    ("[values]\nk = V", "k", {"no table", "table"}),
    ("[expand]\nname = V\ncolumns = ['a']", "name", {"text"}),
    ("[expand]\nname = 'e'\ncolumns = V", "columns", {"texts"}),
)
"""What is added to a sound mapping, V for the value; what the refusal names; the values taken."""


def _whole(form: str, value: str) -> str:
    first = form.replace("V", value)
    return f"{RIGHT}{first}\n" if form[0] in '"[' else f"{first}\n{RIGHT}"


MAPPINGS: Final = [
    (_whole(form, value), key, label in takes, f"{form}: {label}".replace("\n", " "))
    for form, key, takes in FORMS
    for label, value in WRONG.items()
]
TAKEN: Final = [(whole, name) for whole, _, taken, name in MAPPINGS if taken]
REFUSED: Final = [(whole, key, name) for whole, key, taken, name in MAPPINGS if not taken]


@pytest.mark.parametrize(("whole", "key"), [r[:2] for r in REFUSED], ids=[r[2] for r in REFUSED])
def test_a_value_of_a_type_that_a_key_does_not_take_is_refused(
    whole: str, key: str, tmp_path: Path
) -> None:
    """By the name of the key, before a row is read."""
    path = tmp_path / "m.toml"
    path.write_text(whole)
    with pytest.raises(TableFileError) as refused:
        load_mapping(str(path))
    assert key in str(refused.value).removeprefix(str(path))


def test_every_key_that_a_mapping_takes_is_tried() -> None:
    """A key that is added to a shape is to be added here."""
    forms = " ".join(form for form, _, _ in FORMS)
    for shape in (MappingShape, ExpandShape, RuleShape, EntryShape, ConditionShape):
        for name, info in shape.model_fields.items():
            key = info.alias or name
            assert key == "fields" or f"{key} = V" in forms, key


@pytest.mark.parametrize("whole", [t[0] for t in TAKEN], ids=[t[1] for t in TAKEN])
def test_what_a_key_takes_is_followed_without_a_fault(whole: str, kprules: Run, here: Path) -> None:
    """Rows come out, or what the table lacks is named."""
    Path("m.toml").write_text(whole)
    Path("t.csv").write_text(TABLE)
    arguments = ("import", "--mapping", "m.toml", "t.csv", "-o", "c.parquet", "--rules", "mine")
    ended = kprules(*arguments)
    lacking = "without a mapping" in ended.err or "has no column" in ended.err
    assert ended.code == 0 or (ended.code == 2 and lacking), ended.err


def _refused(said: str, tmp_path: Path) -> str:
    path = tmp_path / "m.toml"
    path.write_text(said)
    with pytest.raises(TableFileError) as refused:
        load_mapping(str(path))
    return str(refused.value)


@pytest.mark.parametrize(("field", "said"), [
    ('"goods.carats" = "heavy"', "a decimal number is meant here"),
    ('"goods.carats" = 1e30', "at most 18 digits"),
    ('"goods.carats" = -1', "it is at least 0"),
    ('"goods.carats" = [1]', "one value is meant here"),
    ('"period.from" = "2003-13"', "no such day"),
    ('"goods.origins" = ["COD", "KONGO"]', "cannot be `KONGO`"),
    ('"goods.form" = {column = "a", split = ","}', "goes with a set"),
    ('"goods.form" = {column = "a", date = "%Y"}', "goes with a date"),
    ('"goods.form" = {column = "a", yes = ["1"]}', "`yes` does not go with `column`"),
    ('"goods.form" = {text = "{a}", values = {x = "rough"}}', "`values` does not go with `text`"),
    ('"period.from" = {column = "a", date = "%d/%m"}', "holds no year"),
    ('"period.from" = {column = "a", date = "%Q"}', "no form of a date"),
    ('"period.from" = {column = "a", date = "%Y%Y"}', "no form of a date"),
    ('"goods.origins" = {flags = {a = "COD"}, otherwise = "keep"}', "beside `flags`"),
])  # fmt: skip
def test_a_value_that_its_field_cannot_hold_is_refused(
    field: str, said: str, tmp_path: Path
) -> None:
    """And so is a key that would go unread."""
    assert said in _refused(RIGHT + field, tmp_path)


@pytest.mark.parametrize(("rest", "said"), [
    ("[[entries]]\nlist = 'actors'\nwhen = {column = 'a'}\nfields = {id = 'a'}", "one of `in`"),
    ("[[entries]]\nlist = 'actors'\nwhen = {blank = true}\nfields = {id = 'a'}", "key `column`"),
    ("[[entries]]\nfields = {id = 'a'}", "needs a key `list`"),
    ("[[entries]]\nlist = 'actors'", "needs a key `fields`"),
    ("[expand]\nname = 'a'", "needs a key `columns`"),
])  # fmt: skip
def test_keys_that_have_to_be_there_are_asked_for(rest: str, said: str, tmp_path: Path) -> None:
    """A condition that asks nothing would hold everywhere."""
    assert said in _refused(RIGHT + rest, tmp_path)


@pytest.mark.parametrize(
    "name", ["countries", "title", "goods.form", "links", "incomplete", "case"]
)
def test_a_column_that_is_kept_may_not_be_called_as_a_field(name: str, tmp_path: Path) -> None:
    """It would be read as the field, or stand there twice."""
    assert f"`keep` names `{name}`" in _refused(f'keep = ["{name}"]\n{RIGHT}', tmp_path)


def test_all_that_is_wrong_is_said_at_once(kprules: Run, here: Path) -> None:
    """A line each, and nothing is written."""
    Path("m.toml").write_text(
        'group = "no"\nkeep = "a"\ninclude = ["gleditsch"]\n[values]\nk = 3\n'
        '[fields]\ncase = {column = 3}\n"goods.form" = {column = "a", values = {a = [["x"]]}}\n'
        "[[entries]]\nlist = 'abuses'\nrepeat = 3\nwhen = 'x'\nfields = 3\n"
        "[incomplete]\nlinks = 'maybe'\n"
    )
    Path("t.csv").write_text(TABLE)
    ended = kprules("import", "--mapping", "m.toml", "t.csv", "-o", "c.parquet")
    assert ended.code == 2
    for said in (
        "`group` takes `true` or `false`", "`keep` takes a list of names",
        "no table of values is called `gleditsch`", "`values`: `k` takes a table",
        "`case`: `column` takes a text that is not empty", '`goods.form` cannot be `[["x"]]`',
        "`repeat` takes a list of numbers or texts", "`when` takes a table with a `column`",
        "an entry of `abuses`: `fields` takes a table",
        "`incomplete`: `links` takes `true`, `false`",
    ):  # fmt: skip
        assert said in ended.err
    assert not Path("c.parquet").exists()


def test_what_else_becomes_of_a_value_touches_none_that_can_be_read(
    kprules: Run, here: Path
) -> None:
    """`otherwise` without `values` is for the cells that the field cannot hold."""
    import polars as pl  # noqa: PLC0415 - an extra

    Path("m.toml").write_text(
        RIGHT + '"goods.carats" = {column = "a", otherwise = "unknown"}\n'
        '"goods.form" = {column = "b", otherwise = "rough"}\n'
    )
    Path("t.csv").write_text("n,a,b\n1,1.5,polished\n2,heavy,x\n")
    ended = kprules(
        "import", "--mapping", "m.toml", "t.csv", "-o", "c.parquet", "--rules", "mine"
    )  # fmt: skip
    assert ended.code == 0, ended.err
    cases: Any = pl.read_parquet("c.parquet")
    assert cases["goods.carats"].to_list() == [1.5, None]
    assert cases["goods.form"].to_list() == ["polished", "rough"]
