"""Laws of settling, on cases drawn at random."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from strategies_cases import PARTIES, cases

from kprules.records.case import Case
from kprules.records.plain import canonical, plain_record
from kprules.records.settle import parties, settle_case
from kprules.records.settled import NO_RECORD, UNKNOWN_RECORD, Incomplete, Settled, SettledPeriod
from kprules.records.shape import ListOf, Nested, Period, Reference, slot
from kprules.records.vocabulary import CASE

views = st.sampled_from([None, *PARTIES])
standards = st.sampled_from(["established", "alleged"])


def values(settled: Settled) -> Iterator[tuple[str, Any]]:
    """Yield every plain value of a settled record, with its path."""
    if isinstance(settled, SettledPeriod):
        for name in ("from_", "from_lo", "from_hi", "to", "to_lo", "to_hi"):
            yield f"{settled._place}.{name}", getattr(settled, name)
        return
    for name, field in settled._shape.fields.items():
        value = getattr(settled, slot(name))
        path = f"{settled._place}.{name}"
        match field.type:
            case Nested() | Period():
                yield path, value is not UNKNOWN_RECORD
                if value is not UNKNOWN_RECORD:
                    yield from values(value)
            case Reference():
                known = value not in (UNKNOWN_RECORD, NO_RECORD)
                yield path, "none" if value is NO_RECORD else value._key if known else None
            case ListOf():
                yield path, None if value is None else len(value)
                yield path + "?", True if isinstance(value, Incomplete) else None
                for entry in value or ():
                    yield from values(entry)
            case _:
                yield path, value


def learns(less: Any, more: Any) -> bool:
    """Return whether a value stays, or was unknown; a set keeps members and may close."""
    if isinstance(less, frozenset) and isinstance(more, frozenset) and None in less:
        return less - {None} <= more
    return less is None or less == more


@given(data=cases(), view=views)
def test_the_alleged_standard_only_adds(data: dict[str, Any], view: str | None) -> None:
    """Whatever is known on established facts stays as it is when alleged ones count too."""
    record = Case.model_validate(data)
    strict = dict(values(settle_case(record, CASE, view=view)))
    loose = dict(values(settle_case(record, CASE, view=view, standard="alleged")))
    assert strict.keys() == loose.keys()
    assert [k for k in strict if not learns(strict[k], loose[k])] == []


@given(data=cases(), view=views, standard=standards)
def test_unknown_facts_and_no_others_say_why(
    data: dict[str, Any], view: str | None, standard: Any
) -> None:
    """A reason stands beside every unknown or open field, and beside nothing else."""

    def check(settled: Settled) -> None:
        reasons = settled._why or {}
        if isinstance(settled, SettledPeriod):
            assert ("from" in reasons) == (settled.from_ is None)
            assert ("to" in reasons) == (settled.to is None)
            return
        for name, field in settled._shape.fields.items():
            value = getattr(settled, slot(name))
            open_ = (
                value is None
                or value is UNKNOWN_RECORD
                or isinstance(value, Incomplete)
                or (isinstance(value, frozenset) and None in value)
            )
            assert (name in reasons) == open_, name
            if isinstance(field.type, Nested | Period) and not open_:
                check(value)
            if isinstance(field.type, ListOf):
                for entry in value or ():
                    check(entry)

    check(settle_case(Case.model_validate(data), CASE, view=view, standard=standard))


@given(data=cases(), standard=standards)
def test_the_view_of_who_says_nothing_is_no_view(data: dict[str, Any], standard: Any) -> None:
    """A party that neither claims nor denies anything sees what everybody sees."""
    record = Case.model_validate(data)
    plain = dict(values(settle_case(record, CASE, standard=standard)))
    assert dict(values(settle_case(record, CASE, view="nobody", standard=standard))) == plain
    for party in set(PARTIES) - parties(record):
        assert dict(values(settle_case(record, CASE, view=party, standard=standard))) == plain


@given(data=cases(), view=views, standard=standards)
def test_closing_changes_nothing_but_incomplete_lists(
    data: dict[str, Any], view: str | None, standard: Any
) -> None:
    """`closed` takes the gaps out of lists, and leaves every value."""
    record = Case.model_validate(data)
    open_ = dict(values(settle_case(record, CASE, view=view, standard=standard)))
    closed = dict(values(settle_case(record, CASE, view=view, standard=standard, closed=True)))
    assert {k: v for k, v in open_.items() if not k.endswith("?")} == {
        k: v for k, v in closed.items() if not k.endswith("?")
    }
    assert not any(v for k, v in closed.items() if k.endswith("?"))


@given(data=cases())
def test_plain_data_says_all_and_once(data: dict[str, Any]) -> None:
    """A record written out is read back equal, and is written the same again."""
    record = Case.model_validate(data)
    again = Case.model_validate(json.loads(json.dumps(plain_record(record))))
    assert again == record
    assert canonical(again) == canonical(record)
