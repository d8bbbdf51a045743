"""Definitions, records and outcomes made by hand, with whatever text a test wants in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from shipments import Carrier, Hazard, Item, Producer, Shipment, Temperature

from kprules.comparison.conditions import Conditions
from kprules.comparison.matrix import Matrix, Subject, matrix
from kprules.formula import nodes
from kprules.formula.definition import Cited, Definition
from kprules.formula.nodes import Compare, Includes, Path, Quantified, Said
from kprules.formula.paths import path_to
from kprules.records.shape import ListOf, SetOf
from kprules.records.vocabulary import vocabulary_of

SHIPMENT = vocabulary_of(Shipment, "shipment")
ITEM = SHIPMENT.shape_of("item").fields


def path(*names: str, variable: str = "", record: str = "shipment") -> Path:
    """Return a path of the vocabulary of shipments."""
    return path_to(SHIPMENT, variable, record, names)


def definition(name: str = "some-rule", text: str = "Some rule") -> Definition:
    """Return a definition in all of whose texts stands the same."""
    said = Said("a_label", text, name)
    some = Quantified(
        "some", "item", Path("", "shipment", ("items",), ListOf("item")), None,
        nodes.All((
            Includes(
                Path("item", "item", ("contains",), ITEM["contains"].type), "any",
                frozenset({"milk", "nuts"}), said=said,
            ),
            Compare(path("made_by", "country", variable="item", record="item"), "is", "ITA",
                    said=replace(said, label="made", reading="customary")),
        )),
        said=replace(said, label="item"),
    )  # fmt: skip
    captures = nodes.All(
        (some, Compare(path("carrier", "cooled"), "is", False, said=replace(said, label="cooled"))),
        said=replace(said, label="captures", words=None),
    )
    assert isinstance(ITEM["contains"].type, SetOf)
    return Definition(
        name, text, "shipment", captures,
        (Compare(path("carrier", "name"), "is", f"{text} other",
                 said=replace(said, label="named")),),
        outcome_word="captured", proposer=text, status="proposed", since=date(2020, 1, 1),
        sources=(Cited("s1", text, "https://example.org/"),), notes=(text,),
        vocabulary=SHIPMENT,
    )  # fmt: skip


def shipment(name: str = "a-shipment", text: str = "A shipment") -> Shipment:
    """Return a record in all of whose texts stands the same."""
    return Shipment(
        id=name,
        title=text,
        arrives=date(2024, 1, 1),
        carrier=Carrier(name=text, cooled=False),
        producers={text: Producer(name=text, country="ITA", certified=True)},
        items=[
            Item(
                name=text, made_by=text, contains=frozenset({Hazard.MILK}),
                kilograms=Decimal("1.5"), readings=[Temperature(celsius=Decimal(9))],
            ),
            Item(name=text),
        ],
    )  # fmt: skip


def subject(name: str = "a-shipment", text: str = "A shipment", *, surely: bool = True) -> Subject:
    """Return a record as a matrix takes it."""
    return Subject(name, text, shipment(name, text), "digest", surely)


def grid(definitions: int, cases: int, *, text: str = "Text", prefix: str = "rule") -> Matrix:
    """Return a matrix of so many definitions and cases."""
    return matrix(
        [
            replace(definition(f"{prefix}-{i}", text), status=_STATUSES[i % len(_STATUSES)])
            for i in range(definitions)
        ],
        [subject(f"case-{i}", text) for i in range(cases)],
        Conditions(),
    )


_STATUSES = ("in_force", "proposed", "blocked", None)
