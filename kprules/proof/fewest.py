"""The case of the least number of facts that shows what a question asks for.

Guarantee: no case that shows it states fewer facts, counted as its lines in words; where the time
runs out, or the question is outside the fragment, that is so of no more entries than were tried. A
line in here counts literals; it judges nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from kprules.proof.asked import Key
from kprules.proof.gates import FALSE, Literal
from kprules.proof.models import record_of
from kprules.proof.prover import Prover, Question, Sense, Want, wanted
from kprules.proof.space import Cell, ListCell, Slot
from kprules.records.settled import Settled


def fewest(
    prover: Prover,
    question: Question,
    sense: Sense,
    keep: Collection[Key],
    most: int,
    until: float,
) -> Settled | None:
    """Return a record of fewer facts than `most` that shows what is asked, the least there is.

    In the settled sense the outcomes are certain, and the fields of `keep` known, so that what is
    left open may turn out any way.
    """
    space = prover.space
    sure = {Want.NOT_CAPTURED: Want.IMPOSSIBLE, Want.POSSIBLE: Want.CAPTURED}
    assumed = [-space.imagined]
    for index, want in question:
        strict = sure.get(want, want) if sense is Sense.SETTLED else want
        assumed.append(wanted(prover.truths[index], strict, sense))
    if sense is Sense.SETTLED:
        assumed += [
            space.gates.either([-slot.present, _known(cell)])
            for slot, cell in _cells(space.root)
            if not isinstance(cell, Slot) and cell.key in keep
        ]
    counted = space.gates.counts([*_lines(prover, space.root)], most)
    found: Settled | None = None
    bound = most
    while bound > 0:
        if not prover.solver.holds([*assumed, -counted[bound]], until):
            break
        model = prover.solver.model()
        found = record_of(space, model)
        bound = next(n for n in range(bound, -1, -1) if n == 0 or counted[n] in model)
    return found


def _cells(at: Slot) -> Iterator[tuple[Slot, Cell]]:
    """Yield every field that is asked about, with the record that it is of."""
    for cell in tuple(at.cells.values()):
        yield at, cell
        if isinstance(cell, Slot):
            yield from _cells(cell)
        elif isinstance(cell, ListCell):
            for slot in cell.slots:
                yield from _cells(slot)


def _lines(prover: Prover, at: Slot) -> Iterator[Literal]:
    """Yield a literal for each line that a record may need."""
    gates = prover.space.gates
    for cell in tuple(at.cells.values()):
        here = at.present
        match cell:
            case Slot():
                yield from _lines(prover, cell)
                if cell.is_apart:
                    yield gates.both([here, cell.recorded, -_states(prover, cell)])
            case ListCell():
                there = gates.either([slot.present for slot in cell.slots])
                yield gates.both([here, cell.known, -there])
                yield gates.both([here, cell.known, -cell.complete])
                for slot in cell.slots:
                    yield gates.both([slot.present, -_states(prover, slot)])
                    yield from _lines(prover, slot)
            case _:
                yield gates.both([here, cell.known])


def _states(prover: Prover, at: Slot) -> Literal:
    """Return the literal that a record states anything."""
    known = [_known(cell) for cell in at.cells.values() if not isinstance(cell, Slot)]
    inside = [_states(prover, cell) for cell in at.cells.values() if isinstance(cell, Slot)]
    return prover.space.gates.either([*known, *inside]) if known or inside else FALSE


def _known(cell: Cell) -> Literal:
    return cell.recorded if isinstance(cell, Slot) else cell.known
