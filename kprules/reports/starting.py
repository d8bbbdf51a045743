"""A starting file for a variant: the base's clauses and labels in comments, and how to change them.

Guarantee: the file is sound as it is, in the one spelling, and names only labels that are there. A
line in here touches texts as written and strings.
"""

from __future__ import annotations

from kprules.checking.amendments import Finished
from kprules.checking.room import BEFORE
from kprules.formula.definition import Definition
from kprules.reports.text import columns
from kprules.syntax import tree
from kprules.syntax.printer import print_clause

_WIDTH = 98


def starting_file(id_: str, base: Definition, text: Finished) -> str:
    """Return the text of a rule file that amends a base and changes nothing yet."""
    labelled = [clause for clause in text.clauses() if BEFORE not in clause.label.text]
    some = next((c.label.text for c in labelled[1:]), "captures")
    group = next((c.label.text for c in labelled if isinstance(c.form, tree.Group)), "GROUP")
    clauses = [print_clause(text.captures, _WIDTH).replace("captures:", "captures when", 1)]
    clauses += [f"except when {print_clause(c, _WIDTH)}" for c in text.exceptions]
    shown = "\n".join(clauses).split("\n")
    ways = [
        (f'replace {some} "new words" with FORM', "the clause says something else"),
        (f"remove {some}", "the clause is gone"),
        (f'widen {some} with my_label "words": FORM', "the clause, or this too"),
        (f'narrow {some} with my_label "words": FORM', "the clause, and this too"),
        (f'extend {group} with my_label "words": FORM', "one clause more in a group"),
        ('except when my_label "words": FORM', "not captured where this holds"),
    ]
    return "\n".join(
        [
            f"# A variant of {base.id}, whose clauses follow. Change them by label; the words in",
            "# quotation marks are those of the text that a clause stands for.",
            "#",
            *(f"#   {row}".rstrip() for row in shown),
            "#",
            "# Amendments stand below the header, one a line, as many as you like:",
            "#",
            *(f"#   {row}" for row in columns(ways)),
            "#",
            "# `kprules language forms` shows how a FORM is written, `kprules vocabulary` the",
            "# fields and values that it can speak of.",
            "",
            f'definition {id_} amends {base.id} "A variant of {base.id}" {{',
            "  status proposed",
            '  source "a proposal of our own"',
            "}",
            "",
        ]
    )
