"""The marks of an explanation: each is the truth of what stands behind it, and no clause is lost.

The truths are worked out here from the definition and the record, not from the notes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from hypothesis import given
from picks import fixed
from shop import SHOP, Plain, settled
from strategies import example, examples

import kprules
from kprules.evaluation.outcome import judged
from kprules.evaluation.reasons import Decisive
from kprules.evaluation.trace import Value, value_of
from kprules.evaluation.walker import Walker, look_up
from kprules.formula.definition import Judgement, choose, parts_of
from kprules.formula.meaning import denote
from kprules.formula.nodes import Form, Quantified
from kprules.logic import Truth
from kprules.records.settle import settle_case
from kprules.records.settled import Settled
from kprules.records.shape import Vocabulary
from kprules.reports.clauses import clauses
from kprules.reports.text import line
from kprules.reports.told import Clause, Title

Named = tuple[str, str, tuple[str, ...]]
"""A clause: its label, its words, and the entries that it is asked of."""
_TOLD_APART = 3


def truths(
    form: Form, scope: Mapping[str, Settled], entries: tuple[str, ...] = ()
) -> Iterator[tuple[Named, Value]]:
    """Yield what every clause, and every entry of a list, comes to."""
    value = value_of(denote(form, Walker(scope)))
    if form.said is not None:
        yield (line(form.said.label), line(form.said.words or ""), entries), value
    if not isinstance(form, Quantified):
        for part in parts_of(form):
            yield from truths(part, scope, entries)
        return
    for entry in look_up(scope, form.over) or ():
        inside = {**scope, form.variable: entry}
        beneath = (*entries, line(entry._place))
        for part in parts_of(form):
            truth = denote(part, Walker(inside))
            if form.how == "no" or (form.how == "every" and part is form.where):
                truth = Truth(not truth.possible, not truth.certain)
            yield ("", "", beneath), value_of(truth)
            yield from truths(part, inside, beneath)


def marks(
    found: list[Clause], entries: tuple[str, ...] = ()
) -> Iterator[tuple[Named, Value, bool]]:
    """Yield each title shown, with the mark of its line, and whether it is of many entries."""
    for clause in found:
        here = entries
        for title in clause.titles:
            if title.entry:
                here = (*here, _place(title))
                yield ("", "", here), clause.value, _place(title) != title.label.partition(" (")[0]
            elif title.label not in {"both", "and", "either", "or"}:
                yield (title.label, title.words, here), clause.value, False
        yield from marks(clause.parts, here)


def _place(title: Title) -> str:
    """Return the place of the first of the entries that a title names."""
    return title.label.split(" and ")[0].split(", ")[0].partition(" (")[0]


def deciding(trees: list[Decisive], entries: tuple[str, ...] = ()) -> Iterator[Named]:
    """Yield the clauses with words that decide."""
    for tree in trees:
        here = (*entries, line(tree.entry)) if tree.entry else entries
        if tree.said is not None and tree.said.words:
            yield line(tree.said.label), line(tree.said.words), here
        yield from deciding(tree.parts, here)


def crowded(tree: Decisive) -> bool:
    """Return whether so many entries decide that they may be told together."""
    return len({part.entry for part in tree.parts}) > _TOLD_APART or any(map(crowded, tree.parts))


def check(by: Judgement, record: Settled, vocabulary: Vocabulary) -> Counter[Value]:
    """Explain an outcome and hold each mark against the truth of what it stands before."""
    trees = judged(by, record).decisive
    true: dict[Named, set[Value]] = {}
    for form in (by.captures, *by.exceptions):
        for named, value in truths(form, {"": record}):
            true.setdefault(named, set()).add(value)
    shown = list(marks(clauses(trees, vocabulary)))
    for named, value, _ in shown:
        assert value in true[named], (by, named, value)
    for tree in trees:
        if not crowded(tree):
            told = Counter(named for named, _, _ in marks(clauses([tree], vocabulary)) if named[1])
            assert told == Counter(deciding([tree])), (by, record)
    return Counter(value for _, value, _ in shown)


@given(examples)
def test_a_mark_is_the_truth_of_the_words_behind_it(drawn: tuple[Judgement, Plain]) -> None:
    """On every line, and no clause with words that decides is left out or told twice."""
    by, plain = drawn
    check(by, settled(plain), SHOP)


def test_on_many_examples_marks_are_true() -> None:
    """So they are on fixed examples, with marks of each kind."""
    seen = Counter[Value]()
    for by, plain in fixed(example, 400, seed=7):
        seen += check(by, settled(plain), SHOP)
    assert min(seen[value] for value in Value) > 50, seen


def test_what_ships_is_marked_truly() -> None:
    """Every definition that ships on every case and meeting that ships."""
    for about in ("case", "meeting"):
        cases = kprules.load_cases(about=about).values()
        for definition in kprules.load_rules().values():
            if definition.about == about:
                for case in cases:
                    record = settle_case(case.record, definition.vocabulary)
                    check(choose(definition), record, definition.vocabulary)
