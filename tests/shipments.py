"""A model from another field, for tests of an engine that knows nothing of its records.

Shipments of food, with nested lists, optional records, enumerations, sets, dates and decimals.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Literal

from pydantic import BaseModel

from kprules.records.case import Period
from kprules.records.shape import Reference


class Hazard(Enum):
    """What can be wrong with food."""

    NUTS = "nuts"
    MILK = "milk"
    GLUTEN = "gluten"


class Temperature(BaseModel):
    """One reading of a thermometer."""

    day: date | None = None
    celsius: Decimal | None = None


class Producer(BaseModel):
    """Who made it."""

    name: str | None = None
    country: Literal["NLD", "BEL", "ITA"] | None = None
    certified: bool | None = None


class Item(BaseModel):
    """What is in the shipment."""

    name: str | None = None
    made_by: Annotated[str | None, Reference("producer", "producers", none=True)] = None
    contains: frozenset[Hazard] | None = None
    kilograms: Decimal | None = None
    best_before: date | None = None
    readings: list[Temperature] | None = None


class Carrier(BaseModel):
    """Who carries it."""

    name: str | None = None
    cooled: bool | None = None


class Shipment(BaseModel):
    """One shipment."""

    id: str
    title: str = ""
    arrives: date | None = None
    under_way: Period | None = None
    carrier: Carrier | None = None
    producers: dict[str, Producer] | None = None
    items: list[Item] | None = None


RULES = """
term warm(t: temperature) "warmer than a refrigerator" { t.celsius > 7.5 }

definition too-warm "Shipments that were too warm" {
  outcome "refused"
  status  in_force
  since   2020-01-01
  source  "food law"

  captures when all of {
    cooled "carried without cooling": not carrier.cooled
    item "food that was warm for two days": some item in items has all of {
      days "two readings or more": at least 2 t in item.readings has warm(t)
      food: item.contains includes any of {milk, nuts} or item.kilograms >= 12.5
    }
  }
  except when fresh "on the shelf in time": every item in items has item.best_before > arrives
}

definition foreign-too-warm amends too-warm "Of certified foreign producers alone" {
  status proposed
  source "a proposal"

  extend item with foreign "of a foreign producer":
    item.made_by.country is not NLD and item.made_by.certified
}
"""

SHIPMENTS = {
    "warm-milk": """
id: warm-milk
title: Milk in the sun
arrives: 2024-07-01
carrier: {name: Jansen, cooled: false}
producers: {farm: {name: A farm, country: NLD, certified: true}}
items:
  - name: milk
    made_by: farm
    contains: [milk]
    kilograms: 10.25
    best_before: 2024-06-30
    readings: [{day: 2024-06-29, celsius: 9.5}, {day: 2024-06-30, celsius: 12}]
""",
    "cool-flour": """
id: cool-flour
carrier: {cooled: true}
items: [{contains: [gluten], kilograms: 12.5, best_before: 2025-01-01, readings: []}]
""",
    "no-papers": """
id: no-papers
carrier: {cooled: false}
""",
}
