"""Cases drawn at random from the vocabulary, as a file would hold them.

Every spelling of a fact occurs: bare, long, contested, unknown, left out, and members of sets that
are facts of their own. Parties and values come from small pools, so that they collide.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Type,
)
from kprules.records.vocabulary import CASE

PARTIES = ("ukraine", "russia", "kpcsc")
IDS = {"actors": ("a", "b"), "conflicts": ("war",)}
_DAYS = ("2001", "2001-05", "2001-05-17", "2009", "2009-12-31")


def cases() -> st.SearchStrategy[dict[str, Any]]:
    """Return cases as plain data; all of them are sound."""
    fields: dict[str, st.SearchStrategy[Any]] = {}
    for name, field in CASE.root.fields.items():
        if name in {"case", "title", "summary"}:
            continue
        fields[name] = _field(field.type)
    optional = {**fields, "incomplete": st.sets(st.sampled_from(["links", "abuses"])).map(sorted)}
    required = {
        "case": st.just("a-case"),
        "title": st.just("A case"),
        "actors": _map("actor", IDS["actors"]),
        "conflicts": _map("conflict", IDS["conflicts"]),
    }
    return st.fixed_dictionaries(
        required, optional={k: v for k, v in optional.items() if k not in required}
    )


def _map(record: str, ids: tuple[str, ...]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({i: _record(CASE.shape_of(record)) for i in ids})


def _record(shape: RecordShape) -> st.SearchStrategy[Any]:
    sources = {"sources": st.sampled_from([[], ["s1"], ["s1", "s2"]])}
    fields = {name: _field(field.type) for name, field in shape.fields.items()}
    return st.fixed_dictionaries({}, optional={**fields, **sources})


def _field(kind: Type) -> st.SearchStrategy[Any]:
    match kind:
        case Scalar():
            return facts(_value(kind), _value(kind))
        case SetOf(member):
            return facts(_members(_value(member)), st.lists(_value(member), max_size=2))
        case Reference(through=through, none=none):
            ids = st.sampled_from([*IDS[through], *(["none"] if none else [])])
            return facts(ids, ids)
        case Period():
            begins = facts(st.sampled_from(_DAYS[:3]), st.sampled_from(_DAYS[:3]))
            ends = facts(st.sampled_from(_DAYS[3:]), st.sampled_from(_DAYS[3:]))
            return st.fixed_dictionaries({}, optional={"from": begins, "to": ends})
        case Nested(record):
            return _record(CASE.shape_of(record))
        case ListOf(record):
            return st.lists(_record(CASE.shape_of(record)), max_size=2)


def _value(kind: Scalar) -> st.SearchStrategy[Any]:
    match kind.kind:
        case "bool":
            return st.booleans()
        case "enum":
            return st.sampled_from(kind.values[:3])
        case "text":
            return st.sampled_from(["x", "NO", "12:30", "0123", "1e5", "on", "Élan 🌍"])
        case "number":
            return st.sampled_from([0, 1, 25] if kind.whole else [0, 1, "0.5", "1e1"])
        case "date":
            return st.sampled_from(_DAYS)


def _members(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(value | _long(value) | st.just("unknown"), max_size=3)


def facts(value: st.SearchStrategy[Any], claimed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return a fact in any of its spellings; `claimed` are the values of claims."""
    contested = st.lists(_claim(claimed), min_size=1, max_size=3)
    return (
        value
        | _long(value)
        | st.just("unknown")
        | contested.map(lambda claims: {"contested": claims})
    )


_evidence = st.sampled_from(["established", "alleged"])
_sources = st.sampled_from([["s1"], ["s2", "s-2003-1"]])


@st.composite
def _long(draw: st.DrawFn, value: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Return a fact written long; nobody both says and denies it."""
    written: dict[str, Any] = {"value": draw(value | st.just("unknown"))}
    said = draw(st.dictionaries(st.sampled_from(PARTIES), st.booleans(), max_size=2))
    for key, how in (("by", True), ("denied_by", False)):
        if parties := sorted(p for p, says in said.items() if says is how):
            written[key] = parties
    if draw(st.booleans()):
        written["evidence"] = draw(_evidence)
    if draw(st.booleans()):
        written["sources"] = draw(_sources)
    return written


def _claim(value: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    parties = st.lists(st.sampled_from(PARTIES), min_size=1, max_size=2, unique=True)
    return st.fixed_dictionaries(
        {"value": value | st.just("unknown")},
        optional={"by": parties, "evidence": _evidence, "sources": _sources},
    )
