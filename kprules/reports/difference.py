"""What a variant changes, as text for a terminal and as Markdown.

Guarantee: the authors' words on both sides, like tracked changes, and nothing cut: a clause without
words says what it asks, or is followed by those that it holds; the cases that change, each with the
clause that decides; the proved relation in one line. A line in here touches strings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from kprules.checking.walk import stripped
from kprules.comparison.clause_changes import ClauseChange, held, parts
from kprules.comparison.difference import Difference
from kprules.reports.difference_cases import case_words, cases_lines, counts, in_order
from kprules.reports.explanation import conditions_words
from kprules.reports.relation import relation_words
from kprules.reports.text import Paper, escape, line, several, wrap
from kprules.syntax import tree
from kprules.syntax.printer import print_form

_SIGNS: Final = {
    "kept": " ", "reworded": "~", "replaced": "~", "removed": "-", "added": "+", "widened": "+",
    "narrowed": "^", "no longer widened": "-", "no longer narrowed": "-", "changed inside": " ",
}  # fmt: skip
_LEADS: Final = {
    "widened": ", or", "narrowed": ", and", "no longer widened": ", no longer widened by",
    "no longer narrowed": ", no longer narrowed by",
}  # fmt: skip
_COLOURS: Final = {"-": "red", "+": "green", "~": "yellow", "^": "yellow"}


def difference_table(found: Difference, paper: Paper) -> str:
    """Return a difference for a terminal."""
    arrow = "→" if paper.unicode else "->"
    lines = [paper.paint(f"{found.base.id} {arrow} {found.variant.id}", bold=True)]
    for definition in (found.base, found.variant):
        lines += wrap(line(definition.title), paper.width, "  ")
    lines += [row for said in conditions_words(found.conditions) for row in wrap(said, paper.width)]
    lines += ["", *_clauses(found, paper)]
    if found.cases or found.same:
        lines += ["", counts(found), *cases_lines(found, paper)]
    if found.relation is not None:
        lines += ["", *wrap(relation_words(found.relation), paper.width)]
    if found.why_unproved:
        lines += ["", *wrap(_unproved(found), paper.width)]
    return "\n".join(lines)


def _unproved(found: Difference) -> str:
    about = f"{found.base.about}s"
    return f"How the two relate over all possible {about} is not said: {found.why_unproved}."


def _clauses(found: Difference, paper: Paper) -> Iterator[str]:
    changed = False
    for change in found.clauses:
        for depth, _, shown in listed(change):
            changed = changed or not _stays(shown)
            yield from _clause(shown, paper, depth)
    if not changed:
        yield "The words are the same."


def listed(
    change: ClauseChange, depth: int = 0, above: tuple[str, ...] = ()
) -> Iterator[tuple[int, tuple[str, ...], ClauseChange]]:
    """Yield the changes that are worth a line, with how far each is set in and what holds it.

    A clause that only holds others is left out where it stays; so are the clauses inside one that
    is gone or new, where its own words tell what it says.
    """
    whole = change.label == "captures" and change.kind == "changed inside"
    holds = change.kind == "changed inside" and _words(change.after) is None and _stays(change)
    if not whole and not holds:
        yield depth, above, change
        depth += 1
    if not whole:
        above = (*above, f"{_except(change)}{change.label}")
    untold = dict(forms(change))
    for part in parts(change, before="was:" in untold, after="now:" in untold):
        yield from listed(part, depth, above)


def _stays(change: ClauseChange) -> bool:
    """Return whether nothing is changed of the clause itself."""
    return change.kind in {"kept", "changed inside"} and not _reworded(change)


def _reworded(change: ClauseChange) -> bool:
    """Return whether a clause that stands on both sides has other words."""
    both = change.before is not None and change.after is not None
    return both and _words(change.before) != _words(change.after)


def _except(change: ClauseChange) -> str:
    return "except when " if change.exception else ""


def _clause(change: ClauseChange, paper: Paper, depth: int) -> Iterator[str]:
    sign = "~" if change.kind == "changed inside" and _reworded(change) else _SIGNS[change.kind]
    lead = f"{sign} {'  ' * depth}"
    colour = _COLOURS.get(sign)
    before, after = _words(change.before), _words(change.after)
    name = f"{_except(change)}{change.label}"
    match change.kind:
        case "kept" | "changed inside" if _stays(change):
            said = f'{name} "{after}"' if after else name
            yield from map(paper.dim, wrap(said, paper.width, lead))
            return
        case "removed":
            said = f'{name} "{before}"' if before else name
        case _ if _reworded(change):
            said = f"{name} {_quoted(before)} becomes {_quoted(after)}"
        case _:
            said = f'{name} "{after}"' if after else name
    said += _LEADS.get(change.kind, "")
    told = dict(forms(change))
    if change.kind in {"removed", "added"} and told:
        (clause,) = told.values()
        if _heading(clause.form) is not None:
            said, told = f"{said}: {form_words(clause)}", {}
    for row in wrap(said, paper.width, lead):
        yield paper.paint(row, colour)  # type: ignore[arg-type]  # of the table above
    further = [f"{word} {form_words(clause)}" for word, clause in told.items()]
    for text in [*further, *readings(change)]:
        for row in wrap(text, paper.width, " " * len(lead) + "    "):
            yield paper.dim(row)


def _quoted(words: str | None) -> str:
    return "a clause without words" if words is None else f'"{words}"'


def forms(change: ClauseChange) -> Iterator[tuple[str, tree.Clause]]:
    """Yield the forms worth showing below a change: where the words alone do not tell it."""
    before, after = _words(change.before), _words(change.after)
    told = before != after
    if change.before and change.kind in {"replaced", "removed"} and not (told and before):
        yield "was:", change.before
    if change.after and change.kind in {"replaced", "added"} and not (told and after):
        yield "now:", change.after


def readings(change: ClauseChange) -> Iterator[str]:
    """Yield how new words can be read, where neither form nor clauses are told: `war read as …`.

    Of a reading that asks for more than the first, what more.
    """
    if change.kind not in {"replaced", "added"} or "now:" in dict(forms(change)):
        return
    old = [clause.form for clause in _read(change.before)]
    for clause in _read(change.after):
        form = stripped(clause.form)
        if clause.form in old or not isinstance(form, tree.ReadingOf):
            continue
        first, *others = form.clauses
        known = f"{form_words(first)} and "
        said = [line(first.label.text)]
        for other in others:
            words = form_words(other)
            more = f"and {words.removeprefix(known)}" if words.startswith(known) else words
            said.append(f"{line(other.label.text)} ({more})")
        name = "" if clause is change.after else f"{line(clause.label.text)} "
        yield f"{name}read as {several(said, 'or')}"


def _read(clause: tree.Clause | None) -> Iterator[tree.Clause]:
    """Yield the clauses, of one and those inside it, that can be read in several ways."""
    if clause is not None:
        if isinstance(stripped(clause.form), tree.ReadingOf):
            yield clause
        for inner in held(clause):
            yield from _read(inner)


def form_words(clause: tree.Clause) -> str:
    """Return what a clause asks; of one that holds others, what it says before them."""
    held = _heading(clause.form)
    return line(" ".join(print_form(clause.form).split())) if held is None else held


def _heading(form: tree.Form) -> str | None:
    """Return what a form that does nothing but hold clauses says before them, else nothing."""
    match stripped(form):
        case tree.Group(kind=kind):
            return f"{kind} of"
        case tree.ReadingOf():
            return "reading of"
        case tree.Quantified(has=has) as quantified:
            inner = _heading(has)
            # `true` stands where the clauses are.
            bare = print_form(replace(quantified, has=tree.Truth(has.span, value=True)))
            said = line(" ".join(bare.split())).removesuffix("true")
            return None if inner is None else said + inner
        case _:
            return None


def _words(clause: tree.Clause | None) -> str | None:
    return None if clause is None or clause.words is None else line(clause.words.text)


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
    lines += [row for change in found.clauses for row in _rows(change)]
    if found.cases or found.same:
        about = found.base.about
        lines += ["", f"## {about.capitalize()}s", "", counts(found), ""]
        lines += [f"| {about} | change | what |", "| --- | --- | --- |"]
        lines += [
            f"| {escape(case.subject.id)} | {case.kind} | {escape(case_words(found, case))} |"
            for case in in_order(found)
        ]
    if found.relation is not None:
        lead = f"## Over all possible {found.base.about}s"
        lines += ["", lead, "", escape(relation_words(found.relation))]
    if found.why_unproved:
        lines += ["", escape(_unproved(found))]
    return "\n".join(lines)


def _rows(whole: ClauseChange) -> Iterator[str]:
    """Yield a row for each change of words: a clause is named after those that hold it."""
    for _, above, change in listed(whole):
        if _stays(change):
            continue
        forms_of = dict(forms(change))
        before = _side(change.before, forms_of.get("was:"))
        after = _side(change.after, forms_of.get("now:"))
        name = " > ".join([*above, f"{_except(change)}{change.label}"])
        yield f"| {change.kind} | {escape(name)} | {before} | {after} |"


def _side(clause: tree.Clause | None, shown: tree.Clause | None) -> str:
    """Return the words of a clause, and what it asks where that is shown besides."""
    words = _words(clause)
    said = [] if words is None else [f"“{escape(words)}”"]
    if shown is not None:
        said.append(f"`{form_words(shown).replace('|', chr(92) + '|')}`")
    return ": ".join(said)
