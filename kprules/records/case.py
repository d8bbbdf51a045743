"""A case: what is known of some goods, of who uses them, and of what that pays for.

Guarantee: facts, never the verdict; anything may be left out, and is then unknown. A line in here
is a field with its meaning, its unit and where its coding rule comes from.
"""

from __future__ import annotations

from typing import Annotated, Self, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, model_validator

from kprules.records.coded import (
    AbuseKind,
    ActorKind,
    Body,
    CaseList,
    Certificate,
    ConflictType,
    Directness,
    Finances,
    Form,
    Incompatibility,
    Made,
    Material,
    MeasureKind,
    Nexus,
    Quality,
    Relation,
    Target,
    Victim,
    WealthMode,
    Zone,
)
from kprules.records.facts import Fact
from kprules.records.shape import Reference
from kprules.records.values import (
    UNJUDGED,
    Amount,
    Count,
    Country,
    CountryOrNone,
    EntryId,
    Maybe,
    Percent,
    RecordId,
    SourceKey,
    Text,
    Url,
    When,
    YesNo,
)

T = TypeVar("T")
FactSet: TypeAlias = Fact[frozenset[T]]
ToActor: TypeAlias = Annotated[EntryId, Reference("actor", "actors")]
ToConflict: TypeAlias = Annotated[EntryId, Reference("conflict", "conflicts", none=True)]


class Record(BaseModel):
    """What all records have in common: known fields only, and no change once read."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, defer_build=True, validate_by_name=True, validate_by_alias=True
    )


class Part(Record):
    """A record inside a case or meeting, with sources for those of its facts that name none."""

    sources: Annotated[tuple[SourceKey, ...], UNJUDGED] = ()
    """Keys of the bibliography that stand for every fact of this record that names none itself."""


class Cited(Record):
    """A source that a case brings itself, or an entry of the bibliography."""

    title: Text
    """The work's own title, or a plain description of it."""
    publisher: Text | None = None
    """Who published the copy that was read."""
    date: When | None = None
    """Day, month or year of publication."""
    url: Url | None = None
    """Where it was read."""
    also: tuple[Url, ...] = ()
    """Further copies, and further reports of the same matter."""


class Period(Record):
    """The days from `from` to `to`, both included. Without `to` it is still going on."""

    from_: Fact[When] | None = Field(default=None, alias="from")
    """First day, month or year."""
    to: Fact[When] | None = None
    """Last day, month or year. Left out, it has not come; `unknown`, it has and is not known."""


class Goods(Part):
    """The goods that the case is about."""

    material: Fact[Material] | None = None
    """What they are."""
    form: Fact[Form] | None = None
    """How far they are worked (KP Section I, after the Harmonised System)."""
    quality: Fact[Quality] | None = None
    """What they are fit for (Harmonised System, heading 7102)."""
    made: Fact[Made] | None = None
    """Whether nature or people made them."""
    origins: FactSet[Country] | None = None
    """Countries where they were mined or grown."""
    carats: Fact[Amount] | None = None
    """Weight of the largest stone, in metric carats (0.2 g)."""
    parcel_carats: Fact[Amount] | None = None
    """Weight of the whole parcel, in metric carats (0.2 g)."""
    transformed_in: Fact[CountryOrNone] | None = None
    """Country of the last substantial transformation (a term of customs law), or `none`."""
    exported_from: Fact[Country] | None = None
    """Country that they were last exported from."""
    imported_to: Fact[Country] | None = None
    """Country that they are imported to."""
    transited: FactSet[Country] | None = None
    """Countries that they passed through on the way."""
    left_origin_date: Fact[When] | None = None
    """Day on which they left their country of origin."""
    import_date: Fact[When] | None = None
    """Day of import."""
    licences: FactSet[Text] | None = None
    """Licences that cover them, as their issuers call them (such as `OFAC GL 104`)."""
    certificate: Fact[Certificate] | None = None
    """What Kimberley Process certificate goes with them."""


class Trade(Part):
    """What the country's figures and controls say, as Kimberley Process reviews look at them."""

    production_carats: Fact[Amount] | None = None
    """Production a year, in metric carats, as reported."""
    export_carats: Fact[Amount] | None = None
    """Exports a year, in metric carats, as reported."""
    statistics_plausible: Fact[YesNo] | None = None
    """Whether, as a reviewer found, production accounts for exports (KP Section V, Annex III)."""
    internal_controls: Fact[YesNo] | None = None
    """Whether a reviewer found the internal controls that the scheme asks for (KP Section IV)."""


class Territory(Part):
    """The place that the goods come from."""

    zone: Fact[Zone] | None = None
    """What the Kimberley Process decided of the zone (as of CAR in 2015)."""
    government_control: Fact[YesNo] | None = None
    """Whether the government has control of it."""
    armed_interference: Fact[YesNo] | None = None
    """Whether rebels or other armed groups interfere with digging or trade there."""
    free_movement: Fact[YesNo] | None = None
    """Whether goods and people move there freely and safely."""
    traceable: Fact[YesNo] | None = None
    """Whether stones can be followed from the digging to the export."""
    occupied: Fact[YesNo] | None = None
    """Whether another state's army occupies it (Hague Regulations 1907, article 42)."""
    controlled_by: FactSet[ActorKind] | None = None
    """Kinds of actor that control it in fact."""


class Actor(Part):
    """Somebody who uses, fights, guards, trades or suffers."""

    name: Fact[Text] | None = None
    """What it is called."""
    kinds: FactSet[ActorKind] | None = None
    """What it is. A movement inside a government is both."""
    state: Fact[Country] | None = None
    """Country that it belongs to or acts for."""
    listed_by: FactSet[Body] | None = None
    """Bodies whose sanctions list it was on all through the period: a listing splits the case."""
    legitimate: Fact[YesNo] | None = None
    """Of a government: whether it is the legitimate one."""


class Conflict(Part):
    """Fighting that the goods may pay for, coded as UCDP codes it."""

    type: Fact[ConflictType] | None = None
    """Between whom it is fought (UCDP)."""
    over: FactSet[Incompatibility] | None = None
    """What it is about (UCDP's incompatibility)."""
    deaths_per_year: Fact[Count] | None = None
    """Battle-related deaths a year, best estimate. UCDP: 25 make an armed conflict, 1,000 a war."""
    aggressor: Fact[Country] | None = None
    """State that committed aggression, as a competent body found (UNGA resolution 3314)."""
    sovereignty_violated: Fact[YesNo] | None = None
    """Whether a state's sovereignty is violated by another."""
    territorial_integrity_violated: Fact[YesNo] | None = None
    """Whether a state's territorial integrity is violated by another."""
    protracted: Fact[YesNo] | None = None
    """Whether the violence is protracted (ICTY, Tadić, 2 October 1995, paragraph 70)."""


class Link(Part):
    """One use that one actor makes of the goods."""

    actor: Fact[ToActor] | None = None
    """Who makes the use."""
    relations: FactSet[Relation] | None = None
    """What the actor does with the goods."""
    wealth_modes: FactSet[WealthMode] | None = None
    """In what manner the actor gains by it."""
    share_percent: Fact[Percent] | None = None
    """Share that the actor owns, in per cent."""
    conflict: Fact[ToConflict] | None = None
    """Conflict that the proceeds bear on, or `none`."""
    finances: FactSet[Finances] | None = None
    """What the proceeds pay for. Whether that is war or aggression is read from `conflict`."""
    directness: Fact[Directness] | None = None
    """How the money gets there."""
    allied_with: FactSet[ActorKind] | None = None
    """Kinds of other actors whose fighting in that conflict this use supports."""
    allies_listed_by: FactSet[Body] | None = None
    """Bodies on whose sanctions lists such an ally was."""
    targets: FactSet[Target] | None = None
    """Whom the fighting is directed at: all whom it is. A state attacked by another is both
    `other_state` and `government`."""
    target_legitimate: Fact[YesNo] | None = None
    """Whether the government aimed at is legitimate."""
    target_recognised: Fact[YesNo] | None = None
    """Whether the government aimed at is internationally recognised."""
    breaches: FactSet[Body] | None = None
    """Bodies whose decisions the use broke."""
    usd_per_year: Fact[Amount] | None = None
    """What the actor gains, in United States dollars a year."""


class Abuse(Part):
    """Harm done to people or to the land."""

    perpetrator: Fact[ToActor] | None = None
    """Who does it."""
    victims: FactSet[Victim] | None = None
    """Whom it is done to."""
    kinds: FactSet[AbuseKind] | None = None
    """What is done."""
    nexus: Fact[Nexus] | None = None
    """What it has to do with the goods."""
    diamonds_obtained_through: Fact[YesNo] | None = None
    """Whether diamonds are obtained by it."""
    systematic: Fact[YesNo] | None = None
    """Whether it follows a pattern or policy (Rome Statute, article 7)."""
    widespread: Fact[YesNo] | None = None
    """Whether it is large in scale or in the number of victims (Rome Statute, article 7)."""
    grave: Fact[YesNo] | None = None
    """Whether the harm to a victim is grave: death, torture, rape, slavery or the like."""
    violates_ihl: Fact[YesNo] | None = None
    """Whether it violates international humanitarian law, as a competent body or the facts say."""
    deaths: Fact[Count] | None = None
    """People killed."""
    events: Fact[Count] | None = None
    """Separate incidents."""
    span_days: Fact[Count] | None = None
    """Days from the first incident to the last, both counted."""


class Measure(Part):
    """What a body decided. It is chronology: a measure proves nothing of the facts."""

    body: Fact[Body] | None = None
    """Who decided."""
    kind: Fact[MeasureKind] | None = None
    """What was decided."""
    describes_diamonds: Fact[YesNo] | None = None
    """Whether it describes diamonds as financing the conflict."""
    reference: Fact[Text] | None = None
    """What it is cited as, such as `S/RES/1173`."""
    period: Maybe[Period] = None
    """Days on which it is in effect."""
    about: Fact[Country] | None = None
    """Country that it is about."""


class Root(Record):
    """What cases and meetings have in common: being whole, they can be checked as a whole."""

    @model_validator(mode="after")
    def _checked(self, info: ValidationInfo) -> Self:
        """Refuse references to nothing and periods that end before they begin, all at once."""
        from kprules.records import whole  # noqa: PLC0415 - it reads this

        if info.context is not whole.LOOKED_THROUGH:
            whole.refuse_what_is_wrong(self)
        return self


class Case(Root):
    """A case: some goods in a period, with the actors, conflicts, uses, abuses and measures."""

    case: RecordId
    """Id of the case: lower case, with hyphens; its file is named for it."""
    title: Text
    """What people call the case."""
    summary: Text | None = None
    """What happens, in a sentence or two."""
    period: Maybe[Period] = None
    """Days that the facts are about."""
    countries: FactSet[Country] | None = None
    """Countries where it happens."""
    tags: FactSet[Text] | None = None
    """Words to find the case by."""
    goods: Maybe[Goods] = None
    """The goods that the case is about."""
    trade: Maybe[Trade] = None
    """What the country's figures and controls say."""
    territory: Maybe[Territory] = None
    """The place that the goods come from."""
    actors: Maybe[dict[EntryId, Actor]] = None
    """Those who act, by id."""
    conflicts: Maybe[dict[EntryId, Conflict]] = None
    """The conflicts that the uses bear on, by id."""
    links: Maybe[tuple[Link, ...]] = None
    """The uses made of the goods: one for each use by each actor."""
    abuses: Maybe[tuple[Abuse, ...]] = None
    """Harm done to people or to the land."""
    measures: Maybe[tuple[Measure, ...]] = None
    """What bodies decided, in order of time."""
    incomplete: Annotated[frozenset[CaseList], UNJUDGED] = frozenset()
    """Lists that there is reason to think have entries which are not recorded."""
    cites: Annotated[tuple[SourceKey, ...], UNJUDGED] = ()
    """Keys of the bibliography that stand for the facts of the case itself that name none."""
    sources: Annotated[dict[SourceKey, Cited], UNJUDGED] = Field(default_factory=dict)
    """Sources that the bibliography does not hold, by key."""
