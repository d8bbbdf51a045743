"""How a table is written, by the name of its file.

Guarantee: no engine is loaded. A line in here touches names.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Final, Literal

Form = Literal["parquet", "arrow", "csv", "jsonl"]

FORMS: Final[Mapping[str, Form]] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
    ".feather": "arrow",
    ".ipc": "arrow",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
CALLED: Final[Mapping[str, str]] = {
    "parquet": "Parquet",
    "arrow": "Arrow",
    "csv": "CSV",
    "jsonl": "JSON Lines",
    "json": "JSON",
    "markdown": "Markdown",
}


def form_named(name: str) -> Form | None:
    """Return the form that a file's name asks for, if it asks for one."""
    return FORMS.get(PurePath(name).suffix.lower())
