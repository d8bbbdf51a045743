"""Rules and cases for a command: what ships, the working directory's, and what options name.

Guarantee: what was read besides the shipped library is said on standard error; every problem is
printed before anything is evaluated. A line in here touches paths, ids and problems.
"""

from __future__ import annotations

import fnmatch
import glob
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from kprules.cli.ending import Cannot, Ending, note, tell, width
from kprules.cli.neighbours import point_out
from kprules.cli.options import PATH
from kprules.cli.progress import waiting
from kprules.diagnostics import Problem, Problems, did_you_mean, render
from kprules.formula.definition import Definition
from kprules.library.bibliography import Bibliography, bibliographies_near, load_bibliography
from kprules.library.cases import LoadedCase, load_cases
from kprules.library.checked import Checked, checked_definitions
from kprules.library.shipped import shipped
from kprules.records.settle import parties
from kprules.records.shape import Vocabulary
from kprules.records.vocabulary import VOCABULARIES
from kprules.reports.text import counted, several

if TYPE_CHECKING:
    from kprules.library.rules import Rules


@dataclass(slots=True)
class Paths:
    """Where rules and cases are read from."""

    rules: tuple[str, ...] = ()
    """As named by options; else the working directory's."""
    cases: tuple[str, ...] = ()
    named_rules: bool = False
    named_cases: bool = False
    beside: tuple[str, ...] = ()
    """Folders of which the sources may be cited, and nothing else is read."""

    @classmethod
    def of(cls, rules: Sequence[str], cases: Sequence[str]) -> Paths:
        """Return the paths that options name, or ./rules and ./cases where they are not shipped."""
        paths = cls(tuple(rules), tuple(cases), bool(rules), bool(cases))
        if not rules:
            paths.rules = _here("rules", shipped("rules"))
        if not cases:
            paths.cases = _here("cases", shipped("cases"))
        found = [f"./{p}" for p in (*_unless(rules, paths.rules), *_unless(cases, paths.cases))]
        if found:
            note(f"{several(found)} of this folder {'is' if len(found) == 1 else 'are'} read too")
        return paths

    @property
    def every(self) -> tuple[str | Path, ...]:
        """Everything that may be read."""
        return (*self.rules, *self.cases, shipped("rules"), shipped("cases"))


def _unless(named: Sequence[str], found: Sequence[str]) -> Sequence[str]:
    return () if named else found


def _here(name: str, shipped_folder: Path) -> tuple[str, ...]:
    """Return a folder of the working directory, unless it is the shipped one itself."""
    folder = Path(name)
    if not folder.is_dir() or folder.resolve() == shipped_folder.resolve():
        return ()
    return (name,)


@dataclass(slots=True)
class Library:
    """What was read, with the problems met."""

    paths: Paths
    problems: Problems = field(default_factory=Problems)
    checked: Checked = field(default_factory=lambda: Checked({}, frozenset()))
    """The sound definitions."""
    cases: dict[tuple[str, str], LoadedCase] = field(default_factory=dict)
    """Every case and meeting by kind and id."""
    own_cases: frozenset[tuple[str, str]] = frozenset()
    bibliography: Bibliography = field(default_factory=Bibliography)

    @property
    def definitions(self) -> Mapping[str, Definition]:
        """Every sound definition by id."""
        return self.checked.definitions

    # --- reading ------------------------------------------------------------------------------

    def read_bibliography(self, named: Sequence[str] = ()) -> None:
        """Read the sources that ship, and those that lie with files named."""
        near = bibliographies_near([shipped("cases")])
        known = {path.resolve() for path in near}
        near += [p for p in bibliographies_near(named) if p.resolve() not in known]
        self.bibliography = load_bibliography(near, self.problems)

    def read_cases(self, also: Sequence[str] = ()) -> None:
        """Read the cases that ship, the user's, and files named besides.

        One of the user's with a shipped id takes its place, with a note.
        """
        lies = shipped("cases")
        named = (*self.paths.cases, *also)
        with waiting("reading cases"):
            self.read_bibliography((*named, *self.paths.beside))
            below = load_cases([lies], self.problems, bibliography=self.bibliography)
            own = load_cases(named, self.problems, bibliography=self.bibliography) if named else []
        self.cases = {(c.about, c.id): c for c in below}
        for case in own:
            other = self.cases.get((case.about, case.id))
            if other is not None and other.digest != case.digest:
                at = (case.about,)
                self.problems.report(
                    "replaces-shipped",
                    f"this {case.about} takes the place of the shipped `{case.id}`",
                    case.span(at),
                    label="yours",
                    severity="note",
                    also=((other.span(at), "shipped"),),
                )
            self.cases[case.about, case.id] = case
        self.own_cases = frozenset((c.about, c.id) for c in own)

    def read_definitions(self) -> None:
        """Read the rules that ship and the user's, as far as judging goes."""
        with waiting("reading rules"):
            self.checked = checked_definitions(
                self.paths.rules, self.problems, VOCABULARIES, shipped=shipped("rules")
            )
        if self.paths.named_rules:
            point_out(self.problems)

    def read_rules(self, *, strictly: bool = False) -> Rules:
        """Read the same with their texts; `strictly`: check the names of cases and sources too."""
        from kprules.library.rules import load_rules  # noqa: PLC0415 - brings in the parser

        with waiting("reading rules"):
            rules = load_rules(
                self.paths.rules,
                self.problems,
                VOCABULARIES,
                shipped=shipped("rules"),
                cases=self._kinds() if strictly else None,
                parties=self.parties() if strictly else None,
                keys=set(self.bibliography) if strictly else None,
            )
        if self.paths.named_rules:
            point_out(self.problems)
        self.checked = Checked(rules.book.definitions, rules.own)
        return rules

    def _kinds(self) -> dict[str, set[str]]:
        """Return the kinds of record that bear each id."""
        kinds: dict[str, set[str]] = {}
        for kind, id_ in self.cases:
            kinds.setdefault(id_, set()).add(kind)
        return kinds

    def parties(self) -> frozenset[str]:
        """Return everybody whom a record names."""
        return frozenset().union(*(parties(case.record) for case in self.cases.values()))

    # --- choosing -----------------------------------------------------------------------------

    def vocabulary(self, about: str) -> Vocabulary:
        """Return the vocabulary of a kind of record."""
        if about not in VOCABULARIES:
            raise Cannot(
                f"no kind of record is called `{about}`; "
                + (did_you_mean(about, VOCABULARIES) or f"write {several(VOCABULARIES, 'or')}")
            )
        return VOCABULARIES[about]

    def chosen_definitions(
        self, only: Iterable[str], about: str | None, named: Sequence[str] = ()
    ) -> list[Definition]:
        """Return the definitions that a matrix holds, about one kind of record or about any.

        Ids `named` as arguments choose alone; `only` adds to the rules that options name.
        """
        if about is not None:
            self.vocabulary(about)
        fitting = {i: d for i, d in self.definitions.items() if about in {None, d.about}}
        patterns = _patterns((*only, *named))
        for pattern in patterns:
            self._refuse_unsound(pattern)
        others = {i: d.about for i, d in self.definitions.items() if i not in fitting}
        ids = _matching(patterns, fitting, "definition", others)
        if self.paths.named_rules and not named:
            ids = {*ids, *(i for i in fitting if i in self.checked.own)}
        elif not patterns:
            ids = set(fitting)
        return [d for i, d in fitting.items() if i in ids]

    def _refuse_unsound(self, name: str) -> None:
        """Refuse a definition of the user's that is there, and of which an error was shown."""
        if name in self.checked.own and name not in self.definitions:
            raise Cannot(f"`{name}` has mistakes: it cannot be used until they are put right")

    def definition(self, name: str) -> Definition:
        """Return one definition by its id."""
        self._refuse_unsound(name)
        _refuse_pattern(name, self.definitions, "definition")
        if name not in self.definitions:
            raise Cannot(_unknown("definition", name, self.definitions))
        return self.definitions[name]

    def chosen_cases(self, named: Sequence[str], about: str) -> list[LoadedCase]:
        """Return the cases that a matrix holds: those named, else the user's, else all."""
        fitting = {id_: case for (kind, id_), case in self.cases.items() if kind == about}
        files = files_among(named)
        from_files = {
            c.id for c in fitting.values() if any(Path(c.path).is_relative_to(f) for f in files)
        }
        patterns = [n for n in named if not _is_file(n)]
        others = {id_: kind for kind, id_ in self.cases if kind != about}
        ids = _matching(patterns, fitting, about, others) | from_files
        if not named:
            ids = set(fitting)
            if self.paths.named_cases:
                ids = {id_ for id_ in fitting if (about, id_) in self.own_cases}
        elif self.paths.named_cases:
            ids |= {id_ for id_ in fitting if (about, id_) in self.own_cases}
        return [case for id_, case in fitting.items() if id_ in ids]

    def case(self, name: str, about: str) -> LoadedCase:
        """Return one case by its id, or by the path of its file."""
        fitting = {id_: case for (kind, id_), case in self.cases.items() if kind == about}
        for case in fitting.values():
            if case.path == name:
                return case
        _refuse_pattern(name, fitting, about)
        if name not in fitting:
            for kind in [kind for kind, id_ in self.cases if id_ == name]:
                raise Cannot(
                    f"no {about} is called `{name}`; it is a {kind}, and a definition about a "
                    f"{kind} judges it"
                )
            raise Cannot(_unknown(about, name, fitting))
        return fitting[name]


def _is_file(name: str) -> bool:
    """Return whether an argument is the path of a file or folder rather than an id."""
    return "/" in name or name.endswith((".yaml", ".yml", ".json", ".jsonl", ".ndjson"))


def spelt_out(named: Sequence[str]) -> tuple[str, ...]:
    """Return arguments with the files that patterns of paths match, in their place."""
    found: list[str] = []
    for name in named:
        is_pattern = any(c in name for c in "*?[") and not Path(name).exists()
        if not (is_pattern and _is_file(name)):
            found.append(name)
            continue
        matched = sorted(glob.glob(name, recursive=True))  # noqa: PTH207 - patterns may be absolute
        if not matched:
            raise Cannot(f"no file matches `{name}`")
        found += [f"{m}/" if Path(m).is_dir() else m for m in matched]
    return tuple(found)


def files_among(named: Sequence[str]) -> tuple[str, ...]:
    """Return the arguments that are paths."""
    return tuple(PATH.convert(n, None, None) for n in named if _is_file(n))


def _patterns(only: Iterable[str]) -> list[str]:
    groups = list(only)
    patterns = [p.strip() for group in groups for p in group.split(",") if p.strip()]
    if groups and not patterns:
        raise Cannot("no definition is named: --only takes ids, such as `kpcs-core-2002`")
    return patterns


def _matching(
    patterns: Sequence[str],
    known: Iterable[str],
    what: str,
    others: Mapping[str, str] = MappingProxyType({}),
) -> set[str]:
    """Return the ids that patterns match; each must match some.

    `others` are ids about another kind of record than is asked for, each with that kind.
    """
    ids = list(known)
    found: set[str] = set()
    for pattern in patterns:
        matched = fnmatch.filter(ids, pattern)
        if not matched:
            elsewhere = fnmatch.filter(others, pattern)
            if elsewhere:
                kind = others[elsewhere[0]]
                about, such = ("about ", "such definitions") if what == "definition" else ("", "it")
                raise Cannot(
                    f"`{elsewhere[0]}` is {about}a {kind}; `--about {kind}` chooses {such}"
                )
            raise Cannot(_unknown(what, pattern, ids))
        found.update(matched)
    return found


def _refuse_pattern(name: str, known: Iterable[str], what: str) -> None:
    """Refuse a pattern where one id is asked for, and name what it could mean."""
    matched = fnmatch.filter(known, name) if any(c in name for c in "*?[") else []
    if matched:
        shown = several([f"`{m}`" for m in matched[:5]], "or") + (" …" if matched[5:] else "")
        raise Cannot(f"one {what} is asked for by its id, and not by `{name}`: write {shown}")


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    hint = did_you_mean(name, known)
    if any(c in name for c in "*?["):
        return f"no {what} matches `{name}`"
    if os.path.isdir(name):  # noqa: PTH112 - too long a name is no fault
        hint = f"the folder is named `{name}/`"
    return f"no {what} is called `{name}`" + (f"; {hint}" if hint else "")


# --- problems -----------------------------------------------------------------------------------


_GUTTER: Final = 8
"""Columns that an excerpt takes beside its line."""


def show_problems(problems: Iterable[Problem]) -> None:
    """Print problems on standard error, notes of one kind as one line."""
    replaced = []
    for problem in problems:
        if problem.code == "replaces-shipped" and problem.span is not None:
            replaced.append(problem.span.text)
        else:
            tell(f"{render(problem, width() - _GUTTER)}\n")
    if replaced:
        shown = ", ".join(replaced[:5]) + (f" and {len(replaced) - 5} more" if replaced[5:] else "")
        note(f"yours take the place of what ships: {shown}")


def stop_on_errors(library: Library, *, keep_going: bool = False) -> Ending:
    """Print the problems; stop where there are errors, unless the sound rest is to do."""
    show_problems(p for p in library.problems.found if p.severity != "warning")
    for lost in (p for p in library.problems.found if p.code == "falls-away"):
        note(f"{lost.message}; {lost.help}")
    errors = len(library.problems.errors)
    if errors and not keep_going:
        raise Cannot(f"{counted(errors, 'error')}; nothing was evaluated (--keep-going would)")
    if errors:
        note(f"{counted(errors, 'error')}; what is sound is used")
    return Ending.CANNOT if errors else Ending.DONE
