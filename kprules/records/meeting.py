"""A meeting: one question put to it, and where everybody stood.

Guarantee: as for cases: facts, never whether the question was adopted. A line in here is a field
with its meaning.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kprules.records.case import Cited, FactSet, Part, Period, Root
from kprules.records.coded import Matter, MeetingList, Procedure, Stance
from kprules.records.facts import Fact
from kprules.records.values import (
    UNJUDGED,
    Count,
    Maybe,
    RecordId,
    SourceKey,
    Text,
    YesNo,
)


class Participant(Part):
    """Somebody whose consent counts."""

    name: Fact[Text] | None = None
    """What it is called."""
    countries: Fact[Count] | None = None
    """How many countries it counts for: the European Union is one participant of 27."""
    stance: Fact[Stance] | None = None
    """Where it stood on the question."""
    concerned: Fact[YesNo] | None = None
    """Whether it is the party that the matter is about."""


class Observer(Part):
    """Somebody who may speak and whose consent does not count."""

    name: Fact[Text] | None = None
    """What it is called."""
    stance: Fact[Stance] | None = None
    """Where it stood on the question."""


class Meeting(Root):
    """One question put to a meeting. A meeting with two questions is two records."""

    meeting: RecordId
    """Id of the question: lower case, with hyphens; its file is named for it."""
    title: Text
    """What people call it."""
    summary: Text | None = None
    """What happens, in a sentence or two."""
    period: Maybe[Period] = None
    """Days of the meeting."""
    chair: Fact[Text] | None = None
    """Who chairs."""
    matter: Fact[Matter] | None = None
    """What the question is about."""
    procedure: Fact[Procedure] | None = None
    """How it is decided."""
    proposal: Fact[Text] | None = None
    """Id of the definition that is proposed."""
    sovereignty_infringed: Fact[YesNo] | None = None
    """Whether the party concerned infringes another participant's sovereignty."""
    tags: FactSet[Text] | None = None
    """Words to find the meeting by."""
    participants: Maybe[tuple[Participant, ...]] = None
    """Those whose consent counts."""
    observers: Maybe[tuple[Observer, ...]] = None
    """Those who may speak."""
    incomplete: Annotated[frozenset[MeetingList], UNJUDGED] = frozenset()
    """Lists of which the sources do not name all entries."""
    cites: Annotated[tuple[SourceKey, ...], UNJUDGED] = ()
    """Keys of the bibliography that stand for the facts of the meeting itself that name none."""
    sources: Annotated[dict[SourceKey, Cited], UNJUDGED] = Field(default_factory=dict)
    """Sources that the bibliography does not hold, by key."""
