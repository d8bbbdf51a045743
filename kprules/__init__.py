"""kprules: a declarative rules engine for classification, made for contested definitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kprules.version import __version__

if TYPE_CHECKING:
    from kprules.api import (
        Cases,
        Definition,
        FilesError,
        LoadedCase,
        Outcome,
        Problem,
        Result,
        Rules,
        evaluate,
        evaluate_table,
        explain,
        load_cases,
        load_rules,
    )
    from kprules.proof.nearest import Change
    from kprules.verbs import (
        Comparison,
        Diff,
        Nearest,
        Settled,
        compare,
        diff,
        nearest,
        settle,
    )

__all__ = [
    "Cases",
    "Change",
    "Comparison",
    "Definition",
    "Diff",
    "FilesError",
    "LoadedCase",
    "Nearest",
    "Outcome",
    "Problem",
    "Result",
    "Rules",
    "Settled",
    "__version__",
    "compare",
    "diff",
    "evaluate",
    "evaluate_table",
    "explain",
    "load_cases",
    "load_rules",
    "nearest",
    "settle",
]
_VERBS = frozenset(
    {
        *("compare", "diff", "nearest", "settle"),
        *("Change", "Comparison", "Diff", "Nearest", "Settled"),
    }
)
"""What is in `kprules.verbs`; the rest is in `kprules.api`."""


def __getattr__(name: str) -> Any:
    """Import the interface when it is first used: `import kprules` itself is light."""
    if name in __all__:
        from importlib import import_module  # noqa: PLC0415 - see above

        room = import_module("kprules.verbs" if name in _VERBS else "kprules.api")
        return getattr(room, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the interface too."""
    return sorted({*globals(), *__all__})
