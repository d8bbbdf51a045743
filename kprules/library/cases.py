"""Case files, read: YAML and JSON with one record each, JSON Lines with one a line.

Guarantee: every record that is sound is returned, neither of two with one id, and every mistake is
reported with file, line, column and field, all of them together; no file is half read. A line in
here touches paths, documents and records; it judges none.

A record is a case or a meeting by its id's key, `case` or `meeting`. With a model of your own
(`record=Shipment`) every file holds such records, and the id is the value of the field marked
`IDENTITY`, else of the first of `id`, `case` and the model's own name in snake case, else the name
of the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel

from kprules.diagnostics import Problem, Problems
from kprules.library.bibliography import (
    FILE_NAME,
    Bibliography,
    bibliographies_near,
    load_bibliography,
)
from kprules.library.files import LARGEST, decoded, files_in, lines_of, read_bytes
from kprules.library.same_mistakes import SameMistakes
from kprules.library.stored import Stored, digest_of
from kprules.library.table_files.recognised import kind_of
from kprules.records.case import Case
from kprules.records.meeting import Meeting
from kprules.records.plain import canonical, plain_record
from kprules.records.revive import revive
from kprules.source import Source, Span

if TYPE_CHECKING:
    from kprules.library.documents import Kind, Read, Written

SUFFIXES: Final = frozenset({".yaml", ".yml", ".json", ".jsonl", ".ndjson"})
_MOST_PROBLEMS: Final = 500
"""Mistakes of one file of many records after which it is not read on."""
LINES: Final = frozenset({".jsonl", ".ndjson"})
"""Files of a record a line."""
_MARK: Final = "\ufeff".encode()
_SHOWN: Final = 200
"""Characters of a line that is too long which are shown."""
_SHIPPED: Final[Mapping[str, type[BaseModel]]] = {"case": Case, "meeting": Meeting}


@dataclass(frozen=True)
class LoadedCase:
    """A sound record, and where it was read."""

    id: str
    title: str
    about: str
    path: str
    """The file, as it was named."""
    _made: Callable[[], BaseModel] = field(repr=False, compare=False)
    _source: Callable[[], Source] = field(repr=False, compare=False)
    beside: Callable[[], frozenset[str]] = field(default=frozenset, repr=False, compare=False)
    """The parties that the records read with it name."""
    _digest: str = field(default="", repr=False, compare=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what the record says, whatever its spelling, file and format."""
        return self._digest or hashlib.sha256(canonical(self.record).encode()).hexdigest()

    @cached_property
    def record(self) -> BaseModel:
        """The record itself."""
        return self._made()

    @cached_property
    def source(self) -> Source:
        """The text of its file."""
        return self._source()

    @cached_property
    def _written(self) -> Written:
        from kprules.library.documents import Written  # noqa: PLC0415 - see `_Loading.read`

        path = Path(self.path)
        return Written(self.source, path, path.suffix.lower() in LINES)

    def span(self, place: tuple[str | int, ...] | str = ()) -> Span:
        """Return where a field was written, such as `goods.form` or `("links", 0, "actor")`."""
        return self._written.span(place)


def load_cases(
    paths: Iterable[str | Path],
    problems: Problems,
    *,
    record: type[BaseModel] | None = None,
    bibliography: Bibliography | None = None,
) -> list[LoadedCase]:
    """Return the sound records of files and folders, in order of id; mistakes are in `problems`.

    Cases and meetings may cite the bibliography given, else those that lie with the files, and
    the sources that they bring themselves.
    """
    named = list(paths)
    if bibliography is None:
        near = bibliographies_near(named) if record is None else []
        bibliography = load_bibliography(near, problems)
    loading = _Loading(problems, record, bibliography, Stored.of("cases", named))
    for path in files_in(named, SUFFIXES, problems):
        if path.name != FILE_NAME or record is not None:
            loading.file(path)
    if record is None:
        loading.stored.write()
    sound = [case for at, case in loading.found.items() if at not in loading.shared]
    return sorted(sound, key=lambda c: (c.about, c.id))


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of JSON Lines that is not blank, read."""

    path: str
    number: int
    """Its number in the file, from 1."""
    text: str
    case: LoadedCase | None
    """The record, where it is sound."""
    problems: tuple[Problem, ...]
    """What is wrong with it."""
    bytes: int
    """How much of the file was read up to here."""


def each_line(
    paths: Iterable[str | Path],
    bibliography: Bibliography,
    problems: Problems,
    *,
    apart: bool = False,
) -> Iterator[ReadLine]:
    """Yield the lines of files of JSON Lines as they are read, and keep none of them.

    Of two records with one id the later is a mistake. Mistakes of lines are gathered in `problems`,
    up to some number a file, after which it is not read on; not so where lines are set `apart`.
    """
    loading = _Loading(problems, None, bibliography, Stored("", {}), met=set())
    for path in map(Path, paths):
        yield from loading.lines(path, apart=apart)


@dataclass(slots=True)
class _Loading:
    """The records read so far."""

    problems: Problems
    model: type[BaseModel] | None
    bibliography: Bibliography
    stored: Stored
    found: dict[tuple[str, str], LoadedCase] = field(default_factory=dict)
    shared: set[tuple[str, str]] = field(default_factory=set)
    """What two records are called: neither is kept, for nobody knows which is meant."""
    kind: Kind | None = None
    met: set[tuple[str, str]] | None = None
    """What the records so far are called, where none is kept."""

    def file(self, path: Path) -> None:
        """Read one file."""
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES and path.exists():
            self.problems.report(
                "unknown-format",
                f"`{path}` is none of {', '.join(sorted(SUFFIXES))}",
                where=str(path),
                help=f"it is a table: `kprules eval {path}`" if kind_of(path) else "",
            )
            return
        if suffix in LINES:
            for line in self.lines(path):
                if line.case is not None:
                    self.keep(line.case)
            return
        data = read_bytes(path, self.problems)
        if data is None:
            return
        digest = digest_of(data) + suffix
        if self.model is None and self.take(path, data, self.stored.get(digest)):
            return
        source = decoded(str(path), data, self.problems)
        loaded = None if source is None else self.read(source, path, digest)
        if loaded is not None:
            self.keep(loaded)

    def lines(self, path: Path, *, apart: bool = False) -> Iterator[ReadLine]:
        """Read a file of one record a line, line by line, and gather what is wrong."""
        gathered, same = self.problems, SameMistakes()
        before = len(gathered.found)
        some, read = False, 0
        for number, data in enumerate(lines_of(path, gathered), 1):
            read += len(data)
            if not data.removeprefix(_MARK if number == 1 else b"").strip():
                continue
            some = True
            self.problems = Problems()
            source, case = self.line(path, number, data)
            if case is not None and self.met is not None:
                case = self.new(case, self.met)
            wrong = tuple(self.problems.found)
            self.problems = gathered
            yield ReadLine(str(path), number, source.text, case, wrong, read)
            if apart:
                continue
            gathered.extend(same.news(wrong, number))
            if len(gathered.found) - before > _MOST_PROBLEMS:
                gathered.report(
                    "too-many", f"more than {_MOST_PROBLEMS} mistakes; the file is not read on",
                    Span(source, 0, 1), help="mend these first",
                )  # fmt: skip
                break
        gathered.extend(same.rest())
        if not some and len(gathered.found) == before:
            gathered.report("empty-file", "the file holds no record", where=str(path))

    def line(self, path: Path, number: int, data: bytes) -> tuple[Source, LoadedCase | None]:
        """Read one line: the quick way where it is sound, else the careful one."""
        from kprules.library.quick_lines import read_quickly  # noqa: PLC0415 - as in `read`

        data = data.rstrip(b"\r\n")
        if len(data) > LARGEST:
            source = Source(str(path), data[:_SHOWN].decode(errors="replace"), number)
            self.problems.report(
                "too-large", f"a line is longer than {LARGEST:,} bytes", Span(source, 0, 1),
                help="split the record",
            )  # fmt: skip
            return source, None
        sound = decoded(str(path), data, self.problems, number)
        source = sound or Source(str(path), data.decode(errors="replace"), number)
        if sound is None:
            return source, None
        read = None if self.model is not None else read_quickly(source.text, self.bibliography)
        if read is not None:
            return source, _loaded(read, str(path), source)
        return source, self.read(source, path)

    def take(self, path: Path, data: bytes, stored: Any) -> bool:
        """Take a record that was found sound before, if what it was judged by still holds."""
        if stored is None or stored["id"] != path.stem:
            return False
        if not all(key in self.bibliography for key in stored["cites"]):
            return False
        model = _SHIPPED[stored["about"]]
        loaded = LoadedCase(
            stored["id"],
            stored["data"]["title"],
            stored["about"],
            str(path),
            lambda: revive(model, stored["data"]),
            lambda: Source(str(path), data.decode("utf-8-sig")),
            _digest=stored["digest"],
        )
        self.keep(loaded)
        return True

    def read(self, source: Source, path: Path, digest: str = "") -> LoadedCase | None:
        """Read one document in full; return its record if it is sound, and store it."""
        # What reads YAML and validates is heavy, and idle where all is stored.
        from kprules.library import documents  # noqa: PLC0415

        if self.model is not None and self.kind is None:
            self.kind = documents.kind_of(self.model)
        written = documents.Written(source, path, path.suffix.lower() in LINES)
        before = len(self.problems.found)
        read = documents.read_document(written, self.kind, self.bibliography, self.problems)
        if read is None:
            return None
        loaded = _loaded(read, str(path), source)
        if self.model is None and digest and len(self.problems.found) == before:
            self.stored.put(
                digest,
                {
                    "id": loaded.id,
                    "about": loaded.about,
                    "digest": loaded.digest,
                    "cites": read.cites,
                    "data": plain_record(read.record),
                },
            )
        return loaded

    def keep(self, loaded: LoadedCase) -> None:
        """Keep a record, unless another has its id."""
        first = self.found.setdefault((loaded.about, loaded.id), loaded)
        if first is not loaded:
            self.shared.add((loaded.about, loaded.id))
            key = loaded.about if self.kind is None else self.kind.identity
            at = (key,) if key else ()
            self.twice(loaded, at, ((first.span(at), "the other"),))

    def new(self, case: LoadedCase, met: set[tuple[str, str]]) -> LoadedCase | None:
        """Return a record, unless an earlier one has its id."""
        key = (case.about, case.id)
        if key in met:
            self.twice(case, (case.about,))
            return None
        met.add(key)
        return case

    def twice(
        self, loaded: LoadedCase, at: tuple[str, ...], also: tuple[tuple[Span, str], ...] = ()
    ) -> None:
        """Report that another record has the id of this one."""
        self.problems.report(
            "duplicate-case",
            f"two records are called `{loaded.id}`",
            loaded.span(at),
            help="give one of them another id; until then neither is used",
            also=also,
        )


def _loaded(read: Read, path: str, source: Source) -> LoadedCase:
    record = read.record
    return LoadedCase(
        read.id,
        str(getattr(record, "title", None) or getattr(record, "name", None) or read.id),
        read.kind.vocabulary.about,
        path,
        lambda: record,
        lambda: source,
    )
