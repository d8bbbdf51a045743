"""What `kprules compare` says: both senses, why not, and where each line's witnesses lie."""

from __future__ import annotations

import csv
import json
import re
from itertools import combinations, product
from pathlib import Path

import pytest

import kprules
from kprules.cli.main import run
from kprules.comparison.order import order
from kprules.formula.definition import choose
from kprules.proof import solver
from kprules.proof.prover import TIME
from kprules.proof.relations import relate_all
from kprules.reports.relation import relation_words
from kprules.reports.relations import relations_markdown, relations_table
from kprules.reports.text import Paper

SENSES = """
definition zz-unk "Unknown form" { captures when goods.form is unknown }
definition zz-rough "Rough" { captures when goods.form is rough }
definition zz-none "Nothing" { captures when goods.form is rough and goods.form is polished }
definition zz-all "All" { captures when goods.form is rough or goods.form is not rough }
definition zz-gold "Gold" { captures when goods.material is gold }
"""
NAMES = """
definition t-a "Called a" { captures when title is "a" and goods.form is rough }
definition t-b "Rough" { captures when goods.form is rough }
definition t-c "Not that one" { captures when case is not "x-y" and goods.made is natural }
definition t-d "Nor that" { captures when case is not "x-y" and goods.material is gold }
"""
OUTCOME = {"in": "captured", "not-in": "not_captured", "open-in": "undetermined"}


class Said:
    """Runs of the program in an empty folder, on some rules."""

    def __init__(self, rules: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Write the rules down."""
        Path("some.kpr").write_text(rules, encoding="utf-8")
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Return what a command says on standard output."""
        self._capsys.readouterr()
        assert run([arguments[0], "--rules", "some.kpr", *arguments[1:]]) == code
        self.out, self.err = self._capsys.readouterr()
        return self.out


@pytest.fixture
def senses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Said:
    """Return the program on definitions whose relations differ in the two senses."""
    monkeypatch.chdir(tmp_path)
    return Said(SENSES, capsys)


@pytest.fixture
def names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Said:
    """Return the program on definitions that ask for the id and the title of a case."""
    monkeypatch.chdir(tmp_path)
    return Said(NAMES, capsys)


# --- both senses ----------------------------------------------------------------------------------


def test_a_table_states_both_senses(senses: Said) -> None:
    """Of settled facts nothing is unknown; where facts are, that definition captures something."""
    said = " ".join(senses("compare").split())
    assert "with settled facts: = equal" in said
    assert "The same where facts are unknown:" in said
    assert "captures nothing: zz-none" in said
    assert "captures nothing with settled facts, some where facts are unknown: zz-unk" in said
    assert "captures all with settled facts, some where facts are unknown: zz-all" in said
    assert "The same with settled facts only: zz-none and zz-unk" in said
    assert re.search(r"10 pairs with settled facts: 1 equal, .* where facts are unknown: ", said)


def test_a_table_says_that_both_senses_agree(senses: Said) -> None:
    """One line, and no second table."""
    Path("some.kpr").write_text(
        "".join(
            f'definition a-{form} "" {{ captures when goods.form is {form} }}\n'
            for form in ("rough", "polished", "jewellery", "watch", "mixed")
        )
    )
    said = " ".join(senses("compare").split())
    assert "every pair lies likewise" in said
    assert said.count(" A a-") == 1
    assert "10 pairs: 10 disjoint" in said


def test_few_are_said_in_words_with_what_shows_each_sense(senses: Said) -> None:
    """What unknown facts alone show is shown too, and what both capture."""
    said = senses("compare", "zz-unk", "zz-rough")
    assert "zz-unk captures, zz-rough is undetermined:\n    nothing is stated" in said
    assert "1 pair with settled facts: 1 broader" in said
    assert "\n\n\n" not in said
    said = senses("compare", "zz-gold", "zz-rough")
    assert "both capture some cases, and each some that the other does not" in " ".join(
        said.split()
    )
    assert "zz-gold and zz-rough both capture:\n    goods.material is gold" in said


def test_json_tells_what_shows_the_second_sense(senses: Said) -> None:
    """Under `unknown_witnesses` is what settled facts do not show."""
    (relation,) = json.loads(senses("compare", "zz-unk", "zz-rough", "--format", "json"))[
        "relations"
    ]
    assert (relation["settled"], relation["unknowns"]) == ("broader", "disjoint")
    assert relation["witnesses"]["only_right"] is None
    shown = relation["unknown_witnesses"]["only_right"]
    assert shown["case"] == "open-in-zz-rough-in-zz-unk"
    assert relation["unknown_witnesses"]["only_left"] is None


def test_what_is_not_decided_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No time at all: each report gives the reason."""
    monkeypatch.setattr(solver, "_CONFLICTS", 1)
    file = tmp_path / "shares.kpr"
    file.write_text(
        "".join(
            f'definition share-{part} "" {{ about meeting captures when at least {part}/100 '
            "p in participants has (p.stance is supported and p.concerned) }\n"
            for part in (51, 52)
        ),
        encoding="utf-8",
    )
    rules = kprules.load_rules(file)
    found = relate_all([choose(rules["share-51"]), choose(rules["share-52"])], seconds=-1)
    (relation,) = found
    assert f"was not decided ({TIME})" in relation_words(relation)
    assert "possible meetings" in relation_words(relation)
    assert f"not decided ({TIME})" in relations_markdown(found).replace("\\", "")
    assert f"because {TIME}" in " ".join(relations_table(found, order(found), Paper()).split())


# --- files ----------------------------------------------------------------------------------------


def claims(ids: list[str]) -> dict[str, dict[str, str]]:
    """Return all names that a file can have, each with what it says of which definitions."""
    return {
        f"{first}-{one}-{second}-{other}.yaml": {one: OUTCOME[first], other: OUTCOME[second]}
        for one, other in combinations(ids, 2)
        for first, second in product(OUTCOME, repeat=2)
    }


@pytest.mark.no_cover
def test_each_file_of_the_whole_library_comes_out_as_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Id, title and each claim of the report: judged anew, from the file, they are so."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    assert run(["compare", "--write-cases", "w", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    ids = [definition["id"] for definition in found["definitions"]]
    files = [path.name for path in Path("w").iterdir()]
    assert run(["eval", "--cases", "w", "--format", "csv"]) == 0
    judged = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    outcomes = {(row["case"], id_): row[id_] for row in judged for id_ in ids}
    titles = {row["case"]: row["title"] for row in judged}
    assert sorted(f"{id_}.yaml" for id_ in titles) == sorted(files)
    known = claims(ids)
    for file in files:
        case = file.removesuffix(".yaml")
        said = []
        for definition, outcome in known[file].items():
            assert outcomes[case, definition] == outcome, file
            said.append(f"{outcome.replace('_', ' ')} by {definition}")
        assert titles[case] == ", ".join(said).capitalize()
    claimed = set()
    for relation in found["relations"]:
        left, right = relation["left"], relation["right"]
        for shown, wanted in (
            ("both", ("captured", "captured")),
            ("only_left", ("captured", "not_captured")),
            ("only_right", ("not_captured", "captured")),
        ):
            case = relation["witnesses"][shown]
            if case is not None:
                assert (outcomes[case["case"], left], outcomes[case["case"], right]) == wanted
                assert case["title"] == titles[case["case"]]
                claimed.add(f"{case['case']}.yaml")
    assert claimed == set(files)
    assert run(["test", "--cases", "w", "--only", "west-2022"]) == 0


def test_a_table_says_where_its_witnesses_lie(senses: Said) -> None:
    """Many: how files are named, with a command that runs; few: each file by its witness."""
    said = senses("compare", "--write-cases", "w")
    assert max(map(len, said.splitlines())) <= 80
    command = re.search(r"`kprules (eval w/\S+ --only \S+)`", " ".join(said.split()))
    assert command is not None
    assert senses(*command[1].split(), "--format", "csv").count("\n") == 2
    said = senses("compare", "zz-gold", "zz-rough", "--write-cases", "v")
    assert "in v/in-zz-gold-in-zz-rough.yaml" in said
    said = senses("compare", "zz-gold", "zz-rough", "--write-cases", "u", "--format", "markdown")
    assert "| in-zz-gold-in-zz-rough.yaml, " in said


def test_definitions_that_ask_for_ids_and_titles(names: Said) -> None:
    """A name that must be so stays, in the words too; each case still has a file of its own."""
    said = names("compare", "t-a", "t-b")
    assert "both capture:\n    title is a\n    goods.form is rough" in said
    said = names("compare", "--write-cases", "w", "--format", "json")
    assert "`x-y`, which several files bear" in names.err
    for relation in json.loads(said)["relations"]:
        for case in relation["witnesses"].values():
            if case is not None and case["case"] != "x-y" and case["title"] != "a":
                assert case["title"].lower().startswith(("captured by t-", "not captured by t-"))
    known = claims(["t-a", "t-b", "t-c", "t-d"])
    for file in Path("w").iterdir():
        if not file.name.startswith("x-y"):
            for definition, outcome in known[file.name].items():
                out = names("explain", str(file), definition, "--format", "json")
                assert f'"outcome": "{outcome}"' in out, file


@pytest.mark.parametrize(
    ("folder", "said"),
    [("some.kpr", "`some.kpr` is a file"), ("some.kpr/in", "cannot be made: not a directory")],
)
def test_a_folder_that_cannot_be_written(senses: Said, folder: str, said: str) -> None:
    """One line, and the code of what cannot be done."""
    senses("compare", "--write-cases", folder, code=2)
    assert said in senses.err
    assert senses.err.count("\n") == 1


# --- which definitions, of which kind -------------------------------------------------------------


def test_ids_restrict_what_rules_bring(senses: Said) -> None:
    """With ids only they are compared, or written as SQL, wherever rules are read from."""
    assert "1 pair" in senses("compare", "zz-gold", "zz-rough")
    assert "1 pair" in senses("compare", "zz-gold", "kpcs-core-2002")
    said = senses("sql", "zz-rough")
    assert '"zz-rough"' in said
    assert "zz-gold" not in said


@pytest.mark.parametrize(
    "asked", [("compare", "ddi-2017", "kpcs-core-2002"), ("sql", "ddi-2017"), ("sql", "ddi-*")]
)
def test_a_definition_about_another_kind_is_told_apart_from_none(
    senses: Said, asked: tuple[str, ...]
) -> None:
    """It exists, about a meeting; the message says how to choose it."""
    senses(*asked, code=2)
    assert "`ddi-2017` is about a meeting; `--about meeting` chooses" in senses.err
    senses("compare", "ddi-2018", "kpcs-core-2002", code=2)
    assert "no definition is called `ddi-2018`" in senses.err


def test_meetings_are_called_meetings(senses: Said) -> None:
    """In differences, relations and headings."""
    asked = ("kp-consensus-2003", "ddi-2017")
    assert "Over all possible meetings" in senses("compare", *asked, "--about", "meeting")
    for format_ in ("table", "markdown"):
        said = senses("diff", *asked, "--format", format_)
        assert re.search(r"\d+ meetings: \d+ gained", said)
        assert "case" not in said.replace("case study", "")
