"""Case files, read: YAML and JSON with one record each, JSON Lines with one a line.

Guarantee: every record that is sound is returned, and every mistake of those that are not is
reported with file, line, column and field, all of them together; no file is half read. A line in
here touches paths, documents and records; it judges none.

A record is a case or a meeting by its id's key, `case` or `meeting`. With a model of your own
(`record=Shipment`) every file holds such records, and the id is the value of the field marked
`IDENTITY`, else of the first of `id`, `case` and the model's own name in snake case, else the name
of the file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from kprules.diagnostics import Problems, did_you_mean
from kprules.library.bibliography import (
    FILE_NAME,
    Bibliography,
    bibliographies_near,
    load_bibliography,
)
from kprules.library.files import LARGEST, files_in, read_source
from kprules.library.json_trees import tree_of_json
from kprules.library.trees import (
    Leaf,
    Pairs,
    Place,
    Tree,
    leaves,
    refuse_empty,
    refuse_escaped_controls,
    span_at,
)
from kprules.library.validation import MOST_OF_A_KIND, Document, validated
from kprules.library.yaml_trees import tree_of_yaml
from kprules.records.plain import canonical
from kprules.records.settle import attributes_of
from kprules.records.shape import Vocabulary
from kprules.records.values import Identity
from kprules.records.vocabulary import VOCABULARIES, record_name, vocabulary_of
from kprules.records.whole import spelt
from kprules.source import Source, Span

SUFFIXES: Final = frozenset({".yaml", ".yml", ".json", ".jsonl", ".ndjson"})
_MOST_PROBLEMS: Final = 500
"""Mistakes of one file of many records after which it is not read on."""
_LINES: Final = frozenset({".jsonl", ".ndjson"})


@dataclass(frozen=True, slots=True)
class Kind:
    """What records are to be read as: a model with its vocabulary."""

    model: type[BaseModel]
    vocabulary: Vocabulary
    identity: str | None
    """The field that holds the id, or nothing where the file's name has to do."""


@dataclass(frozen=True, slots=True)
class LoadedCase:
    """A sound record, and where it was read."""

    id: str
    title: str
    about: str
    record: BaseModel
    path: str
    """The file, as it was named."""
    digest: str
    """SHA-256 of what the record says, whatever its spelling, file and format."""
    source: Source = field(repr=False, compare=False)
    start: int = field(default=0, repr=False, compare=False)
    end: int = field(default=-1, repr=False, compare=False)
    """The part of the file that holds the record."""

    def span(self, place: Place | str = ()) -> Span:
        """Return where a field was written, such as `goods.form` or `("links", 0, "actor")`."""
        steps = _steps(place) if isinstance(place, str) else place
        tree = _tree(self.source, Path(self.path), self.start, self.end, Problems())
        if tree is None:
            return Span(self.source, self.start, self.start)
        return span_at(self.source, tree, steps)


def _steps(place: str) -> Place:
    steps: list[str | int] = []
    for part in place.replace("[", ".[").split("."):
        if part.startswith("["):
            steps.append(int(part[1:-1]))
        elif part:
            steps.append(part)
    return tuple(steps)


def kind_of(model: type[BaseModel]) -> Kind:
    """Return how records of a model are read; refuse one that cannot be judged."""
    name = record_name(model)
    shipped = VOCABULARIES.get(name)
    if shipped is not None and shipped.root.model is model:
        return Kind(model, shipped, name)
    vocabulary = vocabulary_of(model, name)
    attributes = attributes_of(vocabulary.root)
    for known, info in ((f, model.model_fields[a]) for f, a in attributes.items()):
        if any(isinstance(m, Identity) for m in info.metadata):
            return Kind(model, vocabulary, known)
    first = next((f for f in ("id", "case", name) if f in attributes), None)
    return Kind(model, vocabulary, first)


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
    kind = None if record is None else kind_of(record)
    reading = _Reading(problems, kind, bibliography)
    for path in files_in(named, SUFFIXES, problems):
        if path.name != FILE_NAME or record is not None:
            reading.file(path)
    return sorted(reading.found.values(), key=lambda c: (c.about, c.id))


def _tree(source: Source, path: Path, start: int, end: int, problems: Problems) -> Tree | None:
    if path.suffix.lower() in {".yaml", ".yml"}:
        return tree_of_yaml(source, problems)
    return tree_of_json(source, problems, start, end)


@dataclass(slots=True)
class _Reading:
    """The records read so far."""

    problems: Problems
    kind: Kind | None
    bibliography: Bibliography
    found: dict[tuple[str, str], LoadedCase] = field(default_factory=dict)

    def file(self, path: Path) -> None:
        """Read one file."""
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES and path.exists():
            self.problems.report(
                "unknown-format",
                f"`{path}` is none of {', '.join(sorted(SUFFIXES))}",
                where=str(path),
            )
            return
        source = read_source(path, self.problems, None if suffix in _LINES else LARGEST)
        if source is None:
            return
        if suffix not in _LINES:
            self.document(source, path, 0, len(source.text))
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
            self.document(source, path, start, end)
        if not some:
            self.problems.report("empty-file", "the file holds no record", where=str(path))

    def document(self, source: Source, path: Path, start: int, end: int) -> None:
        """Read one record, and keep it if it is sound."""
        before = len(self.problems.found)
        tree = _tree(source, path, start, end, self.problems)
        if tree is None:
            return
        kind = self.kind or self.told(source, tree)
        if kind is None:
            return
        passed = frozenset(
            (
                *refuse_escaped_controls(source, tree, self.problems),
                *refuse_empty(source, tree, self.problems),
            )
        )
        line = path.suffix.lower() in _LINES
        if self.kind is None:
            self.refuse_unknown_sources(source, tree)
            if not line:
                self.refuse_other_name(source, tree, path, kind)
        document = Document(source, tree, kind.model, kind.vocabulary, passed)
        record = validated(document, self.problems)
        if record is None or any(p.is_error for p in self.problems.found[before:]):
            return
        id_ = identity(record, kind) or (
            f"{path.stem}-{source.place(start)[0]}" if line else path.stem
        )
        loaded = LoadedCase(
            id_,
            str(getattr(record, "title", None) or getattr(record, "name", None) or id_),
            kind.vocabulary.about,
            record,
            str(path),
            hashlib.sha256(canonical(record).encode()).hexdigest(),
            source,
            start,
            end,
        )
        self.keep(loaded, kind)

    def told(self, source: Source, tree: Tree) -> Kind | None:
        """Return whether a document is a case or a meeting, by the key of its id."""
        if not isinstance(tree, Pairs):
            self.problems.report(
                "type-mismatch",
                "a record is meant here: fields with values",
                Span(source, tree.start, min(tree.end, tree.start + 1)),
                help="a case begins with `case: ` and its id",
            )
            return None
        keys = {key.text or "": key for key, _ in tree.items}
        for name in VOCABULARIES:
            if name in keys:
                return Kind(VOCABULARIES[name].root.model, VOCABULARIES[name], name)
        near = [k for k in keys if did_you_mean(k, VOCABULARIES)]
        at = keys[near[0]] if near else tree.items[0][0] if tree.items else tree
        self.problems.report(
            "missing-field",
            "a record needs its id, under `case` or `meeting`",
            Span(source, at.start, at.end),
            help=did_you_mean(near[0], VOCABULARIES) if near else "begin with `case: ` and an id",
        )
        return None

    def refuse_unknown_sources(self, source: Source, tree: Tree) -> None:
        """Report keys of sources that neither the record nor the bibliography holds."""
        own: set[str] = set()
        if isinstance(tree, Pairs):
            for key, value in tree.items:
                if key.text == "sources" and isinstance(value, Pairs):
                    own = {k.text or "" for k, _ in value.items}
        cited = (
            (place, leaf, leaf.text)
            for place, leaf in leaves(tree)
            if _cites(place) and leaf.text not in own and leaf.text not in self.bibliography
        )
        for place, leaf, text in islice(cited, MOST_OF_A_KIND):
            self.problems.report(
                "unknown-source",
                f"no source has the key `{text}`",
                Span(source, leaf.start, leaf.end),
                label=f"`{spelt(place)}`",
                help=did_you_mean(text or "", (*own, *self.bibliography))
                or f"add it to `{FILE_NAME}`, or under `sources` of the record",
            )

    def refuse_other_name(self, source: Source, tree: Tree, path: Path, kind: Kind) -> None:
        """Report a file that is not named for the record in it."""
        for key, value in tree.items if isinstance(tree, Pairs) else ():
            if key.text == kind.identity and isinstance(value, Leaf) and value.text != path.stem:
                self.problems.report(
                    "file-name",
                    f"the file of `{value.text}` is called `{path.name}`",
                    Span(source, value.start, value.end),
                    help=f"call it `{value.text}{path.suffix}`",
                )

    def keep(self, loaded: LoadedCase, kind: Kind) -> None:
        """Keep a record, unless another has its id."""
        first = self.found.setdefault((loaded.about, loaded.id), loaded)
        if first is not loaded:
            at = (kind.identity,) if kind.identity else ()
            self.problems.report(
                "duplicate-case",
                f"two records are called `{loaded.id}`",
                loaded.span(at),
                help="give one of them another id",
                also=((first.span(at), "the other"),),
            )


def _cites(place: Place) -> bool:
    """Return whether a place is an entry of a list of source keys."""
    return (
        len(place) > 1
        and isinstance(place[-1], int)
        and (place[-2] == "sources" or (place[-2] == "cites" and len(place) == 2))  # noqa: PLR2004 - key and index
    )


def identity(record: BaseModel, kind: Kind) -> str:
    """Return the id of a record; empty where its model has no field for one."""
    if kind.identity is None:
        return ""
    value = record.__dict__[attributes_of(kind.vocabulary.root)[kind.identity]]
    return "" if value is None else str(getattr(value, "value", value))


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each line that is not blank begins and ends."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if text[start:end].strip():
            yield start, end
        start = end + 1
