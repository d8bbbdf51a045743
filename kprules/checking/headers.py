"""Headers and expectations: what a definition says of itself, and what it is meant to do.

Guarantee: names of parties, cases, readings, sources and definitions are checked as far as the
caller knows them; a source is missed, not required. A line in here touches headers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kprules.checking.words import a, help_for, one_of
from kprules.diagnostics import Problems
from kprules.formula.definition import STATUSES, Cited, Expectation
from kprules.records.shape import Vocabulary
from kprules.syntax import tree

Readings = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Known:
    """What names a caller knows; None where it knows none, and nothing is said of them."""

    vocabularies: Mapping[str, Vocabulary]
    definitions: Mapping[str, tree.Definition]
    cases: Collection[str] | None = None
    parties: Collection[str] | None = None
    keys: Collection[str] | None = None


def about_of(
    definition: tree.Definition, inherited: str | None, known: Known, problems: Problems
) -> str | None:
    """Return the kind of record that a definition judges; None where that is a mistake."""
    stated = next((h for h in _headers(definition) if h.keyword == "about"), None)
    if stated is None or not isinstance(stated.value, tree.Name):
        return inherited
    name = stated.value.text
    if name not in known.vocabularies:
        problems.report(
            "unknown-record",
            f"no kind of record is called `{name}`",
            stated.value.span,
            label="nothing to judge",
            help=help_for(
                name, known.vocabularies, otherwise=f"write {one_of(known.vocabularies)}"
            ),
        )
        return None
    if definition.amends is not None and inherited not in {None, name}:
        problems.report(
            "type-mismatch",
            f"`{definition.amends.text}` judges {a(str(inherited))}, and this {a(name)}",
            stated.value.span,
            label=f"expected `{inherited}`",
            help="an amending definition judges what its base does: leave `about` out",
        )
        return None
    return name


def read_headers(
    definition: tree.Definition, known: Known, problems: Problems
) -> Mapping[str, Any]:
    """Return a definition's headers as the fields of a checked definition; report mistakes."""
    fields: dict[str, Any] = {}
    notes: list[str] = []
    for header in _headers(definition):
        match header.keyword, header.value:
            case "note", tree.Text(text=text):
                notes.append(text)
            case "outcome", tree.Text(text=text):
                fields["outcome_word"] = text
            case "proposer", tree.Text(text=text):
                fields["proposer"] = text
            case "status", tree.Name(text=text) if text in STATUSES:
                fields["status"] = text
            case ("since" | "until") as word, tree.Day(value=day):
                fields[word] = day
            case "same_as", tree.Name() as name:
                if _is_definition(name, definition, known, problems):
                    fields["same_as"] = name.text
            case _:
                continue
    fields["notes"] = tuple(notes)
    fields["sources"] = _sources(definition, known, problems)
    return fields


def _headers(definition: tree.Definition) -> list[tree.Header]:
    return [h for h in definition.headers if isinstance(h, tree.Header)]


def _is_definition(
    name: tree.Name, definition: tree.Definition, known: Known, problems: Problems
) -> bool:
    if name.text == definition.id.text:
        problems.report(
            "unknown-definition",
            f"`{name.text}` is the same as itself",
            name.span,
            label="its own id",
            help="name another definition that is equal on purpose",
        )
        return False
    if name.text in known.definitions:
        return True
    problems.report(
        "unknown-definition",
        f"no definition is called `{name.text}`",
        name.span,
        label="not a definition of these rules",
        help=help_for(name.text, known.definitions),
    )
    return False


def _sources(definition: tree.Definition, known: Known, problems: Problems) -> tuple[Cited, ...]:
    cited = []
    for header in definition.headers:
        if not isinstance(header, tree.SourceHeader):
            continue
        key, text, url = header.key, header.text, header.url
        if key is not None and known.keys is not None and key.text not in known.keys:
            problems.report(
                "unknown-source",
                f"the bibliography has no key `{key.text}`",
                key.span,
                label="not in `sources.yaml`",
                help=help_for(key.text, known.keys),
            )
        cited.append(
            Cited(
                key.text if key is not None else "",
                text.text if text is not None else "",
                url.text if url is not None else "",
                header.span,
            )
        )
    if not cited:
        problems.warn(
            "missing-source",
            f"`{definition.id.text}` names no source",
            definition.id.span,
            label="on whose words does it rest?",
            help='add a line such as `source "KPCS Core Document, Section I" <https://…>`',
        )
    return tuple(cited)


# --- expectations ---------------------------------------------------------------------------------


def read_expectations(
    definition: tree.Definition,
    ancestors: Sequence[str],
    readings: Readings | None,
    known: Known,
    problems: Problems,
) -> tuple[Expectation, ...]:
    """Return what a definition is meant to do, a case each; without a form, `readings` is None."""
    found = []
    for expect in definition.expects:
        view, standard = None, "established"
        chosen: list[tuple[str, str]] = []
        for condition in expect.conditions:
            match condition.keyword:
                case "view":
                    view = condition.name.text
                    _check_name(condition.name, known.parties, "party", problems)
                case "standard":
                    standard = condition.name.text
                    _check_standard(condition.name, problems)
                case "reading":
                    taken = _reading(condition, definition.id.text, ancestors, readings, problems)
                    if taken is not None:
                        chosen.append(taken)
        for case in expect.cases:
            _check_name(case, known.cases, "case", problems)
            found.append(
                Expectation(
                    expect.outcome,
                    case.text,
                    view,
                    "alleged" if standard == "alleged" else "established",
                    tuple(chosen),
                    case.span,
                )
            )
    return tuple(found)


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
