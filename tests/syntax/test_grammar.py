"""The grammar itself, and the cache that it is read from."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import lark
import pytest
from rule_texts import form

from kprules.kept import read_kept
from kprules.source import Source
from kprules.syntax.build_items import BuildItems
from kprules.syntax.grammar import load
from kprules.syntax.words import RESERVED, expected

SOUND = 'definition a-b "A" { captures when all of { a: p.q is v  b "w": some x in xs has x.y } }'


def parsed(parser: lark.Lark, builder: BuildItems) -> object:
    """Return what a parser makes of a text."""
    builder.source = Source("test.kpr", SOUND)
    return parser.parse(SOUND)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name a cache folder of the test's own, which is not there yet."""
    monkeypatch.setenv("KPRULES_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_cached_grammar_reads_the_same(folder: Path) -> None:
    """Expect a file after the first load, and the same trees from it."""
    builders = [BuildItems(), BuildItems()]
    trees = [parsed(load(builder), builder) for builder in builders]
    assert trees[0] == trees[1]
    (file,) = folder.glob("grammar-*.json")
    assert isinstance(read_kept(file.name), list)


def test_the_cached_grammar_is_what_is_read(folder: Path) -> None:
    """Expect the table of states to come out of the file: whole, and not built again."""
    load(BuildItems())
    (file,) = folder.glob("grammar-*.json")
    written = file.read_bytes()
    time = file.stat().st_mtime_ns
    again = load(BuildItems())
    assert again.source_path == "<deserialized>"
    assert (file.read_bytes(), file.stat().st_mtime_ns) == (written, time)


@pytest.mark.parametrize(
    "damage", ["cut", "flipped", "empty", "other json", "folder", "sound digest"]
)
def test_a_damaged_cache_is_built_anew(folder: Path, damage: str) -> None:
    """Expect the grammar, and no exception, from a cache file that is no longer what it was."""
    load(BuildItems())
    (file,) = folder.glob("grammar-*.json")
    sound = file.read_bytes()
    match damage:
        case "cut":
            file.write_bytes(sound[: len(sound) // 2])
        case "flipped":
            file.write_bytes(sound.replace(b"LABEL", b"LABEM", 1))
        case "empty":
            file.write_bytes(b"")
        case "other json":
            file.write_bytes(b"[]")
        case "folder":
            file.unlink()
            file.mkdir()
        case _:
            body = json.dumps([{"parser": {}}, {}]).encode()
            file.write_bytes(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    builder = BuildItems()
    assert parsed(load(builder), builder) is not None
    if damage != "folder":
        assert load(BuildItems()).source_path == "<deserialized>"


def test_a_cache_that_cannot_be_written_is_no_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Expect the grammar, and silence, where the cache's folder is a file, or there is none."""
    (tmp_path / "file").write_text("in the way")
    for place in (str(tmp_path / "file"), ""):
        monkeypatch.setenv("KPRULES_CACHE", place)
        builder = BuildItems()
        assert parsed(load(builder), builder) is not None


def test_a_state_never_asks_for_two_kinds_of_name(folder: Path) -> None:
    """Expect at most one terminal with the pattern of a word wherever the parser stands."""
    parser = load(BuildItems())
    words = {t.name for t in parser.terminals if r"[^\W\d]" in t.pattern.value} | {"KEY"}
    states = parser.parser.parser._parse_table.states
    assert len(words) > 15
    assert [found for s in states.values() if len(found := words & set(s)) > 1] == []


def test_every_keyword_is_reserved_and_has_words(folder: Path) -> None:
    """Expect the grammar's keywords to be the reserved words, and every terminal to be sayable."""
    parser = load(BuildItems())
    names = {t.name for t in parser.terminals} - {"BLANK"}
    assert {n.lower() for n in names} >= RESERVED
    keywords = {
        n.lower() for n in names if r"(?![\w-]|\s*\.)" in parser.get_terminal(n).pattern.value
    }
    assert keywords == RESERVED
    for name in names:
        (said,) = expected([name])
        assert said.startswith(("a ", "an ", "`", "the ", "text "))


def test_words_are_not_cut_in_two() -> None:
    """Expect names that begin with a keyword to be names."""
    assert str(form("notes.allowed")) == "notes.allowed"
    assert str(form("hashas")) == "hashas"


def test_lark_is_imported_by_the_first_text_and_not_before() -> None:
    """Expect parser and printer to be imported without Lark: help needs neither."""
    code = (
        "import sys, kprules.syntax.parser, kprules.syntax.printer\n"
        "assert 'lark' not in sys.modules\n"
        "from kprules.syntax.parser import parse\n"
        "from kprules.source import Source\n"
        "from kprules.diagnostics import Problems\n"
        "parse(Source('x', 'set a = {b}'), Problems())\n"
        "assert 'lark' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_two_threads_read_at_once() -> None:
    """Expect each thread its own texts and places."""
    texts = [f"p{n}.q is v{n}" for n in range(200)]
    with ThreadPoolExecutor(8) as pool:
        spans = list(pool.map(lambda text: form(text).span.text, texts))
    assert spans == texts
