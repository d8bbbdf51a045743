"""How long definitions and cases take here: to load, to judge one by one, to judge as a table.

Guarantee: a time is the least of several runs, each of the same work from its beginning. Values
only: how they are shown is said in `kprules.reports.bench`. A line in here touches clocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from kprules.comparison.conditions import Conditions
from kprules.comparison.matrix import Subject, settle
from kprules.evaluation.compiled import compile_numbers
from kprules.evaluation.outcome import judged
from kprules.formula.definition import Definition, Judgement, choose
from kprules.records.settled import NO_RECORD, ONGOING, UNKNOWN_RECORD, Incomplete, Settled
from kprules.records.shape import (
    ListOf,
    Nested,
    Period,
    Reference,
    Scalar,
    SetOf,
    Type,
    Vocabulary,
    slot,
)

if TYPE_CHECKING:
    import pyarrow as pa

ROWS: Final = 20_000
"""Rows of the table that the cases are repeated to."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Some work, how long it took, and of how many things each it is the sum."""

    work: str
    seconds: float
    count: int
    each: str
    """What there are so many of: `case`, `row and definition`."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What was measured."""

    loading: tuple[Measured, ...]
    judging: tuple[Measured, ...]
    table: tuple[Measured, ...]
    """Empty where the libraries of tables are not installed."""
    costs: tuple[Measured, ...]
    """Each definition with reasons, the dearest first."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Runs work again and again for a while, at least once."""

    seconds: float

    def least(self, work: Callable[[], object]) -> float:
        """Return the least time of the runs."""
        found = float("inf")
        ends = perf_counter() + self.seconds
        while True:
            begun = perf_counter()
            work()
            now = perf_counter()
            found = min(found, now - begun)
            if now >= ends:
                return found


Loading = tuple[str, Callable[[], object], int, str]
"""Some work of loading, and of how many things it is."""


def bench(
    loading: Iterable[Loading],
    definitions: Sequence[Definition],
    subjects: Sequence[Subject],
    seconds: float,
    *,
    table: bool,
) -> Bench:
    """Measure for about so many seconds; `table` says whether as a table too."""
    clock = Clock(seconds / (9 if table else 7))
    loaded = tuple(Measured(work, clock.least(run), n, each) for work, run, n, each in loading)
    judgements = [choose(definition) for definition in definitions]
    records = [settle(subject.record, definitions[0], Conditions()) for subject in subjects]
    judging = tuple(_judging(clock, definitions, judgements, subjects, records))
    costs = [
        Measured(judgement.id, seconds, len(records), "case")
        for judgement, seconds in _costs(judgements, records)
    ]
    return Bench(
        loaded,
        judging,
        tuple(_table(clock, judgements, records)) if table else (),
        tuple(sorted(costs, key=lambda cost: -cost.seconds)),
    )


def _judging(
    clock: Clock,
    definitions: Sequence[Definition],
    judgements: Sequence[Judgement],
    subjects: Sequence[Subject],
    records: Sequence[Settled],
) -> Iterator[Measured]:
    first, pairs = definitions[0], len(judgements) * len(records)
    numbers = compile_numbers(judgements)

    def settling() -> None:
        for subject in subjects:
            settle(subject.record, first, Conditions())

    def outcomes() -> None:
        for record in records:
            numbers(record)

    def reasons() -> None:
        for judgement in judgements:
            _with_reasons(judgement, records)

    compiling = partial(compile_numbers, judgements)
    yield Measured("settling the facts", clock.least(settling), len(records), "case")
    yield Measured("compiling", clock.least(compiling), len(judgements), "definition")
    yield Measured("outcomes, compiled", clock.least(outcomes), pairs, "case and definition")
    yield Measured("with reasons", clock.least(reasons), pairs, "case and definition")


def _costs(
    judgements: Sequence[Judgement], records: Sequence[Settled]
) -> Iterator[tuple[Judgement, float]]:
    once = Clock(0)
    for judgement in judgements:
        yield judgement, once.least(partial(_with_reasons, judgement, records))


def _with_reasons(judgement: Judgement, records: Sequence[Settled]) -> None:
    for record in records:
        result = judged(judgement, record)
        _ = result.because, result.unknown


# --- as a table -----------------------------------------------------------------------------------


def _table(
    clock: Clock, judgements: Sequence[Judgement], records: Sequence[Settled]
) -> Iterator[Measured]:
    import pyarrow as pa  # noqa: PLC0415 - of an extra

    from kprules.tables.kernel import Kernel  # noqa: PLC0415 - as above

    vocabulary = judgements[0].definition.vocabulary
    rows = table_of(records, vocabulary)
    rows = pa.concat_tables([rows] * -(-ROWS // len(records))).combine_chunks()
    kernel = Kernel(judgements, vocabulary)
    work = f"{rows.num_rows} rows by {len(judgements)} definitions"
    planning = partial(Kernel, judgements, vocabulary)
    pairs = rows.num_rows * len(judgements)
    yield Measured("planning", clock.least(planning), len(judgements), "definition")
    judging = partial(kernel.evaluate, rows)
    yield Measured(work, clock.least(judging), pairs, "row and definition")


def table_of(records: Sequence[Settled], vocabulary: Vocabulary) -> pa.Table:
    """Return what settled records say as a table; what a table cannot say is left unknown there.

    That is a period of which one end alone is known, and the rest of a list inside a list.
    """
    import pyarrow as pa  # noqa: PLC0415 - as above

    from kprules.library.table_files.types import struct_type  # noqa: PLC0415 - as above

    names = pa.field("incomplete", pa.list_(pa.string()))
    schema = pa.schema([*struct_type(vocabulary.root, vocabulary), names])
    rows = []
    for record in records:
        lists = {name: getattr(record, slot(name)) for name in vocabulary.root.fields}
        unfinished = [name for name, value in lists.items() if isinstance(value, Incomplete)]
        open_lists = {name: _entries(lists[name]) for name in unfinished}
        rows.append({**_row(record), **open_lists, "incomplete": unfinished})
    return pa.Table.from_pylist(rows, schema)


def _row(record: Settled) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, field in record._shape.fields.items():  # noqa: SLF001 - of its own class
        value = getattr(record, slot(name))
        if value is not None and value is not UNKNOWN_RECORD:
            made[name] = _cell(value, field.type)
    return made


def _entries(entries: Sequence[Settled]) -> list[dict[str, Any]]:
    """Return the entries of a list, each with its id where it has one."""
    return [{**_row(entry), "id": entry._key} for entry in entries]  # noqa: SLF001 - as above


def _cell(value: Any, kind: Type) -> Any:
    match kind:
        case Scalar(kind="date"):
            return str(value)
        case Scalar(kind="number"):
            return int(value) if kind.whole else Decimal(value)
        case SetOf():
            return list(value)
        case Reference():
            return "none" if value is NO_RECORD else value._key  # noqa: SLF001 - as above
        case Nested():
            return _row(value)
        case Period():
            ends = {"from": value.from_, "to": value.to}
            if None in ends.values():
                return None
            return {name: None if day == ONGOING else str(day) for name, day in ends.items()}
        case ListOf():
            return None if isinstance(value, Incomplete) else _entries(value)
        case _:
            return value
