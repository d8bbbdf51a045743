"""The element matrix of the debate, cell by cell: what each text asks for, told by probing it.

`element_matrix.csv` is the table as the debate's own notes have it; `element_probes.yaml` says what
each cell means, as outcomes on cases that differ in one element alone, and which cells a single
word does not say all of.
"""

from __future__ import annotations

import copy
from functools import cache
from typing import Any

import pytest
import yaml
from shipped_library import HERE, rules, table

from kprules.api import evaluate
from kprules.records.case import Case

DATA = yaml.safe_load((HERE / "element_probes.yaml").read_text(encoding="utf-8"))
BASE, PROBES, CELLS = (DATA[name] for name in ("base", "probes", "cells"))
TENSIONS = {(t["element"], t["definition"]): t for t in DATA["tensions"]}
GRID = [
    (row["element"], definition, cell)
    for row in table("element_matrix.csv")
    for definition, cell in row.items()
    if definition != "element"
]


@cache
def probe(name: str) -> Case:
    """Return the case of a probe: the base, with what the probe changes."""
    changed = PROBES[name]
    parts = copy.deepcopy(BASE)
    for part in parts.keys() & changed.keys():
        parts[part] |= changed[part]
    used = {"actor": "one", "conflict": "war"} | parts["link"]
    record: dict[str, Any] = {
        "case": "synthetic-probe",
        "title": name,
        "period": {"from": "2004-01-01", "to": "2005-12-31"},
        "goods": parts["goods"],
        "actors": {"one": parts["actor"]},
        "conflicts": {"war": parts["conflict"]},
        "links": [] if "no link" in changed else [used],
        "abuses": [{"perpetrator": "one"} | parts["abuse"]] if "abuse" in changed else [],
        "measures": [parts["measure"]] if "measure" in changed else [],
    }
    return Case.model_validate(record)


def outcome(definition: str, asked: str) -> str:
    """Return the outcome on a probe, such as `army` or `army under allies=not_a_state`."""
    name, _, reading = asked.partition(" under ")
    readings = {}
    if reading:
        label, _, chosen = reading.partition("=")
        assert chosen in rules()[definition].readings[label]
        readings[f"{definition}.{label}"] = chosen
    return evaluate(rules()[definition], probe(name), readings=readings).outcome.value


def meaning(element: str, definition: str, cell: str) -> dict[str, str]:
    """Return what a cell stands for: outcomes by probe."""
    tension = TENSIONS.get((element, definition))
    if tension is not None:
        assert tension["cell"] == cell
        return tension["means"]
    return CELLS[element][cell]


@pytest.mark.parametrize(("element", "definition", "cell"), GRID, ids=lambda part: part)
def test_a_cell_means_what_the_definition_does(element: str, definition: str, cell: str) -> None:
    """Probing the definition with one element at a time finds what the cell says."""
    for asked, expected in meaning(element, definition, cell).items():
        if expected == "same":
            first, second = asked.split(" = ")
            assert outcome(definition, first) == outcome(definition, second), asked
        else:
            assert outcome(definition, asked) == expected, asked


def test_nothing_is_written_for_nothing() -> None:
    """Every probe, every meaning and every tension is of a cell of the table."""
    cells = {(element, cell) for element, _, cell in GRID}
    assert {(e, c) for e, by_cell in CELLS.items() for c in by_cell} <= cells
    assert TENSIONS.keys() <= {(element, definition) for element, definition, _ in GRID}
    assert all(t["why"] for t in TENSIONS.values())
    asked = {
        name
        for element, definition, cell in GRID
        for line in meaning(element, definition, cell)
        for name in line.partition(" under ")[0].split(" = ")
    }
    assert asked == set(PROBES)


def test_probes_differ_in_what_they_say() -> None:
    """No two probes are the same case, but the base itself under its two names."""
    said = {probe(name).model_dump_json(exclude={"title"}) for name in PROBES}
    assert probe("rough") != probe("polished")
    assert len(said) == len(PROBES) - 1
