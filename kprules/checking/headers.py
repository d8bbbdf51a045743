"""Headers: what a definition says of itself.

Guarantee: names of sources, kinds of record and definitions are checked as far as the caller knows
them; a source is missed, not required. A line in here touches headers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from kprules.checking.words import a, help_for, one_of
from kprules.diagnostics import Problems
from kprules.formula.definition import STATUSES, Cited
from kprules.records.shape import Vocabulary
from kprules.syntax import tree


@dataclass(frozen=True, slots=True)
class Known:
    """What names a caller knows; None where it knows none, and nothing is said of them."""

    vocabularies: Mapping[str, Vocabulary]
    definitions: Mapping[str, tree.Definition]
    cases: Collection[str] | Mapping[str, Collection[str]] | None = None
    """Ids of cases and meetings; where the kinds of record that bear each are known, with them."""
    parties: Collection[str] | None = None
    keys: Collection[str] | None = None
    torn: frozenset[str] = frozenset()
    """Definitions that could not be read whole: they are there."""


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
                if not text.strip():
                    problems.report(
                        "empty-text",
                        "the word for the outcome is empty",
                        header.value.span,
                        label="reports would say nothing",
                        help='write a word such as `"barred"`, or leave `outcome` out: then it is '
                        "`captured`",
                    )
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
    if name.text in known.definitions or name.text in known.torn:
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
