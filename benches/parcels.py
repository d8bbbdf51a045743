"""What the benches of one record judge: parcels of 31 facts, with 0 to 4 uses, and 12 definitions.

The definitions are variants of each other, as those of a debate are: eight comparisons each, give
or take one. Records are drawn from a seed; a share of the facts is unknown.
"""

from __future__ import annotations

from random import Random
from typing import Any

from kprules.formula.definition import Definition, Judgement, choose
from kprules.formula.nodes import (
    All,
    Compare,
    Form,
    How,
    Includes,
    Member,
    Not,
    Path,
    Quantified,
    Value,
)
from kprules.formula.nodes import (
    Any as AnyOf,
)
from kprules.records.settled import NO_RECORD, Settled, blank
from kprules.records.shape import (
    BOOL,
    NUMBER,
    Field,
    ListOf,
    Nested,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Type,
)


def _enum(*values: str) -> Scalar:
    return Scalar("enum", values)


KINDS = _enum("rebel", "army", "government", "militia", "company", "terrorist")
STATES = _enum("AGO", "CAF", "CIV", "RUS", "SLE", "none")


def _shape(name: str, fields: dict[str, Type]) -> RecordShape:
    return RecordShape(name, {n: Field(n, t) for n, t in fields.items()})


GOODS = _shape(
    "goods",
    {
        "material": _enum("diamond", "diamond", "diamond", "gold"),
        "form": _enum("rough", "rough", "rough", "polished"),
        "made": _enum("natural", "natural", "natural", "grown"),
        "quality": _enum("gem", "industrial"),
        "origins": SetOf(STATES),
        "carats": NUMBER,
        "transformed_in": STATES,
        "imported_to": STATES,
    },
)
TERRITORY = _shape(
    "territory",
    {"zone": _enum("compliant", "not_compliant"), "occupied": BOOL, "traceable": BOOL},
)
ACTOR = _shape("actor", {"kinds": SetOf(KINDS), "state": STATES, "legitimate": BOOL})
CONFLICT = _shape(
    "conflict",
    {"type": _enum("interstate", "intrastate", "one_sided"), "deaths": NUMBER, "aggressor": STATES},
)
USE = _shape(
    "use",
    {
        "actor": Reference("actor", "actors"),
        "conflict": Reference("conflict", "conflicts", none=True),
        "finances": SetOf(_enum("arms", "fighters", "army_budget", "state_budget")),
        "directness": _enum("direct", "indirect"),
        "allied_with": SetOf(KINDS),
        "targets": SetOf(_enum("government", "other_state", "civilians")),
        "legitimate": BOOL,
        "share": NUMBER,
    },
)
PARCEL = _shape(
    "parcel",
    {
        "goods": Nested("goods"),
        "territory": Nested("territory"),
        "countries": SetOf(STATES),
        "described": BOOL,
        "uses": ListOf("use"),
        "year": NUMBER,
    },
)


# --- definitions ----------------------------------------------------------------------------------


def fact(record: RecordShape, *fields: str, variable: str = "") -> Path:
    """Return the path of a fact of a record."""
    within = {"goods": GOODS, "territory": TERRITORY, "actor": ACTOR, "conflict": CONFLICT}
    at = record
    for field in fields[:-1]:
        at = within[field]
    return Path(variable, record.name, fields, at.fields[fields[-1]].type)


def of(*fields: str) -> Path:
    """Return the path of a fact of the parcel."""
    return fact(PARCEL, *fields)


def use(*fields: str) -> Path:
    """Return the path of a fact of a use."""
    return fact(USE, *fields, variable="use")


def lists(path: Path, *values: Value) -> Includes:
    """Ask for any of some values in a set."""
    return Includes(path, "any", frozenset(values))


def of_uses(how: How, where: Form | None, *forms: Form) -> Quantified:
    """Ask for so many uses of which everything holds."""
    return Quantified(how, "use", of("uses"), where, All(forms))


def some_use(*forms: Form) -> Quantified:
    """Ask for one use of which everything holds."""
    return of_uses("some", None, *forms)


NATURAL = Compare(of("goods", "made"), "is", "natural")
DIAMOND = Compare(of("goods", "material"), "is", "diamond")
OBJECT = (DIAMOND, Compare(of("goods", "form"), "is", "rough"), NATURAL)
REBEL = AnyOf((lists(use("actor", "kinds"), "rebel"), lists(use("allied_with"), "rebel")))
ARMED = AnyOf((lists(use("actor", "kinds"), "rebel", "militia", "terrorist"), REBEL))
STATE = lists(use("actor", "kinds"), "army", "government")
FINANCES = lists(use("finances"), "arms", "fighters", "army_budget")
AT_WAR = Member(use("conflict", "type"), frozenset({"interstate", "intrastate"}))
AIM = (lists(use("targets"), "government"), Compare(use("legitimate"), "is", True))
DESCRIBED = Compare(of("described"), "is", True)
AGGRESSOR = Compare(use("actor", "state"), "is", use("conflict", "aggressor"))
DIRECT = Compare(use("directness"), "is", "direct")
DEATHS = Compare(use("conflict", "deaths"), ">=", 1000)
OCCUPIED = Compare(of("territory", "occupied"), "is", True)
ZONE = Compare(of("territory", "zone"), "is", "compliant")
ORIGIN = lists(of("goods", "origins"), "RUS")
ELSEWHERE = Not(Member(of("goods", "transformed_in"), frozenset({"none", "RUS"})))
CIVILIANS = lists(use("targets"), "civilians")
STATES_AIMED_AT = lists(use("targets"), "government", "other_state")
GEM = Compare(of("goods", "quality"), "is", "gem")
TO_SLE = Compare(of("goods", "imported_to"), "is", "SLE")
COMPANY = lists(use("actor", "kinds"), "company")
HALF = Compare(use("share"), ">=", 50)
CARATS = Compare(of("goods", "carats"), ">=", 1)

FORMS: dict[str, Form] = {
    "core-2002": All((*OBJECT, some_use(REBEL, FINANCES, AT_WAR, *AIM))),
    "core-described": All((*OBJECT, some_use(REBEL, FINANCES, *AIM), DESCRIBED)),
    "west-2022": All((*OBJECT, some_use(AnyOf((REBEL, STATE)), FINANCES, *AIM))),
    "aggression": All((*OBJECT, some_use(STATE, FINANCES, AT_WAR, AGGRESSOR), Not(ZONE))),
    "armed-groups": All((*OBJECT, some_use(ARMED, FINANCES, AT_WAR, CIVILIANS))),
    "wars-only": All((*OBJECT, some_use(FINANCES, AT_WAR, DEATHS, DIRECT), Not(OCCUPIED))),
    "any-finance": All((*OBJECT, some_use(FINANCES, AT_WAR, STATES_AIMED_AT, DEATHS), DESCRIBED)),
    "no-use": All((*OBJECT, of_uses("no", None, REBEL, FINANCES, AT_WAR), ZONE)),
    "every-direct": All((*OBJECT, of_uses("every", FINANCES, DIRECT, AT_WAR), DESCRIBED, OCCUPIED)),
    "import-ban": All((DIAMOND, GEM, ORIGIN, TO_SLE, Not(ELSEWHERE), CARATS, NATURAL)),
    "occupied": All((*OBJECT, OCCUPIED, some_use(STATE, FINANCES, AT_WAR), Not(ZONE))),
    "shares": All((*OBJECT, some_use(COMPANY, HALF, FINANCES, AGGRESSOR), CARATS)),
}
JUDGEMENTS: list[Judgement] = [
    choose(Definition(name, name, "parcel", form)) for name, form in FORMS.items()
]


# --- records --------------------------------------------------------------------------------------


def parcels(count: int, unknown: float, seed: int = 7) -> list[Settled]:
    """Return so many settled parcels, of whose facts such a share is unknown."""
    random = Random(seed)  # noqa: S311 - records to measure with are no secret
    return [_parcel(random, unknown) for _ in range(count)]


def _parcel(random: Random, unknown: float) -> Any:
    actors = [_drawn(random, ACTOR, unknown) for _ in range(3)]
    conflicts = [_drawn(random, CONFLICT, unknown) for _ in range(2)]
    uses = []
    for _ in range(random.randrange(5)):
        use = _drawn(random, USE, unknown)
        if random.random() >= unknown:
            use.actor = random.choice(actors)
        if random.random() >= unknown:
            use.conflict = random.choice([*conflicts, *conflicts, NO_RECORD])
        uses.append(use)
    parcel = _drawn(random, PARCEL, unknown)
    parcel.goods = _drawn(random, GOODS, unknown)
    parcel.territory = _drawn(random, TERRITORY, unknown)
    parcel.uses = tuple(uses)
    return parcel


def _drawn(random: Random, shape: RecordShape, unknown: float) -> Any:
    made = blank(shape, "")
    for name, field in shape.fields.items():
        if random.random() < unknown:
            continue
        match field.type:
            case Scalar(kind="bool"):
                setattr(made, name, random.random() < 1 / 2)
            case Scalar(kind="number"):
                setattr(made, name, random.choice([0, 1, 20, 60, 1200]))
            case Scalar(values=values):
                setattr(made, name, random.choice(values))
            case SetOf(member):
                drawn: list[Any] = random.sample(member.values, random.randrange(1, 4))
                setattr(made, name, frozenset(drawn))
            case _:
                pass
    return made
