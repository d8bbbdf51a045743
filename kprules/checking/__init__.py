"""From the tree as written to checked definitions, with every problem and its place."""

from kprules.checking.amendments import Finished
from kprules.checking.rulebook import Rulebook, check

__all__ = ["Finished", "Rulebook", "check"]
