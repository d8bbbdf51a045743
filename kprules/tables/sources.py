"""Where the columns of a record come from: one column of records, columns of their own, a map.

Guarantee: a field is found by its name, null where its record is. A line in here touches columns as
wholes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

import pyarrow as pa
import pyarrow.types as at

from kprules.tables.arrow import known_bits, struct_field
from kprules.tables.planes import Plane, zeros

ID: Final = "id"
"""The column of an entry of a map that holds its name, where the map is a list."""

Source: TypeAlias = "pa.Array | Mapping[str, Source]"
"""A column, or the columns of a record that stand apart under dotted names."""


class MapEntries(Mapping[str, Source]):
    """The entries of a map: the key is their id."""

    def __init__(self, entries: pa.StructArray) -> None:
        """Take keys and values, end to end."""
        self._keys, self._values = entries.field(0), entries.field(1)

    def __getitem__(self, name: str) -> pa.Array:
        """Return the column of a field."""
        named = at.is_struct(self._values.type)
        found = self._keys if name == ID else struct_field(self._values, name) if named else None
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the fields."""
        kind = self._values.type
        return iter((ID, *(kind.field(i).name for i in range(len(self) - 1))))

    def __len__(self) -> int:
        """Return how many fields there are."""
        return 1 + int(self._values.type.num_fields)


def known_in(source: Source, count: int) -> Plane | None:
    """Return where records are known: in columns of their own, where any of those is."""
    if isinstance(source, pa.Array):
        return known_bits(source)
    planes = [known_in(inner, count) for inner in source.values()]
    if any(plane is None for plane in planes):
        return None
    found = zeros((count,))
    for plane in planes:
        assert plane is not None  # noqa: S101 - as just looked
        found = found | plane
    return found
