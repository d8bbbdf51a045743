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
import sys
from importlib.resources import files
from typing import Any

import lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

from kprules.kept import cache_folder, read_kept, write_kept
from kprules.version import __version__

_OPTIONS: dict[str, Any] = {
    "parser": "lalr",
    "lexer": "contextual",
    "keep_all_tokens": True,  # the builder takes its places from the keywords, too
    "maybe_placeholders": False,
}


def load(transformer: object) -> lark.Lark:
    """Return a parser that calls the transformer's methods as it recognises the rules."""
    grammar = files("kprules.syntax").joinpath("grammar.lark").read_text(encoding="utf-8")
    name = _name(grammar)
    cached = _read(name, transformer)
    if cached is not None:
        return cached
    if cache_folder() is not None:
        parser = lark.Lark(grammar, **_OPTIONS)
        write_kept(name, parser.memo_serialize([TerminalDef, Rule]))
    return lark.Lark(grammar, transformer=transformer, **_OPTIONS)


def _name(grammar: str) -> str:
    """Return the name of the cache's file for this grammar under these versions."""
    versions = [__version__, lark.__version__, sys.version, _OPTIONS, grammar]
    key = hashlib.sha256(json.dumps(versions).encode()).hexdigest()[:32]
    return f"grammar-{key}.json"


def _read(name: str, transformer: object) -> lark.Lark | None:
    try:
        data, memo = read_kept(name)
        table = data["parser"]["parser"]
        table["tokens"] = _numbered(table["tokens"])
        table["states"] = {k: _numbered(v) for k, v in _numbered(table["states"]).items()}
        # What the parsers call that Lark writes to stand alone; it has no public name.
        from_dict: Any = lark.Lark._load_from_dict  # noqa: SLF001
        parser: lark.Lark = from_dict(data, _numbered(memo), transformer=transformer)
    except Exception:  # noqa: BLE001 - whatever is wrong with a cache, the grammar is built anew
        return None
    return parser


def _numbered(mapping: dict[str, Any]) -> dict[int, Any]:
    """Give keys back the numbers that JSON made strings of."""
    return {int(key): value for key, value in mapping.items()}
