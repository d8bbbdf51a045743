"""Checked definitions as plain data, kept so that rules are parsed and checked once.

Guarantee: what comes back equals what was kept, as far as judging goes: places in the text are left
out, and types are read from the vocabulary again. Kept are rules without errors and notes only. A
line in here touches nodes and plain data.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any, Final

from kprules.diagnostics import Problems
from kprules.formula import nodes
from kprules.formula.definition import Cited, Definition, Expectation
from kprules.formula.nodes import NONE, Path
from kprules.formula.paths import path_to
from kprules.kept import read_kept, write_kept
from kprules.library.files import files_in, read_bytes
from kprules.library.stored import program
from kprules.records.shape import Vocabulary

SUFFIX: Final = ".kpr"
_ROOMS: Final = ("syntax", "checking", "formula", "records", "library")
_KINDS: Final[tuple[type[Any], ...]] = (
    nodes.Const, nodes.Compare, nodes.Member, nodes.Includes, nodes.Overlaps, nodes.Known,
    nodes.All, nodes.Any, nodes.Not, nodes.Quantified, nodes.Reading, nodes.AtLeast, nodes.Share,
    nodes.Said, Cited, Expectation, Definition,
)  # fmt: skip
_APART: Final = frozenset({"span", "vocabulary"})
_FIELDS: Final = {
    kind: tuple(f.name for f in fields(kind) if f.name not in _APART) for kind in _KINDS
}
_NUMBER: Final = {kind: number for number, kind in enumerate(_KINDS)}


@dataclass(frozen=True, slots=True)
class Checked:
    """Definitions by id, oldest first, and the ids of those in the user's own files."""

    definitions: Mapping[str, Definition]
    own: frozenset[str]


def checked_definitions(
    paths: Iterable[str | FilePath],
    problems: Problems,
    vocabularies: Mapping[str, Vocabulary],
    *,
    shipped: FilePath | None = None,
) -> Checked:
    """Return the definitions of files and folders with those that ship, as `load_rules` has them.

    What was found sound before is not parsed again.
    """
    named = list(paths)
    name = _name(named, shipped, vocabularies)
    kept = read_kept(name)
    if isinstance(kept, dict):
        found = _unpacked(kept, vocabularies)
        if found is not None:
            return found
    from kprules.library.rules import load_rules  # noqa: PLC0415 - brings in the parser

    before = len(problems.found)
    rules = load_rules(named, problems, vocabularies, shipped=shipped)
    loaded = Checked(rules.book.definitions, rules.own)
    if all(problem.severity == "warning" for problem in problems.found[before:]):
        data = _packed(loaded)
        if _unpacked(data, vocabularies) == loaded:
            write_kept(name, data)
    return loaded


def _name(
    paths: list[str | FilePath], shipped: FilePath | None, vocabularies: Mapping[str, Vocabulary]
) -> str:
    """Return the name of what is kept: the program, the kinds of record and every file's bytes."""
    known = hashlib.sha256(f"{program(*_ROOMS)} {[*vocabularies]}".encode())
    for group in (paths, [] if shipped is None else [shipped]):
        for path in files_in(group, {SUFFIX}, Problems()):
            data = read_bytes(path, Problems()) or b""
            known.update(f"\n{path.name} {len(data)}\n".encode(errors="replace"))
            known.update(data)
        known.update(b"\n--\n")
    return f"rules-{known.hexdigest()[:32]}.json"


# --- to plain data --------------------------------------------------------------------------------


def _packed(checked: Checked) -> dict[str, Any]:
    return {
        "own": sorted(checked.own),
        "definitions": [_pack(d) for d in checked.definitions.values()],
    }


def _pack(value: Any) -> Any:
    """Return a value as JSON knows it: a list begins with what it is."""
    match value:
        case None | bool() | int() | str():
            return value
        case Path(variable, record, names):
            return ["p", variable, record, *names]
        case tuple():
            return ["t", *map(_pack, value)]
        case frozenset():
            return ["s", *map(_pack, sorted(value, key=str))]
        case Decimal():
            return ["n", str(value)]
        case date():
            return ["d", value.isoformat()]
        case nodes.NoneThere():
            return ["none"]
        case _:
            kind = type(value)
            return [_NUMBER[kind], *(_pack(getattr(value, name)) for name in _FIELDS[kind])]


# --- and back -----------------------------------------------------------------------------------


def _unpacked(data: Mapping[str, Any], vocabularies: Mapping[str, Vocabulary]) -> Checked | None:
    """Return what was kept; None where it is not what this program would have kept."""
    try:
        found = {}
        for packed in data["definitions"]:
            about = packed[1 + _FIELDS[Definition].index("about")]
            definition = _Unpacking(vocabularies[about]).unpack(packed)
            found[definition.id] = definition
        return Checked(found, frozenset(data["own"]))
    except (KeyError, IndexError, TypeError, ValueError):
        return None


class _Unpacking:
    """Makes nodes of plain data, paths once each."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.paths: dict[tuple[str, ...], Path] = {}
        self.makers: dict[Any, Callable[[list[Any]], Any]] = {
            "t": lambda items: tuple([self.unpack(i) for i in items]),
            "s": lambda items: frozenset([self.unpack(i) for i in items]),
            "n": lambda items: Decimal(items[0]),
            "d": lambda items: date.fromisoformat(items[0]),
            "none": lambda _: NONE,
            "p": self.path,
        }

    def unpack(self, packed: Any) -> Any:
        """Return the value that plain data stands for."""
        if not isinstance(packed, list):
            return packed
        made = self.makers.get(packed[0])
        if made is not None:
            return made(packed[1:])
        kind = _KINDS[packed[0]]
        values = dict(zip(_FIELDS[kind], map(self.unpack, packed[1:]), strict=True))
        if kind is Definition:
            values["vocabulary"] = self.vocabulary
        return kind(**values)

    def path(self, packed: list[str]) -> Path:
        """Return a path with the type that the vocabulary gives it."""
        key = tuple(packed)
        known = self.paths.get(key)
        if known is None:
            variable, record, *names = packed
            known = self.paths[key] = path_to(self.vocabulary, variable, record, names)
        return known
