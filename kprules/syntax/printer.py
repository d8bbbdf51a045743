"""The tree as text, in its one spelling.

Guarantee: parsing what is printed gives the same tree, printing that gives the same text, and no
comment is lost. A line in here touches the spelling of one construct.
"""

from __future__ import annotations

from kprules.syntax import tree
from kprules.syntax.comments import attach
from kprules.syntax.print_items import ItemPrinter

WIDTH = 100
"""Columns that a line has; a text in quotes may take it further."""


def format_file(file: tree.File) -> str:
    """Return a file in the one spelling, with its comments."""
    printer = ItemPrinter.of_width(WIDTH, attach(file))
    printer.file(file)
    return printer.out.finished()


def print_item(item: tree.Item, width: int = WIDTH) -> str:
    """Return a term, set or definition as text, without comments."""
    printer = ItemPrinter.of_width(width)
    printer.item(item)
    return printer.out.finished()


def print_clause(clause: tree.Clause, width: int = WIDTH) -> str:
    """Return a clause as text; its label may be one that no author writes, as `actor (before)`."""
    printer = ItemPrinter.of_width(width)
    printer.clause(clause, 0)
    return printer.out.finished().rstrip("\n")


def print_form(form: tree.Form, width: int = WIDTH) -> str:
    """Return a form as text: one line if it fits, several if not."""
    printer = ItemPrinter.of_width(width)
    printer.form(form, 0)
    return printer.out.finished().rstrip("\n")
