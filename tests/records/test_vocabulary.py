"""Any pydantic model becomes a vocabulary, or is refused with every field that has no meaning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from kprules.records.case import Case, Period
from kprules.records.facts import Fact
from kprules.records.meeting import Meeting
from kprules.records.settle import evidence_of, settle_case
from kprules.records.settled import ONGOING, UNKNOWN_RECORD, Incomplete
from kprules.records.shape import (
    BOOL,
    DATE,
    PERIOD,
    TEXT,
    ListOf,
    Nested,
    Reference,
    Scalar,
    SetOf,
)
from kprules.records.values import UNJUDGED
from kprules.records.vocabulary import (
    CASE,
    MEETING,
    VOCABULARIES,
    UnsupportedModelError,
    vocabulary_of,
)


class Grade(StrEnum):
    """How good a crate is."""

    FINE = "fine"
    POOR = "poor"


class Crate(BaseModel):
    """A crate of a leg."""

    grade: Grade | None = None
    grams: Annotated[Decimal, Field(gt=0)] | None = None
    tags: set[Literal["fragile", "cold"]] | None = None


class Carrier(BaseModel):
    """Who carries."""

    name: str


class Leg(BaseModel):
    """A part of the way."""

    carrier: Annotated[str, Reference("carrier", "carriers")] | None = None
    crates: list[Crate] | None = None
    left: date | None = None
    delay: float | None = None
    insured: Fact[bool] | None = None


class Shipment(BaseModel):
    """Goods on their way."""

    id: str
    legs: list[Leg] = []
    carriers: dict[str, Carrier] = {}
    insurance: Carrier | None = None
    """Who insures it."""
    count: Annotated[int, Field(ge=1, le=9)] = 1
    spent: Period | None = None
    from_: str | None = Field(None, alias="from")
    note: Annotated[Any, UNJUDGED] = None
    secret: bytes | None = Field(None, exclude=True)
    incomplete: set[str] = set()


SHIPMENT = vocabulary_of(Shipment, "shipment")


def test_every_supported_type_has_its_shape() -> None:
    """Scalars, enumerations, sets, lists, maps, records, references and periods."""
    root, leg, crate = (SHIPMENT.records[name].fields for name in ("shipment", "leg", "crate"))
    assert list(SHIPMENT.records) == ["shipment", "leg", "crate", "carrier"]
    assert root["id"].type == TEXT
    assert root["legs"].type == ListOf("leg")
    assert root["carriers"].type == ListOf("carrier", keyed=True)
    assert root["insurance"].type == Nested("carrier")
    assert root["spent"].type == PERIOD
    assert leg["carrier"].type == Reference("carrier", "carriers")
    assert leg["left"].type == DATE
    assert leg["insured"].type == BOOL
    assert crate["grade"].type == Scalar("enum", ("fine", "poor"), "grade")
    assert crate["tags"].type == SetOf(Scalar("enum", ("fragile", "cold")))


def test_numbers_know_their_bounds() -> None:
    """Constraints of the model are the bounds of the vocabulary."""
    count = SHIPMENT.root.fields["count"].type
    assert isinstance(count, Scalar)
    assert (count.kind, count.whole, count.least, count.most) == ("number", True, 1, 9)


def test_aliases_and_bookkeeping() -> None:
    """A field is called by its alias; what is excluded or marked is not judged."""
    names = set(SHIPMENT.root.fields)
    assert "from" in names
    assert not names & {"from_", "note", "secret"}


def test_docs_are_read_from_the_source() -> None:
    """The text below a field is its meaning."""
    assert SHIPMENT.root.fields["insurance"].doc == "Who insures it."
    assert SHIPMENT.root.doc == "Goods on their way."


def test_plain_records_settle() -> None:
    """Values without facts: `None` is unknown, floats are the decimals that they print as."""
    shipment = Shipment.model_validate(
        {
            "id": "x",
            "from": "here",
            "carriers": {"c": {"name": "C"}},
            "legs": [
                {
                    "carrier": "c",
                    "delay": 0.1,
                    "insured": {"value": True, "denied_by": ["c"]},
                    "crates": [{"grade": "fine", "grams": "2.50", "tags": ["cold"]}, {}],
                },
                {"left": "2020-02-03"},
            ],
            "spent": {"from": "2020"},
            "incomplete": ["legs.crates"],
        }
    )
    made = settle_case(shipment, SHIPMENT, view="c")
    first, second = made.legs
    assert made.from_ == "here"
    assert first.carrier is made.carriers[0]
    assert first.delay == Decimal("0.1")
    assert first.insured is False
    assert isinstance(first.crates, Incomplete)
    assert first.crates[0].grade == "fine"
    assert type(first.crates[0].grade) is str
    assert first.crates[0].tags == {"cold"}
    assert first.crates[1].grams is None
    assert first.crates[1]._why["grams"].kind == "missing"
    assert second.crates is None
    assert (second.left_lo, second.left_hi) == (date(2020, 2, 3), date(2020, 2, 3))
    assert second.carrier is UNKNOWN_RECORD
    assert made.insurance is UNKNOWN_RECORD
    assert made.spent.to == ONGOING
    assert not isinstance(made.legs, Incomplete)
    assert [c.value for c in evidence_of(made.legs[0], ("delay",))] == [0.1]


def test_a_reference_to_nothing_is_refused() -> None:
    """A model without checks of its own is checked when it is settled."""
    shipment = Shipment(id="x", legs=[Leg(carrier="nobody")])
    with pytest.raises(ValueError, match=r"legs\[0\]\.carrier names no entry of `carriers`"):
        settle_case(shipment, SHIPMENT)


def test_a_number_that_is_none_is_refused() -> None:
    """NaN has no place among facts."""
    with pytest.raises(ValueError, match=r"legs\[0\]\.delay is not a finite number"):
        settle_case(Shipment(id="x", legs=[Leg(delay=float("nan"))]), SHIPMENT)


class Number(Enum):
    """An enumeration of numbers."""

    ONE = 1


class Bad(BaseModel):
    """A model with every kind of field that has no meaning."""

    when: datetime
    anything: Any
    either: int | str
    raw: bytes
    names: list[str]
    sizes: Literal[1, 2]
    number: Number
    table: dict[int, Carrier]
    bare: set  # type: ignore[type-arg]  # what a careless author writes
    fact: Fact[Carrier]
    CamelCase: str
    carrier: Annotated[str, Reference("carrier", "carriers")]
    due: date
    due_lo: int
    fine: str


def test_every_field_without_meaning_is_named_at_once() -> None:
    """The refusal names each wrong field with its reason, and no sound one."""
    with pytest.raises(UnsupportedModelError) as caught:
        vocabulary_of(Bad, "bad")
    wrong = dict(caught.value.fields)
    assert set(wrong) == {
        "bad.when",
        "bad.anything",
        "bad.either",
        "bad.raw",
        "bad.names",
        "bad.sizes",
        "bad.number",
        "bad.table",
        "bad.bare",
        "bad.fact",
        "bad.CamelCase",
        "bad.carrier",
        "bad.due_lo",
    }
    assert "values go into a set" in wrong["bad.names"]
    assert all(name in str(caught.value) for name in wrong)


def test_a_record_may_contain_itself() -> None:
    """A tree of records is met once."""

    class Part(BaseModel):
        """A part with parts."""

        name: str | None = None
        parts: list[Part] | None = None

    Part.model_rebuild(_types_namespace={"Part": Part})
    parts = vocabulary_of(Part, "part")
    assert list(parts.records) == ["part"]
    made = settle_case(Part(name="a", parts=[Part(name="b")]), parts)
    assert made.parts[0].name == "b"
    assert made.parts[0].parts is None


def test_the_shipped_vocabularies() -> None:
    """Cases and meetings, under their names; what keeps the books is not judged."""
    assert set(VOCABULARIES) == {"case", "meeting"}
    assert VOCABULARIES["case"] is CASE
    assert CASE.root.model is Case
    assert MEETING.root.model is Meeting
    assert isinstance(VOCABULARIES, Mapping)
    for shape in (*CASE.records.values(), *MEETING.records.values()):
        assert not {"sources", "cites", "incomplete"} & set(shape.fields)
    assert CASE.records["link"].fields["actor"].type == Reference("actor", "actors")
    assert CASE.records["link"].fields["conflict"].type == Reference(
        "conflict", "conflicts", none=True
    )


@pytest.mark.parametrize("about", ["case", "meeting"])
def test_everything_a_person_needs_is_on_the_model(about: str) -> None:
    """Every record and field has its meaning, and every allowed value too."""
    for shape in VOCABULARIES[about].records.values():
        assert shape.doc, shape.name
        for field in shape.fields.values():
            assert field.doc, (shape.name, field.name)
            kind = field.type.member if isinstance(field.type, SetOf) else field.type
            if isinstance(kind, Scalar) and kind.kind == "enum":
                assert kind.name, field.name
                assert all(kind.meanings[v] for v in kind.values)


DESIGN = {
    "case": """case title summary period countries tags goods trade territory actors conflicts links
        abuses measures""",
    "goods": """material form quality made origins carats parcel_carats transformed_in exported_from
        imported_to transited left_origin_date import_date licences certificate""",
    "trade": "production_carats export_carats statistics_plausible internal_controls",
    "territory": """zone government_control armed_interference free_movement traceable occupied
        controlled_by""",
    "actor": "name kinds state listed_by legitimate",
    "conflict": """type over deaths_per_year aggressor sovereignty_violated
        territorial_integrity_violated protracted""",
    "link": """actor relations wealth_modes share_percent conflict finances directness allied_with
        allies_listed_by targets target_legitimate target_recognised breaches usd_per_year""",
    "abuse": """perpetrator victims kinds nexus diamonds_obtained_through systematic widespread
        grave
        violates_ihl deaths events span_days""",
    "measure": "body kind describes_diamonds reference period about",
    "meeting": """meeting title summary period chair matter procedure proposal sovereignty_infringed
        tags participants observers""",
    "participant": "name countries stance concerned",
    "observer": "name stance",
}


def test_the_fields_are_those_of_the_design() -> None:
    """The names are a contract between definitions, files, tables and reports."""
    records = {**CASE.records, **MEETING.records}
    assert {name: set(shape.fields) for name, shape in records.items()} == {
        name: set(fields.split()) for name, fields in DESIGN.items()
    }
