"""Mappings from TOML files, checked whole before a row is read.

Guarantee: what comes out can be followed: every key has the type it takes, every field and list is
there, every value stated is one of its field; what is wrong is said all at once. A line in here
touches TOML and the vocabulary.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from kprules.diagnostics import did_you_mean
from kprules.library.table_files.field_values import (
    KEEP,
    UNKNOWN,
    NotOfFieldError,
    member_of,
    stated,
)
from kprules.library.table_files.mapping import Condition, Entry, Mapped, Rule, holes
from kprules.library.table_files.mapping_shape import (
    NOT_MEANT,
    ConditionShape,
    EntryShape,
    ExpandShape,
    MappingShape,
    RuleShape,
)
from kprules.library.table_files.recognised import TableFileError
from kprules.library.table_files.types import INCOMPLETE, field_type
from kprules.records.shape import ListOf, Reference, Scalar, SetOf, Type
from kprules.records.vocabulary import VOCABULARIES

SHIPPED: Final = Path(__file__).parent.parent / "mappings"
_LARGEST: Final = 1 << 20
_TEXT: Final = Scalar("text")
_WAYS: Final = {
    "column": frozenset({"values", "otherwise", "split", "date"}),
    "constant": frozenset[str](),
    "text": frozenset[str](),
    "flags": frozenset({"otherwise", "yes", "no"}),
}
"""How a field may be read, with the keys that go with each way."""
_YEARS: Final = ("%Y", "%y", "%G", "%c", "%x")
S = TypeVar("S", bound=BaseModel)


def shipped_mappings() -> dict[str, Path]:
    """Return the mappings that come with the program, by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}


def load_mapping(name: str) -> Mapped:
    """Return a mapping by the path of its file, or by the name of one that ships."""
    path = Path(name)
    known = shipped_mappings()
    if not path.suffix and "/" not in name:
        if name not in known:
            hint = did_you_mean(name, known) or f"those that ship: {', '.join(known)}"
            raise TableFileError(name, "no mapping is called so", hint)
        path = known[name]
    return _Reading(path).mapped()


def _toml(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise TableFileError(path, f"is larger than {_LARGEST:,} bytes")
        return tomllib.loads(path.read_text(encoding="utf-8-sig"), parse_float=Decimal)
    except OSError as e:
        raise TableFileError(path, f"cannot be read: {(e.strerror or str(e)).lower()}") from e
    except (ValueError, ArithmeticError, RecursionError) as e:
        raise TableFileError(path, f"is no TOML: {e}") from e


class _Reading:
    """Reads one mapping and gathers what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.wrong: dict[str, None] = {}
        """What is wrong, each once and in order."""
        self.data = self._shaped(MappingShape, _toml(path), "the mapping")
        if self.data.about not in VOCABULARIES:
            hint = did_you_mean(self.data.about, VOCABULARIES)
            self._note(f"`about`: no kind of record is called `{self.data.about}`", hint)
            self._refuse()
        self.about = self.data.about
        self.vocabulary = VOCABULARIES[self.about]
        self.tables: dict[str, Mapping[str, Any]] = dict(self._tables())

    def _note(self, said: str, hint: str = "") -> None:
        self.wrong[said + (f" ({hint})" if hint else "")] = None

    def _refuse(self) -> None:
        if self.wrong:
            listed = [*self.wrong]
            said = listed[0] if len(listed) == 1 else "\n  ".join(["cannot be followed:", *listed])
            raise TableFileError(self.path, said)

    def mapped(self) -> Mapped:
        data = self.data
        rules = tuple(self._rule(name, said) for name, said in data.fields.items())
        made = Mapped(
            self.path.stem,
            data.title or self.path.stem,
            self.about,
            self.vocabulary,
            frozenset(data.unknown),
            data.group,
            tuple(self._kept()),
            self._expand(),
            rules,
            tuple(e for each in data.entries for e in self._entries(each)),
            tuple(self._incomplete()),
            data.source,
        )
        if not any(rule.field == self.about for rule in rules):
            self._note(f"`fields` names no `{self.about}`: every row needs an id")
        self._refuse()
        return made

    def _shaped(self, shape: type[S], said: Mapping[str, Any], where: str) -> S:
        """Return what is said in a shape; keys that do not fit are noted and left out."""
        try:
            return shape.model_validate(said)
        except ValidationError as e:
            wrong = {str(error["loc"][0]): error for error in e.errors()}
        keys = [info.alias or name for name, info in shape.model_fields.items()]
        for key, error in wrong.items():
            if error["type"] == NOT_MEANT:
                self._note(f"{where}: `{key}` takes {error['msg']}")
            else:
                self._note(f"{where} has no key `{key}`", did_you_mean(key, keys))
        return shape.model_validate({k: v for k, v in said.items() if k not in wrong})

    def _needs(self, said: Mapping[str, Any], keys: Sequence[str], where: str) -> None:
        for key in keys:
            if key not in said:
                self._note(f"{where} needs a key `{key}`")

    # --- the whole --------------------------------------------------------------------------------

    def _tables(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the tables of values, its own and those that it includes."""
        for name, table in self.data.values.items():
            if not isinstance(table, dict):
                self._note(f"`values`: `{name}` takes a table")
            yield name, table if isinstance(table, dict) else {}
        shipped = {path.stem: path for path in (SHIPPED / "values").glob("*.toml")}
        for name in self.data.include:
            if name not in shipped:
                hint = did_you_mean(name, shipped) or f"those that ship: {', '.join(shipped)}"
                self._note(f"`include`: no table of values is called `{name}`", hint)
            yield name, _toml(shipped[name]) if name in shipped else {}

    def _kept(self) -> Iterator[str]:
        for name in dict.fromkeys(self.data.keep):
            own = {self.about, INCOMPLETE, *_unjudged(self.vocabulary)}
            if name in own or field_type(name, self.vocabulary) is not None:
                said = f"`keep` names `{name}`, which is a field of a {self.about}"
                self._note(said, "fill it under `fields`")
            yield name

    def _expand(self) -> tuple[str, tuple[str, ...]] | None:
        said = self.data.expand
        if not said:
            return None
        expand = self._shaped(ExpandShape, said, "`expand`")
        self._needs(said, ("name", "columns"), "`expand`")
        if said.get("columns") == []:
            self._note("`expand` needs a column at least in `columns`")
        return expand.name or "", expand.columns

    def _incomplete(self) -> Iterator[tuple[str, tuple[Condition, ...]]]:
        for name, said in self.data.incomplete.items():
            if not isinstance(field_type(name, self.vocabulary), ListOf):
                self._note(f"`incomplete`: no list is called `{name}`", self._near(name))
            conditions = said if isinstance(said, list) else [said]
            if isinstance(said, bool):
                conditions = []
            elif not conditions or not all(isinstance(one, dict) for one in conditions):
                self._note(
                    f"`incomplete`: `{name}` takes `true`, `false` or a table with a `column`"
                )
                continue
            if said is not False:
                yield name, self._conditions(conditions, f"`incomplete.{name}`")

    def _near(self, name: str) -> str:
        fields = self.vocabulary.root.fields.items()
        return did_you_mean(name, [n for n, f in fields if isinstance(f.type, ListOf)])

    # --- rules ------------------------------------------------------------------------------------

    def _rule(self, name: str, said: Any, inside: str | None = None) -> Rule:
        full = f"{inside}.{name}" if inside else name
        kind = self._type(name, inside, full)
        if not isinstance(said, dict):
            said = {"text" if isinstance(said, str) and holes(said) else "constant": said}
        rule = self._shaped(RuleShape, said, f"`{full}`")
        ways = [way for way in _WAYS if way in said]
        if len(ways) == 1:
            self._companions(full, kind, ways[0], said)
        else:
            self._note(f"`{full}` takes one of `column`, `constant`, `text` and `flags`")
        words = rule.text is not None and not holes(rule.text)
        constant = rule.text if words else rule.constant
        otherwise = rule.otherwise
        if otherwise not in (None, UNKNOWN, KEEP):
            otherwise = self._stated(full, otherwise, kind)
        for form in rule.date:
            self._date(full, form)
        for member in rule.flags.values():
            if self._stated(full, member, member_of(kind)) is None:
                self._note(f"`{full}`: `flags` takes members of the set, and one is `{member}`")
        return Rule(
            name,
            kind,
            rule.column,
            self._values(full, rule.values, kind),
            otherwise,
            rule.split,
            rule.date,
            None if constant is None else self._stated(full, constant, kind),
            None if words else rule.text,
            rule.flags,
            frozenset(rule.yes),
            frozenset(rule.no),
        )

    def _companions(self, full: str, kind: Type, way: str, said: Mapping[str, Any]) -> None:
        """Note keys that would go unread."""
        known = frozenset().union(*_WAYS.values())
        for key in said:
            if key in known and key not in _WAYS[way]:
                self._note(f"`{full}`: `{key}` does not go with `{way}`")
        if not isinstance(kind, SetOf):
            for key in said.keys() & {"split", "flags"}:
                self._note(f"`{full}`: `{key}` goes with a set, and this is none")
        if way == "flags" and said.get("otherwise") not in (None, UNKNOWN):
            self._note(f'`{full}`: `otherwise` takes "{UNKNOWN}" beside `flags`')
        if "date" in said and member_of(kind) != Scalar("date"):
            self._note(f"`{full}`: `date` goes with a date, and this is none")

    def _type(self, name: str, inside: str | None, full: str) -> Type:
        if inside is None:
            found = field_type(name, self.vocabulary)
            if name == self.about or (found is None and name in _unjudged(self.vocabulary)):
                return _TEXT
            known: Sequence[str] = [*self.vocabulary.root.fields]
        else:
            listed = field_type(inside, self.vocabulary)
            shape = self.vocabulary.shape_of(listed.record) if isinstance(listed, ListOf) else None
            if shape is not None and name == "id":
                return _TEXT
            found = shape.fields[name].type if shape and name in shape.fields else None
            known = [*shape.fields] if shape else []
        if not isinstance(found, Scalar | SetOf | Reference):
            hint = did_you_mean(name.rsplit(".", maxsplit=1)[-1], known)
            what = "no field is called" if found is None else "a mapping cannot fill"
            self._note(f"{what} `{full}`", hint)
            return _TEXT
        return found

    def _values(
        self, full: str, said: str | Mapping[str, Any] | None, kind: Type
    ) -> Mapping[str, Any] | None:
        if isinstance(said, str):
            if said not in self.tables:
                hint = did_you_mean(said, self.tables)
                self._note(f"`{full}`: no table of values is called `{said}`", hint)
            said = self.tables.get(said, {})
        if said is None:
            return None
        return {key: self._stated(full, value, kind) for key, value in said.items()}

    def _stated(self, full: str, said: Any, kind: Type) -> Any:
        """Return a value as its field holds it; note what the field does not allow."""
        several = isinstance(said, list) and isinstance(kind, SetOf)
        fits = True
        for one in said if several else [said]:
            try:
                stated(one, member_of(kind))
            except NotOfFieldError as e:
                self._note(f"`{full}` cannot be `{_shown(one)}`", str(e))
                fits = False
        return stated(said, kind) if fits else None

    def _date(self, full: str, form: str) -> None:
        """Note the form of a date that no day could be read by."""
        try:
            datetime.strptime(datetime(2000, 1, 1).strftime(form), form)  # noqa: DTZ001, DTZ007 - days have no zone
        except (ValueError, re.error):
            self._note(f"`{full}`: `{form}` is no form of a date", "such as `%d/%m/%Y`")
        else:
            if not any(sign in form for sign in _YEARS):
                self._note(f"`{full}`: the form of a date `{form}` holds no year", "`%Y` is one")

    # --- entries ----------------------------------------------------------------------------------

    def _entries(self, said: Mapping[str, Any]) -> Iterator[Entry]:
        where = f"an entry of `{said['list']}`" if "list" in said else "an entry"
        entry = self._shaped(EntryShape, said, where)
        self._needs(said, ("list", "fields"), where)
        if entry.list is None:
            return
        if said.get("fields") == {}:
            self._note(f"{where} needs a field at least")
        if not isinstance(field_type(entry.list, self.vocabulary), ListOf):
            self._note(f"no list is called `{entry.list}`", self._near(entry.list))
            return
        for number in entry.repeat or (None,):
            fields, when = entry.fields, entry.when
            if number is not None:
                fields, when = _numbered(fields, number), _numbered(when, number)
            rules = tuple(self._rule(n, r, entry.list) for n, r in fields.items())
            yield Entry(entry.list, self._conditions(when, where), rules)

    def _conditions(self, said: Sequence[Mapping[str, Any]], where: str) -> tuple[Condition, ...]:
        made = []
        for one in said:
            found = self._shaped(ConditionShape, one, f"{where}: a condition")
            self._needs(one, ("column",), f"{where}: a condition")
            if not one.keys() & {"in", "not_in", "blank"}:
                self._note(f"{where}: a condition needs one of `in`, `not_in` and `blank`")
            among = None if found.among is None else frozenset(found.among)
            outside = None if found.outside is None else frozenset(found.outside)
            made.append(Condition(found.column or "", among, outside, found.blank))
        return tuple(made)


def _shown(said: Any) -> str:
    """Return a value much as TOML writes it."""
    plain = isinstance(said, bool | list | dict)
    return json.dumps(said, default=str, ensure_ascii=False) if plain else str(said)


def _unjudged(vocabulary: Any) -> set[str]:
    return set(vocabulary.root.model.model_fields) & {"title", "summary"}


def _numbered(said: Any, number: str) -> Any:
    """Return a part of a mapping with `#` in its texts replaced by a number."""
    match said:
        case str():
            return said.replace("#", number)
        case list() | tuple():
            return [_numbered(one, number) for one in said]
        case dict():
            return {_numbered(k, number): _numbered(v, number) for k, v in said.items()}
        case _:
            return said
