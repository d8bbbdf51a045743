"""How a run of the command line ended, for tests to look at."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ended:
    """An exit code, and what was said."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]
