"""Results as strings: table, Markdown, CSV, JSON."""
