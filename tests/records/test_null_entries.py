"""Entries that are null in a list or map: they are there, and nothing is known of them."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel

from kprules.records.settle import settle_case
from kprules.records.shape import Reference
from kprules.records.vocabulary import vocabulary_of


class Maker(BaseModel):
    """Somebody who makes things."""

    size: int | None = None


class Item(BaseModel):
    """A thing."""

    size: int | None = None
    maker: Annotated[str, Reference("maker", "makers")] | None = None


class Stall(BaseModel):
    """Things and their makers."""

    items: list[Item | None] | None = None
    makers: dict[str, Maker | None] | None = None


def test_null_entries_are_blank_and_in_their_place() -> None:
    """They count as entries, keep their place and id, and references lead to them."""
    stall = Stall.model_validate({"items": [None, {"maker": "a"}], "makers": {"a": None}})
    settled = settle_case(stall, vocabulary_of(Stall, "stall"))
    first, second = settled.items
    assert (first._place, first.size) == ("items[0]", None)
    assert (second.maker._key, second.maker._place, second.maker.size) == ("a", "makers.a", None)
    assert settled.makers == (second.maker,)
