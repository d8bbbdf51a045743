"""The numbers of an Arrow array as they lie in memory."""

import numpy as np
import pyarrow as pa
import pytest

from kprules.tables.arrow import machine_numbers

SORTS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
SORTS += ["float16", "float32", "float64"]


@pytest.mark.parametrize("sort", SORTS)
def test_numbers_lie_as_their_type_says(sort: str) -> None:
    """They are read by the width and sort of the type, from any offset."""
    array = pa.array(np.array([1, 2, 3, 4], sort))
    found = machine_numbers(array[1:3])
    assert (found.tolist(), found.dtype) == ([2, 3], np.dtype(sort))
    assert machine_numbers(array[:0]).dtype == np.dtype(sort)
