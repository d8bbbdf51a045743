"""The table engine on a Spark cluster.

Guarantee: the same kernel, batch by batch, in every Python worker; no second meaning. Definitions
are broadcast, and each worker process makes its kernel once. A row's outcomes travel as one packed
column, and become names where Spark reads them. A line in here leads batches through the kernel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kprules.formula.definition import Judgement
from kprules.records.shape import Vocabulary
from kprules.tables.outcomes import NAMES
from kprules.tables.rows import INCOMPLETE

if TYPE_CHECKING:
    import pyarrow as pa

    from kprules.tables.kernel import Kernel

PACKED = "kprules_outcomes"
"""The column of packed outcomes."""


class MissingExtraError(RuntimeError):
    """PySpark is not installed."""


class TableError(ValueError):
    """Columns or values that cannot be judged; raised in a task, so that the job fails with it."""


def evaluate(
    frame: Any,
    judgements: Sequence[Judgement],
    *,
    keep: Sequence[str] = (),
    packed: bool = False,
) -> Any:
    """Return a DataFrame of the columns kept and an outcome column for each definition.

    `keep` names columns to carry through, the id first. `packed` leaves the outcomes in one binary
    column, two bits a definition, as `kprules.tables.outcomes.unpacked` reads it.
    """
    try:
        from pyspark.sql import functions as f  # noqa: PLC0415 - an extra, used here alone
        from pyspark.sql.types import BinaryType, StructField, StructType  # noqa: PLC0415 - as above
    except ImportError:
        raise MissingExtraError("Spark needs pyspark: pip install 'kprules[spark]'") from None
    if not judgements:
        raise ValueError("no definition to judge by")
    vocabulary = judgements[0].definition.vocabulary
    kept = list(keep)
    unknown = [name for name in kept if name not in frame.columns]
    if unknown:
        raise ValueError(f"no column is called `{unknown[0]}`")
    needed = _needed(judgements, vocabulary)
    read = [name for name in frame.columns if name.partition(".")[0] in needed or name in kept]
    schema = StructType(
        [*(frame.schema[name] for name in kept), StructField(PACKED, BinaryType(), nullable=False)]
    )
    shipped = frame.sparkSession.sparkContext.broadcast((_bare(judgements), vocabulary.about))
    judged = _numbered(frame, read).mapInArrow(judging(shipped, read, kept), schema)
    if packed:
        return judged
    names = f.array(*(f.lit(name) for name in NAMES))
    columns = [
        f.element_at(names, _code(f, index) + 1).alias(judgement.id)
        for index, judgement in enumerate(judgements)
    ]
    return judged.select(*(f.col(_quoted(name)) for name in kept), *columns)


def _numbered(frame: Any, read: Sequence[str]) -> Any:
    """Return the columns to read under numbers: `mapInArrow` takes a dot in a name for a path."""
    from pyspark.sql import functions as f  # noqa: PLC0415 - an extra, used here alone

    if not read:
        return frame.select(f.lit(None).cast("array<string>").alias("0"))
    return frame.select(*(f.col(_quoted(name)).alias(str(i)) for i, name in enumerate(read)))


def judging(
    shipped: Any, read: Sequence[str], keep: Sequence[str]
) -> Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    """Return the function that `mapInArrow` takes; `shipped` is a broadcast of the definitions.

    `read` names the columns of its batches. Where none is read, one comes that says nothing.
    """
    names = list(read) or [INCOMPLETE]

    def judged(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa  # noqa: PLC0415 - in the worker

        kernel = _kernel(shipped)
        for numbered in batches:
            batch = pa.RecordBatch.from_arrays(numbered.columns, names)
            outcomes = kernel.evaluate(batch)
            if not outcomes.ok:
                wrong = [problem for problem in outcomes.problems if problem.is_error]
                raise TableError("; ".join(str(problem) for problem in wrong[:5]))
            columns = [batch.column(name) for name in keep]
            packed = outcomes.packed().cast(pa.binary())
            yield pa.RecordBatch.from_arrays([*columns, packed], [*keep, PACKED])

    return judged


_KERNELS: dict[int, Kernel] = {}
"""The kernels of this worker process, by the broadcast that they were made from."""


def _kernel(shipped: Any) -> Kernel:
    from kprules.tables.kernel import Kernel  # noqa: PLC0415 - in the worker

    key = getattr(shipped, "_jid", None) or id(shipped)
    found = _KERNELS.get(key)
    if found is None:
        judgements, _ = shipped.value
        found = Kernel(judgements, judgements[0].definition.vocabulary)
        _KERNELS[key] = found
    return found


def _bare(judgements: Sequence[Judgement]) -> tuple[Judgement, ...]:
    """Return the definitions without what only reports read."""
    return tuple(
        replace(j, definition=replace(j.definition, sources=(), notes=(), expectations=()))
        for j in judgements
    )


def _needed(judgements: Sequence[Judgement], vocabulary: Vocabulary) -> set[str]:
    from kprules.tables import needs  # noqa: PLC0415 - it reads columns

    leaves = needs.columns_read(tuple(judgements), vocabulary)
    return {name.partition(".")[0] for name in needs.top_level(leaves)} | {INCOMPLETE}


def _code(f: Any, index: int) -> Any:
    """Return the code of one definition from the packed column, in Spark's own terms."""
    byte = f.conv(f.hex(f.substring(f.col(PACKED), index // 4 + 1, 1)), 16, 10).cast("int")
    return f.shiftright(byte, index % 4 * 2).bitwiseAND(f.lit(3))


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
