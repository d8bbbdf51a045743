"""Warnings of forms that no case can make true, or false.

Guarantee: each is reported where the contradiction is met, and no form around it again. A line in
here reports findings.
"""

from __future__ import annotations

from collections.abc import Sequence

from kprules.checking.findings import (
    Clash,
    Verdict,
    clash,
    leaf_verdict,
    quantified_verdict,
    tautology,
)
from kprules.checking.paths import Paths
from kprules.checking.words import short
from kprules.diagnostics import Problems
from kprules.formula import nodes
from kprules.formula.nodes import Form
from kprules.source import Span


class Judge:
    """Looks at the forms of definitions about one kind of record as they are built."""

    def __init__(self, paths: Paths, problems: Problems) -> None:
        """Report to `problems`."""
        self.paths = paths
        self.problems = problems

    def quantified(self, form: nodes.Quantified, span: Span) -> None:
        """Warn where what is asked of the entries contradicts which entries are asked."""
        found = quantified_verdict(form, self.paths.may_be_absent)
        if found is not None:
            verdict, reason = found
            self._warn(verdict, span, reason, ", because of its `where`")

    def leaf(self, form: Form) -> None:
        """Warn of a comparison, or a quantifier, that its fact decides nothing of."""
        inner = form.part if isinstance(form, nodes.Not) else form
        if form.span is None:
            return
        if isinstance(inner, nodes.All):
            self.group(True, inner.parts, form.span)
            return
        verdict = leaf_verdict(inner, self.paths.may_be_absent)
        if verdict is None:
            return
        if form is not inner:
            verdict = "never" if verdict == "always" else "always"
        self._warn(verdict, form.span, None, "")

    def group(self, conjoined: bool, parts: Sequence[Form], span: Span) -> None:
        """Warn of parts that cannot all hold, or, of alternatives, that cannot all fail."""
        of = clash if conjoined else tautology
        found = of(parts, self.paths.may_be_absent)
        if found is not None:
            verdict: Verdict = "never" if conjoined else "always"
            why = "" if found.early is None else ", with what stands beside it"
            self._warn(verdict, found.late.span or span, found, why)

    def _warn(self, verdict: Verdict, span: Span, reason: Clash | None, why: str) -> None:
        """Warn of a form that cannot be false, or true, at the part that makes it so."""
        holds = "always holds" if verdict == "always" else "never holds"
        early = reason.early.span if reason is not None and reason.early is not None else None
        self.problems.warn(
            verdict,
            f"`{short(span.text)}` {holds}{why}",
            span,
            label=f"no case can make this {'false' if verdict == 'always' else 'true'}",
            also=() if early is None else ((early, "beside this"),),
            help=f"write `{'true' if verdict == 'always' else 'false'}` where that is meant",
        )
