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
    from kprules.comparison.table_problems import BadTableError
    from kprules.evaluation.facts import Unknown
    from kprules.evaluation.reasons import Reason
    from kprules.proof.nearest import Change
    from kprules.records.vocabulary import UnsupportedModelError
    from kprules.tables import MissingExtraError
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
    "BadTableError",
    "Cases",
    "Change",
    "Comparison",
    "Definition",
    "Diff",
    "FilesError",
    "LoadedCase",
    "MissingExtraError",
    "Nearest",
    "Outcome",
    "Problem",
    "Reason",
    "Result",
    "Rules",
    "Settled",
    "Unknown",
    "UnsupportedModelError",
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
_VERBS = ("compare", "diff", "nearest", "settle", "Comparison", "Diff", "Nearest", "Settled")
_ROOMS = {
    **dict.fromkeys(_VERBS, "verbs"),
    "BadTableError": "comparison.table_problems",
    "Change": "proof.nearest",
    "MissingExtraError": "tables",
    "Reason": "evaluation.reasons",
    "Unknown": "evaluation.facts",
    "UnsupportedModelError": "records.vocabulary",
}
"""Where names are that are not in `kprules.api`."""


def __getattr__(name: str) -> Any:
    """Import the interface when it is first used: `import kprules` itself is light."""
    if name in __all__:
        from importlib import import_module  # noqa: PLC0415 - see above

        room = import_module(f"kprules.{_ROOMS.get(name, 'api')}")
        return getattr(room, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the interface too."""
    return sorted({*globals(), *__all__})
