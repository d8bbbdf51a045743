"""The fields in which a record keeps its books: sources, and lists that may have gaps.

Guarantee: printed from the models, as what definitions can ask about is (`describe`); no definition
sees these. A line in here arranges texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from kprules.records.describe import Described, described, find_described, names_of
from kprules.records.shape import RecordShape, Vocabulary
from kprules.records.values import Values
from kprules.records.vocabulary import attribute_docs, field_name, is_judged

_UNASKED = "No definition asks about it."


def books(vocabulary: Vocabulary) -> list[Described]:
    """Return the fields of every record that definitions never see, each record once."""
    before = {vocabulary.root.name: ""}
    for field in described(vocabulary):
        before.setdefault(field.record, field.path.removesuffix(field.name))
    return [
        field
        for record, prefix in before.items()
        for field in _kept(vocabulary.records.get(record, vocabulary.root), prefix)
    ]


def _kept(shape: RecordShape, before: str) -> Iterator[Described]:
    if shape.model is None:
        return
    docs = attribute_docs(shape.model)
    for attribute, info in shape.model.model_fields.items():
        if not is_judged(info) and not info.exclude:
            name = field_name(attribute, info)
            doc = f"{info.description or docs.get(attribute, '')} {_UNASKED}".strip()
            values = _values(info.annotation)
            words = _in_words(info.annotation, values)
            meanings = dict(values.meanings) if values else {}
            yield Described(before + name, shape.name, name, words, doc, meanings)


def _values(annotation: Any) -> Values | None:
    """Return the enumeration inside an annotation."""
    found = [annotation] if isinstance(annotation, Values) else map(_values, get_args(annotation))
    return next((values for values in found if values is not None), None)


def _in_words(annotation: Any, values: Values | None) -> str:
    origin = get_origin(annotation)
    if origin is not None and issubclass(origin, Mapping):
        return "records under keys"
    member = f"{values.name} name" if values else "key"
    return f"{'set' if origin is frozenset else 'list'} of {member}s"


def find_any(vocabulary: Vocabulary, asked: str) -> list[Described]:
    """Return the fields that a person may mean, those in which books are kept among them."""
    found = find_described(vocabulary, asked)
    kept = books(vocabulary)
    alone = [d for d in kept if asked in {d.path, d.spelling, d.name, d.path.replace("[]", "")}]
    of_record = [d for d in kept if d.record == asked]
    return [*found, *(alone or of_record)]


def any_names(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the spellings that `find_any` knows."""
    return names_of([*described(vocabulary), *books(vocabulary)])
