"""What stands at a place of a record: what its field means, and its type.

Guarantee: words and types are the vocabulary's own. A line in here touches paths and shapes.
"""

from __future__ import annotations

from typing import cast

from kprules.records.shape import ListOf, Nested, Type, Vocabulary


def at_home(place: str, vocabulary: Vocabulary) -> tuple[str, Type | None]:
    """Return what the field means at a place of a record (`links[0].finances`), and its type."""
    shape, doc, kind = vocabulary.root, "", cast("Type | None", None)
    keyed = False
    for step in place.split("."):
        if keyed:
            keyed = False  # the id of an entry
            continue
        name = step.partition("[")[0]
        field_ = shape.fields.get(name)
        if field_ is None:
            break  # an end of a period
        doc, kind = field_.doc, field_.type
        match kind:
            case ListOf(record=inner, keyed=keyed):
                shape = vocabulary.shape_of(inner)
            case Nested(record=inner):
                shape = vocabulary.shape_of(inner)
            case _:
                break
    return first_sentence(doc), kind


def first_sentence(doc: str) -> str:
    """Return the first sentence of a text, without its full stop."""
    return " ".join(doc.split()).partition(". ")[0].removesuffix(".")
