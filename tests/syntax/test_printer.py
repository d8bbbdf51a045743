"""The one spelling, by example."""

from __future__ import annotations

from pathlib import Path

import pytest
from rule_texts import form, read

from kprules.syntax import tree
from kprules.syntax.printer import format_file, print_clause, print_form, print_item

MESSY = """# The head of the file.

# Of the term.
term   rough(g:goods)"rough diamonds"{g.form is rough and g.made is natural}
set fighting={interstate,intrastate,}   # behind a set
set nothing = { }
definition a-b"Title"{   # behind a brace
# before a header
status blocked since 2003-01-01 # when
source   s2   "x"   <https://example.org>

captures when all of{object:rough(goods)
  # before a clause

  nexus "of some length, so that it does not fit on the line of its label":some link in
  links has all of{
    act: link.finances includes any of{arms,fighters,army_budget,armed_operations}and
    link.conflict.type in fighting
    aim:link.targets includes government # why
    # at the end of a group
  }
  recognition:reading of{explanatory:true cumulative:some m in measures has m.body is unsc}}
except when tiny: goods.carats<=0.05
expect captured c-d expect not_captured under{view ukraine,reading recognition=cumulative}e-f,g-h
}
definition c-d amends a-b {remove recognition widen nexus with other:abuses_known}
# the end
"""

NEAT = """# The head of the file.

# Of the term.
term rough(g: goods) "rough diamonds" { g.form is rough and g.made is natural }

set fighting = {interstate, intrastate}  # behind a set

set nothing = {}

definition a-b "Title" {  # behind a brace
  # before a header
  status blocked
  since  2003-01-01  # when
  source s2 "x" <https://example.org>

  captures when all of {
    object: rough(goods)
    # before a clause

    nexus "of some length, so that it does not fit on the line of its label":
      some link in links has all of {
        act:
          link.finances includes any of {arms, fighters, army_budget, armed_operations}
          and link.conflict.type in fighting
        aim: link.targets includes government  # why
        # at the end of a group
      }
    recognition: reading of {
      explanatory: true
      cumulative:  some m in measures has m.body is unsc
    }
  }
  except when tiny: goods.carats <= 0.05

  expect captured     c-d
  expect not_captured under {view ukraine, reading recognition = cumulative} e-f, g-h
}

definition c-d amends a-b {
  remove recognition
  widen  nexus with other: abuses_known
}
# the end
"""


def test_a_messy_file_becomes_neat() -> None:
    """Expect the whole spelling: indentation, alignment, blank lines, breaks, comments."""
    assert format_file(read(MESSY)) == NEAT


def test_a_neat_file_stays_as_it_is() -> None:
    """Expect not one character changed."""
    assert format_file(read(NEAT)) == NEAT


def test_an_empty_file_stays_empty() -> None:
    """Expect nothing of nothing, and of comments the comments."""
    assert format_file(read("")) == ""
    assert format_file(read("\n\n# a\n\n\n\n# b\n\n")) == "# a\n\n# b\n"


def test_line_ends_become_one() -> None:
    """Expect line feeds of a file of Windows, and no byte-order mark."""
    assert format_file(read("\ufeffset a = {b}\r\n# c\r\n")) == "set a = {b}\n# c\n"


def test_shipped_rules_read_the_same_when_formatted(root: Path) -> None:
    """Expect the same trees and comments of every shipped file, and a second time no change."""
    for file in sorted((root / "rules").glob("*.kpr")):
        parsed = read(file.read_text(encoding="utf-8"))
        once = format_file(parsed)
        again = read(once)
        assert again.items == parsed.items
        assert [c.text for c in again.comments] == [c.text for c in parsed.comments]
        assert format_file(again) == once


FORMS = {
    "p   is\nnot   v": "p is not v",
    "p is not known": "p is unknown",
    "p in { a ,b, }": "p in {a, b}",
    "all of { a: p  b: q }": "all of { a: p  b: q }",
    'all of { a "w": p }': 'all of {\n  a "w": p\n}',
    "at least 2/3 x in xs where x.a has (x.b)": "at least 2/3 x in xs where x.a has (x.b)",
    "not(p or q)": "not (p or q)",
    "p >= 1.50": "p >= 1.50",
    f"{'a' * 60} or {'b' * 60} and c": f"{'a' * 60}\nor {'b' * 60} and c",
    f"p in {{{', '.join(['value'] * 20)}}}": (
        f"p in {{\n  {', '.join(['value'] * 14)},\n  {', '.join(['value'] * 6)}\n}}"
    ),
    f"some x in xs where x.{'a' * 90} has x.b": (f"some x in xs\n  where x.{'a' * 90}\n  has x.b"),
    f"some x in xs has x.{'a' * 90}": f"some x in xs has\n  x.{'a' * 90}",
}


@pytest.mark.parametrize("text", FORMS)
def test_forms_have_one_spelling(text: str) -> None:
    """Expect the spelling beside each form, on one line where that is short."""
    assert print_form(form(text)) == FORMS[text]


def test_trees_that_nobody_wrote_are_printed_too() -> None:
    """Expect parentheses where the tree needs them, and labels of former clauses as they are."""
    p, q = form("p"), form("q")
    both = tree.And(p.span, (p, q))
    either = tree.Or(p.span, (p, both))
    assert print_form(tree.Not(p.span, either)) == "not (p or p and q)"
    assert print_form(tree.And(p.span, (either, both))) == "(p or p and q) and (p and q)"
    clause = tree.Clause(p.span, tree.Name(p.span, "actor (before)"), None, p)
    assert print_clause(clause) == "actor (before): p"
    assert print_form(tree.Group(p.span, "any", (clause, clause))) == (
        "any of { actor (before): p  actor (before): p }"
    )
    assert print_form(tree.Group(p.span, "any", ())) == "any of {}"


def test_items_keep_to_the_width_asked_for() -> None:
    """Expect narrower lines where fewer columns are asked for."""
    (item,) = read("set some_countries = {ANG, CAF, COD, SLE, LBR, CIV, ZWE}").items
    assert print_item(item, width=30) == (
        "set some_countries = {\n  ANG, CAF, COD, SLE, LBR,\n  CIV, ZWE\n}\n"
    )
