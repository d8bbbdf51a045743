"""One block of rows, from columns to the planes of each judgement.

Guarantee: rows whose lists fit into slots are judged slot by slot, the others end to end, and each
row's outcome is taken from the one that it fits. A line in here chooses rows and puts planes
together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from kprules.formula.nodes import Value
from kprules.records.shape import Vocabulary
from kprules.tables.domains import Domain
from kprules.tables.flat import Flat
from kprules.tables.planes import Plane, pack, tally, unpack, width
from kprules.tables.problems import Findings
from kprules.tables.quantities import Truths
from kprules.tables.reading import Dictionaries
from kprules.tables.rows import Block, Rows
from kprules.tables.running import Registers
from kprules.tables.slots import Slots, TooWideError
from kprules.tables.sources import Source
from kprules.tables.steps import Program

MOST_ENTRIES: Final = 1 << 23
"""Entries, or combinations of entries that a definition asks about, that one row may have."""
_GROUP_ENTRIES: Final = 1 << 20
"""How many are judged at once."""
_GROUP_ROWS: Final = 1 << 12

Chosen = npt.NDArray[np.int64]


class Sink(Protocol):
    """Takes the planes of each judgement, block by block."""

    def begin(self, start: int, rows: int, /) -> None:
        """Begin a block of the table's rows, or a part of one."""
        ...

    def take(self, number: int, certain: Plane, possible: Plane, among: Plane | None, /) -> None:
        """Take a judgement's planes; of the rows `among` some, or of all."""
        ...

    def put(self, number: int, certain: Truths, possible: Truths, chosen: Chosen, /) -> None:
        """Take a judgement's truths of chosen rows."""
        ...

    def end(self, *, keep: bool) -> None:
        """End the block; without `keep`, it begins once more."""
        ...


class Keeping:
    """Keeps the planes."""

    def __init__(self, planes: npt.NDArray[np.uint8]) -> None:
        """Write into planes: by judgement; certain and possible; bytes of eight rows."""
        self.planes = planes
        self._here = planes
        self._rows = 0

    def begin(self, start: int, rows: int, /) -> None:
        """Begin where the block's rows lie."""
        first = start // 8
        self._here = self.planes[:, :, first : first + width(rows)]
        self._rows = rows

    def take(self, number: int, certain: Plane, possible: Plane, _: Plane | None, /) -> None:
        """Keep the planes; rows that are not among those are put later."""
        self._here[number, 0] = certain
        self._here[number, 1] = possible

    def put(self, number: int, certain: Truths, possible: Truths, chosen: Chosen, /) -> None:
        """Write single rows over."""
        for plane, truths in zip(self._here[number], (certain, possible), strict=True):
            bits = unpack(plane, self._rows)
            bits[chosen] = truths
            plane[:] = pack(bits)

    def end(self, *, keep: bool) -> None:
        """Do nothing: what was written is kept, or written over."""


class Counting:
    """Counts outcomes and keeps nothing."""

    def __init__(self, judgements: int) -> None:
        """Begin with no row."""
        self.counts = np.zeros((judgements, 3), np.int64)
        self._here = np.zeros((judgements, 3), np.int64)
        self._rows = 0

    def begin(self, _: int, rows: int, /) -> None:
        """Begin a part of a block."""
        self._rows = rows

    def take(self, number: int, certain: Plane, possible: Plane, among: Plane | None, /) -> None:
        """Count the rows that are so."""
        rows = self._rows
        if among is not None:
            rows, certain, possible = tally(among, rows), certain & among, possible & among
        sure, may = tally(certain, self._rows), tally(possible, self._rows)
        self._here[number] += rows - may, may - sure, sure

    def put(self, number: int, certain: Truths, possible: Truths, chosen: Chosen, /) -> None:
        """Count single rows."""
        sure, may = int(certain.sum()), int(possible.sum())
        self._here[number] += len(chosen) - may, may - sure, sure

    def end(self, *, keep: bool) -> None:
        """Add the block to the table's counts."""
        if keep:
            self.counts += self._here
        self._here[:] = 0


@dataclass(frozen=True, slots=True)
class Readers:
    """What the blocks of a table are read with."""

    vocabulary: Vocabulary
    mentioned: Mapping[tuple[str, str], tuple[Value, ...]]
    pooled: frozenset[tuple[str, str]]
    met: Dictionaries


def judge_block(
    registers: Registers,
    readers: Readers,
    sources: Mapping[str, Source],
    span: tuple[int, int],
    sink: Sink,
) -> Findings:
    """Judge a block (its first row, how many); each judgement's planes go to the sink."""
    program, (start, rows) = registers.program, span
    findings = Findings(start)
    block = Block(readers.vocabulary, readers.mentioned, readers.pooled, findings, readers.met)
    root = block.root = Rows(block, readers.vocabulary.root, Domain(rows), sources)
    try:
        slots = Slots(root, program)
    except TooWideError:
        half = (rows // 2 + 7) // 8 * 8
        found = Findings()
        for begin, many in ((0, half), (half, rows - half)):
            part = sliced(sources, begin, many)
            found.absorb(judge_block(registers, readers, part, (start + begin, many), sink))
        return found
    sink.begin(start, rows)
    among = slots.ordinary()
    registers.run(
        slots, lambda number, certain, possible: sink.take(number, certain, possible, among)
    )
    if slots.long is not None:
        _judge_long(root, program, np.nonzero(slots.long)[0], findings, sink)
    return findings


def sliced(sources: Mapping[str, Source], begin: int, rows: int) -> dict[str, Source]:
    """Return columns as a tree, of some of their rows."""
    return {
        name: sliced(source, begin, rows)
        if isinstance(source, Mapping)
        else source.slice(begin, rows)
        for name, source in sources.items()
    }


def _judge_long(root: Rows, program: Program, long: Chosen, findings: Findings, sink: Sink) -> None:
    """Judge rows with long lists, so many at once as are not too many entries."""
    registers = Registers(program)
    judged: list[Chosen] = []
    found: dict[int, list[tuple[Truths, Truths]]] = {}

    def gather(number: int, certain: Plane, possible: Plane) -> None:
        many = len(judged[-1])
        pair = unpack(certain, many).view(np.bool_), unpack(possible, many).view(np.bool_)
        found.setdefault(number, []).append(pair)

    for chosen, fits in _groups(root, program, long):
        judged.append(chosen)
        if fits:
            registers.run(Flat(root, program.loops, program.closures, chosen), gather, lifting=True)
        else:
            said = f"rows with more than {MOST_ENTRIES:,} entries to look at"
            findings.add("", "row-too-long", chosen, said, hint="split the rows")
            for number in range(program.emitted()):
                nothing = np.zeros(len(chosen), np.bool_)
                found.setdefault(number, []).append((nothing, ~nothing))
    rows = np.concatenate(judged)
    for number, pairs in found.items():
        certain, possible = (np.concatenate(part) for part in zip(*pairs, strict=True))
        sink.put(number, certain, possible, rows)


def _groups(root: Rows, program: Program, long: Chosen) -> Iterator[tuple[Chosen, bool]]:
    """Yield rows in groups that are not too large, and each row that is too large by itself."""
    for begin in range(0, len(long), _GROUP_ROWS):
        chosen = long[begin : begin + _GROUP_ROWS]
        sizes = Flat(root, program.loops, program.closures, chosen).sizes(set(program.registers))
        for row in chosen[sizes > MOST_ENTRIES]:
            yield np.array([row]), False
        chosen, sizes = chosen[sizes <= MOST_ENTRIES], sizes[sizes <= MOST_ENTRIES]
        group = (np.cumsum(sizes) - sizes) // _GROUP_ENTRIES
        for number in np.unique(group):
            yield chosen[group == number], True
