"""The grammar, ready to parse: built once, then read from a cache.

Guarantee: the cache holds plain data and is only ever a shortcut; where it is missing, damaged,
of another version or cannot be written, the grammar is built as if there were none. A line in here
touches Lark and the cache's one file.

Building takes a few dozen milliseconds, reading the cache a tenth of that. Nothing is unpickled:
the file is JSON, under a digest of itself, made from what Lark calls its serialised form.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

import kprules

_OPTIONS: dict[str, Any] = {
    "parser": "lalr",
    "lexer": "contextual",
    "keep_all_tokens": True,  # the builder takes its places from the keywords, too
    "maybe_placeholders": False,
}


def load(transformer: object) -> lark.Lark:
    """Return a parser that calls the transformer's methods as it recognises the rules."""
    grammar = files("kprules.syntax").joinpath("grammar.lark").read_text(encoding="utf-8")
    place = _place(grammar)
    if place is not None:
        cached = _read(place, transformer)
        if cached is not None:
            return cached
        _write(place, lark.Lark(grammar, **_OPTIONS))
    return lark.Lark(grammar, transformer=transformer, **_OPTIONS)


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


def _place(grammar: str) -> Path | None:
    """Return the file for this grammar under these versions."""
    folder = cache_folder()
    versions = [kprules.__version__, lark.__version__, sys.version, _OPTIONS, grammar]
    key = hashlib.sha256(json.dumps(versions).encode()).hexdigest()[:32]
    return folder / f"grammar-{key}.json" if folder is not None else None


def _read(place: Path, transformer: object) -> lark.Lark | None:
    try:
        digest, _, body = place.read_bytes().partition(b"\n")
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        data, memo = json.loads(body)
        table = data["parser"]["parser"]
        table["tokens"] = _numbered(table["tokens"])
        table["states"] = {k: _numbered(v) for k, v in _numbered(table["states"]).items()}
        # What the parsers call that Lark writes to stand alone; it has no public name.
        from_dict: Any = lark.Lark._load_from_dict  # noqa: SLF001
        parser: lark.Lark = from_dict(data, _numbered(memo), transformer=transformer)
    except Exception:  # noqa: BLE001 - whatever is wrong with a cache, the grammar is built anew
        return None
    return parser


def _write(place: Path, parser: lark.Lark) -> None:
    """Write the cache whole or not at all; a folder that refuses is no reason to speak up."""
    try:
        body = json.dumps(parser.memo_serialize([TerminalDef, Rule])).encode()
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=place.parent, delete=False) as file:
            file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
        Path(file.name).replace(place)
    except (OSError, TypeError, ValueError):
        return


def _numbered(mapping: dict[str, Any]) -> dict[int, Any]:
    """Give keys back the numbers that JSON made strings of."""
    return {int(key): value for key, value in mapping.items()}
