"""Definitions over files of JSON Lines: cases settled one by one, judged many at a time.

Guarantee: every line that is not blank is judged, refused, or of no concern (of another kind or
day), and counted as such; records are not kept. A line in here touches records and outcomes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa

from kprules.comparison.conditions import covers, order_of
from kprules.comparison.matrix import Subject, judging, settle
from kprules.comparison.table_groups import refused_to_count_by
from kprules.comparison.table_problems import BadTableError, FileProblem
from kprules.comparison.tables import Ask, Block, Reject
from kprules.diagnostics import Problem, Problems
from kprules.evaluation.trace import Outcome, Value
from kprules.formula.definition import Definition
from kprules.library.bibliography import Bibliography
from kprules.library.cases import ReadLine, each_line
from kprules.records.settle import parties
from kprules.records.settled import NO_RECORD, ONGOING, UNKNOWN_RECORD, Settled
from kprules.records.shape import ListOf, Nested, Period, RecordShape, SetOf, Vocabulary, slot
from kprules.tables.outcomes import Outcomes
from kprules.tables.planes import pack

_TOGETHER: Final = 1 << 10
_TITLE: Final = pa.field("title", pa.string())
_LEVELS: Final = {Outcome.NOT_CAPTURED: 0, Outcome.UNDETERMINED: 1, Outcome.CAPTURED: 2}


@dataclass(slots=True)
class LinesRun:
    """Definitions over some files of cases, a line each."""

    files: Sequence[Path]
    definitions: Sequence[Definition]
    ask: Ask
    bibliography: Bibliography
    problems: Problems
    """Where mistakes are gathered: of files, and of lines unless such are set apart."""
    ended: Callable[[], None] = lambda: None
    """What is done when the last line was read; it may raise."""
    extras: list[pa.Field] = field(default_factory=lambda: [_TITLE])
    """Columns that are carried through."""
    parties: set[str] = field(default_factory=set)
    """Who says anything in the cases read so far, where a view was asked for."""

    def __post_init__(self) -> None:
        """Put the definitions in order, and refuse what cannot be counted by."""
        self.definitions = sorted(self.definitions, key=order_of)
        schema = _schema(self.vocabulary)
        wrong = [refused_to_count_by(name, schema) for name in self.ask.beside]
        first = str(self.files[0])
        found = [FileProblem(first, problem) for problem in wrong if problem is not None]
        if found:
            raise BadTableError(found)

    @property
    def vocabulary(self) -> Vocabulary:
        """The vocabulary of the cases."""
        return self.definitions[0].vocabulary

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the definitions, in order."""
        return tuple(d.id for d in self.definitions)

    @property
    def id_column(self) -> str:
        """The column that names the rows."""
        return self.vocabulary.about

    def blocks(self) -> Iterator[Block]:
        """Yield the cases of all files in order, judged."""
        judge = judging(self.definitions, self.ask.conditions)
        sizes = {str(file): file.stat().st_size for file in self.files if file.is_file()}
        total = max(sum(sizes.values()), 1)
        apart = self.ask.on_error == "skip"
        lines = each_line(self.files, self.bibliography, self.problems, apart=apart)
        before, path = 0, ""
        while some := list(islice(lines, _TOGETHER)):
            for line in some:
                if line.path != path:
                    before += sizes.get(path, 0)
                    path = line.path
            yield self._block(some, judge, (before + some[-1].bytes) / total, apart=apart)
        self.ended()

    def _block(
        self,
        lines: Sequence[ReadLine],
        judge: Callable[[Settled], tuple[Outcome, ...]],
        share: float,
        *,
        apart: bool,
    ) -> Block:
        subjects: list[Subject] = []
        records: list[Settled] = []
        outside = 0
        for case in (line.case for line in lines):
            if case is None or case.about != self.vocabulary.about:
                continue
            if self.ask.conditions.view is not None:
                self.parties |= parties(case.record)
            settled = settle(case.record, self.definitions[0], self.ask.conditions)
            day = self.ask.as_of
            if day is not None and covers(settled, self.vocabulary, day) is Value.FALSE:
                outside += 1
                continue
            subjects.append(Subject(case.id, case.title, case.record))
            records.append(settled)
        levels = [[_LEVELS[o] for o in judge(record)] for record in records]
        ids = pa.array([subject.id for subject in subjects], pa.string())
        columns = {_TITLE.name: pa.array([subject.title for subject in subjects], _TITLE.type)}
        for name in self.ask.beside:
            columns[name] = _column(records, name, ids, self.vocabulary)
        rejects = [
            Reject(line.path, line.number, tuple(map(_said, line.problems)), None, line.text)
            for line in lines
            if apart and line.case is None
        ]
        return Block(
            lines[-1].path,
            pa.RecordBatch.from_pydict(columns),
            ids,
            _outcomes(self.ids, levels),
            tuple(rejects),
            outside,
            share,
            subjects,
        )


def _outcomes(ids: tuple[str, ...], levels: Sequence[Sequence[int]]) -> Outcomes:
    codes = np.array(levels, np.uint8).reshape(len(levels), len(ids)).T.copy()
    planes = np.stack([pack(codes == 2), pack(codes >= 1)], axis=1)  # noqa: PLR2004 - captured
    return Outcomes(ids, len(levels), planes)


def _said(problem: Problem) -> str:
    """Return a problem in a line: where in the record, what, and a way out."""
    place = f"{problem.label}: " if problem.label else ""
    column = f"column {problem.span.column}: " if problem.span and not place else ""
    return f"{column}{place}{problem.message}{f'; {problem.help}' if problem.help else ''}"


# --- what cases are counted by ----------------------------------------------------------------


def _schema(vocabulary: Vocabulary) -> pa.Schema:
    """Return the columns that cases have."""
    known = pa.field(vocabulary.about, pa.string())
    fields = [known, _TITLE, *_fields(vocabulary.root, vocabulary)]
    return pa.schema({f.name: f for f in fields}.values())


def _fields(shape: RecordShape, vocabulary: Vocabulary) -> Iterator[pa.Field]:
    for name, entry in shape.fields.items():
        kind: pa.DataType = pa.string()
        match entry.type:
            case SetOf():
                kind = pa.list_(pa.string())
            case Nested(inner):
                kind = pa.struct(list(_fields(vocabulary.shape_of(inner), vocabulary)))
            case ListOf(inner):
                kind = pa.list_(pa.struct([pa.field(inner, pa.string())]))
            case Period():
                kind = pa.struct([pa.field(end, pa.string()) for end in ("from", "to")])
            case _:
                pass
        yield pa.field(name, kind)


def _column(
    records: Sequence[Settled], name: str, ids: pa.Array, vocabulary: Vocabulary
) -> pa.Array:
    """Return what cases hold under a name, as texts; of a set its members."""
    if name == vocabulary.about:
        return ids
    values = [_value(record, name.split(".")) for record in records]
    if any(isinstance(value, list) for value in values):
        return pa.array([v if isinstance(v, list) else None for v in values], pa.list_(pa.string()))
    return pa.array(values, pa.string())


def _value(record: Any, steps: Sequence[str]) -> Any:
    for step in steps:
        if record is None or record is UNKNOWN_RECORD or record is NO_RECORD:
            return None
        record = getattr(record, slot(step))
    match record:
        case None:
            return None
        case frozenset():
            return [None if member is None else str(member) for member in record]
        case bool():
            return str(record).lower()
        case date():
            return "ongoing" if record == ONGOING else record.isoformat()
        case _:
            return str(record)
