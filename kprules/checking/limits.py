"""How large things may grow: each limit with its own error.

Guarantee: numbers only. The limits keep every walk of a tree short of Python's own stack.
"""

NESTING = 64
"""Forms within forms, terms included."""
NODES = 10_000
"""Nodes of a definition's finished tree."""
CHAIN = 32
"""Amendments upon amendments."""
READINGS = 64
"""Combinations of readings."""
