"""What each command says, and the code it ends with."""

import inspect
import json
import re
import shlex
from pathlib import Path

import click
import jsonschema
import pytest
import yaml
from running import VARIANT, Run

from kprules.cli.main import COMMANDS, program


def test_help_lists_every_command_with_the_first_sentence_of_its_own_help(kprules: Run) -> None:
    """The sentences that `kprules --help` shows are those of the commands."""
    shown = " ".join(kprules("--help").out.split())
    for name, sentence in COMMANDS.items():
        assert _help(name).split("\n\n")[0].replace("\n", " ") == sentence
        assert sentence in shown


def _help(name: str) -> str:
    with click.Context(program) as ctx:
        command = program.get_command(ctx, name)
    assert command is not None
    return inspect.cleandoc(command.help or "")


def _examples() -> list[tuple[str, str]]:
    found = []
    for name in COMMANDS:
        lines = _help(name).split("\n")
        found += [(name, line.strip()) for line in lines if line.startswith("    kprules ")]
    return found


def test_every_command_has_an_example_and_its_exit_codes_in_its_help() -> None:
    """No command is without a line that can be typed, nor without its codes."""
    assert {name for name, _ in _examples()} == set(COMMANDS)
    for name in COMMANDS:
        assert "Exit codes: 0 " in _help(name)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_fits_80_columns(name: str, kprules: Run) -> None:
    """Its examples too, which are not wrapped."""
    assert max(map(len, kprules(name, "--help").out.split("\n"))) <= 80


@pytest.mark.parametrize(("name", "example"), _examples(), ids=lambda value: value)
def test_the_examples_of_the_help_run(name: str, example: str, whole: Run, here: Path) -> None:
    """Each line of help that can be typed ends with 0 in a folder with one variant in it."""
    if name != "new":
        (here / "rules").mkdir()
        (here / "rules" / "my-own.kpr").write_text(VARIANT.replace("my-variant", "my-own"))
        whole("fmt", "rules")
    ended = whole(*shlex.split(example)[1:])
    assert ended.code == 0, ended.err
    assert ended.out or name == "fmt"


# --- eval -------------------------------------------------------------------------------------


def test_eval_prints_the_matrix_and_ends_with_a_line_of_counts(kprules: Run) -> None:
    """The first thing that a newcomer types shows cases, definitions, marks and counts."""
    ended = kprules("eval")
    assert ended.code == 0
    assert re.search(r"^ang-unita-1992-2002 +● captured", ended.out, re.MULTILINE)
    assert ended.out.rstrip().split("\n")[-1] == (
        "● captured 8   · not captured 30   ? undetermined 4"
    ) or re.fullmatch(
        r"● captured \d+   · not captured \d+   \? undetermined \d+",
        ended.out.rstrip().split("\n")[-1],
    )


def test_eval_reads_the_rules_and_cases_of_the_folder_and_says_so(kprules: Run, here: Path) -> None:
    """A variant in ./rules is in the matrix, and standard error says where it came from."""
    (here / "rules").mkdir()
    (here / "rules" / "my-variant.kpr").write_text(VARIANT)
    ended = kprules("eval", "--only", "my-variant,kpcs-core-2002")
    assert ended.code == 0
    assert "my-variant" in ended.out
    assert "./rules of this folder is read too" in ended.err


def test_with_rules_the_matrix_holds_those_and_what_only_names(kprules: Run, here: Path) -> None:
    """`--rules` selects the definitions of its files; `--only` adds to them."""
    (here / "mine.kpr").write_text(VARIANT)
    alone = json.loads(kprules("eval", "--rules", "mine.kpr", "--format", "json").out)
    assert [d["id"] for d in alone["definitions"]] == ["my-variant"]
    both = kprules("eval", "--rules", "mine.kpr", "--only", "kpcs-core-2002", "--format", "json")
    assert [d["id"] for d in json.loads(both.out)["definitions"]] == [
        "kpcs-core-2002", "my-variant",
    ]  # fmt: skip


def test_a_definition_of_the_users_takes_the_place_of_a_shipped_one(
    kprules: Run, here: Path
) -> None:
    """It is used, its descendants amend it, and a note says so."""
    (here / "mine.kpr").write_text(
        'definition kpcs-core-2002 "Mine" { status proposed source "me"\n'
        "  captures when all of { actor: true } }\n"
    )
    ended = kprules("eval", "--rules", "mine.kpr", "--format", "json")
    assert json.loads(ended.out)["definitions"][0]["title"] == "Mine"
    assert "take the place of what ships: kpcs-core-2002" in ended.err


def test_cases_are_chosen_by_id_by_pattern_and_by_file(kprules: Run, small_library: Path) -> None:
    """Arguments of eval are ids, patterns or paths."""

    def cases(*named: str) -> list[str]:
        ended = kprules("eval", *named, "--only", "kpcs-core-2002", "--format", "json")
        assert ended.code == 0, ended.err
        return [case["id"] for case in json.loads(ended.out)["cases"]]

    assert cases("rus-ukr-2022") == ["rus-ukr-2022"]
    assert cases("rus-ukr-*", "can-nwt") == ["can-nwt", "rus-ukr-2022"]
    assert cases(str(small_library / "cases" / "bwa-debswana.yaml")) == ["bwa-debswana"]
    assert cases("--cases", str(small_library / "cases" / "can-nwt.yaml")) == ["can-nwt"]


def test_a_case_of_the_users_takes_the_place_of_a_shipped_one(
    kprules: Run, here: Path, root: Path
) -> None:
    """A corrected copy is judged, and said so; two of the user's own with one id are an error."""
    (here / "cases").mkdir()
    text = (root / "cases" / "rus-ukr-2022.yaml").read_text()
    mine = here / "cases" / "rus-ukr-2022.yaml"
    mine.write_text(re.sub(r"(?m)^title: .*$", "title: Mended", text))
    for asked in (["eval", "--cases", str(mine)], ["eval", "rus-ukr-2022"], ["check", str(mine)]):
        ended = kprules(*asked)
        assert ended.code == 0, ended.err
        assert "note: yours take the place of what ships: rus-ukr-2022" in ended.err
    assert "Mended" in kprules("explain", "rus-ukr-2022", "kpcs-core-2002").out
    (here / "cases" / "more").mkdir()
    (here / "cases" / "more" / "rus-ukr-2022.yaml").write_text(text)
    twice = kprules("eval", "rus-ukr-2022")
    assert twice.code == 2
    assert "duplicate-case" in twice.err


def test_as_of_keeps_the_cases_whose_period_may_include_the_day(kprules: Run, here: Path) -> None:
    """A day inside keeps a case, one outside drops it, one that only may be inside marks it."""
    (here / "cases").mkdir()
    (here / "cases" / "x-open.yaml").write_text(
        "case: x-open\ntitle: Open\nperiod: {from: 2001, to: unknown}\n"
    )
    ended = kprules("eval", "--as-of", "2001-06-01", "--only", "kpcs-core-2002", "--format", "json")
    kept = {c["id"]: c["as_of"] for c in json.loads(ended.out)["cases"]}
    assert kept["ang-unita-1992-2002"] == "included"
    assert kept["x-open"] == "possible"
    assert "rus-ukr-2022" not in kept
    table = kprules("eval", "--as-of", "2001-06-01", "--only", "kpcs-core-2002").out
    assert re.search(r"^x-open ~ +", table, re.MULTILINE)
    assert "may not include 2001-06-01" in table


def test_every_format_says_whose_period_only_may_include_the_day(kprules: Run, here: Path) -> None:
    """A column of CSV and a key of JSON Lines, where a day is asked for, as JSON has it."""
    (here / "x-open.yaml").write_text("case: x-open\ntitle: T\nperiod: {from: 2004, to: 2009}\n")
    (here / "x-sure.yaml").write_text("case: x-sure\ntitle: T\nperiod: {from: 2003, to: 2009}\n")
    asked = ("eval", "x-open.yaml", "x-sure.yaml", "--only", "kpcs-core-2002", "--format")
    head, *rows = kprules(*asked, "csv", "--as-of", "2004-06-01").out.splitlines()
    assert head == "case,title,as_of,kpcs-core-2002"
    assert [row.split(",")[:3] for row in rows] == [
        ["x-open", "T", "possible"], ["x-sure", "T", "included"]
    ]  # fmt: skip
    lines = kprules(*asked, "jsonl", "--as-of", "2004-06-01").out.splitlines()
    assert [json.loads(each)["as_of"] for each in lines] == ["possible", "included"]
    assert kprules(*asked, "csv").out.startswith("case,title,kpcs-core-2002\n")
    assert "as_of" not in json.loads(kprules(*asked, "jsonl").out.splitlines()[0])


def test_in_force_keeps_the_definitions_of_that_day(kprules: Run) -> None:
    """`since` and `until` select, both ends included."""

    def definitions(day: str) -> set[str]:
        found = kprules("list", "--in-force", day, "--format", "json")
        return {d["id"] for d in json.loads(found.out)["definitions"]} if found.out else set()

    assert "us-eo14068-2022" in definitions("2022-03-11")
    assert "us-eo14068-2022" in definitions("2024-02-29")
    assert "us-eo14068-2022" not in definitions("2024-03-01")
    assert "kpcs-core-2002" not in definitions("2002-12-31")


def test_by_view_has_a_column_for_each_party_that_says_anything(kprules: Run) -> None:
    """Ukraine's view and Russia's differ from each other, and from what is established."""
    ended = kprules("eval", "rus-ukr-2022", "--only", "west-2022", "--by-view", "--format", "json")
    report = json.loads(ended.out)
    seen = {o["view"]: o["outcome"] for o in report["outcomes"]}
    assert seen[None] == "undetermined"
    assert seen["ukraine"] == "captured"
    assert seen["russia"] == "not_captured"
    assert report["views"] == list(seen)
    table = kprules("eval", "rus-ukr-2022", "--only", "west-2022", "--by-view").out
    assert "russia" in table
    assert "established" in table


def test_a_reading_that_is_asked_for_is_used(kprules: Run) -> None:
    """The cumulative reading of recognition leaves the rebels of 1991 uncaptured or captured."""
    asked = ("eval", "lbr-taylor-1997-2003", "--only", "kpcs-core-2002", "--format", "json")
    usual = json.loads(kprules(*asked).out)["outcomes"][0]["outcome"]
    other = json.loads(kprules(*asked, "--reading", "kpcs-core-2002.allies=not_a_state").out)
    every = json.loads(kprules(*asked, "--readings", "all").out)["outcomes"][0]
    assert (usual, other["outcomes"][0]["outcome"]) == ("captured", "not_captured")
    assert other["receipt"]["options"]["readings"] == {"kpcs-core-2002.allies": "not_a_state"}
    assert every["outcome"] == "undetermined"
    assert {"why": "ambiguous", "path": "kpcs-core-2002.allies"}.items() <= every["unknown"][
        0
    ].items()


def test_fail_on_ends_with_1_where_the_outcome_is_met(kprules: Run) -> None:
    """A pipeline can refuse what a definition captures."""
    asked = ("eval", "--only", "kpcs-core-2002", "--fail-on", "captured")
    assert kprules(*asked, "ang-unita-1992-2002").code == 1
    assert kprules(*asked, "can-nwt").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["eval", "--only", "kpcs-cor-2002"], "did you mean `kpcs-core-2002`"),
        (["eval", "rus-ukr-2023"], "did you mean `rus-ukr-2022`"),
        (["eval", "kasane-2022"], "`kasane-2022` is a meeting; `--about meeting` chooses it"),
        (
            ["eval", "--only", "kp-consensus-2003"],
            "`kp-consensus-2003` is about a meeting; `--about meeting`",
        ),
        (["eval", "nothing-*"], "no case matches `nothing-*`"),
        (["eval", "--view", "ukrane"], "did you mean `ukraine`"),
        (["eval", "--about", "meating"], "did you mean `meeting`"),
        (["eval", "--as-of", "yesterday"], "`yesterday` is no date"),
        (["eval", "can-nwt", "--as-of", "1900-01-01"], "no case was chosen"),
        (["eval", "--in-force", "1900-01-01"], "no definition about a case was chosen"),
        (["eval", "--reading", "kpcs-core-2002.alies=any_ally"], "did you mean `allies`"),
        (["eval", "--reading", "kpcs-core-2002.allies=nobody"], "has no reading `nobody`"),
        (["eval", "--reading", "allies"], "DEFINITION.LABEL=NAME"),
        (["eval", "--readings", "all", "--reading", "a-b.c=d"], "every one"),
        (["eval", "--by-view"], "one definition"),
        (["eval", "--by-view", "--view", "ukraine"], "asks for one"),
        (["eval", "--cases", "nowhere"], "cannot be read"),
        (["eval", "--rules", "nowhere.kpr"], "cannot be read"),
        (["eval", "--format", "xml"], "xml"),
        (["explain", "rus-ukr-2022", "kpcs"], "no definition is called `kpcs`"),
        (["explain", "rus-ukr", "kpcs-core-2002"], "did you mean `rus-ukr-2022`"),
        (
            ["explain", "kasane-2022", "kpcs-core-2002"],
            "no case is called `kasane-2022`; it is a meeting",
        ),
        (["show", "kpcs-core-2003"], "did you mean `kpcs-core-2002`"),
        (["vocabulary", "link.finance"], "did you mean"),
        (["new", "Nonsense", "--amends", "kpcs-core-2002"], "is no id"),
        (["new", "my-own", "--amends", "kpcs-core"], "did you mean `kpcs-core-2002`"),
        (["new", "west-2022", "--amends", "kpcs-core-2002"], "is called `west-2022` already"),
        (["fmt"], "no ./rules here"),
        (["fmt", "nowhere.kpr"], "cannot be read"),
        (["evaluate"], "did you mean `eval`"),
        (["eval", "--nonsense"], "--nonsense"),
        (["completion", "tcsh"], "tcsh"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_done_ends_with_2_and_says_what_to_do(
    arguments: list[str], said: str, kprules: Run
) -> None:
    """Wrong names, wrong usage and missing files: exit code 2, nothing on standard output."""
    ended = kprules(*arguments)
    assert ended.code == 2
    assert said in ended.err
    assert "Traceback" not in ended.err
    assert ended.out == ""


# --- explain ------------------------------------------------------------------------------------


def test_explain_says_that_the_actor_is_an_army_and_no_rebel_movement(kprules: Run) -> None:
    """In the definition's own words, with the fact, its source, and in about a dozen lines."""
    ended = kprules("explain", "rus-ukr-2022", "kpcs-core-2002")
    assert ended.code == 0
    assert "not captured" in ended.out
    assert 'actor "used by rebel movements or their allies"' in " ".join(ended.out.split())
    assert "links[0].actor.kinds is {state_armed_forces, state_government}" in ended.out
    assert "wanted: rebel_movement" in ended.out
    assert "links[0].allied_with is {}" in ended.out
    assert "s106" in ended.out
    reasons = ended.out.split("\n\n")[1].split("\n")
    assert len(reasons) <= 13


def test_explain_is_short_unless_all_is_asked_for(kprules: Run) -> None:
    """One change, the one that states the least and invents no entry; the rest by `--all`."""
    short = kprules("explain", "rus-ukr-2022", "kpcs-core-2002").out
    assert len(short.split("\n")) <= 24
    assert short.count("Captured if") == 1
    assert "were there" not in short
    assert "\n--all shows 9 other ways to change that and the titles of the sources" in short
    whole = kprules("explain", "rus-ukr-2022", "kpcs-core-2002", "--all").out
    assert whole.count("Captured if") == 10
    assert "General Assembly meetings coverage" in whole
    assert "--all" not in whole


def test_explain_tells_every_set_of_facts_that_suffices_when_asked_for_all(kprules: Run) -> None:
    """One of them else, with how many others there are."""
    asked = ("explain", "ang-unita-1992-2002", "west-2022")
    short = " ".join(kprules(*asked).out.split())
    assert short.count("It suffices that ") == 1
    assert "1 other set of facts that suffices" in short
    whole = kprules(*asked, "--all").out
    assert whole.count("It suffices that ") == 2
    assert "--all shows" not in whole


def test_explain_names_who_says_what_of_facts_that_are_open(whole: Run) -> None:
    """Of entries told together too; who is not answered says so, and denies nothing."""
    uae = whole("explain", "chair-2026-uae", "kp-consensus-2003").out
    assert "wanted: not objected\n        affirmed by krawitz: proposed (alleged; s46)" in uae
    assert "said by krawitz: objected (alleged; s46)" in uae
    kasane = " ".join(whole("explain", "kasane-2022", "ddi-2017").out.split())
    assert "said by new_york_times: objected (alleged; s101, s103)" in kasane
    assert "affirmed by reuters: supported (alleged; the-national-2022)" in kasane


def test_explain_names_all_who_block(kprules: Run) -> None:
    """Five object: each with its sources, and all of them together as what would have to move."""
    asked = ("explain", "dubai-2025-review", "kp-consensus-2003")
    said = " ".join(kprules(*asked).out.split())
    names = (
        "participants[0] (Australia), participants[1] (Canada), participants[2] (European Union)"
    )
    assert said.count(names) == 2
    assert "p.stance is objected; wanted: not objected (s41, s42, s43, s44, s45)" in said
    assert "Adopted only if all 5 of these were otherwise, each alone in the way" in said
    (outcome,) = json.loads(kprules(*asked, "--format", "json").out)["outcomes"]
    entries = [f"participants[{number}]" for number in range(5)]
    assert outcome["blocking"] == [
        {"list": "participants", "least": 5, "entries": entries, "outcome": "undetermined"}
    ]


def test_explain_names_who_affirms_and_who_denies(kprules: Run) -> None:
    """Where the claims part, each is named, with what would settle it and whose view decides."""
    said = " ".join(kprules("explain", "rus-ukr-2022", "west-2022").out.split())
    assert "undetermined" in said
    assert "links[0].finances is contested" in said
    assert "affirmed by ukraine, united_kingdom, united_states, canada" in said
    assert "denied by russia: {}" in said
    assert "not known to kpcsc_coordinator_2022" in said
    assert "Captured if links[0].finances is {" in said
    assert "Not captured as seen by russia" in said


def test_explain_under_a_view_differs(kprules: Run) -> None:
    """Ukraine's view captures, Russia's does not."""
    asked = ("explain", "rus-ukr-2022", "west-2022", "--view")
    ukraine, russia = kprules(*asked, "ukraine").out, kprules(*asked, "russia").out
    assert "● captured" in ukraine
    assert "As ukraine sees the facts." in ukraine
    assert "· not captured" in russia


def test_explain_as_json_is_the_report_of_one_outcome(kprules: Run) -> None:
    """The shape is that of eval."""
    report = json.loads(kprules("explain", "rus-ukr-2022", "west-2022", "--format", "json").out)
    assert report["format"] == "kprules-report/1"
    (outcome,) = report["outcomes"]
    assert outcome["unknown"][0]["why"] == "contested"
    assert outcome["would_settle"]


def test_explain_judges_a_meeting_by_a_definition_about_meetings(kprules: Run) -> None:
    """The definition says which kind of record is meant."""
    said = kprules("explain", "dubai-2025-review", "kp-consensus-2003").out
    assert "not adopted" in said
    assert "stance is objected" in said


# --- the rest -------------------------------------------------------------------------------------


def test_list_groups_by_status_and_date(kprules: Run) -> None:
    """Each status is a heading; under it stand dates, ids and titles."""
    said = kprules("list").out
    assert re.search(r"^In force\n  2003-01-01  kp-consensus-2003", said, re.MULTILINE)
    assert re.search(
        r"^Superseded\n  2022-03-11 to 2024-02-29  us-eo14068-2022", said, re.MULTILINE
    )
    assert said.rstrip().endswith("4 definitions")


def test_show_says_which_definition_wrote_each_clause(kprules: Run) -> None:
    """The finished text of an amendment names its own clauses and its base's, terms and sources."""
    said = kprules("show", "west-2022").out
    assert re.search(r'state "state actors": .* +west-2022$', said, re.MULTILINE)
    assert re.search(r'rebels "rebel movements": +kpcs-core-2002$', said, re.MULTILINE) or (
        'rebels "rebel movements"' in said
    )
    assert "west-2022: widens actor with state" in said
    assert "term state_actor(a: actor)" in said
    assert "set armed_conflict" in said
    assert "s26: Reuters, 16 June 2022" in said
    data = json.loads(kprules("show", "west-2022", "--format", "json").out)
    written = {c["label"]: c["written_by"] for c in data["clauses"]}
    assert (written["state"], written["rebels"]) == ("west-2022", "kpcs-core-2002")


def test_vocabulary_says_what_a_field_means(kprules: Run) -> None:
    """Type, meaning, place in a file, allowed values with theirs."""
    said = kprules("vocabulary", "link.finances").out
    assert "links[].finances" in said
    assert re.search(r"army_budget +the budget of a state's armed forces", said)
    assert "link" in kprules("vocabulary").out


def test_vocabulary_as_json_is_a_json_schema(kprules: Run, small_library: Path) -> None:
    """It accepts the cases that ship and refuses a misspelt key."""
    schema = json.loads(kprules("vocabulary", "--format", "json").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    case = yaml.load((small_library / "cases" / "can-nwt.yaml").read_text(), Loader=yaml.BaseLoader)  # noqa: S506 - makes strings alone
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**case, "titel": "x"}, schema)


def test_vocabulary_missing_is_a_markdown_table_where_that_is_asked_for(kprules: Run) -> None:
    """A row a fact, and the count below."""
    out = kprules("vocabulary", "--missing", "rus-ukr-2022", "--format", "markdown").out
    assert out.startswith("| definitions | field | type |\n|---:|---|---|\n")
    assert re.search(r"^\| \d+ \| `[^`]+` \| [^|]+ \|$", out, re.MULTILINE)
    assert "leaves out" in out.splitlines()[-1]


def test_vocabulary_missing_lists_what_definitions_read_and_a_case_leaves_out(
    kprules: Run, here: Path
) -> None:
    """A case of a title alone leaves out whatever any definition reads of it."""
    (here / "x-y.yaml").write_text("case: x-y\ntitle: Nothing known\n")
    data = json.loads(kprules("vocabulary", "--missing", "x-y.yaml", "--format", "json").out)
    missing = {m["path"]: m["definitions"] for m in data["missing"]}
    assert "links" in missing
    assert set(missing["goods.material"]) >= {"kpcs-core-2002", "west-2022", "us-eo14068-2022"}
    assert "leaves out" in kprules("vocabulary", "--missing", "x-y.yaml").out
