"""Chains of amendments: the finished text of every definition.

Guarantee: a definition is finished after the one that it amends. One that amends what is not there,
what amends it in turn, or too long a chain has no finished text; what amends it stays silent. A
line in here touches definitions as wholes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from kprules.checking.amendments import Amended, Finished, amend, duplicate_labels
from kprules.checking.limits import CHAIN
from kprules.checking.words import help_for
from kprules.diagnostics import Problems
from kprules.syntax import tree


@dataclass(slots=True)
class Chains:
    """What came of the amendments, bases first."""

    finished: dict[str, Finished] = field(default_factory=dict)
    ancestors: dict[str, tuple[str, ...]] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    """Definitions whose text, or whose base's, has a mistake in its amendments."""
    torn: set[str] = field(default_factory=set)
    """Definitions whose text, or whose base's, could not be read whole: they have failed too."""


def finish(
    definitions: Mapping[str, tree.Definition],
    problems: Problems,
    torn: Collection[str] = (),
    twice: Collection[str] = (),
) -> Chains:
    """Return the finished texts; report what stands in their way.

    Of `torn` definitions parts could not be read; what amends them may speak of those. What
    amends one that is there `twice` has failed with both of them.
    """
    chains = Chains(failed=set(twice), torn=set(torn))
    texts: dict[str, Amended] = {}
    met: set[str] = set()
    for first in definitions:
        trail = []
        at: str | None = first
        while at is not None and at not in met:
            met.add(at)
            trail.append(at)
            amends = definitions[at].amends
            at = amends.text if amends is not None and amends.text in definitions else None
        if at in trail:
            _report_cycle([definitions[i] for i in trail[trail.index(at) :]], problems)
        for each in reversed(trail):
            _finish(definitions[each], definitions, chains, texts, problems)
    return chains


def _finish(
    definition: tree.Definition,
    definitions: Mapping[str, tree.Definition],
    chains: Chains,
    texts: dict[str, Amended],
    problems: Problems,
) -> None:
    own = definition.id.text
    found = Problems()
    if definition.amends is None:
        if definition.captures is None:
            return
        exceptions = tuple(e.clause for e in definition.exceptions)
        text = Amended(Finished(definition.captures, exceptions))
        chains.ancestors[own] = ()
    else:
        base = definition.amends
        if base.text in chains.torn:
            chains.torn.add(own)
        if base.text not in definitions:
            if base.text in chains.torn:
                return
            problems.report(
                "unknown-definition",
                f"no definition is called `{base.text}`",
                base.span,
                label="nothing to amend",
                help=help_for(base.text, definitions),
            )
            return
        if base.text not in texts:
            return
        ancestors = (base.text, *chains.ancestors[base.text])
        if len(ancestors) > CHAIN:
            problems.report(
                "too-deep",
                f"`{own}` stands at the end of more than {CHAIN} amendments",
                base.span,
                label="here the chain goes past the limit",
                help="amend a definition nearer to the first",
            )
            return
        chains.ancestors[own] = ancestors
        if base.text in chains.failed:
            chains.failed.add(own)
        text = amend(texts[base.text], definition, found)
    duplicate_labels(text.text, definition, found)
    if found.errors or own in chains.torn:
        chains.failed.add(own)
    if own not in chains.torn:
        problems.extend(found.found)
    texts[own] = text
    chains.finished[own] = text.text


def _report_cycle(around: list[tree.Definition], problems: Problems) -> None:
    names = " → ".join(f"`{d.id.text}`" for d in [*around, around[0]])
    places = [(d.amends.span, f"`{d.id.text}` amends it") for d in around if d.amends is not None]
    problems.report(
        "amendment-cycle",
        f"definitions amend each other in a circle: {names}",
        places[0][0],
        label=places[0][1],
        help="one of them needs a text of its own",
        also=tuple(places[1:]),
    )
