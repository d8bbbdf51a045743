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

from kprules.diagnostics import Problems
from kprules.library.bibliography import (
    FILE_NAME,
    Bibliography,
    bibliographies_near,
    load_bibliography,
)
from kprules.library.files import LARGEST, decoded, files_in, read_bytes
from kprules.library.stored import Stored, digest_of
from kprules.library.table_files.recognised import kind_of
from kprules.records.case import Case
from kprules.records.meeting import Meeting
from kprules.records.plain import canonical, plain_record
from kprules.records.revive import revive
from kprules.source import Source, Span

if TYPE_CHECKING:
    from kprules.library.documents import Kind, Written

SUFFIXES: Final = frozenset({".yaml", ".yml", ".json", ".jsonl", ".ndjson"})
_MOST_PROBLEMS: Final = 500
"""Mistakes of one file of many records after which it is not read on."""
LINES: Final = frozenset({".jsonl", ".ndjson"})
"""Files of a record a line."""
_SHIPPED: Final[Mapping[str, type[BaseModel]]] = {"case": Case, "meeting": Meeting}


@dataclass(frozen=True)
class LoadedCase:
    """A sound record, and where it was read."""

    id: str
    title: str
    about: str
    path: str
    """The file, as it was named."""
    digest: str
    """SHA-256 of what the record says, whatever its spelling, file and format."""
    _made: Callable[[], BaseModel] = field(repr=False, compare=False)
    _source: Callable[[], Source] = field(repr=False, compare=False)
    _start: int = field(default=0, repr=False, compare=False)
    _end: int = field(default=-1, repr=False, compare=False)
    beside: Callable[[], frozenset[str]] = field(default=frozenset, repr=False, compare=False)
    """The parties that the records read with it name."""

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
        return Written(self.source, path, self._start, self._end, path.suffix.lower() in LINES)

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


def each_case(
    paths: Iterable[str | Path], problems: Problems, bibliography: Bibliography
) -> Iterator[LoadedCase]:
    """Yield the sound records of files of JSON Lines as they are read, and keep none of them."""
    loading = _Loading(problems, None, bibliography, Stored("", {}))
    met: set[tuple[str, str]] = set()
    for path in map(Path, paths):
        data = read_bytes(path, problems, None)
        for _ in loading.lines(path, data) if data is not None else ():
            for key, case in loading.found.items():
                if key in met:
                    loading.twice(case, (case.about,))
                else:
                    yield case
                met.add(key)
            loading.found.clear()


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
        data = read_bytes(path, self.problems, None if suffix in LINES else LARGEST)
        if data is None:
            return
        if suffix in LINES:
            for _ in self.lines(path, data):
                pass
            return
        digest = digest_of(data) + suffix
        if self.model is None and self.take(path, data, self.stored.get(digest)):
            return
        source = decoded(str(path), data, self.problems)
        if source is not None:
            self.read(source, path, 0, len(source.text), digest)

    def lines(self, path: Path, data: bytes) -> Iterator[None]:
        """Read a file of one record a line, a record at each step."""
        source = decoded(str(path), data, self.problems)
        if source is None:
            return
        some = False
        before = len(self.problems.found)
        for start, end in _lines(source.text):
            some = True
            if len(self.problems.found) - before > _MOST_PROBLEMS:
                self.problems.report(
                    "too-many", f"more than {_MOST_PROBLEMS} mistakes; the file is not read on",
                    Span(source, start, start + 1), help="mend these first",
                )  # fmt: skip
                return
            if end - start > LARGEST:
                self.problems.report(
                    "too-large", f"a line is longer than {LARGEST:,} characters",
                    Span(source, start, start + 1), help="split the record",
                )  # fmt: skip
                continue
            self.read(source, path, start, end, "")
            yield
        if not some:
            self.problems.report("empty-file", "the file holds no record", where=str(path))

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
            stored["digest"],
            lambda: revive(model, stored["data"]),
            lambda: Source(str(path), data.decode("utf-8-sig")),
        )
        self.keep(loaded)
        return True

    def read(self, source: Source, path: Path, start: int, end: int, digest: str) -> None:
        """Read one document in full, and keep its record if it is sound."""
        # What reads YAML and validates is heavy, and idle where all is stored.
        from kprules.library.documents import Written, kind_of, read_document  # noqa: PLC0415

        if self.model is not None and self.kind is None:
            self.kind = kind_of(self.model)
        written = Written(source, path, start, end, path.suffix.lower() in LINES)
        before = len(self.problems.found)
        read = read_document(written, self.kind, self.bibliography, self.problems)
        if read is None:
            return
        record = read.record
        says = canonical(record)
        loaded = LoadedCase(
            read.id,
            str(getattr(record, "title", None) or getattr(record, "name", None) or read.id),
            read.kind.vocabulary.about,
            str(path),
            hashlib.sha256(says.encode()).hexdigest(),
            lambda: record,
            lambda: source,
            start,
            end,
        )
        if self.model is None and digest and len(self.problems.found) == before:
            self.stored.put(
                digest,
                {
                    "id": loaded.id,
                    "about": loaded.about,
                    "digest": loaded.digest,
                    "cites": read.cites,
                    "data": plain_record(record),
                },
            )
        self.keep(loaded, read.kind.identity)

    def keep(self, loaded: LoadedCase, identity: str | None = "") -> None:
        """Keep a record, unless another has its id."""
        first = self.found.setdefault((loaded.about, loaded.id), loaded)
        if first is not loaded:
            self.shared.add((loaded.about, loaded.id))
            key = loaded.about if identity == "" else identity
            at = (key,) if key else ()
            self.twice(loaded, at, ((first.span(at), "the other"),))

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


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each line that is not blank begins and ends."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text[start:end].strip():
            yield start, end
        start = end + 1
