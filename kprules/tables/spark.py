"""The table engine on a Spark cluster.

Guarantee: the same kernel, batch by batch, in every Python worker; no second meaning. Definitions
are broadcast, and each worker process makes its judge once. A row's outcomes travel as one packed
column, and become names where Spark reads them. Rows are judged each by itself: whether two have
one id is not looked at. A line in here leads batches through the kernel.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias
from weakref import WeakKeyDictionary

from kprules.formula.definition import Definition, Judgement
from kprules.tables.outcomes import NAMES, Outcomes
from kprules.tables.refused import refuse
from kprules.tables.rows import INCOMPLETE

if TYPE_CHECKING:
    import pyarrow as pa

_NEEDED: Final = "Spark needs pyspark: pip install 'kprules[spark]'"
PACKED: Final = "kprules_outcomes"
"""The column of packed outcomes."""

Judge: TypeAlias = "Callable[[pa.RecordBatch], tuple[pa.BooleanArray | None, Outcomes]]"
"""Returns which rows of a batch are asked for (all, if it does not say), and their outcomes."""


class MissingExtraError(RuntimeError):
    """PySpark is not installed."""


class Work(Protocol):
    """What travels to the workers: definitions, and how they are to be judged by."""

    @property
    def ids(self) -> Sequence[str]:
        """The definitions, in the order of their outcomes."""
        ...

    @property
    def columns(self) -> Collection[str]:
        """The top-level columns that outcomes may depend on."""
        ...

    def begin(self) -> Judge:
        """Return a judge; asked for in a worker."""
        ...


@dataclass(frozen=True, slots=True)
class Judgements:
    """Definitions whose readings are chosen, and every row."""

    judgements: tuple[Judgement, ...]

    @property
    def ids(self) -> Sequence[str]:
        """The definitions, in the order given."""
        return [judgement.id for judgement in self.judgements]

    @property
    def columns(self) -> Collection[str]:
        """The columns that they look at."""
        from kprules.tables import needs  # noqa: PLC0415 - it reads columns

        vocabulary = self.judgements[0].definition.vocabulary
        return needs.top_level(needs.columns_read(self.judgements, vocabulary))

    def begin(self) -> Judge:
        """Return the kernel as a judge."""
        from kprules.tables.kernel import Kernel  # noqa: PLC0415 - in the worker

        kernel = Kernel(self.judgements, self.judgements[0].definition.vocabulary)
        return lambda batch: (None, kernel.evaluate(batch))


def evaluate(
    frame: Any,
    judgements: Sequence[Judgement],
    *,
    keep: Sequence[str] = (),
    beside: Collection[str] = (),
    packed: bool = False,
) -> Any:
    """Return a DataFrame of the columns kept and an outcome column for each definition.

    `keep` names columns to carry through, the id first; those `beside` the facts are no fields.
    `packed` leaves the outcomes in one binary
    column, two bits a definition, as `kprules.tables.outcomes.unpacked` reads it.
    """
    if not judgements:
        raise ValueError("no definition to judge by")
    work = Judgements(tuple(replace(j, definition=bare(j.definition)) for j in judgements))
    if packed:
        return judged(frame, work, keep=keep, beside=beside)
    made = judged(frame, work, keep=keep, beside=beside, words=True)
    return named(made, work.ids, keep=keep)


def arrow_schema(frame: Any) -> pa.Schema:
    """Return the columns of a DataFrame as they come to the workers."""
    try:
        from pyspark.sql.pandas.types import to_arrow_schema  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError(_NEEDED) from None
    zoned: Any = {"timezone": "UTC"}
    if "timezone" not in inspect.signature(to_arrow_schema).parameters:
        zoned = {}  # before Spark 4 it is so by itself
    return to_arrow_schema(frame.schema, **zoned)


def judged(
    frame: Any,
    work: Work,
    *,
    keep: Sequence[str] = (),
    beside: Collection[str] = (),
    words: bool = False,
) -> Any:
    """Return a DataFrame of the columns kept and one of packed outcomes: bytes, or whole numbers.

    Those of them that are `beside` the facts, and are no fields, no definition sees. Whole numbers
    (`words`) are what `named` reads.
    """
    try:
        from pyspark.sql import types  # noqa: PLC0415 - an extra
    except ImportError:
        raise MissingExtraError(_NEEDED) from None
    unknown = [name for name in keep if name not in frame.columns]
    if unknown:
        raise ValueError(f"no column is called `{unknown[0]}`")
    needed = {*work.columns, INCOMPLETE}
    seen = [n for n in frame.columns if n.partition(".")[0] in needed and n not in beside]
    read = [*seen, *(name for name in keep if name not in seen)]
    kind = types.ArrayType(types.LongType(), False) if words else types.BinaryType()
    packed = types.StructField(PACKED, kind, nullable=False)
    schema = types.StructType([*(frame.schema[name] for name in keep), packed])
    shipped = frame.sparkSession.sparkContext.broadcast(work)
    work_on = judging(shipped, seen, read, keep, words=words)
    return _numbered(frame, read).mapInArrow(work_on, schema)


def named(judged: Any, ids: Sequence[str], *, keep: Sequence[str] = (), long: bool = False) -> Any:
    """Return outcomes packed in `words` as names: a column a definition, or a row if `long`."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra, used here alone

    names = f.array(*(f.lit(name) for name in NAMES))
    outcomes = [f.element_at(names, _code(f, index) + 1) for index in range(len(ids))]
    kept = [f.col(_quoted(name)) for name in keep]
    if not long:
        columns = [o.alias(id_) for o, id_ in zip(outcomes, ids, strict=True)]
        return judged.select(*kept, *columns)
    pairs = [
        f.struct(f.lit(id_).alias("definition"), outcome.alias("outcome"))
        for id_, outcome in zip(ids, outcomes, strict=True)
    ]
    return judged.select(*kept, f.inline(f.array(*pairs)))


def _numbered(frame: Any, read: Sequence[str]) -> Any:
    """Return the columns to read under numbers: `mapInArrow` takes a dot in a name for a path."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra, used here alone

    if not read:
        return frame.select(f.lit(None).cast("boolean").alias("0"))
    return frame.select(*(f.col(_quoted(name)).alias(str(i)) for i, name in enumerate(read)))


def judging(
    shipped: Any,
    seen: Sequence[str],
    read: Sequence[str],
    keep: Sequence[str],
    *,
    words: bool = False,
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return the function that `mapInArrow` takes; `shipped` is a broadcast of the work.

    Its batches have the columns `read`; of these, definitions look at those `seen`.
    """

    def judged(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa  # noqa: PLC0415 - in the worker

        judge = _judge(shipped)
        for numbered in batches:
            batch = dict(zip(read, numbered.columns, strict=False))
            facts = {name: batch[name] for name in seen} or {
                INCOMPLETE: pa.nulls(numbered.num_rows, pa.list_(pa.string()))
            }
            wanted, outcomes = judge(pa.RecordBatch.from_pydict(facts))
            refuse(outcomes)
            columns = [batch[name] for name in keep]
            if wanted is not None:
                columns = [column.filter(wanted) for column in columns]
            packed = outcomes.words() if words else outcomes.packed().cast(pa.binary())
            yield pa.RecordBatch.from_arrays([*columns, packed], [*keep, PACKED])

    return judged


_JUDGES: WeakKeyDictionary[Any, Judge] = WeakKeyDictionary()
"""The judges of this worker process, by the broadcast that they were made from."""


def _judge(shipped: Any) -> Judge:
    found = _JUDGES.get(shipped)
    if found is None:
        found = _JUDGES[shipped] = shipped.value.begin()
    return found


def bare(definition: Definition) -> Definition:
    """Return a definition without what only reports read."""
    return replace(definition, sources=(), notes=(), expectations=())


def _code(f: Any, index: int) -> Any:
    """Return the code of one definition from the packed column, in Spark's own terms."""
    word = f.element_at(f.col(PACKED), index // 32 + 1)
    return f.shiftright(word, index % 32 * 2).bitwiseAND(f.lit(3)).cast("int")


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
