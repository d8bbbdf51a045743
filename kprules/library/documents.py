"""One document of a case file, read in full: from text to a sound record, or what is wrong.

Guarantee: every mistake of the document is reported with line, column and field. A line in here
touches one document; it opens no file.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pydantic import BaseModel

from kprules.diagnostics import Problems, did_you_mean
from kprules.library.bibliography import FILE_NAME, Bibliography
from kprules.library.json_trees import tree_of_json
from kprules.library.trees import (
    Leaf,
    Pairs,
    Place,
    Tree,
    leaves,
    refuse_empty,
    refuse_escaped_controls,
    refused,
    span_at,
)
from kprules.library.validation import MOST_OF_A_KIND, Document, validated
from kprules.library.yaml_trees import tree_of_yaml
from kprules.records.settle import attributes_of
from kprules.records.shape import Vocabulary
from kprules.records.values import RECORD_ID, Identity
from kprules.records.vocabulary import VOCABULARIES, record_name, vocabulary_of
from kprules.records.whole import spelt
from kprules.source import Source, Span


@dataclass(frozen=True, slots=True)
class Kind:
    """What records are to be read as: a model with its vocabulary."""

    model: type[BaseModel]
    vocabulary: Vocabulary
    identity: str | None
    """The field that holds the id, or nothing where the file's name has to do."""


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


@dataclass(frozen=True, slots=True)
class Written:
    """A document: a source, in a file of this name."""

    source: Source
    path: Path
    in_lines: bool
    """Whether it is one of many in its file, a line each."""

    def tree(self, problems: Problems) -> Tree | None:
        """Return what it says, or nothing, with the reason among the problems."""
        if self.path.suffix.lower() in {".yaml", ".yml"}:
            return tree_of_yaml(self.source, problems)
        return tree_of_json(self.source, problems)

    def span(self, place: Place | str) -> Span:
        """Return where a field is written."""
        tree = self.tree(Problems())
        if tree is None:
            return Span(self.source, 0, 0)
        return span_at(self.source, tree, _steps(place) if isinstance(place, str) else place)


def _steps(place: str) -> Place:
    steps: list[str | int] = []
    for part in place.replace("[", ".[").split("."):
        if part.startswith("["):
            steps.append(int(part[1:-1]))
        elif part:
            steps.append(part)
    return tuple(steps)


@dataclass(frozen=True, slots=True)
class Read:
    """A sound record with its id, and the keys of the bibliography that it cites."""

    id: str
    kind: Kind
    record: BaseModel
    cites: tuple[str, ...]


def read_document(
    written: Written, kind: Kind | None, bibliography: Bibliography, problems: Problems
) -> Read | None:
    """Return the record of a document; without a kind it is a case or a meeting."""
    return _Reading(written, bibliography, problems).read(kind)


@dataclass(frozen=True, slots=True)
class _Reading:
    """The reading of one document."""

    written: Written
    bibliography: Bibliography
    problems: Problems

    def read(self, asked: Kind | None) -> Read | None:
        """Return the record, if it is sound."""
        before = len(self.problems.found)
        source = self.written.source
        tree = self.written.tree(self.problems)
        if tree is None:
            return None
        kind = asked or self.told(source, tree)
        if kind is None:
            return None
        passed = frozenset(
            (
                *refuse_escaped_controls(source, tree, self.problems),
                *refuse_empty(source, tree, self.problems),
                *refused(tree),
            )
        )
        cites: tuple[str, ...] = ()
        if asked is None:
            cites = self.cited(source, tree)
            if not self.written.in_lines:
                self.refuse_other_name(source, tree, kind)
        document = Document(source, tree, kind.model, kind.vocabulary, passed)
        record = validated(document, self.problems)
        if record is None or any(p.is_error for p in self.problems.found[before:]):
            return None
        stem = self.written.path.stem
        line = source.first
        id_ = identity(record, kind) or (f"{stem}-{line}" if self.written.in_lines else stem)
        return Read(id_, kind, record, cites)

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

    def cited(self, source: Source, tree: Tree) -> tuple[str, ...]:
        """Return the keys of the bibliography; report those that it does not hold either."""
        own: set[str] = set()
        if isinstance(tree, Pairs):
            for key, value in tree.items:
                if key.text == "sources" and isinstance(value, Pairs):
                    own = {k.text or "" for k, _ in value.items}
        cited = [
            (place, leaf, leaf.text or "")
            for place, leaf in leaves(tree)
            if _cites(place) and leaf.text not in own
        ]
        unknown = (c for c in cited if c[2] not in self.bibliography)
        for place, leaf, text in islice(unknown, MOST_OF_A_KIND):
            self.problems.report(
                "unknown-source",
                f"no source has the key `{text}`",
                Span(source, leaf.start, leaf.end),
                label=f"`{spelt(place)}`",
                help=did_you_mean(text, (*own, *self.bibliography))
                or f"add it to `{FILE_NAME}`, or under `sources` of the record",
            )
        return tuple(dict.fromkeys(text for _, _, text in cited))

    def refuse_other_name(self, source: Source, tree: Tree, kind: Kind) -> None:
        """Report a file that is not named for the record in it."""
        path = self.written.path
        for key, value in tree.items if isinstance(tree, Pairs) else ():
            if key.text != kind.identity or not isinstance(value, Leaf):
                continue
            if value.text != path.stem and RECORD_ID.fits(value.text or ""):
                self.problems.report(
                    "file-name",
                    f"the file of `{value.text}` is called `{path.name}`",
                    Span(source, value.start, value.end),
                    help=f"call it `{value.text}{path.suffix}`",
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
