"""From a document to a validated record: pydantic decides, and its errors get places and words.

Guarantee: every mistake of a document is reported once, where it was written, with its field and,
for a name that is not known, the nearest one. A line in here turns errors into problems; it decides
nothing itself, save that a key which no field has is a mistake in every model.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Any, Final, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from kprules.diagnostics import Problems, did_you_mean, nearest
from kprules.library.trees import Place, Tree, find, key_span, plain, span_at
from kprules.records.case import Record
from kprules.records.facts import Fact
from kprules.records.shape import Vocabulary
from kprules.records.values import Values
from kprules.records.vocabulary import bare_type, field_name, record_name
from kprules.records.whole import WRONG_WHOLE, Wrong, spelt, wrong_facts
from kprules.source import Source, Span

T = TypeVar("T")
_FACT: Final = ("value", "evidence", "by", "sources", "denied_by", "contested")
_CLAIM: Final = ("value", "by", "evidence", "sources")
_LISTED: Final = 16
"""Allowed values are all listed up to this many; of more, the nearest."""


@dataclass(frozen=True, slots=True)
class Document:
    """A record as it was written: its text, its tree, and what it is to be."""

    source: Source
    tree: Tree
    model: type[BaseModel]
    vocabulary: Vocabulary | None
    """Nothing where the record is not for judging."""
    passed: frozenset[Place] = frozenset()
    """Places of which the problem is already reported."""


def validated(document: Document, problems: Problems) -> BaseModel | None:
    """Return the record that a document states, or report everything that is wrong with it."""
    data = plain(document.tree)
    before = len(problems.found)
    if not issubclass(document.model, Record):  # cases and meetings refuse them themselves
        for place in _bounded(_unknown_keys(document.model, data, ())):
            _report_unknown(document, place, problems)
    if document.vocabulary is not None:
        for wrong in _bounded(wrong_facts(data, document.vocabulary)):
            _report_wrong(document, wrong, problems)
    record: BaseModel | None = None
    try:
        record = document.model.model_validate(data, strict=False)
    except ValidationError as e:
        for error in _bounded(e.errors(include_url=False)):
            _report(document, error, problems)
    except (ValueError, TypeError, ArithmeticError, RecursionError) as e:
        # A validator of a third party's model that raises past pydantic.
        problems.report("invalid", _one_line(str(e)), _start(document))
    return None if any(p.is_error for p in problems.found[before:]) else record


MOST_OF_A_KIND: Final = 200
"""Mistakes of one kind in one record that are told: a file of nothing else is no record."""


def _bounded(found: Iterable[T]) -> Iterator[T]:
    return islice(found, MOST_OF_A_KIND)


def _start(document: Document) -> Span:
    return Span(document.source, document.tree.start, document.tree.start + 1)


# --- what a place means -------------------------------------------------------------------------


def _meant(model: type[BaseModel], place: Place) -> tuple[Any, list[Any]]:
    """Return the type that a place has, without `Optional` and the like, and what is noted on it.

    A place inside a fact has the type of its value, or nothing for what is said about it.
    """
    kind: Any = model
    notes: list[Any] = []
    for step in place:
        origin = get_origin(kind)
        if inspect.isclass(kind) and issubclass(kind, BaseModel):
            for attribute, info in kind.model_fields.items():
                if field_name(attribute, info) == step or attribute == step:
                    kind, notes = bare_type(info.annotation, info.metadata)
                    break
            else:
                return None, []
        elif origin is not None and isinstance(step, int) and Fact not in notes:
            kind, notes = bare_type(get_args(kind)[0], ())
        elif origin is not None and inspect.isclass(origin) and issubclass(origin, Mapping):
            kind, notes = bare_type(get_args(kind)[1], ())
        elif Fact in notes and step in ("value", "contested"):
            pass
        elif Fact in notes and isinstance(step, int):
            if origin is not None and issubclass(origin, frozenset) and "contested" not in place:
                kind, more = bare_type(get_args(kind)[0], ())
                notes = [Fact, *more]
        else:
            return None, []
    return kind, notes


def _known_keys(document: Document, place: Place) -> tuple[str, tuple[str, ...]]:
    """Return what the mapping at a place is called, and the keys that it may have."""
    kind, notes = _meant(document.model, place)
    if inspect.isclass(kind) and issubclass(kind, BaseModel):
        names = tuple(field_name(a, info) for a, info in kind.model_fields.items())
        return f"`{record_name(kind)}`", names
    if Fact in notes:
        inside_claim = "contested" in place and isinstance(place[-1], int)
        if inside_claim:
            return "a claim", _CLAIM
        found, _, _ = find(document.tree, place)
        keys = plain(found)
        if isinstance(keys, dict) and "contested" in keys:
            return "a contested fact", ("contested",)
        return "a fact", _FACT
    return "this", ()


def _unknown_keys(model: type[BaseModel], data: Any, place: Place) -> Iterator[Place]:
    """Yield keys that a model would pass over in silence."""
    if not isinstance(data, dict):
        return
    silent = model.model_config.get("extra", "ignore") == "ignore"
    fields = {field_name(a, info): info for a, info in model.model_fields.items()}
    by_attribute = dict(model.model_fields)
    for key, value in data.items():
        info = fields.get(key) or by_attribute.get(key)
        if info is None:
            if silent:
                yield (*place, key)
            continue
        kind, _ = bare_type(info.annotation, info.metadata)
        yield from _unknown_below(kind, value, (*place, key))


def _unknown_below(kind: Any, value: Any, place: Place) -> Iterator[Place]:
    if inspect.isclass(kind) and issubclass(kind, BaseModel):
        yield from _unknown_keys(kind, value, place)
        return
    args = get_args(kind)
    if not args:
        return
    entries: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, list):
        entries = enumerate(value)
    elif isinstance(value, dict):
        entries = value.items()
    inner, _ = bare_type(args[-1] if args[-1] is not ... else args[0], ())
    for key, one in entries:
        yield from _unknown_below(inner, one, (*place, key))


# --- words for errors ---------------------------------------------------------------------------


def _report_unknown(document: Document, place: Place, problems: Problems) -> None:
    holder, known = _known_keys(document, place[:-1])
    name = str(place[-1])
    nearest = did_you_mean(name, known)
    listed = f"its fields are {_ticked(known)}" if known else ""
    problems.report(
        "unknown-field",
        f"no field of {holder} is called `{_short(name)}`",
        key_span(document.source, document.tree, place),
        label=f"`{spelt(place)}`",
        help=nearest or listed,
    )


def _report_wrong(document: Document, wrong: Wrong, problems: Problems) -> None:
    if _passed(document, wrong.place):
        return
    help_ = wrong.help
    if wrong.name:
        help_ = did_you_mean(wrong.name, wrong.known) or (
            f"there are {_ticked(sorted(wrong.known))}" if wrong.known else "it has no entries"
        )
    problems.report(
        wrong.code,
        wrong.message,
        _value_span(document, wrong.place),
        label=f"`{spelt(wrong.place)}`",
        help=help_,
    )


def _value_span(document: Document, place: Place) -> Span:
    """Return the span of a fact's value, also where the fact is written long."""
    longer = (*place, "value")
    if find(document.tree, longer)[2] == len(longer):
        place = longer
    return span_at(document.source, document.tree, place)


_MESSAGES: Final[Mapping[str, tuple[str, str]]] = {
    "list_type": ("a list is meant here", "write it in brackets, `[a, b]`"),
    "tuple_type": ("a list is meant here", "write it in brackets, `[a, b]`"),
    "set_type": ("a set is meant here", "write it in brackets, `[a, b]`"),
    "frozen_set_type": ("a set is meant here", "write it in brackets, `[a, b]`"),
    "dict_type": ("entries under ids are meant here", "write `id: {field: value, …}`"),
    "model_type": ("a record is meant here", "write `{field: value, …}`"),
    "model_attributes_type": ("a record is meant here", "write `{field: value, …}`"),
    "string_type": ("a text is meant here", ""),
    "bool_type": ("`true` or `false` is meant here", ""),
    "bool_parsing": ("`true` or `false` is meant here", ""),
    "int_type": ("a whole number is meant here", ""),
    "int_parsing": ("a whole number is meant here", ""),
    "int_parsing_size": ("the number is too large", ""),
    "int_from_float": ("a whole number is meant here", ""),
    "float_type": ("a number is meant here", ""),
    "float_parsing": ("a number is meant here", ""),
    "decimal_type": ("a number is meant here", ""),
    "decimal_parsing": ("a number is meant here", ""),
    "finite_number": ("a number must be finite", ""),
    "date_type": ("a date is meant here", "write it as `2003-01-01`"),
    "date_parsing": ("a date is meant here", "write it as `2003-01-01`"),
    "date_from_datetime_parsing": ("a date is meant here", "write it as `2003-01-01`"),
}
_BOUNDS: Final[Mapping[str, str]] = {
    "greater_than_equal": "at least {ge} is meant here",
    "greater_than": "more than {gt} is meant here",
    "less_than_equal": "at most {le} is meant here",
    "less_than": "less than {lt} is meant here",
    "string_too_short": "a text of at least {min_length} characters is meant here",
    "string_too_long": "a text of at most {max_length} characters is meant here",
    "too_short": "at least {min_length} entries are meant here",
    "too_long": "at most {max_length} entries are meant here",
}
_CODE: Final = 3
"""Letters of a country's code."""
_NULLS: Final = ("null", "Null", "NULL", "~")
"""What YAML takes for no value: with us a field is left out, and is then unknown."""
_LEAVE_OUT: Final = "leave the field out: what a record does not say is unknown"
_EMPTY: Final = frozenset({"too_short", "string_too_short"})
_SAID: Final = re.compile(r"[a-z]+(-[a-z]+)+")
"""The codes of our own errors, which pass through pydantic with their words."""


def _report(document: Document, error: ErrorDetails, problems: Problems) -> None:
    if error["type"] == WRONG_WHOLE:  # each is reported already, with its place
        return
    place = tuple(step for step in error["loc"] if not _is_tag(step))
    on_key = bool(place) and place[-1] == "[key]"
    place = place[:-1] if on_key else place
    if _passed(document, place):
        return
    if error["type"] == "literal_error" and place[:1] == ("incomplete",):
        return  # reported with the names of lists
    if error["type"] == "extra_forbidden":
        _report_unknown(document, place, problems)
        return
    code, message, help_ = _said(document, error, place)
    if error["type"] == "missing":
        message = f"`{place[-1]}` is missing"
        place = place[:-1]
        span = span_at(document.source, document.tree, place) if place else _start(document)
    elif on_key:
        span = key_span(document.source, document.tree, place)
    else:
        span = span_at(document.source, document.tree, place)
    label = f"`{spelt(place)}`" if place else ""
    problems.report(code, message, span, label=label, help=help_)


def _passed(document: Document, place: Place) -> bool:
    """Return whether a place, or one that it is in, has been reported."""
    return any(place[:n] in document.passed for n in range(len(place) + 1))


def _is_tag(step: str | int) -> bool:
    return isinstance(step, str) and step.startswith("<") and step.endswith(">")


def _said(document: Document, error: ErrorDetails, place: Place) -> tuple[str, str, str]:
    """Return code, message and help for an error."""
    kind, written = error["type"], error["input"]
    if written is None or written in _NULLS:
        return "type-mismatch", f"`{written or 'null'}` is no value here", _LEAVE_OUT
    if written == "" and kind in _EMPTY:
        return (
            "missing-value",
            "the text is empty",
            "write it; what is not required may be left out",
        )
    if kind in ("literal_error", "enum"):
        return _unknown_value(document, error, place)
    if kind == "missing":
        return "missing-field", "", ""
    if _SAID.fullmatch(kind):
        return kind, _one_line(error["msg"]), _shown(written)
    if kind in ("value_error", "assertion_error"):
        return "invalid", _one_line(str(error.get("ctx", {}).get("error", error["msg"]))), ""
    if kind in _MESSAGES:
        message, help_ = _MESSAGES[kind]
        return "type-mismatch", message, help_ or _shown(written)
    if kind in _BOUNDS:
        return "out-of-range", _BOUNDS[kind].format(**error.get("ctx", {})), _shown(written)
    message = _one_line(error["msg"]).replace("Input should", "it should")
    return "invalid", message[:1].lower() + message[1:], ""


def _unknown_value(document: Document, error: ErrorDetails, place: Place) -> tuple[str, str, str]:
    written = error["input"]
    kind, notes = _meant(document.model, place)
    if place and place[-1] == "evidence":
        notes = [Values("kind of evidence", {"established": "", "alleged": ""})]
    name, known = _enumeration(kind, notes)
    if not isinstance(written, str):
        return "type-mismatch", "a single value is meant here", _allowed(known)
    what = f"`{_short(written)}` is no {name or 'value that is allowed here'}"
    by_meaning = {m.casefold(): v for v, m in known.items() if m}
    same = by_meaning.get(written.casefold())
    if name == "country" and not same:
        near = nearest(written.casefold(), by_meaning)
        if near is None and len(written) != _CODE:  # too many words are near to three letters
            return "unknown-value", what, _allowed(known)
        same = by_meaning[near] if near is not None else None
    if same:
        return "unknown-value", what, f"did you mean `{same}`?"
    return "unknown-value", what, did_you_mean(written, known) or _allowed(known)


def _enumeration(kind: Any, notes: list[Any]) -> tuple[str, Mapping[str, str]]:
    for note in notes:
        if isinstance(note, Values):
            return note.name, note.meanings
    args = get_args(kind)
    if args and get_origin(kind) in (frozenset, set):
        return _enumeration(*bare_type(args[0], ()))
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return "", {str(m.value): "" for m in kind}
    return "", {str(a): "" for a in args}


def _allowed(known: Mapping[str, str]) -> str:
    if len(known) > _LISTED:
        first = next(iter(known.items()))
        return f"one of {len(known)} is meant, such as `{first[0]}` ({first[1]})"
    return f"allowed are {_ticked(known)}" if known else ""


def _ticked(names: Iterable[str]) -> str:
    listed = list(names)
    more = ", …" if len(listed) > _LISTED else ""
    return ", ".join(f"`{n}`" for n in listed[:_LISTED]) + more


def _shown(written: Any) -> str:
    return f"`{_short(written)}` is written" if isinstance(written, str) and written else ""


def _short(text: str, longest: int = 60) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _one_line(text: str) -> str:
    return _short(" ".join(text.split()), 200)
