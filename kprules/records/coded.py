"""The enumerations of cases and meetings: every allowed value with its meaning.

Guarantee: a value means what is written beside it here, and the vocabulary, the JSON Schema and the
messages are printed from here. A line in here is a value and its meaning; it judges nothing.

Coding rules. UCDP: the codebooks of the Uppsala Conflict Data Program (armed conflict, non-state
conflict, one-sided violence). KP: the Kimberley Process Certification Scheme, Core Document, 2002.
ILO 29, 105, 182: the conventions on forced labour and on the worst forms of child labour.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

from kprules.records.values import Values

Material: TypeAlias = Annotated[
    str,
    Values(
        "material",
        {
            "diamond": "natural or made; see `made`",
            "gold": "gold, raw or refined",
            "coltan": "columbite-tantalite, the ore of tantalum",
            "cassiterite": "the ore of tin",
            "wolframite": "an ore of tungsten",
            "cocoa": "cocoa beans and what is made of them",
            "oil": "crude oil and its products",
            "other": "any other goods",
        },
    ),
]
Form: TypeAlias = Annotated[
    str,
    Values(
        "form",
        {
            "rough": "unworked or simply sawn, cleaved or bruted: HS 7102.10, 21, 31 (KP)",
            "polished": "cut and polished, not mounted",
            "jewellery": "set in jewellery",
            "watch": "set in a watch",
            "mixed": "several of these in one",
        },
    ),
]
Quality: TypeAlias = Annotated[
    str,
    Values(
        "quality",
        {
            "gem": "fit for jewellery",
            "industrial": "fit for tools only: HS 7102.21, 7102.29",
            "unsorted": "not sorted yet: HS 7102.10",
        },
    ),
]
Made: TypeAlias = Annotated[
    str,
    Values(
        "origin of matter",
        {"natural": "mined", "lab_grown": "synthetic: grown by a laboratory or factory"},
    ),
]
Certificate: TypeAlias = Annotated[
    str,
    Values(
        "certificate",
        {
            "kp_valid": "a Kimberley Process certificate that says what is true",
            "kp_false": "a forged one, or one that states an untrue origin",
            "kp_mixed_origin": "one for a parcel of several origins",
            "none": "there is none",
        },
    ),
]
Zone: TypeAlias = Annotated[
    str,
    Values(
        "zone",
        {
            "compliant": "the Kimberley Process lets stones of the zone be exported",
            "non_compliant": "it does not",
            "not_zoned": "it has divided the country into no zones",
        },
    ),
]
ActorKind: TypeAlias = Annotated[
    str,
    Values(
        "actor kind",
        {
            "state_government": "a government, or an organ of one that is not armed",
            "state_armed_forces": "the armed forces of a state",
            "public_security": "police, gendarmes and other armed organs of a state",
            "rebel_movement": "an organised group that fights to replace or leave a government",
            "militia": "armed men who defend a community, a place or a patron",
            "non_state_armed_group": "any other armed group that no state commands",
            "terrorist_group": "listed as terrorist by the Security Council or by several states",
            "private_military_company": "a company that fights, trains or advises in war for pay",
            "private_security_company": "a company that guards for pay, or a company's own guards",
            "criminal_network": "people organised for crime",
            "company": "any other company, of a state or private",
            "trader": "a buyer, broker or smuggler of stones",
            "miner_group": "diggers who work together, a cooperative",
            "local_community": "people of a place",
            "individual": "one person who acts for himself",
        },
    ),
]
Body: TypeAlias = Annotated[
    str,
    Values(
        "body",
        {
            "unsc": "the Security Council of the United Nations, or its committees",
            "unga": "the General Assembly of the United Nations",
            "kp": "the Kimberley Process",
            "eu": "the European Union",
            "us": "the United States",
            "uk": "the United Kingdom",
            "g7": "the Group of Seven",
            "national": "another state",
            "court": "a court or tribunal, national or international",
        },
    ),
]
ConflictType: TypeAlias = Annotated[
    str,
    Values(
        "conflict type",
        {
            "interstate": "between two or more states (UCDP)",
            "intrastate": "between a government and an opposition within the state (UCDP)",
            "internationalised_intrastate": "the same, another state's troops on a side (UCDP)",
            "extrasystemic": "between a state and a group outside its territory (UCDP)",
            "non_state": "between organised groups, none of them a government (UCDP)",
            "one_sided": "an organised actor's killing of civilians (UCDP: 25 deaths a year)",
        },
    ),
]
Incompatibility: TypeAlias = Annotated[
    str,
    Values(
        "incompatibility",
        {
            "government": "who governs, or how (UCDP)",
            "territory": "who holds a territory (UCDP)",
            "other": "anything else, such as mines, trade or land",
        },
    ),
]
Relation: TypeAlias = Annotated[
    str,
    Values(
        "relation",
        {
            "controls_mine": "decides who may dig, by force or by right",
            "mines": "digs, or has others dig for it",
            "taxes": "levies a tax or fee on digging, transport or trade, lawful or not",
            "extorts": "takes stones or money under threat",
            "sells": "sells stones",
            "smuggles": "brings stones over a border outside the law",
            "buys": "buys stones",
            "owns_share": "owns part of a mine or of a company that has one",
            "collects_royalty": "receives royalties or export duties as of right",
            "receives_dividend": "receives dividends of a company that mines or trades",
            "guards": "guards a mine or a transport for others",
            "certifies": "issues certificates of origin",
        },
    ),
]
WealthMode: TypeAlias = Annotated[
    str,
    Values(
        "wealth mode",
        {
            "legal": "by right: title, licence, lawful tax or trade",
            "illegal_control": "holding mines or trade against the law",
            "bribery": "giving or taking bribes",
            "illegal_taxation": "levies without right",
            "extortion": "taking under threat",
            "dispossession": "driving people from what is theirs",
            "money_laundering": "hiding where money comes from",
            "tax_evasion": "hiding what is owed to a state, false value among it",
            "origin_fraud": "stating an untrue origin",
        },
    ),
]
Finances: TypeAlias = Annotated[
    str,
    Values(
        "use of proceeds",
        {
            "arms": "weapons, ammunition, military equipment",
            "fighters": "pay, food and upkeep of those who fight",
            "army_budget": "the budget of a state's armed forces",
            "state_budget": "a state's budget as a whole",
            "armed_operations": "military operations, of whatever kind",
            "private_wealth": "somebody's own pocket",
        },
    ),
]
Directness: TypeAlias = Annotated[
    str,
    Values(
        "directness",
        {
            "direct": "the actor pays with the stones or with what they were sold for",
            "indirect": "through a budget, a company's profit or another's hands",
        },
    ),
]
Target: TypeAlias = Annotated[
    str,
    Values(
        "target",
        {
            "government": "a government, whoever fights it; another state's too",
            "other_state": "a state other than the actor's own",
            "civilians": "civilians",
            "mining_communities": "people of the places where stones are dug",
            "armed_group": "an armed group that is no government's",
        },
    ),
]
Victim: TypeAlias = Annotated[
    str,
    Values(
        "victim",
        {
            "civilians": "civilians in general",
            "miners": "people who dig, licensed or not",
            "community": "people of the place, as a community",
            "workers": "employees of a mine or factory",
        },
    ),
]
AbuseKind: TypeAlias = Annotated[
    str,
    Values(
        "abuse kind",
        {
            "killing": "people are killed",
            "torture": "severe pain inflicted on purpose by officials, or at their wish",
            "sexual_violence": "rape and other violence of a sexual nature",
            "beating": "beating and other ill-treatment short of torture",
            "forced_labour": "work exacted under menace of a penalty (ILO 29, 105)",
            "worst_child_labour": "slavery, use in war, or hazardous work of children (ILO 182)",
            "displacement": "people are driven from where they live",
            "detention": "people are held without right",
            "environmental": "land, water or health are damaged",
        },
    ),
]
Nexus: TypeAlias = Annotated[
    str,
    Values(
        "nexus",
        {
            "mine": "it happens at, over or for the digging",
            "trade": "it happens in or for the trade",
            "setting_only": "it happens where stones are dug, and for other reasons",
        },
    ),
]
MeasureKind: TypeAlias = Annotated[
    str,
    Values(
        "measure kind",
        {
            "embargo": "a ban of the trade in the goods",
            "arms_embargo": "a ban of the supply of arms",
            "sanctions_listing": "somebody is put on a list; assets are frozen, travel banned",
            "condemns_aggression": "a state's use of force is condemned",
            "suspension": "a participant or its trade is suspended",
            "admin_decision": "a decision on how the scheme applies to somebody",
            "monitoring": "somebody is set to watch and report",
            "removal": "a participant is struck from the scheme",
            "readmission": "a participant is let in again",
            "lifting": "an earlier measure ends",
            "import_ban": "a state or union bars imports",
            "judgment": "a court decides",
        },
    ),
]
CaseList: TypeAlias = Annotated[
    str,
    Values(
        "list",
        {
            "actors": "there is reason to think of actors not recorded",
            "conflicts": "there is reason to think of conflicts not recorded",
            "links": "there is reason to think of uses of the diamonds not recorded",
            "abuses": "there is reason to think of abuses not recorded",
            "measures": "there is reason to think of measures not recorded",
        },
    ),
]

# --- meetings -----------------------------------------------------------------------------------

MeetingList: TypeAlias = Annotated[
    str,
    Values(
        "list",
        {
            "participants": "the sources do not list all participants",
            "observers": "the sources do not list all observers",
        },
    ),
]
Matter: TypeAlias = Annotated[
    str,
    Values(
        "matter",
        {
            "wording": "the wording of the definition",
            "agenda": "whether a matter is put on the agenda",
            "expulsion": "whether a participant is expelled",
            "suspension": "whether a participant or its trade is suspended",
            "readmission": "whether a participant or its trade is let in again",
            "chair": "who takes the chair",
        },
    ),
]
Procedure: TypeAlias = Annotated[
    str,
    Values("procedure", {"session": "in session", "written": "by written procedure"}),
]
Stance: TypeAlias = Annotated[
    str,
    Values(
        "stance",
        {
            "proposed": "put the question, alone or with others",
            "supported": "spoke for it",
            "objected": "spoke against it, or withheld consent",
            "abstained": "said that it takes no side",
            "silent": "was there and said nothing",
            "absent": "was not there",
        },
    ),
]
