"""The deciding part of a judgement as clauses with their facts: what every explanation is made of.

Guarantee: it follows the tree of reasons, in the definition's own labels and words; nothing is
judged again. A line in here touches one tree of reasons.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, assert_never

from kprules.comparison.claims import open_facts
from kprules.evaluation.reasons import Decisive
from kprules.evaluation.trace import Value
from kprules.evaluation.walker import Likeness, likeness, look_up
from kprules.formula.nodes import (
    All,
    Any,
    AtLeast,
    Compare,
    Const,
    Form,
    Includes,
    Known,
    Member,
    Not,
    Overlaps,
    Quantified,
    Reading,
    Said,
    Share,
)
from kprules.records.settled import Incomplete
from kprules.records.shape import Vocabulary
from kprules.reports import sentences
from kprules.reports.alike import together
from kprules.reports.text import counted, line
from kprules.reports.told import (
    Clause,
    Title,
    Told,
    joined,
    positions_words,
    says_words,
    turned,
)

_DEEP: Final = 3
"""How many lists a list stands in to be told of once for entries that make no difference to it."""

Before = dict[tuple[int, bool], Told]
"""What was told already: by the note told of, and whether it should hold."""


def clauses(
    trees: list[Decisive], vocabulary: Vocabulary, known: Before | None = None
) -> list[Clause]:
    """Return the clauses that decide.

    Who tells of many judgements that share their notes hands in what is `known`, as long as there
    are these notes.
    """
    found: list[Clause] = []
    lists: set[tuple[Likeness, bool]] = set()
    for tree in trees:
        teller = _Teller(vocabulary, {} if known is None else known, lists)
        inner = teller.clause(tree, desired=not tree.exception)
        if tree.exception:
            inner.heading = f"except when {inner.heading}"
            inner.exception = True
        elif inner.heading == "captures" and _goes_without_saying(inner):
            found += [_joined(part) for part in inner.parts]
            continue
        found.append(_joined(inner))
    return found


def _goes_without_saying(top: Clause) -> bool:
    """Return whether a nameless top says nothing that its parts do not: they come to the same."""
    return bool(top.parts) and not top.told and all(part.value is top.value for part in top.parts)


def _joined(clause: Clause) -> Clause:
    """Return the clause with chains of single parts drawn together into one heading.

    A heading bears one mark, so what it names has to come to the same: `none of` stands apart from
    what holds in it.
    """
    clause.parts = [_joined(part) for part in clause.parts]
    while len(clause.parts) == 1 and not clause.told and not clause.quotes:
        part = clause.parts[0]
        if part.value is not clause.value:
            break
        clause.heading = f"{clause.heading} > {part.heading}"
        clause.titles = [*clause.titles, *part.titles]
        clause.told, clause.parts, clause.quotes = part.told, part.parts, part.quotes
    return clause


@dataclass(slots=True)
class _Teller:
    """Turns trees of reasons into clauses."""

    vocabulary: Vocabulary
    known: Before
    lists: set[tuple[Likeness, bool]]
    """Lists deep in others that are told of, and whether they should be so."""

    def clause(self, tree: Decisive, *, desired: bool) -> Clause:
        """Return a labelled part."""
        made = Clause(_heading(tree.said), tree.note.value)
        made.quotes = tree.said is not None and bool(tree.said.words)
        made.titles = [_title(tree.said)] if tree.said is not None else []
        self._fill(made, tree, desired=desired)
        return made

    def _fill(self, into: Clause, tree: Decisive, *, desired: bool) -> None:
        """Add the facts and parts of a tree to the clause that it stands in."""
        form = tree.note.form
        match form:
            case Compare() | Member() | Includes() | Overlaps() | Known() | Const():
                _add_told(into, self._told(tree, desired=desired), "and")
            case All() | Any():
                self._group(into, tree, desired=desired)
            case Not():
                for part in tree.parts:
                    self._add(into, part, desired=not desired)
            case Quantified():
                self._entries(into, tree, form, desired=desired)
            case Reading():
                raise AssertionError("readings are chosen before anything is judged")
            case _:
                assert_never(form)

    def _group(self, into: Clause, tree: Decisive, *, desired: bool) -> None:
        """Add the parts of a group.

        Where several ask for one fact, each in other company (`a and b or not a and c`), they stand
        apart: what is wanted of it in one is not wanted in the other.
        """
        branches = [Clause("", part.note.value) for part in tree.parts]
        for branch, part in zip(branches, tree.parts, strict=True):
            self._add(branch, part, desired=desired)
        every = isinstance(tree.note.form, All)
        if _crossing(branches, tree.parts):
            for branch, name in zip(branches, _names(len(branches), every=every), strict=True):
                branch.heading, branch.titles = name, [Title(name)]
            into.parts += branches
            return
        for branch in branches:
            for told in branch.told:
                _add_told(into, told, "and" if every is desired else "or")
            into.parts += branch.parts

    def _add(self, into: Clause, tree: Decisive, *, desired: bool) -> None:
        if tree.said is None:
            self._fill(into, tree, desired=desired)
        else:
            into.parts.append(self.clause(tree, desired=desired))

    def _told(self, tree: Decisive, *, desired: bool) -> Told:
        """Return a comparison in words: what was found, and what was wanted where it is not."""
        key = id(tree.note), desired
        if key not in self.known:
            self.known[key] = self._telling(tree, desired=desired)
        return replace(self.known[key])

    def _telling(self, tree: Decisive, *, desired: bool) -> Told:
        form, scope = tree.note.form, tree.note.scope
        met = Value.TRUE if desired else Value.FALSE
        wanted = sentences.wanted(form, scope, truth=desired)
        told = Told(sentences.found(form, scope), wanted if tree.note.value is not met else "")
        told.note = tree.note
        if tree.note.value is Value.UNKNOWN:
            positions = [p for fact in open_facts(tree, self.vocabulary) for p in fact.positions]
            positions = positions if desired else list(map(turned, positions))
            told.notes = positions_words(positions)
            told.positions = positions
            claims = [p.claim for p in positions]
        else:
            claims = sentences.claims(form, scope)
            told.says = says_words(claims)
            told.claims = claims
        told.sources = tuple(dict.fromkeys(key for claim in claims for key in claim.sources))
        return told

    # --- lists ----------------------------------------------------------------------------------

    def _entries(self, into: Clause, tree: Decisive, form: Quantified, *, desired: bool) -> None:
        like = likeness(form, tree.note.scope)
        if like is not None and len(tree.note.scope) > _DEEP:
            if (like, desired) in self.lists:
                name = sentences.list_name(form, tree.note.scope)
                into.told.append(Told(f"{name}: as told above"))
                return
            self.lists.add((like, desired))
        into.told += _about_list(tree, form)
        by_entry: dict[str, Clause] = {}
        for part in tree.parts:
            where = part.note.form is form.where
            entry = part.note.scope[form.variable]
            name = sentences.entry_words(entry)
            value = part.note.value
            if not _desired(form, desired=True, where=where):
                value = _OPPOSITE[value]
            one = by_entry.setdefault(
                part.entry, Clause(name, value, titles=[Title(name, entry=True)])
            )
            one.value = value  # where both parts tell, what is asked of the entry comes last
            self._add(one, part, desired=_desired(form, desired=desired, where=where))
        into.parts += together(by_entry, form.variable)


_OPPOSITE = {Value.TRUE: Value.FALSE, Value.FALSE: Value.TRUE, Value.UNKNOWN: Value.UNKNOWN}


def _desired(form: Quantified, *, desired: bool, where: bool) -> bool:
    """Return what truth of a part helps the whole: `no` wants its entries to fail."""
    match form.how:
        case "some" | AtLeast() | Share():
            return desired
        case "every":
            return desired if not where else not desired
        case "no":
            return not desired
        case _:
            assert_never(form.how)


def _about_list(tree: Decisive, form: Quantified) -> list[Told]:
    """Say what the list itself has to do with it: empty, unknown, incomplete, or a count."""
    scope = tree.note.scope
    entries = look_up(scope, form.over)
    if entries is None or not entries:
        sources = sentences.list_sources(form, scope)
        return [Told(sentences.found(form, scope), says=sentences.keys(sources), sources=sources)]
    told = []
    if isinstance(form.how, AtLeast | Share):
        width = 1 if form.where is None else 2
        notes = [tree.note.parts[i : i + width] for i in range(0, len(tree.note.parts), width)]
        asked = [n for n in notes if width == 1 or n[0].value is not Value.FALSE]
        so = sum(all(note.value is Value.TRUE for note in n) for n in asked)
        told.append(
            Told(
                f"{so} of {counted(len(asked), 'entry', 'entries')}"
                f" of {sentences.list_name(form, scope)}",
                sentences.how_many(form) if tree.note.value is not Value.TRUE else "",
            )
        )
    if isinstance(entries, Incomplete) and tree.note.value is Value.UNKNOWN:
        told.append(Told(sentences.found(form, scope)))
    return told


def _crossing(branches: list[Clause], parts: list[Decisive]) -> bool:
    """Return whether a group without a label asks for a fact that its neighbour asks for too."""
    facts = [{told.fact for told in branch.told} for branch in branches]
    return any(
        part.said is None
        and _is_group(part.note.form)
        and any(here & there for there in facts[:number] + facts[number + 1 :])
        for number, (part, here) in enumerate(zip(parts, facts, strict=True))
    )


def _is_group(form: Form) -> bool:
    return _is_group(form.part) if isinstance(form, Not) else isinstance(form, All | Any)


def _names(number: int, *, every: bool) -> list[str]:
    """Return what the branches of a group are called, as one would read them out."""
    first, other = ("both", "and") if every else ("either", "or")
    return [first, *[other] * (number - 1)]


def _add_told(clause: Clause, told: Told, word: str) -> None:
    """Add a fact; one that is told already is told with all that is wanted of it."""
    for known in clause.told if told.note is not None else ():
        if known.fact == told.fact:
            wanted = dict.fromkeys(filter(None, (known.wanted, told.wanted)))
            known.wanted = f" {word} ".join(wanted)
            # Made anew: what was told before may be told again elsewhere.
            known.positions = joined(known.positions, told.positions, every=word == "and")
            known.notes = positions_words(known.positions)
            return
    clause.told.append(told)


# --- headings -----------------------------------------------------------------------------------


def _heading(said: Said | None) -> str:
    if said is None:
        return ""
    heading = line(said.label)
    if said.words:
        heading += f' "{line(said.words)}"'
    if said.reading:
        heading += f", read as {line(said.reading)}"
    return heading


def _title(said: Said) -> Title:
    return Title(line(said.label), line(said.words or ""), line(said.reading or ""))
