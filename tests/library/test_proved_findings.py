"""What takes a proof is found, and only that: each finding with its sound twin."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest
from soon import soon

from kprules.cli.main import run

HEAD = 'definition my-own amends kpcs-core-2002 "Mine" {{ source "a test" {0} }}'
BASE = 'definition my-own "Mine" {{ source "a test" captures when all of {{ {0} }} {1} }}'

FOUND = {
    "never-proved": BASE.format(
        "a: goods.form is rough b: any of { c: goods.carats > 2 and goods.carats < 1 }", ""
    ),
    "always-proved": BASE.format(
        "a: goods.form is rough b: goods.carats is known or goods.carats is unknown", ""
    ),
    "swallowing-exception": BASE.format(
        "a: goods.form is rough", "except when b: goods.form in {rough, polished}"
    ),
    "idle-reading": BASE.format(
        "a: reading of { b: goods.form is rough c: goods.form in {rough} }", ""
    ),
    "no-effect-proved": HEAD.format("widen object with wider: goods.made is natural and "
                                    "goods.material is diamond and goods.form is rough"),
    "equal-definitions": HEAD.format("replace act with link.conflict.type in armed_conflict and "
                                     "pays_for_fighting(link)"),
}  # fmt: skip
SOUND = {
    "a clause that may be either": BASE.format("a: goods.form is rough b: goods.carats > 2", ""),
    "a literal that is meant": BASE.format("a: goods.form is rough b: true", ""),
    "an exception that leaves some": BASE.format(
        "a: goods.form is rough", "except when b: goods.quality is industrial"
    ),
    "readings that part": BASE.format(
        "a: reading of { b: goods.form is rough c: goods.form in {rough, polished} }", ""
    ),
    "an amendment that tells": HEAD.format("remove actor"),
    "an amendment that tells under another reading": HEAD.format("remove recognition"),
    "a clause that is idle under the customary reading only": BASE.format(
        "a: goods.form is rough b: any of { "
        "c: reading of { loose: true strict: goods.material is diamond } d: goods.carats > 2 }",
        "",
    ),
    "readings that part under another one": BASE.format(
        "a: any of { b: reading of { loose: true strict: goods.material is diamond } "
        "c: reading of { d: goods.form is rough e: goods.form in {rough, polished} } }",
        "",
    ),
    "an exception that leaves some under another reading": BASE.format(
        "a: goods.form is rough",
        "except when b: reading of { loose: goods.form in {rough} strict: goods.carats > 2 }",
    ),
    "an equal one that is meant": HEAD.format("same_as kpcs-core-2002"),
}


def _check(text: str, folder: Path, capsys: pytest.CaptureFixture[str], *asked: str) -> str:
    file = folder / "my-own.kpr"
    file.write_text(text)
    assert run(["check", *asked, str(file)]) == 0
    return capsys.readouterr().err


@pytest.mark.parametrize("code", FOUND)
def test_what_is_proved_is_reported(
    code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The warning has its slug and its place."""
    said = _check(FOUND[code], tmp_path, capsys, "--prove")
    assert f"warning[{code}]" in said
    assert "my-own.kpr:1:" in said


@pytest.mark.parametrize("what", SOUND)
def test_what_is_sound_is_left_alone(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No warning that takes a proof is given."""
    said = _check(SOUND[what], tmp_path, capsys, "--prove")
    assert "proved" not in said


def test_a_reading_that_is_not_customary_is_looked_at(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reading that nothing can meet is found, whichever it is."""
    never = "goods.carats > 2 and goods.carats < 1"
    readings = f"b: reading of {{ usual: goods.carats > 1 odd: {never} }}"
    said = _check(BASE.format(f"a: goods.form is rough {readings}", ""), tmp_path, capsys)
    assert "no case can make `odd` true" in said


def test_what_holds_under_every_choice_of_readings_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two readings are chosen between in four ways, and the clause around them always holds."""
    many = " ".join(
        f"r{n}: reading of {{ s{n}: goods.form is rough w{n}: goods.form in {{rough, mixed}} }}"
        for n in range(2)
    )
    clause = f"b: any of {{ {many} c: goods.carats is known d: goods.carats is unknown }}"
    said = _check(BASE.format(f"a: goods.form is rough {clause}", ""), tmp_path, capsys)
    assert "no case can make `b` false" in said


TWICE = {
    "two of one's own": (
        BASE.format("a: goods.form is rough", "")
        + '\ndefinition my-other "Other" { source "a test" captures when not '
        "(goods.form in {polished, jewellery, watch, mixed}) }",
        "equal-definitions",
    ),
    "an amendment of one's own": (
        BASE.format("a: goods.form is rough", "")
        + '\ndefinition my-other amends my-own "Other" { source "a test" '
        "replace a with not (goods.form in {polished, jewellery, watch, mixed}) }",
        "no-effect-proved",
    ),
}


@pytest.mark.parametrize("what", TWICE)
def test_a_pair_is_reported_once(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two definitions that are the same are one finding, whichever finds it first."""
    text, code = TWICE[what]
    said = _check(text, tmp_path, capsys, "--prove")
    found = [code for code in ("equal-definitions", "no-effect-proved") if code in said]
    assert found == [code]
    assert said.count(f"warning[{code}]") == 1


def test_the_shipped_library_has_no_such_finding(capsys: pytest.CaptureFixture[str]) -> None:
    """All that can be proved of the shipped definitions is meant."""
    assert run(["check", "--prove", "--strict"]) == 0
    assert "warning" not in capsys.readouterr().err


@pytest.mark.parametrize("least", [40, 100, 1_000_000])
def test_a_large_count_is_checked_within_two_seconds(
    least: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lists are written out no longer than proofs can bear; the check keeps to its time."""
    begun = process_time()
    text = BASE.format(f"a: at least {least} x in links has x.directness is direct", "")
    _check(text, tmp_path, capsys)
    assert process_time() - begun < soon()


def test_entries_of_entries_are_checked_within_two_seconds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twelve quantifiers in each other go over more entries than can be written out."""
    begun = process_time()
    nested = " ".join(f"some x{depth} in links has" for depth in range(12))
    said = _check(
        BASE.format(f"a: {nested} x0.share_percent is x11.share_percent", ""), tmp_path, capsys
    )
    assert process_time() - begun < soon()
    assert "note: the proofs took longer than 1 s" in said


def test_proofs_that_end_before_all_is_proved_say_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counts within counts take more than the second that is given unasked."""
    inner = "at least 30 y in measures has (y.body is unsc and x.directness is direct)"
    text = f"a: every x in links has {inner} b: at least 40 x in links has {inner}"
    said = _check(BASE.format(text, ""), tmp_path, capsys)
    assert "note: the proofs took longer than 1 s; --prove gives them more" in said
