"""Rule files, read and checked together with those that ship.

Guarantee: what was good and what was wrong come back together; a user's file that says the same as
a shipped one takes its place without a word. A line in here touches paths and texts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from kprules.checking.rulebook import Rulebook, check
from kprules.diagnostics import Problems
from kprules.library.checked import SUFFIX
from kprules.library.files import files_in, read_source
from kprules.records.shape import Vocabulary
from kprules.source import Source
from kprules.syntax.parser import parse
from kprules.syntax.tree import Definition, File


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of all files, and which of them are the user's."""

    book: Rulebook
    files: tuple[File, ...]
    """The user's own files."""

    @property
    def own(self) -> frozenset[str]:
        """The ids of the definitions in the user's files, sound or not."""
        return frozenset(
            [
                *(i.id.text for f in self.files for i in f.items if isinstance(i, Definition)),
                *(torn.name.text for file in self.files for torn in file.torn),
            ]
        )


def load_rules(
    paths: Iterable[str | Path],
    problems: Problems,
    vocabularies: Mapping[str, Vocabulary],
    *,
    shipped: Path | None = None,
    cases: Collection[str] | Mapping[str, Collection[str]] | None = None,
    parties: Collection[str] | None = None,
    keys: Collection[str] | None = None,
) -> Rules:
    """Return the rules of files and folders, with those of the shipped folder below them.

    Ids of cases, parties and keys of sources that the rules name are checked where they are given.
    """
    own = [*_sources(paths, problems)]
    said = {(Path(s.name).name, s.text) for s in own}
    below = [
        source
        for source in (_sources([shipped], problems) if shipped is not None else ())
        if (Path(source.name).name, source.text) not in said
    ]
    files = [parse(source, problems) for source in own]
    shipped_files = [parse(source, problems) for source in below]
    book = check(
        [*shipped_files, *files],
        vocabularies,
        problems,
        shipped=[file.source.name for file in shipped_files],
        known_cases=cases,
        parties=parties,
        keys=keys,
    )
    return Rules(book, tuple(files))


def _sources(paths: Iterable[str | Path], problems: Problems) -> Iterable[Source]:
    for path in files_in(paths, {SUFFIX}, problems):
        source = read_source(path, problems)
        if source is not None:
            yield source
