"""A mapping: which columns of somebody's table hold which facts, and what their values mean.

Guarantee: a mapping is data and is checked whole before a row is read: fields, allowed values and
keys; what is wrong is said all at once. A line in here touches TOML and the vocabulary.
"""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from kprules.diagnostics import did_you_mean
from kprules.library.table_files.recognised import TableFileError
from kprules.library.table_files.types import field_type
from kprules.records.shape import ListOf, Reference, Scalar, SetOf, Type, Vocabulary
from kprules.records.vocabulary import VOCABULARIES

SHIPPED: Final = Path(__file__).parent.parent / "mappings"
UNKNOWN: Final = "unknown"
NUMBER: Final = "_number"
"""What the column that numbers expanded rows is called, behind the name of their own column."""
_LARGEST: Final = 1 << 20
_HOLE: Final = re.compile(r"\{([^{}]+)\}")
_TOP: Final = frozenset(
    {"title", "about", "source", "unknown", "group", "keep", "include", "expand", "fields",
     "entries", "incomplete", "values"}
)  # fmt: skip
_RULE: Final = frozenset(
    {"column", "values", "otherwise", "split", "date", "constant", "text", "flags", "yes", "no"}
)
_TEXT: Final = Scalar("text")


@dataclass(frozen=True, slots=True)
class Condition:
    """Whether a column holds one of some texts, none of them, or is blank."""

    column: str
    among: frozenset[str] | None = None
    outside: frozenset[str] | None = None
    blank: bool | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """How one field is read off a row."""

    field: str
    type: Type
    column: str | None = None
    values: Mapping[str, Any] | None = None
    otherwise: Any = None
    """What a value without a mapping becomes; an error where it is None."""
    split: str | None = None
    date: tuple[str, ...] = ()
    """The forms that a date may have; none: as ISO 8601 writes it."""
    constant: Any = None
    text: str | None = None
    """Words with columns in braces."""
    flags: Mapping[str, str] = dataclasses.field(default_factory=dict)
    """Columns that say yes or no of a member of a set."""
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it reads."""
        named = [self.column] if self.column is not None else []
        return (*named, *self.flags, *holes(self.text or ""))


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that a row makes in a list, where its conditions hold."""

    into: str
    when: tuple[Condition, ...]
    rules: tuple[Rule, ...]
    """The fields of the entry; `id` among them where the list is under ids."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A whole mapping."""

    name: str
    title: str
    about: str
    vocabulary: Vocabulary
    unknown: frozenset[str]
    """The texts that say that a cell is not recorded, besides the empty one."""
    group: bool
    """Whether rows with one id are one case."""
    keep: tuple[str, ...]
    expand: tuple[str, tuple[str, ...]] | None
    """A name, and the columns each of which that is not blank makes a row of its own."""
    rules: tuple[Rule, ...]
    entries: tuple[Entry, ...]
    incomplete: tuple[tuple[str, tuple[Condition, ...]], ...]
    """Lists that may have more entries, with the conditions; none: in every row."""
    source: str = ""

    def columns(self) -> Iterator[str]:
        """Yield every column that is read."""
        virtual: set[str] = set()
        if self.expand is not None:
            virtual = {self.expand[0], self.expand[0] + NUMBER}
            yield from self.expand[1]
        rules = [*self.rules, *(r for e in self.entries for r in e.rules)]
        named = [c for r in rules for c in r.columns]
        named += [c.column for e in self.entries for c in e.when]
        named += [c.column for _, when in self.incomplete for c in when]
        yield from (name for name in (*named, *self.keep) if name not in virtual)

    def lists(self) -> tuple[str, ...]:
        """Return the lists that it makes entries in, in the order written."""
        return tuple(dict.fromkeys(e.into for e in self.entries))


def holes(text: str) -> tuple[str, ...]:
    """Return the columns that a text names in braces."""
    return tuple(_HOLE.findall(text))


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
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as e:
        raise TableFileError(path, f"cannot be read: {(e.strerror or str(e)).lower()}") from e
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as e:
        raise TableFileError(path, f"is no TOML: {e}") from e


class _Reading:
    """Reads one mapping and gathers what is wrong with it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.data = _toml(path)
        self.wrong: list[str] = []
        self.tables: dict[str, Mapping[str, Any]] = dict(self._of("values", dict))
        about = self.data.get("about", "case")
        if about not in VOCABULARIES:
            raise TableFileError(path, f"no kind of record is called `{about}`")
        self.about: str = about
        self.vocabulary = VOCABULARIES[about]

    def mapped(self) -> Mapped:
        data = self.data
        self._known(data, _TOP, "the mapping")
        for name in self._of("include", list):
            self.tables |= {str(name): _toml(SHIPPED / "values" / f"{Path(str(name)).name}.toml")}
        rules = tuple(self._rule(name, said) for name, said in self._of("fields", dict).items())
        entries = tuple(e for each in self._of("entries", list) for e in self._entries(each))
        expand = self._of("expand", dict)
        if expand:
            self._known(expand, {"name", "columns"}, "`expand`")
        made = Mapped(
            self.path.stem,
            str(data.get("title", self.path.stem)),
            self.about,
            self.vocabulary,
            frozenset(map(str, self._of("unknown", list))),
            bool(data.get("group", False)),
            tuple(map(str, self._of("keep", list))),
            (str(expand.get("name")), tuple(map(str, expand.get("columns", ()))))
            if expand
            else None,
            rules,
            entries,
            tuple(self._incomplete()),
            str(data.get("source", "")),
        )
        if not any(rule.field == self.about for rule in rules):
            self.wrong.append(f"`fields` names no `{self.about}`: every row needs an id")
        if self.wrong:
            raise TableFileError(self.path, "; ".join(self.wrong))
        return made

    def _of(self, key: str, kind: type) -> Any:
        value = self.data.get(key, kind())
        if not isinstance(value, kind):
            said = "a table" if kind is dict else "a list"
            raise TableFileError(self.path, f"`{key}` is {said}")
        return value

    def _known(self, found: Mapping[str, Any], keys: Any, where: str) -> None:
        for key in found:
            if key not in keys:
                hint = did_you_mean(key, keys)
                self.wrong.append(f"{where} has no key `{key}`" + (f" ({hint})" if hint else ""))

    # --- rules ------------------------------------------------------------------------------------

    def _rule(self, name: str, said: Any, inside: str | None = None) -> Rule:
        full = f"{inside}.{name}" if inside else name
        kind = self._type(name, inside, full)
        if isinstance(said, str):
            said = {"text": said}
        if not isinstance(said, dict):
            said = {"constant": said}
        self._known(said, _RULE, f"`{full}`")
        ways = [key for key in ("column", "constant", "text", "flags") if key in said]
        if len(ways) != 1:
            self.wrong.append(f"`{full}` takes one of `column`, `constant`, `text` and `flags`")
        rule = Rule(
            name,
            kind,
            said.get("column"),
            self._values(full, said.get("values")),
            said.get("otherwise"),
            said.get("split"),
            tuple(map(str, _listed(said.get("date", ())))),
            said.get("constant"),
            said.get("text"),
            dict(said.get("flags", {})),
            frozenset(map(str, said.get("yes", ("1", "true")))),
            frozenset(map(str, said.get("no", ("0", "false")))),
        )
        self._allowed(full, rule)
        return rule

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
            self.wrong.append(f"{what} `{full}`" + (f" ({hint})" if hint else ""))
            return _TEXT
        return found

    def _values(self, full: str, said: Any) -> Mapping[str, Any] | None:
        if isinstance(said, str):
            if said not in self.tables:
                self.wrong.append(f"`{full}`: no table of values is called `{said}`")
                return None
            return {str(k): v for k, v in self.tables[said].items()}
        if said is not None and not isinstance(said, dict):
            self.wrong.append(f"`{full}`: `values` is a table")
            return None
        return None if said is None else {str(k): v for k, v in said.items()}

    def _allowed(self, full: str, rule: Rule) -> None:
        """Note values that the field does not allow."""
        member = rule.type.member if isinstance(rule.type, SetOf) else rule.type
        if not isinstance(member, Scalar) or member.kind != "enum":
            return
        said = [*(rule.values or {}).values(), rule.otherwise, rule.constant, *rule.flags.values()]
        if rule.text is not None and not holes(rule.text):
            said.append(rule.text)
        for value in said:
            for one in value if isinstance(value, list) else [value]:
                if one not in {None, UNKNOWN, "keep", *member.values}:
                    hint = did_you_mean(str(one), member.values)
                    self.wrong.append(
                        f"`{full}` cannot be `{one}`" + (f" ({hint})" if hint else "")
                    )

    # --- entries ----------------------------------------------------------------------------------

    def _entries(self, said: Any) -> Iterator[Entry]:
        if not isinstance(said, dict):
            self.wrong.append("`entries` are tables: write `[[entries]]`")
            return
        self._known(said, {"list", "when", "repeat", "fields"}, "an entry")
        into = str(said.get("list", ""))
        if not isinstance(field_type(into, self.vocabulary), ListOf):
            self.wrong.append(f"no list is called `{into}`")
            return
        for number in said.get("repeat", [None]):
            one = said if number is None else _numbered(said, str(number))
            rules = tuple(self._rule(n, r, into) for n, r in one.get("fields", {}).items())
            yield Entry(into, self._conditions(one.get("when", [])), rules)

    def _conditions(self, said: Any) -> tuple[Condition, ...]:
        made = []
        for one in said if isinstance(said, list) else [said]:
            self._known(one, {"column", "in", "not_in", "blank"}, "`when`")
            made.append(
                Condition(
                    str(one.get("column", "")),
                    frozenset(map(str, one["in"])) if "in" in one else None,
                    frozenset(map(str, one["not_in"])) if "not_in" in one else None,
                    one.get("blank"),
                )
            )
        return tuple(made)

    def _incomplete(self) -> Iterator[tuple[str, tuple[Condition, ...]]]:
        for name, said in self._of("incomplete", dict).items():
            if not isinstance(field_type(name, self.vocabulary), ListOf):
                self.wrong.append(f"no list is called `{name}`")
            if said is not False:
                yield name, () if said is True else self._conditions(said)


def _listed(said: Any) -> Sequence[Any]:
    return said if isinstance(said, list | tuple) else [said]


def _unjudged(vocabulary: Vocabulary) -> set[str]:
    return set(vocabulary.root.model.model_fields) & {"title", "summary"}


def _numbered(said: Any, number: str) -> Any:
    """Return a part of a mapping with `#` in its texts replaced by a number."""
    match said:
        case str():
            return said.replace("#", number)
        case list():
            return [_numbered(one, number) for one in said]
        case dict():
            return {_numbered(k, number): _numbered(v, number) for k, v in said.items()}
        case _:
            return said
