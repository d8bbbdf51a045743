"""Data for the page: JSON, made small and spelt in letters that mean nothing to HTML.

Guarantee: `unpacked` gives back what was packed; the same data gives the same letters. A line in
here touches bytes.
"""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any, Generic, TypeVar

K = TypeVar("K")


def packed(data: Any) -> str:
    """Return data as the page's scripts read it (zlib, which browsers call `deflate`)."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(text: str) -> Any:
    """Return the data again."""
    return json.loads(zlib.decompress(base64.b64decode(text)))


class Table(Generic[K]):
    """Things that are held once and spoken of by number."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.numbers: dict[K, int] = {}

    def add(self, thing: K) -> int:
        """Return the number of a thing."""
        return self.numbers.setdefault(thing, len(self.numbers))

    def all(self) -> list[K]:
        """Return the things in order of their numbers."""
        return list(self.numbers)
