"""Texts of several columns as numbers, so that equal texts have equal numbers.

Guarantee: numbers hold within one block; a null has number 0, which means nothing. A line in here
touches texts.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from kprules.tables.arrow import machine_numbers, plain_texts


class Pool:
    """The texts met so far."""

    def __init__(self) -> None:
        """Begin with none."""
        self._texts: pa.Array = pa.array([], pa.large_string())

    @property
    def size(self) -> int:
        """Return how many different texts were met."""
        return len(self._texts)

    def codes(self, array: pa.Array) -> npt.NDArray[np.uint32]:
        """Return a number for each text of an array."""
        if not pa.types.is_dictionary(array.type):
            array = pc.dictionary_encode(array)
        numbers = self._numbers(plain_texts(array.dictionary))
        if not len(numbers):
            return np.zeros(len(array), np.uint32)
        indices = machine_numbers(array.indices)
        return numbers.take(indices, mode="clip")

    def code(self, text: str) -> int:
        """Return the number of a text."""
        return int(self._numbers(pa.array([text], pa.large_string()))[0])

    def _numbers(self, texts: pa.Array) -> npt.NDArray[Any]:
        """Return the numbers of different texts; new ones are taken in."""
        found = pc.index_in(texts, value_set=self._texts)
        if found.null_count:
            new = pc.drop_null(pc.unique(texts.filter(pc.is_null(found))))
            self._texts = pa.concat_arrays([self._texts, new])
            found = pc.index_in(texts, value_set=self._texts)
        return machine_numbers(found.fill_null(0)).astype(np.uint32)
