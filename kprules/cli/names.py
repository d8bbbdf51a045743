"""Ids of cases and definitions for a shell to complete, from the names of files alone.

Guarantee: opens no file and imports nothing heavy: a shell asks at every tab. A line in here
touches names of files.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kprules.library.shipped import shipped


def case_names() -> list[str]:
    """Return the ids of the cases that ship and of those in ./cases."""
    return sorted(set(_stems(shipped("cases"), ".yaml")) | set(_stems(Path("cases"), ".yaml")))


def definition_names() -> list[str]:
    """Return the ids of the definitions that ship and of those in ./rules."""
    return sorted(set(_stems(shipped("rules"), ".kpr")) | set(_stems(Path("rules"), ".kpr")))


def _stems(folder: Path, suffix: str) -> Iterator[str]:
    return (path.stem for path in folder.rglob(f"*{suffix}") if "-" in path.stem)
