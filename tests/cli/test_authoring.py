"""Commands of those who write rules and cases: check, fmt, test, new."""

import json
import re
from pathlib import Path

import pytest
from running import VARIANT, Run

from kprules.cli import check_command


def test_check_ends_with_1_where_there_are_errors_or_strictly_warnings(
    kprules: Run, here: Path
) -> None:
    """All of them are shown, each with its place; what cannot be read ends with 2."""
    assert kprules("check", "nowhere.kpr").code == 2
    assert kprules("check").code == 0
    (here / "bad.kpr").write_text(
        'definition x-y "t" { source "s" captures when all of { a: goods.from is rough } }'
    )
    (here / "x-y.yaml").write_text("case: x-y\ntitel: A\n")
    ended = kprules("check", "bad.kpr", "x-y.yaml")
    assert ended.code == 1
    assert "error[unknown-field]" in ended.err
    assert "x-y.yaml:2:1" in ended.err
    (here / "warned.kpr").write_text(
        'definition x-y "t" { captures when all of { a: goods.form is rough } }'
    )
    assert kprules("check", "warned.kpr").code == 0
    assert kprules("check", "--strict", "warned.kpr").code == 1
    data = json.loads(kprules("check", "bad.kpr", "--format", "json").out)
    assert data["problems"][0]["code"] == "unknown-field"
    assert data["problems"][0]["line"] == 1


def test_check_summary_counts_the_facts_by_evidence(kprules: Run, here: Path) -> None:
    """One row a kind of record, one column a level, and a total."""
    (here / "x-y.yaml").write_text(
        "case: x-y\ntitle: T\ngoods:\n"
        "  material: diamond\n  form: {value: rough, evidence: alleged}\n"
        "  quality: {contested: [{value: gem, by: [a]}, {value: industrial, by: [b]}]}\n"
    )
    data = json.loads(kprules("check", "x-y.yaml", "--summary", "--format", "json").out)
    assert data["facts"]["goods"] == {
        "established": 1, "alleged": 1, "contested": 1, "denied": 0, "unknown": 0,
        "without source": 3,
    }  # fmt: skip
    assert re.search(
        r"all records +1 +1 +1 +0 +0 +3", kprules("check", "x-y.yaml", "--summary").out
    )


def test_fmt_changes_spelling_and_keeps_comments(kprules: Run, here: Path) -> None:
    """`--check` ends with 1 and changes nothing; then the file changes; then nothing is to do."""
    path = here / "a.kpr"
    path.write_text('# kept\ndefinition x-y "t" {status proposed # and this\n source "s"\n'
                    "captures when all of {a: goods.form is rough}}")  # fmt: skip
    before = path.read_text()
    assert kprules("fmt", "--check", "a.kpr").code == 1
    assert path.read_text() == before
    assert kprules("fmt", "a.kpr").code == 0
    assert "# kept" in path.read_text()
    assert "# and this" in path.read_text()
    assert kprules("fmt", "--check", "a.kpr").code == 0


def test_fmt_leaves_a_file_with_a_mistake_as_it_is(kprules: Run, here: Path) -> None:
    """The sound file beside it is formatted; the code is 2."""
    (here / "rules").mkdir()
    (here / "rules" / "bad.kpr").write_text("definition {")
    (here / "rules" / "good.kpr").write_text("set a_set={a,b}")
    ended = kprules("fmt")
    assert ended.code == 2
    assert (here / "rules" / "bad.kpr").read_text() == "definition {"
    assert (here / "rules" / "good.kpr").read_text() == "set a_set = {a, b}\n"


def test_test_says_which_expectations_fail_and_where(kprules: Run, here: Path) -> None:
    """Those of the library hold; one that does not is shown with its place, and the code is 1."""
    assert kprules("test").code == 0
    (here / "rules").mkdir()
    (here / "rules" / "my-variant.kpr").write_text(
        VARIANT.replace("expect captured", "expect not_captured under {view russia}").replace(
            "ang-unita-1992-2002", "rus-ukr-2022, ang-unita-1992-2002"
        )
    )
    ended = kprules("test", "--only", "my-variant")
    assert ended.code == 1
    assert "expected not captured, found captured" in ended.out
    assert "rules/my-variant.kpr:8:" in ended.out
    assert "kprules explain ang-unita-1992-2002 my-variant --view russia" in ended.out
    assert ended.out.rstrip().endswith("1 expectation holds, 1 fails")
    data = json.loads(kprules("test", "--only", "my-variant", "--format", "json").out)
    assert [e["holds"] for e in data["expectations"]] == [True, False]


def test_new_writes_a_sound_file_in_the_one_spelling(kprules: Run, here: Path) -> None:
    """Five minutes: new, check, eval; the file names the base's labels and changes nothing yet."""
    ended = kprules("new", "my-variant", "--amends", "kpcs-core-2002")
    assert ended.code == 0
    assert "kprules eval --only 'kpcs-core-2002,my-variant'" in ended.out
    text = (here / "rules" / "my-variant.kpr").read_text()
    assert '#         actor "used by rebel movements or their allies"' in text
    assert kprules("fmt", "--check").code == 0
    checked = kprules("check", "--strict")
    assert (checked.code, checked.err) == (0, "")
    report = json.loads(
        kprules("eval", "--only", "kpcs-core-2002,my-variant", "--format", "json").out
    )
    outcomes: dict[str, set[str]] = {}
    for outcome in report["outcomes"]:
        outcomes.setdefault(outcome["case"], set()).add(outcome["outcome"])
    assert all(len(found) == 1 for found in outcomes.values())
    again = kprules("new", "my-variant", "--amends", "kpcs-core-2002")
    assert again.code == 2
    assert (here / "rules" / "my-variant.kpr").read_text() == text


def test_the_next_steps_of_a_variant_about_meetings_run(kprules: Run, here: Path) -> None:
    """The command that is printed asks for meetings."""
    said = kprules("new", "con-cons", "--amends", "kp-consensus-2003").out
    assert "  kprules eval --only 'kp-consensus-2003,con-cons' --about meeting\n" in said
    asked = ("eval", "--only", "kp-consensus-2003,con-cons", "--about", "meeting")
    assert kprules(*asked).code == 0
    assert here.is_dir()


def test_new_amends_every_shipped_definition(whole: Run, here: Path, root: Path) -> None:
    """Whatever the base, the file that is written is sound and in the one spelling."""
    bases = [path.stem for path in sorted((root / "rules").glob("*-*.kpr"))][::6]
    for base in bases:
        assert whole("new", f"my-{base}", "--amends", base).code == 0
    checked = whole("check", "--strict")
    assert checked.code == 0, checked.err
    assert whole("fmt", "--check").code == 0


def test_a_base_in_a_file_that_was_not_named_is_pointed_out(kprules: Run, here: Path) -> None:
    """A variant of a variant is checked with it; `new` says how, and the mistake says where."""
    assert kprules("new", "my-first", "--amends", "kpcs-core-2002").code == 0
    ended = kprules("new", "my-second", "--amends", "my-first")
    assert "  kprules check\n" in ended.out
    for command in (("check", "rules/my-second.kpr"), ("eval", "--rules", "rules/my-second.kpr")):
        ended = kprules(*command)
        assert ended.code != 0
        assert "help: rules/my-first.kpr has it: name that file too" in ended.err
    assert kprules("check", "rules/my-second.kpr", "rules/my-first.kpr").code == 0


def test_a_variant_just_begun_is_told_nothing_but_what_is_wrong(
    whole: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What equals its base is the base's affair, until the variant says something."""
    monkeypatch.setattr(check_command, "UNASKED", 60.0)  # a slow machine is told so
    assert whole("new", "my-first", "--amends", "kpcs-core-2002").code == 0
    ended = whole("check", "rules/my-first.kpr")
    assert (ended.code, ended.err) == (0, "")


def test_one_rule_file_may_cite_the_sources_of_the_folder(kprules: Run, here: Path) -> None:
    """Sources lie in ./cases; its cases are not checked with the file."""
    assert kprules("new", "my-first", "--amends", "kpcs-core-2002").code == 0
    file = here / "rules" / "my-first.kpr"
    text = file.read_text().replace('source "a proposal of our own"', 'source our-text "a text"')
    file.write_text(text)
    assert "our-text" in kprules("check", "rules/my-first.kpr").err
    (here / "cases").mkdir()
    (here / "cases" / "sources.yaml").write_text(
        "our-text: {title: A text, publisher: Us, date: 2024-01-01, url: 'https://example.org/'}\n"
    )
    (here / "cases" / "broken.yaml").write_text("no: such\n")
    ended = kprules("check", "rules/my-first.kpr")
    assert (ended.code, ended.err) == (0, "")
