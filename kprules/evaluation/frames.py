"""What every part of a judgement comes to at once: the compiled engine, for notes on many records.

Guarantee: the values are those that `denote` gives the parts. The parts that speak of the same
records in scope are a frame, and one function; beneath each quantifier a frame begins. It pays from
a few hundred records on. A line in here touches forms and expressions, and no fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kprules.evaluation.python_blocks import write
from kprules.formula.definition import Judgement, judge, parts_of
from kprules.formula.expressions import Expressions, Loop
from kprules.formula.lowering import Lowering
from kprules.formula.meaning import denote
from kprules.formula.nodes import Form, Quantified
from kprules.logic import Truth
from kprules.records.settled import Settled

Values = tuple[int, ...]
"""0 false, 1 unknown, 2 true: of each form of a frame, by its index."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The forms that speak of the same records in scope."""

    variables: tuple[str, ...]
    """The entries in scope, the outermost first."""
    index: Mapping[int, int]
    """Where each form stands in the values, by its identity."""
    values: Callable[..., Values]
    """Takes the record and the entries in scope."""
    beneath: Mapping[int, Frame]
    """The frame of what is asked of each entry, by the identity of the quantified form."""

    def look(self, scope: Mapping[str, Settled]) -> Values:
        """Return what the forms come to on the records in scope."""
        return self.values(scope[""], *[scope[variable] for variable in self.variables])


def framed(judgement: Judgement) -> Frame:
    """Return the outermost frame of a judgement; what it comes to itself is the last value."""
    on = Lowering(Expressions(), {})
    return _frame((judgement.captures, *judgement.exceptions), on, (), [judge(judgement, on)])


def _frame(
    forms: tuple[Form, ...],
    on: Lowering,
    entries: tuple[tuple[str, Loop], ...],
    besides: Sequence[Truth[int]] = (),
) -> Frame:
    every = [part for form in forms for part in _in_frame(form)]
    truths = [*(denote(form, on) for form in every), *besides]
    beneath: dict[int, Frame] = {}
    for form in every:
        if isinstance(form, Quantified):
            loop, inside = on.entry(form)
            beneath[id(form)] = _frame(parts_of(form), inside, (*entries, (form.variable, loop)))
    return Frame(
        tuple(variable for variable, _ in entries),
        {id(form): number for number, form in enumerate(every)},
        write(on.store, [(t.certain, t.possible) for t in truths], [loop for _, loop in entries]),
        beneath,
    )


def _in_frame(form: Form) -> Iterator[Form]:
    """Yield a form and its parts, but for what is asked of entries."""
    yield form
    if not isinstance(form, Quantified):
        for part in parts_of(form):
            yield from _in_frame(part)
