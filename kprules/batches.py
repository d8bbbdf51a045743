"""Definitions as a plain function from batch to batch: `kprules.batches.judging(rules)`.

Guarantee: the table engine's outcomes, row by row and in order; the function can be pickled, and
each process that calls it makes its kernel once. A line in here turns rules into judgements.

Ray Data takes it as it is:

    cases = [d for d in kprules.load_rules().values() if d.about == "case"]
    judge = kprules.batches.judging(cases)
    ray.data.read_parquet("rows/").map_batches(judge, batch_format="pyarrow")

Daft calls functions of columns, so that a row travels as a struct, in both directions:

    kind = daft.DataType.struct({name: daft.DataType.string() for name in judge.definitions})

    @daft.func.batch(return_dtype=kind, unnest=True)
    def outcomes(rows: daft.Series) -> pa.Array:
        return judge(pa.RecordBatch.from_struct_array(rows.to_arrow())).to_struct_array()

    frame = daft.read_parquet("rows/")
    columns = [daft.col(name) for name in frame.column_names]
    frame.select("case", outcomes(daft.functions.to_struct(*columns)))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from kprules.asking import chosen
from kprules.formula.definition import Definition, Judgement
from kprules.tables import require

if TYPE_CHECKING:
    import pyarrow as pa

    from kprules.tables.kernel import Kernel

Batch = TypeVar("Batch", bound="pa.RecordBatch | pa.Table")


@dataclass(slots=True)
class Judging:
    """A function from batch to batch. Not for several threads at once."""

    judgements: tuple[Judgement, ...]
    id_column: str
    form: Literal["names", "packed"] = "names"
    _kernel: Kernel | None = field(default=None, repr=False, compare=False)

    @property
    def definitions(self) -> tuple[str, ...]:
        """The columns of outcomes, in order."""
        return tuple(judgement.id for judgement in self.judgements)

    def __call__(self, batch: Batch) -> Batch:
        """Return the ids of an Arrow batch or table, and the outcomes on its rows."""
        if self._kernel is None:
            from kprules.tables.kernel import Kernel  # noqa: PLC0415 - brings in engines

            self._kernel = Kernel(self.judgements, self.judgements[0].definition.vocabulary)
        return self._kernel.batch(batch, id_column=self.id_column, form=self.form)

    def __reduce__(self) -> Any:
        """Leave the kernel behind: who unpickles the function makes one."""
        return Judging, (self.judgements, self.id_column, self.form)


def judging(
    rules: Mapping[str, Definition] | Iterable[Definition],
    *,
    id_column: str | None = None,
    readings: Mapping[str, str] | None = None,
    form: Literal["names", "packed"] = "names",
) -> Judging:
    """Return a function from an Arrow batch (or table) to one of ids and outcomes.

    `id_column` is called like the kind of record (`case`), unless it is named. `readings` maps
    `definition.label` to the name of a reading. `packed` puts the outcomes into one column, two
    bits a definition, as `kprules.tables.outcomes.unpacked` reads it. The function raises
    `ValueError` where a column is no field, or a value cannot be read. Needs `kprules[tables]`.
    """
    require()
    definitions = list(rules.values() if isinstance(rules, Mapping) else rules)
    abouts = sorted({definition.about for definition in definitions})
    if len(abouts) != 1:
        raise ValueError(f"definitions about one kind of record, and not {abouts}")
    return Judging(chosen(definitions, readings), id_column or abouts[0], form)
