"""Expectations: what a definition is meant to do to named cases.

Guarantee: none is taken that can only fail, as far as the caller knows what there is: names, kinds
of record, conditions given twice, two outcomes of one case. A line in here touches expectations.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from kprules.checking.headers import Known
from kprules.checking.words import a, help_for, one_of
from kprules.diagnostics import Problems
from kprules.formula.definition import Expectation
from kprules.source import Span
from kprules.syntax import tree

Readings = Mapping[str, Sequence[str]]

_WHAT: Final = {"view": "a view", "standard": "a standard"}


def read_expectations(
    definition: tree.Definition,
    ancestors: Sequence[str],
    about: str | None,
    readings: Readings | None,
    known: Known,
    problems: Problems,
) -> tuple[Expectation, ...]:
    """Return what a definition is meant to do, a case each; without a form, `readings` is None."""
    found: list[Expectation] = []
    outcomes: dict[object, tuple[str, tree.Name]] = {}
    for expect in definition.expects:
        given: dict[str, Span] = {}
        view, standard = None, "established"
        chosen: list[tuple[str, str]] = []
        named: set[tuple[str, str]] = set()
        for condition in expect.conditions:
            what = _WHAT.get(condition.keyword, "")
            match condition.keyword:
                case "view":
                    view = condition.name.text
                    _check_name(condition.name, known.parties, "party", problems)
                case "standard":
                    standard = condition.name.text
                    _check_standard(condition.name, problems)
                case "reading":
                    value = condition.value.text if condition.value is not None else ""
                    named.add((condition.name.text, value))
                    taken = _reading(condition, definition.id.text, ancestors, readings, problems)
                    if taken is not None:
                        chosen.append(taken)
                        what = f"a reading of `{taken[0]}`"
            if what:
                _once(condition, what, given, problems)
        for case in expect.cases:
            _check_name(case, known.cases, "case", problems)
            _check_kind(case, about, known, problems)
            expectation = Expectation(
                expect.outcome,
                case.text,
                view,
                "alleged" if standard == "alleged" else "established",
                tuple(chosen),
                case.span,
            )
            under = (case.text, view, standard, frozenset(named))
            before, there = outcomes.setdefault(under, (expect.outcome, case))
            if before != expect.outcome:
                _contradicts(case, expect.outcome, before, there, problems)
            found.append(expectation)
    return tuple(found)


def _once(condition: tree.Condition, what: str, given: dict[str, Span], problems: Problems) -> None:
    """Report what an expectation names a second time: only one of the two can be in force."""
    first = given.setdefault(what, condition.span)
    if first is condition.span:
        return
    problems.report(
        "duplicate-condition",
        f"{what} is given twice",
        condition.span,
        label="the second",
        help="an expectation holds under one of each: write an `expect` for the other",
        also=((first, "the first"),),
    )


def _check_kind(case: tree.Name, about: str | None, known: Known, problems: Problems) -> None:
    """Report a record that the definition does not judge."""
    kinds = known.cases.get(case.text) if isinstance(known.cases, Mapping) else None
    if about is None or not kinds or about in kinds:
        return
    other = next(iter(sorted(kinds)))
    problems.report(
        "type-mismatch",
        f"`{case.text}` is {a(other)}, and this definition judges {a(about)}",
        case.span,
        label="it is never judged by this",
        help=f"name {a(about)}, or write `about {other}` if that is what the definition is about",
    )


def _contradicts(
    case: tree.Name, outcome: str, before: str, there: tree.Name, problems: Problems
) -> None:
    problems.report(
        "contradicting-expectation",
        f"`{case.text}` cannot be `{outcome}` and `{before}` under the same conditions",
        case.span,
        label=f"`{outcome}` here",
        help="leave one of them out, or say under what conditions it holds: `under {view …}`",
        also=((there.span, f"`{before}` here"),),
    )


def _check_name(
    name: tree.Name, known: Collection[str] | None, kind: str, problems: Problems
) -> None:
    if known is None or name.text in known:
        return
    problems.report(
        f"unknown-{kind}",
        f"no {kind} is called `{name.text}`",
        name.span,
        label="no record names it" if kind == "party" else "not a case or meeting that is read",
        help=help_for(name.text, known),
    )


def _check_standard(name: tree.Name, problems: Problems) -> None:
    if name.text not in {"established", "alleged"}:
        problems.report(
            "unknown-value",
            f"no standard is called `{name.text}`",
            name.span,
            label="not a standard of evidence",
            help="write `established` or `alleged`",
        )


def _reading(
    condition: tree.Condition,
    own: str,
    ancestors: Sequence[str],
    readings: Readings | None,
    problems: Problems,
) -> tuple[str, str] | None:
    """Return a choice of reading as `choose` takes it: `definition.label` and the name."""
    if readings is None or condition.value is None:
        return None
    owner, _, label = condition.name.text.partition(".")
    if owner not in {own, *ancestors}:
        if "-" in owner:
            problems.report(
                "unknown-reading",
                f"`{own}` does not amend `{owner}`, whose reading this is",
                condition.name.span,
                label="neither this definition nor one that it amends",
                help=f"write `reading {label} = {condition.value.text}`",
            )
            return None
        owner, label = own, condition.name.text
    if label not in readings:
        problems.report(
            "unknown-reading",
            f"`{label}` of `{own}` has no readings to choose from",
            condition.name.span,
            label="not the label of a `reading of`",
            help=help_for(label, readings, otherwise=_offered(readings)),
        )
        return None
    name = condition.value
    if name.text not in readings[label]:
        problems.report(
            "unknown-reading",
            f"`{label}` has no reading called `{name.text}`",
            name.span,
            label="not one of its readings",
            help=help_for(
                name.text, readings[label], otherwise=f"one of {one_of(readings[label])}"
            ),
        )
        return None
    return f"{owner}.{label}", name.text


def _offered(readings: Readings) -> str:
    return f"those that have: {', '.join(f'`{r}`' for r in readings)}" if readings else ""
