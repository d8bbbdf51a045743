"""Explanations repeat nothing that takes a line of its own."""

from __future__ import annotations

from kprules.evaluation.trace import Value
from kprules.reports.explanation import clause_lines
from kprules.reports.text import Paper
from kprules.reports.told import Clause, Told


def shown(clause: Clause, width: int = 60) -> list[str]:
    """Return the lines of a clause."""
    return [*clause_lines(clause, Paper(width), 0)]


def test_facts_that_rest_on_the_same_name_it_once() -> None:
    """Where that is shorter, and where nothing else was wanted of any."""
    facts = [Told(f"a.{name} is true", says="s-1, s-2") for name in ("one", "two")]
    clause = Clause("a", Value.TRUE, facts)
    assert shown(clause) == ["✓ a", "    a.one is true, a.two is true (s-1, s-2)"]
    clause.told[1].says = "s-1"
    assert len(shown(clause)) == 3
    clause.told[1].says = "s-1, s-2"
    clause.told[1].wanted = "false"
    assert len(shown(clause)) == 3


def test_an_only_part_stands_behind_its_clause_where_that_is_shorter() -> None:
    """With its words; not where it comes to something else, nor where no line is won."""
    part = Clause("inner " + "words " * 9, Value.TRUE, [Told("a is 1")], quotes=True)
    outer = Clause("outer", Value.TRUE, parts=[part], quotes=True)
    joined = shown(outer)
    assert joined[0].startswith("✓ outer > inner words")
    assert joined[-1] == "    a is 1"
    assert len(joined) == 3
    part.value = Value.FALSE
    assert shown(outer)[0] == "✓ outer"
    assert shown(outer)[1].startswith("  ✗ inner words")
    part.value, outer.heading = Value.TRUE, "outer " * 8
    part.heading = "inner " * 9
    assert shown(outer)[1].startswith("  ✓ inner")
