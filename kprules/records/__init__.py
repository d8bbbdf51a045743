"""What cases and meetings state: facts with evidence, and what they come to once settled."""
