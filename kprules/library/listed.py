"""A bibliography's file, read in full.

Guarantee: every entry that is wrong is reported with its place. A line in here touches one text.
"""

from __future__ import annotations

from collections.abc import Mapping

from kprules.diagnostics import Problems
from kprules.library.trees import (
    Leaf,
    Pairs,
    Tree,
    key_span,
    refuse_empty,
    refuse_escaped_controls,
)
from kprules.library.validation import Document, validated
from kprules.library.yaml_trees import tree_of_yaml
from kprules.records.case import Cited, Record
from kprules.records.values import SourceKey
from kprules.source import Source, Span


class Listed(Record):
    """The whole of one file."""

    sources: dict[SourceKey, Cited]
    """The sources by key."""


def read_listed(source: Source, problems: Problems) -> Mapping[str, Cited]:
    """Return the sources of a file by key, or none where anything is wrong with it."""
    tree = tree_of_yaml(source, problems)
    if tree is None:
        return {}
    whole = _wrapped(tree)
    passed = frozenset(
        (
            *refuse_escaped_controls(source, whole, problems),
            *refuse_empty(source, whole, problems),
        )
    )
    record = validated(Document(source, whole, Listed, None, passed), problems)
    return record.sources if isinstance(record, Listed) else {}


def _wrapped(tree: Tree) -> Pairs:
    """Put the file under a key, so that it reads as a record with one field."""
    return Pairs(tree.start, tree.end, ((Leaf(0, 0, "sources"), tree),))


def place_of(source: Source, key: str) -> Span:
    """Return where a key is written."""
    tree = tree_of_yaml(source, Problems())
    if tree is None:
        return Span(source, 0, 0)
    return key_span(source, _wrapped(tree), ("sources", key))
