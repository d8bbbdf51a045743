"""What a variant changes, as text for a terminal and as Markdown.

Guarantee: the authors' words on both sides, like tracked changes; the cases that change, each with
the clause that decides; the proved relation in one line. A line in here touches strings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kprules.comparison.difference import CaseChange, ClauseChange, Difference
from kprules.evaluation.outcome import Result
from kprules.evaluation.trace import Outcome
from kprules.reports.explanation import conditions_words
from kprules.reports.relation import relation_words
from kprules.reports.text import Paper, counted, escape, line, outcome_words, pad, wrap
from kprules.syntax import tree
from kprules.syntax.printer import print_form

_SIGNS: Final = {
    "kept": " ", "reworded": "~", "replaced": "~", "removed": "-", "added": "+", "widened": "+",
    "narrowed": "^", "changed inside": " ",
}  # fmt: skip
_COLOURS: Final = {"-": "red", "+": "green", "~": "yellow", "^": "yellow"}
KINDS: Final = ("gained", "lost", "settled", "unsettled")
_MOST_FORM = 160


def difference_table(found: Difference, paper: Paper) -> str:
    """Return a difference for a terminal."""
    arrow = "→" if paper.unicode else "->"
    lines = [paper.paint(f"{found.base.id} {arrow} {found.variant.id}", bold=True)]
    for definition in (found.base, found.variant):
        lines += wrap(line(definition.title), paper.width, "  ")
    lines += [row for said in conditions_words(found.conditions) for row in wrap(said, paper.width)]
    lines += ["", *_clauses(found, paper)]
    if found.cases or found.same:
        lines += ["", _counts(found)]
        lines += list(_cases(found, paper))
    if found.relation is not None:
        lines += ["", *wrap(relation_words(found.relation), paper.width)]
    return "\n".join(lines)


def _clauses(found: Difference, paper: Paper) -> Iterator[str]:
    changed = False
    for change in found.clauses:
        for depth, shown in listed(change):
            changed = changed or shown.kind not in {"kept", "changed inside"}
            yield from _clause(shown, paper, depth)
    if not changed:
        yield "The words are the same."


def listed(change: ClauseChange, depth: int = 0) -> Iterator[tuple[int, ClauseChange]]:
    """Yield the changes that are worth a line, with how far each is set in.

    A clause that only holds others is left out; so is one that stays, unless it bears words.
    """
    whole = change.label == "captures" and change.kind == "changed inside"
    holds = change.kind == "changed inside" and _words(change.after) is None
    if not whole and not holds:
        yield depth, change
        depth += 1
    for part in change.inside:
        yield from listed(part, depth)


def _clause(change: ClauseChange, paper: Paper, depth: int) -> Iterator[str]:
    sign = _SIGNS[change.kind]
    lead = f"{sign} {'  ' * depth}"
    colour = _COLOURS.get(sign)
    before, after = _words(change.before), _words(change.after)
    exception = "except when " if change.exception else ""
    name = f"{exception}{change.label}"
    match change.kind:
        case "kept" | "changed inside":
            said = f'{name} "{after}"' if after else name
            yield from map(paper.dim, wrap(said, paper.width, lead))
            return
        case "removed":
            said = f'{name} "{before}"' if before else name
        case "reworded" | "replaced" if before != after:
            said = f'{name} "{before or ""}" becomes "{after or ""}"'
        case _:
            said = f'{name} "{after}"' if after else name
    said += {"widened": ", or", "narrowed": ", and"}.get(change.kind, "")
    for row in wrap(said, paper.width, lead):
        yield paper.paint(row, colour)  # type: ignore[arg-type]  # of the table above
    for word, clause in forms(change):
        for row in wrap(f"{word} {_form(clause)}", paper.width, " " * len(lead) + "    "):
            yield paper.dim(row)


def forms(change: ClauseChange) -> Iterator[tuple[str, tree.Clause]]:
    """Yield the forms worth showing below a change: where the words alone do not tell it."""
    before, after = _words(change.before), _words(change.after)
    told = before != after
    if change.before and change.kind in {"replaced", "removed"} and not (told and before):
        yield "was:", change.before
    if change.after and change.kind in {"replaced", "added"} and not (told and after):
        yield "now:", change.after


def _form(clause: tree.Clause) -> str:
    text = " ".join(print_form(clause.form).split())
    return text if len(text) <= _MOST_FORM else text[: _MOST_FORM - 1].rstrip() + "…"


def _words(clause: tree.Clause | None) -> str | None:
    return None if clause is None or clause.words is None else line(clause.words.text)


def _counts(found: Difference) -> str:
    counts = ", ".join(f"{sum(c.kind == k for c in found.cases)} {k}" for k in KINDS)
    return f"{counted(len(found.cases) + found.same, 'case')}: {counts}, {found.same} the same"


def _cases(found: Difference, paper: Paper) -> Iterator[str]:
    for kind in KINDS:
        for change in (c for c in found.cases if c.kind == kind):
            first = f"  {pad(kind, 9)} {line(change.subject.id)}"
            yield from wrap(f"{first}: {case_words(found, change)}", paper.width, "  ", " " * 12)


def case_words(found: Difference, change: CaseChange) -> str:
    """Say what a case was and is, each with the clauses that keep it from being captured."""
    was = outcome_words(change.before, found.base.outcome_word)
    now = outcome_words(change.after, found.variant.outcome_word)
    return f"{line(was)}{_by(change.reasons[0])}, now {line(now)}{_by(change.reasons[1])}"


def _by(result: Result) -> str:
    if result.outcome is Outcome.CAPTURED:
        return ""
    found = deciding(result)
    return f" ({found})" if found else ""


def deciding(result: Result) -> str:
    """Name the clauses that decide an outcome, in their own words where they have any."""
    named: dict[str, None] = {}
    for reason in result.because:
        named[f'"{line(reason.words)}"' if reason.words else reason.label] = None
    return ", ".join(list(named)[:2]) + (", …" if len(named) > 2 else "")  # noqa: PLR2004 - two fit


def difference_markdown(found: Difference) -> str:
    """Return a difference as Markdown, for minutes and pull requests."""
    lines = [f"# {escape(found.base.id)} → {escape(found.variant.id)}", ""]
    lines += [f"- **{escape(d.id)}**: {escape(line(d.title))}" for d in (found.base, found.variant)]
    lines += [
        "",
        "## Words",
        "",
        "| change | clause | before | after |",
        "| --- | --- | --- | --- |",
    ]
    for change in found.clauses:
        for _, shown in listed(change):
            if shown.kind in {"kept", "changed inside"}:
                continue
            before, after = _side(shown.before), _side(shown.after)
            lines.append(f"| {shown.kind} | {escape(shown.label)} | {before} | {after} |")
    if found.cases or found.same:
        lines += ["", "## Cases", "", _counts(found), ""]
        lines += ["| case | change | what |", "| --- | --- | --- |"]
        lines += [
            f"| {escape(case.subject.id)} | {case.kind} | {escape(case_words(found, case))} |"
            for kind in KINDS
            for case in found.cases
            if case.kind == kind
        ]
    if found.relation is not None:
        lines += ["", "## Over all possible cases", "", escape(relation_words(found.relation))]
    return "\n".join(lines)


def _side(clause: tree.Clause | None) -> str:
    if clause is None:
        return ""
    words = _words(clause)
    return f"“{escape(words)}”" if words else f"`{_form(clause).replace('|', chr(92) + '|')}`"
