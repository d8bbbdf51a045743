"""The bibliography: files called `sources.yaml`, from which cases and rules cite by key.

Guarantee: every entry has a title and sound links, and every key is there once; what is wrong is
reported with its place. A line in here touches entries; it does not know who cites them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kprules.diagnostics import Problems
from kprules.library.files import files_in, read_source
from kprules.library.trees import Leaf, Pairs, key_span, refuse_empty, refuse_escaped_controls
from kprules.library.validation import Document, validated
from kprules.library.yaml_trees import tree_of_yaml
from kprules.records.case import Cited, Record
from kprules.records.values import SourceKey
from kprules.source import Source, Span

FILE_NAME: Final = "sources.yaml"
_UPWARDS: Final = 3
"""How many folders above a case its bibliography may lie."""


class Listed(Record):
    """The whole of one file."""

    sources: dict[SourceKey, Cited]
    """The sources by key."""


@dataclass(slots=True)
class Bibliography(Mapping[str, Cited]):
    """Sources by key, with the place of each."""

    entries: dict[str, Cited] = field(default_factory=dict)
    places: dict[str, Span] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Cited:
        """Return the source under a key."""
        return self.entries[key]

    def __iter__(self) -> Iterator[str]:
        """Yield the keys in the order written."""
        return iter(self.entries)

    def __len__(self) -> int:
        """Count the sources."""
        return len(self.entries)


def bibliographies_near(paths: Iterable[str | Path]) -> list[Path]:
    """Return the bibliographies in the folders named, else the nearest one above each path."""
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        inside = files_in([path], {".yaml"}, Problems()) if path.is_dir() else iter(())
        mine = [p for p in inside if p.name == FILE_NAME]
        here = path.absolute()
        for above in list(here.parents)[:_UPWARDS] if not mine else ():
            if (above / FILE_NAME).is_file():
                mine.append(_as_typed(above / FILE_NAME, path))
                break
        found |= dict.fromkeys(mine)
    return list(found)


def _as_typed(found: Path, path: Path) -> Path:
    """Return a path as relative as the one that people typed, for messages to name."""
    if path.is_absolute():
        return found
    try:
        return found.relative_to(Path.cwd())
    except ValueError:
        return found


def load_bibliography(paths: Iterable[str | Path], problems: Problems) -> Bibliography:
    """Return the sources of all the files named; a key that two give differently is a problem."""
    whole = Bibliography()
    for path in paths:
        source = read_source(Path(path), problems)
        if source is not None:
            _add(whole, source, problems)
    return whole


def _add(whole: Bibliography, source: Source, problems: Problems) -> None:
    tree = tree_of_yaml(source, problems)
    if tree is None:
        return
    under = (Leaf(0, 0, "sources"), tree)
    wrapped = Pairs(tree.start, tree.end, (under,))
    passed = frozenset(
        (
            *refuse_escaped_controls(source, wrapped, problems),
            *refuse_empty(source, wrapped, problems),
        )
    )
    record = validated(Document(source, wrapped, Listed, None, passed), problems)
    if not isinstance(record, Listed):
        return
    for key, cited in record.sources.items():
        place = key_span(source, wrapped, ("sources", key))
        if key not in whole.entries:
            whole.entries[key] = cited
            whole.places[key] = place
        elif whole.entries[key] != cited:
            problems.report(
                "duplicate-source",
                f"two different sources are called `{key}`",
                place,
                help="give one of them another key",
                also=((whole.places[key], "the other"),),
            )
