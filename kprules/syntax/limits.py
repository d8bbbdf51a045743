"""How large and how deep a rule file may be.

Guarantee: numbers that the reference of the language states. A line in here is one of them.
"""

LARGEST = 1024 * 1024
"""Bytes of UTF-8 in a file."""

DEEPEST = 64
"""Brackets, forms, and fields of a path, that stand in one another."""

LONGEST = 50_000
"""Words and signs of one item: a finished definition has 10,000 nodes at most."""

LONGEST_FILE = 200_000
"""Words and signs of a file."""

ITEMS = 5_000
"""Definitions, terms and sets of a file."""

DIGITS = 18
"""Digits of a number on either side of its point, as of a fact's: a table holds 64 bits."""

COUNTED = 1_000_000
"""Entries that a quantifier may count to, and the whole that a share may be a part of."""

COMMENTS = 50_000
"""Comments of a file."""

MOST = 100
"""Problems of a file: one that has more is no rule file, or has one mistake over and over."""
