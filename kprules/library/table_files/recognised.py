"""Which files are tables: by what they begin with, else by name.

Guarantee: a file of cases (YAML, JSON, JSON Lines) is never taken for a table; no engine is loaded.
A line in here touches names and the first bytes of files.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from kprules.diagnostics import Problems
from kprules.library.files import files_in

Kind = Literal["parquet", "arrow", "stream", "feather1", "csv"]

SUFFIXES: Final[Mapping[str, Kind]] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".csv": "csv",
    ".tsv": "csv",
}
"""What files are by their names."""
_CASES: Final = frozenset({".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".kpr"})
_MARKS: Final[Mapping[bytes, Kind]] = {
    b"PAR1": "parquet",
    b"ARROW1": "arrow",
    b"\xff\xff\xff\xff": "stream",
    b"FEA1": "feather1",
}


_LOOK: Final = 1 << 16
"""Bytes of a JSON file in which it names its record, if it is one."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """A file that holds a table."""

    path: Path
    kind: Kind


class TableFileError(Exception):
    """A table that cannot be read or written: which file, where in it, and why."""

    def __init__(self, path: str | Path, message: str, help: str = "") -> None:  # noqa: A002 - as problems call it
        """Say what is wrong with a file."""
        super().__init__(f"{path}: {message}" + (f" ({help})" if help else ""))
        self.path = str(path)


def kind_of(path: Path) -> Kind | None:
    """Return what kind of table a file is, or nothing."""
    suffix = path.suffix.lower()
    if suffix in _CASES:
        return None
    begins = b""
    with suppress(OSError, ValueError):
        if path.is_file():  # a pipe would wait for somebody to write
            with path.open("rb") as file:
                begins = file.read(6)
    for mark, kind in _MARKS.items():
        if begins.startswith(mark):
            return kind
    return SUFFIXES.get(suffix)


def tables_among(named: Iterable[str]) -> tuple[list[TableFile], list[str]]:
    """Return the tables among arguments, each once and in order, and the arguments that are none.

    A folder is one of tables where tables lie in it; one in which cases lie too is refused.
    """
    tables: dict[Path, TableFile] = {}
    others: list[str] = []
    for name in named:
        found = list(_tables(name))
        for table in found:
            tables.setdefault(table.path.absolute(), table)
        if not found:
            others.append(name)
    return list(tables.values()), others


def _tables(name: str) -> Iterator[TableFile]:
    path = Path(name)
    # Unlike pathlib, os.path says no to a name that no file can have.
    if os.path.isdir(name):  # noqa: PTH112 - as said
        yield from _in_folder(path)
    elif os.path.isfile(name) or (  # noqa: PTH113 - as said
        path.suffix.lower() in SUFFIXES and not _is_pattern(name)
    ):
        yield from _of([path])
    elif _is_pattern(name) and (path.suffix.lower() in SUFFIXES or "/" in name):
        matched = [Path(p) for p in sorted(glob.glob(name, recursive=True))]  # noqa: PTH207 - patterns may be absolute
        if not matched and path.suffix.lower() in SUFFIXES:
            raise TableFileError(name, "no file matches")
        yield from _of([p for p in matched if p.is_file()])
        for folder in (p for p in matched if p.is_dir()):
            yield from _in_folder(folder)


def _in_folder(folder: Path) -> Sequence[TableFile]:
    """Return the tables that lie in a folder, by what they begin with, else by name.

    What begins with a line below, as Spark and its like name their own notes, is passed over.
    """
    tables: list[TableFile] = []
    cases: list[Path] = []
    for path in files_in([folder], None, Problems()):
        if any(part.startswith("_") for part in path.relative_to(folder).parts):
            continue
        kind = kind_of(path)
        if kind is not None:
            tables.append(TableFile(path, kind))
        elif path.suffix.lower() in _CASES and _holds_cases(path):
            cases.append(path)
    if tables and cases:
        raise TableFileError(
            folder,
            f"holds tables (`{tables[0].path.name}`) and cases (`{cases[0].name}`)",
            "name the files, or a pattern such as `*.parquet`",
        )
    return tables


def _holds_cases(path: Path) -> bool:
    """Return whether a file is one of cases; of JSON, whether it names its record."""
    suffix = path.suffix.lower()
    if suffix != ".json":
        return suffix != ".kpr"
    try:
        with path.open("rb") as file:
            begins = file.read(_LOOK)
    except OSError:
        return True
    return b'"case"' in begins or b'"meeting"' in begins


def _of(paths: Iterable[Path]) -> Sequence[TableFile]:
    """Return the tables that files are; none where some are cases."""
    found = [(path, kind_of(path)) for path in paths]
    if any(path.suffix.lower() in _CASES for path, _ in found):
        return []
    return [TableFile(path, kind) for path, kind in found if kind is not None]


def _is_pattern(name: str) -> bool:
    return any(c in name for c in "*?[") and not os.path.exists(name)  # noqa: PTH110 - as in _tables
