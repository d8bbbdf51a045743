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
        explain,
        load_cases,
        load_rules,
    )

__all__ = [
    "Cases",
    "Definition",
    "FilesError",
    "LoadedCase",
    "Outcome",
    "Problem",
    "Result",
    "Rules",
    "__version__",
    "evaluate",
    "explain",
    "load_cases",
    "load_rules",
]


def __getattr__(name: str) -> Any:
    """Import the interface when it is first used: `import kprules` itself is light."""
    if name in __all__:
        from kprules import api  # noqa: PLC0415 - see above

        return getattr(api, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the interface too."""
    return sorted({*globals(), *__all__})
