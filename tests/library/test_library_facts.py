"""What holds of every case and meeting that ships, whatever a definition makes of it."""

from __future__ import annotations

from shipped_library import cases

from kprules.records.settle import settle_case
from kprules.records.vocabulary import CASE


def test_a_dated_import_falls_into_the_period_of_its_case() -> None:
    """A stone imported on a day is no stone of other years: `--as-of` finds it on that day."""
    dated = 0
    for case in cases().values():
        settled = settle_case(case.record, CASE)
        day = settled.goods.import_date if settled.goods is not None else None
        if day is not None:
            dated += 1
            assert settled.period.from_ <= day <= settled.period.to, case.id
    assert dated >= 10
