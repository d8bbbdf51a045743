"""The bibliography: files called `sources.yaml`, from which cases and rules cite by key.

Guarantee: every entry has a title and sound links, and every key is there once; what is wrong is
reported with its place. A line in here touches entries; it does not know who cites them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from kprules.diagnostics import Problems
from kprules.library.files import decoded, files_in, read_bytes
from kprules.library.stored import Stored, digest_of
from kprules.records.case import Cited
from kprules.records.plain import plain_record
from kprules.records.revive import revive
from kprules.source import Source, Span

FILE_NAME: Final = "sources.yaml"
_UPWARDS: Final = 3
"""How many folders above a case its bibliography may lie."""


@dataclass(slots=True)
class Bibliography(Mapping[str, Cited]):
    """Sources by key, with the place of each."""

    entries: dict[str, Cited | dict[str, Any]] = field(default_factory=dict)
    """A source, or what is stored of one until it is asked for."""
    files: dict[str, Source] = field(default_factory=dict)
    """The file that each key is from."""

    def __getitem__(self, key: str) -> Cited:
        """Return the source under a key."""
        found = self.entries[key]
        if isinstance(found, dict):
            found = self.entries[key] = revive(Cited, found)
        return found

    def __contains__(self, key: object) -> bool:
        """Return whether there is a source of this key."""
        return key in self.entries

    def __iter__(self) -> Iterator[str]:
        """Yield the keys in the order written."""
        return iter(self.entries)

    def __len__(self) -> int:
        """Count the sources."""
        return len(self.entries)

    def span(self, key: str) -> Span:
        """Return where a source is written."""
        from kprules.library.listed import place_of  # noqa: PLC0415 - reads the file again

        return place_of(self.files[key], key)


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
    named = list(paths)
    stored = Stored.of("sources", named)
    whole = Bibliography()
    for path in map(Path, named):
        data = read_bytes(path, problems)
        source = None if data is None else decoded(str(path), data, problems)
        if data is None or source is None:
            continue
        digest = digest_of(data)
        entries = stored.get(digest)
        if entries is None:
            from kprules.library.listed import read_listed  # noqa: PLC0415 - idle where stored

            before = len(problems.found)
            entries = {k: plain_record(c) for k, c in read_listed(source, problems).items()}
            if len(problems.found) == before:
                stored.put(digest, entries)
        _add(whole, source, entries, problems)
    stored.write(fewest=1)
    return whole


def _add(
    whole: Bibliography, source: Source, entries: Mapping[str, Any], problems: Problems
) -> None:
    for key, cited in entries.items():
        if key not in whole.entries:
            whole.entries[key] = cited
            whole.files[key] = source
        elif whole[key] != revive(Cited, cited):
            from kprules.library.listed import place_of  # noqa: PLC0415 - as above

            problems.report(
                "duplicate-source",
                f"two different sources are called `{key}`",
                place_of(source, key),
                help="give one of them another key",
                also=((whole.span(key), "the other"),),
            )
