"""Files in the user's own cache folder: shortcuts to what can be made again.

Guarantee: plain JSON, never a pickle; written whole or not at all, and silently; one that is
missing, damaged or in the way counts for nothing. A line in here touches files of the cache.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any, Final

_MOST_FILES: Final = 24
"""Files of one kind that are kept; the oldest go."""


def cache_folder() -> Path | None:
    """Return the user's own cache folder for kprules, or None where caching is turned off.

    `KPRULES_CACHE` names another; empty, it turns the cache off.
    """
    named = os.environ.get("KPRULES_CACHE")
    if named is not None:
        return Path(named) if named else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "kprules"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "kprules"
    xdg = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (xdg if xdg.is_absolute() else home / ".cache") / "kprules"


def read_kept(name: str) -> Any:
    """Return what a file of the cache holds, or None."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        digest, _, body = (folder / name).read_bytes().partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        return json.loads(body)
    except (OSError, ValueError, RecursionError):
        return None


def write_kept(name: str, data: Any) -> None:
    """Write a file of the cache; a folder that refuses is no reason to speak up."""
    folder = cache_folder()
    if folder is None:
        return
    import tempfile  # noqa: PLC0415 - slow to import, and seldom written

    made: Path | None = None
    try:
        body = json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            made = Path(file.name)
            file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        made.replace(folder / name)
        _forget_oldest(folder, name.partition("-")[0])
    except (OSError, TypeError, ValueError):
        if made is not None:
            made.unlink(missing_ok=True)


def _forget_oldest(folder: Path, kind: str) -> None:
    """Keep so many files of a kind."""
    files = sorted(folder.glob(f"{kind}-*.json"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in files[_MOST_FILES:]:
        old.unlink(missing_ok=True)
