"""Where records lie end to end, and whose they are.

Guarantee: every record of a block belongs to one of its rows. A line in here touches numbers of
records and rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(slots=True)
class Domain:
    """Records that lie end to end: the rows of the block, or all entries of a list column."""

    count: int
    above: tuple[Domain, npt.NDArray[np.int64]] | None = None
    """Whose entries they are, and how many each has."""
    _rows: npt.NDArray[np.int64] | None = None

    def rows(self) -> npt.NDArray[np.int64]:
        """Return the row of the block that each belongs to."""
        if self._rows is None:
            self._rows = (
                np.arange(self.count)
                if self.above is None
                else np.repeat(self.above[0].rows(), self.above[1])
            )
        return self._rows
