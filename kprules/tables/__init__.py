"""Millions of rows: the same definitions on columns, with the same meaning to the last unknown.

Guarantee: importing this loads no engine; `require` says in one line what to install. A line in
this room touches columns, planes of bits and patterns of rows; it opens no file and prints nothing.
"""

from __future__ import annotations

from importlib.util import find_spec

LIBRARIES = ("numpy", "polars", "pyarrow")
SPARK = ("pyspark", "pandas", *LIBRARIES)


class MissingExtraError(ImportError):
    """A library that is not installed with kprules alone is needed."""


def require(extra: str = "tables", libraries: tuple[str, ...] = LIBRARIES) -> None:
    """Refuse, saying what to install, where a library of an extra is missing."""
    missing = [name for name in libraries if find_spec(name) is None]
    if missing:
        raise MissingExtraError(
            f"{' and '.join(missing)} not installed: pip install 'kprules[{extra}]'"
        )
