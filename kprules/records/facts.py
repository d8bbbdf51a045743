"""A fact: a value, with who says so, on what evidence and where; or several that are contested.

Guarantee: a field of type `Fact[T]` reads every spelling of a fact (bare, long, contested,
`unknown`) into one frozen shape and refuses everything else. A line in here touches one fact; what
it comes to is said in `kprules.records.settle`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeVar, get_args, get_origin

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from kprules.records.settled import Evidence, PartialDate
from kprules.records.values import PartyId, SourceKey, none_if_unknown

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Claim(Generic[T]):
    """One value that somebody claims of a contested fact; `None` where they claim not to know."""

    value: T | None
    by: tuple[str, ...] = ()
    evidence: Evidence = "alleged"
    sources: tuple[str, ...] = ()


class Fact(Generic[T]):
    """What is recorded of one field. `None` is unknown, also as a member of a set.

    Where `contested` is not empty, its claims say everything, and `value` is `None`. `members` are
    those members of a set that were written long, each a fact of its own beside `value`.
    """

    # Written out, for pydantic would read a dataclass by its fields and not as facts are written.
    __slots__ = ("by", "contested", "denied_by", "evidence", "members", "sources", "value")

    def __init__(
        self,
        value: T | None = None,
        *,
        evidence: Evidence = "established",
        by: tuple[str, ...] = (),
        sources: tuple[str, ...] = (),
        denied_by: tuple[str, ...] = (),
        contested: tuple[Claim[T], ...] = (),
        members: tuple[Fact[Any], ...] = (),
    ) -> None:
        """Record a value as established, unless more is said."""
        self.value = value
        self.evidence: Evidence = evidence
        self.by = by
        self.sources = sources
        self.denied_by = denied_by
        self.contested = contested
        self.members = members

    def _all(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: object) -> bool:
        """Be equal to a fact of which all the same is said."""
        return isinstance(other, Fact) and self._all() == other._all()

    def __hash__(self) -> int:
        """Hash by everything that is said."""
        return hash(self._all())

    def __repr__(self) -> str:
        """Show it as a file would spell it."""
        return f"Fact({plain_fact(self)!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read a fact as it may be written; sets have members that may be facts themselves."""
        (inner,) = get_args(source)
        by, keys = (
            core_schema.list_schema(handler.generate_schema(of)) for of in (PartyId, SourceKey)
        )
        value: CoreSchema
        claimed: CoreSchema
        if get_origin(inner) is frozenset:
            member = handler.generate_schema(get_args(inner)[0])
            value = core_schema.no_info_after_validator_function(
                _gathered,
                core_schema.list_schema(
                    _either({BARE: _maybe(member), LONG: _long(_maybe(member), by, keys)})
                ),
            )
            claimed = core_schema.no_info_after_validator_function(
                frozenset, core_schema.list_schema(_maybe(member))
            )
        else:
            value = claimed = handler.generate_schema(inner)
        return _either(
            {
                BARE: core_schema.no_info_after_validator_function(_made, _maybe(value)),
                LONG: _long(_maybe(value), by, keys),
                CONTESTED: _contested(_maybe(claimed), by, keys),
                MADE: core_schema.is_instance_schema(Fact),
            },
            core_schema.plain_serializer_function_ser_schema(plain_fact),
        )


BARE, LONG, CONTESTED, MADE = "<bare>", "<long>", "<contested>", "<made>"
"""How a fact was written. In the place of an error these stand between angles: they are no keys."""


@dataclass(frozen=True, slots=True)
class _Members:
    """A set as it is being read: members written bare, and members written long."""

    bare: frozenset[Any]
    long: tuple[Fact[Any], ...]


def _gathered(entries: list[Any]) -> _Members:
    """Tell bare members from long ones; a long one of which no more is said is bare."""
    bare: set[Any] = set()
    long: dict[Fact[Any], None] = {}
    for entry in entries:
        if isinstance(entry, Fact) and entry != Fact(entry.value):
            long[entry] = None
        else:
            bare.add(entry.value if isinstance(entry, Fact) else entry)
    return _Members(frozenset(bare), tuple(sorted(long, key=repr)))


def _made(value: Any, **more: Any) -> Fact[Any]:
    if isinstance(value, _Members):
        return Fact(value=value.bare, members=value.long, **more)
    return Fact(value=value, **more)


def _from_long(written: dict[str, Any]) -> Fact[Any]:
    value = written.pop("value")
    more = {k: tuple(v) if isinstance(v, list) else v for k, v in written.items()}
    both = sorted({*more.get("by", ())} & {*more.get("denied_by", ())})
    if both:
        raise PydanticCustomError(
            "both-ways", "`{party}` cannot both say and deny it", {"party": both[0]}
        )
    return _made(value, **more)


def _from_claims(written: dict[str, Any]) -> Fact[Any]:
    claims: list[Claim[Any]] = []
    for claim in written["contested"]:
        more: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in claim.items()}
        claims.append(Claim(**more))
    return Fact(contested=tuple(claims))


def _spelling(raw: Any) -> str:
    if isinstance(raw, Fact):
        return MADE
    if isinstance(raw, Mapping):
        return CONTESTED if "contested" in raw else LONG
    return BARE


def _either(
    choices: dict[str, CoreSchema], serialization: core_schema.SerSchema | None = None
) -> CoreSchema:
    return core_schema.tagged_union_schema(choices, _spelling, serialization=serialization)


def _maybe(schema: CoreSchema) -> CoreSchema:
    return core_schema.no_info_before_validator_function(
        none_if_unknown, core_schema.nullable_schema(schema)
    )


def _keys(
    value: CoreSchema, by: CoreSchema, keys: CoreSchema
) -> dict[str, core_schema.TypedDictField]:
    optional = {
        "evidence": core_schema.literal_schema(["established", "alleged"]),
        "by": by,
        "sources": keys,
    }
    return {
        "value": core_schema.typed_dict_field(value, required=True),
        **{k: core_schema.typed_dict_field(s, required=False) for k, s in optional.items()},
    }


def _long(value: CoreSchema, by: CoreSchema, keys: CoreSchema) -> CoreSchema:
    fields = _keys(value, by, keys)
    fields["denied_by"] = core_schema.typed_dict_field(by, required=False)
    return core_schema.no_info_after_validator_function(
        _from_long, core_schema.typed_dict_schema(fields, extra_behavior="forbid")
    )


def _contested(value: CoreSchema, by: CoreSchema, keys: CoreSchema) -> CoreSchema:
    claim = core_schema.typed_dict_schema(_keys(value, by, keys), extra_behavior="forbid")
    claims = core_schema.typed_dict_field(
        core_schema.list_schema(claim, min_length=1), required=True
    )
    return core_schema.no_info_after_validator_function(
        _from_claims, core_schema.typed_dict_schema({"contested": claims}, extra_behavior="forbid")
    )


def plain_value(value: Any) -> Any:
    """Return a value as a file may hold it: text, number, truth, or a sorted list of them."""
    match value:
        case None:
            return "unknown"
        case frozenset() | set():
            return sorted((plain_value(v) for v in value), key=str)
        case Decimal():
            return f"{value.normalize():f}"
        case date() | PartialDate():
            return str(value)
        case Enum():
            return value.value
        case _:
            return value


def plain_fact(fact: Fact[Any]) -> Any:
    """Return a fact as a file may hold it, in the shortest spelling that says everything."""
    if fact.contested:
        return {
            "contested": [_plain_keys(plain_value(c.value), c, "alleged") for c in fact.contested]
        }
    value = plain_value(fact.value)
    if fact.members:
        value = [*value, *(plain_fact(m) for m in fact.members)]
    written = _plain_keys(value, fact, "established")
    if fact.denied_by:
        written["denied_by"] = list(fact.denied_by)
    return value if len(written) == 1 else written


def _plain_keys(value: Any, said: Fact[Any] | Claim[Any], usual: Evidence) -> dict[str, Any]:
    written: dict[str, Any] = {"value": value}
    if said.evidence != usual:
        written["evidence"] = said.evidence
    if said.by:
        written["by"] = list(said.by)
    if said.sources:
        written["sources"] = list(said.sources)
    return written
