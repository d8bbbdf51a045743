"""The Python interface: the same verbs as the command line.

Guarantee: what is wrong with a file is raised once, all of it together, with its places; nothing is
printed. A line in here calls one function of another room.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

from pydantic import BaseModel

from kprules.asking import check_definitions, conditions_of, named_by
from kprules.checking.rulebook import Rulebook
from kprules.comparison.explained import explained
from kprules.comparison.matrix import Subject, result_of
from kprules.diagnostics import Problem, Problems, did_you_mean, render
from kprules.evaluation.outcome import Result
from kprules.evaluation.trace import Outcome
from kprules.formula.definition import Definition
from kprules.library import cases as case_files
from kprules.library import rules as rule_files
from kprules.library.cases import LoadedCase
from kprules.library.documents import kind_of
from kprules.library.shipped import shipped
from kprules.records.shape import Vocabulary
from kprules.records.vocabulary import VOCABULARIES
from kprules.reports.explanation import explanation
from kprules.reports.text import Paper, counted, several
from kprules.tables import require

T = TypeVar("T")
Paths: TypeAlias = "str | Path | Iterable[str | Path] | None"

__all__ = [
    "Cases",
    "Definition",
    "FilesError",
    "LoadedCase",
    "Outcome",
    "Problem",
    "Result",
    "Rules",
    "evaluate",
    "evaluate_table",
    "explain",
    "load_cases",
    "load_rules",
]


class FilesError(ValueError):
    """Files that cannot be used: `problems` says what is wrong with them, and where."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep the problems, and say them all."""
        self.problems = tuple(problems)
        errors = [render(problem) for problem in self.problems if problem.is_error]
        super().__init__("\n\n".join([counted(len(errors), "error"), *errors]))


@dataclass(frozen=True)
class Rules(Mapping[str, Definition]):
    """Definitions by id, oldest first."""

    book: Rulebook
    """Terms, sets and the texts as written and finished, besides."""
    problems: tuple[Problem, ...] = ()
    """What is not wrong but worth a word."""

    def __getitem__(self, key: str) -> Definition:
        """Return a definition by its id."""
        try:
            return self.book.definitions[key]
        except KeyError:
            raise KeyError(_unknown("definition", key, self.book.definitions)) from None

    def __iter__(self) -> Iterator[str]:
        """Yield the ids."""
        return iter(self.book.definitions)

    def __len__(self) -> int:
        """Count the definitions."""
        return len(self.book.definitions)


@dataclass(frozen=True)
class Cases(Mapping[str, LoadedCase]):
    """Records by id."""

    records: Mapping[str, LoadedCase] = field(default_factory=dict)

    def __getitem__(self, key: str) -> LoadedCase:
        """Return a record by its id."""
        try:
            return self.records[key]
        except KeyError:
            raise KeyError(_unknown("case", key, self.records)) from None

    def __iter__(self) -> Iterator[str]:
        """Yield the ids."""
        return iter(self.records)

    def __len__(self) -> int:
        """Count the records."""
        return len(self.records)


def _unknown(what: str, key: str, known: Iterable[str]) -> str:
    hint = did_you_mean(key, known)
    return f"no {what} is called `{key}`" + (f"; {hint}" if hint else "")


def load_rules(
    path: Paths = None, *, record: type[BaseModel] | None = None, ship: bool | None = None
) -> Rules:
    """Return the definitions of rule files or folders.

    Without a path: those that ship. With `record`, a pydantic model, definitions judge records of
    that model, and nothing that ships is read beside them; else what ships is there to be amended,
    unless `ship` is false. Raises `FilesError` where a file has mistakes.
    """
    vocabularies: Mapping[str, Vocabulary] = VOCABULARIES
    if record is not None:
        vocabulary = kind_of(record).vocabulary
        vocabularies = {vocabulary.about: vocabulary}
    beside = record is None if ship is None else ship
    problems = Problems()
    loaded = rule_files.load_rules(
        _paths(path),
        problems,
        vocabularies,
        shipped=shipped("rules") if beside else None,
    )
    if problems.errors:
        raise FilesError(problems.found)
    return Rules(loaded.book, tuple(problems.found))


def load_cases(
    path: Paths = None, *, record: type[BaseModel] | None = None, about: str = "case"
) -> Cases:
    """Return the records of case files or folders, by id; without a path, the cases that ship.

    With `record`, a pydantic model, the files hold such records; else `about` says which kind is
    wanted, cases or meetings. Raises `FilesError` where a file has mistakes.
    """
    problems = Problems()
    paths = _paths(path) or (shipped("cases"),)
    found = case_files.load_cases(paths, problems, record=record)
    if problems.errors:
        raise FilesError(problems.found)
    beside = named_by(found)
    chosen = (case for case in found if record is not None or case.about == about)
    return Cases({case.id: replace(case, beside=beside) for case in chosen})


def _paths(path: Paths) -> tuple[str | Path, ...]:
    if path is None:
        return ()
    return (path,) if isinstance(path, str | Path) else tuple(path)


def evaluate(
    definition: Definition,
    case: LoadedCase | BaseModel,
    *,
    view: str | None = None,
    standard: Literal["established", "alleged"] = "established",
    readings: Mapping[str, str] | Literal["customary", "all"] = "customary",
    closed: bool = False,
) -> Result:
    """Judge a record by a definition.

    The result has `outcome`, `because` (the clauses that decide, with their facts) and `unknown`
    (the facts that an undetermined outcome hangs on). `readings` names the readings of ambiguous
    words as `{"definition.label": "name"}`, or asks for all of them. Raises `ValueError` for a view
    of a party that no record names, and for a standard or a reading that there is not.
    """
    record = record_of(case, definition)
    going_by = conditions_of(
        [definition], case, view=view, standard=standard, readings=readings, closed=closed
    )
    return result_of(definition, record, going_by)


def explain(
    definition: Definition,
    case: LoadedCase | BaseModel,
    *,
    view: str | None = None,
    standard: Literal["established", "alleged"] = "established",
    readings: Mapping[str, str] | Literal["customary", "all"] = "customary",
    closed: bool = False,
    width: int = 80,
) -> str:
    """Say why a definition captures a record, or does not, or cannot be decided."""
    subject = subject_of(case, record_of(case, definition))
    going_by = conditions_of(
        [definition], case, view=view, standard=standard, readings=readings, closed=closed
    )
    return explanation(explained(definition, subject, going_by), Paper(width))


def subject_of(case: LoadedCase | BaseModel, record: BaseModel) -> Subject:
    """Return a record with the names that reports call it by."""
    if isinstance(case, LoadedCase):
        return Subject(case.id, case.title, record)
    name = str(getattr(case, "id", None) or type(case).__name__)
    return Subject(name, str(getattr(case, "title", None) or name), record)


def record_of(case: LoadedCase | BaseModel, definition: Definition) -> BaseModel:
    """Return the record of a case, if it is of the kind that a definition judges."""
    check_definitions(definition)
    record = case.record if isinstance(case, LoadedCase) else case
    model: type[BaseModel] = definition.vocabulary.root.model
    if not isinstance(record, model):
        raise TypeError(
            f"`{definition.id}` judges {model.__name__} records, not {type(record).__name__}"
        )
    return record


# --- tables ---------------------------------------------------------------------------------------


def evaluate_table(
    table: T,
    rules: Mapping[str, Definition] | Iterable[Definition],
    *,
    about: str | None = None,
    readings: Mapping[str, str] | Literal["customary", "all"] = "customary",
    closed: bool = False,
    extra_columns: Literal["keep", "refuse"] = "refuse",
) -> T:
    """Judge every row of a Polars, pandas or Arrow table; return a table of the same kind.

    Rows are records of the kind `about`, by itself the one kind that all `rules` are about, else
    `case`; definitions about other kinds are left out.

    It has the column of ids, where there is one, then the columns that are no fields, if they are
    kept, and for each definition a column of outcomes; pandas' index is kept. Raises a `ValueError`
    (`BadTableError` of `kprules.comparison.table_problems`, with every problem) where a value
    cannot be read, a column is no field, or has the name of a definition; a column that is missing
    is unknown in every row.
    """
    from kprules.comparison.table_frames import judged_table  # noqa: PLC0415 - brings in engines

    require()
    definitions = _about(list(rules.values() if isinstance(rules, Mapping) else rules), about)
    conditions = conditions_of(definitions, readings=readings, closed=closed)
    return judged_table(table, definitions, conditions, keep=extra_columns == "keep")


def _about(definitions: list[Definition], about: str | None) -> list[Definition]:
    """Return the definitions about the kind of record that a table's rows are."""
    kinds = sorted({definition.about for definition in definitions})
    if about is None:
        about = kinds[0] if len(kinds) == 1 else "case"
    found = [definition for definition in definitions if definition.about == about]
    if definitions and not found:
        known = several([f"`{kind}`" for kind in kinds])
        raise ValueError(f"no definition is about a `{about}`; these are about {known}")
    return found
