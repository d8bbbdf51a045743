"""One case: its outcome, with reasons, and the facts that would settle it."""
