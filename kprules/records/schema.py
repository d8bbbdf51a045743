"""The JSON Schema of record files, for editors and other programs.

Guarantee: made from the models: every field, allowed value and meaning, and every spelling of a
fact. A line in here arranges plain values; it validates nothing.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel

from kprules.records.facts import Fact
from kprules.records.shape import Reference
from kprules.records.values import Shaped, Values
from kprules.records.vocabulary import (
    VOCABULARIES,
    attribute_docs,
    bare_type,
    field_name,
    record_name,
)

Schema = dict[str, Any]
_UNKNOWN: Final[Schema] = {"const": "unknown", "description": "not known"}
_DATE: Final[Schema] = {
    "description": "a day, month or year",
    "anyOf": [
        {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
        {"type": "integer", "minimum": 1, "maximum": 9999},
    ],
}


def json_schema(about: str) -> Schema:
    """Return the JSON Schema (2020-12) of the files of a kind of record."""
    made = _Made()
    model: type[BaseModel] = VOCABULARIES[about].root.model
    root = made.record(model)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"kprules {about}",
        **root,
        "$defs": made.definitions,
    }


@dataclass(slots=True)
class _Made:
    """The definitions made so far, each once."""

    definitions: Schema = field(default_factory=dict)

    def record(self, model: type[BaseModel]) -> Schema:
        """Return a reference to the schema of a model."""
        name = record_name(model)
        if name not in self.definitions:
            made: Schema = {}
            self.definitions[name] = made
            docs = attribute_docs(model)
            properties: Schema = {}
            required: list[str] = []
            for attribute, info in model.model_fields.items():
                known = field_name(attribute, info)
                core, notes = bare_type(info.annotation, info.metadata)
                properties[known] = {
                    "description": docs.get(attribute, ""),
                    **self.field(core, notes),
                }
                if info.is_required():
                    required.append(known)
            made |= {
                "type": "object",
                "description": inspect.cleandoc(model.__doc__ or ""),
                "additionalProperties": False,
                "properties": properties,
                **({"required": required} if required else {}),
            }
        return {"$ref": f"#/$defs/{name}"}

    def field(self, core: Any, notes: list[Any]) -> Schema:
        """Return the schema of a field."""
        if Fact in notes:
            return self.fact(core, notes)
        origin, args = get_origin(core), get_args(core)
        if inspect.isclass(core) and issubclass(core, BaseModel):
            return {"anyOf": [self.record(core), _UNKNOWN]}
        if origin is not None and inspect.isclass(origin):
            inner = self.field(*bare_type(args[-1] if args[-1] is not ... else args[0], ()))
            inner = inner["anyOf"][0] if "anyOf" in inner and _UNKNOWN in inner["anyOf"] else inner
            if issubclass(origin, Mapping):
                return _maybe({"type": "object", "additionalProperties": inner})
            return _maybe({"type": "array", "items": inner})
        return self.value(core, notes)

    def fact(self, core: Any, notes: list[Any]) -> Schema:
        """Return a reference to the schema of a fact in all its spellings."""
        is_set = get_origin(core) is frozenset
        member = bare_type(get_args(core)[0], ()) if is_set else (core, notes)
        value = self.value(*member)
        name = "fact_" + ("set_" if is_set else "") + _called(*member)
        if name not in self.definitions:
            if is_set:
                long_member = self.long(_or_unknown(value), "established")
                bare = {"type": "array", "items": _or_unknown(value, long_member)}
                claimed = {"type": "array", "items": _or_unknown(value)}
            else:
                bare = claimed = value
            self.definitions[name] = _or_unknown(
                bare,
                self.long(_or_unknown(bare), "established"),
                {
                    "type": "object",
                    "description": "contested: each claim rests on something",
                    "additionalProperties": False,
                    "required": ["contested"],
                    "properties": {
                        "contested": {
                            "type": "array",
                            "minItems": 1,
                            "items": self.long(_or_unknown(claimed), "alleged"),
                        }
                    },
                },
            )
        return {"$ref": f"#/$defs/{name}"}

    def long(self, value: Schema, usual: str) -> Schema:
        """Return the schema of a fact written long, or of a claim."""
        parties = {"type": "array", "items": {"type": "string"}}
        properties: Schema = {
            "value": value,
            "evidence": {"enum": ["established", "alleged"], "default": usual},
            "by": {"description": "who says so", **parties},
            "sources": {"description": "keys of the bibliography", **parties},
        }
        if usual == "established":
            properties["denied_by"] = {"description": "who denies it", **parties}
        return {
            "type": "object",
            "additionalProperties": False,
            "required": ["value"],
            "properties": properties,
        }

    def value(self, core: Any, notes: list[Any]) -> Schema:
        """Return the schema of one value."""
        for note in notes:
            if isinstance(note, Values):
                return self.enumeration(note)
            if isinstance(note, Shaped):
                return {"type": "string", "description": note.words}
        if core is bool:
            return {"type": "boolean"}
        if core is date:
            return _DATE
        if core in (int, Decimal):
            low = next((n.ge for n in notes if getattr(n, "ge", None) is not None), None)
            high = next((n.le for n in notes if getattr(n, "le", None) is not None), None)
            bounds = {"minimum": low, "maximum": high}
            return {
                "type": "integer" if core is int else "number",
                **{k: v for k, v in bounds.items() if v is not None},
            }
        return {"type": "string"}

    def enumeration(self, values: Values) -> Schema:
        """Return a reference to the allowed values with their meanings."""
        name = values.name.replace(" ", "_")
        if "none" in values.meanings and name == "country":
            name = "country_or_none"
        elif name == "list":
            name = "list_of_" + next(iter(values.meanings))
        self.definitions.setdefault(
            name, {"oneOf": [{"const": v, "description": m} for v, m in values.meanings.items()]}
        )
        return {"$ref": f"#/$defs/{name}"}


def _called(core: Any, notes: list[Any]) -> str:
    """Return a name for the type of a value, its own for each that differs."""
    for note in notes:
        if isinstance(note, Reference):
            return f"reference_{note.record}"
        if isinstance(note, Values):
            none = "_or_none" if "none" in note.meanings and note.name == "country" else ""
            return note.name.replace(" ", "_") + none
    bounds = [str(n.le) for n in notes if getattr(n, "le", None) is not None]
    return "_".join(["text" if core is str else core.__name__.lower(), *bounds])


def _or_unknown(*options: Schema) -> Schema:
    return {"anyOf": [*options, _UNKNOWN]}


def _maybe(schema: Schema) -> Schema:
    return {"anyOf": [schema, _UNKNOWN]}
