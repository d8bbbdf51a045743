"""The records in one block of a table: where each column lies, and what it leads to.

Guarantee: a column is read once a block, when first asked for, and its problems are noted then; a
column that is missing is unknown in every row. A line in here walks from records to their fields,
lists and references; it knows no formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.types as at

from kprules.formula.nodes import Value
from kprules.records.shape import (
    PERIOD_FIELDS,
    Field,
    ListOf,
    Nested,
    Period,
    RecordShape,
    Reference,
    Scalar,
    SetOf,
    Vocabulary,
)
from kprules.tables.arrow import as_list, elements, is_text, known_bits, starts_of, struct_field
from kprules.tables.domains import Domain
from kprules.tables.joining import entries_named, repeated
from kprules.tables.leaves import Coded, Day, Entries, Leaf, Link, Listing, Presence
from kprules.tables.listed import all_lists, own_lists
from kprules.tables.periods import going_on, turned_round
from kprules.tables.planes import Plane, also, pack, unpack, zeros
from kprules.tables.pools import Pool
from kprules.tables.problems import FIRST, Findings, Kind
from kprules.tables.quantities import Truths
from kprules.tables.reading import Dictionaries, Report, read_scalar
from kprules.tables.sets import read_set
from kprules.tables.sources import ID, MapEntries, Source, known_in

PERIOD_SHAPE: Final = RecordShape("period", {n: Field(n, t) for n, t in PERIOD_FIELDS.items()})
INCOMPLETE: Final = "incomplete"
"""The column that names lists with entries that are not recorded."""


@dataclass(slots=True)
class Block:
    """What the readers of one block share."""

    vocabulary: Vocabulary
    mentioned: Mapping[tuple[str, str], tuple[Value, ...]]
    """The values that definitions name beside a field, by record and field."""
    pooled: frozenset[tuple[str, str]]
    """The fields with texts that are set beside other texts."""
    findings: Findings
    met: Dictionaries
    pools: dict[str, Pool] = field(default_factory=dict)
    """Ids by the map that they name entries of; under no name, the other texts."""
    root: Rows | None = None

    def pool(self, name: str) -> Pool:
        """Return the pool of a map's ids, or of texts."""
        return self.pools.setdefault(name, Pool())


class Rows:
    """Records of one shape in a domain."""

    def __init__(
        self,
        block: Block,
        shape: RecordShape,
        domain: Domain,
        source: Source,
        *,
        column: str = "",
        dotted: str = "",
    ) -> None:
        """Read from a column of records, or from columns of their own."""
        self.block, self.shape, self.domain, self.source = block, shape, domain, source
        self.column, self.dotted = column, dotted
        self._leaves: dict[str, Leaf] = {}
        self._inner: dict[str, Rows] = {}

    # --- columns ----------------------------------------------------------------------------------

    def found(self, name: str) -> Source | None:
        """Return the column of a field, where there is one that holds anything."""
        at_hand: Source | None
        if isinstance(self.source, Mapping):
            at_hand = self.source.get(name)
        else:
            at_hand = struct_field(self.source, name)
        if isinstance(at_hand, pa.Array) and at.is_null(at_hand.type):
            return None
        return at_hand

    @cached_property
    def known(self) -> Plane | None:
        """Return where the record is known: of columns that stand apart, where any of them is."""
        return known_in(self.source, self.domain.count)

    def _array(self, name: str) -> pa.Array:
        array = self.found(name)
        return pa.nulls(self.domain.count) if array is None else array

    def _below(self, name: str) -> tuple[str, str]:
        """Return what a field's column is called, for people and for `incomplete`."""
        return tuple(f"{p}.{name}" if p else name for p in (self.column, self.dotted))  # type: ignore[return-value]  # two in, two out

    def _report(self, name: str, rows: npt.NDArray[np.int64] | None = None) -> Report:
        """Return what notes bad elements of a column; `rows` says whose they are."""

        def report(
            kind: Kind,
            bad: Truths,
            message: str,
            hint: str = "",
            values: Iterable[Any] = (),
            /,
        ) -> None:
            owners = self.domain.rows() if rows is None else rows
            self.block.findings.add(
                self._below(name)[0],
                kind,
                owners[bad],
                message,
                hint=hint,
                values=tuple(str(v) for v in values),
            )

        return report

    # --- fields -----------------------------------------------------------------------------------

    def leaf(self, name: str) -> Leaf:
        """Return what the records say in a field."""
        leaf = self._leaves.get(name)
        if leaf is None:
            leaf = self._read(name)
            if not self.domain.count:  # whoever looks here looks for a record that is not there
                leaf = replace(leaf, known=zeros((0,)))
            self._leaves[name] = leaf
        return leaf

    def _read(self, name: str) -> Leaf:
        kind = self.shape.fields[name].type
        key = (self.shape.name, name)
        match kind:
            case Scalar():
                array = self._array(name)
                if key in self.block.pooled and not at.is_null(array.type):
                    return self._read_pooled(array, self.block.mentioned.get(key, ()))
                mentioned = self.block.mentioned.get(key, ())
                return read_scalar(array, kind, mentioned, self._report(name), self.block.met)
            case SetOf(member):
                owners = self.domain.rows
                return read_set(
                    self._array(name),
                    member,
                    self.block.mentioned.get(key, ()),
                    lambda lengths: self._report(name, np.repeat(owners(), lengths)),
                    self.block.met,
                )
            case Nested() | Period():
                return Presence(shape=(self.domain.count,), known=self.inner(name).known)
            case Reference():
                return self._read_link(name, kind)
            case ListOf():
                return self._read_list(name)

    def _read_pooled(self, array: pa.Array, mentioned: tuple[Value, ...]) -> Coded:
        pool = self.block.pool("")
        return Coded(
            shape=(len(array),),
            known=known_bits(array),
            codes=pool.codes(array),
            natives={text: (pool.code(str(text)),) for text in mentioned},
        )

    # --- records in records -----------------------------------------------------------------------

    def inner(self, name: str) -> Rows:
        """Return the records that lie in a field: nested, a period's ends, or inlined."""
        rows = self._inner.get(name)
        if rows is None:
            kind = self.shape.fields[name].type
            source = self.found(name)
            column, dotted = self._below(name)
            if isinstance(kind, Reference):  # its lists are called as in the map
                dotted = kind.through
            shape = (
                PERIOD_SHAPE
                if isinstance(kind, Period)
                else self.block.vocabulary.shape_of(kind.record)  # type: ignore[union-attr]  # asked of records alone
            )
            made = Ends if isinstance(kind, Period) else Rows
            rows = self._inner[name] = made(
                self.block,
                shape,
                self.domain,
                {} if source is None else source,
                column=column,
                dotted=dotted,
            )
        return rows

    # --- lists ------------------------------------------------------------------------------------

    def _read_list(self, name: str) -> Entries:
        source, count = self.found(name), self.domain.count
        kind = self.shape.fields[name].type
        assert isinstance(kind, ListOf)  # noqa: S101 - asked of lists alone
        column, dotted = self._below(name)
        shape = self.block.vocabulary.shape_of(kind.record)
        inside: Source
        if source is None:
            lengths = np.zeros(count, np.int64)
            known: Plane | None = zeros((count,))
            inside, held = {}, 0
        else:
            entries, lengths = elements(as_list(source))
            known, held = known_bits(source), len(entries)
            inside = {} if at.is_null(entries.type) else entries
            if at.is_map(source.type):  # type: ignore[union-attr]  # a list is never scattered
                inside = MapEntries(entries)
        listed = self._inner[name] = Rows(
            self.block,
            shape,
            Domain(held, (self.domain, lengths)),
            inside,
            column=f"{column}[]",
            dotted=dotted,
        )
        if kind.keyed and count:
            listed.refuse_repeated(self.block.pool(name), lengths)
        return Entries(
            shape=(count,),
            known=known,
            starts=starts_of(lengths) if count else np.zeros(0, np.int64),
            lengths=lengths,
            incomplete=self._incomplete(name),
        )

    def refuse_repeated(self, pool: Pool, lengths: npt.NDArray[np.int64]) -> None:
        """Report entries of lists so long whose id an earlier one of their list has."""
        ids = self.found(ID)
        if not isinstance(ids, pa.Array) or lengths.max() < 2:  # noqa: PLR2004 - one is no other's
            return
        again = repeated(pool.codes(ids), known_bits(ids), lengths)
        if again.any():
            few = dict.fromkeys(ids.take(pa.array(np.nonzero(again)[0][: 4 * FIRST])).to_pylist())
            said = "ids that an earlier entry of the row has"
            self._report(ID)("duplicate-key", again, said, "", [*few][:FIRST])

    def entries(self, name: str) -> Rows:
        """Return the entries of all lists in a field, end to end."""
        self.leaf(name)
        return self._inner[name]

    def _incomplete(self, name: str) -> Plane | None:
        """Return where a list is said to have entries that are not recorded."""
        root = self.block.root
        assert root is not None  # noqa: S101 - set before anything is read
        dotted = self._below(name)[1]
        said = root.naming(dotted)
        if said is not None and root.domain is not self.domain:
            said = pack(unpack(said, root.domain.count).take(self.domain.rows()))
        own = None if self is root or name == dotted else self.naming(name)
        if said is None or own is None:
            return own if said is None else said
        return said | own

    def naming(self, name: str) -> Plane | None:
        """Return where the column `incomplete` holds a name, or one that cannot be read."""
        found = self._incomplete_lists
        if found is None or name not in found.places:
            return None
        here = found.includes("any", (name,)) | ~found.complete()
        return here if found.known is None else here & found.known

    @cached_property
    def _incomplete_lists(self) -> Listing | None:
        array = None if INCOMPLETE in self.shape.fields else self.found(INCOMPLETE)
        if array is None:
            return None
        whole = self is self.block.root
        names = all_lists(self.block.vocabulary) if whole else own_lists(self.shape)
        owners = self.domain.rows
        return read_set(
            array,
            Scalar("enum", names),
            names,
            lambda lengths: self._report(INCOMPLETE, np.repeat(owners(), lengths)),
            self.block.met,
        )

    # --- references -------------------------------------------------------------------------------

    def is_inlined(self, name: str) -> bool:
        """Return whether what a reference names lies in its own column."""
        source = self.found(name)
        return source is not None and not (isinstance(source, pa.Array) and is_text(source.type))

    def linked(self, name: str) -> Rows:
        """Return the records that a reference names: in its own column, or in the map."""
        kind = self.shape.fields[name].type
        assert isinstance(kind, Reference)  # noqa: S101 - asked of references alone
        if self.is_inlined(name):
            return self.inner(name)
        assert self.block.root is not None  # noqa: S101 - set before anything is read
        return self.block.root.entries(kind.through)

    def _read_link(self, name: str, kind: Reference) -> Link:
        count, pool = self.domain.count, self.block.pool(kind.through)
        if self.found(name) is None:
            return Link(shape=(count,), known=zeros((count,)), target=np.zeros(count, np.int64))
        if self.is_inlined(name):
            inner = self.inner(name)
            ids = inner.found(ID)
            if ids is None:  # what it holds can be read; which record it is, is unknown
                return Link(shape=(count,), known=zeros((count,)))
            codes, named = pool.codes(ids), known_bits(ids)
            return Link(
                shape=(count,),
                known=also(inner.known, named),
                ids=codes,
                none=self._none(kind, pool, codes, ids),
            )
        array = self._array(name)
        codes, known = pool.codes(array), known_bits(array)
        none = self._none(kind, pool, codes, array)
        target, missing = self._targets(kind, codes, known, none)
        if missing is not None and missing.any():
            said = f"ids that name no entry of `{kind.through}`"
            self._report(name)("unknown-record", missing, said)
            known = also(known, pack(~missing))
        return Link(shape=(count,), known=known, none=none, target=target, ids=codes)

    def _none(
        self, kind: Reference, pool: Pool, codes: npt.NDArray[Any], array: pa.Array
    ) -> Plane | None:
        """Return where a reference is none."""
        if not kind.none:
            return None
        none = pack(codes == pool.code("none"))
        known = known_bits(array)
        return none if known is None else none & known

    def _targets(
        self, kind: Reference, codes: npt.NDArray[Any], known: Plane | None, none: Plane | None
    ) -> tuple[npt.NDArray[np.int64], Truths | None]:
        """Return the entries that ids name in their own row, and which ids name none."""
        root, count = self.block.root, self.domain.count
        assert root is not None  # noqa: S101 - set before anything is read
        if root.found(kind.through) is None:
            return np.zeros(count, np.int64), None
        people = root.entries(kind.through)
        ids = people.found(ID)
        wanted = np.ones(count, np.bool_)
        for plane in (known, None if none is None else ~none):
            if plane is not None:
                wanted &= unpack(plane, count).view(np.bool_)
        if ids is None:
            return np.zeros(count, np.int64), wanted
        named = entries_named(
            self.block.pool(kind.through),
            (self.domain.rows(), codes),
            (people.domain.rows(), ids),
            root.domain.count,
        )
        return named.target, wanted & ~named.found


class Ends(Rows):
    """The ends of periods. One that ends before it begins is reported, and both are unknown."""

    def _read(self, name: str) -> Leaf:
        return self._both[name]

    @cached_property
    def _both(self) -> Mapping[str, Day]:
        begins, ends = super()._read("from"), super()._read("to")
        assert isinstance(begins, Day)  # noqa: S101 - periods have dates for ends
        assert isinstance(ends, Day)  # noqa: S101 - as above
        array = self.found("to")
        if isinstance(array, pa.Array):
            ends = going_on(begins, ends, known_bits(array))
        turned = turned_round(begins, ends)
        if turned is None:
            return {"from": begins, "to": ends}
        rows = self.domain.rows()[turned]
        said = "periods that end before they begin"
        self.block.findings.add(
            self.column, "period-reversed", rows, said, hint="exchange `from` and `to`"
        )
        sound = pack(~turned)
        return {
            "from": replace(begins, known=also(begins.known, sound)),
            "to": replace(ends, known=also(ends.known, sound)),
        }
