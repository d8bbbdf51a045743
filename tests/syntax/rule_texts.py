"""Texts read in tests."""

from __future__ import annotations

from kprules.diagnostics import Problem, Problems, render
from kprules.source import Source
from kprules.syntax import tree
from kprules.syntax.parser import parse


def read(text: str) -> tree.File:
    """Return a text without errors as a tree."""
    problems = Problems()
    file = parse(Source("test.kpr", text), problems)
    assert not problems.errors, "\n".join(map(render, problems.errors)) + "\n" + text
    return file


def mistakes(text: str) -> list[Problem]:
    """Return what is wrong with a text; every place is one of the text's."""
    problems = Problems()
    parse(Source("test.kpr", text), problems)
    for problem in problems.found:
        assert problem.span is not None
        assert 0 <= problem.span.start <= problem.span.end <= len(text) + 1
        assert "\n" not in problem.message
        render(problem)
    return problems.found


def form(expression: str) -> tree.Form:
    """Return an expression as a tree."""
    (definition,) = read(f"definition a-b {{ captures when {expression} }}").items
    assert isinstance(definition, tree.Definition)
    assert definition.captures is not None
    return definition.captures.form


def definition(body: str, head: str = "definition a-b") -> tree.Definition:
    """Return a definition with this body as a tree."""
    (item,) = read(f"{head} {{ {body} }}").items
    assert isinstance(item, tree.Definition)
    return item
