"""How large and how deep a rule file may be.

Guarantee: numbers that the reference of the language states. A line in here is one of them.
"""

LARGEST = 1024 * 1024
"""Bytes of UTF-8 in a file."""

DEEPEST = 64
"""Brackets, and forms, that stand in one another."""
