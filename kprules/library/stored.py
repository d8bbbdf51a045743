"""What was read and found sound before, by the digest of its bytes.

Guarantee: a document is taken from here only if its bytes, the program and its models are those
that it was judged by, so reading it again would say the same. A line in here touches plain data;
what is stored was sound and without any remark.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from kprules.kept import read_kept, write_kept

_FEWEST: Final = 8
"""Documents that are worth a file in the cache."""


@cache
def program(*rooms: str) -> str:
    """Return a digest of the version, and of the code of some rooms: in a checkout it changes."""
    here = Path(__file__).parent.parent
    known = [(here / "version.py").read_text(encoding="utf-8")]
    for room in rooms:
        for file in sorted((here / room).glob("*.py")):
            stat = file.stat()
            known.append(f"{file.name} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(known).encode()).hexdigest()


def digest_of(data: bytes) -> str:
    """Return the digest under which a document is stored."""
    return hashlib.sha256(data).hexdigest()


@dataclass(slots=True)
class Stored:
    """The documents of one set of paths that were read before, and those of this time."""

    name: str
    before: dict[str, Any]
    now: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, kind: str, paths: Iterable[str | Path]) -> Stored:
        """Return what is stored of the documents under these paths."""
        where = "\n".join(sorted(str(Path(p).absolute()) for p in paths))
        key = hashlib.sha256(f"{program('records', 'library')}\n{where}".encode()).hexdigest()
        name = f"{kind}-{key[:32]}.json"
        found = read_kept(name)
        return cls(name, found if isinstance(found, dict) else {})

    def get(self, digest: str) -> Any:
        """Return what is stored of a document, or None."""
        found = self.before.get(digest)
        if found is not None:
            self.now[digest] = found
        return found

    def put(self, digest: str, data: Any) -> None:
        """Store a document."""
        self.now[digest] = data

    def write(self, fewest: int = _FEWEST) -> None:
        """Keep the documents of this time, if others were kept before and they are worth it."""
        if self.now.keys() != self.before.keys() and len(self.now) >= fewest:
            write_kept(self.name, self.now)
