"""The table engine: definitions over columns, block by block, on packed planes.

Guarantee: the same outcomes as `kprules.evaluation`, row by row; memory does not grow with the
table, apart from what is handed back. A line in here leads blocks through programs; what facts,
lists and planes are lies in the modules beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from kprules.formula.definition import Judgement, judge
from kprules.formula.expressions import Expressions
from kprules.formula.lowering import Foresight, Lowering
from kprules.records.shape import Vocabulary
from kprules.tables import columns, needs
from kprules.tables.blocks import Counting, Keeping, Readers, Sink, judge_block
from kprules.tables.ids import with_ids
from kprules.tables.lacking import missing
from kprules.tables.outcomes import Outcomes
from kprules.tables.planes import width
from kprules.tables.problems import Findings, TableProblem
from kprules.tables.program import plan
from kprules.tables.reading import Dictionaries
from kprules.tables.refused import refuse
from kprules.tables.running import Registers
from kprules.tables.sheets import Sheet, Tabular, schema_of, sheet
from kprules.tables.sight import Question, Sight
from kprules.tables.sources import Source
from kprules.tables.steps import Program

Batch = TypeVar("Batch", bound=pa.RecordBatch | pa.Table)

MOST_FLAT_ROWS: Final = 1 << 20
"""Rows of a block where definitions look into no list and are few."""
MOST_LIST_ROWS: Final = 1 << 17
"""Rows of a block where they look into lists and are few."""
_LEAST_ROWS: Final = 1 << 16
_ROOM: Final = 96 << 20
"""Bytes that the planes of one block may take."""
_USUAL_SLOTS: Final = 4
_KEPT_PROGRAMS: Final = 8


@dataclass(frozen=True, slots=True)
class Compiled:
    """A program, with what was foreseen when it was made and what its readers must know."""

    program: Program
    registers: Registers
    answers: Mapping[Question, bool | None]
    readers: Readers

    @property
    def foresees(self) -> bool:
        """Return whether anything was foreseen."""
        return bool(self.answers)

    def suits(self, sight: Sight, *, exactly: bool) -> bool:
        """Return whether what was foreseen holds of other columns too."""
        ask = {"known": sight.known, "complete": sight.complete, "whole days": sight.whole_days}
        return all(
            ask[what](place) == answer
            for (what, place), answer in self.answers.items()
            if exactly or (answer is not None and (answer or what != "whole days"))
        )


def _block_rows(program: Program) -> int:
    """Return how many rows to judge at once: many, as long as their planes are not too large."""
    size = MOST_LIST_ROWS if program.loops else MOST_FLAT_ROWS
    planes = sum(_USUAL_SLOTS if frame else 1 for frame in program.registers)
    while size > _LEAST_ROWS and size // 8 * planes > _ROOM:
        size //= 2
    return size


class Kernel:
    """Definitions, ready to judge tables of a vocabulary. Not for several threads at once."""

    def __init__(
        self,
        judgements: Sequence[Judgement],
        vocabulary: Vocabulary,
        *,
        block_rows: int | None = None,
    ) -> None:
        """Take definitions whose readings are chosen; `block_rows` is a multiple of eight."""
        if block_rows is not None and block_rows % 8:
            raise ValueError(f"a block has a multiple of eight rows, and not {block_rows}")
        self.judgements = tuple(judgements)
        self.vocabulary = vocabulary
        self.definitions = tuple(j.id for j in judgements)
        self.leaves = needs.columns_read(self.judgements, vocabulary)
        """Dotted names of the columns that outcomes may depend on."""
        self.columns = needs.top_level(self.leaves)
        """Names of the columns that those lie in."""
        self._block_rows = block_rows
        self._compiled: list[Compiled] = []
        self._met = Dictionaries()
        self._checked: dict[pa.Schema, tuple[TableProblem, ...]] = {}

    # --- whole tables -----------------------------------------------------------------------------

    def check(self, schema: pa.Schema) -> tuple[TableProblem, ...]:
        """Return what is wrong with a table's columns, and which columns are missing."""
        known = self._checked.get(schema)
        if known is None:
            found = columns.check(schema, self.vocabulary)
            known = found + missing(schema, self.judgements, self.vocabulary)
            if len(self._checked) >= _KEPT_PROGRAMS:
                self._checked.clear()
            self._checked[schema] = known
        return known

    def evaluate(self, table: Tabular) -> Outcomes:
        """Return the outcomes on an Arrow, Polars or pandas table.

        A column that cannot hold its field counts as missing, and `problems` names it.
        """
        problems, kept = self._sheet(table)
        planes = np.empty((len(self.judgements), 2, width(kept.rows)), np.uint8)
        findings = self._run(kept, Keeping(planes))
        return Outcomes(
            self.definitions,
            kept.rows,
            planes,
            problems + findings.problems(),
            findings.rejected(),
        )

    def counts(self, table: Tabular) -> npt.NDArray[np.int64]:
        """Return how many rows have each outcome, by definition and code, and keep no outcome."""
        counting = Counting(len(self.judgements))
        self._run(self._sheet(table)[1], counting)
        return counting.counts

    def _sheet(self, table: Tabular) -> tuple[tuple[TableProblem, ...], Sheet]:
        """Return what is wrong with the columns, and those that can be looked at."""
        problems = self.check(schema_of(table))
        wrong = {
            p.column.split(".")[0].removesuffix("[]")
            for p in problems
            if p.kind in {"wrong-type", "clashing-columns"}
        }
        return problems, sheet(table, set(self.columns) - wrong)

    def stream(self, batches: Iterable[pa.RecordBatch]) -> Iterator[Outcomes]:
        """Yield the outcomes on each of some batches, one at a time in memory."""
        for batch in batches:
            yield self.evaluate(batch)

    def batch(
        self,
        batch: Batch,
        *,
        id_column: str | None = None,
        form: Literal["names", "packed"] = "names",
    ) -> Batch:
        """Return a batch's ids with a column of outcomes a definition, or one packed column.

        `packed` holds two bits a definition (`kprules.tables.outcomes.unpacked`). Raises
        `TableError` where a column or a value cannot be judged.
        """
        name = id_column or self.vocabulary.about
        outcomes = self.evaluate(with_ids(batch, name))
        refuse(outcomes, beside=name)
        ids = [batch.column(name)] if name in batch.schema.names else []
        names = [name] if ids else []
        columns = [outcomes.packed()] if form == "packed" else outcomes.columns()
        called = ["outcomes"] if form == "packed" else self.definitions
        made: Batch = type(batch).from_arrays([*ids, *columns], [*names, *called])
        return made

    # --- blocks -----------------------------------------------------------------------------------

    def _run(self, kept: Sheet, sink: Sink) -> Findings:
        findings = Findings()
        compiled = self._compile(Sight(kept.tree(), self.vocabulary))
        size = self._block_rows or _block_rows(compiled.program)
        for start, rows, sources in kept.blocks(size):
            found = self._judge(compiled, sources, (start, rows), sink)
            if found and compiled.foresees:
                # A value that cannot be read is unknown after all: foresee nothing.
                found = self._judge(self._compile(None), sources, (start, rows), sink)
            findings.absorb(found)
        return findings

    def _judge(
        self, compiled: Compiled, sources: Mapping[str, Source], span: tuple[int, int], sink: Sink
    ) -> Findings:
        findings = judge_block(compiled.registers, compiled.readers, sources, span, sink)
        sink.end(keep=not findings or not compiled.foresees)
        return findings

    def _compile(self, sight: Sight | None) -> Compiled:
        """Return a program for columns as they look, made anew where none is at hand."""
        for compiled in self._compiled:
            if not compiled.answers if sight is None else compiled.suits(sight, exactly=True):
                return compiled
        if sight is not None and len(self._compiled) >= _KEPT_PROGRAMS:
            for compiled in self._compiled:
                if compiled.suits(sight, exactly=False):
                    return compiled
        store = Expressions()
        foresight: Foresight | None = sight
        truths = [judge(j, Lowering(store, {}, foresight)) for j in self.judgements]
        answers = {} if sight is None else sight.answers
        program = plan(
            store,
            [(t.certain, t.possible) for t in truths],
            lambda place: answers.get(("known", place)) is True,
        )
        made = Compiled(
            program,
            Registers(program),
            dict(answers),
            Readers(
                self.vocabulary,
                needs.mentioned(program, self.vocabulary),
                needs.pooled(program, self.vocabulary),
                self._met,
            ),
        )
        self._compiled = [*self._compiled[-2 * _KEPT_PROGRAMS :], made]
        return made
