"""Wrong input: what is sound beside it, what hostile files and names do, and a thousand mutants."""

import json
import os
import random
import re
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from running import Ended, Run
from soon import soon

GOOD = """
definition my-variant amends kpcs-core-2002 "Armies too" {
  status proposed
  source "a test"

  widen actor with army "or armies": link.actor.kinds includes state_armed_forces
}
"""
MUTANTS = int(os.environ.get("KPRULES_MUTANTS", "300"))
"""How many mutated files a run tries; a thousand and more where time allows."""


# --- what ships and one's own -----------------------------------------------------------------


def test_every_command_names_what_ones_own_costs_of_what_ships(kprules: Run, here: Path) -> None:
    """A text in a shipped one's place, without its labels: what amended it is not just gone."""
    (here / "rules").mkdir()
    (here / "rules" / "core.kpr").write_text(
        'definition kpcs-core-2002 "t" { source "s" captures when goods.form is rough }'
    )
    for command in (["list"], ["eval", "can-nwt"], ["show", "kpcs-core-2002"], ["test"]):
        ended = kprules(*command)
        assert "built on `kpcs-core-2002`" in re.sub(r"\s+", " ", ended.err), command
        assert "west-2022" in ended.err
    checked = kprules("check")
    assert (checked.code, checked.err.count("warning[")) == (0, 1)
    assert "warning[falls-away]" in checked.err


# --- keep going -------------------------------------------------------------------------------


@pytest.fixture
def half_wrong(here: Path) -> Path:
    """Work in a folder with a sound and a wrong file of each kind."""
    (here / "rules").mkdir()
    (here / "rules" / "my-variant.kpr").write_text(GOOD)
    (here / "rules" / "wrong.kpr").write_text(
        'definition my-wrong "t" { source "s" captures when all of { a: goods.from is rough } }'
    )
    (here / "cases").mkdir()
    (here / "cases" / "x-good.yaml").write_text("case: x-good\ntitle: Sound\n")
    (here / "cases" / "x-wrong.yaml").write_text("case: x-wrong\ntitel: Not sound\n")
    return here


def test_where_files_are_wrong_nothing_is_evaluated(half_wrong: Path, kprules: Run) -> None:
    """All mistakes of all files are reported together; nothing is on standard output."""
    ended = kprules("eval")
    assert (ended.code, ended.out) == (2, "")
    assert re.search(r"rules/wrong\.kpr:1:\d+", ended.err)
    assert "x-wrong.yaml:2:1" in ended.err
    assert "nothing was evaluated" in ended.err
    assert half_wrong.is_dir()


def test_with_keep_going_the_sound_ones_are(half_wrong: Path, kprules: Run) -> None:
    """The report lists the errors, and the code is 2."""
    ended = kprules("eval", "--keep-going", "--format", "json")
    assert ended.code == 2
    report = json.loads(ended.out)
    assert "x-good" in {case["id"] for case in report["cases"]}
    assert "x-wrong" not in {case["id"] for case in report["cases"]}
    assert "my-variant" in {d["id"] for d in report["definitions"]}
    assert "my-wrong" not in {d["id"] for d in report["definitions"]}
    assert {e["file"] for e in report["errors"]} == {"rules/wrong.kpr", "cases/x-wrong.yaml"}
    assert {e["code"] for e in report["errors"]} >= {"unknown-field"}
    assert half_wrong.is_dir()


def test_two_definitions_or_cases_of_one_id_are_errors_that_name_both_places(
    here: Path, kprules: Run
) -> None:
    """Two of the user's definitions, and two of the user's cases."""
    (here / "a.kpr").write_text(GOOD)
    (here / "b.kpr").write_text(GOOD)
    ended = kprules("eval", "--rules", "a.kpr", "--rules", "b.kpr")
    assert ended.code == 2
    assert "a.kpr:2:12" in ended.err
    assert "b.kpr:2:12" in ended.err
    for folder in ("cases", "cases/more"):
        (here / folder).mkdir()
        (here / folder / "can-nwt.yaml").write_text("case: can-nwt\ntitle: Mine\n")
    ended = kprules("eval")
    assert ended.code == 2
    assert "two records are called `can-nwt`" in ended.err
    assert ended.err.count("can-nwt.yaml:") == 2


def test_with_keep_going_of_two_of_one_id_neither_is_used(here: Path, kprules: Run) -> None:
    """Neither of two definitions, nor of two cases, for nobody knows which is meant."""
    (here / "rules").mkdir()
    for name in ("a", "b"):
        (here / "rules" / f"{name}.kpr").write_text(GOOD)
    for folder in ("cases", "cases/more"):
        (here / folder).mkdir()
        (here / folder / "x-case.yaml").write_text("case: x-case\ntitle: Mine\n")
    ended = kprules("eval", "--keep-going", "--format", "json")
    report = json.loads(ended.out)
    assert ended.code == 2
    assert "x-case" not in {case["id"] for case in report["cases"]}
    assert "my-variant" not in {d["id"] for d in report["definitions"]}
    assert {e["code"] for e in report["errors"]} == {"duplicate-case", "duplicate-definition"}


def test_where_one_is_asked_for_a_pattern_is_refused_with_what_it_may_mean(kprules: Run) -> None:
    """Commands about one case or definition take ids only."""
    ended = kprules("explain", "can*", "kpcs-core-2002")
    assert (ended.code, "one case is asked for" in ended.err) == (2, True)
    assert "`can-nwt`" in ended.err
    ended = kprules("explain", "can-nwt", "k*")
    assert (ended.code, "one definition is asked for" in ended.err) == (2, True)
    assert "`kpcs-core-2002`" in ended.err
    assert "matches `zz*`" in kprules("show", "zz*").err


def test_what_has_mistakes_is_not_said_to_be_missing(half_wrong: Path, kprules: Run) -> None:
    """Who goes on with what is sound and asks for what is not learns why it is not there."""
    (half_wrong / "rules" / "torn.kpr").write_text(
        'definition my-torn "t" { source "s" captures when goods.form is is rough rough }'
    )
    for id_ in ("my-wrong", "my-torn"):
        for command in (["eval", "--only", id_], ["show", id_], ["explain", "x-good", id_]):
            ended = kprules(*command, "--keep-going")
            assert ended.code == 2
            assert f"`{id_}` has mistakes" in ended.err


def test_one_text_is_read_in_one_way(kprules: Run) -> None:
    """Two readings of one label are refused; one of them named twice is not."""
    once = "kpcs-core-2002.recognition=cumulative"
    other = "kpcs-core-2002.recognition=explanatory"
    for command in (["eval", "can-nwt"], ["explain", "can-nwt", "kpcs-core-2002"]):
        assert kprules(*command, "--reading", once, "--reading", once).code == 0
        ended = kprules(*command, "--reading", once, "--reading", other)
        assert (ended.code, ended.out) == (2, "")
        assert "`cumulative`" in ended.err
        assert "`explanatory`" in ended.err


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KPRULES_FORMAT", "bad"),
        ("KPRULES_AS_OF", "then"),
        ("KPRULES_CLOSED", "perhaps"),
        ("KPRULES_READINGS", "some"),
        ("KPRULES_DEBUG", "perhaps"),
    ],
)
def test_a_wrong_value_of_the_environment_is_said_to_be_from_there(
    variable: str, value: str, kprules: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who typed no such option must learn where it comes from; who did, is told of the option."""
    monkeypatch.setenv(variable, value)
    ended = kprules("eval", "can-nwt")
    assert (ended.code, ended.out) == (2, "")
    assert f"{variable}={value}" in ended.err
    monkeypatch.delenv(variable)
    ended = kprules("eval", "can-nwt", "--format", "bad")
    assert "KPRULES" not in ended.err


def test_what_is_the_same_as_what_ships_is_no_second(
    here: Path, kprules: Run, small_library: Path
) -> None:
    """A copy of the library in the working folder: no note, no error, the same matrix."""
    before = kprules("eval", "--format", "csv")
    for what in ("rules", "cases"):
        (here / what).symlink_to(small_library / what)
    linked = kprules("eval", "--format", "csv")
    for what in ("rules", "cases"):
        (here / what).unlink()
        copy = here / what
        for path in (small_library / what).rglob("*.*"):
            target = copy / path.relative_to(small_library / what)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    copied = kprules("eval", "--format", "csv")
    assert before == linked
    assert (copied.code, copied.out) == (0, before.out)
    assert copied.err.strip() == "note: ./rules and ./cases of this folder are read too"


# --- hostile files and names --------------------------------------------------------------------


def _acts(text: str) -> set[str]:
    return {
        f"U+{ord(c):04X}"
        for c in text
        if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"}
    }


HOSTILE_TITLES = (
    "[bold red]x[/] [link=https://evil.example]y[/link]",
    "=cmd('calc')!A1",
    "@SUM(1+1) -1 +1",
    "<script>alert(1)</script>",
    "`c` | d **b** ![i](javascript:x)",
    "a  b\tc",
)


@pytest.mark.parametrize("title", HOSTILE_TITLES)
def test_a_title_with_markup_is_text_in_every_command(title: str, here: Path, kprules: Run) -> None:
    """It is shown, or escaped, and never read."""
    (here / "rules").mkdir()
    quoted = title.replace("\\", "\\\\").replace('"', '\\"').replace("\t", " ")
    (here / "rules" / "my-own.kpr").write_text(
        f'definition my-own "{quoted}" {{ status proposed source "{quoted}" note "{quoted}"\n'
        f'  proposer "{quoted}"\n'
        f'  captures when all of {{ a "{quoted}": goods.form is rough }} }}'
    )
    (here / "cases").mkdir()
    (here / "cases" / "x-y.yaml").write_text(f"case: x-y\ntitle: {json.dumps(title)}\n")
    for arguments in (
        ("eval", "x-y", "--only", "my-own"),
        ("eval", "x-y", "--only", "my-own", "--format", "csv"),
        ("eval", "x-y", "--only", "my-own", "--format", "markdown"),
        ("eval", "x-y", "--only", "my-own", "--format", "json"),
        ("explain", "x-y", "my-own"),
        ("explain", "x-y", "my-own", "--format", "markdown"),
        ("show", "my-own"),
        ("show", "my-own", "--format", "markdown"),
        ("list",),
        ("test", "--only", "my-own"),
        ("check",),
    ):
        ended = kprules(*arguments)
        assert ended.code == 0, ended.err
        assert not _acts(ended.out + ended.err)
        if "csv" in arguments:
            assert not re.search(r"(^|,)[=+\-@\t\r]", ended.out, re.MULTILINE)
        if "markdown" in arguments and "```" not in ended.out:
            assert "<script" not in re.sub(r"\\.", "", ended.out)


@pytest.mark.parametrize(
    "name", ["\x1b[31mred", "a\u202eb", "[bold]x", "=1+1", "-rf", "new\nline", "tab\tname"]
)
def test_a_hostile_name_of_a_file_is_text(name: str, here: Path, kprules: Run) -> None:
    """A wrong file is named in the message without its name acting on the terminal."""
    (here / "folder").mkdir()
    (here / "folder" / f"{name}.kpr").write_text("definition {")
    (here / "folder" / f"{name}.yaml").write_text("case: x\n")
    for arguments in (
        ("check", "folder"), ("fmt", "folder"), ("fmt", "--check", "folder"),
        ("eval", "--rules", "folder"), ("eval", "--cases", "folder"),
    ):  # fmt: skip
        ended = kprules(*arguments)
        assert ended.code in {1, 2}
        assert not _acts(ended.out + ended.err)


@pytest.mark.parametrize("name", ["\x1b[31mred", "a\u202eb", "[bold]x", "a\x00b", "x" * 10_000])
def test_hostile_arguments_are_text(name: str, kprules: Run) -> None:
    """Whatever is typed for an id, a party, a field or a path comes back escaped."""
    for arguments in (
        ("eval", name), ("eval", "--only", name), ("eval", "--view", name),
        ("eval", "--about", name), ("eval", "--reading", name), ("eval", "--as-of", name),
        ("eval", "--rules", name), ("eval", "--format", name), ("explain", name, name),
        ("show", name), ("vocabulary", name), ("new", name, "--amends", name), (name,),
        ("eval", f"--{name}"), ("eval", f"x/{name}"), ("fmt", name), ("check", name),
        ("eval", "-o", f"nowhere/{name}"),
    ):  # fmt: skip
        ended = kprules(*arguments)
        assert ended.code == 2, arguments
        assert not _acts(ended.err)
        assert "Traceback" not in ended.err
        assert "fault" not in ended.err


# --- mutants ------------------------------------------------------------------------------------

Mutation = Callable[[random.Random, bytes], bytes]


def _flip(chance: random.Random, text: bytes) -> bytes:
    made = bytearray(text)
    for _ in range(chance.randint(1, 8)):
        made[chance.randrange(len(made))] = chance.randrange(256)
    return bytes(made)


def _cut(chance: random.Random, text: bytes) -> bytes:
    return text[: chance.randrange(len(text))]


def _drop(chance: random.Random, text: bytes) -> bytes:
    start = chance.randrange(len(text))
    return text[:start] + text[start + chance.randint(1, 60) :]


def _misspell(chance: random.Random, text: bytes) -> bytes:
    words = list(re.finditer(rb"[a-z_]{4,}", text))
    word = chance.choice(words)
    letters = bytearray(word.group())
    i = chance.randrange(len(letters) - 1)
    letters[i], letters[i + 1] = letters[i + 1], letters[i]
    return text[: word.start()] + bytes(letters) + text[word.end() :]


def _shuffle(chance: random.Random, text: bytes) -> bytes:
    rows = text.split(b"\n")
    i, j = chance.randrange(len(rows)), chance.randrange(len(rows))
    rows[i], rows[j] = rows[j], rows[i]
    return b"\n".join(rows)


def _repeat(chance: random.Random, text: bytes) -> bytes:
    rows = text.split(b"\n")
    i = chance.randrange(len(rows))
    return b"\n".join([*rows[:i], *[rows[i]] * chance.choice([2, 50, 3000]), *rows[i:]])


_ODD = [
    "\u202e", "\u200b", "\ufeff", "\x00", "\x1b[31m", "é" * 50, "\U0001d4b3", "И", "٣", "\r",
    "\x85",
    "[" * 100_000, "{" * 5_000, "(" * 5_000, "not " * 20_000, "- " * 5_000, "9" * 5_000, "-1e999",
    ".nan", ".inf", "1" + "0" * 400, "&a [*a, *a]", "*b", "!!python/object:os.system x", "<<: *c",
    "? ", "%TAG ! x", "---\n", "...\n", '"', "'", "\\", "# ", "|\n", ">\n", "2024-02-30", "0x1F",
    "1_000", "12:30:45", "~", "NO", "\t", "a: " * 500,
]  # fmt: skip


def _insert(chance: random.Random, text: bytes) -> bytes:
    at = chance.randrange(len(text))
    return text[:at] + chance.choice(_ODD).encode() + text[at:]


def _number(chance: random.Random, text: bytes) -> bytes:
    numbers = list(re.finditer(rb"\d+", text))
    if not numbers:
        return _insert(chance, text)
    number = chance.choice(numbers)
    other = chance.choice([b"9" * 400, b"-1", b"1e400", b"0.0000000000000000000000001", b"00", b""])
    return text[: number.start()] + other + text[number.end() :]


MUTATIONS: tuple[Mutation, ...] = (
    _flip, _cut, _drop, _misspell, _shuffle, _repeat, _insert, _number,
)  # fmt: skip


def _settled(ended: Ended, what: str) -> None:
    assert ended.code in {0, 1, 2}, what
    assert "Traceback" not in ended.err, what
    assert "fault of kprules" not in ended.err, what
    assert not _acts(ended.out + ended.err), what
    if ended.code:
        assert "error" in ended.err or "would change" in ended.out, what


@pytest.mark.parametrize("slot", range(10))
def test_mutated_files_end_in_clear_errors_and_soon(
    slot: int, here: Path, kprules: Run, small_library: Path
) -> None:
    """Bytes flipped, keys misspelt, files cut, deep nesting, huge numbers, odd Unicode.

    Checked, evaluated and formatted: codes 0 to 2, never a traceback, each within two seconds of
    work.
    """
    chance = random.Random(slot)
    seeds = sorted((small_library / "rules").glob("*.kpr")) + sorted(
        (small_library / "cases").rglob("*-*.yaml")
    )
    (here / "rules").mkdir()
    (here / "cases").mkdir()
    slowest = 0.0
    for number in range(MUTANTS // 10):
        seed = chance.choice(seeds)
        mutation = chance.choice(MUTATIONS)
        text = mutation(chance, seed.read_bytes())
        is_rule = seed.suffix == ".kpr"
        path = here / ("rules" if is_rule else "cases") / seed.name
        path.write_bytes(text)
        what = f"slot {slot}, mutant {number}: {mutation.__name__} of {seed.name}"
        begun = time.process_time()
        _settled(kprules("check", str(path)), what)
        slowest = max(slowest, time.process_time() - begun)
        if number % 3 == 0:
            _settled(kprules("eval", "--keep-going"), what)
        if is_rule:
            _settled(kprules("fmt", "--check", str(path)), what)
        assert path.read_bytes() == text, what
        path.unlink()
    assert slowest < soon()


@pytest.mark.parametrize("only", ["", " , "])
def test_an_empty_selection_is_refused(only: str, kprules: Run) -> None:
    """`--only ''` names nothing, and is not taken for everything."""
    ended = kprules("eval", "--only", only)
    assert ended.code == 2
    assert "no definition is named" in ended.err
