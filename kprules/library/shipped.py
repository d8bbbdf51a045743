"""Where the rules and cases that come with the program lie.

Guarantee: the same answer in a checkout and in an installed wheel. A line in here touches paths.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal


def shipped(what: Literal["rules", "cases"]) -> Path:
    """Return the folder: inside the package of a wheel, beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "shipped" / what
    return inside if inside.is_dir() else package.parent / what
