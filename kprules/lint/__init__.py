"""Findings that need more than one text: sources that nothing cites, facts that cite none."""
